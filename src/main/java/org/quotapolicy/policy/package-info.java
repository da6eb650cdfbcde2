// SPDX-License-Identifier: Apache-2.0

/**
 * Postfix policy delegation: access policy request, recipient, action, and their bytes.
 *
 * <p>Knows no other package and touches nothing. Texts of a request carry each byte as one char
 * (ISO 8859-1), so that nothing is lost and nothing is guessed about encodings. Source: Postfix
 * SMTPD_POLICY_README, access(5), local(8).
 */
@NullMarked
package org.quotapolicy.policy;

import org.jspecify.annotations.NullMarked;
