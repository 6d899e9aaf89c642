/**
 * The command line: options in, one job run, one line of JSON out. The only place that prints and
 * that ends the process.
 */
package org.rlhf4j.jobs.cli;
