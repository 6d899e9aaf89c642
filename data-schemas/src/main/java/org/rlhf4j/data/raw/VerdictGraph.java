package org.rlhf4j.data.raw;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who preferred what to what: finds verdicts that cannot all hold. Two opposite ones contradict
 * each other; longer circles are the verdicts inside a strongly connected component (Kosaraju and
 * Sharir's algorithm, without recursion).
 */
public final class VerdictGraph {
  private record Response(String judge, String hash) {}

  private final Map<Response, Set<Response>> worse = new LinkedHashMap<>();
  private final Map<Response, Set<Response>> better = new HashMap<>();
  private final Map<Response, Integer> components = new HashMap<>();

  private VerdictGraph() {}

  public static VerdictGraph of(Collection<Verdict> verdicts) {
    VerdictGraph graph = new VerdictGraph();
    verdicts.forEach(graph::add);
    if (verdicts.size() > 1) { // one alone contradicts nothing
      graph.findComponents();
    }

    return graph;
  }

  /** What is wrong with a verdict of this graph; empty if all others can hold beside it. */
  public Optional<Reason> fault(Verdict verdict) {
    Response winner = new Response(verdict.judge(), verdict.better());
    Response loser = new Response(verdict.judge(), verdict.worse());
    if (worse.getOrDefault(loser, Set.of()).contains(winner)) {
      return Optional.of(Reason.CONTRADICTORY_PAIR);
    }

    boolean isInCircle =
        components.containsKey(winner) && components.get(winner).equals(components.get(loser));
    return isInCircle ? Optional.of(Reason.PREFERENCE_CYCLE) : Optional.empty();
  }

  private void add(Verdict verdict) {
    Response winner = new Response(verdict.judge(), verdict.better());
    Response loser = new Response(verdict.judge(), verdict.worse());
    worse.computeIfAbsent(winner, r -> new HashSet<>()).add(loser);
    better.computeIfAbsent(loser, r -> new HashSet<>()).add(winner);
  }

  /** In the opposite order of their ends in a walk forward, walks backward reach one component. */
  private void findComponents() {
    List<Response> ends = new ArrayList<>();
    Set<Response> seen = new HashSet<>();
    worse.keySet().forEach(start -> walk(start, worse, seen, ends));
    Set<Response> placed = new HashSet<>();
    for (int i = ends.size() - 1; i >= 0; i--) {
      List<Response> component = new ArrayList<>();
      walk(ends.get(i), better, placed, component);
      int number = i;
      component.forEach(response -> components.put(response, number));
    }
  }

  /** Depth first; adds each response that was not seen before when all behind it are done. */
  private static void walk(
      Response start, Map<Response, Set<Response>> next, Set<Response> seen, List<Response> ends) {
    if (!seen.add(start)) {
      return;
    }

    Deque<Response> path = new ArrayDeque<>();
    Deque<Iterator<Response>> choices = new ArrayDeque<>();
    path.push(start);
    choices.push(next.getOrDefault(start, Set.of()).iterator());
    while (!path.isEmpty()) {
      if (!choices.peek().hasNext()) {
        choices.pop();
        ends.add(path.pop());
        continue;
      }

      Response response = choices.peek().next();
      if (seen.add(response)) {
        path.push(response);
        choices.push(next.getOrDefault(response, Set.of()).iterator());
      }
    }
  }
}
