// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.config;

/** How the helper is started. */
public enum HelperStart {
  /** By the daemon while it is still root. */
  DIRECT,
  /** By sudo(8). */
  SUDO,
  /** DIRECT if the daemon is started as root, else SUDO. */
  AUTO
}
