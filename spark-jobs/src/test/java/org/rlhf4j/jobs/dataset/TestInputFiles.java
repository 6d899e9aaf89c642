package org.rlhf4j.jobs.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.Warnings;
import org.rlhf4j.jobs.dataset.InputFile.Layout;

class TestInputFiles {
  private static final Configuration CONFIGURATION = new Configuration();

  @TempDir private Path folder;

  @Test
  void emptyFilesAreFilesToo() throws IOException {
    Files.writeString(folder.resolve("a.jsonl"), "");
    Files.writeString(folder.resolve("b.json"), "[{}]");
    Files.writeString(folder.resolve("c"), "[Music] la, la");

    assertThat(find(folder.toString()))
        .extracting(InputFile::layout)
        .containsExactly(Layout.JSON_LINES, Layout.JSON_ARRAY, Layout.JSON_LINES);
  }

  @Test
  void zstdFilesMayBeginWithNotes() throws IOException {
    byte[] notes = {0x5a, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 'h', 'i'};
    byte[] rows = Zstd.compress("[{}]".getBytes(UTF_8));
    byte[] both = Arrays.copyOf(notes, notes.length + rows.length);
    System.arraycopy(rows, 0, both, notes.length, rows.length);
    Files.write(folder.resolve("a.json.zst"), both);
    Files.writeString(folder.resolve("Z.jsonl"), "Z*M");

    assertThat(find(folder.toString()))
        .extracting(InputFile::layout)
        .containsExactly(Layout.JSON_LINES, Layout.JSON_ARRAY);
  }

  /** A command may read its input more than once. */
  @Test
  void filesThatAreLeftOutAreToldOnce() throws IOException {
    Files.writeString(folder.resolve("rows.jsonl"), "{}");
    Path readme = Files.writeString(folder.resolve("README.md"), "no rows");
    assertThat(told()).singleElement(as(STRING)).startsWith("Left out " + readme + ": ");
    assertThat(told()).isEmpty();
    Path card = Files.writeString(folder.resolve("card.html"), "no rows");
    assertThat(told())
        .singleElement(as(STRING))
        .startsWith("Left out " + readme + ", " + card + ": ");
    assertThat(told()).isEmpty();
  }

  private List<String> told() {
    try (Warnings warnings = new Warnings()) {
      find(folder.toString());
      return warnings.messages().stream().filter(text -> text.startsWith("Left out")).toList();
    }
  }

  @Test
  void foldersGiveWhatMayHoldRows() throws IOException {
    List<String> read =
        List.of(
            "a.JSON",
            "a.json.gz",
            "b.ndjson.zst",
            "b.snappy.parquet",
            "c.jsonl",
            "part-00000",
            "part-00001.gz",
            "prompts.txt",
            "rows.2024",
            "rows.bz2",
            "rows.jsonl.1");
    List<String> leftOut =
        List.of("LICENSE", "NOTICE.txt", "README", "card.HTML", "load.py", "readme.md.gz");
    for (String name : List.of(".DS_Store", ".a.json.crc", "_SUCCESS", "_metadata")) {
      Files.writeString(folder.resolve(name), "hidden");
    }

    Files.createDirectories(folder.resolve("below"));
    for (String name : read) {
      Files.writeString(folder.resolve(name), "{}");
    }

    for (String name : leftOut) {
      Files.writeString(folder.resolve("below").resolve(name), "no rows");
    }

    InputSelection selection = new InputFiles(CONFIGURATION).select(List.of(folder.toString()));

    assertThat(selection.files())
        .extracting(file -> Path.of(file.displayName()).getFileName().toString())
        .containsExactlyElementsOf(read);
    assertThat(selection.leftOut())
        .extracting(path -> folder.resolve("below").relativize(Path.of(path)).toString())
        .containsExactlyElementsOf(leftOut);
  }

  @Test
  void whatIsNamedIsReadWhateverItIsCalled() throws IOException {
    Path named = Files.writeString(folder.resolve("rows.txt"), "{}");
    Files.writeString(folder.resolve("a.jsonl"), "{}");

    assertThat(find(named.toString())).hasSize(1);
    assertThat(find(folder + "/*.t?t")).hasSize(1);
    assertThat(find(folder.toString())).hasSize(2);
  }

  @Test
  void foldersWithoutARowAreBadInput() throws IOException {
    Path below = Files.createDirectories(folder.resolve("texts"));
    Files.writeString(folder.resolve("a.jsonl"), "{}");
    Files.writeString(below.resolve("b.md"), "a,b");

    assertThatThrownBy(
            () ->
                new InputFiles(CONFIGURATION).find(List.of(folder + "/a.jsonl", below.toString())))
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT))
        .hasMessage(
            "Input %s holds nothing that is read (but %s/b.md): of a folder, pages, pictures and"
                + " programs (such as .md, .html, .png, .py) and files called README, LICENSE,"
                + " NOTICE or the like are not read; rename the files, or name each as an input.",
            below, below);
  }

  /** As a shell takes what matches nothing for a name. */
  @Test
  void namesWithBrackets() throws IOException {
    Files.writeString(folder.resolve("x[1].jsonl"), "{}");
    Files.writeString(folder.resolve("y[.jsonl"), "{}");

    assertThat(find(folder + "/x[1].jsonl")).hasSize(1);
    assertThat(find(folder + "/y[.jsonl")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a:b.jsonl        | Input \"a:b.jsonl\" is no path: Relative path in absolute URI",
        "``               | Input \"\" is no path: Can not create a Path from an empty string",
        "/no/such[.jsonl  | Input /no/such[.jsonl does not exist",
        "no://such/file   | is on no known file system",
      })
  void whatIsNoPathIsBadInput(String path, String sentence) {
    assertThatThrownBy(() -> find(path))
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT))
        .hasMessageContaining(sentence);
  }

  private static List<InputFile> find(String path) {
    return new InputFiles(CONFIGURATION).find(List.of(path));
  }
}
