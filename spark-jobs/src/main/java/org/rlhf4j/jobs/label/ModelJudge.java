package org.rlhf4j.jobs.label;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
  public double[][] probabilities(List<Question> questions) {
    List<TokenSequence> sequences = new ArrayList<>();
    List<Integer> asked = new ArrayList<>();
    double[][] probabilities = new double[questions.size()][];
    for (int i = 0; i < probabilities.length; i++) {
      int[] prompt = encoder.promptTokens(prompt(questions.get(i)));
      probabilities[i] = Judge.tooLong(answers.size());
      if (prompt.length + longest <= contextLength) {
        asked.add(i);
        answers.forEach(answer -> sequences.add(new TokenSequence(prompt, answer)));
      }
    }
    List<float[]> logprobs = evaluator.responseLogprobs(sequences, 1.0);
    for (int k = 0; k < asked.size(); k++) {
      int from = k * answers.size();
      probabilities[asked.get(k)] = softmax(logprobs.subList(from, from + answers.size()));
    }
    return probabilities;
  }

  /** Of the answers' log-probabilities, each summed over the answer's tokens. */
  private static double[] softmax(List<float[]> logprobs) {
    double[] values = logprobs.stream().mapToDouble(ModelJudge::sum).toArray();
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
