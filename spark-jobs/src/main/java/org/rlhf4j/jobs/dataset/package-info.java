/**
 * Datasets on any Hadoop file system: rows of Spark from and to the records of the schemas,
 * publishing by manifest, and raw input files. Knows no model and no stage.
 */
package org.rlhf4j.jobs.dataset;
