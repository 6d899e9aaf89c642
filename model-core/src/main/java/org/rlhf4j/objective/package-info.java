/**
 * Losses as pure functions of a decoder's outputs. Knows no model, no Spark and no configuration.
 */
package org.rlhf4j.objective;
