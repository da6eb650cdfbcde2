// SPDX-License-Identifier: Apache-2.0
//
// names --users FILE [--seconds S] [--seed N] [--label NAME] [--extra JSON]: what the name service alone takes: asks
// getpwnam_r(3) for one user after the other, at random, and prints a line like load.c's. The other options of load.c are
// taken and mean nothing here.

#define _GNU_SOURCE
#include <err.h>
#include <getopt.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static char **users;
static size_t user_count;
static uint64_t random_state;

static double seconds_of(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

// splitmix64.
static uint64_t random_number(void) {
    uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static void read_users(const char *path) {
    char name[512], line[1024];
    FILE *file = fopen(path, "r");
    if (file == NULL)
        err(2, "%s", path);
    for (size_t room = 0; fgets(line, sizeof line, file) != NULL;) {
        if (sscanf(line, "%511s", name) != 1)
            errx(2, "%s: no user: %s", path, line);
        if (user_count == room && (users = realloc(users, (room = room == 0 ? 64 : 2 * room) * sizeof *users)) == NULL)
            err(2, "realloc");
        users[user_count++] = strdup(name);
    }
    fclose(file);
}

static void look_up(const char *user) {
    struct passwd entry, *found = NULL;
    char strings[4096];
    if (getpwnam_r(user, &entry, strings, sizeof strings, &found) != 0 || found == NULL)
        errx(1, "%s: not found", user);
}

int main(int argc, char **argv) {
    static const struct option known[] = {{"users", 1, 0, 'u'}, {"seconds", 1, 0, 't'}, {"seed", 1, 0, 'r'},
                                          {"label", 1, 0, 'l'}, {"extra", 1, 0, 'x'}, {"warm-up", 1, 0, 'w'}, {0, 0, 0, 0}};
    const char *label = "names", *extra = "";
    double duration = 1;
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;)
        switch (option) {
        case 'u': read_users(optarg); break;
        case 't': duration = atof(optarg); break;
        case 'r': random_state = strtoull(optarg, NULL, 10); break;
        case 'l': label = optarg; break;
        case 'x': extra = optarg; break;
        case 'w': break;
        default: exit(2);
        }
    if (user_count == 0)
        errx(2, "usage: names --users FILE [--seconds S] [--seed N] [--label NAME] [--extra JSON]");
    look_up(users[0]);
    double start = seconds_of(CLOCK_MONOTONIC), used = seconds_of(CLOCK_PROCESS_CPUTIME_ID), now = start;
    long count = 0;
    for (; now < start + duration; now = seconds_of(CLOCK_MONOTONIC), count++)
        look_up(users[random_number() % user_count]);
    used = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - used;
    printf("{\"server\":\"%s\",\"k\":1,%s\"seconds\":%.3f,\"requests\":%ld,\"per_second\":%.1f,\"cpu\":%.0f}\n", label, extra,
           now - start, count, count / (now - start), used / count * 1e9);
}
