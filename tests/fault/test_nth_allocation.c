/* The n-th allocation of a run fails, in Whimbrel, SQLite or libyaml. The process then ends through
 * the hook for memory that is out, or the run fails with an error; it never crashes. The next run
 * leads to what an undisturbed one leads to. */
#define _GNU_SOURCE
#include "failing_memory.h"
#include "nth_world.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* How a child ends. */
enum { END_DONE = 10, END_ERROR, END_HOOK, END_NOT_REACHED, END_SILENT };

static struct {
    unsigned done;
    unsigned errors;
    unsigned hook;
} ends;

typedef bool work_fn(nth_world *it, wb_error *err);

static void end_by_hook(size_t size)
{
    (void) size;
    _exit(END_HOOK);
}

/* The frame of the tests turns signals into failures of a test that the child knows nothing of. */
static void default_signals(void)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
    for (size_t i = 0; i < COUNT_OF(signals); i++)
        (void) signal(signals[i], SIG_DFL);
}

static void be_child(nth_world *it, work_fn *work, unsigned long nth, bool lasts)
{
    wb_error err = {0};
    default_signals();
    wb_set_out_of_memory(end_by_hook);
    failing_memory_arm(nth, lasts);
    bool ok = work(it, &err);
    unsigned long seen = failing_memory_end();
    if (seen < nth)
        _exit(END_NOT_REACHED);
    if (!ok && err.message[0] == '\0')
        _exit(END_SILENT);
    _exit(ok ? END_DONE : END_ERROR);
}

/* Returns whether there was an n-th allocation. */
static bool try_one(nth_world *it, work_fn *work, unsigned long nth, bool lasts)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0)
        be_child(it, work, nth, lasts);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status))
        fail_msg("allocation %lu%s: signal %d", nth, lasts ? " and all behind it" : "",
                 WTERMSIG(status));
    switch (WEXITSTATUS(status)) {
    case END_DONE:
        ends.done++;
        return true;
    case END_ERROR:
        ends.errors++;
        return true;
    case END_HOOK:
        ends.hook++;
        return true;
    case END_NOT_REACHED:
        return false;
    default:
        fail_msg("allocation %lu: the child ends with %d", nth, WEXITSTATUS(status));
    }
    return false;
}

/* All at first, where most kinds of allocation are seen; then some thousands, evenly. */
static unsigned long next_of(unsigned long nth, unsigned long total)
{
    enum { ALL = 2000, SPREAD = 1000 };
    unsigned long step = total > ALL ? (total - ALL) / SPREAD + 1 : 1;
    return nth < ALL ? nth + 1 : nth + step;
}

static unsigned long count_allocations(nth_world *it, work_fn *work)
{
    wb_error err = {0};
    failing_memory_arm(0, false);
    bool ok = work(it, &err);
    unsigned long total = failing_memory_end();
    assert_true(ok);
    return total;
}

static void try_runs(bool goes_down, bool lasts)
{
    nth_world it;
    char what[64];
    nth_world_make(&it, CHAIN_MIXED, goes_down, NULL);
    nth_put_back(&it);
    unsigned long total = count_allocations(&it, nth_run);
    for (unsigned long nth = 1;; nth = next_of(nth, total)) {
        nth_put_back(&it);
        bool is_hit = try_one(&it, nth_run, nth, lasts);
        (void) snprintf(what, sizeof(what), "allocation %lu of %lu", nth, total);
        nth_assert_converges(&it, what);
        if (!is_hit)
            break;
    }
    nth_world_free(&it);
}

static void an_upgrade_without_memory_for_one(void **state)
{
    (void) state;
    try_runs(false, false);
}

static void a_downgrade_without_memory_for_one(void **state)
{
    (void) state;
    try_runs(true, false);
}

static void an_upgrade_without_memory_from_there_on(void **state)
{
    (void) state;
    try_runs(false, true);
}

/* ---- a project file ---- */

static bool read_project(nth_world *it, wb_error *err)
{
    wb_workspace *workspace = NULL;
    wb_check_info info;
    wb_open_options options = {.folder = it->folder, .command = "check"};
    WB_SCRATCH(results);
    if (!wb_open(&options, &workspace, err))
        return false;
    bool ok = wb_check(wb_target_at(workspace, 0), false, results, &info, err);
    if (ok && info.revision_count == 0)
        _exit(END_SILENT);
    wb_close(workspace);
    return ok;
}

static void a_project_file_without_memory(void **state)
{
    (void) state;
    nth_world it;
    nth_world_make(&it, CHAIN_PLAIN, false, NULL);
    FILE *file = fopen(wb_arena_printf(it.arena, "%s/whimbrel.yaml", it.folder), "we");
    assert_non_null(file);
    (void) fprintf(file, "url: \"sqlite:app.db\"\nmigrations: [migrations]\n"
                         "ledger: &l\n  prefix: \"x_\"\nlock_timeout: \"2s\"\n");
    assert_int_equal(fclose(file), 0);
    assert_true(count_allocations(&it, read_project) > 0);
    for (int lasts = 0; lasts < 2; lasts++) {
        unsigned long nth = 1;
        while (try_one(&it, read_project, nth, lasts != 0))
            nth++;
    }
    nth_world_free(&it);
}

static int tell_count(void **state)
{
    (void) state;
    (void) fprintf(stderr,
                   "nth: %u experiments: %u ended through the hook, %u with an error, %u did"
                   " their work all the same\n",
                   ends.hook + ends.errors + ends.done, ends.hook, ends.errors, ends.done);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_project_file_without_memory),
        cmocka_unit_test(an_upgrade_without_memory_for_one),
        cmocka_unit_test(a_downgrade_without_memory_for_one),
        cmocka_unit_test(an_upgrade_without_memory_from_there_on),
    };
    return cmocka_run_group_tests(tests, NULL, tell_count);
}
