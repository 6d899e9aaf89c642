/**
 * AI feedback: preferences between responses by a judge, a local model or an HTTP endpoint. Knows
 * nothing of what is trained on them.
 */
package org.rlhf4j.jobs.label;
