/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <sys/syscall.h>

#include "probe.h"

/* Linux 6.17; the number is the same on all machines. */
#ifndef SYS_file_getattr
#define SYS_file_getattr 468
#endif

int main(void)
{
	CONSTANT(SYS_quotactl_fd);
	CONSTANT(SYS_landlock_create_ruleset);
	CONSTANT(SYS_landlock_add_rule);
	CONSTANT(SYS_landlock_restrict_self);
	CONSTANT(SYS_file_getattr);
	return 0;
}
