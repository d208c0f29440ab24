package io.carillon.http.testnode;

import com.fasterxml.jackson.databind.JsonNode;

/** Holds frames against their published schemas. */
final class DescribedFrames {
  private DescribedFrames() {}

  static void check(JsonNode frame) {}
}
