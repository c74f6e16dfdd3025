/* Revision files and the folder they lie in.
 *
 * A file is read once: its header (the comment lines at its top), the places of its sections, and
 * on demand its checksums. Bodies are never held in memory; a section is streamed when it is run.
 */
#ifndef WB_REVISION_REVISION_H
#define WB_REVISION_REVISION_H

#include "base/fail.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/list.h"
#include "sql/splitter.h"

typedef enum wb_direction { WB_UP, WB_DOWN } wb_direction;

typedef struct wb_section {
    wb_direction direction;
    const wb_dialect *dialect; /* the one engine it is for; NULL for all */
    bool no_transaction;       /* transaction:false */
    int64_t lock_timeout_ms;   /* -1 where not given */
    wb_position start;         /* of the first byte behind the marker line */
    uint64_t length;           /* bytes */
} wb_section;

typedef struct wb_name {
    const char *text;
    unsigned line; /* in the header, for errors */
    unsigned column;
} wb_name;

typedef struct wb_revision {
    const char *id;
    const char *message;     /* first comment line: what the revision does; may be empty */
    const char *slug;        /* from the file name, or of the message */
    const char *path;        /* as it can be opened */
    const char *create_date; /* as written; NULL where not given */
    unsigned id_line;
    uint32_t index; /* its place in the load order, 0-based; the graph counts by it */
    bool has_variables;
    WB_LIST(wb_name) revises;
    WB_LIST(wb_name) depends_on;
    WB_LIST(wb_name) branch_labels;
    WB_LIST(wb_name) variables;   /* that `variables:` allows to be replaced in the sections */
    WB_LIST(wb_section) sections; /* in file order; complete only after wb_revision_sections */
    bool sections_known;
    uint64_t size_bytes;
    char checksum[WB_SHA256_HEX]; /* of the raw bytes; empty until asked for */
} wb_revision;

typedef struct wb_revision_set {
    WB_LIST(wb_revision *) revisions; /* in byte order of their paths */
    wb_arena *arena;
} wb_revision_set;

typedef struct wb_folder_options {
    const char *const *folders;
    size_t folder_count;
    bool want_checksums; /* compute the raw checksum of each file while it is read */
    bool allow_missing;  /* a folder that is not there counts as empty */
} wb_folder_options;

/* Loads all `*.sql` files of the folders and those in them. Files whose name begins with "." or
 * "_" are passed over. Fails, before anything is run, on: a missing or unreadable folder, a
 * directory named like a revision, a loop of symbolic links, a file with NUL bytes or invalid
 * UTF-8, a header fault, a duplicate id. The arena owns the result. */
bool wb_revisions_load(const wb_folder_options *options, wb_arena *arena, wb_revision_set **ret_set,
                       wb_error *err);
/* Reads one revision from a text in memory; `path` is for errors and the slug.
 * docs/internals/graph.md has the rules of the header. */
bool wb_revision_parse(wb_str text, const char *path, wb_arena *arena, wb_revision **ret_revision,
                       wb_error *err);
/* Finds the sections of a file that was too large to be scanned at load, and checks its text. No-op
 * where they are known. */
bool wb_revision_sections(wb_revision *revision, wb_arena *arena, wb_error *err);
/* The section to run in a direction on an engine: one for the engine alone goes before one for
 * all. NULL where the file has none. The sections must be known. */
const wb_section *wb_revision_section(const wb_revision *revision, wb_direction direction,
                                      wb_dialect_id engine);
/* Raw checksum of the file as it is now. */
bool wb_revision_checksum(wb_revision *revision, wb_error *err);
/* The checksum that ignores line ends, comments and white space, over the up and the down section
 * of an engine. Variables count as they stand in the file. */
bool wb_revision_normal_checksum(wb_revision *revision, const wb_dialect *dialect,
                                 char ret_hex[WB_SHA256_HEX], wb_error *err);

/* An open section: a source for the splitter, with variables already replaced. Only `${name}` with
 * a name that the header lists in `variables:` is replaced, once; with `variable` NULL nothing is.
 */
typedef struct wb_section_source wb_section_source;
typedef const char *wb_variable_fn(const void *arg, const char *name); /* NULL: not set */
bool wb_section_open(const wb_revision *revision, const wb_section *section,
                     wb_variable_fn *variable, const void *variable_arg,
                     wb_section_source **ret_source, wb_error *err);
void wb_section_close(wb_section_source *source);
bool wb_section_read(void *section_source, char *bytes, size_t size, size_t *ret_read,
                     wb_error *err); /* a wb_read_fn */

/* Is `id` made of [A-Za-z0-9_] only, and not longer than WB_REVISION_ID_MAX? */
enum { WB_REVISION_ID_MAX = 64 };
bool wb_revision_id_is_valid(wb_str id);

/* Writing a new revision. */
#define WB_REVISION_TEMPLATE "%Y%m%d_%H%M-{revision}_{slug}.sql"
typedef struct wb_new_revision {
    const char *id; /* NULL: 12 random hex digits */
    const char *message;
    const char *const *revises; /* ids */
    size_t revises_count;
    const char *const *depends_on; /* as given: labels stay labels */
    size_t depends_on_count;
    const char *const *branch_labels;
    size_t branch_label_count;
    const char *folder;        /* where the file goes; made where missing */
    const char *file_template; /* see wb_revision_file_name; NULL: WB_REVISION_TEMPLATE */
    unsigned slug_length;      /* 0: 40 bytes */
    bool local_time;
    uint64_t sequence;    /* for {seq}: number of revisions so far + 1 */
    const char *up_sql;   /* NULL: an empty section */
    const char *down_sql; /* NULL: an empty section */
} wb_new_revision;

/* Writes the file; it appears whole or not at all, and never replaces another. Gives its path and
 * id in the arena. */
bool wb_revision_write(const wb_new_revision *revision, wb_arena *arena, const char **ret_path,
                       const char **ret_id, wb_error *err);
/* The file name that a template makes: strftime fields, {revision}, {slug}, {seq} or {seq:4}. May
 * hold '/'. Fails on a template without {revision} or {seq}, an unknown field, a path that leaves
 * the folder. */
bool wb_revision_file_name(const wb_new_revision *revision, int64_t now_us, wb_arena *arena,
                           const char **ret_name, wb_error *err);
/* Words of a message, lower case, joined by '_', cut at a word to `max_length` bytes. */
const char *wb_slug(const char *message, unsigned max_length, wb_arena *arena);

#endif
