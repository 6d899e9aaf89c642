/**
 * The decoder: one implementation for training, generation, scoring and values. Knows no text, no
 * loss and no optimiser.
 */
package org.rlhf4j.decoder;
