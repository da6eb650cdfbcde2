// SPDX-License-Identifier: Apache-2.0
//
// cost COMMAND...: runs it, without its output, and prints wall and CPU time in microseconds; CPU with its children's, as
// far as it has waited for them. getrusage(2) counts them exactly, where shells count ticks.

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
    struct timespec before, after;
    struct rusage used;
    if (argc < 2)
        errx(2, "usage: cost COMMAND...");
    clock_gettime(CLOCK_MONOTONIC, &before);
    pid_t child = fork();
    if (child == 0) {
        int nothing = open("/dev/null", O_RDWR);
        dup2(nothing, 1);
        dup2(nothing, 2);
        execvp(argv[1], argv + 1);
        _exit(127);
    }
    int status;
    if (child < 0 || waitpid(child, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) == 127)
        errx(1, "cannot run %s", argv[1]);
    clock_gettime(CLOCK_MONOTONIC, &after);
    getrusage(RUSAGE_CHILDREN, &used);
    printf("%ld %ld\n", (after.tv_sec - before.tv_sec) * 1000000 + (after.tv_nsec - before.tv_nsec) / 1000,
           (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000 + used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}
