/**
 * The on-policy loop: sample, score, estimate advantages, update, again. Reads as the paper; the
 * stages themselves are in the packages rollout and train.
 */
package org.rlhf4j.jobs.ppo;
