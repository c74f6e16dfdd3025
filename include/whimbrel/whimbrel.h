/* Whimbrel: takes a database from any version of its schema to any other.
 *
 * A workspace is an opened project; it has one target for each database. Every fallible function
 * returns bool and fills its wb_error when it returns false (whimbrel/error.h). Results live in
 * the arena that the caller passes, and die with it. Nothing is printed, nothing exits, and no
 * environment variable is read but through the function that the caller gives.
 *
 * A workspace and its targets belong to one thread at a time; wb_cancel may be called from any. */
#ifndef WHIMBREL_WHIMBREL_H
#define WHIMBREL_WHIMBREL_H

#include <whimbrel/error.h>

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Version of the library, such as "0.1.0". */
WB_API const char *wb_version(void);

/* Memory of results. */
typedef struct wb_arena wb_arena;
WB_API wb_arena *wb_arena_new(void);
/* Frees all that was made in it. NULL is a no-op. */
WB_API void wb_arena_free(wb_arena *arena);

/* ---- what happens while a call runs ---- */

typedef enum wb_event_kind {
    WB_EVENT_RUN_BEGIN,    /* `steps` steps are about to be run */
    WB_EVENT_STEP_BEGIN,   /* `step` of `steps`: `revision` in `direction` */
    WB_EVENT_STATEMENT,    /* statement `statement` of the step was done; long steps only */
    WB_EVENT_STEP_END,     /* done and recorded; `elapsed_us` is what it took */
    WB_EVENT_RUN_END,      /* all steps done */
    WB_EVENT_LOCK_WAIT,    /* another runner has the lock; `text` says who, where known */
    WB_EVENT_RETRY,        /* a step is tried again; `text` says why */
    WB_EVENT_PROGRESS,     /* a statement takes long; `text` says how far it is or what it waits
                            * for. Comes from another thread, but never beside another event */
    WB_EVENT_CONNECT_WAIT, /* wb_wait: not reachable yet; `text` says why */
    WB_EVENT_WARNING       /* `text` is worth a person's attention; nothing failed */
} wb_event_kind;

typedef struct wb_event {
    wb_event_kind kind;
    const char *target;    /* name of the database in the project */
    const char *command;   /* "upgrade", "downgrade", "stamp" */
    const char *direction; /* "up", "down"; NULL where there is no step */
    const char *revision;  /* id; NULL where there is no step */
    const char *message;   /* of the revision; may be empty */
    size_t step;           /* 1-based */
    size_t steps;
    unsigned statement; /* 1-based; 0 where not known */
    int64_t elapsed_us;
    const char *text; /* NULL where not used */
} wb_event;
typedef void wb_event_fn(void *arg, const wb_event *event);

/* ---- projects ---- */

typedef struct wb_workspace wb_workspace;
typedef struct wb_target wb_target;

/* A setting that the caller gives; it goes before the environment and the project file. */
typedef struct wb_override {
    const char *key; /* as in whimbrel.yaml: "url", "migrations", "databases.auth.url" */
    const char *value;
    const char *source; /* how the caller names it in errors: "--url" */
} wb_override;

typedef struct wb_open_options {
    const char *project_file; /* NULL: whimbrel.yaml in `folder` or above; with none, defaults */
    const char *folder;       /* NULL: the current one */
    const char *(*getenv)(void *arg, const char *name); /* NULL: no variable is set */
    void *getenv_arg;
    const wb_override *overrides;
    size_t override_count;
    bool skip_required;  /* do not demand `require_env`: for calls that touch no database */
    const char *command; /* what the caller does, shown by the server: "upgrade" */
    const char *who;     /* person or account written in the ledger; NULL: not known */
    const char *host;    /* machine written in the ledger; NULL: not known */
    wb_event_fn *event;  /* NULL: none */
    void *event_arg;
} wb_open_options;

/* Opens a project. Connects to nothing and reads no revision yet. The options are copied. */
WB_API bool wb_open(const wb_open_options *options, wb_workspace **ret_workspace, wb_error *err);
/* Closes it and its connections. NULL is a no-op. */
WB_API void wb_close(wb_workspace *workspace);
/* Makes the running call, and every later one that needs a database, end with CANCELLED. From any
 * thread. */
