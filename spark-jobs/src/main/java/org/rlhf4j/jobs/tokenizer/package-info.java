/** Training of byte-level BPE tokenizers: words counted by Spark, merges learned on the driver. */
package org.rlhf4j.jobs.tokenizer;
