/* lib/command.h - a command and its options: one table that getopt_long, --help, shell completion and the OPTIONS section
 * of the manual page are all made of.
 *
 * A command is one struct kymo_command in one file of cli/; the build collects them, no list is kept by hand. */
#ifndef KYMO_COMMAND_H
#define KYMO_COMMAND_H

#include "lib/reader.h"
#include "lib/table.h"
#include "lib/writer.h"

#define KYMO_VERSION "0.1.0"

enum kymo_opt_kind { KYMO_FLAG, KYMO_NUMBER, KYMO_COUNT, KYMO_STRING, KYMO_STRINGS, KYMO_TIME, KYMO_CHOICE };

struct kymo_opt {
    char letter;                  /* '\0': none */
    const char *name;             /* NULL: end of table */
    enum kymo_opt_kind kind;
    size_t offset;                /* of the variable in the command's args */
    const char *arg;              /* name of the value; of a choice its words, "csv|tsv" */
    const char *preset;           /* default, as one would type it; NULL: none */
    const char *help;             /* one line */
};

struct kymo_strings {
    const char **text;
    size_t n;
};

struct kymo_time {
    bool set;
    int64_t ns;
};

/* Entries: the variable is field FIELD of TYPE, a bool, double, int64_t, const char *, struct kymo_strings, struct
 * kymo_time or int (the index of the word). */
#define KYMO_OPT_(kind, l, name, type, field, arg, preset, help) {l, name, kind, offsetof(type, field), arg, preset, help}
#define KYMO_OPT_FLAG(l, name, type, field, help) KYMO_OPT_(KYMO_FLAG, l, name, type, field, NULL, NULL, help)
#define KYMO_OPT_NUMBER(l, name, type, field, arg, preset, help) \
    KYMO_OPT_(KYMO_NUMBER, l, name, type, field, arg, preset, help)
#define KYMO_OPT_COUNT(l, name, type, field, arg, preset, help) \
    KYMO_OPT_(KYMO_COUNT, l, name, type, field, arg, preset, help)
#define KYMO_OPT_STRING(l, name, type, field, arg, preset, help) \
    KYMO_OPT_(KYMO_STRING, l, name, type, field, arg, preset, help)
#define KYMO_OPT_STRINGS(l, name, type, field, arg, help) KYMO_OPT_(KYMO_STRINGS, l, name, type, field, arg, NULL, help)
#define KYMO_OPT_TIME(l, name, type, field, help) KYMO_OPT_(KYMO_TIME, l, name, type, field, "TIME", NULL, help)
#define KYMO_OPT_CHOICE(l, name, type, field, words, preset, help) \
    KYMO_OPT_(KYMO_CHOICE, l, name, type, field, words, preset, help)
#define KYMO_OPT_LAST {0}

/* What every command that reads a recording takes, and every one that prints a table: fields of its args. */
struct kymo_input_args {
    struct kymo_strings signals;
    struct kymo_time from, to;
    const char *annotator;
    const char *rate, *unit;      /* for sources that do not tell */
    const char *as;               /* the format */
    bool header_only;             /* no options from here on: the command reads no further, */
    const struct kymo_patience *patience;   /* as struct kymo_want has it */
    const struct kymo_raw *raw;
};

struct kymo_output_args {
    const char *path;
    int form;
};

#define KYMO_OPTS_SIGNAL(type, field) \
    KYMO_OPT_STRINGS('s', "signal", type, field.signals, "SIGNAL", \
                     "signal by label, index from 0 or kind (ecg); may be given again")
#define KYMO_OPTS_RANGE(type, field) \
    KYMO_OPT_TIME('f', "from", type, field.from, "begin at this time: seconds, M:S or H:M:S from the start"), \
    KYMO_OPT_TIME('t', "to", type, field.to, "end before this time")
#define KYMO_OPTS_ANNOTATOR(type, field) \
    KYMO_OPT_STRING('a', "annotator", type, field.annotator, "NAME", NULL, \
                    "event track: the ending of a WFDB annotation file (atr)")
#define KYMO_OPTS_AS(type, field) \
    KYMO_OPT_STRING('\0', "as", type, field.as, "FORMAT", NULL, \
                    "take the source as of this format or layout: csv, libre ..., whatever it looks like")
#define KYMO_OPTS_SOURCE(type, field) \
    KYMO_OPT_STRING('\0', "rate", type, field.rate, "HZ", NULL, \
                    "samples per second, 250 or 1/30, for a source that does not tell"), \
    KYMO_OPT_STRING('\0', "unit", type, field.unit, "UNIT", NULL, "unit of signals whose source does not tell one"), \
    KYMO_OPTS_AS(type, field)
#define KYMO_OPTS_OUTPUT(type, field) \
    KYMO_OPT_STRING('o', "output", type, field.path, "FILE", NULL, "write to FILE instead of standard output")
