package org.rlhf4j.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rlhf4j.dl4j.TrainingExample;

class TestExampleCodec {
  @Test
  void decodesWhatItEncoded() {
    TrainingExample example =
        new TrainingExample(
            "id-ü",
            List.of(
                new TrainingExample.Sequence(
                    new int[] {1, 2, 3},
                    new int[] {1, 2},
                    new float[][] {{-1.5f, 0}, {Float.MIN_VALUE, 7}}),
                new TrainingExample.Sequence(
                    new int[] {4}, new int[] {0}, new float[][] {{1}, {2}})));
    assertThat(ExampleCodec.decode(ExampleCodec.encode(example)))
        .usingRecursiveComparison()
        .isEqualTo(example);
  }
}
