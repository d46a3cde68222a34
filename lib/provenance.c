/* lib/provenance.c - see provenance.h. */
#include "lib/provenance.h"

#include "lib/digest.h"
#include "lib/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_TEXTS 1000           /* warnings that are quoted; all are counted */

#define DESCRIPTOR "/proc/self/fd/%d"
#define NO_FILE "no file, but a pipe or a device: not digested"

struct kymo_provenance {
    const char *path;
    const struct kymo_command *command;
    const struct kymo_call *call;
    json_t *told;                 /* the object that is written */
    json_t *warnings, *errors;    /* in it */
    int64_t n_warnings;
    int out;                      /* a copy of standard output, which the command closes, if it is a file; or -1 */
    int64_t out_at;               /* where it began to be written */
    bool no_memory;
};

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for the provenance"); }

/* ---- options ---- */

static json_t *strings(const char *const *text, size_t n)
{
    json_t *const all = json_array();

    for (size_t i = 0; all && i < n; i++)
        json_array_append_new(all, kymo_json_string(text[i]));
    return all;
}

/* The word of a choice. */
static json_t *choice(const char *words, int index)
{
    for (; index > 0; index--)
        words += strcspn(words, "|") + 1;
    return json_stringn(words, strcspn(words, "|"));
}

static json_t *value_of(const struct kymo_opt *o, const void *base)
{
    const void *const at = (const char *)base + o->offset;

    switch (o->kind) {
    case KYMO_FLAG: return json_boolean(*(const bool *)at);
    case KYMO_NUMBER: return json_real(*(const double *)at);
    case KYMO_COUNT: return json_integer(*(const int64_t *)at);
    case KYMO_STRING: return *(const char *const *)at ? kymo_json_string(*(const char *const *)at) : json_null();
    case KYMO_STRINGS: return strings(((const struct kymo_strings *)at)->text, ((const struct kymo_strings *)at)->n);
    case KYMO_CHOICE: return choice(o->arg, *(const int *)at);
    case KYMO_TIME: {
        const struct kymo_time *const t = at;
        return t->set ? json_real((double)t->ns / 1e9) : json_null();
    }
    }
    return NULL;
}

static bool put_options(json_t *options, const struct kymo_opt *o, const void *base)
{
    bool fine = true;

    for (; fine && o->name; o++)
        if (strcmp(o->name, "help") != 0)
            fine = kymo_json_put(options, o->name, value_of(o, base));
    return fine;
}

/* ---- which files ---- */

/* Inputs; outputs: --output, and OUT of options and of operands; secrets, which options call KEYFILE or IDFILE: of these not
 * even a digest is told, since one that is no proof against guessing says something of a key. */
enum role { INPUTS, OUTPUTS, SECRETS };

/* Calls see(of, path) for every file in a role that an option or an operand names. */
struct each {
    enum role role;
    int (*see)(void *of, const char *path, struct kymo_err *e);
    void *of;
};

static bool names_file(const struct kymo_opt *o, enum role role)
{
    static const struct {
        const char *arg;
        enum role role;
    } args[] = {
        {"FILE", INPUTS}, {"RECORD", INPUTS}, {"PATH", INPUTS}, {"OUT", OUTPUTS}, {"KEYFILE", SECRETS}, {"IDFILE", SECRETS},
    };

    if (strcmp(o->name, "output") == 0)
        return role == OUTPUTS;
    for (size_t i = 0; o->arg && i < sizeof args / sizeof *args; i++)
        if (strcmp(o->arg, args[i].arg) == 0)
            return role == args[i].role;
    return false;
}

static int each_option(const struct kymo_provenance *p, const struct each *each, struct kymo_err *e)
{
    int rc = 0;

    for (const struct kymo_opt *o = p->command->options; rc == 0 && o->name; o++) {
        const void *const at = (const char *)p->call->args + o->offset;
        const bool is_list = o->kind == KYMO_STRINGS, is_one = o->kind == KYMO_STRING && *(const char *const *)at;
        const char *const *const text = is_list ? ((const struct kymo_strings *)at)->text : at;
        const size_t n = is_list ? ((const struct kymo_strings *)at)->n : is_one;
        for (size_t i = 0; rc == 0 && names_file(o, each->role) && i < n; i++)
            rc = each->see(each->of, text[i], e);
    }
    return rc;
}

/* Whether the word for operand i is OUT: in "IN OUT" the second. */
static bool is_out(const char *operands, size_t i)
{
    for (; i > 0 && *operands; i--) {
        operands += strcspn(operands, " ");
        operands += strspn(operands, " ");
    }
    return strcspn(operands, " ") == 3 && memcmp(operands, "OUT", 3) == 0;
}

