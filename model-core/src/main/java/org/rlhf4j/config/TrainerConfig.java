package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

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
    @Config(value = "device", doc = "auto, cpu or cuda") Device device) {

  /** Where updates are computed. */
  public enum Device {
    AUTO,
    CPU,
    CUDA
  }

  public static final TrainerConfig DEFAULTS = new TrainerConfig(1, 1, Device.AUTO);

  public TrainerConfig {
    check(workers > 0, "trainer.workers must be positive, but is %s", workers);
    check(
        averagingFrequency > 0,
        "trainer.averaging-frequency must be positive, but is %s",
        averagingFrequency);
    check(
        device != Device.CUDA, "trainer.device cuda is not there yet; set it to auto or cpu%s", "");
  }
}
