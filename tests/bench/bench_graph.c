/* Times loading and planning of large histories:
 *
 *     bench_graph [count] [folder]
 *
 * Writes `count` revisions (100000 where not given) into a fresh folder within `folder` (/dev/shm),
 * loads them, builds the graph and plans; then plans on graphs made in memory: a line, diamonds,
 * two lines that depend on each other step by step, many branches. Prints one line a step. */
#define _GNU_SOURCE
#include "base/fail.h"
#include "base/file.h"
#include "revision/graph.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static double cpu_seconds(void)
{
    struct timespec now;
    (void) clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

static void report(const char *what, double since, size_t count)
{
    printf("%-44s %9.2f ms CPU  (%zu)\n", what, (cpu_seconds() - since) * 1000, count);
}

static void stop(const wb_error *err)
{
    (void) fprintf(stderr, "bench_graph: %s: %s\n", err->message, err->file);
    exit(EXIT_FAILURE); // NOLINT(concurrency-mt-unsafe): there is one thread
}

static void write_files(const char *folder, unsigned count)
{
    char path[512];
    for (unsigned i = 0; i < count; i++) {
        (void) snprintf(path, sizeof(path), "%s/%06u-%012x_create_table.sql", folder, i, i * 7919U);
        FILE *file = fopen(path, "we");
        if (file == NULL) {
            perror(path);
            exit(EXIT_FAILURE); // NOLINT(concurrency-mt-unsafe): there is one thread
        }
        (void) fprintf(file, "-- Create table %u\n--\n-- revision: %012x\n-- revises:", i,
                       i * 7919U);
        if (i > 0)
            (void) fprintf(file, " %012x", (i - 1) * 7919U);
        (void) fprintf(file,
                       "\n-- branch_labels:\n-- depends_on:\n-- create_date: "
                       "2025-10-24T18:07:12Z\n\n-- migrate:up\nCREATE TABLE t%u (id integer "
                       "PRIMARY KEY, name text);\n\n-- migrate:down\nDROP TABLE t%u;\n",
                       i, i);
        (void) fclose(file);
    }
}

static int remove_entry(const char *path, const struct stat *about, int type, struct FTW *place)
{
    (void) about;
    (void) type;
    (void) place;
    return remove(path);
}

static void plan(const wb_revision_set *set, const char *name)
{
    static const char *const heads[] = {"heads"};
    char what[64];
    wb_error err;
    wb_graph *graph = NULL;
    wb_index_list steps = {0};
    WB_SCRATCH(arena);
    double start = cpu_seconds();
    if (!wb_graph_build(set, arena, &graph, &err))
        stop(&err);
    (void) snprintf(what, sizeof(what), "%s: build", name);
    report(what, start, wb_graph_count(graph));
    wb_applied applied = wb_applied_none(graph, arena);
    start = cpu_seconds();
    if (!wb_graph_plan_upgrade(graph, heads, 1, &applied, arena, &steps, &err))
        stop(&err);
    (void) snprintf(what, sizeof(what), "%s: plan of upgrade heads", name);
    report(what, start, steps.count);
    for (size_t i = 0; i < wb_graph_count(graph); i++)
        applied.flags[i] = true;
    applied.count = wb_graph_count(graph);
    start = cpu_seconds();
    if (!wb_graph_plan_downgrade(graph, "base", &applied, arena, &steps, &err))
        stop(&err);
    (void) snprintf(what, sizeof(what), "%s: plan of downgrade base", name);
    report(what, start, steps.count);
}

static void bench_folder(const char *parent, unsigned count)
{
    WB_SCRATCH(arena);
    wb_error err;
    char *folder = wb_path_join(arena, parent, "whimbrel-bench-XXXXXX");
    if (mkdtemp(folder) == NULL) {
        perror(folder);
        exit(EXIT_FAILURE); // NOLINT(concurrency-mt-unsafe): there is one thread
    }
    write_files(folder, count);
    const char *folders[] = {folder};
    for (int with_checksums = 0; with_checksums < 2; with_checksums++) {
        WB_SCRATCH(own);
        wb_revision_set *set = NULL;
        wb_folder_options options = {
            .folders = folders, .folder_count = 1, .want_checksums = with_checksums != 0};
        double start = cpu_seconds();
        if (!wb_revisions_load(&options, own, &set, &err))
            stop(&err);
        report(with_checksums != 0 ? "load with checksums" : "load", start, set->revisions.count);
        printf("%-44s %9zu bytes a revision\n", "memory, strings included",
               wb_arena_size_bytes(own) / (count != 0 ? count : 1));
        if (with_checksums == 0)
            plan(set, "files");
    }
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread */
    (void) nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* Graphs in memory: each node is made with the ids of those below it. */
static wb_revision *add(wb_revision_set *set)
{
    wb_revision *revision = WB_NEW(set->arena, wb_revision);
    revision->id = wb_arena_printf(set->arena, "r%zu", set->revisions.count);
    revision->path = revision->message = "";
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): it is a list of pointers */
    WB_LIST_ADD(set->arena, &set->revisions, revision);
    return revision;
}

static wb_name name_of(wb_revision_set *set, size_t index)
{
    return (wb_name){wb_arena_printf(set->arena, "r%zu", index), 1, 1};
}

static void add_above(wb_revision_set *set, size_t below)
{
    wb_revision *revision = add(set);
    WB_LIST_ADD(set->arena, &revision->revises, name_of(set, below));
}

static void make_line(wb_revision_set *set, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        wb_revision *revision = add(set);
        if (i > 0)
            WB_LIST_ADD(set->arena, &revision->revises, name_of(set, i - 1));
    }
}

