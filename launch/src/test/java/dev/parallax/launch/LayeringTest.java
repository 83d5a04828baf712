package dev.parallax.launch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.assertj.core.api.Assertions;

/** The rules of who may use whom; a new package that breaks one does not build. */
@AnalyzeClasses(
    packages = "dev.parallax",
    importOptions = {ImportOption.DoNotIncludeTests.class, LayeringTest.NotGenerated.class})
class LayeringTest {
  private static final String KERNELS = "dev.parallax.kernels..";
  private static final String PERCEPTION = "dev.parallax.perception..";
  private static final String SIM = "dev.parallax.sim..";
  private static final String NODES = "dev.parallax.nodes..";

  /** What Micronaut, Protobuf and JMH generate is theirs to keep in order. */
  static final class NotGenerated implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/$")
          && !location.contains("/jmh_generated/")
          && !location.contains("/dev/parallax/proto/");
    }
  }

  @ArchTest
  static void theWholeHouseIsLookedAt(JavaClasses all) {
    Assertions.assertThat(all)
        .extracting(JavaClass::getPackageName)
        .contains(
            "dev.parallax.kernels",
            "dev.parallax.perception.pipeline",
            "dev.parallax.sim.eval",
            "dev.parallax.nodes.runtime");
  }

  @ArchTest
  static final ArchRule kernelsKnowNobody =
      noClasses()
          .that()
          .resideInAPackage(KERNELS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(PERCEPTION, SIM, NODES, "dev.parallax.proto..");

  @ArchTest
  static final ArchRule perceptionKnowsOnlyKernels =
      noClasses()
          .that()
          .resideInAPackage(PERCEPTION)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(SIM, NODES, "dev.parallax.proto..", "dev.parallax.kernels.cpu..");

  @ArchTest
  static final ArchRule simIsBelowNodes =
      noClasses()
          .that()
          .resideInAPackage(SIM)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(NODES);

  @ArchTest
  static final ArchRule perceptionKnowsNoTransportFilesOrClocks =
      noClasses()
          .that()
          .resideInAPackage(PERCEPTION)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.io..",
              "java.nio.file..",
              "java.net..",
              "java.time..",
              "org.bytedeco..",
              "io.micronaut..",
              "picocli..",
              "com.google.protobuf..")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis");

  @ArchTest
  static final ArchRule roomsOfPerceptionAreJoinedByThePipelineOnly =
      slices()
          .matching(
              "dev.parallax.perception.(depth|flow|inertial|odometry|prior|sceneflow|mapping)..")
          .should()
          .notDependOnEachOther()
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule theDomainDoesNotKnowThePipeline =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.parallax.perception.geometry..",
              "dev.parallax.perception.frame..",
              "dev.parallax.perception.depth..",
              "dev.parallax.perception.flow..",
              "dev.parallax.perception.inertial..",
              "dev.parallax.perception.odometry..",
              "dev.parallax.perception.prior..",
              "dev.parallax.perception.sceneflow..",
              "dev.parallax.perception.mapping..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.parallax.perception.pipeline..");

  /** The third is what Parallax is held against: made of OpenCV on purpose. */
  @ArchTest
  static final ArchRule openCvIsInTwoRoomsAndTheBaseline =
      onlyIn(
          "org.bytedeco.opencv..",
          "dev.parallax.kernels.cpu..",
          "dev.parallax.nodes.codec..",
          "dev.parallax.sim.baseline");

  @ArchTest
  static final ArchRule cudaIsInOneRoom = onlyIn("jcuda..", "dev.parallax.kernels.cuda..");

  @ArchTest
  static final ArchRule ffmpegIsInOneRoom =
      onlyIn("org.bytedeco.ffmpeg..", "dev.parallax.nodes.source..");

  @ArchTest
  static final ArchRule micronautIsInOneRoom = onlyIn("io.micronaut..", "dev.parallax.nodes.web..");

  @ArchTest
  static final ArchRule networksAreRunInOneRoomAndTrainedInAnother =
      onlyIn(
          "ai.djl..",
          "dev.parallax.perception.prior..",
          "dev.parallax.nodes.model..",
          "dev.parallax.sim.training..");

  @ArchTest
  static final ArchRule onnxRuntimeIsInOneRoom =
      onlyIn("ai.onnxruntime..", "dev.parallax.perception.prior..");

  @ArchTest
  static final ArchRule picocliIsInOneRoom = onlyIn("picocli..", "dev.parallax.nodes.cli..");

  @ArchTest
  static final ArchRule kafkaIsInOneRoom =
      onlyIn("org.apache.kafka..", "dev.parallax.nodes.kafka..");

  /** Only there at all with the Maven profile of that name. */
  @ArchTest
  static final ArchRule rosjavaIsInOneRoom =
      onlyIn("org.ros..", "dev.parallax.nodes.ros.rosjava..");

  @ArchTest
  static final ArchRule onlyTheCodecKnowsTheContract =
      onlyIn("dev.parallax.proto..", "dev.parallax.nodes.codec..");

  @ArchTest
  static final ArchRule theCommandLineIsOnTop =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.parallax.nodes.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.parallax.nodes.cli..");

  @ArchTest
  static final ArchRule sourcesAndCodecsDoNotKnowWhoRunsThem =
      noClasses()
          .that()
          .resideInAnyPackage("dev.parallax.nodes.source..", "dev.parallax.nodes.codec..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.parallax.nodes.runtime..", "dev.parallax.nodes.web..");

  @ArchTest
  static final ArchRule noStaticState =
      fields()
          .that()
          .areStatic()
          .and()
          .areDeclaredInClassesThat()
          .resideInAPackage("dev.parallax..")
          .and()
          .doNotHaveModifier(JavaModifier.SYNTHETIC)
          .should()
          .beFinal();

  @ArchTest
  static final ArchRule namesSayWhatAThingIs =
      classes()
          .that()
          .resideInAPackage("dev.parallax..")
          .should()
          .haveSimpleNameNotEndingWith("Utils")
          .andShould()
          .haveSimpleNameNotEndingWith("Util")
          .andShould()
          .haveSimpleNameNotEndingWith("Helper")
          .andShould()
          .haveSimpleNameNotEndingWith("Manager");

  private static ArchRule onlyIn(String library, String... rooms) {
    return noClasses()
        .that()
        .resideInAPackage("dev.parallax..")
        .and()
        .resideOutsideOfPackages(rooms)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library);
  }
}