#define KYMO_OPTS_TABLE(type, field) \
    KYMO_OPTS_OUTPUT(type, field), \
    KYMO_OPT_CHOICE('O', "output-format", type, field.form, "csv|tsv|jsonl|json|text", "csv", "form of the table")

/* What commands that give out events take instead: the forms of a table, and the stream. */
#define KYMO_OPTS_EVENTS(type, field, help) \
    KYMO_OPTS_OUTPUT(type, field), \
    KYMO_OPT_CHOICE('O', "output-format", type, field.form, "csv|tsv|jsonl|json|text|kymo", "csv", help)
#define KYMO_FORM_STREAM (KYMO_TEXT + 1)   /* "kymo" among them */

/* One run of a command. */
struct kymo_call {
    const char *name;
    const void *args;             /* the command's own struct */
    const char *const *operand;
    size_t n_operands;
    struct kymo_log log;
    bool quiet;                   /* -q */
    struct kymo_progress *progress;   /* --progress, where standard error is a terminal; else NULL */
    const char *history;          /* the command line, with version */
    void (*report)(const struct kymo_call *call, const struct kymo_err *e);   /* an error that does not end the work */
};

struct kymo_command {
    const char *name, *about, *operands;      /* operands as in the usage line: "[RECORD]" */
    size_t least, most;                       /* operands; SIZE_MAX: any number */
    const struct kymo_opt *options;
    size_t args_size;
    int (*run)(const struct kymo_call *call, struct kymo_err *e);   /* 0 or a negative code; KYMO_SOME: some failed */

    /* The recordings that it reads, where these are not its operands: each and *name malloc'ed, for the caller, also where it
     * fails. NULL: they are, but one whose word in operands is OUT. */
    int (*recordings)(const struct kymo_call *call, char ***name, size_t *n, struct kymo_err *e);
};

extern const struct kymo_command *const kymo_commands[];   /* generated, in the program, not in the library; ends with NULL */

/* The command of that name among ALL, which ends with NULL; or NULL. */
const struct kymo_command *kymo_command_named(const struct kymo_command *const *all, const char *name);

/* What all commands share beside their table: -q, --strict, --progress, --debug, --provenance, --help. */
struct kymo_shared {
    bool quiet, strict, progress, debug, help, help_mdoc;
    const char *provenance;
};

extern const struct kymo_opt kymo_shared_options[];   /* of struct kymo_shared */

/* argv[argc] (argv[0] the command's name) into *shared and args, which is zeroed, of c->args_size; moves the operands to
 * the front of argv and tells how many. KYMO_EUSAGE names the option. Lists in args are freed with kymo_options_free. */
int kymo_parse_options(const struct kymo_command *c, int argc, char **argv, struct kymo_shared *shared, void *args,
                       size_t *n_operands, struct kymo_err *e);
void kymo_options_free(const struct kymo_command *c, void *args);

/* Usage line, help text, OPTIONS section in mdoc, bash completion for all commands: to out. */
int kymo_put_usage(struct kymo_output *out, const struct kymo_command *c, struct kymo_err *e);
int kymo_put_help(struct kymo_output *out, const struct kymo_command *c, struct kymo_err *e);
int kymo_put_mdoc(struct kymo_output *out, const struct kymo_command *c, struct kymo_err *e);
int kymo_put_bash(struct kymo_output *out, const struct kymo_command *const *all, struct kymo_err *e);

/* For commands whose operands are words. */
int kymo_no_recordings(const struct kymo_call *call, char ***name, size_t *n, struct kymo_err *e);

/* The only operand, or "-". */
const char *kymo_operand(const struct kymo_call *call);

/* Opens the call's operand, what in asks of it; standard input that is a terminal is KYMO_EUSAGE. */
struct kymo_reader *kymo_call_open(const struct kymo_call *call, const struct kymo_input_args *in, bool no_samples,
                                   struct kymo_err *e);

/* A writer to the file path in the format of its ending; a kymo stream where it has none that we know, and to standard
 * output (path NULL or "-"), which must not be a terminal. The call's line goes into the history. */
struct kymo_writer *kymo_call_writer(const struct kymo_call *call, const char *path, const struct kymo_header *h,
                                     struct kymo_err *e);

/* A writer of the kymo stream on out, with h and the call's line in its history; not to a terminal. */
struct kymo_writer *kymo_call_stream(const struct kymo_call *call, struct kymo_output *out, const struct kymo_header *h,
                                     int64_t event_delay_ns, struct kymo_err *e);

/* The same for what was found in a recording of h: its events alone, without its signals, in one track of that name. */
struct kymo_writer *kymo_call_track(const struct kymo_call *call, struct kymo_output *out, const struct kymo_header *h,
                                    const char *name, struct kymo_err *e);

#endif
