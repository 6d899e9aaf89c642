package org.rlhf4j.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.rlhf4j.config.QualityConfig.Level;
import org.rlhf4j.jobs.quality.CohenKappa.Cell;

class TestAgreement {
  /** The published figures have five or six digits. */
  private static final Offset<Double> FIVE_DIGITS = within(5e-6);

  private static final Offset<Double> SIX_DIGITS = within(5e-7);
  private static final Offset<Double> EXACT = within(1e-12);

  /** Krippendorff's example: 4 observers, 12 units, a dot is missing. */
  private static final List<String> OBSERVERS =
      List.of(
          "1 2 3 3 2 1 4 1 2 . . .",
          "1 2 3 3 2 2 4 1 2 5 . 3",
          ". 3 3 3 2 3 4 2 2 5 1 .",
          "1 2 3 3 2 4 4 1 2 5 1 .");

  @Test
  void fleissKappaOfThePublishedExample() {
    String table =
        "0 0 0 0 14|0 2 6 4 2|0 0 3 5 6|0 3 9 2 0|2 2 8 1 1|7 7 0 0 0|3 2 6 3 0|2 5 3 2 2|6 5 2 1"
            + " 0|0 2 2 3 7";
    AgreementCounts counts = new AgreementCounts();
    for (String item : table.split("\\|")) {
      Map<String, Integer> votes = new TreeMap<>();
      String[] cells = item.split(" ");
      for (int label = 0; label < cells.length; label++) {
        if (!cells[label].equals("0")) {
          votes.put(Integer.toString(label), Integer.parseInt(cells[label]));
        }
      }

      counts.plus(votes);
    }

    assertThat(Agreement.fleissKappa(counts).getAsDouble()).isCloseTo(0.20993, FIVE_DIGITS);
  }

  @Test
  void alphaOfThePublishedExample() {
    KrippendorffAlpha alpha = KrippendorffAlpha.of(krippendorffExample());

    assertThat(alpha.at(Level.NOMINAL).getAsDouble()).isCloseTo(0.743421, SIX_DIGITS);
    assertThat(alpha.at(Level.ORDINAL).getAsDouble()).isCloseTo(0.815388, SIX_DIGITS);
    assertThat(alpha.at(Level.INTERVAL).getAsDouble()).isCloseTo(0.849107, SIX_DIGITS);
    assertThat(alpha.at(Level.RATIO).getAsDouble()).isCloseTo(0.797403, SIX_DIGITS);
  }

  @Test
  void countsMergeInAnyOrder() {
    AgreementCounts first = new AgreementCounts().plus(Map.of("a", 2, "b", 1));
    AgreementCounts second = new AgreementCounts().plus(Map.of("a", 1, "c", 3));
    AgreementCounts all =
        new AgreementCounts().plus(Map.of("a", 2, "b", 1)).plus(Map.of("a", 1, "c", 3));

    AgreementCounts merged = second.merge(first);

    assertThat(merged.coincidences()).isEqualTo(all.coincidences());
    assertThat(Agreement.fleissKappa(merged)).isEqualTo(Agreement.fleissKappa(all));
    assertThat(Agreement.pairwise(merged).getAsDouble()).isCloseTo((2.0 + 6) / (6 + 12), EXACT);
  }

  @Test
  void whatIsNotDefinedIsEmpty() {
    AgreementCounts one = new AgreementCounts().plus(Map.of("yes", 3)).plus(Map.of("yes", 2));
    AgreementCounts words = new AgreementCounts().plus(Map.of("yes", 1, "no", 2));
    AgreementCounts single = new AgreementCounts().plus(Map.of("yes", 1));

    assertThat(Agreement.fleissKappa(one)).isEmpty();
    assertThat(KrippendorffAlpha.of(one).at(Level.NOMINAL)).isEmpty();
    assertThat(KrippendorffAlpha.of(words).at(Level.INTERVAL)).isEmpty();
    assertThat(KrippendorffAlpha.of(words).at(Level.NOMINAL)).isPresent();
    assertThat(Agreement.pairwise(single)).isEmpty();
    assertThat(Agreement.withGold(single)).isEmpty();
  }

  @Test
  void ordinalLabelsAreOrderedAsNumbers() {
    AgreementCounts counts =
        new AgreementCounts().plus(Map.of("9", 1, "10", 1)).plus(Map.of("1", 2));

    double alpha = KrippendorffAlpha.of(counts).at(Level.INTERVAL).getAsDouble();

    // o: (9, 10) and (10, 9) once each, (1, 1) twice; n = 4
    double expected = 2 * (1 * 1 * 1.0 + 1 * 2 * 64 + 1 * 2 * 81);
    assertThat(alpha).isCloseTo(1 - 3 * 2.0 / expected, EXACT);
  }

  @Test
  void cohenKappa() {
    List<Cell> cells =
        List.of(
            new Cell("yes", "yes", 20),
            new Cell("yes", "no", 5),
            new Cell("no", "yes", 10),
            new Cell("no", "no", 15));

    assertThat(CohenKappa.of(cells).getAsDouble()).isCloseTo(0.4, EXACT);
    assertThat(CohenKappa.of(List.of(new Cell("yes", "yes", 3)))).isEmpty();
  }

  static AgreementCounts krippendorffExample() {
    AgreementCounts counts = new AgreementCounts();
    for (int unit = 0; unit < 12; unit++) {
      Map<String, Integer> votes = new TreeMap<>();
      for (String observer : OBSERVERS) {
        String label = observer.split(" ")[unit];
        if (!label.equals(".")) {
          votes.merge(label, 1, Integer::sum);
        }
      }

      counts.plus(votes);
    }

    return counts;
  }
}
