package org.rlhf4j.decoder;

import org.rlhf4j.tensor.Kernels;
import org.rlhf4j.tensor.Matrix;

/** Non-linearity of the feed-forward layer. */
enum Activation {
  /** GPT-2: one input per output. */
  GELU {
    @Override
    int inputs() {
      return 1;
    }

    @Override
    void forward(Kernels kernels, Matrix hidden, Matrix activated) {
      kernels.gelu(hidden, activated);
    }

    @Override
    void backward(Kernels kernels, Matrix hidden, Matrix dActivated, Matrix dHidden) {
      kernels.geluBackward(hidden, dHidden); // dHidden is dActivated
    }
  },
  /** Llama: a gate and a value per output. */
  SWIGLU {
    @Override
    int inputs() {
      return 2;
    }

    @Override
    void forward(Kernels kernels, Matrix hidden, Matrix activated) {
      kernels.swiglu(hidden, activated);
    }

    @Override
    void backward(Kernels kernels, Matrix hidden, Matrix dActivated, Matrix dHidden) {
      kernels.swigluBackward(hidden, dActivated, dHidden);
    }
  };

  static Activation of(DecoderConfig config) {
    return config.isGpt2() ? GELU : SWIGLU;
  }

  /** Hidden values per output. */
  abstract int inputs();

  /** activated [N, I] from hidden [N, inputs I]. */
  abstract void forward(Kernels kernels, Matrix hidden, Matrix activated);

  /** Sets dHidden; where there is one input per output it is the same matrix as dActivated. */
  abstract void backward(Kernels kernels, Matrix hidden, Matrix dActivated, Matrix dHidden);
}
