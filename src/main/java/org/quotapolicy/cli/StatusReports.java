// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;

/** What can be asked for by the control socket: a line, and what answers it. */
final class StatusReports {
  static final String JSON = "json";
  static final String OPENMETRICS = "openmetrics";

  private StatusReports() {}

  /** The reports, each with the line that asks for it. */
  static Map<String, Supplier<String>> of(Supplier<DaemonStatus> status) {
    return Map.of(
        JSON,
        () -> new StatusJson(status.get()).text(),
        OPENMETRICS,
        () -> metrics(status),
        // As far as a scraper by HTTP needs it: curl --unix-socket, or a reverse proxy.
        "GET /metrics HTTP/1.1",
        () -> http(metrics(status)),
        "GET /metrics HTTP/1.0",
        () -> http(metrics(status)));
  }

  private static String metrics(Supplier<DaemonStatus> status) {
    return new StatusMetrics(status.get()).text();
  }

  private static String http(String body) {
    return "HTTP/1.0 200 OK\r\n"
        + "Content-Type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n"
        + "Content-Length: "
        + body.getBytes(StandardCharsets.UTF_8).length
        + "\r\n\r\n"
        + body;
  }
}
