package org.rlhf4j.objective;

import java.util.Arrays;

/** What a policy's loss is the mean over; both are of the whole minibatch. */
public enum LossAggregation {
  /** Response tokens: a long response has more say than a short one. */
  TOKENS {
    @Override
    double[] weights(Targets targets) {
      double[] weights = new double[targets.count()];
      Arrays.fill(weights, 1);
      return weights;
    }

    @Override
    double total(Targets targets) {
      return targets.count();
    }
  },
  /** Responses, each the mean over its tokens, as GRPO has it (arXiv:2402.03300, eq. 3). */
  RESPONSES {
    @Override
    double[] weights(Targets targets) {
      int[] lengths = new int[targets.examples().length];
      for (int sequence : targets.sequences()) {
        lengths[sequence]++;
      }
      double[] weights = new double[targets.count()];
      for (int k = 0; k < weights.length; k++) {
        weights[k] = 1.0 / lengths[targets.sequences()[k]];
      }
      return weights;
    }

    @Override
    double total(Targets targets) {
      return targets.examples().length;
    }
  };

  /** Weight of each target, [K]. */
  abstract double[] weights(Targets targets);

  /** Sum of the weights. */
  abstract double total(Targets targets);
}
