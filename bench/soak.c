// SPDX-License-Identifier: Apache-2.0
//
// soak SOCKET REQUESTS SEED DAEMON HELPER DEVICE: asks about the users u1 to u64, on 16 connections, and checks each
// answer; prints what the processes DAEMON and HELPER take at the start, in the middle and at the end. Ends with 1 if an
// answer was wrong or they have grown.
//
// With a DEVICE the limits of the user and of his group, space and inodes, hard and soft, with grace over or not, are
// set anew before each question, and the answer must be what the kernel's rule says (dquot_add_space(),
// dquot_add_inodes() of fs/quota/dquot.c). With "-" nobody has a limit.

#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <inttypes.h>
#include <poll.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/quota.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { USERS = 64, CONNECTIONS = 16, TYPES = 2, BLOCK = 4096, ADDED = 1024, PATIENCE_MS = 12000 };

// What is taken for growth from the middle to the end: a JVM's heap is not full in the middle.
static const double MOST_GROWTH = 1.10;
static const long MOST_MORE_PSS = 2048, MOST_MORE = 2;

struct user {
    char name[8];
    unsigned ids[TYPES];
    uint64_t used_bytes[TYPES], used_inodes[TYPES];
    int is_full;
};

struct process {
    const char *name;
    long pid, pss[3], threads[3], descriptors[3];
};

static struct user users[USERS];
static int connections[CONNECTIONS];
static uint64_t random_state;
static const char *device;

static uint64_t draw(uint64_t bound) {
    random_state += 0x9e3779b97f4a7c15; // SplitMix64
    uint64_t z = random_state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return (z ^ (z >> 31)) % bound;
}

static double seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void know_users(void) {
    for (int i = 0; i < USERS; i++) {
        struct user *user = &users[i];
        snprintf(user->name, sizeof user->name, "u%d", i + 1);
        if (*device == '-')
            continue;
        struct passwd *entry = getpwnam(user->name);
        if (entry == NULL)
            errx(2, "no user %s", user->name);
        user->ids[USRQUOTA] = entry->pw_uid;
        user->ids[GRPQUOTA] = entry->pw_gid;
        for (int type = 0; type < TYPES; type++) {
            struct dqblk quota;
            if (quotactl(QCMD(Q_GETQUOTA, type), device, (int)user->ids[type], (caddr_t)&quota) != 0)
                err(2, "Q_GETQUOTA of %s", user->name);
            user->used_bytes[type] = quota.dqb_curspace;
            user->used_inodes[type] = quota.dqb_curinodes;
        }
    }
}

// 0, or near what is used and needed, or anywhere.
static uint64_t limit_near(uint64_t edge, uint64_t step) {
    switch (draw(4)) {
    case 0: return 0;
    case 1: return edge / 2 + draw(edge + 1);
    default: return edge > 3 * step ? edge - 3 * step + draw(7) * step : 1 + draw(6 * step);
    }
}

static uint64_t any_timer(uint64_t now) {
    uint64_t timers[] = {0, now - 100, now + 3600};
    return timers[draw(3)];
}

static int exceeds(uint64_t wanted, uint64_t soft, uint64_t hard, uint64_t timer, uint64_t now) {
    return (hard != 0 && wanted > hard) || (soft != 0 && wanted > soft && timer != 0 && now >= timer);
}

// Whether the kernel would not let him store a new file of that size.
static int set_limits(const struct user *user, uint64_t size) {
    int is_full = 0;
    uint64_t now = (uint64_t)time(NULL);
    uint64_t need = ((size == 0 ? 1 : size) + ADDED + BLOCK - 1) / BLOCK * BLOCK;
    for (int type = 0; type < TYPES; type++) {
        uint64_t bytes = user->used_bytes[type] + need, inodes = user->used_inodes[type] + 1;
        struct dqblk quota = {
            .dqb_bhardlimit = limit_near(bytes / 1024, 4),
            .dqb_bsoftlimit = limit_near(bytes / 1024, 4),
            .dqb_ihardlimit = draw(3) == 0 ? limit_near(inodes, 1) : 0,
            .dqb_isoftlimit = draw(3) == 0 ? limit_near(inodes, 1) : 0,
            .dqb_btime = any_timer(now),
            .dqb_itime = any_timer(now),
            .dqb_valid = QIF_LIMITS | QIF_TIMES,
        };
        if (quotactl(QCMD(Q_SETQUOTA, type), device, (int)user->ids[type], (caddr_t)&quota) != 0)
            err(2, "Q_SETQUOTA of %s", user->name);
        // No timer runs for who is not over his soft limit: the kernel sees to that.
        uint64_t space_timer = user->used_bytes[type] > quota.dqb_bsoftlimit * 1024 ? quota.dqb_btime : 0;
        uint64_t inode_timer = user->used_inodes[type] > quota.dqb_isoftlimit ? quota.dqb_itime : 0;
        is_full |= exceeds(bytes, quota.dqb_bsoftlimit * 1024, quota.dqb_bhardlimit * 1024, space_timer, now) ||
                   exceeds(inodes, quota.dqb_isoftlimit, quota.dqb_ihardlimit, inode_timer, now);
    }
    return is_full;
}

static int open_connection(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        err(2, "connect %s", path);
    return fd;
}

