/* Runs a command and tells what it took: one line of JSON in a file.
 *
 *   measure RESULT_FILE COMMAND [ARGUMENT...]
 *
 * The command's output goes where ours goes; its exit code is ours. Wall time is from fork to end;
 * CPU time and peak memory are those of the command and of the processes it waited for, as the
 * kernel counts them. A small program of its own does this because a shell's `time` knows no memory
 * and an interpreter's start would be in every figure. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds_of(struct timeval time)
{
    return (double) time.tv_sec + (double) time.tv_usec / 1e6;
}

static double now(void)
{
    struct timespec time;

    (void) clock_gettime(CLOCK_MONOTONIC, &time);
    return (double) time.tv_sec + (double) time.tv_nsec / 1e9;
}

static int write_result(const char *path, double wall, const struct rusage *usage, int code)
{
    FILE *file = fopen(path, "we");

    if (file == NULL) {
        perror(path);
        return EXIT_FAILURE;
    }
    (void) fprintf(file,
                   "{\"wall_s\": %.6f, \"user_s\": %.6f, \"sys_s\": %.6f, \"rss_kib\": %ld, "
                   "\"exit\": %d}\n",
                   wall, seconds_of(usage->ru_utime), seconds_of(usage->ru_stime), usage->ru_maxrss,
                   code);
    return fclose(file) == 0 ? code : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    struct rusage usage;
    int status = 0;

    if (argc < 3) {
        (void) fputs("usage: measure RESULT_FILE COMMAND [ARGUMENT...]\n", stderr);
        return 2;
    }
    double start = now();
    pid_t child = fork();
    if (child == 0) {
        (void) execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) != child) {
        perror("measure");
        return EXIT_FAILURE;
    }
    double wall = now() - start;
    return write_result(argv[1], wall, &usage,
                        WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}
