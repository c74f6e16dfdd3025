/* The n-th call about a file fails once, for every n and for several reasons: while a project is
 * loaded, checked and run, and while new files are written, which appear whole or not at all. */
#define _GNU_SOURCE
#include "base/file.h"
#include "failing_calls.h"
#include "nth_world.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct {
    int reason;
    bool lasts; /* all calls behind the n-th fail, too */
} faults[] = {{EIO, false}, {EMFILE, false}, {ENOSPC, false}, {EINTR, false},
              {EIO, true},  {EMFILE, true},  {ENOSPC, true}};
static unsigned experiments;
static unsigned untouched; /* in which the call did its work all the same */

/* ---- a project ---- */

typedef struct project {
    char folder[64];
    wb_arena *arena;
    size_t revisions;
    const char *files; /* in its folder of migrations */
} project;

static int remove_entry(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void) about;
    (void) kind;
    (void) place;
    return remove(path);
}

static void remove_folder(const char *folder)
{
    (void) nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static const char *below(const project *it, const char *name)
{
    return wb_arena_printf(it->arena, "%s/%s", it->folder, name);
}

static void write_text(const project *it, const char *name, const char *text)
{
    wb_error err;
    if (!wb_file_write(below(it, name), wb_str_from(text), true, &err))
        fail_msg("%s: %s", name, err.message);
}

/* One base and two heads; the project file says where they are. */
static void make_project(project *it)
{
    wb_error err;
    *it = (project){.folder = "/tmp/wb-nth-XXXXXX", .arena = wb_arena_new(), .revisions = 3};
    assert_non_null(mkdtemp(it->folder));
    assert_true(wb_file_make_directory(below(it, "steps/more"), &err));
    write_text(it, "whimbrel.yaml", "url: \"sqlite::memory:\"\nmigrations: steps\n");
    write_text(it, "steps/a.sql",
               "-- a\n-- revision: a\n-- migrate:up\nSELECT 1;\n-- migrate:down\n");
    write_text(it, "steps/b.sql",
               "-- b\n-- revision: b\n-- revises: a\n-- migrate:up\nSELECT 1;\n-- migrate:down\n");
    write_text(it, "steps/more/c.sql",
               "-- c\n-- revision: c\n-- revises: a\n-- migrate:up\nSELECT 1;\n-- migrate:down\n");
    it->files = nth_list(it->arena, below(it, "steps"));
}

static void free_project(project *it)
{
    remove_folder(it->folder);
    wb_arena_free(it->arena);
}

/* What is done with a project while a call fails. Results that are wrong fail the test. */
typedef bool action_fn(const project *it, wb_target *target, wb_arena *arena, wb_error *err);

static bool with_target(const project *it, action_fn *action, wb_error *err)
{
    wb_workspace *workspace = NULL;
    wb_open_options options = {.folder = it->folder, .command = "test"};
    WB_SCRATCH(results);
    if (!wb_open(&options, &workspace, err))
        return false;
    if (wb_project_file(workspace) == NULL)
        fail_msg("%s: the project file is passed over in silence", failing_calls_end());
    bool ok = action(it, wb_target_at(workspace, 0), results, err);
    wb_close(workspace);
    return ok;
}

static bool check(const project *it, wb_target *target, wb_arena *arena, wb_error *err)
{
    wb_check_info info;
    if (!wb_check(target, false, arena, &info, err))
        return false;
    if (info.revision_count != it->revisions)
        fail_msg("the check sees %zu revisions", info.revision_count);
    return true;
}

static bool create(const project *it, wb_target *target, wb_arena *arena, wb_error *err)
{
    static const char *const heads[] = {"b"};
    wb_revision_info made;
    wb_new_revision_options options = {
        .message = "Another", .id = "fresh", .heads = heads, .head_count = 1};
    (void) it;
    return wb_create_revision(target, &options, arena, &made, err);
}

static bool merge(const project *it, wb_target *target, wb_arena *arena, wb_error *err)
{
    wb_revision_info made;
    wb_new_revision_options options = {.message = "Both", .id = "fresh"};
    (void) it;
    return wb_merge(target, &options, arena, &made, err);
}

/* ---- every n ---- */

static void check_error(const wb_error *err, const char *call, unsigned nth, int reason)
{
    if (err->message[0] == '\0')
        fail_msg("%s, call %u, errno %d: the error says nothing", call, nth, reason);
    if (err->status == WB_E_INTERNAL)
        fail_msg("%s, call %u, errno %d: %s", call, nth, reason, err->message);
}

/* All files are as before, or one whole file is added. */
static void check_files(project *it, action_fn *action, bool ok, const char *call, unsigned nth)
{
    wb_error err = {0};
    bool writes = action != check;
    const char *now = nth_list(it->arena, below(it, "steps"));
    bool is_same = strcmp(now, it->files) == 0;
    if (strstr(now, ".whimbrel-") != NULL)
        fail_msg("%s, call %u: a temporary file is left:\n%s", call, nth, now);
    if (writes && ok && is_same)
        fail_msg("%s, call %u: nothing was written", call, nth);
    if (!writes && !is_same)
        fail_msg("%s, call %u: files have changed:\n%s", call, nth, now);
    it->revisions = is_same ? 3 : 4;
    if (!with_target(it, check, &err))
        fail_msg("%s, call %u: the folder cannot be read behind it: %s", call, nth, err.message);
    it->revisions = 3;
    if (!is_same && system(wb_arena_printf(it->arena, "rm -f %s/steps/*fresh*", it->folder)) != 0)
        fail_msg("the new file cannot be removed");
}

static void try_action(action_fn *action, int reason, bool lasts)
{
    project it;
    make_project(&it);
    unsigned files = nth_open_files();
    for (unsigned nth = 1;; nth++) {
        wb_error err = {0};
        failing_calls_arm(nth, reason, lasts);
        bool ok = with_target(&it, action, &err);
        const char *call = failing_calls_end();
        if (call == NULL && !ok)
            fail_msg("it fails without a fault: %s", err.message);
        if (!ok)
            check_error(&err, call, nth, reason);
        check_files(&it, action, ok, call != NULL ? call : "none", nth);
        if (call == NULL)
            break;
        experiments++;
        untouched += ok ? 1 : 0;
    }
    assert_int_equal(nth_open_files(), files);
    free_project(&it);
}

static void try_reasons(action_fn *action)
{
    for (size_t i = 0; i < COUNT_OF(faults); i++)
        try_action(action, faults[i].reason, faults[i].lasts);
}

static void a_folder_is_checked_whole_or_with_an_error(void **state)
{
    (void) state;
    try_reasons(check);
}

static void a_new_revision_is_whole_or_not_there(void **state)
{
    (void) state;
    try_reasons(create);
}

static void a_merge_is_whole_or_not_there(void **state)
{
    (void) state;
    try_reasons(merge);
}

/* ---- init ---- */

static bool run_init(const project *it, wb_error *err)
{
    WB_SCRATCH(arena);
    const char **paths = NULL;
    size_t count = 0;
    wb_init_options options = {.folder = below(it, "new/place")};
    return wb_init(&options, arena, &paths, &count, err);
}

static bool is_whole(const project *it)
{
    wb_str text;
    wb_error err;
    return wb_file_read(below(it, "new/place/whimbrel.yaml"), 10000, it->arena, &text, &err) &&
           wb_str_has_suffix(text, WB_STR("migrations: migrations\n"));
}

static bool try_init(project *it, unsigned nth, int reason, bool lasts)
{
    wb_error err = {0};
    failing_calls_arm(nth, reason, lasts);
    bool ok = run_init(it, &err);
    const char *call = failing_calls_end();
    if (!ok)
        check_error(&err, call, nth, reason);
    if (strstr(nth_list(it->arena, below(it, "new/place")), ".whimbrel-") != NULL)
        fail_msg("%s, call %u: a temporary file is left", call, nth);
    bool is_there = wb_file_exists(below(it, "new/place/whimbrel.yaml"));
    if ((ok || is_there) && !is_whole(it))
        fail_msg("%s, call %u: the project file is not whole", call, nth);
    if (!ok && !is_there && !run_init(it, &err))
        fail_msg("%s, call %u: init fails behind it: %s", call, nth, err.message);
    if (!is_whole(it))
        fail_msg("%s, call %u: there is no project file", call, nth);
    remove_folder(below(it, "new"));
    experiments += call != NULL ? 1 : 0;
    untouched += call != NULL && ok ? 1 : 0;
    return call != NULL;
}

static void a_new_project_is_whole_or_can_be_made_again(void **state)
{
    (void) state;
    project it;
    make_project(&it);
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        unsigned nth = 1;
        while (try_init(&it, nth, faults[i].reason, faults[i].lasts))
            nth++;
    }
    free_project(&it);
}

