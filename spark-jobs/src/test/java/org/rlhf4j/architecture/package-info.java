/**
 * Keeps the arrows between modules and packages pointing one way. The rules are those of
 * docs/architecture.md.
 */
package org.rlhf4j.architecture;
