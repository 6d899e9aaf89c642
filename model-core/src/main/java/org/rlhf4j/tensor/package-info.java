/** Memory outside the heap and the kernels that work on it. Knows no model. */
package org.rlhf4j.tensor;
