/**
 * The part of the Jinja language that chat templates are written in, to the letter of Python's
 * {@code jinja2} as transformers configures it. Knows no model and no tokenizer; reads templates as
 * hostile input.
 */
package org.rlhf4j.text.jinja;
