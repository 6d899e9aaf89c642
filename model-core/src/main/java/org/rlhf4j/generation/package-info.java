/** Sampling of responses from a decoder. Knows no dataset and no prompt text. */
package org.rlhf4j.generation;
