/**
 * Mathematics of reinforcement learning on responses: KL penalties, advantages, whitening,
 * controllers. Pure functions.
 */
package org.rlhf4j.rlhf;
