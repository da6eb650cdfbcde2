/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <xfs/xfs.h>

#include "probe.h"

int main(void)
{
	CONSTANT(XFS_IOC_FSGEOMETRY_V4);
	CONSTANT(XFS_FSOP_GEOM_FLAGS_V5SB);
	CONSTANT(XFS_FSOP_GEOM_FLAGS_FINOBT);
	CONSTANT(XFS_FSOP_GEOM_FLAGS_NREXT64);
	SIZE(xfs_fsop_geom_v4);
	FIELD(xfs_fsop_geom_v4, blocksize, __u32);
	FIELD(xfs_fsop_geom_v4, agblocks, __u32);
	FIELD(xfs_fsop_geom_v4, inodesize, __u32);
	FIELD(xfs_fsop_geom_v4, flags, __u32);
	FIELD(xfs_fsop_geom_v4, dirblocksize, __u32);
	return 0;
}