static int each_operand(const struct kymo_provenance *p, const struct each *each, struct kymo_err *e)
{
    const struct kymo_call *const call = p->call;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < call->n_operands; i++)
        if ((is_out(p->command->operands, i) ? OUTPUTS : INPUTS) == each->role)
            rc = each->see(each->of, call->operand[i], e);
    return rc;
}

/* Those that a command finds by itself are inputs. */
static int each_found(const struct kymo_provenance *p, const struct each *each, struct kymo_err *e)
{
    char **name = NULL;
    size_t n = 0;
    int rc = each->role != INPUTS ? 0 : p->command->recordings(p->call, &name, &n, e);

    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = each->see(each->of, name[i], e);
    for (size_t i = 0; i < n; i++)
        free(name[i]);
    free(name);
    return rc;
}

static int each_file(const struct kymo_provenance *p, const struct each *each, struct kymo_err *e)
{
    const int rc = each_option(p, each, e);

    return rc < 0 ? rc : p->command->recordings ? each_found(p, each, e) : each_operand(p, each, e);
}

/* ---- their digests ---- */

/* The descriptor from a byte on, which must be a file: {"path": "-", bytes, digest}, or a note that says why there is none. */
static json_t *descriptor(int fd, int64_t from)
{
    char name[sizeof DESCRIPTOR + 12], digest[KYMO_DIGEST_TEXT];
    struct kymo_err ignored = {0};
    struct stat st;

    snprintf(name, sizeof name, DESCRIPTOR, fd);
    if (from < 0 || fstat(fd, &st) != 0 || kymo_digest_file_from(name, from, digest, &ignored) < 0)
        return json_pack("{s:s, s:s}", "path", "-", "note", NO_FILE);
    return json_pack("{s:s, s:I, s:s}", "path", "-", "bytes", (json_int_t)(st.st_size - from), "digest", digest);
}

/* Where a descriptor stands that is a file, or -1. */
static int64_t place_of(int fd)
{
    struct stat st;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return -1;
    return fcntl(fd, F_GETFL) & O_APPEND ? (int64_t)st.st_size : (int64_t)lseek(fd, 0, SEEK_CUR);
}

static int add_note(json_t *all, const char *path, const char *note, struct kymo_err *e)
{
    json_t *const one = json_pack("{s:o, s:o}", "path", kymo_json_string(path), "note", kymo_json_string(note));

    return json_array_append_new(all, one) == 0 ? 0 : out_of_memory(e);
}

/* Appends the files of a recording to an array. One without any, or that cannot be read, gets a note. */
static int add_files(json_t *all, const char *recording, struct kymo_err *e)
{
    struct kymo_err why = {0};
    struct stat st;
    char text[400];

    if (stat(recording, &st) == 0 && !S_ISREG(st.st_mode))      /* "<(kymo read x)": to look at it would be to take it */
        return add_note(all, recording, S_ISDIR(st.st_mode) ? "a folder: not digested" : NO_FILE, e);
    json_t *const files = kymo_files_of(recording, NULL, &why);
    if (!files && why.cause[0].code == KYMO_ENOMEM)
        return out_of_memory(e);
    if (!files) {
        kymo_err_text(&why, false, text, sizeof text);
        return add_note(all, recording, text, e);
    }
    for (size_t i = 0; i < json_array_size(files); i++)
        json_object_del(json_array_get(files, i), "mtime_ns");      /* a copy is as good */
    const int rc = json_array_extend(all, files);
    json_decref(files);
    return rc == 0 ? 0 : out_of_memory(e);
}

static int see_input(void *of, const char *path, struct kymo_err *e)
{
    if (strcmp(path, "-") != 0)
        return add_files(of, path, e);
    return json_array_append_new(of, descriptor(STDIN_FILENO, place_of(STDIN_FILENO))) == 0 ? 0 : out_of_memory(e);
}

/* ---- what came out ---- */

/* Rows of a table: lines that begin outside of quotes, without that of the names. */
static int64_t count_rows(const char *path, int64_t from, bool names)
{
    struct kymo_err ignored = {0};
    struct kymo_input *const in = kymo_input_open(path, &ignored);
    const unsigned char *p;
    int64_t lines = 0;
    bool quoted = false, any = false;
    ssize_t n = in ? kymo_seek(in, from, &ignored) : -1;

    while (in && n >= 0 && (n = kymo_peek(in, 65536, &p, &ignored)) > 0) {
        for (ssize_t i = 0; i < n; i++) {
            quoted ^= p[i] == '"' && names;
            lines += p[i] == '\n' && !quoted;
        }
        kymo_skip(in, (size_t)n);
        any = true;
    }
    kymo_input_close(in);
    return n < 0 ? -1 : any && names ? lines - 1 : lines;
}

