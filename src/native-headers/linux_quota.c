/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <linux/quota.h>

#include "probe.h"

int main(void)
{
	CONSTANT(USRQUOTA);
	CONSTANT(GRPQUOTA);
	CONSTANT(PRJQUOTA);
	CONSTANT(SUBCMDSHIFT);
	CONSTANT(Q_GETQUOTA);
	CONSTANT(Q_GETNEXTQUOTA);
	CONSTANT(QIF_ALL);
	SIZE(if_dqblk);
	FIELD(if_dqblk, dqb_bhardlimit, __u64);
	FIELD(if_dqblk, dqb_bsoftlimit, __u64);
	FIELD(if_dqblk, dqb_curspace, __u64);
	FIELD(if_dqblk, dqb_ihardlimit, __u64);
	FIELD(if_dqblk, dqb_isoftlimit, __u64);
	FIELD(if_dqblk, dqb_curinodes, __u64);
	FIELD(if_dqblk, dqb_btime, __u64);
	FIELD(if_dqblk, dqb_itime, __u64);
	FIELD(if_dqblk, dqb_valid, __u32);
	return 0;
}
