/**
 * Hugging Face model directories in and out: config.json and safetensors, read as hostile input.
 */
package org.rlhf4j.hub;
