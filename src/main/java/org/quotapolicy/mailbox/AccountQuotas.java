// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.quota.UserQuotas;

/**
 * All that the helper has said about one account, question by question.
 *
 * <p>Projects, and groups that are not the account's primary one, are kept apart: the account is
 * the same wherever a mailbox lies, but of the mailboxes on one filesystem each can be in a project
 * of its own, and belong to a group of its own.
 *
 * @param user the account, with its quotas and its primary group's; a project's quota there is
 *     UNASKED if project quota is enforced
 * @param projects what was said to each question about a project
 * @param groups what was said of other groups
 */
public record AccountQuotas(
    UserQuotas user, Map<Unasked, Quota> projects, Map<Unasked, Quota> groups) {

  public AccountQuotas {
    projects = copy(projects);
    groups = copy(groups);
  }

  private static Map<Unasked, Quota> copy(Map<Unasked, Quota> quotas) {
    return quotas.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(quotas));
  }

  /** After the first answer, to a question without a project. */
  public static AccountQuotas of(UserQuotas user) {
    return new AccountQuotas(user, Map.of(), Map.of());
  }

  /**
   * With a further answer, which counts more than what was said before.
   *
   * @param about the question
   */
  public AccountQuotas and(UserQuotas told, Unasked about) {
    Map<Unasked, Quota> all = new LinkedHashMap<>(projects);
    if (about.isOfProject()) {
      project(told, about.device()).ifPresent(quota -> put(all, about, quota));
    }
    Map<Unasked, Quota> others = new LinkedHashMap<>(groups);
    told.filesystems().forEach(there -> putGroups(others, there));
    List<FilesystemQuotas> own =
        told.filesystems().stream().map(AccountQuotas::withoutProject).map(this::ofOwn).toList();
    return new AccountQuotas(with(user, own), all, others);
  }

  private void putGroups(Map<Unasked, Quota> others, FilesystemQuotas told) {
    for (Quota quota : told.quotas()) {
      if (isOfOtherGroup(quota)) {
        others.put(Unasked.ofGroup(Device.of(told), quota.id()), quota);
      }
    }
  }

  private boolean isOfOtherGroup(Quota quota) {
    return quota.type() == QuotaType.GROUP && quota.id() != user.gid();
  }

  /** With what was known of the primary group in the place of what was said of another. */
  private FilesystemQuotas ofOwn(FilesystemQuotas told) {
    List<Quota> quotas = new ArrayList<>();
    for (Quota quota : told.quotas()) {
      (isOfOtherGroup(quota) ? ofOwnGroup(told) : Stream.of(quota)).forEach(quotas::add);
    }
    return new FilesystemQuotas(told.major(), told.minor(), quotas);
  }

  private Stream<Quota> ofOwnGroup(FilesystemQuotas there) {
    return user.filesystems().stream()
        .filter(known -> Device.of(known).equals(Device.of(there)))
        .flatMap(known -> known.quotas().stream())
        .filter(quota -> quota.type() == QuotaType.GROUP);
  }

  /** What was said of a group; empty if it was not asked about. */
  Optional<Quota> group(Device device, long group) {
    return Optional.ofNullable(groups.get(Unasked.ofGroup(device, group)));
  }

  /** The same with these filesystems in the place of what was known of them. */
  private static UserQuotas with(UserQuotas user, List<FilesystemQuotas> newer) {
    List<Device> devices = newer.stream().map(Device::of).toList();
    List<FilesystemQuotas> all = new ArrayList<>();
    user.filesystems().stream().filter(old -> !devices.contains(Device.of(old))).forEach(all::add);
    all.addAll(newer);
    return new UserQuotas(user.uid(), user.gid(), user.home(), all);
  }

  /** One project can be asked about in two ways: by its number, and by what is in it. */
  private static void put(Map<Unasked, Quota> all, Unasked about, Quota quota) {
    all.replaceAll(
        (question, old) ->
            question.device().equals(about.device())
                    && old.state() != QuotaState.UNASKED
                    && old.id() == quota.id()
                ? quota
                : old);
    all.put(about, quota);
  }

  private static Optional<Quota> project(UserQuotas told, Device device) {
    return told.filesystems().stream()
        .filter(there -> Device.of(there).equals(device))
        .flatMap(there -> there.quotas().stream())
        .filter(AccountQuotas::isOfProject)
        .findFirst();
  }

  private static FilesystemQuotas withoutProject(FilesystemQuotas told) {
    List<Quota> quotas =
        told.quotas().stream().map(quota -> binds(quota) ? Quota.unasked(0) : quota).toList();
    return new FilesystemQuotas(told.major(), told.minor(), quotas);
  }

  private static boolean binds(Quota quota) {
    return isOfProject(quota) && quota.state() != QuotaState.ACCOUNTED;
  }

  private static boolean isOfProject(Quota quota) {
    return quota.type() == QuotaType.PROJECT && quota.state() != QuotaState.OFF;
  }

  /** What was said to a question about a project; empty if it was not asked. */
  Optional<Quota> project(Unasked question) {
    return Optional.ofNullable(projects.get(question));
  }

  /**
   * All quotas that are known on one of the account's filesystems: of the projects there, each that
   * was asked about, once, and so of other groups.
   */
  public List<Quota> on(FilesystemQuotas filesystem) {
    List<Quota> asked =
        projects.entrySet().stream()
            .filter(entry -> entry.getKey().device().equals(Device.of(filesystem)))
            .map(Map.Entry::getValue)
            .distinct()
            .toList();
    List<Quota> told = asked.stream().filter(quota -> !isUnasked(quota)).toList();
    List<Quota> shown = told.isEmpty() ? asked : told;
    List<Quota> all = new ArrayList<>();
    for (Quota quota : filesystem.quotas()) {
      (isUnasked(quota) && !shown.isEmpty() ? shown.stream() : Stream.of(quota)).forEach(all::add);
      if (quota.type() == QuotaType.GROUP) {
        groupsOn(filesystem).forEach(all::add);
      }
    }
    return all;
  }

  private Stream<Quota> groupsOn(FilesystemQuotas filesystem) {
    return groups.entrySet().stream()
        .filter(entry -> entry.getKey().device().equals(Device.of(filesystem)))
        .map(Map.Entry::getValue);
  }

  static boolean isUnasked(Quota quota) {
    return quota.state() == QuotaState.UNASKED;
  }
}
