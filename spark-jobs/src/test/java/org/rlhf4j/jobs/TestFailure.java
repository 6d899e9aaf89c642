package org.rlhf4j.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TestFailure {
  @Test
  @Tag("spark")
  void sentenceAndExitCodeOfATaskReachTheUser() {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(SparkTests.session().sparkContext());
    Throwable thrown =
        catchThrowable(
            () -> spark.parallelize(List.of(1, 2), 2).map(TestFailure::diverge).collect());
    assertThat(thrown).isInstanceOf(SparkException.class);
    assertThat(Failure.of(thrown))
        .isEqualTo(new Failure(4, "Row 3 of rows.jsonl diverged; lower the learning rate"));
  }

  private static int diverge(int row) {
    throw new JobException(
        ExitCode.GATE_FAILED,
        "Row 3 of rows.jsonl diverged;\n lower the learning rate",
        new Unsendable());
  }

  /** Not serialisable, so that Spark cannot send it to the driver. */
  private static final class Unsendable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings({"serial", "unused"})
    private final Object content = new Object();
  }

  @Test
  @Tag("spark")
  void missingPathOfATaskReachesTheUser() {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(SparkTests.session().sparkContext());
    Throwable thrown =
        catchThrowable(() -> spark.parallelize(List.of(1), 1).map(TestFailure::miss).collect());
    assertThat(thrown.getCause())
        .isInstanceOfSatisfying(
            JobException.class, failure -> assertThat(failure.missingPath()).contains("/no"));
  }

  private static int miss(int row) {
    throw JobException.missing("Directory", "/no");
  }

  @Test
  void sentenceInsideAStorageFailureWins() {
    Exception thrown =
        new IOException("Task failed", JobException.badInput("%s is empty; give rows", "a.jsonl"));
    assertThat(Failure.of(thrown)).isEqualTo(new Failure(3, "a.jsonl is empty; give rows"));
  }

  @Test
  void sentenceIsFoundInTheTextOfALostCause() {
    SparkException thrown =
        new SparkException(
            "Job aborted: Lost task 0.3 in stage 1.0: org.rlhf4j.jobs.JobException: Row 3 of"
                + " a.jsonl is bad; correct it\n\tat org.rlhf4j.Some.where(Some.java:1)\n");
    assertThat(Failure.of(thrown)).isEqualTo(new Failure(3, "Row 3 of a.jsonl is bad; correct it"));
  }

  @Test
  void storageFailureNamesItsCause() {
    assertThat(Failure.of(new RuntimeException(new IOException("No space left on device\n more"))))
        .isEqualTo(
            new Failure(
                5,
                "Storage failed (No space left on device); check the path, its permissions and the"
                    + " free space, and run again"));
    assertThat(Failure.of(new FileNotFoundException("File a does not exist")).exitCode())
        .isEqualTo(3);
  }

  @Test
  void defectsAreSaidToBeUnexpected() {
    assertThat(Failure.of(new IllegalStateException("x\ny")))
        .isEqualTo(
            new Failure(
                1,
                "Unexpected failure (IllegalStateException: x); run again with --set"
                    + " log.debug=true for the details"));
  }
}
