/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <grp.h>

#include "probe.h"

int main(void)
{
	SIZE(group);
	FIELD(group, gr_name, char *);
	FIELD(group, gr_gid, unsigned int);
	return 0;
}