static void make_diamonds(wb_revision_set *set, unsigned count)
{
    (void) add(set);
    for (unsigned i = 0; i < count; i++) {
        size_t below = set->revisions.count - 1;
        add_above(set, below);
        add_above(set, below);
        wb_revision *merge = add(set);
        WB_LIST_ADD(set->arena, &merge->revises, name_of(set, below + 1));
        WB_LIST_ADD(set->arena, &merge->revises, name_of(set, below + 2));
    }
}

/* Two lines; each step of the second depends on the same step of the first and the one before. */
static void make_ladder(wb_revision_set *set, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        wb_revision *left = add(set);
        wb_revision *right = add(set);
        WB_LIST_ADD(set->arena, &right->depends_on, name_of(set, 2 * (size_t) i));
        if (i == 0)
            continue;
        WB_LIST_ADD(set->arena, &left->revises, name_of(set, 2 * (size_t) i - 2));
        WB_LIST_ADD(set->arena, &right->revises, name_of(set, 2 * (size_t) i - 1));
        WB_LIST_ADD(set->arena, &right->depends_on, name_of(set, 2 * (size_t) i - 2));
    }
}

/* A main line that takes in a branch of three revisions, begun up to `reach` merges earlier. */
static void make_branches(wb_revision_set *set, unsigned count, unsigned reach)
{
    size_t *tips = WB_NEW_ARRAY(set->arena, size_t, (size_t) count + 1);
    (void) add(set);
    for (unsigned i = 0; i < count; i++) {
        size_t below = tips[i >= reach ? i - reach : 0];
        for (int k = 0; k < 3; k++) {
            size_t made = set->revisions.count;
            add_above(set, k == 0 ? below : made - 1);
        }
        size_t branch = set->revisions.count - 1;
        wb_revision *merge = add(set);
        WB_LIST_ADD(set->arena, &merge->revises, name_of(set, tips[i]));
        WB_LIST_ADD(set->arena, &merge->revises, name_of(set, branch));
        tips[i + 1] = set->revisions.count - 1;
    }
}

/* One base with `count` heads. */
static void make_star(wb_revision_set *set, unsigned count)
{
    (void) add(set);
    for (unsigned i = 0; i < count; i++)
        add_above(set, 0);
}

static void bench_memory(unsigned kind, const char *name)
{
    WB_SCRATCH(arena);
    wb_revision_set set = {.arena = arena};
    if (kind == 0)
        make_line(&set, 100000);
    else if (kind == 1)
        make_diamonds(&set, 10000);
    else if (kind == 2)
        make_ladder(&set, 50000);
    else if (kind == 3)
        make_branches(&set, 10000, 20);
    else if (kind == 4)
        make_branches(&set, 10000, 5000);
    else
        make_star(&set, 10000);
    plan(&set, name);
}

int main(int argc, char **argv)
{
    static const char *const names[] = {"line of 100,000",      "10,000 diamonds",
                                        "ladder of 50,000",     "10,000 short branches",
                                        "10,000 long branches", "10,000 heads"};
    unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 10) : 100000;
    bench_folder(argc > 2 ? argv[2] : "/dev/shm", (unsigned) count);
    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        bench_memory(i, names[i]);
    struct rusage usage;
    (void) getrusage(RUSAGE_SELF, &usage);
    printf("%-44s %9ld KiB\n", "largest resident size", usage.ru_maxrss);
    return EXIT_SUCCESS;
}
