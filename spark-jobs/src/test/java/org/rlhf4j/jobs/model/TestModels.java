package org.rlhf4j.jobs.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rlhf4j.config.ModelConfig;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.PackedModel;
import org.rlhf4j.hub.ModelFormatException;
import org.rlhf4j.jobs.JobException;

/** New models, and models shared by the tasks of one JVM. */
class TestModels {
  private static final ModelConfig SHAPE = new ModelConfig("gpt2", 2, 2, 0, 8, 0, 16, true);

  @TempDir Path directory;

  private String tokenizer() throws IOException {
    Path tokenizer = Files.createDirectories(directory.resolve("tokenizer"));
    Files.writeString(
        tokenizer.resolve("tokenizer.json"),
        """
        {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [{"id": 2,
         "content": "<end>", "single_word": false, "lstrip": false, "rstrip": false,
         "normalized": false, "special": true}], "normalizer": null,
         "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true,
         "use_regex": true}, "post_processor": null, "decoder": {"type": "ByteLevel",
         "add_prefix_space": false, "trim_offsets": true, "use_regex": true}, "model": {"type":
         "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
         "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false,
         "vocab": {"a": 0, "b": 1}, "merges": []}}
        """);
    Files.writeString(tokenizer.resolve("tokenizer_config.json"), "{\"eos_token\": \"<end>\"}");
    return tokenizer.toString();
  }

  @Test
  void makesAModelOfTheTokenizersSize() throws IOException {
    String output = directory.resolve("model").toString();
    InitJob.Result result = new InitJob().execute(tokenizer(), SHAPE, 5, output);
    assertThat(result.vocabularySize()).isEqualTo(3);
    DecoderModel model = ExecutorModels.model(output);
    assertThat(model.config().vocabularySize()).isEqualTo(3);
    assertThat(model.config().intermediateSize()).isEqualTo(32);
    assertThat(model.config().kvHeads()).isEqualTo(2);
    assertThat(model.weights().length()).isEqualTo(result.parameters());
    assertThat(ExecutorModels.endTokens(output)).containsExactly(2);
    assertThat(ExecutorModels.encoder(output).responseTokensWithEnd("ab")).containsExactly(0, 1, 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "qwen2", "mistral"})
  void makesModelsOfTheLlamaLikeFamilies(String family) throws IOException {
    String output = directory.resolve("model").toString();
    ModelConfig shape = new ModelConfig(family, 2, 2, 1, 24, 0, 16, false);
    InitJob.Result result = new InitJob().execute(tokenizer(), shape, 5, output);
    DecoderModel model = ExecutorModels.model(output);
    assertThat(model.config().family()).isEqualTo(family);
    assertThat(model.config().intermediateSize()).isEqualTo(64);
    assertThat(model.config().kvHeads()).isEqualTo(1);
    assertThat(model.config().tiedEmbeddings()).isFalse();
    assertThat(model.weights().length()).isEqualTo(result.parameters());
  }

  @Test
  void dependsOnTheSeedAlone() throws IOException {
    String tokenizer = tokenizer();
    for (String name : List.of("one", "two")) {
      new InitJob().execute(tokenizer, SHAPE, 5, directory.resolve(name).toString());
    }
    new InitJob().execute(tokenizer, SHAPE, 6, directory.resolve("other").toString());
    Path one = directory.resolve("one/model.safetensors");
    assertThat(directory.resolve("two/model.safetensors")).hasSameBinaryContentAs(one);
    assertThat(Files.mismatch(one, directory.resolve("other/model.safetensors"))).isNotNegative();
  }

  @Test
  void sharesAModelUntilItsDirectoryChanges() throws IOException {
    String output = directory.resolve("model").toString();
    new InitJob().execute(tokenizer(), SHAPE, 5, output);
    DecoderModel first = ExecutorModels.model(output);
    assertThat(ExecutorModels.model(output)).isSameAs(first);
    PackedModel packed = ExecutorModels.packedModel(output);
    assertThat(ExecutorModels.packedModel(output)).isSameAs(packed);
    new InitJob().execute(tokenizer(), SHAPE, 6, output);
    assertThat(ExecutorModels.model(output)).isNotSameAs(first);
    assertThat(ExecutorModels.packedModel(output)).isNotSameAs(packed);
  }

  @Test
  void namesTheDirectoryThatIsNoModel() throws IOException {
    String missing = directory.resolve("missing").toString();
    assertThatThrownBy(() -> ExecutorModels.model(missing))
        .isInstanceOf(JobException.class)
        .hasMessageContaining(missing + " does not exist");
    String tokenizer = tokenizer();
    assertThatThrownBy(() -> ExecutorModels.model(tokenizer))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(Path.of(tokenizer, "config.json").toString());
  }

  @Test
  void refusesADirectoryThatAKilledJobLeft() throws IOException {
    Path output = Files.createDirectories(directory.resolve("model"));
    Files.writeString(output.resolve("_publishing"), "");
    assertThatThrownBy(() -> ExecutorModels.model(output.toString()))
        .isInstanceOf(JobException.class)
        .hasMessageContaining(output + " was never completed");
  }

  @Test
  void followsLinksIntoACache() throws IOException {
    Path output = directory.resolve("model");
    new InitJob().execute(tokenizer(), SHAPE, 5, output.toString());
    Path snapshot = Files.createDirectories(directory.resolve("snapshot"));
    for (String name : List.of("config.json", "model.safetensors", "tokenizer.json")) {
      Path blob = Files.move(output.resolve(name), directory.resolve("blob-" + name));
      Files.createSymbolicLink(snapshot.resolve(name), snapshot.relativize(blob));
    }
    Path linked = Files.createSymbolicLink(directory.resolve("main"), snapshot);
    assertThat(ExecutorModels.model(linked.toString()).config().layers()).isEqualTo(2);
    assertThat(ExecutorModels.endTokens(linked.toString())).containsExactly(2);
  }

  @Test
  void loadsOnceForManyThreadsAndForgetsTheOldest() throws Exception {
    SharedCache<String> cache = new SharedCache<>(2);
    AtomicInteger loads = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      Callable<String> task = () -> cache.of("a", "1", key -> key + loads.incrementAndGet());
      for (Future<String> value :
          threads.invokeAll(Stream.generate(() -> task).limit(32).toList())) {
        assertThat(value.get()).isEqualTo("a1");
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(cache.of("a", "2", key -> key + loads.incrementAndGet())).isEqualTo("a2");
    cache.of("b", "1", key -> key);
    cache.of("c", "1", key -> key);
    assertThat(cache.of("a", "2", key -> "again")).isEqualTo("again");
  }

  @Test
  void triesAgainAfterAFailedLoad() {
    SharedCache<String> cache = new SharedCache<>(2);
    assertThatThrownBy(
            () ->
                cache.of(
                    "a",
                    "1",
                    key -> {
                      throw new ModelFormatException("broken");
                    }))
        .isInstanceOf(ModelFormatException.class);
    assertThat(cache.of("a", "1", key -> "fine")).isEqualTo("fine");
  }
}
