package org.rlhf4j.config;

/** All settings of the library; the sections of one configuration file. */
public record RlhfConfig(
    @Config(value = "seed", doc = "Seed of every random choice of a run, the split apart")
        long seed,
    @Section("pipeline") PipelineConfig pipeline,
    @Section("data") DataConfig data,
    @Section("prepare") PrepareConfig prepare,
    @Section("quality") QualityConfig quality,
    @Section("tokenizer") TokenizerConfig tokenizer,
    @Section("model") ModelConfig model,
    @Section("sft") OptimizerConfig sft,
    @Section("reward") RewardConfig reward,
    @Section("reward") OptimizerConfig rewardOptimizer,
    @Section("dpo") DpoConfig dpo,
    @Section("dpo") OptimizerConfig dpoOptimizer,
    @Section("ppo") PpoConfig ppo,
    @Section("ppo") PolicyObjectiveConfig ppoObjective,
    @Section("ppo") OptimizerConfig ppoOptimizer,
    @Section("trainer") TrainerConfig trainer,
    @Section("lora") LoraConfig lora,
    @Section("generation") GenerationConfig generation,
    @Section("kl") KlConfig kl,
    @Section("advantages") AdvantagesConfig advantages,
    @Section("score") ScoreConfig score,
    @Section("evaluate") EvaluateConfig evaluate,
    @Section("log") LogConfig log) {
  public static final RlhfConfig DEFAULTS =
      new RlhfConfig(
          0,
          PipelineConfig.DEFAULTS,
          DataConfig.DEFAULTS,
          PrepareConfig.DEFAULTS,
          QualityConfig.DEFAULTS,
          TokenizerConfig.DEFAULTS,
          ModelConfig.DEFAULTS,
          OptimizerConfig.SFT,
          RewardConfig.DEFAULTS,
          OptimizerConfig.REWARD,
          DpoConfig.DEFAULTS,
          OptimizerConfig.DPO,
          PpoConfig.DEFAULTS,
          PolicyObjectiveConfig.DEFAULTS,
          OptimizerConfig.PPO,
          TrainerConfig.DEFAULTS,
          LoraConfig.DEFAULTS,
          GenerationConfig.DEFAULTS,
          KlConfig.DEFAULTS,
          AdvantagesConfig.DEFAULTS,
          ScoreConfig.DEFAULTS,
          EvaluateConfig.DEFAULTS,
          LogConfig.DEFAULTS);
}
