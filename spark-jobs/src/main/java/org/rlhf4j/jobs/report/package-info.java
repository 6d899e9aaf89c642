/**
 * What a run was and what came of it, as one HTML page and as TensorBoard events. Reads the files
 * of a run directory and computes nothing new.
 */
package org.rlhf4j.jobs.report;
