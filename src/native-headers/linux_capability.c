/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <linux/capability.h>

#include "probe.h"

int main(void)
{
	CONSTANT(CAP_SYS_ADMIN);
	return 0;
}
