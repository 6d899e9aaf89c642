package org.rlhf4j.tensor;

import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The libraries behind matrix products. */
enum BlasLibrary {
  ONEDNN,
  OPENBLAS;

  /** System property that names one of them, for comparisons. */
  static final String PROPERTY = "rlhf4j.blas";

  private static final Logger LOG = LoggerFactory.getLogger(BlasLibrary.class);

  Blas load() {
    return switch (this) {
      case ONEDNN -> new OneDnn();
      case OPENBLAS -> new OpenBlas();
    };
  }

  /** The one that {@link #PROPERTY} names, else oneDNN where it is fast, else OpenBLAS. */
  static Blas loadFastest() {
    OpenBlasCore.tell(); // whatever is loaded here, ND4J loads OpenBLAS for itself
    String named = System.getProperty(PROPERTY);
    if (named != null) {
      return valueOf(named.toUpperCase(Locale.ROOT)).load();
    }
    String platform = System.getProperty("os.name") + "-" + System.getProperty("os.arch");
    if (!platform.equals("Linux-amd64")) {
      return OPENBLAS.load();
    }
    try {
      return ONEDNN.load();
    } catch (LinkageError e) {
      LOG.warn("Products will be slower: OpenBLAS takes the place of oneDNN, which is missing", e);
      return OPENBLAS.load();
    }
  }
}
