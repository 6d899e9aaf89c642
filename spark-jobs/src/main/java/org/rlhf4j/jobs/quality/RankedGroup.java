package org.rlhf4j.jobs.quality;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.rlhf4j.data.dataset.PreferenceCycle;
import org.rlhf4j.data.dataset.Ranking;

/**
 * The things of one group with their strengths, and the rings that no strengths explain.
 *
 * @param components sets of things that comparisons connect
 * @param isConverged whether the search for the strengths had arrived
 */
record RankedGroup(
    List<Ranking> rankings,
    List<PreferenceCycle> cycles,
    int rings,
    int components,
    boolean isConverged)
    implements Serializable {
  /** Standard errors of a 95 % interval. */
  private static final double ERRORS = 1.959963984540054;

  /**
   * @param crowd reliability of annotators, where it was found
   */
  static RankedGroup of(Tournament tournament, double prior, Optional<CrowdFit> crowd) {
    int things = tournament.things();
    double[][] wins = tournament.wins();
    int[][] records = tournament.records();
    Components components =
        prior > 0
            ? tournament.components()
            : Components.ofMaximumLikelihood(things, tournament.left(), tournament.right(), wins);
    int[][] members = components.members();
    Strengths strengths =
        BradleyTerry.strengths(components, tournament.left(), tournament.right(), wins, prior);
    Optional<Strengths> aware =
        crowd.map(fit -> crowdStrengths(tournament, fit, prior, components));
    List<Ranking> rankings = new ArrayList<>(things);
    for (int component = 0; component < members.length; component++) {
      int place = 1;
      for (int i : byStrength(members[component], strengths)) {
        double strength = strengths.values()[i];
        double reach = ERRORS * strengths.errors()[i];
        rankings.add(
            new Ranking(
                tournament.group(),
                component,
                tournament.names()[i],
                place++,
                strength,
                strength - reach,
                strength + reach,
                records[Tournament.WON][i],
                records[Tournament.LOST][i],
                records[Tournament.TIED][i],
                aware.map(s -> s.values()[i]),
                aware.map(s -> s.values()[i] - ERRORS * s.errors()[i]),
                aware.map(s -> s.values()[i] + ERRORS * s.errors()[i])));
      }
    }

    List<int[]> rings = new Cycles(things, tournament.left(), tournament.right(), wins).list();
    return new RankedGroup(
        rankings,
        steps(tournament, rings),
        rings.size(),
        members.length,
        strengths.isConverged() && aware.map(Strengths::isConverged).orElse(true));
  }

  private static Strengths crowdStrengths(
      Tournament tournament, CrowdFit fit, double prior, Components components) {
    CrowdStrengths strengths = new CrowdStrengths(tournament, fit.reliability(), prior);
    strengths.solve();
    return strengths.strengths(components);
  }

  private static int[] byStrength(int[] members, Strengths strengths) {
    return IntStream.of(members)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -strengths.values()[i])) // stable: then by name
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static List<PreferenceCycle> steps(Tournament tournament, List<int[]> rings) {
    List<PreferenceCycle> steps = new ArrayList<>();
    for (int r = 0; r < rings.size(); r++) {
      int[] ring = rings.get(r);
      for (int step = 0; step < ring.length; step++) {
        String thing = tournament.names()[ring[step]];
        String beaten = tournament.names()[ring[(step + 1) % ring.length]];
        steps.add(new PreferenceCycle(tournament.group(), r + 1, step + 1, thing, beaten));
      }
    }

    return steps;
  }
}
