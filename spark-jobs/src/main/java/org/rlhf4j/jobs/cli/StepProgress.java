package org.rlhf4j.jobs.cli;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.rlhf4j.jobs.train.StepMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows the steps of trainers: a bar on a terminal, one line per interval elsewhere. */
final class StepProgress implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StepProgress.class);
  private static final Duration INTERVAL = Duration.ofSeconds(15);
  private static final int BAR_MILLIS = 500;
  private static final long UNKNOWN_LENGTH = -1;

  private final CommonOptions.Progress style;
  private final Clock clock;
  private ProgressBar bar;
  private String barStage = "";
  private Instant lastLine = Instant.EPOCH;

  StepProgress(CommonOptions.Progress style, Clock clock) {
    this.style = style;
    this.clock = clock;
  }

  /** Listener of one stage's trainer. */
  Consumer<StepMetrics> of(String stage) {
    return switch (style) {
      case BAR -> step -> draw(stage, step);
      case LINES -> step -> logLine(stage, step);
      case NONE -> step -> {};
    };
  }

  private void draw(String stage, StepMetrics step) {
    if (bar == null || !barStage.equals(stage)) {
      close();
      barStage = stage;
      bar =
          new ProgressBarBuilder()
              .setTaskName(stage)
              .setInitialMax(UNKNOWN_LENGTH)
              .setUpdateIntervalMillis(BAR_MILLIS)
              .build();
    }
    bar.stepTo(step.step());
    bar.setExtraMessage(" " + values(step));
  }

  private void logLine(String stage, StepMetrics step) {
    Instant now = clock.instant();
    if (Duration.between(lastLine, now).compareTo(INTERVAL) >= 0) {
      lastLine = now;
      LOG.info("{}: step {}, {}", stage, step.step(), values(step));
    }
  }

  private static String values(StepMetrics step) {
    return step.values().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> String.format(Locale.ROOT, "%s %.4g", entry.getKey(), entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
