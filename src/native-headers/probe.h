/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints one "name value" line for a constant, the size of a struct, the offset of a field. A field
 * whose type is not the one named, which is how Java reads it, does not compile.
 */
#include <stddef.h>
#include <stdio.h>

#define CONSTANT(name) printf("%s %lld\n", #name, (long long) (name))
#define SIZE(type) printf("%s.SIZE %zu\n", #type, sizeof(struct type))
#define FIELD(type, field, as) \
	do { \
		_Static_assert(__builtin_types_compatible_p( \
			__typeof__(((struct type *) 0)->field), as), #type "." #field " is not " #as); \
		printf("%s.%s %zu\n", #type, #field, offsetof(struct type, field)); \
	} while (0)
