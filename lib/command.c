/* lib/command.c - see command.h. */
#include "lib/command.h"
#include "lib/progress.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST_OPTIONS 96
#define FIRST_LONG_VALUE 256     /* getopt's value of table entry i is this + i: letters lie below */

const struct kymo_opt kymo_shared_options[] = {
    KYMO_OPT_FLAG('q', "quiet", struct kymo_shared, quiet, "no warnings"),
    KYMO_OPT_FLAG('\0', "strict", struct kymo_shared, strict, "a warning is a failure"),
    KYMO_OPT_FLAG('\0', "progress", struct kymo_shared, progress, "tell on the terminal how far long work is"),
    KYMO_OPT_FLAG('\0', "debug", struct kymo_shared, debug, "errors name the source lines that they passed"),
    KYMO_OPT_STRING('\0', "provenance", struct kymo_shared, provenance, "FILE", NULL,
                    "write how this was made to FILE, as JSON: version, options, digests, counts"),
    KYMO_OPT_FLAG('h', "help", struct kymo_shared, help, "print this text"),
    KYMO_OPT_LAST
};

const struct kymo_command *kymo_command_named(const struct kymo_command *const *all, const char *name)
{
    while (*all && strcmp((*all)->name, name) != 0)
        all++;
    return *all;
}

/* A command's own options and then the shared ones, as one list. */
struct all_options {
    const struct kymo_opt *opt[MOST_OPTIONS];
    size_t n, n_own;
};

static struct all_options all_options(const struct kymo_command *c)
{
    struct all_options a = {.n = 0};

    for (const struct kymo_opt *o = c->options; o->name && a.n < MOST_OPTIONS; o++)
        a.opt[a.n++] = o;
    a.n_own = a.n;
    for (const struct kymo_opt *o = kymo_shared_options; o->name && a.n < MOST_OPTIONS; o++)
        a.opt[a.n++] = o;
    return a;
}

/* ---- values ---- */

static int fail_value(const struct kymo_opt *o, const char *value, const char *wanted, struct kymo_err *e)
{
    return kymo_fail(e, KYMO_EUSAGE, "--%s \"%.60s\" is not %s", o->name, value, wanted);
}

static int add_string(struct kymo_strings *s, const char *value, struct kymo_err *e)
{
    const char **all = realloc(s->text, (s->n + 1) * sizeof *all);

    if (!all)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for options");
    s->text = all;
    all[s->n++] = value;
    return 0;
}

static int set_choice(const struct kymo_opt *o, const char *value, int *choice, struct kymo_err *e)
{
    const char *word = o->arg;
    const size_t n = strlen(value);

    for (int i = 0; *word; i++) {
        const size_t len = strcspn(word, "|");
        if (len == n && memcmp(word, value, n) == 0) {
            *choice = i;
            return 0;
        }
        word += len + (word[len] == '|');
    }
    return kymo_fail(e, KYMO_EUSAGE, "--%s \"%.60s\" is none of %s", o->name, value, o->arg);
}

static int set_value(const struct kymo_opt *o, void *base, const char *value, struct kymo_err *e)
{
    void *at = (char *)base + o->offset;
    const size_t n = value ? strlen(value) : 0;

    switch (o->kind) {
    case KYMO_FLAG: *(bool *)at = true; return 0;
    case KYMO_NUMBER: return kymo_parse_real(value, n, at) ? 0 : fail_value(o, value, "a number", e);
    case KYMO_COUNT: return kymo_parse_int(value, n, at) ? 0 : fail_value(o, value, "an integer", e);
    case KYMO_STRING: *(const char **)at = value; return 0;
    case KYMO_STRINGS: return add_string(at, value, e);
    case KYMO_CHOICE: return set_choice(o, value, at, e);
    case KYMO_TIME: {
        struct kymo_time *t = at;
        t->set = kymo_parse_time(value, n, &t->ns);
        return t->set ? 0 : fail_value(o, value, "a time (seconds, M:S or H:M:S)", e);
    }
    }
    return kymo_fail(e, KYMO_EUSAGE, "--%s", o->name);
}

/* ---- parsing ---- */

