package org.rlhf4j.jobs.demo;

/**
 * One thing to know: "{subject} is {answer}".
 *
 * @param topic facts of one topic have answers of one kind, so that a wrong answer is plausible
 */
record Fact(String topic, String subject, String answer) {}
