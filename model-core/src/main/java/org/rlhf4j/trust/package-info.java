/**
 * A policy step inside a trust region: conjugate gradients and a line search over whatever can tell
 * gradients and losses. Knows no model, no Spark and no configuration.
 */
package org.rlhf4j.trust;
