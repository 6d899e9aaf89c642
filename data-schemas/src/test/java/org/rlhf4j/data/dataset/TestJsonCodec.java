package org.rlhf4j.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TestJsonCodec {
  @Test
  void everyFloatComesBackFromItsText() {
    Random random = new Random(5);
    for (int i = 0; i < 200_000; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      if (Float.isFinite(value)) {
        float parsed = JsonCodec.toFloat(Double.parseDouble(Float.toString(value)));
        assertThat(Float.floatToRawIntBits(parsed)).isEqualTo(Float.floatToRawIntBits(value));
      }
    }
  }

  @Test
  void signsAndHalvesAreKept() {
    double halfway = 1 + Math.pow(2, -24);

    assertThat(Float.floatToRawIntBits(JsonCodec.toFloat(-0.0)))
        .isEqualTo(Float.floatToRawIntBits(-0.0f));
    assertThat(JsonCodec.toFloat(halfway)).isEqualTo((float) halfway);
  }

  @Test
  void columnsOfTheWrongTypeAreNamed() {
    assertThatThrownBy(() -> score("{\"rollout_id\": \"r\", \"raw_score\": 1}"))
        .isInstanceOf(InvalidRowException.class)
        .hasMessage("column score is missing");
    assertThatThrownBy(() -> score("{\"rollout_id\": 1, \"raw_score\": 1, \"score\": 2}"))
        .hasMessage("column rollout_id must be text");
    assertThatThrownBy(() -> score("[]")).hasMessage("the row is no JSON object");
    assertThat(score("{\"rollout_id\": \"r\", \"raw_score\": \"NaN\", \"score\": 2, \"new\": 1}"))
        .isEqualTo(new Score("r", Double.NaN, 2, Optional.empty()));
  }

  @Test
  void rowsWithOptionalColumnsAreSerializable() throws IOException, ClassNotFoundException {
    Rating rating =
        new Rating(
            "id",
            "p",
            Split.TEST,
            "s",
            List.of(new Message("user", "q")),
            "r",
            0.5,
            Optional.of("me"),
            1,
            Optional.of("good"));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(rating);
    }

    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(rating);
    }
  }

  private static Score score(String json) {
    try {
      return JsonCodec.of(Score.class).fromJson(new ObjectMapper().readTree(json));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
