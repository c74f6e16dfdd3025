#include "cli/editor.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

bool wb_editor_split(const char *text, wb_arena *arena, char ***ret_words, size_t *ret_count)
{
    WB_LIST(char *) words = {0};
    WB_AUTO_BUF(word, 0);
    bool in_word = false;
    char quote = 0;
    for (const char *c = text; *c != '\0'; c++) {
        if (quote == 0 && wb_is_space(*c)) {
            if (in_word)
                WB_LIST_ADD(arena, &words, wb_str_dup(arena, wb_buf_str(&word)));
            wb_buf_reset(&word);
            in_word = false;
            continue;
        }
        in_word = true;
        if (quote == 0 && (*c == '"' || *c == '\'')) {
            quote = *c;
        } else if (quote != 0 && *c == quote) {
            quote = 0;
        } else {
            if (*c == '\\' && quote != '\'' && c[1] != '\0')
                c++;
            wb_buf_putc(&word, *c);
        }
    }
    if (in_word)
        WB_LIST_ADD(arena, &words, wb_str_dup(arena, wb_buf_str(&word)));
    *ret_words = words.items;
    *ret_count = words.count;
    return quote == 0;
}

/* Where the editor's command comes from; the first that is set. */
static const char *editor_command(const char **ret_source)
{
    static const char *const names[] = {"VISUAL", "EDITOR"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = getenv(names[i]); // NOLINT(concurrency-mt-unsafe)
        *ret_source = names[i];
        if (value != NULL && value[0] != '\0')
            return value;
    }
    *ret_source = "the default";
    return "vi";
}

static _Noreturn void become(char *const *argv, const sigset_t *mask)
{
    (void) sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
    (void) pthread_sigmask(SIG_SETMASK, mask, NULL);
    (void) execvp(argv[0], argv);
    _exit(errno == ENOENT ? 127 : 126);
}

static bool wait_for(pid_t child, const char *program, const char *source, wb_error *err)
{
    int state = 0;
    while (waitpid(child, &state, 0) < 0) {
        if (errno != EINTR)
            return wb_fail_errno(err, errno, "cannot wait for \"%s\"", program);
    }
    if (WIFEXITED(state) && WEXITSTATUS(state) == 0)
        return true;
    if (WIFEXITED(state) && (WEXITSTATUS(state) == 127 || WEXITSTATUS(state) == 126)) {
        (void) wb_fail(err, WB_E_IO, "cannot run the editor \"%s\" (from %s)", program, source);
        return wb_hint(err, "Set VISUAL or EDITOR to a program that is installed.");
    }
    if (WIFEXITED(state))
        return wb_fail(err, WB_E_IO, "the editor \"%s\" ended with code %d", program,
                       WEXITSTATUS(state));
    return wb_fail(err, WB_E_IO, "the editor \"%s\" was ended by signal %d", program,
                   WTERMSIG(state));
}

bool wb_editor_open(wb_cli *cli, const char *const *paths, size_t count, wb_error *err)
{
    const char *source = NULL;
    const char *command = editor_command(&source);
    char **words = NULL;
    size_t word_count = 0;
    if (!wb_editor_split(command, cli->arena, &words, &word_count) || word_count == 0) {
        (void) wb_fail(err, WB_E_CONFIG, "cannot read the editor from %s", source);
        return wb_hint(err, "Set VISUAL or EDITOR to a program, and close its quotes.");
    }
    char **argv = WB_NEW_ARRAY(cli->arena, char *, word_count + count + 1);
    for (size_t i = 0; i < word_count; i++)
        argv[i] = words[i];
    for (size_t i = 0; i < count; i++)
        argv[word_count + i] = wb_arena_strdup(cli->arena, paths[i]);
    wb_term_flush(&cli->out);
    wb_interrupt_pause(&cli->interrupt, true);
    pid_t child = fork();
    if (child == 0)
        become(argv, &cli->interrupt.inherited);
    bool ok = child > 0 ? wait_for(child, argv[0], source, err)
                        : wb_fail_errno(err, errno, "cannot start the editor \"%s\"", argv[0]);
    wb_interrupt_pause(&cli->interrupt, false);
    return ok;
}
