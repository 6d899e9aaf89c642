package org.rlhf4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.rlhf4j.config.KlConfig;

class TestKlController {
  private static final double ROUNDING = 1e-10;

  @Test
  void adaptiveControllerFollowsLmHumanPreferences() {
    double[] kls = {0, 3, 6, 6.6, 12, 5.4};
    double[] expected = {
      .1484640000, .1469437286, .1469437286, .1476960805, .1492084884, .1484445409
    };
    KlController controller = KlController.of(config(KlConfig.Controller.ADAPTIVE));
    for (int i = 0; i < kls.length; i++) {
      controller = controller.update(kls[i], 512);
      assertThat(controller.coefficient()).isCloseTo(expected[i], within(ROUNDING));
    }
  }

  @Test
  void stateIsTheCoefficient() {
    KlController controller =
        KlController.of(config(KlConfig.Controller.ADAPTIVE)).update(0, 512).update(3, 512);
    KlController restored =
        KlController.of(config(KlConfig.Controller.ADAPTIVE))
            .withCoefficient(controller.coefficient());
    assertThat(restored).isEqualTo(controller);
  }

  @Test
  void fixedControllerStays() {
    KlController controller = KlController.of(config(KlConfig.Controller.FIXED));
    assertThat(controller.update(100, 512).coefficient()).isEqualTo(0.15);
  }

  private static KlConfig config(KlConfig.Controller controller) {
    return new KlConfig(0.15, controller, 6, 10000, KlConfig.Estimator.K1, KlConfig.Place.REWARD);
  }
}
