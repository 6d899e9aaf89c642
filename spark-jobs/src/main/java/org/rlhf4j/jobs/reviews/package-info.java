/**
 * Review sentences with a known sentiment as raw preference data, and a classifier, trained on
 * sentences of its own, that judges what a model writes. Knows no language model.
 */
package org.rlhf4j.jobs.reviews;
