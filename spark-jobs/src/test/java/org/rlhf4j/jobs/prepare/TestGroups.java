package org.rlhf4j.jobs.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.rlhf4j.data.raw.RawResult.Rejected;
import org.rlhf4j.data.raw.Reason;
import org.rlhf4j.jobs.dataset.RawRow;

class TestGroups {
  private final List<Integer> treeSizes = new ArrayList<>();

  @Test
  void treesAreResolvedWholeAndOtherRowsWaitForNothing() {
    List<Row> rows =
        Stream.of(
                refused(1),
                refused(1),
                message(2, "t"),
                message(3, "t"),
                message(4, "u"),
                refused(5))
            .map(Candidate::toRow)
            .toList();
    List<Row> taken = new ArrayList<>();
    Iterator<Row> source = rows.stream().peek(taken::add).iterator();
    Groups groups = new Groups(source, this::resolved);

    groups.next();
    assertThat(taken).hasSize(1); // though the second has the same group

    List<Row> rest = new ArrayList<>();
    groups.forEachRemaining(rest::add);
    assertThat(rest).hasSize(5);
    assertThat(rest)
        .extracting(row -> row.getLong(Candidate.NUMBER))
        .containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L);
    assertThat(treeSizes).containsExactly(2, 1);
  }

  private List<Candidate> resolved(List<Candidate> tree) {
    treeSizes.add(tree.size());
    return tree;
  }

  private static Candidate refused(int number) {
    return Candidate.refused(raw(number), new Rejected(Reason.WRONG_TYPE, "x"));
  }

  private static Candidate message(int number, String tree) {
    return Candidate.treeMessage(raw(number), tree);
  }

  private static RawRow raw(int number) {
    byte[] bytes = "{\"message_id\": 1}".getBytes(StandardCharsets.UTF_8);
    return new RawRow("f", number, bytes, false);
  }
}
