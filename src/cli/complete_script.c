/* Completion. The scripts hold the words of the tables; names of revisions and databases are asked
 * from the program itself while the user types (`whimbrel completion --list`).
 *
 * bash and zsh share one idea: the first word that is a command chooses the options, the word
 * before the cursor chooses what a value may be. fish takes one line for each option. */
#include "cli/complete_script.h"

/* How a shell function of ours offers values of a kind; NULL: nothing. */
static const char *list_of(wb_value_kind kind)
{
    switch (kind) {
    case WB_VALUE_REVISION:
        return "revisions";
    case WB_VALUE_DATABASE:
        return "databases";
    case WB_VALUE_COMMAND:
        return "commands";
    case WB_VALUE_FILE:
        return "files";
    case WB_VALUE_FOLDER:
        return "folders";
    case WB_VALUE_NONE:
    case WB_VALUE_TEXT:
    case WB_VALUE_NUMBER:
    case WB_VALUE_DURATION:
    case WB_VALUE_CHOICE:
    case WB_VALUE_PAIR:
        break;
    }
    return NULL;
}

static void put_words(wb_term *term, const char *const *words)
{
    for (size_t i = 0; words != NULL && words[i] != NULL; i++)
        wb_put(term, "%s%s", i > 0 ? " " : "", words[i]);
}

static void put_option_words(wb_term *term, const wb_option *table)
{
    for (const wb_option *row = table; row != NULL && row->name != NULL; row++) {
        if (row->hidden)
            continue;
        wb_put(term, " --%s", row->name);
        if (row->letter != 0)
            wb_put(term, " -%c", row->letter);
    }
}

static void put_command_words(wb_term *term)
{
    for (size_t i = 0; wb_commands[i] != NULL; i++)
        wb_put(term, "%s%s", i > 0 ? " " : "", wb_commands[i]->name);
}

/* Cases of the word before the cursor: an option that takes a value. */
static void put_value_cases(wb_term *term, const wb_option *table, const char *command)
{
    for (const wb_option *row = table; row != NULL && row->name != NULL; row++) {
        if (row->kind == WB_VALUE_NONE || row->hidden)
            continue;
        wb_put(term, "        %s:--%s", command, row->name);
        if (row->letter != 0)
            wb_put(term, "|%s:-%c", command, row->letter);
        wb_put(term, ") ");
        if (row->choices != NULL) {
            wb_put(term, "offer='");
            put_words(term, row->choices);
            wb_put(term, "' ;;\n");
        } else {
            const char *list = list_of(row->kind);
            wb_put(term, "list=%s ;;\n", list != NULL ? list : "nothing");
        }
    }
}

/* The part that bash and zsh share: sets `offer` and `list` from $cmd, $prev and $cur. */
static void put_choice(wb_term *term)
{
    wb_put(term, "    case \"$cmd:$prev\" in\n");
    for (size_t i = 0; wb_commands[i] != NULL; i++)
        put_value_cases(term, wb_commands[i]->options, wb_commands[i]->name);
    put_value_cases(term, wb_global_options, "*");
    wb_put(term, "        *) case \"$cmd:$cur\" in\n");
    for (size_t i = 0; wb_commands[i] != NULL; i++) {
        wb_put(term, "            %s:-*) offer='", wb_commands[i]->name);
        put_option_words(term, wb_commands[i]->options);
        put_option_words(term, wb_global_options);
        wb_put(term, "' ;;\n");
    }
    wb_put(term, "            :-*) offer='");
    put_option_words(term, wb_global_options);
    wb_put(term, "' ;;\n            :*) offer='");
    put_command_words(term);
    wb_put(term, "' ;;\n");
    for (size_t i = 0; wb_commands[i] != NULL; i++) {
        const wb_positional *row = wb_commands[i]->positionals;
        if (row == NULL)
            continue;
        wb_put(term, "            %s:*) ", wb_commands[i]->name);
        if (row->choices != NULL) {
            wb_put(term, "offer='");
            put_words(term, row->choices);
            wb_put(term, "' ;;\n");
        } else {
            wb_put(term, "list=%s ;;\n",
                   list_of(row->kind) != NULL ? list_of(row->kind) : "nothing");
        }
    }
    wb_put(term, "        esac ;;\n    esac\n");
}

/* Finds the command among the words typed so far. */
static void put_find_command(wb_term *term, const char *typed)
{
    wb_put(term, "    for word in %s; do\n        case $word in\n            ", typed);
    for (size_t i = 0; wb_commands[i] != NULL; i++)
        wb_put(term, "%s%s", i > 0 ? "|" : "", wb_commands[i]->name);
    wb_put(term, ") cmd=$word; break ;;\n        esac\n    done\n");
}

