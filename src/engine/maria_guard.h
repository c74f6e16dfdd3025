/* May a statement of a revision be run again, on a scratch database of the same server?
 *
 * MariaDB has nothing that would keep a session within one database, so each statement is read
 * before it is replayed. What could reach another database, a file, another server or the settings
 * of the whole server is not run: it is skipped where the schema does not depend on it, and refused
 * otherwise. What is not known is refused. Pure: the server's names are given. */
#ifndef WB_ENGINE_MARIA_GUARD_H
#define WB_ENGINE_MARIA_GUARD_H

#include "base/list.h"
#include "sql/lexer.h"

typedef enum wb_replay_action {
    WB_REPLAY_RUN,
    WB_REPLAY_SKIP, /* left out: it does not change the schema of the database */
    WB_REPLAY_REFUSE
} wb_replay_action;

/* What is known of a statement whose effect the schema does not show. */
typedef enum wb_repeat {
    WB_REPEAT_UNKNOWN,
    WB_REPEAT_HARMLESS, /* running it once more changes nothing more */
    WB_REPEAT_TRUNCATE, /* empties a table */
    WB_REPEAT_ROWS      /* only about rows: the schema never shows it */
} wb_repeat;

/* What the server has. Letters are compared without regard to case. */
typedef struct wb_maria_guard {
    const char *live;       /* the database of the ledger's target */
    wb_text_list databases; /* every one but the scratch database */
    wb_text_list functions; /* loadable ones, which may do anything */
    bool events_run;        /* the event scheduler is on */
} wb_maria_guard;

typedef struct wb_maria_look {
    wb_replay_action action;
    wb_repeat repeat;
    bool writes_rows;   /* may change rows as well as the schema, and not in one piece */
    bool makes_table;   /* CREATE TABLE, with rows where it writes some */
    bool is_guarded;    /* IF EXISTS, IF NOT EXISTS, OR REPLACE: may find its work done */
    const char *reason; /* not RUN: a clause, "it names the database \"other\"" */
} wb_maria_look;

/* Looks at one statement, read under `mode`. The reason is in the arena. */
void wb_maria_guard_look(const wb_maria_guard *guard, wb_lexer_mode mode, wb_str text,
                         wb_arena *arena, wb_maria_look *ret_look);

#endif