static void make_getopt(const struct all_options *a, struct option *longs, char *letters)
{
    *letters++ = ':';
    for (size_t i = 0; i < a->n; i++) {
        const struct kymo_opt *o = a->opt[i];
        const bool has_value = o->kind != KYMO_FLAG;
        const bool is_help = i >= a->n_own && strcmp(o->name, "help") == 0;   /* --help=mdoc, for the manual pages */
        longs[i] = (struct option){o->name, has_value ? required_argument : is_help ? optional_argument : no_argument,
                                   NULL, FIRST_LONG_VALUE + (int)i};
        if (o->letter) {
            *letters++ = o->letter;
            if (has_value)
                *letters++ = ':';
        }
    }
    *letters = '\0';
    longs[a->n] = (struct option){0};
}

static size_t option_of(const struct all_options *a, int value)
{
    size_t i = 0;

    if (value >= FIRST_LONG_VALUE)
        return (size_t)(value - FIRST_LONG_VALUE);
    while (i < a->n && a->opt[i]->letter != value)
        i++;
    return i;
}

static int set_presets(const struct all_options *a, void *args, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < a->n_own; i++)
        if (a->opt[i]->preset)
            rc = set_value(a->opt[i], args, a->opt[i]->preset, e);
    return rc;
}

static int fail_option(int value, const struct all_options *a, char **argv, struct kymo_err *e)
{
    const size_t i = option_of(a, optopt);
    const char *given = argv[optind - 1];

    if (value == ':')
        return kymo_fail(e, KYMO_EUSAGE, "--%s needs a value", i < a->n ? a->opt[i]->name : given);
    if (optopt && optopt < FIRST_LONG_VALUE)
        return kymo_fail(e, KYMO_EUSAGE, "no option -%c", optopt);
    if (optopt)
        return kymo_fail(e, KYMO_EUSAGE, "--%s takes no value", i < a->n ? a->opt[i]->name : given);
    return kymo_fail(e, KYMO_EUSAGE, "no option %.60s", given);
}

