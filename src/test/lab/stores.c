/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hands of RandomStores and CornerCases: sets limits and timers, prepares
 * usage, and stores a message as a user, without a process per step. One line
 * on standard input is one order, one line on standard output its answer: "ok"
 * with numbers, or "errno NUMBER WHERE". Runs as root in the guest. DEVICE is
 * a device node, or a directory on a filesystem that has none.
 *
 *   get DEVICE TYPE ID              -> ok USED_BYTES USED_INODES BTIMER ITIMER
 *   limit DEVICE TYPE ID BSOFT BHARD ISOFT IHARD BTIMER ITIMER
 *        space in units of 512 bytes; timers in seconds from now, 0 for none,
 *        "-" to let the kernel set them
 *   limits DEVICE TYPE FIRST COUNT STEP BHARD
 *        a hard limit of space for as many ids, in units of 512 bytes
 *   grace DEVICE TYPE BLOCK_SECONDS INODE_SECONDS
 *   fill FILE BYTES UID GID         gives FILE that many bytes of space
 *   remove FILE                     and do not wait for its space to come back
 *   files DIRECTORY COUNT UID GID   as many empty files
 *   store DIRECTORY BYTES CHUNK UID GID PROJECT DEVICE
 *        as that user: a new file, written in chunks, fsync, and given another
 *        name by link(2), as a message in a Maildir is; -> ok, or errno of what
 *        failed first. Afterwards the file is gone, and so is its usage.
 *   append FILE BYTES CHUNK UID GID PROJECT DEVICE
 *        as that user: appended to FILE, which is made if it is not there, in
 *        chunks, fsync. What failed is taken back, as local(8) does.
 *   deliver FILE BYTES CHUNK UID GID PROJECT DEVICE
 *        the same, with a lock file beside FILE, as local(8) has it there.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libgen.h>
#include <linux/capability.h>
#include <linux/dqblk_xfs.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/quota.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST_CHUNK (1 << 20)

struct outcome {
	int error;
	char where[12];
};

static void answer(int error, const char *where)
{
	if (error == 0)
		puts("ok");
	else
		printf("errno %d %s\n", error, where);
}

