package org.rlhf4j.jobs.label;

import java.util.ArrayList;
import java.util.List;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.SequenceEvaluator;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.jobs.model.ExecutorModels;
import org.rlhf4j.text.TextEncoder;

/**
 * A causal language model as judge: compares the log-probabilities of its two answers, as in Lee et
 * al. 2023, "RLAIF" (arXiv:2309.00267), section 3.1. A model with a chat template is asked as user.
 */
final class ModelJudge implements Judge {
  private static final int BATCH_TOKENS = 8192;

  private final TextEncoder encoder;
  private final int contextLength;
  private final SequenceEvaluator evaluator;
  private final int[] first;
  private final int[] second;

  /**
   * @param directory of a language model
   * @param answers that name the first and the second response
   * @param threads kernel threads of a task
   */
  ModelJudge(String directory, List<String> answers, int threads) {
    DecoderModel model = ExecutorModels.languageModel(directory);
    this.encoder = ExecutorModels.encoder(directory);
    this.contextLength = model.config().contextLength();
    this.evaluator = new SequenceEvaluator(model, BATCH_TOKENS, threads);
    this.first = encoder.responseTokens(answers.get(0));
    this.second = encoder.responseTokens(answers.get(1));
  }

  @Override
  public double[] firstIsBetter(List<Question> questions) {
    List<TokenSequence> sequences = new ArrayList<>();
    List<Integer> asked = new ArrayList<>();
    double[] answers = new double[questions.size()];
    for (int i = 0; i < answers.length; i++) {
      int[] prompt = encoder.promptTokens(prompt(questions.get(i)));
      answers[i] = TOO_LONG;
      if (prompt.length + Math.max(first.length, second.length) <= contextLength) {
        asked.add(i);
        sequences.add(new TokenSequence(prompt, first));
        sequences.add(new TokenSequence(prompt, second));
      }
    }
    List<float[]> logprobs = evaluator.responseLogprobs(sequences, 1.0);
    for (int k = 0; k < asked.size(); k++) {
      double difference = sum(logprobs.get(2 * k)) - sum(logprobs.get(2 * k + 1));
      answers[asked.get(k)] = 1 / (1 + Math.exp(-difference));
    }
    return answers;
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
