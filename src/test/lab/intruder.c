/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Code of an attacker inside of a process: what Confined and ConfinedFiles try the helper and the
 * daemon with.
 *
 * As a library it is a source of the name service, so that the C library loads it into the processes
 * themselves, as they are installed: cc -shared -fPIC -o libnss_intruder.so.2. It knows no user. In
 * a JVM it starts a thread, before that process has confined itself, which waits on a datagram
 * socket for numbers of attempts and answers each with the errno that came of it, on the descriptor
 * that came with it: to find an address may be refused.
 *
 * As a program, intruder PID [START], it has that process make every attempt, or those whose name
 * starts so, and prints "NAME: ERRNO". As intruder without landlock|seccomp|both PROGRAM... it
 * becomes a program to which these system calls are not there.
 *
 * Each attempt has arguments with which the kernel, if it is let through, says something else than
 * EPERM to a process with CAP_SYS_ADMIN, and which then do no harm.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/dqblk_xfs.h>
#include <linux/filter.h>
#include <linux/quota.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <nss.h>
#include <pthread.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#define NOWHERE ((long) "/nonexistent")
#define QUOTA(command) ((unsigned int) (command) << 8)
#define DEVICE ((long) "/dev/ubda")

static char page[4096] __attribute__((aligned(4096)));

/* What ConfinedFiles makes: everybody may do everything there. */
#define OUTSIDE "/srv/outside/"
#define HOME (long) "/var/spool/postfix/quotapolicy/"

/* Instead of a number: the argument is a function that makes several calls. */
#define SEVERAL (-1)

static long then_close(int fd, long result)
{
	int error = errno;
	if (fd >= 0) {
		close(fd);
	}
	errno = error;
	return result;
}

static long to_unix(int name_length, const char *name)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	memcpy(to.sun_path, name, name_length);
	return then_close(fd, connect(fd, (struct sockaddr *) &to,
				      offsetof(struct sockaddr_un, sun_path) + name_length));
}

static long to_socket(void)
{
	return to_unix(sizeof(OUTSIDE "socket"), OUTSIDE "socket");
}

static long to_abstract_socket(void)
{
	return to_unix(sizeof("@outside") - 1, "\0outside");
}

static struct sockaddr_in loopback(int port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return address;
}

static long bind_tcp(void)
{
	struct sockaddr_in own = loopback(4711);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return then_close(fd, bind(fd, (struct sockaddr *) &own, sizeof(own)));
}

static long bind_udp(void)
{
	struct sockaddr_in own = loopback(4711);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return then_close(fd, bind(fd, (struct sockaddr *) &own, sizeof(own)));
}

static long send_udp(void)
{
	struct sockaddr_in to = loopback(4712);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (connect(fd, (struct sockaddr *) &to, sizeof(to))) {
		return then_close(fd, -1);
	}
	return then_close(fd, send(fd, "", 1, 0));
}

static long connect_tcp(void)
{
	struct sockaddr_in to = loopback(4713);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return then_close(fd, connect(fd, (struct sockaddr *) &to, sizeof(to)));
}

static long use_device(void)
{
	int entropy;
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	return then_close(fd, ioctl(fd, _IOR('R', 0x00, int), &entropy));
}

