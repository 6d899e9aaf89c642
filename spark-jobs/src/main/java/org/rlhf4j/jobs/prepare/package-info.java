/**
 * From raw files to the datasets that training reads: checked, without duplicates, split, and with
 * every refused row in the quarantine. The rules themselves are in {@code org.rlhf4j.data.raw}.
 */
package org.rlhf4j.jobs.prepare;
