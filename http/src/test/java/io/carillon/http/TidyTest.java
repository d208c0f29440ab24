package io.carillon.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The repository as its readers find it: links lead somewhere, packages explain themselves, nothing
 * is left half done.
 */
class TidyTest {

  private static final int LONGEST_SOURCE_FILE = 600;

  /** Output of builds and of running nodes, and what others wrote: not ours to tidy. */
  private static final Set<String> SKIPPED_DIRECTORIES =
      Set.of(".git", ".carillon", ".idea", ".vscode", "node_modules", "target", "vendor");

  private static final Path ROOT = root();
  private static final List<Path> FILES = files();

  /** {@code [text](target)} and {@code [name]: target}, without a title after the target. */
  private static final Pattern INLINE_LINK = Pattern.compile("]\\(\\s*<?([^)\\s>]+)");

  private static final Pattern REFERENCE_LINK =
      Pattern.compile("^\\s{0,3}\\[[^]]+]:\\s*<?([^\\s>]+)", Pattern.MULTILINE);

  private static final Pattern CODE =
      Pattern.compile("^ *(```|~~~).*?^ *\\1|`[^`\\n]*`", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern EXTERNAL = Pattern.compile("^([a-zA-Z][a-zA-Z0-9+.-]*:|//|#).*");

  /** Spelled so that this file does not find itself. */
  private static final Pattern LEFT_FOR_LATER =
      Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b");

  private static final Pattern DOCUMENTED_AND_NULL_MARKED =
      Pattern.compile("/\\*\\*.*\\*/\\s*@([a-z.]+\\.)?NullMarked\\s+package ", Pattern.DOTALL);

  @Test
  void linksInDocumentsLeadToFiles() {
    var broken = new ArrayList<String>();
    filesEndingIn(".md")
        .forEach(
            document -> {
              var text = CODE.matcher(read(document)).replaceAll("");
              for (var link : List.of(INLINE_LINK, REFERENCE_LINK)) {
                link.matcher(text)
                    .results()
                    .map(match -> match.group(1))
                    .filter(target -> !leadsSomewhere(document, target))
                    .forEach(target -> broken.add(shown(document) + " -> " + target));
              }
            });
    assertThat(broken).as("links that lead nowhere").isEmpty();
  }

  @Test
  void packagesExplainThemselvesAndAreNullMarked() {
    var packages = new TreeSet<Path>();
    mainSources().forEach(source -> packages.add(source.resolveSibling("package-info.java")));
    assertThat(packages)
        .as("packages without a package-info.java that has Javadoc and @NullMarked")
        .allMatch(
            info -> Files.exists(info) && DOCUMENTED_AND_NULL_MARKED.matcher(read(info)).find());
  }

  @Test
  void nothingIsLeftForLater() {
    var left = new ArrayList<String>();
    filesEndingIn(".java", ".ts", ".tsx", ".js", ".sql", ".sh", ".conf", "/carillon", ".ci/run")
        .forEach(
            source -> {
              var lines = read(source).lines().toList();
              for (int i = 0; i < lines.size(); i++) {
                if (LEFT_FOR_LATER.matcher(lines.get(i)).find()) {
                  left.add(shown(source) + ":" + (i + 1) + ": " + lines.get(i).strip());
                }
              }
            });
    assertThat(left).as("notes to do something later; do it, or open an issue").isEmpty();
  }

  @Test
  void sourceFilesCanBeReadInOneSitting() {
    assertThat(mainSources().filter(source -> read(source).lines().count() > LONGEST_SOURCE_FILE))
        .as("main sources of more than %d lines", LONGEST_SOURCE_FILE)
        .isEmpty();
  }

  private static boolean leadsSomewhere(Path document, String target) {
    if (EXTERNAL.matcher(target).matches()) {
      return true;
    }
    var path =
        URLDecoder.decode(target.split("[#?]", 2)[0].replace("+", "%2B"), StandardCharsets.UTF_8);
    // A target that begins with a slash counts from the root of the repository, as code hosts show
    // it.
    var file =
        path.startsWith("/") ? ROOT.resolve(path.substring(1)) : document.resolveSibling(path);
    return Files.exists(file);
  }

  private static Stream<Path> mainSources() {
    return filesEndingIn(".java")
        .filter(file -> file.toString().replace('\\', '/').contains("/src/main/java/"));
  }

  private static Stream<Path> filesEndingIn(String... endings) {
    return FILES.stream()
        .filter(file -> Stream.of(endings).anyMatch(file.toString().replace('\\', '/')::endsWith));
  }

  private static String shown(Path file) {
    return ROOT.relativize(file).toString();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /**
   * The directory that holds the launcher; tests run in their module's directory, or at the root.
   */
  private static Path root() {
    var directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("carillon"))
        || !Files.exists(directory.resolve("engine"))) {
      var parent = directory.getParent();
      if (parent == null) {
        throw new IllegalStateException(
            "not run inside the repository: " + Path.of("").toAbsolutePath());
      }
      directory = parent;
    }
    return directory;
  }

  private static List<Path> files() {
    var files = new ArrayList<Path>();
    try {
      Files.walkFileTree(
          ROOT,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(
                Path directory, BasicFileAttributes attributes) {
              return !directory.equals(ROOT)
                      && SKIPPED_DIRECTORIES.contains(directory.getFileName().toString())
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              files.add(file);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return files;
  }
}
