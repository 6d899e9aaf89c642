/** Model directories of jobs: new ones, and those that the tasks of one JVM share. */
package org.rlhf4j.jobs.model;
