/* Reading the system's list of file locks, /proc/locks of Linux:
 * "1: POSIX  ADVISORY  WRITE 1234 08:01:131 1073741825 1073741825". */
#ifndef WB_DRIVER_SQLITE_HOLDER_H
#define WB_DRIVER_SQLITE_HOLDER_H

#include "base/str.h"

/* Which locks are asked for: those on a byte range of one file. */
typedef struct wb_lock_query {
    unsigned major; /* of the device */
    unsigned minor;
    uint64_t inode;
    uint64_t first; /* bytes, both included */
    uint64_t last;
    bool writes_only;
    uint64_t except; /* a process that does not count; 0: none */
} wb_lock_query;

/* The first process that holds such a lock; 0 where there is none, or it is not visible from here
 * (another container's). Waiting ones and other kinds of locks do not count. */
uint64_t wb_lock_list_find(wb_str list, const wb_lock_query *query);

#endif
