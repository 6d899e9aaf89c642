package org.rlhf4j.jobs.ppo;

import java.util.List;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.generation.GeneratedResponse;
import org.rlhf4j.generation.GenerationRequest;
import org.rlhf4j.objective.Objective;

/** A policy of an {@link EnumerableTask} that samples and learns. */
interface OptimumPolicy extends AutoCloseable {
  /** Responses in the order of the requests. */
  List<GeneratedResponse> sample(List<GenerationRequest> requests);

  /** Of each response token, nats. */
  List<float[]> logprobs(List<TokenSequence> sequences);

  /** What {@link #fit} minimises. */
  Objective objective();

  /** One optimiser step. */
  void fit(List<TrainingExample> minibatch);

  /** A copy, [N]. */
  double[] parameters();

  /** Sets them, [N]. */
  void setParameters(double[] values);

  /**
   * Statistics of an objective that reads the examples' first channels.
   *
   * @param gradient set to that of the loss, [N]
   */
  double[] gradient(List<TrainingExample> examples, Objective wanted, double[] gradient);

  @Override
  void close();
}
