package io.carillon.http.testnode;

import com.typesafe.config.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A development node in a process of its own, which can be killed as a machine dies. */
public final class NodeProcess implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Path data;
  private final int port;
  private final List<String> settings;
  private final List<String> command;
  private Process process;

  private NodeProcess(Path data, int port, List<String> settings, List<String> command) {
    this.data = data;
    this.port = port;
    this.settings = settings;
    this.command = command;
    this.process = launch();
  }

  /**
   * Starts a node and waits until it is ready.
   *
   * @param data where its database is kept
   * @param settings as {@code key=value}
   */
  public static NodeProcess start(Path data, String... settings) {
    int port = freePort();
    List<String> command =
        List.of("dev", "--port", Integer.toString(port), "--data", data.toString());
    NodeProcess node = new NodeProcess(data, port, List.of(settings), command);
    node.awaitReady();
    return node;
  }

  /**
   * Launches a node as an operator's, on a database that is there, and waits for nothing: several
   * can be launched at the same instant.
   *
   * @param name of its log
   * @param settings as {@code key=value}
   */
  public static NodeProcess launch(Path name, List<String> settings) {
    int port = freePort();
    List<String> all = new ArrayList<>(settings);
    all.add("carillon.http.port=" + port);
    return new NodeProcess(name, port, all, List.of("serve"));
  }

  /**
   * Launches several nodes on one database, each at a loopback address of its own, and waits until
   * all are ready.
   *
   * @param directory where their logs go
   * @param database {@code carillon.database} of the database they share
   * @param settings of all of them, as {@code key=value}
   */
  public static List<NodeProcess> cluster(
      Path directory, Config database, int nodes, String... settings) {
    List<NodeProcess> launched = new ArrayList<>();
    for (int i = 1; i <= nodes; i++) {
      launched.add(launch(directory.resolve("node-" + i), member(i, database, settings)));
    }
    launched.forEach(NodeProcess::awaitReady);
    return launched;
  }

  /** The settings of the node with this number of a cluster on this database. */
  public static List<String> member(int number, Config database, String... settings) {
    List<String> all = new ArrayList<>(List.of(settings));
    all.add("carillon.auth.secret=" + TestNode.SECRET);
    all.add("carillon.cluster.host=127.0.0." + number);
    all.add("carillon.cluster.port=0");
    database
        .getConfig("carillon.database")
        .entrySet()
        .forEach(e -> all.add("carillon.database." + e.getKey() + "=" + e.getValue().unwrapped()));
    return all;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process launch() {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.add("--sun-misc-unsafe-memory-access=allow");
    line.add("--enable-native-access=ALL-UNNAMED");
    line.add("-Xmx512m");
    settings.forEach(setting -> line.add("-D" + setting));
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.carillon.http.app.Main"));
    line.addAll(command);
    try {
      return new ProcessBuilder(line)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path log() {
    return data.resolveSibling(data.getFileName() + ".log");
  }

  /** Returns when it serves. */
  public void awaitReady() {
    Awaitility.await("the node in " + data)
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new AssertionError("the node ended: " + Files.readString(log()));
              }
              return status("/health/ready") == 200;
            });
  }

  /** Whether it says that it can serve. */
  public boolean isReady() {
    try {
      return status("/health/ready") == 200;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private int status(String path) throws InterruptedException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url() + path)).timeout(Duration.ofSeconds(5)).build();
      return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException notYet) {
      return 0;
    }
  }

  /** {@code http://localhost:port}. */
  public String url() {
    return "http://localhost:" + port;
  }

  /** A token of this user, made by the node. */
  public String token(String user) {
    return new TestClient(url(), "")
        .post("/api/v1/dev/tokens", "{\"user_id\":\"" + user + "\"}")
        .json()
        .path("token")
        .asText();
  }

  /** Asks the process to stop, as an operator does, and waits for nothing. */
  public void terminate() {
    process.destroy();
  }

  /** Sends the process a signal by its name, STOP or CONT. */
  public void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /** Waits until the process has ended; returns its exit code. */
  public int exitCode(Duration atMost) {
    return process.onExit().orTimeout(atMost.toMillis(), TimeUnit.MILLISECONDS).join().exitValue();
  }

  /** What the node has logged so far. */
  public String logged() {
    try {
      return Files.readString(log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the process as a power cut does. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Starts it again on the same data and port, and waits until it is ready. */
  public void startAgain() {
    process = launch();
    awaitReady();
  }

  /** Stops it as an operator does. */
  @Override
  public void close() {
    process.destroy();
    if (!process.onExit().completeOnTimeout(process, 40, TimeUnit.SECONDS).join().isAlive()) {
      return;
    }
    process.destroyForcibly();
  }
}
