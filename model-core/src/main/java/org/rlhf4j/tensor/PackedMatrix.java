package org.rlhf4j.tensor;

/**
 * A weight matrix [in, out] as its {@link Kernels} like it best for products with few rows. Threads
 * may share it.
 */
public sealed interface PackedMatrix permits PanelMatrix, Nd4jMatrix {}
