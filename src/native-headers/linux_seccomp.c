/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <linux/seccomp.h>

#include "probe.h"

int main(void)
{
	CONSTANT(SECCOMP_MODE_FILTER);
	CONSTANT(SECCOMP_SET_MODE_FILTER);
	CONSTANT(SECCOMP_FILTER_FLAG_TSYNC);
	CONSTANT(SECCOMP_RET_ERRNO);
	CONSTANT(SECCOMP_RET_ALLOW);
	SIZE(seccomp_data);
	FIELD(seccomp_data, nr, int);
	FIELD(seccomp_data, arch, __u32);
	FIELD(seccomp_data, args, __u64[6]);
	return 0;
}
