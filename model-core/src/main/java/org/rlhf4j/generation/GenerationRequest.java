package org.rlhf4j.generation;

/**
 * One response to sample.
 *
 * @param index caller's number of the request, returned with the response
 * @param promptTokens [P]
 * @param seed key of the row's random numbers; token t draws from (seed, t) only, so that batch and
 *     order do not matter
 */
public record GenerationRequest(int index, int[] promptTokens, long seed) {}
