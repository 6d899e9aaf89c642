package org.rlhf4j.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TestPrompt {
  @Test
  void firstIsTheSameWhicheverComesFirst() {
    Prompt narrow = prompt("z", "a  b");
    Prompt wide = prompt("y", "a b");
    assertThat(List.of(Prompt.first(narrow, wide), Prompt.first(wide, narrow)))
        .containsExactly(narrow, narrow);
    Prompt other = prompt("x", "a b");
    assertThat(List.of(Prompt.first(other, wide), Prompt.first(wide, other)))
        .containsExactly(other, other);
  }

  private static Prompt prompt(String source, String text) {
    return new Prompt("id", Split.TRAIN, source, List.of(Message.text(text)));
  }
}
