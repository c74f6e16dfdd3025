/* The tables that a whole section of PostgreSQL statements locks, each with its strongest mode:
 * what has to be locked at the begin of a transaction so that no later statement of it waits.
 *
 * Tables that the section itself makes, drops and makes again, or renames are known by their names.
 * The memory that this takes does not grow with the section: of too many tables nothing is kept. */
#ifndef WB_SQL_LOCK_SET_H
#define WB_SQL_LOCK_SET_H

#include "base/map.h"
#include "sql/table_locks.h"

enum {
    WB_LOCK_SET_TABLES = 256, /* locked; beyond it the set gives up */
    WB_LOCK_SET_NAMES = 8192  /* that the section makes or drops; the same */
};

typedef struct wb_table_lock {
    wb_str name;          /* as first written */
    wb_str key;           /* see wb_table_use */
    wb_lock_mode mode;    /* of the table */
    wb_lock_mode tree;    /* of its partitions and children; never above `mode` */
    unsigned blocks_from; /* statement that locks it in SHARE or stronger first; 0 for none */
    struct wb_table_lock *next;
} wb_table_lock;

typedef struct wb_lock_set {
    wb_arena *arena;
    wb_table_lock *first;
    size_t count;
    wb_map *by_key;
    wb_table_lock *other; /* stands for all names that the section made or dropped */
    size_t names;
    unsigned version;
    unsigned statements; /* so far, without those that only change a setting */
    bool path_changed;
    bool gave_up;
} wb_lock_set;

/* `version` is the server's as one number. What the set remembers is in the arena until
 * then: a scratch one will do. */
void wb_lock_set_init(wb_lock_set *set, unsigned version, wb_arena *arena);
void wb_lock_set_clear(wb_lock_set *set);
/* Adds the next statement of the section, read under this mode. */
void wb_lock_set_add(wb_lock_set *set, wb_lexer_mode mode, wb_str statement);
/* Gives the tables in the order of their keys, in `arena`, which may be another. False, with none,
 * where locking them first is not worth its cost: fewer than two of them stop writers, and the only
 * one is locked by the first statement, which holds nothing else. */
bool wb_lock_set_finish(wb_lock_set *set, wb_arena *arena, const wb_table_lock **ret_tables,
                        size_t *ret_count);

#endif
