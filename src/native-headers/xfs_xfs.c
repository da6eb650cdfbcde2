/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <xfs/xfs.h>

#include "probe.h"

#ifndef XFS_FSOP_GEOM_FLAGS_PARENT
/* Of xfsprogs 6.10, in case the header is older. */
#define XFS_FSOP_GEOM_FLAGS_PARENT (1 << 25)
#endif

int main(void)
{
	CONSTANT(XFS_IOC_FSGEOMETRY_V4);
	CONSTANT(XFS_IOC_FSBULKSTAT_SINGLE);
	CONSTANT(XFS_FSOP_GEOM_FLAGS_V5SB);
	CONSTANT(XFS_FSOP_GEOM_FLAGS_FINOBT);
	CONSTANT(XFS_FSOP_GEOM_FLAGS_NREXT64);
	CONSTANT(XFS_FSOP_GEOM_FLAGS_PARENT);
	SIZE(xfs_fsop_geom_v4);
	FIELD(xfs_fsop_geom_v4, blocksize, __u32);
	FIELD(xfs_fsop_geom_v4, agblocks, __u32);
	FIELD(xfs_fsop_geom_v4, inodesize, __u32);
	FIELD(xfs_fsop_geom_v4, flags, __u32);
	FIELD(xfs_fsop_geom_v4, dirblocksize, __u32);
	SIZE(xfs_fsop_bulkreq);
	FIELD(xfs_fsop_bulkreq, lastip, __u64 *);
	FIELD(xfs_fsop_bulkreq, icount, __s32);
	FIELD(xfs_fsop_bulkreq, ubuffer, void *);
	FIELD(xfs_fsop_bulkreq, ocount, __s32 *);
	SIZE(xfs_bstat);
	FIELD(xfs_bstat, bs_mode, __u16);
	FIELD(xfs_bstat, bs_xflags, __u32);
	FIELD(xfs_bstat, bs_projid_lo, __u16);
	FIELD(xfs_bstat, bs_projid_hi, __u16);
	return 0;
}
