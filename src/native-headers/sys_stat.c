/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <sys/stat.h>

#include "probe.h"

int main(void)
{
	CONSTANT(S_IFMT);
	CONSTANT(S_IFDIR);
	CONSTANT(S_ISGID);
	CONSTANT(S_IWGRP);
	CONSTANT(S_IWOTH);
	CONSTANT(STATX_TYPE);
	CONSTANT(STATX_MODE);
	CONSTANT(STATX_GID);
	CONSTANT(STATX_INO);
	CONSTANT(STATX_SIZE);
	CONSTANT(STATX_BLOCKS);
	SIZE(statx);
	FIELD(statx, stx_gid, __u32);
	FIELD(statx, stx_mode, __u16);
	FIELD(statx, stx_ino, __u64);
	FIELD(statx, stx_size, __u64);
	FIELD(statx, stx_blocks, __u64);
	FIELD(statx, stx_rdev_major, __u32);
	FIELD(statx, stx_rdev_minor, __u32);
	FIELD(statx, stx_dev_major, __u32);
	FIELD(statx, stx_dev_minor, __u32);
	return 0;
}
