/**
 * Runs the application as users do, through spark-submit against a standalone cluster of separate
 * processes. Everything that needs no cluster is tested elsewhere.
 */
package org.rlhf4j.jobs.cluster;
