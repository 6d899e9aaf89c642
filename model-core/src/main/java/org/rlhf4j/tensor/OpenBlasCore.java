package org.rlhf4j.tensor;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells OpenBLAS the instructions of the processor. It looks up Intel's processors by their model
 * number and takes those that are younger than its release for one of 2004: version 0.3.19 ran on
 * an Emerald Rapids at 32 GFLOP/s instead of 150. The name is an environment variable that the
 * library reads once, when it is loaded; one that the user has set stays.
 */
public final class OpenBlasCore {
  private static final Logger LOG = LoggerFactory.getLogger(OpenBlasCore.class);
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo"); // Linux alone has it
  private static final String VARIABLE = "OPENBLAS_CORETYPE";
  private static final List<String> AVX512 =
      List.of("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl");
  private static final List<String> AVX2 = List.of("avx2", "fma");

  private OpenBlasCore() {}

  /** To be called before OpenBLAS, or ND4J, which brings it, is loaded. */
  public static void tell() {
    if (System.getenv(VARIABLE) != null || !Files.isReadable(PROCESSORS)) {
      return;
    }
    try {
      Optional<String> core = core(Files.readString(PROCESSORS, StandardCharsets.ISO_8859_1));
      core.ifPresent(OpenBlasCore::setVariable);
    } catch (IOException | LinkageError e) {
      LOG.warn("Products may be slow: {} could not be set for OpenBLAS", VARIABLE, e);
    }
  }

  /** Sets a variable of this process, which Java itself cannot. */
  private static void setVariable(String core) {
    Function setenv = NativeLibrary.getProcess().getFunction("setenv");
    setenv.invokeInt(new Object[] {VARIABLE, core, 1});
  }

  /**
   * OpenBLAS's name for what Intel's processors can do; other makers' it finds out by itself.
   *
   * @param processors the text of {@code /proc/cpuinfo}
   */
  static Optional<String> core(String processors) {
    if (!field(processors, "vendor_id").equals("GenuineIntel")) {
      return Optional.empty();
    }
    List<String> flags = Arrays.asList(field(processors, "flags").split(" ", -1));
    if (flags.containsAll(AVX512)) {
      return Optional.of("SkylakeX");
    }
    return flags.containsAll(AVX2) ? Optional.of("Haswell") : Optional.empty();
  }

  /** The value of a field of the first processor, or nothing. */
  private static String field(String processors, String name) {
    return processors
        .lines()
        .filter(line -> line.substring(0, Math.max(0, line.indexOf(':'))).strip().equals(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("");
  }
}
