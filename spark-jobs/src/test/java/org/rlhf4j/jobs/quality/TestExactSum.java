package org.rlhf4j.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TestExactSum {
  @Test
  void roundsOnce() {
    ExactSum sum = new ExactSum();
    for (double term : new double[] {1e100, 1, -1e100, 1e-30, 0.5}) {
      sum.add(term);
    }

    assertThat(sum.value()).isEqualTo(1.5);
    assertThat(new ExactSum().value()).isZero();
    // 1 + 2^-53 is a tie; the rest decides
    assertThat(new ExactSum().add(1).add(0x1p-53).value()).isEqualTo(1.0);
    assertThat(new ExactSum().add(1).add(0x1p-53).add(0x1p-110).value()).isEqualTo(1 + 0x1p-52);
  }

  @Test
  void isTheSameInAnyOrderAndGrouping() {
    Random random = new Random(1);
    List<Double> terms = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      terms.add(random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20));
    }

    BigDecimal exact = terms.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
    for (int groups : new int[] {1, 7, 64}) {
      Collections.shuffle(terms, random);
      ExactSum all = new ExactSum();
      for (int group = 0; group < groups; group++) {
        ExactSum part = new ExactSum();
        for (int i = group; i < terms.size(); i += groups) {
          part.add(terms.get(i));
        }
        all.merge(part);
      }

      assertThat(all.value()).isEqualTo(exact.doubleValue());
    }
  }
}
