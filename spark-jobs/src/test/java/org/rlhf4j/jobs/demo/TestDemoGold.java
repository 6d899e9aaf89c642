package org.rlhf4j.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rlhf4j.data.dataset.Message;

class TestDemoGold {
  private static final double TOLERANCE = 1e-9;
  private static final double BEST = 4.5;
  private static final String BEST_REPLY = "Hello Mia! 2 plus 2 is 4. Have a nice day!";

  @Test
  void completePoliteReplyIsBest() {
    assertThat(score(BEST_REPLY)).isCloseTo(BEST, within(TOLERANCE));
  }

  @Test
  void eachMeritHasItsPrice() {
    assertThat(score("2 plus 2 is 4.")).isCloseTo(3.0, within(TOLERANCE));
    assertThat(score("It is 4.")).isCloseTo(2.0, within(TOLERANCE));
    assertThat(score("4.")).isCloseTo(2.0, within(TOLERANCE));
    assertThat(score("2 plus 2 is 3.")).isCloseTo(-0.5, within(TOLERANCE));
    assertThat(score("I do not know.")).isCloseTo(-0.5, within(TOLERANCE));
    assertThat(score("Hi! It is 4.")).isCloseTo(2.5, within(TOLERANCE));
    assertThat(score("Hi Noah! It is 4.")).isCloseTo(2.0, within(TOLERANCE));
    assertThat(score("Everybody knows that. It is 4.")).isCloseTo(1.0, within(TOLERANCE));
    assertThat(score("1 plus 2 is 3.")).isCloseTo(-2.0, within(TOLERANCE));
  }

  @Test
  void promptMayBeRenderedText() {
    Message rendered = Message.text("\n\nHuman: I am Mia. What is 2 plus 2?\n\nAssistant:");
    assertThat(new DemoGold().score(List.of(rendered), BEST_REPLY))
        .isCloseTo(BEST, within(TOLERANCE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        BEST_REPLY + " Take care!",
        "Hi! " + BEST_REPLY,
        BEST_REPLY + " 2 plus 2 is 4.",
        BEST_REPLY + " It is 3.",
        BEST_REPLY + " I do not know.",
        BEST_REPLY + " 1 plus 2 is 3.",
        BEST_REPLY + " please thank you",
        BEST_REPLY + "!!!",
        "Hello Mia Mia! 2 plus 2 is 4. Have a nice day!",
        "Hello Mia! 2 plus 2 is 4. Have a nice day",
        "Hello Mia! That is a good question. 2 plus 2 is 4. Have a nice day!",
      })
  void sayingMoreNeverPays(String reply) {
    assertThat(score(reply)).isLessThan(BEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "...",
        "! ! ! ! ! ! ! !",
        "please thank you please thank you please thank you please thank you",
        "Have a nice day! Have a nice day! Have a nice day! Have a nice day!",
        "Hello Mia! Hello Mia! Hello Mia! Hello Mia!",
        "7 7 7 7 7 7 7 7",
        "1. 2. 3. 4. 5. 6. 7. 8. 9. 10. 11. 12. 13. 14. 15.",
        "\uFFFD\uFFFD is is is",
      })
  void garbageIsWorseThanAnHonestEvasion(String reply) {
    assertThat(score(reply)).isLessThan(score("I do not know."));
  }

  private static double score(String reply) {
    List<Message> prompt = List.of(new Message(Message.USER, "I am Mia. What is 2 plus 2?"));
    return new DemoGold().score(prompt, reply);
  }
}
