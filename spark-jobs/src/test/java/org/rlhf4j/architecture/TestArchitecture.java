package org.rlhf4j.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestArchitecture {
  private static final String[] DATA_SCHEMAS = {"org.rlhf4j.data.."};
  private static final String[] MODEL_CORE = {
    "org.rlhf4j.config..",
    "org.rlhf4j.decoder..",
    "org.rlhf4j.dl4j..",
    "org.rlhf4j.generation..",
    "org.rlhf4j.hub..",
    "org.rlhf4j.metrics..",
    "org.rlhf4j.objective..",
    "org.rlhf4j.rlhf..",
    "org.rlhf4j.tensor..",
    "org.rlhf4j.text..",
    "org.rlhf4j.trust.."
  };
  private static final String[] SPARK_JOBS = {"org.rlhf4j.jobs.."};

  private static JavaClasses classes;

  @BeforeAll
  static void importClasses() {
    classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.rlhf4j");
    assertThat(classes.contain("org.rlhf4j.data.dataset.Rollout")).isTrue();
    assertThat(classes.contain("org.rlhf4j.decoder.Decoder")).isTrue();
  }

  @Test
  void everyPackageBelongsToAModule() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("data-schemas")
        .definedBy(DATA_SCHEMAS)
        .layer("model-core")
        .definedBy(MODEL_CORE)
        .layer("spark-jobs")
        .definedBy(SPARK_JOBS)
        .ensureAllClassesAreContainedInArchitecture()
        .check(classes);
  }

  @Test
  void modulesDependOneWay() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("data-schemas")
        .definedBy(DATA_SCHEMAS)
        .layer("model-core")
        .definedBy(MODEL_CORE)
        .layer("spark-jobs")
        .definedBy(SPARK_JOBS)
        .whereLayer("spark-jobs")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("model-core")
        .mayOnlyBeAccessedByLayers("spark-jobs")
        .check(classes);
  }

  @Test
  void onlySparkJobsKnowSparkAndHadoop() {
    noClasses()
        .that()
        .resideOutsideOfPackages(SPARK_JOBS)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "scala..")
        .check(classes);
  }

  @Test
  void dataSchemasKnowNoTensors() {
    noClasses()
        .that()
        .resideInAnyPackage(DATA_SCHEMAS)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.nd4j..", "org.deeplearning4j..", "org.bytedeco..")
        .check(classes);
  }

  /** With a second width of float vectors in a process generation was seven times slower. */
  @Test
  void vectorsHaveOneWidth() {
    Stream<String> species =
        classes.stream()
            .flatMap(type -> type.getFieldAccessesFromSelf().stream())
            .map(access -> access.getTarget().getFullName())
            .filter(name -> name.startsWith("jdk.incubator.vector."))
            .filter(name -> name.contains(".SPECIES_"));
    assertThat(species).containsOnly("jdk.incubator.vector.FloatVector.SPECIES_PREFERRED");
    noClasses().should().dependOnClassesThat().haveSimpleName("VectorShape").check(classes);
  }

  /**
   * Command line, pipeline, stages, the work of stages, models, storage: each knows those below.
   */
  @Test
  void jobsDependDownwards() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .withOptionalLayers(true)
        .layer("cli")
        .definedBy("org.rlhf4j.jobs.cli..")
        .layer("pipeline")
        .definedBy("org.rlhf4j.jobs.pipeline..")
        .layer("stages")
        .definedBy(
            "org.rlhf4j.jobs.demo..",
            "org.rlhf4j.jobs.evaluate..",
            "org.rlhf4j.jobs.label..",
            "org.rlhf4j.jobs.ppo..",
            "org.rlhf4j.jobs.prepare..",
            "org.rlhf4j.jobs.quality..",
            "org.rlhf4j.jobs.report..",
            "org.rlhf4j.jobs.reviews..",
            "org.rlhf4j.jobs.reward..",
            "org.rlhf4j.jobs.sft..",
            "org.rlhf4j.jobs.tokenizer..")
        .layer("work")
        .definedBy("org.rlhf4j.jobs.rollout..", "org.rlhf4j.jobs.train..")
        .layer("model")
        .definedBy("org.rlhf4j.jobs.model..")
        .layer("storage")
        .definedBy("org.rlhf4j.jobs.checkpoint..", "org.rlhf4j.jobs.dataset..")
        .layer("jobs")
        .definedBy("org.rlhf4j.jobs")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("pipeline")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("stages")
        .mayOnlyBeAccessedByLayers("cli", "pipeline")
        .whereLayer("work")
        .mayOnlyBeAccessedByLayers("cli", "pipeline", "stages")
        .whereLayer("model")
        .mayOnlyBeAccessedByLayers("cli", "pipeline", "stages", "work")
        .whereLayer("storage")
        .mayOnlyBeAccessedByLayers("cli", "pipeline", "stages", "work", "model")
        .whereLayer("jobs")
        .mayOnlyBeAccessedByLayers("cli", "pipeline", "stages", "work", "model", "storage")
        .check(classes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"org.rlhf4j.(*)..", "org.rlhf4j.data.(*)..", "org.rlhf4j.jobs.(*).."})
  void packagesHaveNoCycles(String packages) {
    slices().matching(packages).should().beFreeOfCycles().check(classes);
  }

  @Test
  void onlyTheCommandLinePrints() {
    noClasses()
        .that()
        .resideOutsideOfPackages("org.rlhf4j.jobs.bench..", "org.rlhf4j.jobs.cli..")
        .should(ACCESS_STANDARD_STREAMS)
        .check(classes);
  }

  @Test
  void logsGoThroughSlf4j() {
    NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(classes);
  }

  /** Java serialisation of foreign bytes runs foreign code; model files are parsed instead. */
  @Test
  void nothingIsReadByJavaDeserialisation() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.ObjectInputStream")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("org.deeplearning4j.util.ModelSerializer")
        .check(classes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"data-schemas", "model-core", "spark-jobs"})
  void everyPackageSaysWhatItIsFor(String module) throws IOException {
    Path sources = Path.of("..", module, "src", "main", "java");
    try (Stream<Path> files = Files.walk(sources)) {
      List<Path> undocumented =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .map(Path::getParent)
              .distinct()
              .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
              .toList();
      assertThat(undocumented).as("packages without package-info.java").isEmpty();
    }
  }
}