static long signal_other(void)
{
	const char *other = getenv("OUTSIDER");
	return kill(other ? atoi(other) : 1, 0);
}

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

	{"outside read", SYS_openat, {AT_FDCWD, (long) OUTSIDE "file", O_RDONLY}},
	{"outside read a mailbox", SYS_openat, {AT_FDCWD, (long) "/var/mail/outside", O_RDONLY}},
	{"outside read root's", SYS_openat, {AT_FDCWD, (long) "/root/outside", O_RDONLY}},
	{"outside write", SYS_openat, {AT_FDCWD, (long) OUTSIDE "file", O_WRONLY}},
	{"outside truncate", SYS_truncate, {(long) OUTSIDE "file"}},
	{"outside make", SYS_openat, {AT_FDCWD, (long) OUTSIDE "new", O_CREAT | O_EXCL, 0600}},
	{"outside make a directory", SYS_mkdir, {(long) OUTSIDE "new directory"}},
	{"outside make a pipe", SYS_mknod, {(long) OUTSIDE "pipe", S_IFIFO | 0600}},
	{"outside make a link", SYS_symlink, {NOWHERE, (long) OUTSIDE "link"}},
	{"outside rename", SYS_rename, {(long) OUTSIDE "old", (long) OUTSIDE "renamed"}},
	{"outside remove", SYS_unlink, {(long) OUTSIDE "victim"}},
	{"outside remove a directory", SYS_rmdir, {(long) OUTSIDE "directory"}},
	{"outside execute", SYS_execve, {(long) OUTSIDE "program"}},
	{"outside write at home", SYS_openat, {AT_FDCWD, HOME "quotapolicy.pid", O_WRONLY}},
	{"outside make at home", SYS_mknod, {HOME "new", S_IFREG | 0600}},
	{"outside a device's ioctl", SEVERAL, {(long) use_device}},
	{"outside connect", SEVERAL, {(long) to_socket}},
	{"outside connect by abstract name", SEVERAL, {(long) to_abstract_socket}},
	{"outside bind TCP", SEVERAL, {(long) bind_tcp}},
	{"outside bind UDP", SEVERAL, {(long) bind_udp}},
	{"outside signal", SEVERAL, {(long) signal_other}},

	{"within list", SYS_openat, {AT_FDCWD, (long) OUTSIDE, O_RDONLY | O_DIRECTORY}},
	{"within stat", SYS_stat, {(long) OUTSIDE "file", (long) page}},
	{"within read", SYS_openat, {AT_FDCWD, (long) "/etc/passwd", O_RDONLY}},
	{"within send by UDP", SEVERAL, {(long) send_udp}},
	{"within connect by TCP", SEVERAL, {(long) connect_tcp}},
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
	long result = now->number == SEVERAL
			      ? ((long (*)(void)) a[0])()
			      : syscall(now->number, a[0], a[1], a[2], a[3], a[4], a[5]);
	int error = result < 0 ? errno : 0;
	if (syscall(SYS_getpid) != before) {
		_exit(0); /* the child that there should not be */
	}
	return error;
}

/* A message of one word, with room for a descriptor. */
struct letter {
	int word;
	struct iovec part;
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} descriptor;
	struct msghdr message;
};

static struct msghdr *message(struct letter *letter)
{
	memset(letter, 0, sizeof(*letter));
	letter->part = (struct iovec) {&letter->word, sizeof(letter->word)};
	letter->message.msg_iov = &letter->part;
	letter->message.msg_iovlen = 1;
	letter->message.msg_control = &letter->descriptor;
	letter->message.msg_controllen = sizeof(letter->descriptor);
	return &letter->message;
}

static void *serve(void *at)
{
	struct letter letter;
	int back;
	while (recvmsg((int) (long) at, message(&letter), 0) >= 0) {
		memcpy(&back, CMSG_DATA(&letter.descriptor.header), sizeof(back));
		letter.word = try(&attempts[letter.word]);
		if (write(back, &letter.word, sizeof(letter.word)) < 0) {
			perror("intruder");
		}
		close(back);
	}
	return NULL;
}

static int ask(int fd, struct sockaddr_un *there, socklen_t length, int word, int back)
{
	struct letter letter;
	struct msghdr *sent = message(&letter);
	letter.word = word;
	sent->msg_name = there;
	sent->msg_namelen = length;
	letter.descriptor.header.cmsg_level = SOL_SOCKET;
	letter.descriptor.header.cmsg_type = SCM_RIGHTS;
	letter.descriptor.header.cmsg_len = CMSG_LEN(sizeof(back));
	memcpy(CMSG_DATA(&letter.descriptor.header), &back, sizeof(back));
	return sendmsg(fd, sent, 0);
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

static void refuse(unsigned int number)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof(filter) / sizeof(*filter), filter};
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) {
		perror("prctl");
		exit(1);
	}
}

static int become(const char *without, char **program)
{
	if (strcmp(without, "seccomp")) {
		refuse(SYS_landlock_create_ruleset);
	}
	if (strcmp(without, "landlock")) {
		refuse(SYS_seccomp);
	}
	execv(program[0], program);
	perror(program[0]);
	return 1;
}

int main(int count, char **words)
{
	if (count > 3 && !strcmp(words[1], "without")) {
		return become(words[2], words + 3);
	}
	const char *start = count > 2 ? words[2] : "";
	struct sockaddr_un there;
	struct timeval patience = {.tv_sec = 5};
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	int way[2];
	socklen_t length = address(&there, count > 1 ? atoi(words[1]) : 0);
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, way)) {
		perror("socketpair");
		return 1;
	}
	setsockopt(way[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	for (int i = 0; i < COUNT; i++) {
		int word;
		if (strncmp(attempts[i].name, start, strlen(start))) {
			continue;
		}
		if (ask(fd, &there, length, i, way[1]) < 0 || recv(way[0], &word, sizeof(word), 0) < 0) {
			perror(attempts[i].name);
			return 1;
		}
		printf("%s: %s\n", attempts[i].name, word ? strerrorname_np(word) : "done");
	}
	return 0;
}
