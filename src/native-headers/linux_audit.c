/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <linux/audit.h>

#include "probe.h"

int main(void)
{
	CONSTANT(AUDIT_ARCH_X86_64);
	CONSTANT(AUDIT_ARCH_AARCH64);
	return 0;
}
