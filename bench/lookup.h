// SPDX-License-Identifier: Apache-2.0
//
// What the second process of the C servers does for a name, each time anew: getpwnam_r(3), and of the filesystem that
// holds the home the same quotactl(2) calls as quotapolicy's helper makes. The mount table is read once, at the start.

#ifndef LOOKUP_H
#define LOOKUP_H

#include "policy.h"
#include <linux/dqblk_xfs.h>
#include <linux/quota.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>

#define MAX_FILESYSTEMS 256

struct filesystem {
    char device[64];
    char mount_point[4096];
    int xfs;
};

static struct filesystem filesystems[MAX_FILESYSTEMS];
static int filesystem_count;

static int may_have_quotas(const char *type) {
    return strncmp(type, "ext", 3) == 0 || strcmp(type, "xfs") == 0;
}

static void read_mounts(void) {
    FILE *table = fopen("/proc/self/mountinfo", "r");
    char line[16384], point[4096], type[64], source[64];
    unsigned major, minor;
    if (table == NULL)
        err(1, "/proc/self/mountinfo");
    while (fgets(line, sizeof line, table) != NULL && filesystem_count < MAX_FILESYSTEMS) {
        char *rest = strstr(line, " - ");
        if (rest == NULL || sscanf(line, "%*d %*d %u:%u %*s %4095s", &major, &minor, point) != 3 ||
            sscanf(rest, " - %63s %63s", type, source) != 2 || !may_have_quotas(type))
            continue;
        struct filesystem *next = &filesystems[filesystem_count++];
        snprintf(next->device, sizeof next->device, "/dev/block/%u:%u", major, minor);
        if (access(next->device, F_OK) != 0) // udev(7) makes it
            strcpy(next->device, source);
        strcpy(next->mount_point, point);
        next->xfs = strcmp(type, "xfs") == 0;
    }
    fclose(table);
}

static const struct filesystem *filesystem_of(const char *home) {
    const struct filesystem *best = NULL;
    size_t longest = 0;
    for (int i = 0; i < filesystem_count; i++) {
        const char *point = filesystems[i].mount_point;
        size_t length = strlen(point);
        int above = strcmp(point, "/") == 0 ||
                    (strncmp(home, point, length) == 0 && (home[length] == '/' || home[length] == '\0'));
        if (above && length >= longest) {
            best = &filesystems[i];
            longest = length;
        }
    }
    return best;
}

// Of one resource, in bytes or inodes.
static int is_full(__u64 usage, __u64 need, __u64 soft, __u64 hard, __s64 expiry) {
    return (hard != 0 && usage + need > hard) ||
           (soft != 0 && usage + need > soft && expiry != 0 && time(NULL) >= expiry);
}

static int control(unsigned command, int type, const struct filesystem *on, unsigned id, void *to) {
    return syscall(SYS_quotactl, QCMD(command, type), on->device, id, to);
}

static int vfs_is_full(const struct filesystem *on, int type, unsigned id, __u64 need) {
    struct if_dqblk quota;
    return control(Q_GETQUOTA, type, on, id, &quota) == 0 &&
           (is_full(quota.dqb_curspace, need, quota.dqb_bsoftlimit << 10, quota.dqb_bhardlimit << 10, quota.dqb_btime) ||
            is_full(quota.dqb_curinodes, 1, quota.dqb_isoftlimit, quota.dqb_ihardlimit, quota.dqb_itime));
}

// On XFS the limits of id 0 are everybody's defaults; quotapolicy asks for them each time, so this does.
static int xfs_is_full(const struct filesystem *on, int type, unsigned id, __u64 need) {
    struct fs_disk_quota quota, defaults;
    int found = control(Q_XGETQUOTA, type, on, id, &quota) == 0;
    control(Q_XGETQUOTA, type, on, 0, &defaults);
    return found && (is_full(quota.d_bcount << 9, need, quota.d_blk_softlimit << 9, quota.d_blk_hardlimit << 9,
                             quota.d_btimer) ||
                     is_full(quota.d_icount, 1, quota.d_ino_softlimit, quota.d_ino_hardlimit, quota.d_itimer));
}

// 1 if a mail of one kilobyte would not fit, 0 if it would or there is no such user or no quota.
static int user_is_full(const char *user) {
    struct passwd entry, *found = NULL;
    char strings[4096];
    struct fs_quota_statv state = {.qs_version = FS_QSTATV_VERSION1};
    const __u64 need = 4096;
    if (getpwnam_r(user, &entry, strings, sizeof strings, &found) != 0 || found == NULL)
        return 0;
    const struct filesystem *on = filesystem_of(found->pw_dir);
    if (on == NULL || control(Q_XGETQSTATV, USRQUOTA, on, 0, &state) != 0)
        return 0;
    int (*ask)(const struct filesystem *, int, unsigned, __u64) = on->xfs ? xfs_is_full : vfs_is_full;
    int of_user = state.qs_flags & FS_QUOTA_UDQ_ACCT ? ask(on, USRQUOTA, found->pw_uid, need) : 0;
    int of_group = state.qs_flags & FS_QUOTA_GDQ_ACCT ? ask(on, GRPQUOTA, found->pw_gid, need) : 0;
    return (of_user && state.qs_flags & FS_QUOTA_UDQ_ENFD) || (of_group && state.qs_flags & FS_QUOTA_GDQ_ENFD);
}

// Starts the second process, which runs serve() on its end of a SOCK_SEQPACKET pair; returns the first one's end.
static int start_second(void (*serve)(int)) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0)
        err(1, "socketpair");
    pid_t child = fork();
    if (child < 0)
        err(1, "fork");
    if (child == 0) {
        close(ends[0]);
        read_mounts();
        serve(ends[1]);
        _exit(0); // the first process is gone
    }
    close(ends[1]);
    return ends[0];
}

#endif
