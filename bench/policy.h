// SPDX-License-Identifier: Apache-2.0
//
// What the policy servers of the bench share: a Unix socket, connections of Postfix's smtpd (SMTPD_POLICY_README), and
// epoll(7). One thread; each connection is in strict lock-step, so one buffer holds at most one request.

#ifndef POLICY_H
#define POLICY_H

#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MAX_USER 256    // bytes, with the NUL
#define MAX_EVENTS 1024 // connections that one epoll_wait() tells of

struct connection {
    int fd;
    size_t length;
    char bytes[4096];
};

static const char DUNNO[] = "action=DUNNO\n\n";
__attribute__((unused)) static const char FULL[] = "action=DEFER_IF_PERMIT 4.2.2 Mailbox is full, please try again later\n\n";

static inline int listen_on(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path)
        errx(1, "path too long: %s", path);
    strcpy(address.sun_path, path);
    unlink(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 4096) != 0)
        err(1, "%s", path);
    return fd;
}

static inline void watch(int epoll, int fd, void *data) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = data};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0)
        err(1, "epoll_ctl");
}

static inline void accept_all(int epoll, int listener) {
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct connection *connection = malloc(sizeof *connection);
        if (connection == NULL)
            err(1, "malloc");
        connection->fd = fd;
        connection->length = 0;
        watch(epoll, fd, connection);
    }
}

static inline void hang_up(struct connection *connection) {
    close(connection->fd);
    free(connection);
}

// Whether a whole request is there now. A connection that has ended is freed and NULL afterwards.
static inline int receive(struct connection **of) {
    struct connection *connection = *of;
    ssize_t count = read(connection->fd, connection->bytes + connection->length,
                         sizeof connection->bytes - connection->length);
    if (count < 0 && errno == EAGAIN)
        return 0;
    if (count <= 0) {
        hang_up(connection);
        *of = NULL;
        return 0;
    }
    connection->length += count;
    return connection->length > 1 && memcmp(connection->bytes + connection->length - 2, "\n\n", 2) == 0;
}

// The recipient's local part up to a delimiter; 0 if there is none that could be a user.
static inline int recipient_user(const struct connection *connection, char user[MAX_USER]) {
    static const char name[] = "\nrecipient=";
    const char *at = memmem(connection->bytes, connection->length, name, sizeof name - 1);
    if (at == NULL)
        return 0;
    at += sizeof name - 1;
    size_t length = strcspn(at, "@+\n"); // an LF is always to come
    if (length == 0 || length >= MAX_USER)
        return 0;
    memcpy(user, at, length);
    user[length] = '\0';
    return 1;
}

static inline void answer(struct connection *connection, const char *text) {
    connection->length = 0;
    if (write(connection->fd, text, strlen(text)) < 0 && errno != EPIPE)
        warn("write");
}

// Calls serve() for each whole request, for ever, and then_all() when those that were ready are through.
static inline void serve_all(const char *path, void (*serve)(struct connection *), void (*then_all)(void)) {
    int listener = listen_on(path);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event ready[MAX_EVENTS];
    watch(epoll, listener, NULL);
    for (;;) {
        int count = epoll_wait(epoll, ready, MAX_EVENTS, -1);
        for (int i = 0; i < count; i++) {
            struct connection *connection = ready[i].data.ptr;
            if (connection == NULL)
                accept_all(epoll, listener);
            else if (receive(&connection))
                serve(connection);
        }
        if (then_all != NULL)
            then_all();
    }
}

#endif
