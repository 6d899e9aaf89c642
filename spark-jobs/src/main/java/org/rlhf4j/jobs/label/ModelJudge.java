package org.rlhf4j.jobs.label;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.SequenceEvaluator;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.jobs.model.ExecutorModels;
import org.rlhf4j.text.TextEncoder;

/**
 * A causal language model as judge: compares the log-probabilities of its answers, as in Lee et al.
 * 2023, "RLAIF" (arXiv:2309.00267), section 3.1. A model with a chat template is asked as user.
 */
final class ModelJudge implements Judge {
  private static final int BATCH_TOKENS = 8192;

  private final TextEncoder encoder;
  private final int contextLength;
  private final SequenceEvaluator evaluator;
  private final List<int[]> answers;
  private final int longest;

  /**
   * An inquiry's questions as the model reads them.
   *
   * @param prompts tokens of each question
   * @param most characters of each response
   */
  private record Asked(List<int[]> prompts, int most) {
    Stream<int[]> stream() {
      return prompts.stream();
    }
  }

  /**
   * @param directory of a language model
   * @param answers that it may give
   * @param threads kernel threads of a task
   */
  ModelJudge(String directory, List<String> answers, int threads) {
    DecoderModel model = ExecutorModels.languageModel(directory);
    this.encoder = ExecutorModels.encoder(directory);
    this.contextLength = model.config().contextLength();
    this.evaluator = new SequenceEvaluator(model, BATCH_TOKENS, threads);
    this.answers = answers.stream().map(encoder::responseTokens).toList();
    this.longest = this.answers.stream().mapToInt(answer -> answer.length).max().orElse(0);
  }

  @Override
  public List<Optional<Opinion>> opinions(List<Inquiry> inquiries) {
    List<Optional<Asked>> asked = inquiries.stream().map(this::ask).toList();
    List<TokenSequence> sequences = new ArrayList<>();
    for (int[] prompt : asked.stream().flatMap(Optional::stream).flatMap(Asked::stream).toList()) {
      answers.forEach(answer -> sequences.add(new TokenSequence(prompt, answer)));
    }
    Iterator<float[]> logprobs = evaluator.responseLogprobs(sequences, 1.0).iterator();
    return asked.stream().map(some -> some.map(one -> opinion(one, logprobs))).toList();
  }

  private Opinion opinion(Asked asked, Iterator<float[]> logprobs) {
    List<double[]> probabilities = new ArrayList<>();
    for (int question = 0; question < asked.prompts().size(); question++) {
      probabilities.add(
          softmax(answers.stream().mapToDouble(answer -> sum(logprobs.next())).toArray()));
    }
    return new Opinion(probabilities, asked.most());
  }

  /** With all that the context holds of the responses; empty if that is no character of them. */
  private Optional<Asked> ask(Inquiry inquiry) {
    Asked whole = ask(inquiry, inquiry.longest());
    if (fits(whole)) {
      return Optional.of(whole);
    }
    Optional<Asked> longestThatFits = Optional.empty();
    int few = 0;
    int many = inquiry.longest();
    while (many - few > 1) {
      int middle = few + (many - few) / 2;
      Asked part = ask(inquiry, middle);
      if (fits(part)) {
        few = middle;
        longestThatFits = Optional.of(part);
      } else {
        many = middle;
      }
    }
    return longestThatFits;
  }

  private Asked ask(Inquiry inquiry, int most) {
    List<int[]> prompts =
        inquiry.questions().apply(most).stream()
            .map(question -> encoder.promptTokens(prompt(question)))
            .toList();
    return new Asked(prompts, most);
  }

  private boolean fits(Asked asked) {
    return asked.stream().allMatch(prompt -> prompt.length + longest <= contextLength);
  }

  /** In place, of the answers' log-probabilities, each summed over the answer's tokens. */
  private static double[] softmax(double[] values) {
    double largest = Arrays.stream(values).max().orElseThrow();
    double total = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.exp(values[i] - largest);
      total += values[i];
    }
    for (int i = 0; i < values.length; i++) {
      values[i] /= total;
    }
    return values;
  }

  private List<Message> prompt(Question question) {
    return encoder.tokenizer().chatTemplate().isPresent()
        ? List.of(new Message(Message.USER, question.text()))
        : List.of(Message.text(question.text()));
  }

  private static double sum(float[] logprobs) {
    double sum = 0;
    for (float logprob : logprobs) {
      sum += logprob;
    }
    return sum;
  }

  @Override
  public void close() {
    evaluator.close();
  }
}
