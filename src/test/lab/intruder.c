/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Code of an attacker inside of a process: what Confinement tries the helper and the daemon with.
 *
 * As a library it is a source of the name service, so that the C library loads it into the processes
 * themselves, as they are installed: cc -shared -fPIC -o libnss_intruder.so.2. It knows no user. In
 * a JVM it starts a thread, before that process has confined itself, which waits on a datagram
 * socket for numbers of attempts and answers each with the errno that came of it.
 *
 * As a program, intruder PID, it has that process make every attempt, and prints "NAME ERRNO".
 *
 * Each attempt has arguments with which the kernel, if it is let through, says something else than
 * EPERM to a process with CAP_SYS_ADMIN, and which then do no harm.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/dqblk_xfs.h>
#include <linux/quota.h>
#include <nss.h>
#include <pthread.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#define NOWHERE ((long) "/nonexistent")
#define QUOTA(command) ((unsigned int) (command) << 8)
#define DEVICE ((long) "/dev/ubda")

static char page[4096] __attribute__((aligned(4096)));

static const struct attempt {
	const char *name;
	long number;
	long args[6];
} attempts[] = {
	{"execve", SYS_execve, {NOWHERE}},
	{"execveat", SYS_execveat, {-1, NOWHERE}},
	{"fork", SYS_fork, {0}},
	{"vfork by clone", SYS_clone, {SIGCHLD}},
	{"clone with a user namespace", SYS_clone, {CLONE_NEWUSER | SIGCHLD}},
	{"clone3", SYS_clone3, {0}},
	{"ptrace", SYS_ptrace, {PTRACE_ATTACH, -1}},
	{"process_vm_readv", SYS_process_vm_readv, {-1}},
	{"process_vm_writev", SYS_process_vm_writev, {-1}},
	{"kill", SYS_kill, {1, 0}},
	{"kill oneself", SYS_kill, {0, 0}},
	{"tgkill another", SYS_tgkill, {1, 1, 0}},

	{"mount", SYS_mount, {0}},
	{"umount2", SYS_umount2, {0}},
	{"pivot_root", SYS_pivot_root, {0}},
	{"open_tree", SYS_open_tree, {-1, NOWHERE}},
	{"move_mount", SYS_move_mount, {-1, NOWHERE, -1, NOWHERE}},
	{"fsopen", SYS_fsopen, {0}},
	{"mount_setattr", SYS_mount_setattr, {-1, NOWHERE}},
	{"chroot", SYS_chroot, {NOWHERE}},
	{"unshare", SYS_unshare, {0}},
	{"setns", SYS_setns, {-1}},
	{"sethostname", SYS_sethostname, {(long) "lab", 3}},
	{"swapoff", SYS_swapoff, {NOWHERE}},

	{"init_module", SYS_init_module, {0}},
	{"finit_module", SYS_finit_module, {-1}},
	{"kexec_load", SYS_kexec_load, {0, 17}},
	{"bpf", SYS_bpf, {-1}},
	{"perf_event_open", SYS_perf_event_open, {0}},
	{"keyctl", SYS_keyctl, {-1}},
	{"add_key", SYS_add_key, {0}},
	{"io_uring_setup", SYS_io_uring_setup, {0}},
	{"userfaultfd", SYS_userfaultfd, {-1}},
	{"fanotify_init", SYS_fanotify_init, {-1}},
	{"syslog", SYS_syslog, {-1}},

	{"open to write", SYS_openat, {AT_FDCWD, (long) "/dev/null", O_WRONLY}},
	{"open to read and write", SYS_openat, {AT_FDCWD, (long) "/dev/null", O_RDWR}},
	{"open to make", SYS_openat, {AT_FDCWD, NOWHERE, O_CREAT, 0600}},
	{"open to truncate", SYS_openat, {AT_FDCWD, NOWHERE, O_TRUNC}},
	{"open of old", SYS_open, {(long) "/dev/null", O_WRONLY}},
	{"openat2", SYS_openat2, {AT_FDCWD, NOWHERE, (long) page, 24}},
	{"creat", SYS_creat, {NOWHERE, 0600}},
	{"truncate", SYS_truncate, {NOWHERE}},
	{"mkdir", SYS_mkdir, {(long) "/nonexistent/directory"}},
	{"mknod", SYS_mknod, {(long) "/nonexistent/node"}},
	{"symlink", SYS_symlink, {NOWHERE, (long) "/nonexistent/link"}},
	{"link", SYS_link, {NOWHERE, NOWHERE}},
	{"rename", SYS_rename, {NOWHERE, NOWHERE}},
	{"unlink", SYS_unlink, {NOWHERE}},
	{"chmod", SYS_chmod, {NOWHERE}},
	{"chown", SYS_chown, {NOWHERE}},
	{"setxattr", SYS_setxattr, {NOWHERE, (long) "user.x", (long) page, 1}},

	{"set a quota", SYS_quotactl, {QUOTA(Q_SETQUOTA), DEVICE, 30000, 0}},
	{"set a quota of XFS", SYS_quotactl, {QUOTA(Q_XSETQLIM), DEVICE, 30000, 0}},
	{"set grace periods", SYS_quotactl, {QUOTA(Q_SETINFO), DEVICE, 0, 0}},
	{"quotas on", SYS_quotactl, {QUOTA(Q_QUOTAON), DEVICE, 0, 0}},
	{"quotas off", SYS_quotactl, {QUOTA(Q_QUOTAOFF), NOWHERE, 0, 0}},
	{"quotas of XFS off", SYS_quotactl, {QUOTA(Q_XQUOTAOFF), DEVICE, 0, 0}},
	{"set a quota by descriptor", SYS_quotactl_fd, {-1, QUOTA(Q_SETQUOTA)}},
	{"get a quota", SYS_quotactl, {QUOTA(Q_GETQUOTA), NOWHERE, 0, (long) page}},
	{"get a quota by descriptor", SYS_quotactl_fd, {-1, QUOTA(Q_GETQUOTA)}},

	{"socket AF_PACKET", SYS_socket, {AF_PACKET, SOCK_STREAM}},
	{"socket AF_ALG", SYS_socket, {AF_ALG, SOCK_STREAM}},
	{"socket AF_VSOCK", SYS_socket, {AF_VSOCK, SOCK_STREAM}},
	{"socket AF_NETLINK", SYS_socket, {AF_NETLINK, SOCK_RAW}},
	{"socket AF_UNIX of datagrams", SYS_socket, {AF_UNIX, SOCK_DGRAM}},
	{"socket AF_UNIX", SYS_socket, {AF_UNIX, SOCK_STREAM}},
	{"socket AF_INET", SYS_socket, {AF_INET, SOCK_STREAM}},
	{"bind", SYS_bind, {-1}},
	{"listen", SYS_listen, {-1}},
	{"accept", SYS_accept, {-1}},

	{"ioctl", SYS_ioctl, {-1}},
	{"become dumpable", SYS_prctl, {PR_SET_DUMPABLE, 1}},
	{"name a thread", SYS_prctl, {PR_SET_NAME, (long) "intruder"}},
	{"capset", SYS_capset, {0}},
	{"setuid", SYS_setuid, {-1}},
	{"poison memory", SYS_madvise, {(long) page, 0, MADV_HWPOISON}},
	{"map 512 MiB", SYS_mmap, {0, 512 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1}},
	{"have more than 256 files", SYS_fcntl, {2, F_DUPFD, 256}},
	{"limits of another", SYS_prlimit64, {-1, 0, 0, (long) page}},
	{"open to read", SYS_openat, {AT_FDCWD, (long) "/etc/passwd", O_RDONLY}},
};

