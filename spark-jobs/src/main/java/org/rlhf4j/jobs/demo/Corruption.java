package org.rlhf4j.jobs.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Ways in which a model's reply falls apart, so that comparisons also say what to think of those.
 */
enum Corruption {
  CUT_SHORT {
    @Override
    void apply(List<String> words, DemoRandom random) {
      words.subList(Math.max(1, random.below(words.size())), words.size()).clear();
    }
  },
  WORD_LOST {
    @Override
    void apply(List<String> words, DemoRandom random) {
      if (words.size() > 1) {
        words.remove(random.below(words.size()));
      }
    }
  },
  WORD_REPEATED {
    @Override
    void apply(List<String> words, DemoRandom random) {
      int at = random.below(words.size());
      int times = 1 + random.below(MOST_REPEATS);
      for (int i = 0; i < times; i++) {
        words.add(at, words.get(at));
      }
    }
  },
  WORDS_SWAPPED {
    @Override
    void apply(List<String> words, DemoRandom random) {
      int one = random.below(words.size());
      int other = random.below(words.size());
      String word = words.get(one);
      words.set(one, words.get(other));
      words.set(other, word);
    }
  },
  FOREIGN_WORD {
    @Override
    void apply(List<String> words, DemoRandom random) {
      String foreign = random.pick(Arrays.asList(random.pick(Phrases.FILLERS).split(" ")));
      words.add(random.below(words.size() + 1), foreign);
    }
  },
  ENDING_LOOPED {
    @Override
    void apply(List<String> words, DemoRandom random) {
      int looped = 1 + random.below(Math.min(LONGEST_LOOP, words.size()));
      List<String> ending = List.copyOf(words.subList(words.size() - looped, words.size()));
      int times = 1 + random.below(MOST_LOOPS);
      for (int i = 0; i < times; i++) {
        words.addAll(ending);
      }
    }
  },
  SECOND_GREETING {
    @Override
    void apply(List<String> words, DemoRandom random) {
      words.addAll(0, List.of(random.pick(Phrases.GREETINGS) + "!"));
    }
  },
  SECOND_FAREWELL {
    @Override
    void apply(List<String> words, DemoRandom random) {
      words.addAll(Arrays.asList(random.pick(Phrases.FAREWELLS).split(" ")));
    }
  },
  SECOND_ANSWER {
    @Override
    void apply(List<String> words, DemoRandom random) {
      words.addAll(List.of("It", "is", random.pick(Knowledge.FACTS).answer() + "."));
    }
  };

  private static final int MOST_REPEATS = 4;
  private static final int MOST_LOOPS = 2;
  private static final int LONGEST_LOOP = 5;
  private static final List<Corruption> ALL = List.of(values());

  abstract void apply(List<String> words, DemoRandom random);

  static String corrupt(String reply, DemoRandom random) {
    List<String> words = new ArrayList<>(Arrays.asList(reply.split(" ")));
    random.pick(ALL).apply(words, random);
    return String.join(" ", words);
  }
}
