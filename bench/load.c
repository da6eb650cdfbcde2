// SPDX-License-Identifier: Apache-2.0
//
// load OPTION...: asks a policy server as Postfix 3.7 does: 29 attributes in one write, persistent connections, the next
// request of a connection when the answer to the last one is there. Checks each answer. Prints one line of JSON.
//
// Times are in nanoseconds. CPU is user and system time of all processes below --server, in clock ticks (sysconf), those
// that ended meanwhile included; switches are voluntary context switches of the threads that live at the end
// (-1: unknown, a thread with many has ended).

#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

// The dialogue of src/test/resources, cut where the recipient's local part is.
static const char HEAD[] =
    "request=smtpd_access_policy\nprotocol_state=RCPT\nprotocol_name=ESMTP\nclient_address=192.0.2.17\n"
    "client_name=mail.example.org\nclient_port=40522\nreverse_client_name=mail.example.org\nserver_address=192.0.2.1\n"
    "server_port=25\nhelo_name=mail.example.org\nsender=carol@example.org\nrecipient=";
static const char TAIL[] =
    "@example.com\nrecipient_count=0\nqueue_id=\ninstance=1a2b.65f0c0de.3d4e5.0\nsize=1000\netrn_domain=\nstress=\n"
    "sasl_method=\nsasl_username=\nsasl_sender=\nccert_subject=\nccert_issuer=\nccert_fingerprint=\n"
    "ccert_pubkey_fingerprint=\nencryption_protocol=TLSv1.3\nencryption_cipher=TLS_AES_256_GCM_SHA384\n"
    "encryption_keysize=256\npolicy_context=\n\n";

enum { PASS, REFUSE, ANY };

struct user {
    char *name;
    int expected;
};

struct connection {
    int fd, waiting;
    const struct user *user;
    uint64_t asked;
    size_t length;
    char answer[1024];
};

static struct user *users;
static size_t user_count, next_user;
static uint64_t random_state;
static const char *socket_path, *label = "server", *extra = "";
static long connection_count = 1, idle_count, limit_requests, server_pid;
static double warm_up, duration = 1;
static int in_turn, any_answer;

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * UINT64_C(1000000000) + time.tv_nsec;
}

// Histogram: 128 steps for each power of two, so a value is known to one part in 128.

#define STEPS 128
static uint64_t histogram[64 * STEPS];

static size_t slot(uint64_t value) {
    if (value < STEPS)
        return value;
    int shift = 63 - __builtin_clzll(value) - 7;
    return (shift + 1) * STEPS + (value >> shift) - STEPS;
}

static uint64_t value_at(size_t slot) {
    size_t shift = slot / STEPS;
    return shift == 0 ? slot : (slot % STEPS + STEPS) << (shift - 1);
}

static uint64_t quantile(double part, uint64_t count) {
    uint64_t seen = 0;
    for (size_t i = 0; i < 64 * STEPS; i++)
        if ((seen += histogram[i]) > 0 && seen >= part * count)
            return value_at(i);
    return 0;
}

// What the processes below --server have used, in clock ticks, and their context switches.

struct usage {
    uint64_t ticks, switches;
};

static int read_file(const char *path, char *to, size_t size) {
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return 0;
    size_t length = fread(to, 1, size - 1, file);
    to[length] = '\0';
    fclose(file);
    return length > 0;
}

static void add_switches(long pid, struct usage *usage) {
    char path[300], text[4096];
    snprintf(path, sizeof path, "/proc/%ld/task", pid);
    DIR *tasks = opendir(path);
    for (struct dirent *task; tasks != NULL && (task = readdir(tasks)) != NULL;) {
        snprintf(path, sizeof path, "/proc/%ld/task/%s/status", pid, task->d_name);
        char *at = task->d_name[0] != '.' && read_file(path, text, sizeof text)
                       ? strstr(text, "\nvoluntary_ctxt_switches:") : NULL;
        if (at != NULL)
            usage->switches += strtoull(at + 25, NULL, 10);
    }
    if (tasks != NULL)
        closedir(tasks);
}

