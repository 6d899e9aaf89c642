/**
 * Stages between a prompt and an update: sampling responses, scoring them, and turning scores into
 * advantages. Each reads published datasets and publishes one; nothing here changes a model.
 */
package org.rlhf4j.jobs.rollout;
