/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <linux/openat2.h>

#include "probe.h"

int main(void)
{
	CONSTANT(RESOLVE_NO_SYMLINKS);
	CONSTANT(RESOLVE_CACHED);
	SIZE(open_how);
	FIELD(open_how, flags, __u64);
	FIELD(open_how, mode, __u64);
	FIELD(open_how, resolve, __u64);
	return 0;
}
