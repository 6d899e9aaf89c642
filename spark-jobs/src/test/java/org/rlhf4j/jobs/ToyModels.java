package org.rlhf4j.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.config.ModelConfig;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.ParameterLayout;
import org.rlhf4j.hub.ModelDirectory;
import org.rlhf4j.jobs.model.InitJob;
import org.rlhf4j.jobs.tokenizer.TrainTokenizerJob;
import org.rlhf4j.tensor.Floats;
import org.rlhf4j.text.Tokenizer;

/**
 * Models small enough for tests over a tokenizer of single bytes: a random policy, and a reward
 * model written by hand, whose score rises with the share of {@linkplain #isPrintable printable
 * ASCII} tokens.
 */
public final class ToyModels {
  private static final int HIDDEN = 16;
  private static final ModelConfig SHAPE = new ModelConfig("gpt2", 1, 2, 0, HIDDEN, 0, 48, true);

  private final Path directory;

  public ToyModels(Path directory) {
    this.directory = directory;
    try {
      Path corpus = Files.writeString(directory.resolve("corpus.jsonl"), "{\"text\": \"a\"}\n");
      SparkSession spark = SparkTests.session();
      new TrainTokenizerJob(spark).execute(List.of(corpus.toString()), 257, tokenizer());
      new InitJob().execute(tokenizer(), SHAPE, 5, policy());
      ModelDirectory.save(rewardModel(), Path.of(tokenizer()), Path.of(reward()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String tokenizer() {
    return directory.resolve("tokenizer").toString();
  }

  public String policy() {
    return directory.resolve("toy-policy").toString();
  }

  public String reward() {
    return directory.resolve("toy-reward").toString();
  }

  /** What the reward model likes; a response's score is a function of the share of such tokens. */
  public static boolean isPrintable(String token) {
    return token.length() == 1 && token.charAt(0) > ' ' && token.charAt(0) <= '~';
  }

  public static List<Prompt> prompts(int count, Split split) {
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String text = split + " " + i + ":";
      prompts.add(new Prompt("prompt-" + split + i, split, "toy", List.of(Message.text(text))));
    }
    return prompts;
  }

  /**
   * One block with uniform attention: liked tokens are (1, -1, 0, 0, ...) and others (-1, 1, 0, 0,
   * ...), the mean m over the sequence goes to the third and fourth place, and the head reads m /
   * sqrt(1 + m^2) after the final norm.
   */
  private DecoderModel rewardModel() throws IOException {
    DecoderModel random = ModelDirectory.load(Path.of(policy())).withHead(DecoderHead.SCALAR, 1);
    DecoderConfig config = random.config();
    Floats weights = Floats.allocate(random.weights().length());
    DecoderModel model = new DecoderModel(config, DecoderHead.SCALAR, weights);
    ParameterLayout layout = ParameterLayout.of(config, DecoderHead.SCALAR);
    for (String norm :
        List.of("transformer.h.0.ln_1", "transformer.h.0.ln_2", "transformer.ln_f")) {
      for (int i = 0; i < HIDDEN; i++) {
        weights.set(layout.entry(norm + ".weight").offset() + i, 1);
      }
    }
    long embedding = layout.entry("transformer.wte.weight").offset();
    try (Tokenizer tokenizer = Tokenizer.load(Path.of(tokenizer()))) {
      for (int token = 0; token < config.vocabularySize(); token++) {
        float sign = isPrintable(tokenizer.decode(new int[] {token})) ? 1 : -1;
        weights.set(embedding + (long) token * HIDDEN, sign);
        weights.set(embedding + (long) token * HIDDEN + 1, -sign);
      }
    }
    float normed = (float) Math.sqrt(HIDDEN / 2.0);
    weights.set(layout.entry("transformer.h.0.attn.c_attn.weight").offset() + 2 * HIDDEN, 1);
    long projection = layout.entry("transformer.h.0.attn.c_proj.weight").offset();
    weights.set(projection + 2, 3 / normed);
    weights.set(projection + 3, -3 / normed);
    long head = layout.entry("score.weight").offset();
    weights.set(head + 2, 0.5f / normed);
    weights.set(head + 3, -0.5f / normed);
    return model;
  }
}
