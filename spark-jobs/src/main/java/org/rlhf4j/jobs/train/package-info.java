/**
 * Training by Deeplearning4j parameter averaging over Spark, and the supervised jobs built on it.
 * Knows objectives and models; knows nothing of rollouts or of the on-policy loop.
 */
package org.rlhf4j.jobs.train;
