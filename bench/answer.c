// SPDX-License-Identifier: Apache-2.0
//
// answer SOCKET: a policy server that knows nothing and answers at once: what the socket alone costs.

#include "policy.h"
#include <signal.h>

static void serve(struct connection *connection) { answer(connection, DUNNO); }

int main(int argc, char **argv) {
    if (argc != 2)
        errx(2, "usage: answer SOCKET");
    signal(SIGPIPE, SIG_IGN);
    serve_all(argv[1], serve, NULL);
}
