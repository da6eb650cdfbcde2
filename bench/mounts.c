// SPDX-License-Identifier: Apache-2.0
//
// mounts DIRECTORY COUNT: makes so many mounts below a directory, in the mount namespace it is run in: a bind mount of one
// empty directory each, as containers and automounters make them.

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>

int main(int argc, char **argv) {
    char empty[512], path[512];
    if (argc != 3)
        errx(2, "usage: mounts DIRECTORY COUNT");
    snprintf(empty, sizeof empty, "%s/empty", argv[1]);
    if (mkdir(empty, 0755) != 0 && errno != EEXIST)
        err(1, "%s", empty);
    for (int i = 0; i < atoi(argv[2]); i++) {
        snprintf(path, sizeof path, "%s/%d", argv[1], i);
        if (mkdir(path, 0755) != 0)
            err(1, "%s", path);
        if (mount(empty, path, NULL, MS_BIND, NULL) != 0)
            err(1, "mount %s", path);
    }
}