static int add_process(long pid, struct usage *usage) {
    char path[64], text[1024];
    unsigned long long user, system, users_of_dead, systems_of_dead;
    snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    if (!read_file(path, text, sizeof text) || strrchr(text, ')') == NULL ||
        sscanf(strrchr(text, ')'), ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu %llu %llu", &user, &system,
               &users_of_dead, &systems_of_dead) != 4)
        return 0;
    usage->ticks += user + system + users_of_dead + systems_of_dead;
    add_switches(pid, usage);
    return 1;
}

// Children are listed for each thread that made them.
static void add_tree(long pid, struct usage *usage) {
    char path[300], text[65536];
    if (pid == 0 || !add_process(pid, usage))
        return;
    snprintf(path, sizeof path, "/proc/%ld/task", pid);
    DIR *tasks = opendir(path);
    for (struct dirent *task; tasks != NULL && (task = readdir(tasks)) != NULL;) {
        snprintf(path, sizeof path, "/proc/%ld/task/%s/children", pid, task->d_name);
        if (task->d_name[0] == '.' || !read_file(path, text, sizeof text))
            continue;
        for (char *at = text, *end; strtol(at, &end, 10) > 0; at = end)
            add_tree(strtol(at, NULL, 10), usage);
    }
    if (tasks != NULL)
        closedir(tasks);
}

static struct usage usage_of_server(void) {
    struct usage usage = {0, 0};
    add_tree(server_pid, &usage);
    return usage;
}

static void read_users(const char *path) {
    char name[512], expected[16], line[1024];
    FILE *file = fopen(path, "r");
    if (file == NULL)
        err(2, "%s", path);
    for (size_t room = 0; fgets(line, sizeof line, file) != NULL;) {
        if (sscanf(line, "%511s %15s", name, expected) != 2)
            errx(2, "%s: not `user pass|refuse|any`: %s", path, line);
        if (user_count == room) {
            room = room == 0 ? 64 : 2 * room;
            if ((users = realloc(users, room * sizeof *users)) == NULL)
                err(2, "realloc");
        }
        int what = expected[0] == 'p' ? PASS : expected[0] == 'r' ? REFUSE : ANY;
        users[user_count++] = (struct user){strdup(name), what};
    }
    fclose(file);
    if (user_count == 0)
        errx(2, "%s: no users", path);
}

// splitmix64.
static uint64_t random_number(void) {
    uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static struct connection *connect_to_server(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct connection *made = calloc(1, sizeof *made);
    if (strlen(socket_path) >= sizeof address.sun_path)
        errx(2, "path too long: %s", socket_path);
    strcpy(address.sun_path, socket_path);
    made->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (made->fd < 0 || connect(made->fd, (struct sockaddr *)&address, sizeof address) != 0)
        err(2, "%s", socket_path);
    return made;
}

static void ask(struct connection *connection) {
    const struct user *user = &users[in_turn ? next_user++ % user_count : random_number() % user_count];
    struct iovec parts[] = {{(char *)HEAD, sizeof HEAD - 1}, {user->name, strlen(user->name)}, {(char *)TAIL, sizeof TAIL - 1}};
    ssize_t whole = parts[0].iov_len + parts[1].iov_len + parts[2].iov_len;
    connection->user = user;
    connection->length = 0;
    connection->waiting = 1;
    connection->asked = now();
    if (writev(connection->fd, parts, 3) != whole)
        err(2, "cannot send a request");
}

static void check(const struct connection *connection) {
    static const char dunno[] = "action=DUNNO\n\n";
    int passed = connection->length == sizeof dunno - 1 && memcmp(connection->answer, dunno, sizeof dunno - 1) == 0;
    if (memcmp(connection->answer, "action=", 7) != 0 ||
        (!any_answer && connection->user->expected != ANY && passed != (connection->user->expected == PASS)))
        errx(1, "%s: unexpected answer for %s: %.*s", label, connection->user->name, (int)connection->length,
             connection->answer);
}

// Whether the whole answer is there.
static int receive(struct connection *connection) {
    ssize_t count = recv(connection->fd, connection->answer + connection->length,
                         sizeof connection->answer - connection->length, 0);
    if (count <= 0)
        errx(1, "%s: closed the connection on a request for %s", label, connection->user ? connection->user->name : "nobody");
    connection->length += count;
    return connection->length > 8 && memcmp(connection->answer + connection->length - 2, "\n\n", 2) == 0;
}

static void options(int argc, char **argv) {
    static const struct option known[] = {{"socket", 1, 0, 's'}, {"connections", 1, 0, 'k'}, {"idle", 1, 0, 'i'},
                                          {"seconds", 1, 0, 't'}, {"warm-up", 1, 0, 'w'}, {"requests", 1, 0, 'n'},
                                          {"users", 1, 0, 'u'}, {"seed", 1, 0, 'r'}, {"server", 1, 0, 'p'},
                                          {"label", 1, 0, 'l'}, {"extra", 1, 0, 'x'}, {"in-turn", 0, 0, 'o'},
                                          {"any-answer", 0, 0, 'a'}, {0, 0, 0, 0}};
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;)
        switch (option) {
        case 's': socket_path = optarg; break;
        case 'k': connection_count = atol(optarg); break;
        case 'i': idle_count = atol(optarg); break;
        case 't': duration = atof(optarg); break;
        case 'w': warm_up = atof(optarg); break;
        case 'n': limit_requests = atol(optarg); break;
        case 'u': read_users(optarg); break;
        case 'r': random_state = strtoull(optarg, NULL, 10); break;
        case 'p': server_pid = atol(optarg); break;
        case 'l': label = optarg; break;
        case 'x': extra = optarg; break;
        case 'o': in_turn = 1; break;
        case 'a': any_answer = 1; break;
        default: exit(2);
        }
    if (socket_path == NULL || users == NULL || connection_count < 1)
        errx(2, "usage: load --socket PATH --users FILE [--connections K] [--idle N] [--warm-up S] [--seconds S | "
                "--requests N] [--seed N] [--in-turn] [--any-answer] [--server PID] [--label NAME] [--extra JSON]");
}