/* ---- runs ---- */

static void try_runs(bool goes_down)
{
    nth_world it;
    nth_world_make(&it, CHAIN_MIXED, goes_down, NULL);
    unsigned files = nth_open_files();
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        const char *call = "none";
        for (unsigned nth = 1; call != NULL; nth++) {
            char what[64];
            wb_error err;
            nth_put_back(&it);
            failing_calls_arm(nth, faults[i].reason, faults[i].lasts);
            bool ok = nth_run(&it, &err);
            call = failing_calls_end();
            (void) snprintf(what, sizeof(what), "%s, call %u, errno %d",
                            call != NULL ? call : "none", nth, faults[i].reason);
            if (!ok)
                check_error(&err, call != NULL ? call : "none", nth, faults[i].reason);
            nth_assert_converges(&it, what);
            experiments += call != NULL ? 1 : 0;
            untouched += call != NULL && ok ? 1 : 0;
        }
    }
    assert_int_equal(nth_open_files(), files);
    nth_world_free(&it);
}

static void an_upgrade_converges(void **state)
{
    (void) state;
    try_runs(false);
}

static void a_downgrade_converges(void **state)
{
    (void) state;
    try_runs(true);
}

static int tell_count(void **state)
{
    (void) state;
    (void) fprintf(stderr, "nth: %u experiments, of which %u did their work all the same\n",
                   experiments, untouched);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_is_checked_whole_or_with_an_error),
        cmocka_unit_test(a_new_revision_is_whole_or_not_there),
        cmocka_unit_test(a_merge_is_whole_or_not_there),
        cmocka_unit_test(a_new_project_is_whole_or_can_be_made_again),
        cmocka_unit_test(an_upgrade_converges),
        cmocka_unit_test(a_downgrade_converges),
    };
    return cmocka_run_group_tests(tests, NULL, tell_count);
}
