package io.carillon.http.bench;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A development node with its own database, in a process of its own, started for one run and gone
 * after it. Its settings are the shipped ones, apart from the limits on what one user may do: a
 * load of few users is what they are there to stop.
 */
final class OwnNode implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(90);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
  private static final int TAIL_LINES = 25;

  /** Settings of the node that differ from the shipped ones. */
  static final List<String> LIMITS_OFF =
      List.of(
          "-Dcarillon.engine.limits.initiates-per-minute=0",
          "-Dcarillon.engine.limits.redials=0",
          "-Dcarillon.http.socket.messages-per-second=1000000",
          "-Dcarillon.http.socket.burst=1000000");

  private final Process process;
  private final int port;
  private final Path directory;
  private final Thread hook;

  private OwnNode(Process process, int port, Path directory) {
    this.process = process;
    this.port = port;
    this.directory = directory;
    this.hook = new Thread(this::stop, "bench-stop-node");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Starts a node and waits until it answers.
   *
   * @param program the class with the command line
   * @param parent where its data goes, in a directory of its own
   * @param options for its virtual machine, behind those this one was started with
   * @throws IOException with the end of its log, if it does not start
   */
  static OwnNode start(String program, Path parent, List<String> options) throws IOException {
    Path directory =
        Files.createTempDirectory(Files.createDirectories(parent).toRealPath(), "bench-");
    int port = freePort();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // The collector, the configuration file and whatever else the launcher decided.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> !argument.startsWith("-agentlib") && !argument.startsWith("-javaagent"))
        .forEach(command::add);
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program));
    command.addAll(
        List.of(
            "dev",
            "--port",
            Integer.toString(port),
            "--data",
            directory.resolve("data").toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("node.log").toFile())
            .start();
    OwnNode node = new OwnNode(process, port, directory);
    try {
      node.awaitReady();
      return node;
    } catch (IOException e) {
      node.close();
      throw e;
    }
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  long pid() {
    return process.pid();
  }

  /** What its database's command line names. */
  Path directory() {
    return directory;
  }

  private void awaitReady() throws IOException {
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (!answers()) {
      boolean stopped;
      try {
        stopped = process.waitFor(50, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while the node started");
      }
      if (stopped || System.nanoTime() > deadline) {
        throw new IOException(
            (stopped ? "the node stopped" : "the node did not get ready")
                + "; the end of its log:\n"
                + tail());
      }
    }
  }

  /** Whether it hands out tokens: then everything is there. */
  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      socket.setSoTimeout(2000);
      String body = "{\"user_id\":\"bench-ready\"}";
      String request =
          "POST /api/v1/dev/tokens HTTP/1.1\r\nHost: 127.0.0.1:"
              + port
              + "\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body;
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] head = socket.getInputStream().readNBytes(12);
      return new String(head, StandardCharsets.US_ASCII).startsWith("HTTP/1.1 2");
    } catch (IOException notYet) {
      return false;
    }
  }

  private String tail() {
    try {
      List<String> lines = Files.readAllLines(directory.resolve("node.log"));
      return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    } catch (IOException e) {
      return "(there is no log)";
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void stop() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Stops it, and removes its data. */
  @Override
  public void close() throws IOException {
    stop();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      return;
    }
    delete(directory);
  }

  private static void delete(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e)
              throws IOException {
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
