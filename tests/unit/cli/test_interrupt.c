#include "../../support/test.h"
#include "cli/interrupt.h"

#include <sys/wait.h>
#include <unistd.h>

/* Runs `body` in a child; gives its exit code. */
static int code_of(void (*body)(void))
{
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        body();
        _exit(99);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void begin(wb_interrupt *interrupt)
{
    wb_error err;
    if (!wb_interrupt_start(interrupt, true, &err))
        _exit(98);
}

static void signal_with_nothing_open(void)
{
    wb_interrupt interrupt;
    begin(&interrupt);
    (void) kill(getpid(), SIGINT);
    for (;;)
        (void) pause();
}

static void signal_while_paused(void)
{
    wb_interrupt interrupt;
    begin(&interrupt);
    wb_interrupt_pause(&interrupt, true);
    (void) kill(getpid(), SIGINT);
    /* Taken once it is no longer pending; only then may the thread end. */
    sigset_t pending;
    do {
        (void) sigpending(&pending);
    } while (sigismember(&pending, SIGINT) == 1);
    wb_interrupt_stop(&interrupt);
    _exit(7);
}

static void start_and_stop(void)
{
    wb_interrupt interrupt;
    begin(&interrupt);
    wb_interrupt_stop(&interrupt);
    _exit(5);
}

static void ends_at_once_where_nothing_is_open(void **state)
{
    (void) state;
    assert_int_equal(code_of(signal_with_nothing_open), WB_EXIT_INTERRUPTED);
}

static void leaves_signals_to_another_program_while_paused(void **state)
{
    (void) state;
    assert_int_equal(code_of(signal_while_paused), 7);
}

static void its_thread_ends_when_it_is_stopped(void **state)
{
    (void) state;
    assert_int_equal(code_of(start_and_stop), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_at_once_where_nothing_is_open),
        cmocka_unit_test(leaves_signals_to_another_program_while_paused),
        cmocka_unit_test(its_thread_ends_when_it_is_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
