/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <poll.h>

#include "probe.h"

int main(void)
{
	CONSTANT(POLLPRI);
	CONSTANT(POLLERR);
	SIZE(pollfd);
	FIELD(pollfd, fd, int);
	FIELD(pollfd, events, short);
	FIELD(pollfd, revents, short);
	return 0;
}
