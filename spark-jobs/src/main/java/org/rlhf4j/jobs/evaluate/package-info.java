/**
 * Judges models on held-out data: a reward model by human comparisons, policies by the reward model
 * and by a gold judge where there is one. Changes no model.
 */
package org.rlhf4j.jobs.evaluate;
