package org.rlhf4j.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
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
    List<CodedItem> items = new ArrayList<>();
    for (String item : table.split("\\|")) {
      List<Integer> labels = new ArrayList<>();
      String[] cells = item.split(" ");
      for (int label = 0; label < cells.length; label++) {
        for (int vote = 0; vote < Integer.parseInt(cells[label]); vote++) {
          labels.add(label);
        }
      }

      items.add(Votes.on("i" + items.size(), labels.stream().mapToInt(l -> l).toArray()));
    }

    AgreementCounts counts = counts(5, items);
    assertThat(Agreement.fleissKappa(counts).getAsDouble()).isCloseTo(0.20993, FIVE_DIGITS);
  }

  @Test
  void alphaOfThePublishedExample() {
    List<String> labels = List.of("1", "2", "3", "4", "5");
    List<CodedItem> items = krippendorffExample();

    assertThat(alpha(Level.NOMINAL, labels, items)).hasValueCloseTo(0.743421, SIX_DIGITS);
    assertThat(alpha(Level.ORDINAL, labels, items)).hasValueCloseTo(0.815388, SIX_DIGITS);
    assertThat(alpha(Level.INTERVAL, labels, items)).hasValueCloseTo(0.849107, SIX_DIGITS);
    assertThat(alpha(Level.RATIO, labels, items)).hasValueCloseTo(0.797403, SIX_DIGITS);
  }

  @Test
  void countsMergeInAnyOrder() {
    CodedItem first = Votes.on("x", 0, 0, 1);
    CodedItem second = Votes.on("y", 0, 2, 2, 2);

    AgreementCounts merged = counts(3, List.of(second)).merge(counts(3, List.of(first)));

    AgreementCounts all = counts(3, List.of(first, second));
    assertThat(merged.labelVotes()).isEqualTo(all.labelVotes());
    assertThat(Agreement.fleissKappa(merged)).isEqualTo(Agreement.fleissKappa(all));
    assertThat(merged.pairs()).isEqualTo(3 + 6);
    assertThat(Agreement.pairwise(merged).getAsDouble()).isCloseTo((2.0 + 6) / (6 + 12), EXACT);
  }

  @Test
  void whatIsNotDefinedIsEmpty() {
    List<CodedItem> one = List.of(Votes.on("x", 0, 0, 0), Votes.on("y", 0, 0));
    List<CodedItem> two = List.of(Votes.on("x", 0, 1, 1));
    AgreementCounts single = counts(1, List.of(Votes.on("x", 0)));

    assertThat(Agreement.fleissKappa(counts(1, one))).isEmpty();
    assertThat(alpha(Level.NOMINAL, List.of("yes"), one)).isEmpty();
    assertThat(alpha(Level.INTERVAL, List.of("no", "yes"), two)).isEmpty();
    assertThat(alpha(Level.RATIO, List.of("-1", "1"), two)).isEmpty();
    assertThat(alpha(Level.NOMINAL, List.of("no", "yes"), two)).isPresent();
    assertThat(Agreement.pairwise(single)).isEmpty();
    assertThat(Agreement.withGold(single)).isEmpty();
  }

  @Test
  void labelsAreOrderedAsNumbers() {
    // as texts "1", "10", "9"
    List<CodedItem> items = List.of(Votes.on("x", 2, 1), Votes.on("y", 0, 0));

    OptionalDouble alpha = alpha(Level.INTERVAL, List.of("1", "10", "9"), items);

    // o: (9, 10) and (10, 9) once each, (1, 1) twice; n = 4
    double expected = 2 * (1 * 1 * 1.0 + 1 * 2 * 64 + 1 * 2 * 81);
    assertThat(alpha.getAsDouble()).isCloseTo(1 - 3 * 2.0 / expected, EXACT);
  }

  @Test
  void aLabelOnItemsWithOneVoteDoesNotCount() {
    List<CodedItem> items = List.of(Votes.on("x", 0, 1), Votes.on("y", 0, 0), Votes.on("z", 2));

    OptionalDouble alpha = alpha(Level.INTERVAL, List.of("1", "2", "unsure"), items);

    assertThat(alpha).hasValueCloseTo(1 - 3 * 2.0 / (2 * 3 * 1.0), EXACT);
  }

  /** None may be NaN, which quality.json has no number for. */
  @Test
  void alphaOfNumbersThatDoNotDifferOrAreTooLargeIsEmpty() {
    List<CodedItem> items = List.of(Votes.on("x", 0, 1), Votes.on("y", 1, 0));
    for (List<String> equal :
        List.of(
            List.of("9007199254740992", "9007199254740993"),
            List.of("-0.0", "0"),
            List.of("1", "1.0"))) {
      assertThat(alpha(Level.NOMINAL, equal, items)).isPresent();
      assertThat(alpha(Level.ORDINAL, equal, items)).isEmpty();
      assertThat(alpha(Level.INTERVAL, equal, items)).isEmpty();
      assertThat(alpha(Level.RATIO, equal, items)).isEmpty();
    }

    List<String> large = List.of("-1e200", "1e200");
    assertThat(alpha(Level.INTERVAL, large, items)).isEmpty();
    assertThat(alpha(Level.ORDINAL, large, items)).isPresent();
    assertThat(alpha(Level.ORDINAL, List.of("1d", "0x1p3"), items)).isEmpty(); // no numbers
  }

  @Test
  void equalNumbersShareARank() {
    List<CodedItem> items = List.of(Votes.on("x", 0, 2), Votes.on("y", 1, 3), Votes.on("z", 3, 3));

    OptionalDouble shared = alpha(Level.ORDINAL, List.of("1", "1.0", "2", "2.0"), items);

    assertThat(shared)
        .isEqualTo(alpha(Level.ORDINAL, List.of("1", "1", "2", "2"), items))
        .hasValueCloseTo(
            alpha(
                    Level.ORDINAL,
                    List.of("1", "2"),
                    List.of(Votes.on("x", 0, 1), Votes.on("y", 0, 1), Votes.on("z", 1, 1)))
                .getAsDouble(),
            EXACT);
  }

  @Test
  void cohenKappa() {
    List<Cell> cells =
        List.of(new Cell(1, 1, 20), new Cell(1, 0, 5), new Cell(0, 1, 10), new Cell(0, 0, 15));

    assertThat(new CohenKappa(cells).value().getAsDouble()).isCloseTo(0.4, EXACT);
    assertThat(new CohenKappa(List.of(new Cell(1, 1, 3))).value()).isEmpty();
  }

  @Test
  void cohenKappaWithoutSomeItemsIsThatOfTheOthers() {
    List<Cell> some = List.of(new Cell(1, 2, 1), new Cell(1, 1, 2), new Cell(3, 0, 1));
    List<Cell> others =
        List.of(new Cell(0, 1, 10), new Cell(2, 2, 15), new Cell(1, 1, 18), new Cell(1, 2, 4));
    List<Cell> all = new ArrayList<>(others);
    all.addAll(some);

    assertThat(new CohenKappa(all).without(new CohenKappa(some)))
        .isEqualTo(new CohenKappa(others).value());
    assertThat(new CohenKappa(some).without(new CohenKappa(some))).isEmpty();
  }

  private static AgreementCounts counts(int labels, List<CodedItem> items) {
    AgreementCounts counts = new AgreementCounts(labels);
    items.forEach(counts::plus);
    return counts;
  }

  private static OptionalDouble alpha(Level level, List<String> labels, List<CodedItem> items) {
    long[] votes = counts(labels.size(), items).labelVotes();
    LabelScale scale = LabelScale.of(labels, votes);
    Disagreement observed = new Disagreement(scale, votes);
    items.forEach(observed::plus);
    return KrippendorffAlpha.of(level, observed.at(level), scale, votes);
  }

  private static List<CodedItem> krippendorffExample() {
    List<CodedItem> items = new ArrayList<>();
    for (int unit = 0; unit < 12; unit++) {
      List<Integer> labels = new ArrayList<>();
      for (String observer : OBSERVERS) {
        String label = observer.split(" ")[unit];
        if (!label.equals(".")) {
          labels.add(Integer.parseInt(label) - 1);
        }
      }

      items.add(Votes.on("u" + unit, labels.stream().mapToInt(l -> l).toArray()));
    }

    return items;
  }
}
