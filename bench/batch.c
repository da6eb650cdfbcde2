// SPDX-License-Identifier: Apache-2.0
//
// batch SOCKET: as floor, but the names of all connections that are ready go to the second process at once, and so do
// the answers come back: two wake-ups for each batch, not for each request.

#include "lookup.h"
#include <signal.h>

#define MAX_BATCH (60000 / MAX_USER) // names in one packet: it must fit into the socket's buffer

static int second;
static struct connection *asking[MAX_BATCH];
static char names[MAX_BATCH * MAX_USER]; // each with its NUL
static size_t name_count, names_length;

static void look_up(int first) {
    static char users[MAX_BATCH * MAX_USER], full[MAX_BATCH];
    ssize_t length;
    while ((length = recv(first, users, sizeof users, 0)) > 0) {
        size_t count = 0;
        for (char *user = users; user < users + length; user += strlen(user) + 1)
            full[count++] = user_is_full(user);
        send(first, full, count, MSG_NOSIGNAL);
    }
}

static void ask_all(void) {
    char full[MAX_BATCH];
    if (name_count == 0)
        return;
    if (send(second, names, names_length, 0) < 0 || recv(second, full, sizeof full, 0) != (ssize_t)name_count)
        errx(1, "the second process is gone");
    for (size_t i = 0; i < name_count; i++)
        answer(asking[i], full[i] ? FULL : DUNNO);
    name_count = names_length = 0;
}

static void serve(struct connection *connection) {
    if (!recipient_user(connection, names + names_length)) {
        answer(connection, DUNNO);
        return;
    }
    names_length += strlen(names + names_length) + 1;
    asking[name_count++] = connection;
    if (name_count == MAX_BATCH)
        ask_all();
}

int main(int argc, char **argv) {
    if (argc != 2)
        errx(2, "usage: batch SOCKET");
    signal(SIGPIPE, SIG_IGN);
    second = start_second(look_up);
    serve_all(argv[1], serve, ask_all);
}
