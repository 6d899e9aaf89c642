package org.rlhf4j.jobs.report;

import org.apache.hadoop.fs.Path;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.Storage;

/** Writes the page and the TensorBoard events of a run, finished or not. */
public final class ReportJob {
  private static final String PAGE = "report/index.html";

  private final Storage storage;

  /**
   * @param page the written page
   * @param events scalar values written for TensorBoard
   */
  public record Result(String page, long events) {}

  public ReportJob(Storage storage) {
    this.storage = storage;
  }

  /**
   * @throws JobException if the directory holds no run
   */
  public Result execute(String runDirectory) {
    if (!storage.exists(new Path(runDirectory, "run.json"))) {
      throw JobException.badInput(
          "%s is no run directory (it has no run.json); check --run-dir", runDirectory);
    }
    RunFiles files = new RunFiles(storage, runDirectory);
    Path page = new Path(runDirectory, PAGE);
    storage.replaceText(page, new ReportPage(files, new Path(runDirectory).getName()).html());
    long events = new TensorBoardEvents(files).writeTo(runDirectory);
    return new Result(page.toString(), events);
  }
}
