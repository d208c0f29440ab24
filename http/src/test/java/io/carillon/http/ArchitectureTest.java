package io.carillon.http;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.Serializable;
import java.time.Clock;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Which code may know which. The rules cover all three modules, since this one sees them all; each
 * says why it is there, for the reader whose build it stops.
 */
@AnalyzeClasses(
    packages = "io.carillon",
    importOptions = {
      ImportOption.DoNotIncludeTests.class,
      ArchitectureTest.WithoutTestsOfOtherModules.class
    })
class ArchitectureTest {

  /** The test database comes in a jar of another module's tests, which the other option misses. */
  static final class WithoutTestsOfOtherModules implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar") && !location.contains("/test-classes/");
    }
  }

  private static final String[] PURE = {
    "io.carillon.engine.identity..", "io.carillon.engine.call..", "io.carillon.engine.session.."
  };

  private static final Set<String> ASKS_THE_MACHINE =
      Set.of(
          "java.lang.System.currentTimeMillis",
          "java.lang.System.nanoTime",
          "java.lang.System.getenv",
          "java.lang.System.getProperty",
          "java.lang.Math.random",
          "java.util.UUID.randomUUID");

  @ArchTest
  static final ArchRule pureRulesKnowOnlyJavaAndEachOther =
      classes()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(PURE)
                  .or(resideInAPackage("org.jspecify.."))
                  // What exceptions and lambdas drag in, and what counting the bytes of a text
                  // needs.
                  .or(type(Serializable.class))
                  .or(resideInAPackage("java.nio.charset.."))
                  .or(
                      resideInAPackage("java..")
                          .and(
                              not(
                                  resideInAnyPackage(
                                      "java.io..", "java.net..", "java.nio..", "java.sql..")))))
          .because("a call must be decided and replayed the same way everywhere, for ever")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule pureRulesAreGivenTheTimeAndTheirIds =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .accessTargetWhere(asksTheMachine())
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(RandomGenerator.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Clock.class)
          .because("a decision depends on its arguments alone; the shell hands in now and new ids")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule engineKnowsNeitherDatabaseNorWeb =
      noClasses()
          .that()
          .resideInAPackage("io.carillon.engine..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.sql..",
              "javax.sql..",
              "org.apache.pekko.http..",
              "io.carillon.persistence..",
              "io.carillon.http..")
          .because("storage and edge are replaceable, the engine is not")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule persistenceStoresFactsWithoutKnowingTheActors =
      noClasses()
          .that()
          .resideInAPackage("io.carillon.persistence..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.carillon.engine.actor..", "io.carillon.http..")
          .because("what is stored outlives the actors that decided it")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule frameTypesKnowOnlyJsonAndTheWordsOfTheDomain =
      classes()
          .that()
          .resideInAPackage("io.carillon.http.protocol..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.carillon.http.protocol..",
              "io.carillon.engine.call..",
              "io.carillon.engine.identity..",
              "com.fasterxml.jackson..",
              "org.jspecify..",
              "java..")
          .because("the protocol is a contract with others, not a view of our internals")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule nothingDependsOnTheApplication =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.carillon.http.app..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.carillon.http.app..")
          .because("only the composition root sees everything, and nothing sees it")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule namesSayWhatAThingIs =
      noClasses()
          .should()
          .haveNameMatching(".*(Manager|Util|Utils|Helper|Impl)")
          .because("such a name fits anything, and so anything gets put there")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule engineHasNoPackageCycles =
      slices()
          .matching("io.carillon.engine.(*)..")
          .should()
          .beFreeOfCycles()
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule persistenceHasNoPackageCycles =
      slices()
          .matching("io.carillon.persistence.(*)..")
          .should()
          .beFreeOfCycles()
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule httpHasNoPackageCycles =
      slices().matching("io.carillon.http.(*)..").should().beFreeOfCycles().allowEmptyShould(true);

  /** Reads of the clock and of randomness, called or passed on as a method reference. */
  private static DescribedPredicate<JavaAccess<?>> asksTheMachine() {
    return DescribedPredicate.describe(
        "asks the machine for the time or for chance",
        access -> {
          var target = access.getTargetOwner().getName() + "." + access.getName();
          return (target.startsWith("java.time.") && target.endsWith(".now"))
              || ASKS_THE_MACHINE.contains(target);
        });
  }
}
