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
import java.util.stream.Collectors;
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
    assertThat(score("{\"rollout_id\": \"r\", \"raw_score\": 1, \"score\": 2, \"new\": 1}"))
        .isEqualTo(new Score("r", 1, 2, Optional.empty()));
  }

  /** In every column of numbers of every dataset. */
  @Test
  void numbersThatAreNotFiniteAreRefusedByHand() {
    int columns = 0;
    for (Class<? extends Record> record : DatasetDocs.DATASETS) {
      for (DatasetColumn column : DatasetSchema.of(record).columns()) {
        String beyond =
            switch (column.type()) {
              case DOUBLE -> " has a number beyond 1.8e308, the largest double";
              case FLOAT, FLOAT_ARRAY -> " has a number beyond 3.4e38, the largest float";
              default -> "";
            };
        if (!beyond.isEmpty()) {
          assertNumbers(record, column, beyond);
          columns++;
        }
      }
    }
    assertThat(columns).isGreaterThan(20);
  }

  private static <R extends Record> void assertNumbers(
      Class<R> record, DatasetColumn column, String beyond) {
    String digits = "9".repeat(400);
    for (String number : List.of("1e400", "-1e400", "2e308", digits, "-" + digits + ".5")) {
      assertThatThrownBy(() -> read(JsonCodec.of(record), row(record, column, number)))
          .isInstanceOf(InvalidRowException.class)
          .hasMessage("column " + column.name() + beyond);
    }
    if (column.type() != ColumnType.DOUBLE) {
      assertThatThrownBy(() -> read(JsonCodec.of(record), row(record, column, "-1e39")))
          .hasMessage("column " + column.name() + beyond);
    }
    for (String text : List.of("\"NaN\"", "\"Infinity\"", "\"-Infinity\"")) {
      String row = row(record, column, text);
      assertThatThrownBy(() -> read(JsonCodec.of(record), row))
          .isInstanceOf(InvalidRowException.class)
          .hasMessage("column " + column.name() + " must be a number");
      assertThat(read(JsonCodec.ofPublished(record), row)).isNotNull();
    }
  }

  /** With a number in one column, and the least that the others take. */
  private static String row(Class<? extends Record> record, DatasetColumn numbered, String number) {
    return DatasetSchema.of(record).columns().stream()
        .map(column -> "\"%s\": %s".formatted(column.name(), value(column, numbered, number)))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String value(DatasetColumn column, DatasetColumn numbered, String number) {
    String scalar = column == numbered ? number : "1";
    return switch (column.type()) {
      case TEXT -> "\"t\"";
      case ENUM -> "\"" + column.storedNames().get(0) + "\"";
      case BOOLEAN -> "true";
      case INT, LONG, FLOAT, DOUBLE -> scalar;
      case FLOAT_ARRAY -> "[1, " + scalar + "]";
      case INT_ARRAY, MESSAGES -> "[]";
    };
  }

  @Test
  void theLargestNumbersAreTaken() {
    String row = "{\"rollout_id\": \"r\", \"raw_score\": -1.7976931348623157e308, \"score\": 0}";
    assertThat(score(row).rawScore()).isEqualTo(-Double.MAX_VALUE);
    assertThat(JsonCodec.toFloat(Double.parseDouble("3.4028235E38"))).isEqualTo(Float.MAX_VALUE);
  }

  @Test
  void publishedNumbersComeBackWhateverTheyAre() {
    String row = "{\"rollout_id\": \"r\", \"raw_score\": \"NaN\", \"score\": \"-Infinity\"}";
    assertThat(read(JsonCodec.ofPublished(Score.class), row))
        .isEqualTo(new Score("r", Double.NaN, Double.NEGATIVE_INFINITY, Optional.empty()));
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
    return read(JsonCodec.of(Score.class), json);
  }

  private static <R extends Record> R read(JsonCodec<R> codec, String json) {
    try {
      return codec.fromJson(new ObjectMapper().readTree(json));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
