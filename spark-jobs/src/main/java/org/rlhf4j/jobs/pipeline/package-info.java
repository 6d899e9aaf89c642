/**
 * The run of all stages in one directory: its settings, its state, its lock and the order of its
 * stages. Computes nothing itself.
 */
package org.rlhf4j.jobs.pipeline;
