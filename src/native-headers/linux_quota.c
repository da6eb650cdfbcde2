/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <linux/quota.h>

#include "probe.h"

/* What is in both is in the same place: Java reads it of either in one way. */
#define SAME(field) \
	_Static_assert(offsetof(struct if_nextdqblk, field) == offsetof(struct if_dqblk, field), \
		       #field " of if_nextdqblk is elsewhere")
SAME(dqb_bhardlimit);
SAME(dqb_bsoftlimit);
SAME(dqb_curspace);
SAME(dqb_ihardlimit);
SAME(dqb_isoftlimit);
SAME(dqb_curinodes);
SAME(dqb_btime);
SAME(dqb_itime);
SAME(dqb_valid);

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
	SIZE(if_nextdqblk);
	FIELD(if_nextdqblk, dqb_id, __u32);
	return 0;
}
