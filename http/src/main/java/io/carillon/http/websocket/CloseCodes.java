package io.carillon.http.websocket;

/** The close codes of RFC 6455 that a broken client is closed with; the protocol's are 4xxx. */
final class CloseCodes {
  static final int NORMAL = 1000;
  static final int PROTOCOL_ERROR = 1002;
  static final int UNSUPPORTED_DATA = 1003;
  static final int NOT_UTF8 = 1007;
  static final int TOO_LARGE = 1009;

  private CloseCodes() {}
}
