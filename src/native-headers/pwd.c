/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pwd.h>

#include "probe.h"

int main(void)
{
	SIZE(passwd);
	FIELD(passwd, pw_name, char *);
	FIELD(passwd, pw_uid, unsigned int);
	FIELD(passwd, pw_gid, unsigned int);
	FIELD(passwd, pw_dir, char *);
	return 0;
}
