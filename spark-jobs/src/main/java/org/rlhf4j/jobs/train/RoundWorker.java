package org.rlhf4j.jobs.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.api.DataSet;
import org.rlhf4j.dl4j.DivergedException;
import org.rlhf4j.dl4j.TrainingNetwork;
import org.rlhf4j.jobs.train.RoundResult.TakenStep;
import org.rlhf4j.jobs.train.RoundResult.WorkerSeconds;

/**
 * One worker's part of one round: starts from the learner's weights, fits its minibatches in order,
 * and leaves weights and updater state in its JVM. One instance serves one task.
 */
final class RoundWorker implements MinibatchWorker {
  private static final long serialVersionUID = 1L;

  private final ParameterHandle handle;
  private final Set<String> liveLearners;
  private final int threads;

  private transient WorkerNetworks.WorkerNetwork taken;
  private transient List<TakenStep> steps;
  private transient String divergence;
  private transient Laps laps;
  private transient double settingSeconds;

  /**
   * @param liveLearners learners whose networks executors should keep
   * @param threads kernel threads of a task
   */
  RoundWorker(ParameterHandle handle, Set<String> liveLearners, int threads) {
    this.handle = handle;
    this.liveLearners = liveLearners;
    this.threads = threads;
  }

  @Override
  public MultiLayerNetwork getInitialModel() {
    laps = new Laps();
    WorkerNetworks.retain(liveLearners);
    taken = WorkerNetworks.take(handle);
    taken.setVersion(""); // from here on it is nobody's version, should the task fail
    taken.network().useThreads(threads);
    steps = new ArrayList<>();
    divergence = null;
    settingSeconds = laps.next();
    return taken.network().network();
  }

  /**
   * One step; {@code network} is the one that {@link #getInitialModel()} gave.
   *
   * @return null to go on, or the result when training must stop
   */
  @Override
  public RoundResult processMinibatch(DataSet dataSet, MultiLayerNetwork network, boolean isLast) {
    stopIfKilled();
    StepMark mark = (StepMark) dataSet.getExampleMetaData().get(0);
    try {
      TrainingNetwork.Step measured = taken.network().fit(dataSet);
      steps.add(new TakenStep(mark.step(), mark.examples(), mark.keySum(), measured));
    } catch (DivergedException e) {
      divergence = "step " + mark.step() + " of the epoch: " + e.getMessage();
      return getFinalResult(network);
    }
    return isLast ? getFinalResult(network) : null;
  }

  private static void stopIfKilled() {
    TaskContext context = TaskContext.get();
    if (context != null && context.isInterrupted()) {
      throw new TaskKilledException("training interrupted");
    }
  }

  @Override
  public RoundResult getFinalResult(MultiLayerNetwork network) {
    laps.next();
    if (divergence == null) {
      try {
        taken.network().requireFinite();
      } catch (DivergedException e) {
        divergence = e.getMessage();
      }
    }
    if (divergence != null) {
      WorkerNetworks.release(taken);
      return RoundResult.diverged(steps, divergence);
    }
    taken.setVersion(UUID.randomUUID().toString());
    WorkerNetworks.publish(taken);
    return RoundResult.trained(
        taken.version(), steps, new WorkerSeconds(settingSeconds, laps.next()));
  }

  @Override
  public RoundResult getFinalResultNoData() {
    return RoundResult.withoutData();
  }
}
