/** The decoder as a Deeplearning4j layer, its updater and its training data. */
package org.rlhf4j.dl4j;
