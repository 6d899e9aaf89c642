package org.rlhf4j.tensor;

import java.util.List;
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

  /** Those that this platform has, the fastest first. */
  static List<BlasLibrary> available() {
    String platform = System.getProperty("os.name") + "-" + System.getProperty("os.arch");
    return platform.equals("Linux-amd64") ? List.of(ONEDNN, OPENBLAS) : List.of(OPENBLAS);
  }

  /** The one that {@link #PROPERTY} names, else the fastest that can be loaded. */
  static Blas loadFastest() {
    OpenBlasCore.tell(); // whatever is loaded here, ND4J loads OpenBLAS for itself
    String named = System.getProperty(PROPERTY);
    if (named != null) {
      return named(named).load();
    }
    if (available().contains(ONEDNN)) {
      try {
        return ONEDNN.load();
      } catch (LinkageError e) {
        LOG.warn("Products will be slower: oneDNN could not be loaded, OpenBLAS does them", e);
      }
    }
    return OPENBLAS.load();
  }

  private static BlasLibrary named(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "onednn" -> ONEDNN;
      case "openblas" -> OPENBLAS;
      default ->
          throw new IllegalStateException(
              PROPERTY
                  + " must be onednn or openblas, but is '"
                  + name
                  + "'; correct or remove it");
    };
  }
}
