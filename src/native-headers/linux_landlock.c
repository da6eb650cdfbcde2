/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* Which fields the struct has cannot be asked before it is there. */
#define landlock_ruleset_attr ruleset_attr_of_the_header
#include <linux/landlock.h>

#include "probe.h"

/*
 * Mapped as of Linux 7.3. Checked where the header has it; elsewhere a copy of it. The kernel takes a
 * struct of any size that ends with a field.
 */
#ifndef LANDLOCK_SCOPE_SIGNAL
#undef landlock_ruleset_attr
struct landlock_ruleset_attr {
	__u64 handled_access_fs;
	__u64 handled_access_net;
	__u64 scoped;
};
#define LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET (1ULL << 0)
#define LANDLOCK_SCOPE_SIGNAL (1ULL << 1)
#endif

#ifndef LANDLOCK_ACCESS_NET_BIND_TCP
struct landlock_net_port_attr {
	__u64 allowed_access;
	__u64 port;
};
#define LANDLOCK_ACCESS_NET_BIND_TCP (1ULL << 0)
#define LANDLOCK_RULE_NET_PORT 2
#endif

#ifndef LANDLOCK_ACCESS_NET_BIND_UDP
#define LANDLOCK_ACCESS_NET_BIND_UDP (1ULL << 2)
#endif
#ifndef LANDLOCK_ACCESS_FS_IOCTL_DEV
#define LANDLOCK_ACCESS_FS_IOCTL_DEV (1ULL << 15)
#endif
#ifndef LANDLOCK_ACCESS_FS_RESOLVE_UNIX
#define LANDLOCK_ACCESS_FS_RESOLVE_UNIX (1ULL << 16)
#endif
#ifndef LANDLOCK_RESTRICT_SELF_TSYNC
#define LANDLOCK_RESTRICT_SELF_TSYNC (1U << 3)
#endif

int main(void)
{
	CONSTANT(LANDLOCK_CREATE_RULESET_VERSION);
	CONSTANT(LANDLOCK_RESTRICT_SELF_TSYNC);
	CONSTANT(LANDLOCK_RULE_PATH_BENEATH);
	CONSTANT(LANDLOCK_RULE_NET_PORT);
	CONSTANT(LANDLOCK_ACCESS_FS_READ_FILE);
	CONSTANT(LANDLOCK_ACCESS_FS_READ_DIR);
	CONSTANT(LANDLOCK_ACCESS_FS_REMOVE_FILE);
	CONSTANT(LANDLOCK_ACCESS_FS_IOCTL_DEV);
	CONSTANT(LANDLOCK_ACCESS_FS_RESOLVE_UNIX);
	CONSTANT(LANDLOCK_ACCESS_NET_BIND_TCP);
	CONSTANT(LANDLOCK_ACCESS_NET_BIND_UDP);
	CONSTANT(LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET);
	CONSTANT(LANDLOCK_SCOPE_SIGNAL);
	FIELD(landlock_ruleset_attr, handled_access_fs, __u64);
	FIELD(landlock_ruleset_attr, handled_access_net, __u64);
	FIELD(landlock_ruleset_attr, scoped, __u64);
	SIZE(landlock_path_beneath_attr);
	FIELD(landlock_path_beneath_attr, allowed_access, __u64);
	FIELD(landlock_path_beneath_attr, parent_fd, __s32);
	SIZE(landlock_net_port_attr);
	FIELD(landlock_net_port_attr, allowed_access, __u64);
	FIELD(landlock_net_port_attr, port, __u64);
	return 0;
}
