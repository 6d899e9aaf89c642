package org.rlhf4j.jobs.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.rlhf4j.config.NearestName;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.Failure;
import org.rlhf4j.jobs.pipeline.RunConfig;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Runs one command line and reports it: the result as one JSON object on standard output, a failure
 * as one sentence on standard error.
 */
final class CommandRunner {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int TERMINATED = 143;

  private final PrintStream out;
  private final PrintStream err;
  private final StopSignal stopSignal;

  CommandRunner(PrintStream out, PrintStream err, StopSignal stopSignal) {
    this.out = out;
    this.err = err;
    this.stopSignal = stopSignal;
  }

  /** Returns the exit code. */
  int run(String... arguments) {
    CommandLine commandLine = Rlhf4j.commandLine();
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    commandLine.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    commandLine.setExecutionStrategy(this::execute);
    commandLine.setParameterExceptionHandler((e, args) -> refuse(e));
    return commandLine.execute(arguments);
  }

  private int execute(ParseResult parsed) {
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    Object user = last.commandSpec().userObject();
    if (!(user instanceof JobCommand command) || last.isUsageHelpRequested()) {
      return new CommandLine.RunLast().execute(parsed);
    }
    CommonOptions options = (CommonOptions) last.commandSpec().mixins().get("common").userObject();
    return run(last, command, options);
  }

  private int run(ParseResult parsed, JobCommand command, CommonOptions options) {
    String name = parsed.commandSpec().name();
    RunConfig config = RunConfig.DEFAULTS;
    stopSignal.watch(() -> reportStop(name, command.output()));
    boolean debug = options.debug();
    if (options.quiet()) {
      Logging.silence();
    }
    try {
      config = options.readConfig(command.defaultConfig());
      debug = config.rlhf().log().debug();
      if (debug && !options.quiet()) {
        Logging.showDetails();
      }
      JobResult result = runJob(name, command, options, config);
      stopSignal.finish();
      report(name, result);
      return command.exitCode(result);
    } catch (Exception | LinkageError | OutOfMemoryError | StackOverflowError e) {
      stopSignal.finish();
      if (debug) {
        e.printStackTrace(err);
      }
      return fail(name, command.output(), new PathNames(parsed, config).named(e, Failure.of(e)));
    }
  }

  private JobResult runJob(
      String name, JobCommand command, CommonOptions options, RunConfig config) {
    OutputLock lock = OutputLock.of(command.writes());
    try (lock;
        JobContext context = new JobContext(name, options, config, stopSignal, out)) {
      return command.run(context);
    }
  }

  private int refuse(ParameterException exception) {
    String command = exception.getCommandLine().getCommandName();
    return fail(
        command, Optional.empty(), new Failure(ExitCode.USAGE.code(), usageSentence(exception)));
  }

  private static String usageSentence(ParameterException exception) {
    String message = exception.getMessage().lines().findFirst().orElse("wrong usage");
    CommandLine commandLine = exception.getCommandLine();
    if (exception instanceof UnmatchedArgumentException unmatched
        && !commandLine.getSubcommands().isEmpty()) {
      String wrong = unmatched.getUnmatched().get(0);
      message =
          String.format(
              "Unknown command %s; did you mean %s",
              wrong, NearestName.of(wrong, commandLine.getSubcommands().keySet()));
    }
    return String.format(
        "%s; see %s --help", message, commandLine.getCommandSpec().qualifiedName());
  }

  private void report(String command, JobResult result) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("command", command);
    fields.put("status", result.status());
    fields.put("output", result.output());
    fields.putAll(result.counts());
    print(fields);
  }

  private void reportStop(String command, Optional<String> output) {
    err.println("Stopped by a signal; run the same command again");
    print(fields(command, "stopped", output, TERMINATED));
  }

  private int fail(String command, Optional<String> output, Failure failure) {
    err.println(failure.sentence());
    Map<String, Object> fields = fields(command, "failed", output, failure.exitCode());
    fields.put("error", failure.sentence());
    print(fields);
    return failure.exitCode();
  }

  private static Map<String, Object> fields(
      String command, String status, Optional<String> output, int exitCode) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("command", command);
    fields.put("status", status);
    fields.put("output", output.orElse(null));
    fields.put("exit_code", exitCode);
    return fields;
  }

  private void print(Map<String, Object> fields) {
    try {
      out.println(JSON.writeValueAsString(fields));
      out.flush();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
