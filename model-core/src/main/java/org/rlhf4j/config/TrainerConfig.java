package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

import org.rlhf4j.tensor.KernelSet;

/** How parameter averaging is spread over the cluster. */
public record TrainerConfig(
    @Config(
            value = "workers",
            doc = "Workers whose parameters are averaged; not tied to the cluster's size")
        int workers,
    @Config(
            value = "averaging-frequency",
            doc = "Optimiser steps of each worker between two averages")
        int averagingFrequency,
    @Config(
            value = "checkpoint-steps",
            doc =
                "Optimiser steps of sft, reward and dpo between two checkpoints, from which a killed"
                    + " command goes on; 0 for none")
        int checkpointSteps,
    @Config(
            value = "device",
            doc =
                "Where this build must compute: its profile (-Pcuda) decides, and cpu or cuda insist")
        Device device) {

  /** Where updates are computed. */
  public enum Device {
    AUTO,
    CPU,
    CUDA
  }

  public static final TrainerConfig DEFAULTS = new TrainerConfig(1, 1, 500, Device.AUTO);

  public TrainerConfig {
    check(workers > 0, "trainer.workers must be positive, but is %s", workers);
    check(
        averagingFrequency > 0,
        "trainer.averaging-frequency must be positive, but is %s",
        averagingFrequency);
    check(
        checkpointSteps >= 0,
        "trainer.checkpoint-steps must not be negative, but is %s",
        checkpointSteps);
    check(
        device != Device.CUDA || KernelSet.backendIsCuda(),
        "trainer.device is cuda, but this build computes on the processor; build with -Pcuda, or set"
            + " it to auto or cpu");
    check(
        device != Device.CPU || !KernelSet.backendIsCuda(),
        "trainer.device is cpu, but this build computes on GPUs; build without -Pcuda, or set it to"
            + " auto or cuda");
  }
}
