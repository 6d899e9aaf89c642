/**
 * Directories of files on any Hadoop path: fetched to local storage, published with a manifest of
 * hashes, verified and pruned. Knows no model and no dataset.
 */
package org.rlhf4j.jobs.checkpoint;
