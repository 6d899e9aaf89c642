/**
 * What every job shares: exit codes and the one-sentence error. The jobs themselves are in the
 * packages below, from the command line down to datasets.
 */
package org.rlhf4j.jobs;
