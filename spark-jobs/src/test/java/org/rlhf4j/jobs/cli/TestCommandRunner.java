package org.rlhf4j.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestCommandRunner {
  @TempDir private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void unknownCommandNamesTheNearest() throws IOException {
    assertThat(run("lable")).isEqualTo(2);
    assertThat(errors())
        .containsExactly("Unknown command lable; did you mean label; see rlhf4j --help");
    assertThat(result().path("exit_code").asInt()).isEqualTo(2);
  }

  @Test
  void noCommandIsWrongUsage() throws IOException {
    assertThat(run()).isEqualTo(2);
    assertThat(errors()).containsExactly("Missing required subcommand; see rlhf4j --help");
    assertThat(result().path("status").asText()).isEqualTo("failed");
  }

  @Test
  void versionsNameTheProgramAndItsJava() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .satisfiesExactly(
            program -> assertThat(program).startsWith("rlhf4j "),
            system -> assertThat(system).contains("Java " + System.getProperty("java.version")));
  }

  @Test
  void helpIsAllThatIsPrinted() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("Usage: rlhf4j", "label", "Exit codes");
    assertThat(err.size()).isZero();
  }

  @Test
  void completionIsAShellScript() {
    assertThat(run("completion")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("complete -F").contains("label");
  }

  @Test
  void unknownRawFormatIsWrongUsage() {
    assertThat(run("prepare", "--input", "x", "--output", folder.toString(), "--format", "csv"))
        .isEqualTo(2);
    assertThat(errors()).anyMatch(line -> line.startsWith("There is no raw format csv; use auto"));
  }

  @Test
  void aFailedCommandNamesItsOutput() throws IOException {
    String output = folder.resolve("out").toString();
    assertThat(run("prepare", "--input", "x", "--output", output, "--format", "csv")).isEqualTo(2);
    assertThat(result().path("output").asText()).isEqualTo(output);

    assertThat(run("pipeline", "--run-dir", output, "--run-id", "a")).isEqualTo(3);
    assertThat(result().path("output").asText()).isEqualTo(output + "/a");

    assertThat(run("generate", "--model", "/no", "--prompt", "x")).isEqualTo(3);
    assertThat(result().path("output").isNull()).isTrue();
  }

  @Test
  void aMissingPathIsNamedAsTheUserNamedIt() throws IOException {
    String out = "--output=" + folder.resolve("out");
    String pipeline = "--run-dir=" + folder.resolve("run");

    assertThat(sentence("generate", "--model", "/no", "--prompt", "x"))
        .isEqualTo("--model /no does not exist; check the path");
    assertThat(sentence("evaluate", "--model", "first=/no", "--input", "x", out))
        .isEqualTo("--model /no does not exist; check the path");
    assertThat(sentence("ppo", "--model=/no", "--reward-model=/no", "--input=x", out))
        .isEqualTo("--model and --reward-model /no does not exist; check the path");
    assertThat(sentence("init", "--tokenizer", "/no", out))
        .isEqualTo("--tokenizer /no does not exist; check the path");
    Path file = Files.createFile(folder.resolve("tokenizer.json"));
    assertThat(sentence("init", "--tokenizer", file.toString(), out))
        .isEqualTo(file + " is a file, but must be a directory; give the one it lies in");
    assertThat(sentence("generate", "--model", file.toString(), "--prompt", "x"))
        .startsWith(file + " is a file, but must be a directory");
    assertThat(sentence("pipeline", pipeline, "--set", "pipeline.input=/no"))
        .isEqualTo("pipeline.input /no does not exist; check the path");
    assertThat(sentence("generate", "--model", "gpt2", "--prompt", "gpt2"))
        .isEqualTo("--model gpt2 does not exist; check the path");
    assertThat(sentence("pipeline", pipeline, "--set", "pipeline.input=[/no]"))
        .isEqualTo("pipeline.input /no does not exist; check the path");
  }

  /** What is said on standard error by a command that ends with exit code 3. */
  private String sentence(String... arguments) {
    assertThat(run(arguments)).isEqualTo(3);
    List<String> lines = errors();
    return lines.get(lines.size() - 1);
  }

  @Test
  void badSettingIsOneSentence() throws IOException {
    assertThat(run("report", "--run-dir", "/no", "--quiet", "--set", "ppo.clip-rnge=1"))
        .isEqualTo(3);
    assertThat(errors())
        .containsExactly(
            "Unknown key ppo.clip-rnge (--set ppo.clip-rnge=1); did you mean ppo.clip-range?");
    assertThat(result().path("exit_code").asInt()).isEqualTo(3);
  }

  @Test
  void missingConfigurationFileIsOneSentence() {
    assertThat(run("report", "--run-dir", "/no", "--config", "/no/such.yaml")).isEqualTo(3);
    assertThat(errors())
        .containsExactly("The configuration file /no/such.yaml does not exist; check --config");
  }

  @Test
  void stackTraceOnlyOnRequest() {
    run("report", "--run-dir", "/no", "--set", "log.debug=true");
    assertThat(errors()).hasSizeGreaterThan(2).anyMatch(line -> line.startsWith("\tat "));
  }

  private int run(String... arguments) {
    return new CommandRunner(stream(out), stream(err), new StopSignal()).run(arguments);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private List<String> errors() {
    return err.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /** The last line of standard output. */
  private JsonNode result() throws IOException {
    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    return new ObjectMapper().readTree(lines.get(lines.size() - 1));
  }
}
