#include "cli/manual_page.h"

#include "cli/usage.h"

/* Text with scdoc's own characters escaped. */
static void put_text(wb_term *term, const char *text)
{
    for (const char *c = text; *c != '\0'; c++)
        wb_put(term, strchr("\\*_#<>[]~-+.", *c) != NULL ? "\\%c" : "%c", *c);
}

/* Text between two strings that scdoc reads. */
static void put_marked(wb_term *term, const char *before, const char *text, const char *after)
{
    wb_put(term, "%s", before);
    put_text(term, text);
    wb_put(term, "%s", after);
}

static void put_head(wb_term *term, const char *name, const char *summary)
{
    wb_put(term, "%s(1) \"\" \"Whimbrel\"\n\n# NAME\n\n%s - ", name, name);
    put_marked(term, "", summary, "\n\n# SYNOPSIS\n\n");
}

static void put_options(wb_term *term, const wb_option *table)
{
    for (const wb_option *row = table; row->name != NULL; row++) {
        if (row->hidden)
            continue;
        if (row->letter != 0)
            wb_put(term, "*\\-%c*, ", row->letter);
        put_marked(term, "*\\-\\-", row->name, "*");
        if (row->kind != WB_VALUE_NONE)
            put_marked(term, " _", row->value, "_");
        put_marked(term, "\n\t", row->help, "\n\n");
    }
}

/* Lines that begin with two blanks become literal blocks. */
static void put_description(wb_term *term, const char *text)
{
    wb_str rest = wb_str_from(text);
    wb_str line;
    bool is_literal = false;
    while (wb_str_next_line(&rest, &line)) {
        WB_SCRATCH(arena);
        bool literal = wb_str_has_prefix(line, WB_STR("  "));
        if (literal != is_literal)
            wb_put(term, "```\n");
        is_literal = literal;
        const char *copy = wb_str_dup(arena, line);
        if (literal)
            wb_put(term, "%s\n", copy + 2);
        else
            put_marked(term, "", copy, "\n");
    }
    wb_put(term, "%s\n", is_literal ? "```\n" : "");
}

static void put_examples(wb_term *term, const wb_example *examples)
{
    if (examples == NULL)
        return;
    wb_put(term, "# EXAMPLES\n\n");
    for (const wb_example *row = examples; row->line != NULL; row++) {
        put_marked(term, "*whimbrel ", row->line, "*\n");
        put_marked(term, "\t", row->text, "\n\n");
    }
}

static void put_command(wb_term *term, const wb_command *command)
{
    WB_SCRATCH(arena);
    const char *name = wb_arena_printf(arena, "whimbrel-%s", command->name);
    put_head(term, name, command->summary);
    put_marked(term, "*whimbrel* ", wb_usage_synopsis(command, arena), "\n\n# DESCRIPTION\n\n");
    put_description(term, command->description);
    if (command->positionals != NULL) {
        wb_put(term, "# ARGUMENTS\n\n");
        for (const wb_positional *row = command->positionals; row->name != NULL; row++) {
            put_marked(term, "_", row->name, "_");
            put_marked(term, "\n\t", row->help, "\n\n");
        }
    }
    if (wb_usage_has_options(command->options)) {
        wb_put(term, "# OPTIONS\n\n");
        put_options(term, command->options);
    }
    wb_put(term,
           "# NOTES\n\nThe options of every command, the exit codes and the files are explained in "
           "*whimbrel*(1).\n\n");
    put_examples(term, command->examples);
    wb_put(term, "# SEE ALSO\n\n*whimbrel*(1)\n");
}

static void put_program(wb_term *term)
{
    put_head(term, "whimbrel", "schema migrations in plain SQL for SQLite, PostgreSQL and MariaDB");
    wb_put(term, "*whimbrel* [OPTIONS] _COMMAND_ [ARGUMENTS]\n\n# COMMANDS\n\n");
    for (size_t i = 0; wb_commands[i] != NULL; i++) {
        put_marked(term, "*whimbrel\\-", wb_commands[i]->name, "*(1)\n");
        put_marked(term, "\t", wb_commands[i]->summary, "\n\n");
    }
    wb_put(term, "# OPTIONS\n\nEvery command takes these, before or after its name.\n\n");
    put_options(term, wb_global_options);
    /* Exit codes come from the status table, each with all that ends in it. */
    wb_put(term, "# EXIT CODES\n\n");
    for (int code = 0; code < 10; code++) {
        bool first = true;
        for (int status = 0; status < WB_STATUS_COUNT; status++) {
            if (wb_status_exit_code((wb_status) status) != code)
                continue;
            if (first)
                wb_put(term, "*%d*\n", code);
            put_marked(term, first ? "\t" : "; ", wb_status_text((wb_status) status), "");
            first = false;
        }
        if (!first)
            wb_put(term, "\n\n");
    }
    wb_put(term, "*130*\n\ta second Ctrl\\-C ended the program at once\n\n");
}

void wb_manual_print(wb_term *term, const wb_command *command)
{
    if (command != NULL)
        put_command(term, command);
    else
        put_program(term);
}
