/**
 * Preference data whose true reward is known: a small grammar of requests and replies, a reward
 * that reads nothing but the text, and annotators who choose by it with their own noise. Knows no
 * model.
 */
package org.rlhf4j.jobs.demo;
