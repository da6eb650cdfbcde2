/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <sys/prctl.h>

#include "probe.h"

int main(void)
{
	CONSTANT(PR_SET_DUMPABLE);
	CONSTANT(PR_SET_NAME);
	return 0;
}