WB_API void wb_cancel(wb_workspace *workspace);

typedef struct wb_setting_info {
    const char *key;
    const char *value;  /* secrets are masked */
    const char *origin; /* "default", "file", "environment", "flag" */
    const char *source; /* file, variable or flag; NULL for defaults */
    unsigned line;      /* in the file; 0 elsewhere */
} wb_setting_info;
/* Every setting in force; `ret_items` in the arena. */
WB_API void wb_settings(const wb_workspace *workspace, wb_arena *arena, wb_setting_info **ret_items,
                        size_t *ret_count);
/* Path of the project file; NULL where there is none. Owned by the workspace. */
WB_API const char *wb_project_file(const wb_workspace *workspace);

/* Targets, in the order of the project file. */
WB_API size_t wb_target_count(const wb_workspace *workspace);
WB_API wb_target *wb_target_at(wb_workspace *workspace, size_t index);
/* The target of that name, NULL where there is none. */
WB_API wb_target *wb_target_find(wb_workspace *workspace, const char *name);
WB_API const char *wb_target_name(const wb_target *target);
/* The URL with its secrets masked; NULL where none is set. */
WB_API const char *wb_target_url(const wb_target *target);
/* First folder of revisions, where new ones go. */
WB_API const char *wb_target_folder(const wb_target *target);

/* ---- revisions ---- */

typedef struct wb_revision_info {
    const char *id;
    const char *message;
    const char *path;
    const char *create_date; /* NULL where the file has none */
    const char *const *revises;
    size_t revises_count;
    const char *const *depends_on;
    size_t depends_on_count;
    const char *const *labels; /* its own and those spread to it */
    size_t label_count;
    const char *const *children; /* ids that revise it */
    size_t child_count;
    bool is_head;           /* nothing revises it */
    bool is_effective_head; /* a head that another revision depends on */
    bool is_base;
    bool is_branch_point;
    bool is_merge;
    bool is_missing; /* in the ledger, but not in the files */
    /* From the ledger; false and NULL where no database was asked. */
    bool is_applied;
    bool is_current;       /* applied, and no applied revision links to it */
    bool is_stamped;       /* recorded without being run */
    bool is_edited;        /* the file differs in more than comments and white space */
    int64_t applied_at_us; /* microseconds since 1970, UTC, on the server's clock */
    int64_t duration_ms;
    const char *applied_by;
    const char *host;
    const char *tool_version;
    const char *run; /* id of the run that applied it */
} wb_revision_info;

typedef struct wb_revision_list {
    wb_revision_info *items;
    size_t count;
} wb_revision_list;

/* Revisions that are heads; `real` leaves out those that others depend on. */
WB_API bool wb_heads(wb_target *target, bool real, wb_arena *arena, wb_revision_list *ret_list,
                     wb_error *err);
/* Revisions that more than one other revises. */
WB_API bool wb_branches(wb_target *target, wb_arena *arena, wb_revision_list *ret_list,
                        wb_error *err);
/* The revisions that a symbol means (id, prefix, label, head, heads, base, branch@head, rev+N;
 * `current` connects). Several symbols give all, each once. */
WB_API bool wb_find_revisions(wb_target *target, const char *const *symbols, size_t count,
                              wb_arena *arena, wb_revision_list *ret_list, wb_error *err);
/* Range "A:B", either side may be empty; NULL is all. Newest first. With `ask_database` the
 * ledger's part is filled. */
WB_API bool wb_history(wb_target *target, const char *range, bool ask_database, wb_arena *arena,
                       wb_revision_list *ret_list, wb_error *err);
/* What the database is at; connects. Also revisions implied through depends_on, as in Alembic. */
WB_API bool wb_current(wb_target *target, wb_arena *arena, wb_revision_list *ret_list,
                       wb_error *err);

