/**
 * Settings: one record per section, self-validating, and the loader that fills them. Knows no
 * stage.
 */
package org.rlhf4j.config;
