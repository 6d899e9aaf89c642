package org.rlhf4j.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TestRowIds {
  @Test
  void normalFormIgnoresSpaceAndComposition() {
    assertThat(RowIds.normalize("  a\r\n\tb\u3000c ")).isEqualTo("a b c");
    assertThat(RowIds.normalize("cafe\u0301")).isEqualTo("caf\u00e9");
    assertThat(RowIds.normalize("A")).isNotEqualTo(RowIds.normalize("a"));
    assertThat(RowIds.normalize(" \n ")).isEmpty();
  }

  @Test
  void partsDoNotRunTogether() {
    assertThat(RowIds.hash("x", List.of("ab", "c")))
        .isNotEqualTo(RowIds.hash("x", List.of("a", "bc")));
    assertThat(RowIds.hash("x", List.of("a"))).isNotEqualTo(RowIds.hash("y", List.of("a")));
    assertThat(RowIds.hash("x", List.of())).matches("[0-9a-f]{32}");
  }
}
