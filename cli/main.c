/* cli/main.c - the program kymo: finds the command, reads its options, runs it, and says what went wrong.
 *
 * Exit status: 0 done, 1 the input or the work failed, 2 wrong use, 3 some of several recordings failed. Nothing else in
 * Kymo prints to standard error or exits. */
#include "formats/hdf5_program.h"
#include "lib/command.h"
#include "lib/progress.h"
#include "lib/provenance.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct session {
    const char *name;
    struct kymo_shared shared;
    struct kymo_progress *progress;   /* shown or not; NULL: none */
    struct kymo_provenance *provenance;   /* NULL: not asked for */
};

static void print_error(const struct session *s, const struct kymo_err *e)
{
    char text[2000];

    kymo_err_text(e, s->shared.debug, text, sizeof text);
    kymo_progress_clear(s->progress);
    fprintf(stderr, "kymo%s%s: %s\n", s->name ? " " : "", s->name ? s->name : "", text);
    kymo_provenance_error(s->provenance, text);
}

static void print_warning(void *to, const char *text)
{
    const struct session *s = to;

    kymo_provenance_warning(s->provenance, text);
    if (s->shared.quiet)
        return;
    kymo_progress_clear(s->progress);
    fprintf(stderr, "kymo %s: warning: %s\n", s->name, text);
}

static void report(const struct kymo_call *call, const struct kymo_err *e) { print_error(call->log.to, e); }

static int status_of(int rc)
{
    return rc >= 0 ? 0 : rc == KYMO_SOME ? 3 : rc == KYMO_EUSAGE ? 2 : 1;
}

/* "kymo 0.1.0 read mitdb/100 -s MLII": malloc'ed, NULL where memory ends. */
static char *command_line(int argc, char **argv)
{
    size_t n = sizeof "kymo " KYMO_VERSION;

    for (int i = 0; i < argc; i++)
        n += strlen(argv[i]) + 1;
    char *line = malloc(n);
    if (!line)
        return NULL;
    char *at = stpcpy(line, "kymo " KYMO_VERSION);
    for (int i = 0; i < argc; i++) {
        *at++ = ' ';
        at = stpcpy(at, argv[i]);
    }
    return line;
}

/* Prints with put to standard output, or to standard error if to_stderr. */
static int print_about(const struct kymo_command *c,
                       int (*put)(struct kymo_output *, const struct kymo_command *, struct kymo_err *), bool to_stderr,
                       struct kymo_err *e)
{
    struct kymo_output *out = to_stderr ? kymo_output_memory(e) : kymo_output_open(NULL, e);
    int rc = out ? put(out, c, e) : KYMO_ENOMEM;

    if (rc == 0 && to_stderr) {
        size_t n;
        const unsigned char *bytes = kymo_output_bytes(out, &n);
        fwrite(bytes, 1, n, stderr);
    } else if (rc == 0) {
        rc = kymo_output_finish(out, e);
    }
    kymo_output_destroy(out);
    return rc;
}

static int put_commands(struct kymo_output *out, const struct kymo_command *unused, struct kymo_err *e)
{
    int rc = kymo_put_text(out, "usage: kymo COMMAND [OPTION]... [RECORD]\n\n"
                                "Small commands for recorded physiological signals that join with pipes.\n\n", e);

    (void)unused;
    for (const struct kymo_command *const *c = kymo_commands; rc == 0 && *c; c++)
        rc = kymo_putf(out, e, "  %-12s %s\n", (*c)->name, (*c)->about);
    return rc < 0 ? rc : kymo_put_text(out, "\nkymo COMMAND --help tells a command's options, man kymo-COMMAND the rest.\n"
                                            "For research and quality review; not for clinical decisions.\n", e);
}

static int put_version(struct kymo_output *out, const struct kymo_command *unused, struct kymo_err *e)
{
    (void)unused;
    return kymo_put_text(out, "kymo " KYMO_VERSION "\n", e);
}

/* That it went wrong, and has not been told. */
static bool is_error(int rc) { return rc < 0 && rc != KYMO_SOME && rc != KYMO_FOUND; }

/* Writes how it was made, if that was asked for. Returns rc, or what went wrong with it. */
static int end_provenance(struct session *s, int rc)
{
    struct kymo_err e = {0};
    const int wrote = s->provenance ? kymo_provenance_write(s->provenance, !is_error(rc), status_of(rc), &e) : 0;

    if (wrote < 0)
        print_error(s, &e);
    kymo_provenance_destroy(s->provenance);
    return wrote < 0 && rc >= 0 ? wrote : rc;
}

