package org.rlhf4j.jobs.train;

import java.io.Serializable;

/**
 * Travels with a minibatch as its metadata.
 *
 * @param step step within the epoch, from 0
 * @param examples examples in it
 * @param keySum sum of their keys
 */
record StepMark(int step, int examples, long keySum) implements Serializable {}
