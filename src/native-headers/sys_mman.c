/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "probe.h"

int main(void)
{
	CONSTANT(MADV_DONTNEED);
	CONSTANT(MADV_FREE);
	return 0;
}
