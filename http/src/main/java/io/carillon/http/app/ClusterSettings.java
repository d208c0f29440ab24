package io.carillon.http.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.carillon.http.cluster.RefusalDetector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What {@code carillon.cluster} means in the words of the cluster's library. */
final class ClusterSettings {
  private static final String ARTERY = "pekko.remote.artery.";

  /** Where it is shared machines that are slow, and not nodes that are dead. */
  private static final Config PATIENT =
      ConfigFactory.parseString(
          """
          pekko.cluster {
            failure-detector {
              heartbeat-interval = 500 ms
              acceptable-heartbeat-pause = 3 s
              min-std-deviation = 100 ms
              expected-response-after = 1 s
            }
            gossip-interval = 200 ms
            leader-actions-interval = 200 ms
            unreachable-nodes-reaper-interval = 200 ms
            down-removal-margin = 2 s
            split-brain-resolver { stable-after = 2 s, down-all-when-unstable = 4 s }
          }
          """);

  private ClusterSettings() {}

  /** What a profile sets, to be put under the operator's own and over the defaults. */
  static Config profile(Config layers) {
    String profile = layers.getString("carillon.cluster.failure-profile");
    return switch (profile) {
      case "fast" -> ConfigFactory.empty();
      case "patient" -> PATIENT;
      default ->
          throw new IllegalArgumentException(
              "carillon.cluster.failure-profile must be fast or patient; it is '" + profile + "'");
    };
  }

  /**
   * The address of this node, how it talks to the others and watches them: to be put over
   * everything.
   */
  static Config transport(Config layers) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ARTERY + "canonical.hostname", layers.getString("carillon.cluster.host"));
    settings.put(ARTERY + "canonical.port", layers.getInt("carillon.cluster.port"));
    if (layers.getBoolean("carillon.cluster.refused-is-dead")) {
      settings.put(
          "pekko.cluster.failure-detector.implementation-class", RefusalDetector.class.getName());
    }
    Config tls = layers.getConfig("carillon.cluster.tls");
    if (tls.getBoolean("enabled")) {
      String ssl = ARTERY + "ssl.";
      String files = ssl + "rotating-keys-engine.";
      settings.put(ARTERY + "transport", "tls-tcp");
      settings.put(
          ssl + "ssl-engine-provider",
          "org.apache.pekko.remote.artery.tcp.ssl.RotatingKeysSSLEngineProvider");
      settings.put(files + "cert-file", file(tls, "certificate-file"));
      settings.put(files + "key-file", file(tls, "key-file"));
      settings.put(files + "ca-cert-file", file(tls, "ca-file"));
    }
    return ConfigFactory.parseMap(settings);
  }

  private static String file(Config tls, String key) {
    String file = tls.getString(key);
    if (!Files.isReadable(Path.of(file))) {
      throw new IllegalArgumentException(
          "carillon.cluster.tls." + key + " cannot be read: '" + file + "'");
    }
    return file;
  }
}
