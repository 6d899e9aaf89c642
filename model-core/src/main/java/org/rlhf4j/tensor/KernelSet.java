package org.rlhf4j.tensor;

import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The kernels there are, each with its own memory. Weights are put into the memory of the {@link
 * #current} set when they are loaded or when a network is made; whatever works with them afterwards
 * takes the kernels of that memory, {@link Floats#kernels}.
 */
public enum KernelSet {
  /** A native library's products and vector instructions on the processor's memory. */
  CPU {
    @Override
    public Kernels kernels(int threads) {
      return new CpuKernels(threads);
    }

    @Override
    public Floats allocate(long length) {
      return HostFloats.create(length);
    }

    @Override
    public Floats share(INDArray array) {
      return HostFloats.share(array);
    }
  },
  /** Operations of ND4J, on whatever backend it has. */
  ND4J {
    @Override
    public Kernels kernels(int threads) {
      return new Nd4jKernels();
    }

    @Override
    public Floats allocate(long length) {
      return Nd4jFloats.create(length);
    }

    @Override
    public Floats share(INDArray array) {
      return Nd4jFloats.share(array);
    }
  };

  /** System property that names a set, for tests and comparisons. */
  public static final String PROPERTY = "rlhf4j.kernels";

  private static final String CUDA_BACKEND = "org.nd4j.linalg.jcublas.JCublasBackend";

  /**
   * New kernels of this set.
   *
   * @param threads threads that work, the caller included, where this set has its own
   */
  public abstract Kernels kernels(int threads);

  /** New zeroed values in the memory of this set. */
  public abstract Floats allocate(long length);

  /**
   * The values of a contiguous float array of ND4J, shared, not copied; keeps the array reachable.
   */
  public abstract Floats share(INDArray array);

  /**
   * The set of this JVM: that of the system property {@link #PROPERTY}, else {@link #CPU} where
   * ND4J's arrays lie in the processor's memory and {@link #ND4J} where they lie on a GPU.
   */
  public static KernelSet current() {
    String named = System.getProperty(PROPERTY);
    return named == null ? fromBackend() : named(named);
  }

  private static KernelSet fromBackend() {
    return backendIsCuda() ? ND4J : CPU;
  }

  private static KernelSet named(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "nd4j" -> ND4J;
      case "cpu" -> {
        if (backendIsCuda()) {
          throw new IllegalStateException(
              PROPERTY
                  + " is cpu, but this build keeps its weights on a GPU; build without -Pcuda");
        }
        yield CPU;
      }
      default ->
          throw new IllegalStateException(
              PROPERTY + " must be cpu or nd4j, but is '" + name + "'; correct or remove it");
    };
  }

  /** Whether this build's ND4J computes on GPUs. Does not wake ND4J, which takes a second. */
  public static boolean backendIsCuda() {
    return Backend.IS_CUDA;
  }

  private static final class Backend {
    static final boolean IS_CUDA = isOnClassPath(CUDA_BACKEND);

    private static boolean isOnClassPath(String name) {
      try {
        Class.forName(name, false, KernelSet.class.getClassLoader());
        return true;
      } catch (ClassNotFoundException e) {
        return false;
      }
    }
  }
}
