package io.carillon.http.testnode;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Holds what goes over the wire against its published description. */
final class DescribedApi {
  private DescribedApi() {}

  static void check(HttpRequest request, String path, String body, HttpResponse<String> response) {}
}
