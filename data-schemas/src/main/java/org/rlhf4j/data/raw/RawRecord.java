package org.rlhf4j.data.raw;

import java.util.List;
import java.util.Optional;
import org.rlhf4j.data.dataset.Demonstration;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.data.dataset.Rating;
import org.rlhf4j.data.dataset.RowIds;

/** A raw row that was understood: what it says, before it becomes rows of a dataset. */
public sealed interface RawRecord permits DatasetRecord, RawRecord.TreeMessage, RawRecord.Vote {
  /** Rank of a response that nobody ranked. */
  int UNRANKED = -1;

  /** What any row may say about itself. */
  record Origin(String source, Optional<String> annotator, double weight) {}

  /**
   * K responses to one prompt in order of preference; a pair is a ranking of two.
   *
   * @param ranks from 0, lower is better, equal is a tie, {@link #UNRANKED} is unranked, [K]
   */
  record Ranking(
      List<Message> prompt,
      List<String> responses,
      List<Integer> ranks,
      Optional<Double> margin,
      Optional<String> critique,
      Origin origin)
      implements DatasetRecord {
    public Ranking {
      prompt = List.copyOf(prompt);
      responses = List.copyOf(responses);
      ranks = List.copyOf(ranks);
    }

    @Override
    public Class<PreferencePair> dataset() {
      return PreferencePair.class;
    }

    @Override
    public String promptId() {
      return RowIds.promptId(prompt);
    }

    @Override
    public boolean isUsable() {
      return !Conversations.isBlank(prompt)
          && RankedPair.isAnyIn(this)
          && !RankedPair.isContradiction(this)
          && responses.stream().noneMatch(RowIds::isBlank);
    }

    @Override
    public String key() {
      return identity().key();
    }

    @Override
    public Likeness likeness() {
      return RowKeys.likeness(this);
    }

    @Override
    public Identity identity() {
      return RowKeys.identity(this);
    }
  }

  /**
   * Rankings found in one conversation tree. Its verdicts are not compared: rank numbers of a tree
   * already sum up several annotators.
   */
  record Tree(List<Ranking> rankings) implements DatasetRecord {
    public Tree {
      rankings = List.copyOf(rankings);
    }

    @Override
    public Class<PreferencePair> dataset() {
      return PreferencePair.class;
    }

    @Override
    public List<Message> prompt() {
      return rankings.get(0).prompt();
    }

    @Override
    public String promptId() {
      return rankings.get(0).promptId();
    }

    @Override
    public boolean isUsable() {
      return rankings.stream().allMatch(Ranking::isUsable);
    }

    @Override
    public String key() {
      return RowIds.hash("tree", rankings.stream().map(Ranking::key).toList());
    }

    @Override
    public Likeness likeness() {
      return new Likeness(key(), List.of(), List.of());
    }
  }

  /**
   * Responses to one prompt that one annotator compared two by two, which need not be a ranking.
   *
   * @param pairs those with a preference, each as a ranking of two
   * @param responses number K of the responses: each pair weighs 1/C(K,2)
   */
  record Comparisons(List<Ranking> pairs, int responses) implements DatasetRecord {
    public Comparisons {
      pairs = List.copyOf(pairs);
    }

    @Override
    public Class<PreferencePair> dataset() {
      return PreferencePair.class;
    }

    @Override
    public List<Message> prompt() {
      return pairs.get(0).prompt();
    }

    @Override
    public String promptId() {
      return pairs.get(0).promptId();
    }

    @Override
    public boolean isUsable() {
      return pairs.stream().allMatch(Ranking::isUsable);
    }

    @Override
    public String key() {
      return identity().key();
    }

    @Override
    public Likeness likeness() {
      return RowKeys.likeness(this);
    }

    @Override
    public Identity identity() {
      return RowKeys.identity(this);
    }
  }

  /**
   * A response with a grade; yes and no are 1 and 0.
   *
   * @param isYesOrNo whether the opposite of the rating would contradict it: grades may differ
   */
  record RatedResponse(
      List<Message> prompt,
      String response,
      double rating,
      boolean isYesOrNo,
      Optional<String> critique,
      Origin origin)
      implements DatasetRecord {
    public RatedResponse {
      prompt = List.copyOf(prompt);
    }

    @Override
    public Class<Rating> dataset() {
      return Rating.class;
    }

    @Override
    public String promptId() {
      return RowIds.promptId(prompt);
    }

    @Override
    public boolean isUsable() {
      return !Conversations.isBlank(prompt) && !RowIds.isBlank(response);
    }

    @Override
    public String key() {
      return identity().key();
    }

    @Override
    public Identity identity() {
      return RowKeys.identity(this);
    }

    @Override
    public Likeness likeness() {
      return RowKeys.likeness(this);
    }
  }

  /** A response to imitate; the prompt of plain text is empty. */
  record DemonstratedResponse(List<Message> prompt, String response, Origin origin)
      implements DatasetRecord {
    public DemonstratedResponse {
      prompt = List.copyOf(prompt);
    }

    @Override
    public Class<Demonstration> dataset() {
      return Demonstration.class;
    }

    @Override
    public String promptId() {
      return RowKeys.promptId(this);
    }

    @Override
    public boolean isUsable() {
      return !RowIds.isBlank(response);
    }

    @Override
    public String key() {
      return RowKeys.of(this);
    }

    @Override
    public Likeness likeness() {
      return RowKeys.likeness(this);
    }
  }

  /** A prompt to respond to. */
  record PlainPrompt(List<Message> prompt, Origin origin) implements DatasetRecord {
    public PlainPrompt {
      prompt = List.copyOf(prompt);
    }

    @Override
    public Class<Prompt> dataset() {
      return Prompt.class;
    }

    @Override
    public String promptId() {
      return RowIds.promptId(prompt);
    }

    @Override
    public boolean isUsable() {
      return !Conversations.isBlank(prompt);
    }

    @Override
    public String key() {
      return promptId();
    }

    @Override
    public Likeness likeness() {
      return new Likeness("", List.of(), List.of());
    }
  }

  /**
   * One message of a conversation tree that is spread over rows.
   *
   * @param treeId empty if the row does not say
   * @param rank among its siblings, lower is better
   */
  record TreeMessage(
      String treeId,
      String messageId,
      Optional<String> parentId,
      Message message,
      Optional<Double> rank,
      boolean isDeleted,
      Origin origin)
      implements RawRecord {}

  /**
   * One annotator's label of one item; or, with neither annotator nor label, what is right.
   *
   * @param annotator empty if the row only says what is right
   * @param label empty if the annotator gave none
   * @param gold the right label, where it is known
   * @param time milliseconds since 1970
   * @param options the two things compared, in the order shown; the label names the better one
   * @param group things of one group may be compared with each other
   */
  record Vote(
      String item,
      String annotator,
      Optional<String> label,
      Optional<String> gold,
      Optional<Long> time,
      List<String> options,
      Optional<String> group)
      implements RawRecord {
    public Vote {
      options = List.copyOf(options);
    }

    /** A label and nothing more. */
    public static Vote of(String item, String annotator, String label) {
      return new Vote(
          item,
          annotator,
          Optional.of(label),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          Optional.empty());
    }
  }
}
