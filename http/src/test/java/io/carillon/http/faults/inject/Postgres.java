package io.carillon.http.faults.inject;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.postgresql.ds.PGSimpleDataSource;

/** A durable PostgreSQL whose processes can be killed, frozen and started again. */
public final class Postgres implements AutoCloseable {
  private static final String DATABASE = "carillon";

  private final Path data;
  private final String host;
  private final int port = LoopbackNetwork.freePort();
  private final Optional<Dial> dial;
  private final Optional<SmallDisk> disk;
  private final List<String> command;

  private Postgres(Path data, String host, Optional<Dial> dial, Optional<SmallDisk> disk) {
    this.data = data;
    this.host = host;
    this.dial = dial;
    this.disk = disk;
    this.command = begin();
  }

  /**
   * Starts a server with its data below a directory, reachable at this address too.
   *
   * @param dial what its disk obeys
   * @param disk where the tables lie, if not beside the log
   */
  static Postgres start(
      Path directory, String host, Optional<Dial> dial, Optional<SmallDisk> disk) {
    return new Postgres(directory.resolve("postgresql"), host, dial, disk);
  }

  /** Has the library make the data and start once; from then on the server is run as it ran. */
  private List<String> begin() {
    try {
      EmbeddedPostgres made =
          EmbeddedPostgres.builder()
              .setDataDirectory(data)
              .setCleanDataDirectory(false)
              .setPort(port)
              .setLocaleConfig("locale", "C")
              .setRegisterShutdownHook(false)
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("full_page_writes", "on")
              .setServerConfig("max_connections", "200")
              .setServerConfig("shared_buffers", "64MB")
              .setServerConfig("unix_socket_directories", "")
              .setServerConfig("listen_addresses", host.equals("localhost") ? host : "*")
              .setOutputRedirector(ProcessBuilder.Redirect.DISCARD)
              .setErrorRedirector(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (Connection connection = made.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement()) {
        Files.writeString(
            data.resolve("pg_hba.conf"),
            "host all all " + host.replaceFirst("\\d+$", "0") + "/24 trust\n",
            StandardOpenOption.APPEND);
        statement.execute("SELECT pg_reload_conf()");
        if (disk.isPresent()) {
          statement.execute("CREATE TABLESPACE small LOCATION '" + disk.get().path() + "'");
        }
        statement.execute(
            "CREATE DATABASE " + DATABASE + (disk.isPresent() ? " TABLESPACE small" : ""));
      }
      List<String> line = commandLine(postmaster());
      made.close();
      launch(line);
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> commandLine(long pid) throws IOException {
    byte[] line = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline"));
    return Stream.of(new String(line, StandardCharsets.UTF_8).split("\0", -1))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private void launch(List<String> line) {
    List<String> words = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      words.addAll(List.of("unshare", "-U")); // PostgreSQL refuses to be root
    }
    dial.ifPresent(d -> words.addAll(d.before()));
    words.addAll(line);
    try {
      new ProcessBuilder(words)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    awaitAccepting();
  }

  /** Returns when it accepts connections. */
  public void awaitAccepting() {
    Awaitility.await("the database")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(this::accepts);
  }

  private boolean accepts() {
    try (Connection connection = source("postgres").getConnection()) {
      return connection.isValid(1);
    } catch (SQLException notYet) {
      return false;
    }
  }

  private long postmaster() {
    try {
      return Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Long> processes() {
    List<Long> all = new ArrayList<>();
    ProcessHandle.of(postmaster())
        .ifPresent(
            server -> {
              all.add(server.pid());
              server.descendants().forEach(child -> all.add(child.pid()));
            });
    return all;
  }

  /** What its disk obeys; empty: nothing can be done to it. */
  public Optional<Dial> dial() {
    return dial;
  }

  /** Where its tables lie; empty: beside everything else. */
  public Optional<SmallDisk> disk() {
    return disk;
  }

  /** How often this stands in what the server has logged. */
  public long logged(String text) {
    try (Stream<String> lines = Files.lines(log())) {
      return lines.filter(line -> line.contains(text)).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path log() {
    return data.resolveSibling(data.getFileName() + ".log");
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** The URL at which nodes find it. */
  public String url() {
    return "jdbc:postgresql://" + host + ":" + port + "/" + DATABASE;
  }

  /** The user nodes come as; it has no password. */
  public String user() {
    return "postgres";
  }

  /** Single connections. */
  public DataSource source() {
    return source(DATABASE);
  }

  private DataSource source(String database) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl("jdbc:postgresql://localhost:" + port + "/" + database);
    source.setUser(user());
    source.setConnectTimeout(2);
    source.setSocketTimeout(10);
    return source;
  }

  /** Runs a statement. */
  public void execute(String sql) {
    try (Connection connection = source().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Runs a query whose rows are one text each. */
  public List<String> query(String sql) {
    try (Connection connection = source().getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (result.next()) {
        rows.add(String.valueOf(result.getString(1)));
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Ends the server as a power cut does. */
  public void kill() {
    List<Long> all = processes();
    Shell.signal("KILL", all);
    Awaitility.await("the end of the database")
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> all.stream().noneMatch(Postgres::isRunning));
  }

  private static boolean isRunning(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  /** Starts it again after {@link #kill}; returns when it accepts connections. */
  public void startAgain() {
    launch(command);
  }

  /** All its processes stand still, connections stay open. */
  public void freeze() {
    Shell.signal("STOP", processes());
  }

  /** They go on. */
  public void thaw() {
    Shell.signal("CONT", processes());
  }

  @Override
  public synchronized void close() {
    if (Files.exists(data.resolve("postmaster.pid"))) {
      thaw();
      long pid = postmaster();
      Shell.signal("QUIT", List.of(pid));
      ProcessHandle.of(pid).ifPresent(server -> server.onExit().join());
    }
    disk.ifPresent(SmallDisk::close);
  }
}
