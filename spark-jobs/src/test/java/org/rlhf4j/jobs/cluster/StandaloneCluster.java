package org.rlhf4j.jobs.cluster;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A standalone master and its workers, each a process of its own on free ports of the loopback
 * address. Closing it ends them all.
 */
final class StandaloneCluster implements AutoCloseable {
  private static final long START_SECONDS = 120;
  private static final Pattern MASTER_URL = Pattern.compile("Starting Spark master at (\\S+)");
  private static final Pattern REGISTERED = Pattern.compile("Successfully registered with master");

  private final SparkHome home;
  private final Path logs;
  private final List<Process> processes = new ArrayList<>();

  private StandaloneCluster(SparkHome home, Path logs) {
    this.home = home;
    this.logs = logs;
  }

  /**
   * Starts a master and {@code workers} workers with one core each; returns when all have joined.
   */
  static StandaloneCluster start(SparkHome home, int workers, String workerMemory, Path logs)
      throws IOException {
    Files.createDirectories(logs);
    StandaloneCluster cluster = new StandaloneCluster(home, logs);
    try {
      String master = cluster.startMaster();
      for (int worker = 0; worker < workers; worker++) {
        cluster.startWorker(worker, workerMemory, master);
      }
      cluster.master = master;
      return cluster;
    } catch (IOException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private String master = "";

  /** The master's {@code spark://} address. */
  String master() {
    return master;
  }

  private String startMaster() throws IOException {
    List<String> command =
        home.java(
            "org.apache.spark.deploy.master.Master",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--webui-port",
            "0");
    return launch("master", command, MASTER_URL).group(1);
  }

  private void startWorker(int number, String memory, String url) throws IOException {
    String name = "worker-" + number;
    List<String> command =
        home.java(
            "org.apache.spark.deploy.worker.Worker",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--webui-port",
            "0",
            "--cores",
            "1",
            "--memory",
            memory,
            "--work-dir",
            logs.resolve(name).toString(),
            url);
    launch(name, command, REGISTERED);
  }

  /** Starts a process and waits for the line of its log that says that it is ready. */
  private Matcher launch(String name, List<String> command, Pattern ready) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(home.environment());
    Process process = builder.start();
    processes.add(process);
    CompletableFuture<Matcher> line = new CompletableFuture<>();
    Thread reader = new Thread(() -> follow(process, logs.resolve(name + ".log"), ready, line));
    reader.setDaemon(true);
    reader.start();
    try {
      return line.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new IOException("The " + name + " did not start: see " + logs, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while the " + name + " started", e);
    }
  }

  /** Copies a process's output to its log until the process ends. */
  private static void follow(
      Process process, Path log, Pattern ready, CompletableFuture<Matcher> found) {
    try (BufferedReader output = process.inputReader();
        BufferedWriter copy = Files.newBufferedWriter(log)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        copy.write(line + System.lineSeparator());
        copy.flush();
        Matcher matcher = ready.matcher(line);
        if (matcher.find()) {
          found.complete(matcher);
        }
      }
    } catch (IOException e) {
      found.completeExceptionally(new UncheckedIOException(e));
    }
    found.completeExceptionally(new IllegalStateException("It ended; its log is " + log));
  }

  /** Ends workers before the master, executors with their workers. */
  @Override
  public void close() {
    for (int i = processes.size() - 1; i >= 0; i--) {
      Process process = processes.get(i);
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    for (Process process : processes) {
      process.onExit().join();
    }
  }
}
