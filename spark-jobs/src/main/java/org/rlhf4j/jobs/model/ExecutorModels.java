package org.rlhf4j.jobs.model;

import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.PackedModel;
import org.rlhf4j.hub.ModelDirectory;
import org.rlhf4j.hub.ScoreNormalization;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.checkpoint.DirectoryIdentity;
import org.rlhf4j.jobs.checkpoint.LocalDirectory;
import org.rlhf4j.text.TextEncoder;
import org.rlhf4j.text.Tokenizer;

/**
 * Models and tokenizers of this JVM, loaded once from their directories and shared read-only by its
 * tasks. A directory is identified by its path and the hash of its manifest or files. Keeps the few
 * most recently used; what a task still holds stays valid, since memory is freed only when it is
 * unreachable.
 */
public final class ExecutorModels {
  /** Policy, reference policy, critic and reward model. */
  private static final int KEPT_MODELS = 4;

  /** Policies, of which a run uses one after the other. */
  private static final int KEPT_PACKED = 1;

  private static final int KEPT_ENCODERS = 8;

  private static final SharedCache<DecoderModel> MODELS = new SharedCache<>(KEPT_MODELS);
  private static final SharedCache<PackedModel> PACKED = new SharedCache<>(KEPT_PACKED);
  private static final SharedCache<TextEncoder> ENCODERS = new SharedCache<>(KEPT_ENCODERS);
  private static final SharedCache<int[]> END_TOKENS = new SharedCache<>(KEPT_ENCODERS);
  private static final SharedCache<Double> SCORE_OFFSETS = new SharedCache<>(KEPT_ENCODERS);

  private ExecutorModels() {}

  /** Any Hadoop path; a remote directory is copied to local storage first. */
  public static DecoderModel model(String directory) {
    return MODELS.of(directory, DirectoryIdentity.of(directory), ExecutorModels::loadModel);
  }

  /**
   * The same for a directory that must hold a language model.
   *
   * @throws JobException if it holds a reward model
   */
  public static DecoderModel languageModel(String directory) {
    return withHead(directory, DecoderHead.LANGUAGE_MODEL, "a language model");
  }

  /**
   * The same, made ready to generate.
   *
   * @throws JobException if it holds a reward model
   */
  public static PackedModel packedModel(String directory) {
    return PACKED.of(
        directory, DirectoryIdentity.of(directory), key -> new PackedModel(languageModel(key)));
  }

  /**
   * The same for a directory that must hold a reward model or a critic.
   *
   * @throws JobException if it holds a language model
   */
  public static DecoderModel rewardModel(String directory) {
    return withHead(directory, DecoderHead.SCALAR, "a reward model");
  }

  private static DecoderModel withHead(String directory, DecoderHead head, String wanted) {
    DecoderModel model = model(directory);
    if (model.head() != head) {
      throw JobException.badInput(
          "%s is not %s (its config.json names another architecture); give the directory of one",
          directory, wanted);
    }
    return model;
  }

  public static TextEncoder encoder(String directory) {
    return ENCODERS.of(directory, DirectoryIdentity.of(directory), ExecutorModels::loadEncoder);
  }

  /** Tokens that end a response of the directory's model. */
  public static int[] endTokens(String directory) {
    return END_TOKENS.of(directory, DirectoryIdentity.of(directory), ExecutorModels::loadEndTokens);
  }

  /** What is added to the scalars of the directory's reward model; 0 for most. */
  public static double scoreOffset(String directory) {
    return SCORE_OFFSETS.of(
        directory, DirectoryIdentity.of(directory), ExecutorModels::loadScoreOffset);
  }

  private static DecoderModel loadModel(String directory) {
    try (LocalDirectory local = LocalDirectory.of(directory)) {
      return ModelDirectory.load(local.path());
    }
  }

  private static TextEncoder loadEncoder(String directory) {
    try (LocalDirectory local = LocalDirectory.of(directory, ExecutorModels::isText)) {
      return new TextEncoder(Tokenizer.load(local.path()));
    }
  }

  private static int[] loadEndTokens(String directory) {
    try (LocalDirectory local = LocalDirectory.of(directory, ExecutorModels::isText)) {
      return ModelDirectory.endTokens(local.path());
    }
  }

  private static double loadScoreOffset(String directory) {
    try (LocalDirectory local = LocalDirectory.of(directory, ExecutorModels::isText)) {
      return ScoreNormalization.readOffset(local.path());
    }
  }

  /** Settings and tokenizer files, as opposed to weights and training state. */
  private static boolean isText(String file) {
    return file.matches("[^/]+\\.(json|jinja|txt)");
  }
}
