package io.carillon.http.testnode;

import com.typesafe.config.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A development node in a process of its own, which can be killed as a machine dies. */
public final class NodeProcess implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /**
   * Where and how a node runs.
   *
   * @param data where its database is kept, if it has its own; its log stands beside it
   * @param host where it serves clients
   * @param before what stands in front of its command line, for instance to enter a namespace
   * @param settings as {@code key=value}
   * @param classPath of its JVM
   * @param options of its JVM
   */
  public record Place(
      Path data,
      String host,
      int port,
      List<String> before,
      List<String> settings,
      String classPath,
      List<String> options) {}

  /** The heap's generations, whatever the collector; not the classes. */
  private static final Pattern USED =
      Pattern.compile(
          "(?m)^ *(?:PSYoungGen|ParOldGen|DefNew|def new generation|Tenured|tenured"
              + " generation|garbage-first heap) .*?used (\\d+)K");

  private static final List<String> ROOMY = List.of("-Xmx512m");
  private static final String OWN_CLASS_PATH = System.getProperty("java.class.path");

  private final Place place;
  private final List<String> command;
  private volatile Process process;

  private NodeProcess(Place place, List<String> command) {
    this.place = place;
    this.command = command;
    this.process = launch(List.of());
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
    Place place =
        new Place(data, "localhost", port, List.of(), List.of(settings), OWN_CLASS_PATH, ROOMY);
    NodeProcess node = new NodeProcess(place, command);
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
    return launch(new Place(name, "localhost", port, List.of(), all, OWN_CLASS_PATH, ROOMY));
  }

  /** Launches a node as an operator's in this place, and waits for nothing. */
  public static NodeProcess launch(Place place) {
    return new NodeProcess(place, List.of("serve"));
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

  /** A port nobody listens on at the moment. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process launch(List<String> also) {
    List<String> line = new ArrayList<>(place.before());
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.add("--sun-misc-unsafe-memory-access=allow");
    line.add("--enable-native-access=ALL-UNNAMED");
    line.addAll(place.options());
    place.settings().forEach(setting -> line.add("-D" + setting));
    also.forEach(setting -> line.add("-D" + setting));
    line.addAll(List.of("-cp", place.classPath(), "io.carillon.http.app.Main"));
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

  /** Where it writes its log. */
  public Path log() {
    return place.data().resolveSibling(place.data().getFileName() + ".log");
  }

  /** Returns when it serves. */
  public void awaitReady() {
    Awaitility.await("the node in " + place.data())
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new AssertionError("the node ended: " + Files.readString(log()));
              }
              return isReady();
            });
  }

  /** Returns when it serves, for a node that may end and be launched again meanwhile. */
  public void awaitReady(Duration atMost) {
    Awaitility.await("the node in " + place.data())
        .atMost(atMost)
        .pollInterval(Duration.ofMillis(50))
        .until(this::isReady);
  }

  /** Whether it says that it can serve. */
  public boolean isReady() {
    return get("/health/ready", HttpResponse.BodyHandlers.discarding())
        .filter(answer -> answer.statusCode() == 200)
        .isPresent();
  }

  /** What the node answers; empty where it does not. */
  private <T> Optional<HttpResponse<T>> get(String path, HttpResponse.BodyHandler<T> body) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url() + path)).timeout(Duration.ofSeconds(5)).build();
      return Optional.of(HTTP.send(request, body));
    } catch (IOException notYet) {
      return Optional.empty();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /** {@code http://host:port}. */
  public String url() {
    return "http://" + place.host() + ":" + place.port();
  }

  /**
   * What one of the node's meters without labels shows, by its name at {@code /metrics}; 0 where
   * the node does not answer or has no such meter.
   */
  public double metric(String name) {
    return get("/metrics", HttpResponse.BodyHandlers.ofLines()).stream()
        .flatMap(HttpResponse::body)
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElse(0);
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

  /** Sends the process a signal by its name, TERM, STOP or CONT, and waits for nothing. */
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
    process = launch(List.of());
    awaitReady();
  }

  /** Starts it again on the same data and port, with these settings too, and waits for nothing. */
  public void launchAgain(List<String> also) {
    process = launch(also);
  }

  /** Whether its process runs, or is frozen. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Its process, a new one after each start. */
  public long pid() {
    return process.pid();
  }

  /** Bytes of objects that live in its heap, after a collection of everything else. */
  public long liveHeap() {
    jcmd("GC.run");
    Matcher used = USED.matcher(jcmd("GC.heap_info"));
    long kilobytes = 0;
    while (used.find()) {
      kilobytes += Long.parseLong(used.group(1));
    }
    return kilobytes << 10;
  }

  private String jcmd(String command) {
    try {
      Process asked =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  Long.toString(pid()),
                  command)
              .redirectErrorStream(true)
              .start();
      return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns when its process has ended; false if it has not in this time. */
  public boolean awaitEnd(Duration atMost) {
    try {
      return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Ends it whatever it does, frozen or not. */
  public void end() {
    if (process.isAlive()) {
      kill();
    }
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