static int control(int command, int type, const char *device, unsigned id, void *quota)
{
	if (strncmp(device, "/dev/", 5) == 0)
		return quotactl(QCMD(command, type), device, (int) id, quota) == 0 ? 0 : errno;
	int fd = open(device, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int error = fd < 0 || syscall(SYS_quotactl_fd, fd, QCMD(command, type), id, quota) != 0 ? errno : 0;
	if (fd >= 0)
		close(fd);
	return error;
}

static int read_quota(const char *device, int type, unsigned id, struct fs_disk_quota *quota)
{
	memset(quota, 0, sizeof *quota);
	int error = control(Q_XGETQUOTA, type, device, id, quota);
	/* XFS has no record of an id that owns nothing; the others may be off. */
	return error == ENOENT || error == ESRCH || error == ENOSYS || error == EINVAL ? 0 : error;
}

static void get(const char *device, int type, unsigned id)
{
	struct fs_disk_quota quota;
	int error = read_quota(device, type, id, &quota);
	if (error != 0)
		answer(error, "get");
	else
		printf("ok %llu %llu %d %d\n", (unsigned long long) quota.d_bcount * 512,
		       (unsigned long long) quota.d_icount, quota.d_btimer, quota.d_itimer);
}

static signed char kind(int type)
{
	return (signed char) (type == USRQUOTA ? FS_USER_QUOTA : type == GRPQUOTA ? FS_GROUP_QUOTA : FS_PROJ_QUOTA);
}

static int timer(const char *word, int mask, struct fs_disk_quota *quota)
{
	if (strcmp(word, "-") == 0)
		return 0;
	quota->d_fieldmask |= mask;
	long seconds = atol(word);
	return seconds == 0 ? 0 : (int) (time(NULL) + seconds);
}

static void limit(const char *device, int type, unsigned id, char **words)
{
	struct fs_disk_quota quota = {
		.d_version = FS_DQUOT_VERSION,
		.d_flags = kind(type),
		.d_id = id,
		.d_fieldmask = FS_DQ_BSOFT | FS_DQ_BHARD | FS_DQ_ISOFT | FS_DQ_IHARD,
		.d_blk_softlimit = strtoull(words[0], NULL, 10),
		.d_blk_hardlimit = strtoull(words[1], NULL, 10),
		.d_ino_softlimit = strtoull(words[2], NULL, 10),
		.d_ino_hardlimit = strtoull(words[3], NULL, 10),
	};
	quota.d_btimer = timer(words[4], FS_DQ_BTIMER, &quota);
	quota.d_itimer = timer(words[5], FS_DQ_ITIMER, &quota);
	answer(control(Q_XSETQLIM, type, device, id, &quota), "limit");
}

static void limits(const char *device, int type, char **words)
{
	unsigned id = (unsigned) strtoul(words[0], NULL, 10);
	unsigned count = (unsigned) strtoul(words[1], NULL, 10);
	unsigned step = (unsigned) strtoul(words[2], NULL, 10);
	struct fs_disk_quota quota = {
		.d_version = FS_DQUOT_VERSION,
		.d_fieldmask = FS_DQ_BHARD,
		.d_blk_hardlimit = strtoull(words[3], NULL, 10),
	};
	int error = 0;
	for (; count > 0 && error == 0; count--, id += step)
		error = control(Q_XSETQLIM, type, device, id, &quota);
	answer(error, "limits");
}

static void grace(const char *device, int type, int space, int inodes)
{
	struct fs_disk_quota quota = {
		.d_version = FS_DQUOT_VERSION,
		.d_flags = kind(type),
		.d_fieldmask = FS_DQ_BTIMER | FS_DQ_ITIMER,
		.d_btimer = space,
		.d_itimer = inodes,
	};
	answer(control(Q_XSETQLIM, type, device, 0, &quota), "grace");
}

static void fill(const char *file, off_t bytes, unsigned uid, unsigned gid)
{
	int fd = open(file, O_CREAT | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600);
	int error = fd < 0 || fchown(fd, uid, gid) != 0 || ftruncate(fd, 0) != 0 ? errno : 0;
	if (error == 0 && bytes > 0)
		error = posix_fallocate(fd, 0, bytes);
	if (fd >= 0)
		close(fd);
	answer(error, "fill");
}

static void remove_file(const char *file)
{
	answer(unlink(file) == 0 ? 0 : errno, "remove");
}

static void files(const char *directory, int count, unsigned uid, unsigned gid)
{
	char path[4096];
	int error = 0;
	for (int i = 0; i < 64 && error == 0; i++) {
		snprintf(path, sizeof path, "%s/file%d", directory, i);
		if (i >= count) {
			error = unlink(path) == 0 || errno == ENOENT ? 0 : errno;
			continue;
		}
		int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600);
		error = fd < 0 || fchown(fd, uid, gid) != 0 ? errno : 0;
		if (fd >= 0)
			close(fd);
	}
	answer(error, "files");
}

static struct outcome failed(const char *where)
{
	struct outcome outcome = { .error = errno == 0 ? EPROTO : errno };
	snprintf(outcome.where, sizeof outcome.where, "%s", where);
	return outcome;
}

/* CAP_SYS_RESOURCE would exempt it from limits. */
static int has_capabilities(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2] = { 0 };
	if (syscall(SYS_capget, &header, data) != 0)
		return 1;
	errno = EPERM;
	return (data[0].effective | data[0].permitted | data[1].effective | data[1].permitted) != 0;
}

