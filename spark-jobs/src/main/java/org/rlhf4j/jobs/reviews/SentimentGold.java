package org.rlhf4j.jobs.reviews;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.evaluate.GoldScorer;

/** Log-odds that a sentence is positive, by logistic regression on its words and word pairs. */
public final class SentimentGold implements GoldScorer {
  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final double intercept;

  @SuppressWarnings("serial") // always a LinkedHashMap
  private final Map<String, Double> weights;

  private final double heldOutAccuracy;
  private final long heldOutSentences;

  SentimentGold(
      double intercept,
      Map<String, Double> weights,
      double heldOutAccuracy,
      long heldOutSentences) {
    this.intercept = intercept;
    this.weights = new LinkedHashMap<>(weights);
    this.heldOutAccuracy = heldOutAccuracy;
    this.heldOutSentences = heldOutSentences;
  }

  /** Log-odds of the prompt and the response read as one sentence, nats. */
  @Override
  public double score(List<Message> prompt, String response) {
    StringBuilder sentence = new StringBuilder();
    prompt.forEach(message -> sentence.append(message.content()));
    return logOdds(sentence.append(response).toString());
  }

  /** Share of right answers on sentences that the classifier was not fitted to. */
  public double heldOutAccuracy() {
    return heldOutAccuracy;
  }

  /** Sentences behind {@link #heldOutAccuracy()}. */
  public long heldOutSentences() {
    return heldOutSentences;
  }

  /** The same classifier with the result of its test. */
  SentimentGold measured(double accuracy, long sentences) {
    return new SentimentGold(intercept, weights, accuracy, sentences);
  }

  double logOdds(String sentence) {
    double sum = intercept;
    for (String gram : grams(sentence)) {
      sum += weights.getOrDefault(gram, 0.0);
    }
    return sum;
  }

  /** Distinct words and pairs of neighbouring words, lower case; repeating one changes nothing. */
  static List<String> grams(String sentence) {
    String[] words = sentence.toLowerCase(Locale.ROOT).strip().split("\\s+");
    Set<String> grams = new HashSet<>();
    List<String> inOrder = new ArrayList<>();
    for (int i = 0; i < words.length; i++) {
      if (grams.add(words[i])) {
        inOrder.add(words[i]);
      }
      if (i > 0 && grams.add(words[i - 1] + " " + words[i])) {
        inOrder.add(words[i - 1] + " " + words[i]);
      }
    }
    return inOrder;
  }

  void save(Path file) {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("held_out_accuracy", heldOutAccuracy);
    content.put("held_out_sentences", heldOutSentences);
    content.put("intercept", intercept);
    content.put("weights", weights);
    try (OutputStream out = file.getFileSystem(new Configuration()).create(file, true)) {
      JSON.writeValue(out, content);
    } catch (IOException e) {
      throw new JobException(
          ExitCode.STORAGE_FAILED,
          String.format(
              "The sentiment classifier cannot be written to %s (%s); check the path and the space.",
              file, e.getMessage()),
          e);
    }
  }

  /**
   * Reads what {@link SentimentJudge} wrote.
   *
   * @param directory the folder of the raw files
   * @throws JobException if there is none
   */
  public static SentimentGold load(String directory) {
    Path file = SentimentJudge.file(directory);
    try (InputStream in = file.getFileSystem(new Configuration()).open(file)) {
      Map<String, Object> content = JSON.readValue(in, new TypeReference<>() {});
      return new SentimentGold(
          ((Number) content.get("intercept")).doubleValue(),
          JSON.convertValue(content.get("weights"), new TypeReference<>() {}),
          ((Number) content.get("held_out_accuracy")).doubleValue(),
          ((Number) content.get("held_out_sentences")).longValue());
    } catch (IOException e) {
      throw JobException.badInput(
          "Cannot read the sentiment classifier %s (%s); run the reviews generator again.",
          file, e.getMessage());
    }
  }
}
