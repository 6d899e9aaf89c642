package org.rlhf4j.jobs.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rlhf4j.data.dataset.Message;

/** The raw rows of the demonstration: each a pure function of (seed, kind, row). */
final class DemoRows {
  private static final int RANKED_REPLIES = 4;
  private static final double GOOD_SHARE = 0.3;
  private static final double CORRUPTED_SHARE = 0.035;

  /** Coprime to the number of annotators, so that annotators of several kinds share a pair. */
  private static final int ANNOTATOR_STRIDE = 3;

  private static final String SOURCE = "demo";

  private final DemoSettings settings;
  private final long seed;
  private final DemoGold gold = new DemoGold();

  DemoRows(DemoSettings settings, long seed) {
    this.settings = settings;
    this.seed = seed;
  }

  Map<String, Object> prompt(int row) {
    Map<String, Object> raw = new LinkedHashMap<>();
    raw.put("prompt", turns(Request.random(DemoRandom.of(seed, "prompt", row))));
    raw.put("source", SOURCE);
    return raw;
  }

  Map<String, Object> demonstration(int row) {
    DemoRandom random = DemoRandom.of(seed, "demonstration", row);
    String request = Request.random(random);
    Map<String, Object> raw = new LinkedHashMap<>();
    raw.put("prompt", turns(request));
    raw.put("completion", Assistant.MEDIOCRE.reply(Request.parse(request), random));
    raw.put("source", SOURCE);
    return raw;
  }

  /** One row per annotator who saw the pair. */
  List<Map<String, Object>> pair(int row) {
    DemoRandom random = DemoRandom.of(seed, "pair", row);
    String request = Request.random(random);
    List<String> replies = distinctReplies(request, 2, random);
    double[] rewards = rewards(request, replies);
    int annotators = random.chance(settings.overlapShare()) ? settings.overlapAnnotators() : 1;
    int first = random.below(DemoAnnotator.ALL.size());
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < annotators; i++) {
      DemoAnnotator annotator =
          DemoAnnotator.ALL.get((first + i * ANNOTATOR_STRIDE) % DemoAnnotator.ALL.size());
      int[] order = annotator.order(rewards, random);
      Map<String, Object> raw = new LinkedHashMap<>();
      raw.put("prompt", turns(request));
      raw.put("chosen", replies.get(order[0]));
      raw.put("rejected", replies.get(order[1]));
      raw.put("annotator", annotator.name());
      raw.put("source", SOURCE);
      rows.add(raw);
    }
    return rows;
  }

  Map<String, Object> ranking(int row) {
    DemoRandom random = DemoRandom.of(seed, "ranking", row);
    String request = Request.random(random);
    List<String> replies = distinctReplies(request, RANKED_REPLIES, random);
    DemoAnnotator annotator = random.pick(DemoAnnotator.ALL);
    int[] order = annotator.order(rewards(request, replies), random);
    int[] ranks = new int[RANKED_REPLIES];
    for (int place = 0; place < RANKED_REPLIES; place++) {
      ranks[order[place]] = place + 1;
    }
    Map<String, Object> raw = new LinkedHashMap<>();
    raw.put("prompt", turns(request));
    raw.put("responses", replies);
    raw.put("ranks", ranks);
    raw.put("annotator", annotator.name());
    raw.put("source", SOURCE);
    return raw;
  }

  private List<String> distinctReplies(String requestText, int count, DemoRandom random) {
    Request request = Request.parse(requestText);
    Set<String> replies = new LinkedHashSet<>();
    while (replies.size() < count) {
      Assistant assistant = random.chance(GOOD_SHARE) ? Assistant.GOOD : Assistant.MEDIOCRE;
      String reply = assistant.reply(request, random);
      replies.add(random.chance(CORRUPTED_SHARE) ? Corruption.corrupt(reply, random) : reply);
    }
    return List.copyOf(replies);
  }

  private double[] rewards(String request, List<String> replies) {
    List<Message> prompt = List.of(new Message(Message.USER, request));
    return replies.stream().mapToDouble(reply -> gold.score(prompt, reply)).toArray();
  }

  private static List<Map<String, String>> turns(String request) {
    Map<String, String> turn = new LinkedHashMap<>();
    turn.put("role", Message.USER);
    turn.put("content", request);
    return Arrays.asList(turn);
  }
}
