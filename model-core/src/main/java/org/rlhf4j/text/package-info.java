/** Text to tokens and back: tokenizers, chat templates, prompt rendering. Knows no model. */
package org.rlhf4j.text;
