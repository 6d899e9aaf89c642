package org.rlhf4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files are hostile: whatever they hold, they load or give a {@link ModelFormatException}. */
class TestSafetensors {
  private static final int MUTATIONS = 150;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "[];the safetensors header must be a JSON object",
        "{\"a\";the safetensors header is not valid JSON",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}};Duplicate field 'a'",
        "{'a':{'dtype':'Q4','shape':[2],'data_offsets':[0,8]}};tensor a has the unknown dtype \"Q4\"",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}};tensor a takes 8 bytes, which do not fit F32 [3]",
        "{'a':{'dtype':'F32','shape':[4611686018427387904,4],'data_offsets':[0,8]}};tensor a has the impossible shape",
        "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}};tensor a has a \"shape\" that is not made of sizes",
        "{'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}};tensor a has a \"shape\" that is not made of sizes",
        "{'a':{'dtype':'F32','shape':[18446744073709551618],'data_offsets':[0,8]}};tensor a has a \"shape\" that is not made of sizes",
        "{'a':{'dtype':'F32','data_offsets':[0,8]}};tensor a has no list \"shape\"",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}};tensor a must have two ascending data_offsets",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,4,8]}};tensor a must have two ascending data_offsets",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'b':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}};tensor b starts at byte 0 of the data, but the one before it ends at byte 4",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}};tensor a starts at byte 4 of the data, but the one before it ends at byte 0",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}};its header describes 4 bytes of data, but it holds 8",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}};is truncated or has bytes to spare",
        "{'a':{'dtype':'F32','shape':[1000000,1000000],'data_offsets':[0,4000000000000]}};its header describes 4000000000000 bytes of data, but it holds 8",
        "{'a':{'dtype':'F32','shape':[1,1,1,1,1,1,1,1,2],'data_offsets':[0,8]}};tensor a has more than 8 dimensions"
      })
  void namesWhatIsWrongInTheHeader(String header, String message) throws IOException {
    Path file = write(header.replace('\'', '"'), 8);
    assertThatThrownBy(() -> SafetensorsFile.open(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(file.toString())
        .satisfies(
            e ->
                assertThat(e.getMessage().replace('\'', '"')).contains(message.replace('\'', '"')));
  }

  private Path write(String header, int dataBytes) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(length(json.length));
    bytes.write(json);
    bytes.write(new byte[dataBytes]);
    return Files.write(directory.resolve("test.safetensors"), bytes.toByteArray());
  }

  private static byte[] length(long value) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, 1L << 40, 100_000_001, 99_000_000, 9})
  void refusesImpossibleHeaderLengthsBeforeReading(long headerLength) throws IOException {
    Path file = directory.resolve("test.safetensors");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(length(headerLength));
    bytes.write(new byte[8]);
    Files.write(file, bytes.toByteArray());
    assertThatThrownBy(() -> SafetensorsFile.open(file)).isInstanceOf(ModelFormatException.class);
  }

  @Test
  void readsHalfPrecisionExactly() {
    assertThat(TensorType.fromHalf((short) 0x3c00)).isEqualTo(1f);
    assertThat(TensorType.fromHalf((short) 0xc000)).isEqualTo(-2f);
    assertThat(TensorType.fromHalf((short) 0x0001)).isEqualTo(0x1p-24f);
    assertThat(TensorType.fromHalf((short) 0x83ff)).isEqualTo(-1023 * 0x1p-24f);
    assertThat(TensorType.fromHalf((short) 0x7bff)).isEqualTo(65504f);
    assertThat(TensorType.fromHalf((short) 0xfc00)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(TensorType.fromHalf((short) 0x7e01)).isNaN();
    assertThat(Float.floatToRawIntBits(TensorType.fromHalf((short) 0x8000))).isEqualTo(0x80000000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "language-model",
        "half",
        "sharded",
        "llama",
        "llama-biases",
        "qwen2",
        "mistral-scalar"
      })
  void loadsOrRefusesMutatedFiles(String name) throws IOException {
    Path model = GoldenModels.copy(name, directory.resolve("model"));
    List<Path> files = files(model);
    Random random = new Random(11);
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      Path file = files.get(random.nextInt(files.size()));
      byte[] original = Files.readAllBytes(file);
      Files.write(file, mutated(original, random));
      try {
        assertThat(ModelDirectory.load(model).weights().length()).isLessThan(10_000);
      } catch (ModelFormatException e) {
        assertThat(e).hasMessageContaining(model.toString());
        refused++;
      }
      Files.write(file, original);
    }
    assertThat(refused).isBetween(MUTATIONS / 20, MUTATIONS - MUTATIONS / 20);
  }

  private static List<Path> files(Path model) throws IOException {
    try (Stream<Path> files = Files.list(model)) {
      return files.sorted().toList();
    }
  }

  /** The bytes with a few of them changed, removed or doubled, or with the end cut off. */
  private static byte[] mutated(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length);
    int count = Math.min(1 + random.nextInt(4), bytes.length - at);
    int before = Math.max(0, at - count);
    ByteArrayOutputStream mutated = new ByteArrayOutputStream();
    mutated.write(bytes, 0, at);
    switch (random.nextInt(5)) {
      case 0 -> mutated.write(bytes, at + count, bytes.length - at - count);
      case 1 -> mutated.write(bytes, before, bytes.length - before);
      case 2 -> {} // cut off
      default -> {
        random.ints(count, '0', '0' + 75).forEach(mutated::write);
        mutated.write(bytes, at + count, bytes.length - at - count);
      }
    }
    return mutated.toByteArray();
  }
}
