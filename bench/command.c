// SPDX-License-Identifier: Apache-2.0
//
// command SOCKET PROGRAM...: runs `PROGRAM... USER` for each request, one after the other, and takes every exit status
// but 0 for over quota, as the program of 2010 did with `sudo -n quota`.

#include "policy.h"
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

extern char **environ;
static char **program; // its last word is replaced by the user's name
static int words;

static int fails_for(char *user) {
    posix_spawn_file_actions_t silent;
    pid_t child;
    int status;
    posix_spawn_file_actions_init(&silent);
    posix_spawn_file_actions_addopen(&silent, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&silent, 2, "/dev/null", O_WRONLY, 0);
    program[words] = user;
    int error = posix_spawnp(&child, program[0], &silent, NULL, program, environ);
    posix_spawn_file_actions_destroy(&silent);
    if (error != 0)
        errx(1, "%s: %s", program[0], strerror(error));
    return waitpid(child, &status, 0) != child || status != 0;
}

static void serve(struct connection *connection) {
    char user[MAX_USER];
    answer(connection, recipient_user(connection, user) && fails_for(user) ? FULL : DUNNO);
}

int main(int argc, char **argv) {
    if (argc < 3)
        errx(2, "usage: command SOCKET PROGRAM...");
    signal(SIGPIPE, SIG_IGN);
    words = argc - 2;
    program = calloc(words + 2, sizeof *program);
    memcpy(program, argv + 2, words * sizeof *program);
    serve_all(argv[1], serve, NULL);
}