int main(int argc, char **argv) {
    options(argc, argv);
    struct rlimit files = {65536, 65536};
    setrlimit(RLIMIT_NOFILE, &files);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event ready[1024];
    for (long i = 0; i < idle_count; i++)
        connect_to_server();
    for (long i = 0; i < connection_count; i++) {
        struct connection *made = connect_to_server();
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = made};
        epoll_ctl(epoll, EPOLL_CTL_ADD, made->fd, &event);
        ask(made);
    }

    uint64_t start = now() + warm_up * 1e9, end = start + duration * 1e9, count = 0, longest = 0, moment;
    int measuring = 0;
    struct usage before = {0, 0};
    for (;;) {
        int events = epoll_wait(epoll, ready, 1024, 30000);
        if (events == 0)
            errx(1, "%s: no answer within 30 s", label);
        for (int i = 0; i < events; i++) {
            struct connection *connection = ready[i].data.ptr;
            if (!receive(connection))
                continue;
            moment = now();
            check(connection);
            uint64_t latency = moment - connection->asked;
            if (measuring) {
                histogram[slot(latency)]++;
                count++;
                longest = latency > longest ? latency : longest;
            }
            ask(connection);
        }
        moment = now();
        if (!measuring && moment >= start) {
            before = usage_of_server();
            start = now();
            end = start + duration * 1e9;
            measuring = 1;
        }
        if (measuring && (limit_requests > 0 ? count >= (uint64_t)limit_requests : moment >= end))
            break;
    }
    struct usage after = usage_of_server();
    double seconds = (moment - start) / 1e9;
    double tick = 1e9 / sysconf(_SC_CLK_TCK);
    double requests = count > 0 ? count : 1;
    printf("{\"server\":\"%s\",\"k\":%ld,\"idle\":%ld,%s\"seconds\":%.3f,\"requests\":%llu,\"per_second\":%.1f,"
           "\"p50\":%llu,\"p99\":%llu,\"p999\":%llu,\"max\":%llu,\"cpu\":%.0f,\"switches\":%.3f}\n",
           label, connection_count, idle_count, extra, seconds, (unsigned long long)count, count / seconds,
           (unsigned long long)quantile(0.5, count), (unsigned long long)quantile(0.99, count),
           (unsigned long long)quantile(0.999, count), (unsigned long long)longest,
           (after.ticks - before.ticks) * tick / requests, after.switches < before.switches ? -1 : (double)(after.switches - before.switches) / requests);
    return count == 0;
}
