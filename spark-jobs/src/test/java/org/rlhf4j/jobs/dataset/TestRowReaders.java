package org.rlhf4j.jobs.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TestRowReaders {
  @Test
  void linesOfAllKinds() throws IOException {
    assertThat(lines("\uFEFFa\r\n\n \t\r\nb\n\nc")).containsExactly("1 a", "4 b", "6 c");
    assertThat(lines("")).isEmpty();
    assertThat(lines("a\n")).containsExactly("1 a");
    assertThat(lines("x".repeat(200_000) + "\ny")).hasSize(2).last().isEqualTo("2 y");
  }

  @Test
  void partsOfAFileGiveItsLinesOnce() throws IOException {
    String content = "first\n\nlonger second line\r\nthird\n4\n5\nlast without end";
    List<String> whole = lines(content);
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);

    for (int partBytes = 1; partBytes <= bytes.length; partBytes++) {
      List<String> rows = new ArrayList<>();
      long firstLine = 1;
      for (int start = 0; start < bytes.length; start += partBytes) {
        int end = start + partBytes;
        rows.addAll(rows(reader(bytes, start, end, firstLine)));
        firstLine += reader(bytes, start, end, 1).countLines();
      }

      assertThat(rows).as("parts of %d bytes", partBytes).isEqualTo(whole);
    }
  }

  @Test
  void elementsOfAnArray() throws IOException {
    assertThat(elements(" [ {\"a\": [1, \"],\\\"}\"]} ,2,\n\"x\" ] "))
        .containsExactly("1 {\"a\": [1, \"],\\\"}\"]}", "2 2", "3 \"x\"");
    assertThat(elements("[]")).isEmpty();
    assertThat(elements("[ ]\n")).isEmpty();
  }

  @Test
  void brokenArraysLoseNothing() throws IOException {
    assertThat(elements("[1, {\"a\": 2")).containsExactly("1 1", "2 {\"a\": 2");
    assertThat(elements("[1,")).containsExactly("1 1", "2 <the array does not end>");
    assertThat(elements("[1] 2")).containsExactly("1 1", "2 2");
    assertThat(elements("[1]\r\n\n {\"a\": 2}\r\n  [3]  \n"))
        .containsExactly("1 1", "2 {\"a\": 2}", "3 [3]");
    assertThat(elements("[1,,2]")).containsExactly("1 1", "2 ", "3 2");
  }

  @Test
  void whatBeginsLikeAnArray() {
    assertThat(List.of("[", "[]", "[{]}", "[[1], {}", "[1]\n{}", "[\"a\", 1", "[\"cut off"))
        .allMatch(TestRowReaders::canBeArray);
    assertThat(List.of("[Music] la la, la", "[\"Yes,\" she said", "[12:30] hi", "[[Link]] x"))
        .noneMatch(TestRowReaders::canBeArray);
  }

  private static boolean canBeArray(String text) {
    return ArrayReader.canRead(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> lines(String content) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return rows(reader(bytes, 0, Long.MAX_VALUE, 1));
  }

  private static LineReader reader(byte[] bytes, int start, long end, long firstLine)
      throws IOException {
    int from = Math.max(0, start - 1);
    return new LineReader(
        new ByteArrayInputStream(bytes, from, bytes.length - from), "f", start, end, firstLine);
  }

  private static List<String> elements(String content) throws IOException {
    return rows(
        new ArrayReader(new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)), "f"));
  }

  private static List<String> rows(RowReader reader) throws IOException {
    List<String> rows = new ArrayList<>();
    for (Optional<RawRow> row = reader.next(); row.isPresent(); row = reader.next()) {
      rows.add(row.get().number() + " " + new String(row.get().bytes(), StandardCharsets.UTF_8));
    }

    return rows;
  }
}
