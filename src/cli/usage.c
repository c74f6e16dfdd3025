#include "cli/usage.h"

enum { HELP_WIDTH_MOST = 100, NAME_COLUMN = 28, COMMAND_COLUMN = 14, EXIT_CODE_COLUMN = 6 };

const char *wb_usage_synopsis(const wb_command *command, wb_arena *arena)
{
    WB_AUTO_BUF(text, 0);
    wb_buf_printf(&text, "%s [OPTIONS]", command->name);
    for (const wb_positional *row = command->positionals; row != NULL && row->name != NULL; row++)
        wb_buf_printf(&text, row->optional ? " [%s%s]" : " %s%s", row->name,
                      row->repeats ? "..." : "");
    return wb_str_dup(arena, wb_buf_str(&text));
}

const char *wb_usage_option(const wb_option *option, wb_arena *arena)
{
    WB_AUTO_BUF(text, 0);
    if (option->letter != 0)
        wb_buf_printf(&text, "-%c, ", option->letter);
    wb_buf_printf(&text, "--%s", option->name);
    if (option->kind != WB_VALUE_NONE)
        wb_buf_printf(&text, " %s", option->value);
    return wb_str_dup(arena, wb_buf_str(&text));
}

static size_t help_width(const wb_term *term)
{
    return term->width < HELP_WIDTH_MOST ? term->width : HELP_WIDTH_MOST;
}

/* A name with its explanation in the column behind it, or below where the name is long. */
static void put_row(wb_term *term, const char *name, const char *text, size_t indent, size_t column)
{
    WB_AUTO_BUF(row, 0);
    size_t used = indent + strlen(name);
    wb_buf_printf(&row, "%*s%s", (int) indent, "", name);
    if (used + 2 > column) {
        wb_buf_putc(&row, '\n');
        used = 0;
    }
    wb_wrap(&row, text, used, column, help_width(term));
    wb_put_bytes(term, wb_buf_text(&row), row.len);
}

static void put_heading(wb_term *term, const char *text)
{
    wb_put(term, "\n%s%s%s\n", wb_paint_begin(term, WB_PAINT_HEADING), text,
           wb_paint_begin(term, WB_PAINT_NONE));
}

bool wb_usage_has_options(const wb_option *table)
{
    for (; table != NULL && table->name != NULL; table++) {
        if (!table->hidden)
            return true;
    }
    return false;
}

static void put_options(wb_term *term, const wb_option *table, wb_arena *arena)
{
    for (const wb_option *row = table; row->name != NULL; row++) {
        if (row->hidden)
            continue;
        const char *name = wb_usage_option(row, arena);
        if (row->letter == 0)
            name = wb_arena_printf(arena, "    %s", name);
        put_row(term, name, row->help, 2, NAME_COLUMN);
    }
}

/* Paragraphs are wrapped; lines that begin with two blanks stay as they are. */
static void put_description(wb_term *term, const char *text)
{
    wb_str rest = wb_str_from(text);
    wb_str line;
    WB_AUTO_BUF(shaped, 0);
    while (wb_str_next_line(&rest, &line)) {
        WB_SCRATCH(arena);
        if (line.len == 0)
            wb_buf_putc(&shaped, '\n');
        else if (wb_str_has_prefix(line, WB_STR("  ")))
            wb_buf_printf(&shaped, "%.*s\n", WB_STR_ARG(line));
        else
            wb_wrap(&shaped, wb_str_dup(arena, line), 0, 0, help_width(term));
    }
    wb_put_bytes(term, wb_buf_text(&shaped), shaped.len);
}

static void put_command(wb_term *term, const wb_command *command, wb_arena *arena)
{
    wb_put(term, "%s - %s\n", command->name, command->summary);
    put_heading(term, "Usage");
    wb_put(term, "  whimbrel %s\n\n", wb_usage_synopsis(command, arena));
    put_description(term, command->description);
    if (command->positionals != NULL) {
        put_heading(term, "Arguments");
        for (const wb_positional *row = command->positionals; row->name != NULL; row++)
            put_row(term, row->name, row->help, 2, COMMAND_COLUMN);
    }
    if (wb_usage_has_options(command->options)) {
        put_heading(term, "Options");
        put_options(term, command->options, arena);
    }
    if (command->examples != NULL) {
        put_heading(term, "Examples");
        for (const wb_example *row = command->examples; row->line != NULL; row++)
            wb_put(term, "  whimbrel %s\n      %s\n", row->line, row->text);
    }
    wb_put(term, "\n");
    put_description(term, "Options that every command takes: `whimbrel --help`.");
}

static void put_program(wb_term *term, wb_arena *arena)
{
    wb_put(term, "whimbrel - schema migrations in plain SQL for SQLite, PostgreSQL and MariaDB\n");
    put_heading(term, "Usage");
    wb_put(term, "  whimbrel [OPTIONS] COMMAND [ARGUMENTS]\n");
    put_heading(term, "Commands");
    for (size_t i = 0; wb_commands[i] != NULL; i++)
        put_row(term, wb_commands[i]->name, wb_commands[i]->summary, 2, COMMAND_COLUMN);
    put_heading(term, "Options of every command");
    put_options(term, wb_global_options, arena);
    put_heading(term, "Exit codes");
    put_row(term, "0", "done", 2, EXIT_CODE_COLUMN);
    put_row(term, "1", "failed", 2, EXIT_CODE_COLUMN);
    put_row(term, "2", "the command line is wrong", 2, EXIT_CODE_COLUMN);
    put_row(term, "3", "revisions are pending", 2, EXIT_CODE_COLUMN);
    put_row(term, "5", "another runner holds the lock", 2, EXIT_CODE_COLUMN);
    wb_put(term, "\n`whimbrel help COMMAND` explains one command.\n");
}

void wb_usage_print(wb_term *term, const wb_command *command)
{
    WB_SCRATCH(arena);
    if (command != NULL)
        put_command(term, command, arena);
    else
        put_program(term, arena);
}
