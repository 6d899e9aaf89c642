/**
 * How far annotators agree, with each other and with gold, and what they say together. All sums are
 * exact integers, so that every figure is the same on any cluster.
 */
package org.rlhf4j.jobs.quality;
