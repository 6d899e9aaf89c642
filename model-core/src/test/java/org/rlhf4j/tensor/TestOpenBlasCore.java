package org.rlhf4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestOpenBlasCore {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  @ParameterizedTest
  @CsvSource({
    "GenuineIntel, fpu avx2 fma avx512f avx512dq avx512cd avx512bw avx512vl, SkylakeX",
    "GenuineIntel, fpu avx2 fma avx512f, Haswell", // Xeon Phi has no more of them
    "GenuineIntel, fpu fma avx2, Haswell",
    "GenuineIntel, fpu sse3 avx, ''",
    "AuthenticAMD, fpu avx2 fma avx512f avx512dq avx512cd avx512bw avx512vl, ''",
  })
  void namesWhatIntelsProcessorsCan(String vendor, String flags, String core) {
    String processors =
        "processor\t: 0\nvendor_id\t: %s\nmodel name\t: X: Y\nflags\t\t: %s\nbugs\t\t: avx\n\n"
            .formatted(vendor, flags);
    assertThat(OpenBlasCore.core(processors + processors))
        .isEqualTo(Optional.of(core).filter(name -> !name.isEmpty()));
  }

  @Test
  void namesNothingForOtherKindsOfProcessor() {
    assertThat(OpenBlasCore.core("")).isEmpty();
    assertThat(OpenBlasCore.core("processor : 0\nFeatures : fp asimd sve\n")).isEmpty();
  }

  @Test
  void openBlasTakesIt() throws IOException {
    assumeTrue(Files.isReadable(PROCESSORS));
    Optional<String> core = OpenBlasCore.core(Files.readString(PROCESSORS));
    assumeTrue(core.isPresent() && System.getenv("OPENBLAS_CORETYPE") == null);
    BlasLibrary.OPENBLAS.load();
    String library = Loader.load(openblas_nolapack.class).replace("libjniopenblas", "libopenblas");
    String chosen =
        NativeLibrary.getInstance(library + ".0")
            .getFunction("gotoblas_corename")
            .invokeString(new Object[0], false);
    assertThat(chosen).isEqualTo(core.get());
  }
}