/* Signals, and samples where the header tells them all. */
static json_t *count_recording(const char *path)
{
    const struct kymo_want want = {.header_only = true};
    struct kymo_err ignored = {0};
    struct kymo_reader *const r = kymo_open(path, &want, &ignored);
    int64_t samples = 0;

    if (!r)
        return json_object();
    json_t *const counts = r->hdr.n_signals ? json_pack("{s:I}", "signals", (json_int_t)r->hdr.n_signals) : json_object();
    for (size_t i = 0; i < r->hdr.n_signals; i++)
        samples = samples == KYMO_UNKNOWN || r->hdr.signal[i].n_samples == KYMO_UNKNOWN ? KYMO_UNKNOWN
                                                                                        : samples + r->hdr.signal[i].n_samples;
    if (counts && r->hdr.n_signals && samples != KYMO_UNKNOWN)
        json_object_set_new(counts, "samples", json_integer((json_int_t)samples));
    kymo_close(r);
    return counts;
}

static bool has_ending(const char *path, const char *ending)
{
    const size_t n = strlen(path), n_ending = strlen(ending);

    return n > n_ending && kymo_same_text(path + n - n_ending, ending);
}

/* What of an output can be counted behind the command's back: rows of a table, by its form or ending; else the recording. */
static json_t *count(const struct kymo_provenance *p, const char *path, int64_t from)
{
    const char *const form = json_string_value(json_object_get(json_object_get(p->told, "options"), "output-format"));
    const bool names = form ? strcmp(form, "csv") == 0 || strcmp(form, "tsv") == 0
                            : has_ending(path, ".csv") || has_ending(path, ".tsv");
    const int64_t rows = names || (form && strcmp(form, "jsonl") == 0) ? count_rows(path, from, names) : -1;

    return rows >= 0 ? json_pack("{s:I}", "rows", (json_int_t)rows) : form ? json_object() : count_recording(path);
}

struct made {
    const struct kymo_provenance *p;
    json_t *files, *counts;
};

static int see_output(void *of, const char *path, struct kymo_err *e)
{
    struct made *const made = of;
    struct stat st;

    if (strcmp(path, "-") == 0 || stat(path, &st) != 0 || !S_ISREG(st.st_mode))
        return 0;
    if (!made->counts)
        made->counts = count(made->p, path, 0);
    return add_files(made->files, path, e);
}

static int put_outputs(struct kymo_provenance *p, struct kymo_err *e)
{
    struct made made = {.p = p, .files = json_array()};
    char name[sizeof DESCRIPTOR + 12];
    int rc = made.files ? each_file(p, &(struct each){.role = OUTPUTS, .see = see_output, .of = &made}, e) : out_of_memory(e);

    if (rc == 0 && json_array_size(made.files) == 0) {
        json_array_append_new(made.files, descriptor(p->out, p->out_at));
        snprintf(name, sizeof name, DESCRIPTOR, p->out);
        if (p->out >= 0)
            made.counts = count(p, name, p->out_at);
    }
    if (!made.counts)
        made.counts = json_object();
    if (rc == 0 && (!kymo_json_put(p->told, "output", json_incref(made.files)) ||
                    !kymo_json_put(p->told, "counts", json_incref(made.counts))))
        rc = out_of_memory(e);
    json_decref(made.files);
    json_decref(made.counts);
    return rc;
}

/* ---- from begin to end ---- */

/* A file that the command reads or writes: the provenance must not take its place. */
static int see_other(void *of, const char *path, struct kymo_err *e)
{
    const struct kymo_provenance *const p = of;
    struct stat own, other;
    const bool same = stat(path, &other) == 0 && stat(p->path, &own) == 0 && S_ISREG(own.st_mode) &&
                      own.st_dev == other.st_dev && own.st_ino == other.st_ino;

    return same || strcmp(path, p->path) == 0
         ? kymo_fail(e, KYMO_EUSAGE, "--provenance %s is a file that the command reads or writes", p->path) : 0;
}

/* Now, since the work may be long. */
static int check_path(struct kymo_provenance *p, struct kymo_err *e)
{
    const json_t *const inputs = json_object_get(p->told, "inputs");
    struct stat st;
    int rc = strcmp(p->path, "-") == 0 ? kymo_fail(e, KYMO_EUSAGE, "--provenance needs a file of its own") : 0;

    for (size_t i = 0; rc == 0 && i < json_array_size(inputs); i++)
        rc = see_other(p, json_string_value(json_object_get(json_array_get(inputs, i), "path")), e);
    for (int role = OUTPUTS; rc == 0 && role <= SECRETS; role++)
        rc = each_file(p, &(struct each){.role = (enum role)role, .see = see_other, .of = p}, e);
    if (rc < 0)
        return rc;
    if (stat(p->path, &st) == 0 && !S_ISREG(st.st_mode))
        return !S_ISDIR(st.st_mode) && access(p->path, W_OK) == 0 ? 0
             : kymo_fail_at(e, KYMO_EIO, p->path, -1, "cannot be written: %s", strerror(S_ISDIR(st.st_mode) ? EISDIR : errno));
    struct kymo_output *const tried = kymo_output_scratch(p->path, e);
    kymo_output_destroy(tried);
    return tried ? 0 : e->cause[0].code;
}

