/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <linux/dqblk_xfs.h>

#include "probe.h"

int main(void)
{
	CONSTANT(Q_XGETQUOTA);
	CONSTANT(Q_XGETQSTATV);
	CONSTANT(Q_XGETNEXTQUOTA);
	CONSTANT(FS_QSTATV_VERSION1);
	CONSTANT(FS_DQ_BIGTIME);
	CONSTANT(FS_QUOTA_UDQ_ACCT);
	CONSTANT(FS_QUOTA_UDQ_ENFD);
	CONSTANT(FS_QUOTA_GDQ_ACCT);
	CONSTANT(FS_QUOTA_GDQ_ENFD);
	CONSTANT(FS_QUOTA_PDQ_ACCT);
	CONSTANT(FS_QUOTA_PDQ_ENFD);
	SIZE(fs_disk_quota);
	FIELD(fs_disk_quota, d_fieldmask, __u16);
	FIELD(fs_disk_quota, d_id, __u32);
	FIELD(fs_disk_quota, d_blk_hardlimit, __u64);
	FIELD(fs_disk_quota, d_blk_softlimit, __u64);
	FIELD(fs_disk_quota, d_ino_hardlimit, __u64);
	FIELD(fs_disk_quota, d_ino_softlimit, __u64);
	FIELD(fs_disk_quota, d_bcount, __u64);
	FIELD(fs_disk_quota, d_icount, __u64);
	FIELD(fs_disk_quota, d_itimer, __s32);
	FIELD(fs_disk_quota, d_btimer, __s32);
	FIELD(fs_disk_quota, d_itimer_hi, __s8);
	FIELD(fs_disk_quota, d_btimer_hi, __s8);
	SIZE(fs_quota_statv);
	FIELD(fs_quota_statv, qs_version, __s8);
	FIELD(fs_quota_statv, qs_flags, __u16);
	FIELD(fs_quota_statv, qs_btimelimit, __s32);
	FIELD(fs_quota_statv, qs_itimelimit, __s32);
	return 0;
}
