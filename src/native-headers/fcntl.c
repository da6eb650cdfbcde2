/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <fcntl.h>

#include "probe.h"

int main(void)
{
	CONSTANT(O_RDONLY);
	CONSTANT(O_NONBLOCK);
	CONSTANT(O_CLOEXEC);
	CONSTANT(O_PATH);
	CONSTANT(AT_FDCWD);
	CONSTANT(AT_SYMLINK_NOFOLLOW);
	CONSTANT(AT_EMPTY_PATH);
	CONSTANT(AT_STATX_DONT_SYNC);
	return 0;
}
