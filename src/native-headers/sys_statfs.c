/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <sys/statfs.h>

#include "probe.h"

int main(void)
{
	SIZE(statfs);
	FIELD(statfs, f_bsize, long);
	return 0;
}
