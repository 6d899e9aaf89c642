/** Every metric, declared once with its unit and meaning. */
package org.rlhf4j.metrics;
