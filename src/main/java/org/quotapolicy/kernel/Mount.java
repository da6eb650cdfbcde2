// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

/**
 * One line of the mount table. Source: proc(5), /proc/pid/mountinfo.
 *
 * <p>Texts carry each byte as one char (ISO 8859-1), octal escapes undone, so that nothing is lost.
 *
 * @param id mount ID, unique while mounted
 * @param parentId ID of the mount this one is mounted on
 * @param major major number of st_dev of files on it
 * @param minor minor number of st_dev of files on it
 * @param root directory of the filesystem that is mounted here
 * @param mountPoint where, relative to this process's root
 * @param type filesystem type, with subtype if any: {@code ext4}, {@code fuse.sshfs}
 * @param source device or server: {@code /dev/sdb1}, {@code server:/export}
 * @param superOptions options of the filesystem itself, comma separated
 */
public record Mount(
    int id,
    int parentId,
    int major,
    int minor,
    String root,
    String mountPoint,
    String type,
    String source,
    String superOptions) {}