typedef struct wb_new_revision_options {
    const char *message;
    const char *id;           /* NULL: random */
    const char *const *heads; /* what it revises; none: the one head */
    size_t head_count;
    bool splice; /* a parent need not be a head */
    const char *const *branch_labels;
    size_t branch_label_count;
    const char *const *depends_on;
    size_t depends_on_count;
    const char *folder; /* one of the target's folders; NULL: that of the parent */
} wb_new_revision_options;
/* Writes an empty revision file. */
WB_API bool wb_create_revision(wb_target *target, const wb_new_revision_options *options,
                               wb_arena *arena, wb_revision_info *ret_revision, wb_error *err);
/* Writes a revision that joins `heads` (none: all heads). Fails where fewer than two are left. */
WB_API bool wb_merge(wb_target *target, const wb_new_revision_options *options, wb_arena *arena,
                     wb_revision_info *ret_revision, wb_error *err);

typedef struct wb_init_options {
    const char *folder; /* of the project; made where missing */
    const char *url;    /* written into whimbrel.yaml; NULL: "${DATABASE_URL:-sqlite:app.db}" */
} wb_init_options;
/* Writes whimbrel.yaml and a folder of migrations. Refuses to replace anything. `ret_paths` are
 * the paths written. */
WB_API bool wb_init(const wb_init_options *options, wb_arena *arena, const char ***ret_paths,
                    size_t *ret_count, wb_error *err);

/* ---- plans and runs ---- */

typedef struct wb_step_info {
    const char *revision;
    const char *direction; /* "up", "down", or for a stamp "record", "forget" */
    const char *message;
    const char *path;
} wb_step_info;

typedef struct wb_plan_info {
    const char *command;        /* "upgrade", "downgrade", "stamp" */
    const char *target;         /* name of the database */
    const char *const *current; /* ids before */
    size_t current_count;
    const wb_step_info *steps;
    size_t step_count;
    const char *const *heads_after; /* ids after */
    size_t heads_after_count;
} wb_plan_info;

typedef struct wb_run_options {
    /* Upgrade and stamp take one or several, downgrade exactly one. None: `heads` for upgrade. */
    const char *const *targets;
    size_t target_count;
    bool dry_run;            /* plan only: changes nothing, takes no lock */
    const char *transaction; /* "each" or "all"; NULL: as the project says */
    int64_t lock_wait_ms;    /* how long to wait for another runner; 0: not at all; < 0: no limit */
    bool purge;              /* stamp: forget all rows first, even those the files do not know */
    const char *const *variables; /* "name=value" for files that declare variables */
    size_t variable_count;
} wb_run_options;

/* Each makes its plan, runs it unless `dry_run`, and gives the plan as it was run. Nothing to do
 * is success with no steps, costs one round trip, and takes no lock. */
WB_API bool wb_upgrade(wb_target *target, const wb_run_options *options, wb_arena *arena,
                       wb_plan_info *ret_plan, wb_error *err);
WB_API bool wb_downgrade(wb_target *target, const wb_run_options *options, wb_arena *arena,
                         wb_plan_info *ret_plan, wb_error *err);
/* Records the revisions behind the targets as applied and forgets the others, without running
 * anything. Rows that stay get the checksums of the files as they are now. */
WB_API bool wb_stamp(wb_target *target, const wb_run_options *options, wb_arena *arena,
                     wb_plan_info *ret_plan, wb_error *err);

/* Takes a piece of a script; false with `err` filled stops it. */
typedef bool wb_write_fn(void *arg, const char *text, size_t length, wb_error *err);
/* The SQL script that does the same without Whimbrel. `command` is "upgrade", "downgrade" or
 * "stamp"; a target is "B" or "A:B". No connection is made: the start is A, or nothing applied. */
WB_API bool wb_script(wb_target *target, const char *command, const wb_run_options *options,
                      wb_write_fn *write, void *arg, wb_error *err);

/* ---- state ---- */

typedef struct wb_finding {
    const char *kind;     /* "edited", "missing", "cosmetic", "pending", "heads", "files" */
    bool is_error;        /* otherwise a remark */
    const char *revision; /* NULL where it is about no single one */
    const char *file;     /* NULL where there is none */
    const char *text;
    const char *hint; /* may be NULL */
} wb_finding;