static struct outcome write_as_is(const char *path, int flags, size_t bytes, size_t chunk)
{
	static char zeros[MOST_CHUNK];
	int fd = open(path, flags | O_CREAT | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return failed("open");
	while (bytes > 0) {
		ssize_t written = write(fd, zeros, bytes < chunk ? bytes : chunk);
		if (written <= 0)
			return failed("write");
		bytes -= (size_t) written;
	}
	if (fsync(fd) != 0)
		return failed("fsync");
	if (close(fd) != 0)
		return failed("close");
	return (struct outcome) { 0 };
}

static struct outcome write_and_link(const char *path, const char *name, int flags, size_t bytes,
				     size_t chunk)
{
	struct outcome outcome = write_as_is(path, flags, bytes, chunk);
	return outcome.error == 0 && link(path, name) != 0 ? failed("link") : outcome;
}

static struct outcome write_locked(const char *path, const char *lock, int flags, size_t bytes,
				   size_t chunk)
{
	int fd = open(lock, O_WRONLY | O_EXCL | O_CREAT, 0);
	if (fd < 0)
		return failed("lock");
	close(fd);
	struct outcome outcome = write_as_is(path, flags, bytes, chunk);
	if (unlink(lock) != 0 && outcome.error == 0)
		return failed("unlock");
	return outcome;
}

/* O_EXCL: a message of its own, and `other` its further name; else the lock file of an mbox, or none. */
static struct outcome store_as(const char *path, const char *other, int flags, size_t bytes, size_t chunk,
			       unsigned uid, unsigned gid)
{
	if (setgroups(0, NULL) != 0 || setresgid(gid, gid, gid) != 0 || setresuid(uid, uid, uid) != 0)
		return failed("identity");
	if (has_capabilities())
		return failed("capget");
	if ((flags & O_EXCL) != 0)
		return write_and_link(path, other, flags, bytes, chunk);
	return other == NULL ? write_as_is(path, flags, bytes, chunk) :
	       write_locked(path, other, flags, bytes, chunk);
}

static struct outcome in_child(const char *path, const char *other, int flags, size_t bytes, size_t chunk,
			       unsigned uid, unsigned gid)
{
	struct outcome outcome = { 0 };
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) != 0)
		return failed("pipe");
	pid_t child = fork();
	if (child == 0) {
		outcome = store_as(path, other, flags, bytes, chunk, uid, gid);
		_exit(write(ends[1], &outcome, sizeof outcome) == sizeof outcome ? 0 : 1);
	}
	close(ends[1]);
	if (child < 0 || read(ends[0], &outcome, sizeof outcome) != sizeof outcome)
		outcome = failed("fork");
	close(ends[0]);
	waitpid(child, NULL, 0);
	return outcome;
}

static void read_quotas(const char *device, const unsigned *ids, struct fs_disk_quota *quotas)
{
	for (int type = USRQUOTA; type <= PRJQUOTA; type++)
		read_quota(device, type, ids[type], &quotas[type]);
}

static int is_given_back(const struct fs_disk_quota *now, const struct fs_disk_quota *before)
{
	for (int type = USRQUOTA; type <= PRJQUOTA; type++)
		if (now[type].d_bcount > before[type].d_bcount || now[type].d_icount > before[type].d_icount)
			return 0;
	return 1;
}

/*
 * XFS gives the space of a removed file back later; statfs(2) makes it hurry. It can be more than
 * what the file had: before XFS refuses, it takes back what files have beyond their ends.
 */
static int settle(const char *directory, const char *device, const unsigned *ids,
		  const struct fs_disk_quota *before)
{
	for (int i = 0; i < 2000; i++) {
		struct fs_disk_quota now[3];
		struct statfs unused;
		read_quotas(device, ids, now);
		if (is_given_back(now, before))
			return 0;
		statfs(directory, &unused);
		usleep(1000);
	}
	return ETIME;
}

/* Of space nothing need come back, and of inodes but what is not kept. */
static void keep(struct fs_disk_quota *before, int inodes)
{
	for (int type = USRQUOTA; type <= PRJQUOTA; type++) {
		before[type].d_bcount = ~0ULL;
		before[type].d_icount += (unsigned) inodes;
	}
}

static void read_ids(char **words, unsigned *ids)
{
	for (int type = USRQUOTA; type <= PRJQUOTA; type++)
		ids[type] = (unsigned) strtoul(words[type], NULL, 10);
}

