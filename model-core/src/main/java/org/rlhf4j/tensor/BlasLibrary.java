package org.rlhf4j.tensor;

/** The library behind matrix products: OpenBLAS, or Intel's MKL in a build with {@code -Pmkl}. */
public final class BlasLibrary {
  private static final String PROPERTY = "org.bytedeco.openblas.load";
  private static final String MKL = "mkl_rt";

  private BlasLibrary() {}

  /** To be called before the first class of OpenBLAS or ND4J is used: it loads what is named. */
  public static void choose() {
    if (System.getProperty(PROPERTY) == null && isOnClassPath("org.bytedeco.mkl.global." + MKL)) {
      System.setProperty(PROPERTY, MKL);
    }
    if (System.getProperty(PROPERTY) == null) {
      OpenBlasCore.tell();
    }
  }

  private static boolean isOnClassPath(String name) {
    try {
      Class.forName(name, false, BlasLibrary.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
