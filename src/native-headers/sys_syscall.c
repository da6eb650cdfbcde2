/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <sys/syscall.h>

#include "probe.h"

int main(void)
{
	CONSTANT(SYS_quotactl_fd);
	return 0;
}
