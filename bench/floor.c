// SPDX-License-Identifier: Apache-2.0
//
// floor SOCKET: the least that two processes can do in C, written in the obvious way: the first speaks with Postfix and
// asks the second about one name after the other, waiting for each answer.

#include "lookup.h"
#include <signal.h>

static int second;

static void look_up(int first) {
    char user[MAX_USER];
    ssize_t length;
    while ((length = recv(first, user, sizeof user - 1, 0)) > 0) {
        user[length] = '\0';
        char full = user_is_full(user);
        send(first, &full, 1, MSG_NOSIGNAL);
    }
}

static int ask(const char *user) {
    char full;
    if (send(second, user, strlen(user), 0) < 0 || recv(second, &full, 1, 0) != 1)
        errx(1, "the second process is gone");
    return full;
}

static void serve(struct connection *connection) {
    char user[MAX_USER];
    answer(connection, recipient_user(connection, user) && ask(user) ? FULL : DUNNO);
}

int main(int argc, char **argv) {
    if (argc != 2)
        errx(2, "usage: floor SOCKET");
    signal(SIGPIPE, SIG_IGN);
    second = start_second(look_up);
    serve_all(argv[1], serve, NULL);
}
