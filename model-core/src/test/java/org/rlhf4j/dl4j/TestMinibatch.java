package org.rlhf4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;

class TestMinibatch {
  private static final TrainingExample PAIR =
      new TrainingExample(
          "pair",
          List.of(
              new TrainingExample.Sequence(
                  new int[] {5, 6, 7}, new int[] {2}, new float[][] {{1}, {.5f}}),
              new TrainingExample.Sequence(
                  new int[] {5, 8}, new int[] {1}, new float[][] {{1}, {.5f}})));
  private static final TrainingExample RESPONSE =
      new TrainingExample(
          "response",
          List.of(
              new TrainingExample.Sequence(
                  new int[] {9, 3, 2, 4}, new int[] {1, 3}, new float[][] {{2, 3}, {-1, -2}})));

  @Test
  void packsSequencesBehindEachOther() {
    Minibatch minibatch = Minibatch.pack(List.of(PAIR, RESPONSE));
    assertThat(minibatch.batch().tokens()).containsExactly(5, 6, 7, 5, 8, 9, 3, 2, 4);
    assertThat(minibatch.batch().offsets()).containsExactly(0, 3, 5, 9);
    assertThat(minibatch.batch().targets()).containsExactly(2, 4, 6, 8);
    assertThat(minibatch.targets().sequences()).containsExactly(0, 1, 2, 2);
    assertThat(minibatch.targets().examples()).containsExactly(0, 0, 1);
    assertThat(minibatch.targets().channels()[0]).containsExactly(1, 1, 2, 3);
    assertThat(minibatch.targets().channels()[1]).containsExactly(.5f, .5f, -1, -2);
  }

  @Test
  void survivesAsDataSet() {
    Minibatch minibatch = Minibatch.pack(List.of(RESPONSE, PAIR));
    DataSet dataSet = minibatch.toDataSet();
    Minibatch unpacked = Minibatch.of(dataSet.getFeatures(), dataSet.getLabels());
    assertThat(unpacked).usingRecursiveComparison().isEqualTo(minibatch);
  }
}