static void ask(int fd, const struct user *user, uint64_t size) {
    char request[512];
    int length = snprintf(request, sizeof request,
                          "request=smtpd_access_policy\nprotocol_state=RCPT\nprotocol_name=ESMTP\n"
                          "client_address=192.0.2.17\nsender=carol@example.org\nrecipient=%s@example.com\n"
                          "instance=1a2b.65f0c0de.3d4e5.0\nsize=%" PRIu64 "\n\n",
                          user->name, size);
    if (write(fd, request, (size_t)length) != length)
        err(1, "request about %s", user->name);
}

// Whether it was what it should be.
static int receive(int fd, const struct user *user) {
    char answer[1024];
    size_t length = 0;
    while (length < 2 || memcmp(answer + length - 2, "\n\n", 2) != 0) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        if (poll(&ready, 1, PATIENCE_MS) != 1)
            errx(1, "no answer about %s", user->name);
        ssize_t count = read(fd, answer + length, sizeof answer - length - 1);
        if (count <= 0)
            errx(1, "no answer about %s: connection closed", user->name);
        length += (size_t)count;
    }
    answer[length - 2] = 0;
    const char *right = user->is_full ? "action=DEFER_IF_PERMIT 4.2.2 " : "action=DUNNO";
    if (strncmp(answer, right, strlen(right)) == 0)
        return 1;
    fprintf(stderr, "%s: %s, and not %s\n", user->name, answer, right);
    return 0;
}

static long number_in(long pid, const char *file, const char *name) {
    char path[64], line[256];
    long value = -1;
    snprintf(path, sizeof path, "/proc/%ld/%s", pid, file);
    FILE *lines = fopen(path, "re");
    if (lines == NULL)
        err(1, "%s", path);
    while (fgets(line, sizeof line, lines) != NULL)
        if (strncmp(line, name, strlen(name)) == 0)
            value = strtol(line + strlen(name), NULL, 10);
    fclose(lines);
    return value;
}

static long descriptors_of(long pid) {
    char path[64];
    long count = -2;
    snprintf(path, sizeof path, "/proc/%ld/fd", pid);
    DIR *directory = opendir(path);
    if (directory == NULL)
        err(1, "%s", path);
    while (readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count;
}

static void measure(struct process *process, int when) {
    process->pss[when] = number_in(process->pid, "smaps_rollup", "Pss:");
    process->threads[when] = number_in(process->pid, "status", "Threads:");
    process->descriptors[when] = descriptors_of(process->pid);
    printf("  %-7s %8s: PSS %6ld KiB, %3ld threads, %4ld descriptors\n", process->name,
           (const char *[]){"start", "middle", "end"}[when], process->pss[when], process->threads[when],
           process->descriptors[when]);
    fflush(stdout);
}

static int has_grown(const struct process *process) {
    return (double)process->pss[2] > (double)process->pss[1] * MOST_GROWTH + (double)MOST_MORE_PSS ||
           process->threads[2] > process->threads[1] + MOST_MORE ||
           process->descriptors[2] > process->descriptors[1] + MOST_MORE;
}

// One question on each connection; each user is asked about on one connection only.
static long round_of_questions(long *refused) {
    struct user *asked[CONNECTIONS];
    long wrong = 0;
    for (int i = 0; i < CONNECTIONS; i++) {
        asked[i] = &users[(uint64_t)i + CONNECTIONS * draw(USERS / CONNECTIONS)];
        uint64_t size = draw(5) == 0 ? 0 : draw(draw(2) ? 20000 : 2000000);
        asked[i]->is_full = *device == '-' ? 0 : set_limits(asked[i], size);
        *refused += asked[i]->is_full;
        ask(connections[i], asked[i], size);
    }
    for (int i = 0; i < CONNECTIONS; i++)
        wrong += !receive(connections[i], asked[i]);
    return wrong;
}

int main(int count, char **words) {
    if (count != 7)
        errx(2, "usage: soak SOCKET REQUESTS SEED DAEMON HELPER DEVICE");
    long rounds = atol(words[2]) / CONNECTIONS, refused = 0, wrong = 0;
    random_state = strtoull(words[3], NULL, 10);
    struct process processes[] = {{.name = "daemon", .pid = atol(words[4])}, {.name = "helper", .pid = atol(words[5])}};
    device = words[6];
    know_users();
    for (int i = 0; i < CONNECTIONS; i++)
        connections[i] = open_connection(words[1]);
    double start = seconds();
    // What is loaded and compiled once is no growth.
    for (long i = 0; i < rounds && wrong == 0; i++) {
        if (i == rounds / 100 || i == rounds / 2)
            for (int k = 0; k < 2; k++)
                measure(&processes[k], i == rounds / 2);
        wrong += round_of_questions(&refused);
    }
    double took = seconds() - start;
    for (int k = 0; k < 2; k++)
        measure(&processes[k], 2);
    int grown = has_grown(&processes[0]) || has_grown(&processes[1]);
    printf("soak: --seed %s: %ld requests, %ld refused, %ld wrong, %.0f a second%s\n", words[3], rounds * CONNECTIONS,
           refused, wrong, (double)(rounds * CONNECTIONS) / took, grown ? ", GROWN" : "");
    return wrong != 0 || grown;
}
