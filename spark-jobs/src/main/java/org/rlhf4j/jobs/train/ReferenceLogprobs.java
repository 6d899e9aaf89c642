package org.rlhf4j.jobs.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.util.TaskCompletionListener;
import org.rlhf4j.decoder.SequenceEvaluator;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.dl4j.TrainingExample.Sequence;
import org.rlhf4j.jobs.model.ExecutorModels;

/**
 * Writes the reference policy's log-probabilities of all targets into the last channel; one Spark
 * task. The reference never changes, so that one pass before training serves all epochs.
 *
 * @param directory of the reference policy
 * @param threads kernel threads of a task
 */
record ReferenceLogprobs(String directory, int threads)
    implements FlatMapFunction<Iterator<EncodedRow>, EncodedRow> {
  private static final int CHUNK = 64;
  private static final int BATCH_TOKENS = 8192;

  @Override
  public Iterator<EncodedRow> call(Iterator<EncodedRow> rows) {
    if (!rows.hasNext()) {
      return Collections.emptyIterator();
    }
    SequenceEvaluator evaluator =
        new SequenceEvaluator(ExecutorModels.languageModel(directory), BATCH_TOKENS, threads);
    TaskCompletionListener close = context -> evaluator.close();
    TaskContext.get().addTaskCompletionListener(close);
    return new Chunks(rows, evaluator);
  }

  /** Evaluates some rows at a time, when asked for. */
  private static final class Chunks implements Iterator<EncodedRow> {
    private final Iterator<EncodedRow> rows;
    private final SequenceEvaluator evaluator;
    private Iterator<EncodedRow> ready = Collections.emptyIterator();

    Chunks(Iterator<EncodedRow> rows, SequenceEvaluator evaluator) {
      this.rows = rows;
      this.evaluator = evaluator;
    }

    @Override
    public boolean hasNext() {
      if (!ready.hasNext() && rows.hasNext()) {
        TaskContext.get().killTaskIfInterrupted();
        List<EncodedRow> chunk = new ArrayList<>(CHUNK);
        while (chunk.size() < CHUNK && rows.hasNext()) {
          chunk.add(rows.next());
        }
        ready = fill(chunk).iterator();
      }
      return ready.hasNext();
    }

    @Override
    public EncodedRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.next();
    }

    private List<EncodedRow> fill(List<EncodedRow> chunk) {
      List<TokenSequence> sequences = new ArrayList<>();
      for (EncodedRow row : chunk) {
        if (row.fate() != EncodedRow.Fate.LEFT_OUT) {
          row.content().sequences().forEach(s -> sequences.add(ResponseTargets.content(s)));
        }
      }
      Iterator<float[]> logprobs = evaluator.responseLogprobs(sequences, 1.0).iterator();
      return chunk.stream().map(row -> fill(row, logprobs)).toList();
    }

    private static EncodedRow fill(EncodedRow row, Iterator<float[]> logprobs) {
      if (row.fate() == EncodedRow.Fate.LEFT_OUT) {
        return row;
      }
      List<Sequence> filled = new ArrayList<>();
      for (Sequence sequence : row.content().sequences()) {
        float[][] channels = sequence.channels().clone();
        channels[channels.length - 1] = logprobs.next();
        filled.add(new Sequence(sequence.tokens(), sequence.targets(), channels));
      }
      return row.with(new TrainingExample(row.content().id(), filled));
    }
  }
}
