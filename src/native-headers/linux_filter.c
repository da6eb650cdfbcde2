/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <linux/filter.h>

#include "probe.h"

int main(void)
{
	CONSTANT(BPF_LD);
	CONSTANT(BPF_ALU);
	CONSTANT(BPF_JMP);
	CONSTANT(BPF_RET);
	CONSTANT(BPF_W);
	CONSTANT(BPF_ABS);
	CONSTANT(BPF_AND);
	CONSTANT(BPF_JEQ);
	CONSTANT(BPF_JGE);
	CONSTANT(BPF_K);
	SIZE(sock_filter);
	FIELD(sock_filter, code, __u16);
	FIELD(sock_filter, jt, __u8);
	FIELD(sock_filter, jf, __u8);
	FIELD(sock_filter, k, __u32);
	SIZE(sock_fprog);
	FIELD(sock_fprog, len, unsigned short);
	FIELD(sock_fprog, filter, struct sock_filter *);
	return 0;
}
