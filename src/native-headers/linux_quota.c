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
	return 0;
}