static void store(const char *directory, char **words)
{
	char path[4096];
	char name[4096];
	unsigned ids[3];
	size_t chunk = strtoull(words[1], NULL, 10);
	struct fs_disk_quota before[3];

	read_ids(words + 2, ids);
	snprintf(path, sizeof path, "%s/message", directory);
	snprintf(name, sizeof name, "%s/linked", directory);
	read_quotas(words[5], ids, before);
	struct outcome outcome = in_child(path, name, O_EXCL, strtoull(words[0], NULL, 10),
					  chunk < MOST_CHUNK ? chunk : MOST_CHUNK, ids[USRQUOTA], ids[GRPQUOTA]);
	unlink(path);
	unlink(name);
	int error = settle(directory, words[5], ids, before);
	if (error != 0)
		answer(error, "settle");
	else
		answer(outcome.error, outcome.where);
}

static void append(const char *file, int is_locked, char **words)
{
	char lock[4096];
	char directory[4096];
	struct stat old;
	struct fs_disk_quota before[3];
	unsigned ids[3];
	size_t chunk = strtoull(words[1], NULL, 10);

	read_ids(words + 2, ids);
	snprintf(directory, sizeof directory, "%s", file);
	snprintf(lock, sizeof lock, "%s.lock", file);
	int is_new = lstat(file, &old) != 0;
	read_quotas(words[5], ids, before);
	struct outcome outcome = in_child(file, is_locked ? lock : NULL, O_APPEND, strtoull(words[0], NULL, 10),
					  chunk < MOST_CHUNK ? chunk : MOST_CHUNK, ids[USRQUOTA], ids[GRPQUOTA]);
	int error = 0;
	int is_gone = outcome.error != 0 && is_new;
	if (outcome.error != 0 &&
	    (is_new ? unlink(file) != 0 && errno != ENOENT : truncate(file, old.st_size) != 0))
		error = errno;
	if (!is_gone)
		keep(before, outcome.error == 0 && is_new);
	if (error == 0 && (is_gone || is_locked))
		error = settle(dirname(directory), words[5], ids, before);
	if (error != 0)
		answer(error, "settle");
	else
		answer(outcome.error, outcome.where);
}

int main(void)
{
	char line[8192];
	setvbuf(stdout, NULL, _IOLBF, 0);
	while (fgets(line, sizeof line, stdin) != NULL) {
		char *words[12] = { NULL };
		int count = 0;
		for (char *word = strtok(line, " \n"); word != NULL && count < 12; word = strtok(NULL, " \n"))
			words[count++] = word;
		if (count == 4 && strcmp(words[0], "get") == 0)
			get(words[1], atoi(words[2]), (unsigned) strtoul(words[3], NULL, 10));
		else if (count == 10 && strcmp(words[0], "limit") == 0)
			limit(words[1], atoi(words[2]), (unsigned) strtoul(words[3], NULL, 10), words + 4);
		else if (count == 7 && strcmp(words[0], "limits") == 0)
			limits(words[1], atoi(words[2]), words + 3);
		else if (count == 5 && strcmp(words[0], "grace") == 0)
			grace(words[1], atoi(words[2]), atoi(words[3]), atoi(words[4]));
		else if (count == 5 && strcmp(words[0], "fill") == 0)
			fill(words[1], atoll(words[2]), (unsigned) strtoul(words[3], NULL, 10),
			     (unsigned) strtoul(words[4], NULL, 10));
		else if (count == 2 && strcmp(words[0], "remove") == 0)
			remove_file(words[1]);
		else if (count == 5 && strcmp(words[0], "files") == 0)
			files(words[1], atoi(words[2]), (unsigned) strtoul(words[3], NULL, 10),
			      (unsigned) strtoul(words[4], NULL, 10));
		else if (count == 8 && strcmp(words[0], "store") == 0)
			store(words[1], words + 2);
		else if (count == 8 && strcmp(words[0], "append") == 0)
			append(words[1], 0, words + 2);
		else if (count == 8 && strcmp(words[0], "deliver") == 0)
			append(words[1], 1, words + 2);
		else
			answer(EINVAL, "order");
	}
	return 0;
}
