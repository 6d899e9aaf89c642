/**
 * The raw formats people keep feedback in: one parser each, from bytes to a checked record or a
 * rejection with a reason, and the rules that turn records into rows of datasets. Knows no file
 * system and no Spark; every rule is a pure function of one row.
 */
package org.rlhf4j.data.raw;
