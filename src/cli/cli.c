#include "cli/cli.h"

#include "cli/error_out.h"

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

static const char *variable(void *arg, const char *name)
{
    (void) arg;
    return getenv(name); // NOLINT(concurrency-mt-unsafe): nothing changes the environment
}

/* The variable goes first: looking up accounts can load modules and ask servers, at every start. */
static const char *user_name(wb_arena *arena)
{
    enum { ENTRY_BYTES = 16 * 1024 };
    const char *name = variable(NULL, "USER");
    if (name != NULL && name[0] != '\0')
        return name;
    struct passwd entry;
    struct passwd *found = NULL;
    char *bytes = wb_arena_alloc(arena, ENTRY_BYTES);
    if (getpwuid_r(geteuid(), &entry, bytes, ENTRY_BYTES, &found) == 0 && found != NULL)
        return found->pw_name;
    return wb_arena_printf(arena, "uid %u", (unsigned) geteuid());
}

static const char *host_name(wb_arena *arena)
{
    char name[256] = "";
    return gethostname(name, sizeof(name) - 1) == 0 ? wb_arena_strdup(arena, name) : NULL;
}

/* What only one database can have is meant for the one that --only names. "default" is what the
 * database of a project without names is called. */
static const char *key_of(const wb_cli *cli, const char *key)
{
    size_t count = 0;
    const char *const *only = wb_args_values(&cli->args, "only", cli->arena, &count);
    bool is_single = key != NULL && (strcmp(key, "url") == 0 || strcmp(key, "migrations") == 0);
    if (!is_single || count != 1 || strcmp(only[0], "default") == 0)
        return key;
    return wb_arena_printf(cli->arena, "databases.%s.%s", only[0], key);
}

/* Settings given on the command line: options with a setting of their own, and --set. */
static const wb_override *overrides_of(const wb_cli *cli, size_t *ret_count)
{
    WB_LIST(wb_override) list = {0};
    for (size_t i = 0; i < cli->args.options.count; i++) {
        const wb_arg *arg = &cli->args.options.items[i];
        wb_override item = {
            .key = key_of(cli, arg->option->setting),
            .value = arg->value,
            .source = wb_arena_printf(cli->arena, "--%s", arg->option->name),
        };
        if (strcmp(arg->option->name, "set") == 0) {
            size_t length = strcspn(arg->value, "=");
            item.key = wb_arena_strndup(cli->arena, arg->value, length);
            item.value = arg->value + length + 1;
        }
        if (item.key != NULL)
            WB_LIST_ADD(cli->arena, &list, item);
    }
    *ret_count = list.count;
    return list.items;
}

static bool asks_database(const wb_cli *cli)
{
    if (cli->args.command->needs == WB_NEEDS_DATABASE)
        return true;
    for (size_t i = 0; i < cli->args.options.count; i++) {
        if (cli->args.options.items[i].option->asks_database)
            return true;
    }
    return false;
}

static bool fail_unknown_target(wb_cli *cli, const char *name, wb_error *err)
{
    WB_AUTO_BUF(names, 0);
    for (size_t i = 0; i < wb_target_count(cli->workspace); i++)
        wb_buf_printf(&names, "%s\"%s\"", i > 0 ? ", " : "",
                      wb_target_name(wb_target_at(cli->workspace, i)));
    (void) wb_fail(err, WB_E_USAGE, "the project has no database \"%s\"", name);
    return wb_hint(err, "It has %s.", wb_buf_text(&names));
}

static bool choose_targets(wb_cli *cli, wb_error *err)
{
    size_t name_count = 0;
    const char *const *names = wb_args_values(&cli->args, "only", cli->arena, &name_count);
    for (size_t i = 0; i < name_count; i++) {
        if (wb_target_find(cli->workspace, names[i]) == NULL)
            return fail_unknown_target(cli, names[i], err);
    }
    size_t total = wb_target_count(cli->workspace);
    cli->targets = WB_NEW_ARRAY(cli->arena, wb_target *, total);
    for (size_t i = 0; i < total; i++) {
        wb_target *target = wb_target_at(cli->workspace, i);
        bool chosen = name_count == 0;
        for (size_t k = 0; k < name_count; k++)
            chosen = chosen || strcmp(names[k], wb_target_name(target)) == 0;
        if (chosen)
            cli->targets[cli->target_count++] = target;
    }
    return true;
}

bool wb_cli_open(wb_cli *cli, wb_error *err)
{
    wb_open_options options = {
        .project_file = wb_args_value(&cli->args, "config"),
        .getenv = variable,
        .skip_required = !asks_database(cli),
        .command = cli->args.command->name,
        .who = user_name(cli->arena),
        .host = host_name(cli->arena),
        .event = wb_progress_event,
        .event_arg = &cli->progress,
    };
    options.overrides = overrides_of(cli, &options.override_count);
    if (!wb_open(&options, &cli->workspace, err))
        return false;
    wb_interrupt_watch(&cli->interrupt, cli->workspace);
    return choose_targets(cli, err);
}

void wb_cli_close(wb_cli *cli)
{
    wb_interrupt_watch(&cli->interrupt, NULL);
    wb_close(cli->workspace);
    cli->workspace = NULL;
}

void wb_cli_set_exit(wb_cli *cli, wb_status status)
{
    if (cli->exit_code == 0)
        cli->exit_code = wb_status_exit_code(status);
}

static bool run_each(wb_cli *cli, wb_target_fn *each, void *arg, bool headed, wb_error *err)
{
    if (cli->target_count == 1)
        return each(cli, cli->targets[0], arg, err);
    for (size_t i = 0; i < cli->target_count; i++) {
        wb_target *target = cli->targets[i];
        if (headed && !cli->is_json && !cli->is_quiet)
            wb_put(&cli->out, "%s%s%s:%s\n", i > 0 ? "\n" : "",
                   wb_paint_begin(&cli->out, WB_PAINT_HEADING), wb_target_name(target),
                   wb_paint_begin(&cli->out, WB_PAINT_NONE));
        wb_error one;
        if (each(cli, target, arg, &one))
            continue;
        (void) wb_while(&one, "database \"%s\"", wb_target_name(target));
        wb_term_flush(&cli->out);
        wb_error_print(&cli->err, &one, cli->is_json);
        wb_cli_set_exit(cli, one.status);
        if (one.status == WB_E_CANCELLED)
            break;
    }
    return true;
}

bool wb_cli_each(wb_cli *cli, wb_target_fn *each, void *arg, wb_error *err)
{
    return run_each(cli, each, arg, false, err);
}

bool wb_cli_each_headed(wb_cli *cli, wb_target_fn *each, void *arg, wb_error *err)
{
    return run_each(cli, each, arg, true, err);
}

bool wb_cli_one_target(wb_cli *cli, const char *what, wb_target **ret_target, wb_error *err)
{
    if (cli->target_count == 1) {
        *ret_target = cli->targets[0];
        return true;
    }
    (void) wb_fail(err, WB_E_USAGE, "%s is for one database, but the project has %zu", what,
                   cli->target_count);
    WB_AUTO_BUF(names, 0);
    for (size_t i = 0; i < cli->target_count; i++)
        wb_buf_printf(&names, "%s--only %s", i > 0 ? ", " : "", wb_target_name(cli->targets[i]));
    return wb_hint(err, "Choose one: %s.", wb_buf_text(&names));
}
