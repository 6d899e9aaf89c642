/**
 * The published datasets: one record per dataset, whose components are its documented columns.
 * Knows no file format.
 */
package org.rlhf4j.data.dataset;
