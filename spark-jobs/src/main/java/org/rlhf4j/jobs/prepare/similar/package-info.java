/**
 * Finds texts that are nearly the same among more of them than fit into memory: MinHash with
 * banding, buckets of bounded work, exact verification, connected components. All over Spark, and
 * with the same result on any number of partitions.
 */
package org.rlhf4j.jobs.prepare.similar;
