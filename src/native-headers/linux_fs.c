/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <linux/fs.h>

#include "probe.h"

/* Linux 6.17. Checked where the header has it; elsewhere a copy of it. */
#ifndef FILE_ATTR_SIZE_VER0
struct file_attr {
	__u64 fa_xflags;
	__u32 fa_extsize;
	__u32 fa_nextents;
	__u32 fa_projid;
	__u32 fa_cowextsize;
};
#endif

int main(void)
{
	CONSTANT(FS_IOC_FSGETXATTR);
	CONSTANT(FS_XFLAG_PROJINHERIT);
	SIZE(fsxattr);
	FIELD(fsxattr, fsx_xflags, __u32);
	FIELD(fsxattr, fsx_projid, __u32);
	SIZE(file_attr);
	FIELD(file_attr, fa_xflags, __u64);
	FIELD(file_attr, fa_projid, __u32);
	return 0;
}
