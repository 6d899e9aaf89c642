/**
 * Measurements of the decoder beside PyTorch, run by {@code scripts/bench}. Knows no dataset and no
 * Spark.
 */
package org.rlhf4j.jobs.bench;
