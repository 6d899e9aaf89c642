package org.rlhf4j.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.ToyModels;

class TestEvaluateCommand {
  @TempDir private Path directory;
  private ToyModels toys;

  @BeforeEach
  void makeModels() {
    toys = new ToyModels(directory);
  }

  /** First line on standard error. */
  private String refusal(String... models) {
    List<String> arguments = new ArrayList<>(List.of("evaluate", "--quiet"));
    for (String model : models) {
      arguments.add("--model=" + model);
    }
    arguments.add("--input=" + directory.resolve("input"));
    arguments.add("--output=" + directory.resolve("output"));
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(errors, true, StandardCharsets.UTF_8);
    int code = new CommandRunner(out, err, new StopSignal()).run(arguments.toArray(String[]::new));
    assertThat(code).isEqualTo(ExitCode.BAD_INPUT.code());
    assertThat(Files.exists(directory.resolve("output/evaluation.json"))).isFalse();
    return errors.toString(StandardCharsets.UTF_8).lines().findFirst().orElse("");
  }

  @Test
  void wantsOneRewardModel() {
    assertThat(refusal(toys.policy()))
        .isEqualTo("evaluate needs exactly one reward model among --model, but got 0");
    assertThat(refusal(toys.reward(), toys.reward())).endsWith("but got 2");
  }

  @Test
  void wantsNamesThatDiffer() {
    assertThat(refusal(toys.reward(), "a=" + toys.policy(), "a=" + toys.policy()))
        .isEqualTo("Two policies are called a; name them, as in --model first=" + toys.policy());
  }
}