static int tell_line(struct kymo_provenance *p, const char *const *word, size_t n_words, const struct kymo_shared *shared,
                     struct kymo_err *e)
{
    json_t *const options = json_object(), *const command = strings(word, n_words);
    const bool fine = options && command && put_options(options, p->command->options, p->call->args) &&
                      put_options(options, kymo_shared_options, shared) &&
                      json_array_insert_new(command, 0, json_string("kymo")) == 0;

    if (fine)
        p->told = json_pack("{s:s, s:s, s:O, s:O, s:o, s:[]}", "version", KYMO_VERSION, "digests", "XXH3, 128 bits",
                            "command", command, "options", options, "operands",
                            strings(p->call->operand, p->call->n_operands), "inputs");
    json_decref(command);
    json_decref(options);
    p->warnings = json_array();
    p->errors = json_array();
    return p->told && p->warnings && p->errors ? 0 : out_of_memory(e);
}

static int tell_inputs(struct kymo_provenance *p, struct kymo_err *e)
{
    json_t *const inputs = json_object_get(p->told, "inputs");
    const int rc = each_file(p, &(struct each){.role = INPUTS, .see = see_input, .of = inputs}, e);

    return rc == 0 && p->call->n_operands == 0 && !p->command->recordings ? see_input(inputs, "-", e) : rc;
}

struct kymo_provenance *kymo_provenance_begin(const struct kymo_command *c, const char *const *word, size_t n_words,
                                              const struct kymo_call *call, const struct kymo_shared *shared,
                                              struct kymo_err *e)
{
    struct kymo_provenance *const p = calloc(1, sizeof *p);

    if (!p) {
        out_of_memory(e);
        return NULL;
    }
    *p = (struct kymo_provenance){.path = shared->provenance, .command = c, .call = call,
                                  .out_at = place_of(STDOUT_FILENO)};
    p->out = p->out_at >= 0 ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1) : -1;
    if (tell_line(p, word, n_words, shared, e) == 0 && tell_inputs(p, e) == 0 && check_path(p, e) == 0)
        return p;
    kymo_provenance_destroy(p);
    return NULL;
}

static void add_text(struct kymo_provenance *p, json_t *texts, const char *text)
{
    if (json_array_size(texts) < MOST_TEXTS && json_array_append_new(texts, kymo_json_string(text)) != 0)
        p->no_memory = true;
}

void kymo_provenance_warning(struct kymo_provenance *p, const char *text)
{
    if (!p)
        return;
    p->n_warnings++;
    add_text(p, p->warnings, text);
}

void kymo_provenance_error(struct kymo_provenance *p, const char *text)
{
    if (p)
        add_text(p, p->errors, text);
}

int kymo_provenance_write(struct kymo_provenance *p, bool made, int status, struct kymo_err *e)
{
    int rc = made ? put_outputs(p, e) : 0;

    if (rc == 0 && (p->no_memory || !kymo_json_put(p->told, "n_warnings", json_integer((json_int_t)p->n_warnings)) ||
                    !kymo_json_put(p->told, "warnings", json_incref(p->warnings)) ||
                    !kymo_json_put(p->told, "errors", json_incref(p->errors)) ||
                    !kymo_json_put(p->told, "status", json_integer(status))))
        rc = out_of_memory(e);
    char *const text = rc == 0 ? json_dumps(p->told, JSON_INDENT(2) | JSON_REAL_PRECISION(15)) : NULL;
    struct kymo_output *const out = text ? kymo_output_open(p->path, e) : NULL;
    if (rc == 0 && !text)
        rc = out_of_memory(e);
    if (rc == 0 && !out)
        rc = e->cause[0].code;
    if (rc == 0)
        rc = kymo_putf(out, e, "%s\n", text);
    if (rc == 0)
        rc = kymo_output_finish(out, e);
    kymo_output_destroy(out);
    free(text);
    return rc < 0 ? kymo_during(e, "provenance") : 0;
}

void kymo_provenance_destroy(struct kymo_provenance *p)
{
    if (!p)
        return;
    if (p->out >= 0)
        close(p->out);
    json_decref(p->told);
    json_decref(p->warnings);
    json_decref(p->errors);
    free(p);
}
