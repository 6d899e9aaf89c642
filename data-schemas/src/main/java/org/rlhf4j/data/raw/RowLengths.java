package org.rlhf4j.data.raw;

import java.util.List;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.raw.RawRecord.Comparisons;
import org.rlhf4j.data.raw.RawRecord.DemonstratedResponse;
import org.rlhf4j.data.raw.RawRecord.Ranking;
import org.rlhf4j.data.raw.RawRecord.RatedResponse;
import org.rlhf4j.data.raw.RawRecord.Tree;

/**
 * How long a row is, in what a {@link Measure} counts.
 *
 * @param prompt the longest of its prompts
 * @param response the longest of its responses
 * @param total over the rows of a dataset that it gives, each of their responses with its prompt:
 *     what a trainer reads of it
 */
public record RowLengths(int prompt, int response, long total) {
  /** Counts the tokens, or the characters, of texts. */
  public interface Measure {
    /**
     * @param prompt empty for plain text
     */
    int prompt(List<Message> prompt);

    int response(String response);
  }

  /** UTF-16 characters of the texts alone. */
  public static final Measure CHARACTERS =
      new Measure() {
        @Override
        public int prompt(List<Message> prompt) {
          return prompt.stream().mapToInt(message -> message.content().length()).sum();
        }

        @Override
        public int response(String response) {
          return response.length();
        }
      };

  private static final RowLengths NOTHING = new RowLengths(0, 0, 0);

  public static RowLengths of(DatasetRecord row, Measure measure) {
    if (row instanceof Tree tree) {
      return sum(tree.rankings(), measure);
    } else if (row instanceof Comparisons comparisons) {
      return sum(comparisons.pairs(), measure);
    } else if (row instanceof Ranking ranking) {
      return of(ranking, measure);
    } else if (row instanceof RatedResponse rated) {
      return of(measure.prompt(rated.prompt()), measure.response(rated.response()));
    } else if (row instanceof DemonstratedResponse shown) {
      return of(measure.prompt(shown.prompt()), measure.response(shown.response()));
    }

    return of(measure.prompt(row.prompt()), 0);
  }

  private static RowLengths of(int prompt, int response) {
    return new RowLengths(prompt, response, (long) prompt + response);
  }

  private static RowLengths of(Ranking ranking, Measure measure) {
    int prompt = measure.prompt(ranking.prompt());
    int[] responses = ranking.responses().stream().mapToInt(measure::response).toArray();
    int longest = 0;
    for (int response : responses) {
      longest = Math.max(longest, response);
    }

    if (responses.length == 2) { // by far the most
      return new RowLengths(prompt, longest, 2L * prompt + responses[0] + responses[1]);
    }

    long total = 0;
    for (RankedPair pair : RankedPair.of(ranking)) {
      total += 2L * prompt + responses[pair.better()] + responses[pair.worse()];
    }

    return new RowLengths(prompt, longest, total);
  }

  private static RowLengths sum(List<Ranking> rankings, Measure measure) {
    return rankings.stream().map(r -> of(r, measure)).reduce(NOTHING, RowLengths::plus);
  }

  private RowLengths plus(RowLengths other) {
    return new RowLengths(
        Math.max(prompt, other.prompt), Math.max(response, other.response), total + other.total);
  }
}
