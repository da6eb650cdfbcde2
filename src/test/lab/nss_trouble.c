/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A source of the name service, for Faults, that knows nobody, and does as the file /tmp/faults/nss says, "WHAT UID",
 * in processes of that user only:
 *
 *   hang   does not answer while the file says so
 *   slow   answers after 0.3 s
 *   fail   says that it cannot be asked
 *   again  says that it cannot be asked now
 */
#include <errno.h>
#include <nss.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void wait_milliseconds(long milliseconds)
{
	struct timespec time = { milliseconds / 1000, milliseconds % 1000 * 1000000 };
	nanosleep(&time, NULL);
}

static int is_told(const char *what)
{
	char word[16] = "";
	unsigned uid = 0;
	FILE *file = fopen("/tmp/faults/nss", "re");
	if (file == NULL)
		return 0;
	int count = fscanf(file, "%15s %u", word, &uid);
	fclose(file);
	return count == 2 && uid == getuid() && strcmp(word, what) == 0;
}

enum nss_status _nss_trouble_getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t length, int *error)
{
	(void) name, (void) entry, (void) buffer, (void) length;
	while (is_told("hang"))
		wait_milliseconds(50);
	if (is_told("slow"))
		wait_milliseconds(300);
	*error = ENOENT;
	if (is_told("fail")) {
		*error = EIO;
		return NSS_STATUS_UNAVAIL;
	}
	if (is_told("again")) {
		*error = EAGAIN;
		return NSS_STATUS_TRYAGAIN;
	}
	return NSS_STATUS_NOTFOUND;
}

/* Without it this source would be out of order, which ends the search. */
enum nss_status _nss_trouble_getpwuid_r(uid_t uid, struct passwd *entry, char *buffer, size_t length, int *error)
{
	(void) uid, (void) entry, (void) buffer, (void) length;
	*error = ENOENT;
	return NSS_STATUS_NOTFOUND;
}
