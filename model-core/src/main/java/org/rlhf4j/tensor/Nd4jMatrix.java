package org.rlhf4j.tensor;

/** Weights as they are: BLAS needs no other order. */
record Nd4jMatrix(Matrix weights, boolean transposed) implements PackedMatrix {}
