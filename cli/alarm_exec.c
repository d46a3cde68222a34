/* cli/alarm_exec.c - see alarm_exec.h. */
#include "cli/alarm_exec.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* A pipe that holds input already: its reader may end before it has read, without harm to us. */
static int open_input(const char *input, int *fd)
{
    const size_t n = strlen(input);
    int pipes[2];

    if (pipe2(pipes, O_CLOEXEC) < 0)
        return errno;
    const ssize_t put = write(pipes[1], input, n < 4096 ? n : 4096);
    close(pipes[1]);
    *fd = pipes[0];
    return put < 0 ? errno : 0;
}

static char **environment(const char *const *set, size_t n_set)
{
    size_t n = 0;

    while (environ[n])
        n++;
    char **const all = calloc(n + n_set + 1, sizeof *all);
    for (size_t i = 0; all && i < n_set; i++)
        all[i] = (char *)(uintptr_t)set[i];   /* execve's type: it changes nothing */
    for (size_t i = 0; all && i < n; i++)
        all[n_set + i] = environ[i];
    return all;
}

/* Returns 0 or an errno. */
static int spawn(const char *command, char **env, int input)
{
    char shell[] = "sh", flag[] = "-c", *const argv[] = {shell, flag, (char *)(uintptr_t)command, NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t none;
    pid_t pid;

    sigemptyset(&none);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);   /* ours is for alarms */
    posix_spawnattr_init(&attr);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigmask(&attr, &none);
    const int failed = posix_spawnp(&pid, "/bin/sh", &files, &attr, argv, env);
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&files);
    return failed;
}

int alarm_exec_run(struct alarm_exec *x, const char *const *set, size_t n_set, const char *input, struct kymo_err *e)
{
    int fd = -1;

    if (!x->command)
        return 0;
    if (x->running == ALARM_EXEC_MOST)
        return kymo_warn(x->log, e, "--exec", -1, "%d commands run already: not run for this alarm", ALARM_EXEC_MOST);
    char **const env = environment(set, n_set);
    int failed = env ? open_input(input, &fd) : ENOMEM;
    if (!failed)
        failed = spawn(x->command, env, fd);
    if (fd >= 0)
        close(fd);
    free(env);
    if (failed)
        return kymo_warn(x->log, e, "--exec", -1, "cannot be run: %s", strerror(failed));
    x->running++;
    return 0;
}

int alarm_exec_reap(struct alarm_exec *x, bool wait, struct kymo_err *e)
{
    int rc = 0;

    while (rc == 0 && x->running > 0) {
        int status;
        const pid_t pid = waitpid(-1, &status, wait ? 0 : WNOHANG);
        if (pid < 0 && errno == EINTR)
            continue;
        if (pid <= 0)
            break;
        x->running--;
        if (WIFSIGNALED(status))
            rc = kymo_warn(x->log, e, "--exec", -1, "the command was ended by signal %d", WTERMSIG(status));
        else if (WEXITSTATUS(status) != 0)
            rc = kymo_warn(x->log, e, "--exec", -1, "the command failed with status %d", WEXITSTATUS(status));
    }
    return rc;
}