void wb_complete_bash(wb_term *term)
{
    wb_put(term, "# bash completion of whimbrel; made by `whimbrel completion bash`\n"
                 "_whimbrel() {\n"
                 "    local cur prev cmd='' word offer='' list=''\n"
                 "    cur=${COMP_WORDS[COMP_CWORD]}\n"
                 "    prev=${COMP_WORDS[COMP_CWORD-1]}\n");
    put_find_command(term, "\"${COMP_WORDS[@]:1:COMP_CWORD-1}\"");
    put_choice(term);
    wb_put(term,
           "    case $list in\n"
           "        files) mapfile -t COMPREPLY < <(compgen -f -- \"$cur\") ;;\n"
           "        folders) mapfile -t COMPREPLY < <(compgen -d -- \"$cur\") ;;\n"
           "        nothing) COMPREPLY=() ;;\n"
           "        '') mapfile -t COMPREPLY < <(compgen -W \"$offer\" -- \"$cur\") ;;\n"
           "        *) offer=$(\"${COMP_WORDS[0]}\" completion --list \"$list\" 2>/dev/null)\n"
           "           mapfile -t COMPREPLY < <(compgen -W \"$offer\" -- \"$cur\") ;;\n"
           "    esac\n"
           "}\n"
           "complete -F _whimbrel whimbrel\n");
}

void wb_complete_zsh(wb_term *term)
{
    wb_put(term, "#compdef whimbrel\n"
                 "# zsh completion of whimbrel; made by `whimbrel completion zsh`\n"
                 "_whimbrel() {\n"
                 "    local -a typed=(\"${(@)words[2,CURRENT-1]}\")\n"
                 "    local program=$words[1]\n"
                 "    local cur=$words[CURRENT] prev=$words[CURRENT-1] cmd='' word list=''\n"
                 "    local offer=''\n");
    put_find_command(term, "$typed");
    put_choice(term);
    wb_put(term,
           "    case $list in\n"
           "        files) _files ;;\n"
           "        folders) _files -/ ;;\n"
           "        nothing) ;;\n"
           "        '') compadd -- ${=offer} ;;\n"
           "        *) compadd -- ${(f)\"$($program completion --list $list 2>/dev/null)\"} ;;\n"
           "    esac\n"
           "}\n"
           "if [ \"$funcstack[1]\" = _whimbrel ]; then _whimbrel \"$@\"; "
           "else compdef _whimbrel whimbrel; fi\n");
}

/* A text between single quotes; none of our texts has a backslash. */
static void put_quoted(wb_term *term, const char *text)
{
    wb_put(term, "'");
    for (const char *c = text; *c != '\0'; c++)
        wb_put(term, *c == '\'' ? "\\%c" : "%c", *c);
    wb_put(term, "'");
}

static void put_fish_value(wb_term *term, wb_value_kind kind, const char *const *choices)
{
    const char *list = list_of(kind);
    if (choices != NULL) {
        wb_put(term, " -a '");
        put_words(term, choices);
        wb_put(term, "'");
    } else if (list != NULL && (kind == WB_VALUE_FILE || kind == WB_VALUE_FOLDER)) {
        wb_put(term, " -F");
    } else if (list != NULL) {
        wb_put(term, " -a '(whimbrel completion --list %s 2>/dev/null)'", list);
    }
}

static void put_fish_options(wb_term *term, const wb_option *table, const char *condition)
{
    for (const wb_option *row = table; row != NULL && row->name != NULL; row++) {
        if (row->hidden)
            continue;
        wb_put(term, "complete -c whimbrel%s -l %s", condition, row->name);
        if (row->letter != 0)
            wb_put(term, " -s %c", row->letter);
        if (row->kind != WB_VALUE_NONE)
            wb_put(term,
                   row->kind == WB_VALUE_FILE || row->kind == WB_VALUE_FOLDER ? " -r" : " -x");
        put_fish_value(term, row->kind, row->choices);
        wb_put(term, " -d ");
        put_quoted(term, row->help);
        wb_put(term, "\n");
    }
}

void wb_complete_fish(wb_term *term)
{
    wb_put(term, "# fish completion of whimbrel; made by `whimbrel completion fish`\n"
                 "complete -c whimbrel -f\n");
    put_fish_options(term, wb_global_options, "");
    for (size_t i = 0; wb_commands[i] != NULL; i++) {
        const wb_command *command = wb_commands[i];
        WB_SCRATCH(arena);
        const char *condition =
            wb_arena_printf(arena, " -n '__fish_seen_subcommand_from %s'", command->name);
        wb_put(term, "complete -c whimbrel -n __fish_use_subcommand -a %s -d ", command->name);
        put_quoted(term, command->summary);
        wb_put(term, "\n");
        put_fish_options(term, command->options, condition);
        if (command->positionals != NULL) {
            wb_put(term, "complete -c whimbrel%s", condition);
            put_fish_value(term, command->positionals->kind, command->positionals->choices);
            wb_put(term, "\n");
        }
    }
}