typedef struct wb_check_info {
    bool asked_database;
    size_t revision_count;
    size_t pending_count;
    const wb_finding *findings;
    size_t finding_count;
    size_t error_count;
} wb_check_info;
/* Checks the files: every header, section and statement of every file, the graph, one head for
 * each branch. With `ask_database` also what is pending, edited or missing. Faults of the files
 * that keep them from being loaded at all are an error of the call. */
WB_API bool wb_check(wb_target *target, bool ask_database, wb_arena *arena, wb_check_info *ret_info,
                     wb_error *err);

typedef struct wb_target_state {
    const char *name;
    const char *url; /* masked */
    const char *engine;
    const char *server_version;
    bool has_ledger;
    const char *const *current;
    size_t current_count;
    const char *const *heads;
    size_t head_count;
    size_t applied_count;
    wb_revision_list pending;
    /* The last run; `last_command` is NULL where none is known. */
    const char *last_command;
    const char *last_run;
    int64_t last_run_at_us;
    bool last_run_failed;      /* it failed, or was cut off */
    const char *running;       /* who is at work on the last run now; NULL where nobody is */
    const char *last_error;    /* what it failed with; NULL where it did not */
    const char *last_revision; /* that it failed in */
    unsigned last_statement;   /* number of the failed statement; 0 where not known */
    unsigned last_line;        /* of that statement in its file; 0 where not known */
    const char *last_file;     /* of that revision; NULL where not known */
    /* A revision that is half done, where it is not one transaction. */
    const char *open_revision; /* NULL where there is none */
    unsigned open_done;        /* statements that are done and are not run again */
    unsigned open_doubt;       /* statement of which it is not known how it ended; 0: none */
    unsigned open_line;        /* of that statement in its file; 0 where not known */
    const char *open_file;     /* NULL where not known */
    const char *next;          /* what to do after a failed run, a sentence; NULL after others */
} wb_target_state;
/* State of a target; connects. */
WB_API bool wb_state(wb_target *target, wb_arena *arena, wb_target_state *ret_state, wb_error *err);

/* The lock that lets one runner at a time work on a target. What is not known, or not shown to this
 * user, is NULL, 0, or for times -1. Times are in microseconds, by the server's clock. */
typedef struct wb_lock_info {
    const char *target;
    const char *engine;
    const char *kind; /* "session", "row" (on a cluster), or "file" (SQLite) */
    bool is_held;
    const char *holder;      /* who, for people: "pid 4711 (user app, whimbrel upgrade)" */
    int64_t connection;      /* the server's number of the holder's session */
    const char *user;        /* that it is connected as */
    const char *application; /* what it calls itself */
    const char *client;      /* address that it is connected from */
    int64_t held_us;         /* how long it has had the lock, or been at work under it */
    const char *command;     /* that it runs, and who gave it, as the journal has it */
    const char *started_by;
    const char *started_on;
    const char *state; /* of its session: "active", "idle in transaction" */
    int64_t state_us;
    const char *wait;      /* what the session waits for */
    const char *statement; /* its current or last one, shortened; values are shown as ? */
    int64_t token;         /* cluster: how often the lock was taken so far */
    int64_t beat_age_us;   /* cluster: since the holder's last sign of life */
} wb_lock_info;
/* Who holds the target's lock; connects, takes no lock, and creates no file. */
WB_API bool wb_locks(wb_target *target, wb_arena *arena, wb_lock_info *ret_lock, wb_error *err);

/* Waits until the database takes connections and statements, at most `timeout_ms` (< 0: no
 * limit). A refused password ends it at once. */
WB_API bool wb_wait(wb_target *target, int64_t timeout_ms, wb_error *err);

/* Says how a statement ended whose outcome an interrupted run left unknown. */
WB_API bool wb_resolve(wb_target *target, const char *revision, unsigned statement, bool done,
                       wb_error *err);

#ifdef __cplusplus
}
#endif
#endif