/* A pipe that has a name, as the shell gives for <(...), can be read once, as standard input can: it becomes that. */
static void take_pipe(const struct kymo_command *c, struct kymo_call *call)
{
    static const char *const standard_input[] = {"-"};
    struct stat st;

    if (c->most != 1 || call->n_operands != 1 || stat(call->operand[0], &st) != 0 || !S_ISFIFO(st.st_mode))
        return;
    const int fd = open(call->operand[0], O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && dup2(fd, STDIN_FILENO) == STDIN_FILENO)
        call->operand = standard_input;
    if (fd > STDIN_FILENO)
        close(fd);
}

/* argv[0] is the command's name. Returns the exit status. */
static int run_command(const struct kymo_command *c, int argc, char **argv)
{
    struct kymo_progress progress = {.what = ""};
    struct session s = {.name = c->name, .progress = &progress};
    struct kymo_err e = {0};
    char *line = command_line(argc, argv);
    void *args = calloc(1, c->args_size ? c->args_size : 1);
    const char **const given = malloc((size_t)argc * sizeof *given);   /* the words, before options are taken out */
    struct kymo_call call = {
        .name = c->name, .args = args, .operand = (const char *const *)argv, .history = line,
        .log = {.warn = print_warning, .to = &s}, .report = report,
    };
    if (given)
        memcpy(given, argv, (size_t)argc * sizeof *given);
    int rc = line && args && given ? kymo_parse_options(c, argc, argv, &s.shared, args, &call.n_operands, &e)
                                   : kymo_fail(&e, KYMO_ENOMEM, "no memory to begin");

    if (rc == 0)
        take_pipe(c, &call);
    call.log.strict = s.shared.strict;
    call.quiet = s.shared.quiet;
    call.progress = s.shared.progress && isatty(STDERR_FILENO) ? &progress : NULL;
    if (rc == 0 && s.shared.help)
        rc = print_about(c, s.shared.help_mdoc ? kymo_put_mdoc : kymo_put_help, false, &e);
    else if (rc == 0 && s.shared.provenance &&
             !(s.provenance = kymo_provenance_begin(c, given, (size_t)argc, &call, &s.shared, &e)))
        rc = e.cause[0].code;
    else if (rc == 0)
        rc = c->run(&call, &e);
    kymo_progress_clear(&progress);
    if (is_error(rc))
        print_error(&s, &e);
    rc = end_provenance(&s, rc);
    if (rc == KYMO_EUSAGE)
        print_about(c, kymo_put_usage, true, &e);
    if (args)
        kymo_options_free(c, args);
    free(args);
    free(given);
    free(line);
    return status_of(rc);
}

static int print_and_exit(int (*put)(struct kymo_output *, const struct kymo_command *, struct kymo_err *))
{
    const struct session s = {0};
    struct kymo_err e = {0};
    const int rc = print_about(NULL, put, false, &e);

    if (rc < 0)
        print_error(&s, &e);
    return status_of(rc);
}

int main(int argc, char **argv)
{
    const struct session none = {0};
    struct kymo_err e = {0};

    signal(SIGPIPE, SIG_DFL);   /* a closed pipe ends us quietly, also below a parent that ignores the signal */
    kymo_hdf5_leave_exit();
    if (argc < 2) {
        print_about(NULL, put_commands, true, &e);
        return 2;
    }
    const char *name = argv[1];
    if (strcmp(name, "--version") == 0)
        return print_and_exit(put_version);
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || (strcmp(name, "help") == 0 && argc == 2))
        return print_and_exit(put_commands);
    const bool asks = strcmp(name, "help") == 0;
    const struct kymo_command *c = kymo_command_named(kymo_commands, asks ? argv[2] : name);
    if (!c) {
        kymo_fail(&e, KYMO_EUSAGE, "no command \"%.60s\"; kymo help lists them", asks ? argv[2] : name);
        print_error(&none, &e);
        return 2;
    }
    if (asks) {
        char help[] = "--help", *words[] = {argv[2], help, NULL};
        return run_command(c, 2, words);
    }
    return run_command(c, argc - 1, argv + 1);
}