#define COUNT ((int) (sizeof(attempts) / sizeof(*attempts)))

static socklen_t address(struct sockaddr_un *to, int pid)
{
	memset(to, 0, sizeof(*to));
	to->sun_family = AF_UNIX;
	int length = snprintf(to->sun_path + 1, sizeof(to->sun_path) - 1, "intruder-%d", pid);
	return offsetof(struct sockaddr_un, sun_path) + 1 + length;
}

static int try(const struct attempt *now)
{
	const long *a = now->args;
	pid_t before = getpid();
	long result = syscall(now->number, a[0], a[1], a[2], a[3], a[4], a[5]);
	int error = result < 0 ? errno : 0;
	if (syscall(SYS_getpid) != before) {
		_exit(0); /* the child that there should not be */
	}
	return error;
}

static void *serve(void *at)
{
	int fd = (int) (long) at;
	struct sockaddr_un from;
	socklen_t length = sizeof(from);
	int word;
	while (recvfrom(fd, &word, sizeof(word), 0, (struct sockaddr *) &from, &length) >= 0) {
		word = try(&attempts[word]);
		sendto(fd, &word, sizeof(word), 0, (struct sockaddr *) &from, length);
		length = sizeof(from);
	}
	return NULL;
}

static int is_java(void)
{
	char name[16] = "";
	FILE *file = fopen("/proc/self/comm", "r");
	if (file) {
		if (!fgets(name, sizeof(name), file)) {
			name[0] = 0;
		}
		fclose(file);
	}
	/* The launcher's JVM calls its first thread java, and that is the process. */
	return !strcmp(name, "java\n");
}

__attribute__((constructor)) static void enter(void)
{
	struct sockaddr_un own;
	pthread_t thread;
	int fd;
	if (is_java() && (fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) >= 0 &&
	    !bind(fd, (struct sockaddr *) &own, address(&own, getpid()))) {
		pthread_create(&thread, NULL, serve, (void *) (long) fd);
	}
}

enum nss_status _nss_intruder_getpwnam_r(const char *name, struct passwd *entry, char *buffer,
					 size_t size, int *error)
{
	(void) name, (void) entry, (void) buffer, (void) size;
	*error = ENOENT;
	return NSS_STATUS_NOTFOUND;
}

int main(int count, char **words)
{
	struct sockaddr_un own = {.sun_family = AF_UNIX};
	struct sockaddr_un there;
	struct timeval patience = {.tv_sec = 5};
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	socklen_t length = address(&there, count > 1 ? atoi(words[1]) : 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	/* An address of the kernel's choice, to be answered at. */
	if (bind(fd, (struct sockaddr *) &own, sizeof(own.sun_family))) {
		perror("bind");
		return 1;
	}
	for (int i = 0; i < COUNT; i++) {
		int word = i;
		if (sendto(fd, &word, sizeof(word), 0, (struct sockaddr *) &there, length) < 0 ||
		    recv(fd, &word, sizeof(word), 0) < 0) {
			perror(attempts[i].name);
			return 1;
		}
		printf("%s: %s\n", attempts[i].name, word ? strerrorname_np(word) : "done");
	}
	return 0;
}