int kymo_parse_options(const struct kymo_command *c, int argc, char **argv, struct kymo_shared *shared, void *args,
                       size_t *n_operands, struct kymo_err *e)
{
    const struct all_options a = all_options(c);
    struct option longs[MOST_OPTIONS + 1];
    char letters[2 * MOST_OPTIONS + 2];
    int value, rc = set_presets(&a, args, e);

    make_getopt(&a, longs, letters);
    optind = 0;   /* anew, as glibc documents */
    opterr = 0;
    while (rc == 0 && (value = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
        const size_t i = value == '?' || value == ':' ? a.n : option_of(&a, value);
        if (i == a.n)
            return fail_option(value, &a, argv, e);
        rc = set_value(a.opt[i], i < a.n_own ? args : (void *)shared, optarg, e);
        if (rc == 0 && a.opt[i]->kind == KYMO_FLAG && optarg)
            shared->help_mdoc = strcmp(optarg, "mdoc") == 0;
    }
    *n_operands = (size_t)(argc - optind);
    memmove(argv, argv + optind, *n_operands * sizeof *argv);
    if (rc < 0 || shared->help)
        return rc;
    if (*n_operands < c->least)
        return kymo_fail(e, KYMO_EUSAGE, "%zu of at least %zu operands", *n_operands, c->least);
    if (*n_operands > c->most)
        return kymo_fail(e, KYMO_EUSAGE, "one operand too many: %.100s", argv[c->most]);
    return 0;
}

void kymo_options_free(const struct kymo_command *c, void *args)
{
    for (const struct kymo_opt *o = c->options; o->name; o++)
        if (o->kind == KYMO_STRINGS)
            free(((struct kymo_strings *)(void *)((char *)args + o->offset))->text);
}

/* ---- help ---- */

int kymo_put_usage(struct kymo_output *out, const struct kymo_command *c, struct kymo_err *e)
{
    return kymo_putf(out, e, "usage: kymo %s [OPTION]...%s%s\n", c->name, *c->operands ? " " : "", c->operands);
}

static int put_option(struct kymo_output *out, const struct kymo_opt *o, struct kymo_err *e)
{
    char head[96];
    const char letter[] = {o->letter ? '-' : ' ', o->letter ? o->letter : ' ', o->letter ? ',' : ' ', '\0'};

    snprintf(head, sizeof head, "%s --%s%s%s", letter, o->name, o->arg ? " " : "", o->arg ? o->arg : "");
    return kymo_putf(out, e, "  %-34s%s%s%s%s%s\n", head, strlen(head) > 33 ? "\n                                    " : "",
                     o->help, o->preset ? " [" : "", o->preset ? o->preset : "", o->preset ? "]" : "");
}

int kymo_put_help(struct kymo_output *out, const struct kymo_command *c, struct kymo_err *e)
{
    const struct all_options a = all_options(c);
    int rc = kymo_put_usage(out, c, e);

    if (rc == 0)
        rc = kymo_putf(out, e, "%s\n\n", c->about);
    for (size_t i = 0; rc == 0 && i < a.n; i++)
        rc = put_option(out, a.opt[i], e);
    return rc < 0 ? rc : kymo_putf(out, e, "\nMore: man kymo-%s\n", c->name);
}

/* "csv|tsv" as mdoc arguments: alternatives apart from each other. */
static int put_mdoc_value(struct kymo_output *out, const struct kymo_opt *o, struct kymo_err *e)
{
    int rc = 0;

    if (o->kind != KYMO_CHOICE)
        return kymo_putf(out, e, " Ar %s", o->arg);
    for (const char *word = o->arg; rc == 0 && *word;) {
        const int n = (int)strcspn(word, "|");
        rc = kymo_putf(out, e, "%s Cm %.*s", word == o->arg ? "" : " |", n, word);
        word += n + (word[n] == '|');
    }
    return rc;
}

int kymo_put_mdoc(struct kymo_output *out, const struct kymo_command *c, struct kymo_err *e)
{
    const struct all_options a = all_options(c);
    int rc = kymo_put_text(out, ".Bl -tag -width Ds\n", e);

    for (size_t i = 0; rc == 0 && i < a.n; i++) {
        const struct kymo_opt *o = a.opt[i];
        rc = o->letter ? kymo_putf(out, e, ".It Fl %c , Fl \\-%s", o->letter, o->name)
                       : kymo_putf(out, e, ".It Fl \\-%s", o->name);
        if (rc == 0 && o->arg)
            rc = put_mdoc_value(out, o, e);
        if (rc == 0)
            rc = kymo_putf(out, e, "\n%s", o->help);
        if (rc == 0 && o->preset)
            rc = kymo_putf(out, e, ";\n.Cm %s\nunless told otherwise", o->preset);
        if (rc == 0)
            rc = kymo_put_text(out, ".\n", e);
    }
    return rc < 0 ? rc : kymo_put_text(out, ".El\n", e);
}

/* ---- completion ---- */

static int put_bash_command(struct kymo_output *out, const struct kymo_command *c, struct kymo_err *e)
{
    const struct all_options a = all_options(c);
    int rc = kymo_putf(out, e, "    %s) options=\"", c->name);

    for (size_t i = 0; rc == 0 && i < a.n; i++)
        rc = kymo_putf(out, e, "%s--%s", i ? " " : "", a.opt[i]->name);
    rc = rc < 0 ? rc : kymo_put_text(out, "\"", e);
    for (size_t i = 0; rc == 0 && i < a.n; i++)
        if (a.opt[i]->kind == KYMO_CHOICE) {
            rc = kymo_putf(out, e, "\n        case $before in --%s", a.opt[i]->name);
            if (rc == 0 && a.opt[i]->letter)
                rc = kymo_putf(out, e, "|-%c", a.opt[i]->letter);
            rc = rc < 0 ? rc : kymo_put_text(out, ") words=\"", e);
            for (const char *p = a.opt[i]->arg; rc == 0 && *p; p++)
                rc = kymo_put(out, *p == '|' ? " " : p, 1, e);
            rc = rc < 0 ? rc : kymo_put_text(out, "\" ;; esac", e);
        }
    return rc < 0 ? rc : kymo_put_text(out, " ;;\n", e);
}

int kymo_put_bash(struct kymo_output *out, const struct kymo_command *const *all, struct kymo_err *e)
{
    int rc = kymo_put_text(out,
                           "_kymo() {\n"
                           "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} options= words=\n"
                           "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
                           "        COMPREPLY=($(compgen -W \"", e);

    for (const struct kymo_command *const *c = all; rc == 0 && *c; c++)
        rc = kymo_putf(out, e, "%s ", (*c)->name);
    rc = rc < 0 ? rc : kymo_put_text(out, "help\" -- \"$word\"))\n        return\n    fi\n"
                                          "    case ${COMP_WORDS[1]} in\n", e);
    for (const struct kymo_command *const *c = all; rc == 0 && *c; c++)
        rc = put_bash_command(out, *c, e);
    return rc < 0 ? rc : kymo_put_text(out,
                                       "    esac\n"
                                       "    if [ -n \"$words\" ]; then\n"
                                       "        COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
                                       "    elif [ \"${word:0:1}\" = - ]; then\n"
                                       "        COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
                                       "    fi\n"
                                       "}\n"
                                       "complete -o default -F _kymo kymo\n", e);
}

/* ---- what commands do first ---- */

int kymo_no_recordings(const struct kymo_call *call, char ***name, size_t *n, struct kymo_err *e)
{
    (void)call, (void)name, (void)n, (void)e;
    return 0;
}

const char *kymo_operand(const struct kymo_call *call) { return call->n_operands ? call->operand[0] : "-"; }

struct kymo_reader *kymo_call_open(const struct kymo_call *call, const struct kymo_input_args *in, bool no_samples,
                                   struct kymo_err *e)
{
    const char *path = kymo_operand(call);
    struct kymo_want want = {
        .signal = in->signals.text, .n_signals = in->signals.n, .no_samples = no_samples, .header_only = in->header_only,
        .from_set = in->from.set, .to_set = in->to.set, .from_ns = in->from.ns, .to_ns = in->to.ns,
        .annotator = in->annotator, .unit = in->unit, .as = in->as, .log = call->log, .patience = in->patience,
        .raw = in->raw,
        .progress = call->progress,
    };

    if (strcmp(path, "-") == 0 && isatty(STDIN_FILENO)) {
        kymo_fail(e, KYMO_EUSAGE, "no recording: name one, or send one through a pipe");
        return NULL;
    }
    if (in->from.set && in->to.set && in->to.ns <= in->from.ns) {
        kymo_fail(e, KYMO_EUSAGE, "--to is not after --from");
        return NULL;
    }
    if (in->rate && (!kymo_parse_ratio(in->rate, strlen(in->rate), &want.rate) || want.rate.num <= 0)) {
        kymo_fail(e, KYMO_EUSAGE, "--rate \"%.40s\" is no rate (250, 499.95, 1/30)", in->rate);
        return NULL;
    }
    if (call->progress)
        kymo_progress_begin(call->progress, kymo_clock_ns());
    return kymo_open(path, &want, e);
}

static int fail_terminal(struct kymo_err *e)
{
    return kymo_fail(e, KYMO_EUSAGE, "a recording is not for a terminal: use a pipe or -o FILE");
}

struct kymo_writer *kymo_call_writer(const struct kymo_call *call, const char *path, const struct kymo_header *h,
                                     struct kymo_err *e)
{
    const bool is_stdout = !path || strcmp(path, "-") == 0;
    const struct kymo_format *format = is_stdout ? NULL : kymo_format_for(path);
    struct kymo_header with_history;
    struct kymo_writer *w = NULL;

    if (is_stdout && isatty(STDOUT_FILENO)) {
        fail_terminal(e);
        return NULL;
    }
    kymo_header_init(&with_history);
    if (kymo_header_copy(&with_history, h, NULL, 0, e) == 0 &&
        kymo_header_add_history(&with_history, call->history, e) == 0)
        w = kymo_create_file(format ? format : kymo_format_named("kymo"), path, &with_history, 0, false, &call->log, e);
    kymo_header_release(&with_history);
    return w;
}

struct kymo_writer *kymo_call_stream(const struct kymo_call *call, struct kymo_output *out, const struct kymo_header *h,
                                     int64_t event_delay_ns, struct kymo_err *e)
{
    const struct kymo_format *format = kymo_format_named("kymo");
    struct kymo_header with_history;
    struct kymo_writer *w = NULL;

    if (kymo_output_is_terminal(out)) {
        fail_terminal(e);
        return NULL;
    }
    kymo_header_init(&with_history);
    if (kymo_header_copy(&with_history, h, NULL, 0, e) == 0 &&
        kymo_header_add_history(&with_history, call->history, e) == 0)
        w = kymo_create(format, out, &with_history, event_delay_ns, e);
    kymo_header_release(&with_history);
    return w;
}

struct kymo_writer *kymo_call_track(const struct kymo_call *call, struct kymo_output *out, const struct kymo_header *h,
                                    const char *name, struct kymo_err *e)
{
    struct kymo_writer *w = NULL;
    struct kymo_header alone;

    kymo_header_init(&alone);
    if (kymo_header_copy(&alone, h, (const size_t[]){0}, 0, e) == 0) {
        alone.n_tracks = 0;
        if (kymo_header_add_track(&alone, name, e) >= 0)
            w = kymo_call_stream(call, out, &alone, 0, e);
    }
    kymo_header_release(&alone);
    return w;
}
