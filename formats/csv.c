/* formats/csv.c - samples as CSV or TSV, read; csv_writer.c writes them.
 *
 * The first line names the columns. A column of times (or of sample numbers, with a rate that is told) says when a row
 * was; every other one that holds numbers is a signal. The rate is found from the times of the rows ahead (csv_look.c). A
 * jump in time begins a new segment (csv_rows.c). */
#include "formats/csv_state.h"
#include "formats/csv_writer.h"

#include <stdlib.h>
#include <string.h>

/* ---- the first line ---- */

/* "# what it is of": a note of the recording's. */
static int take_comment(struct kymo_reader *r, const char *line, size_t n, struct kymo_err *e)
{
    while (n > 0 && (*line == '#' || *line == ' ' || *line == '\t'))
        line++, n--;
    while (n > 0 && (line[n - 1] == '\r' || line[n - 1] == ' '))
        n--;
    return n > 0 ? kymo_header_add_note(&r->source, line, n, e) : 0;
}

/* The first line that is not empty and no comment. */
static int take_first_line(struct kymo_reader *r, const char **line, size_t *n, struct kymo_err *e)
{
    struct csv *s = r->state;
    int rc, noted = 0;

    do {
        rc = kymo_line(r->in, CSV_LONGEST_LINE, line, n, e);
        s->line++;
        if (rc > 0 && s->line == 1 && *n >= 3 && memcmp(*line, "\xef\xbb\xbf", 3) == 0)
            *line += 3, *n -= 3;
        if (rc > 0 && *n > 0 && **line == '#' && (noted = take_comment(r, *line, *n, e)) < 0)
            return noted;
    } while (rc > 0 && (*n == 0 || **line == '#'));
    return rc == 0 ? csv_fail_line(r, KYMO_EFORMAT, "no line of column names", "", 0, e) : rc;
}

static int add_column(struct csv *s, const char *name, size_t n, bool was_quoted, struct kymo_err *e)
{
    struct csv_column *all = realloc(s->column, (s->n_columns + 1) * sizeof *all);
    int64_t ns_per_unit;

    if (!all)
        return csv_no_memory(e);
    s->column = all;
    struct csv_column *c = &all[s->n_columns];
    char *copy = kymo_text_keep(&s->text, name, n);
    *c = (struct csv_column){.role = csv_role_of(name, n, s->n_columns == 0, &ns_per_unit), .name = copy};
    if (!copy)
        return csv_no_memory(e);
    if (was_quoted)
        copy[csv_unquote(copy, n)] = '\0';
    if (c->role == CSV_TIME && !s->timed) {
        s->timed = true;
        s->ns_per_unit = ns_per_unit;
    } else if (c->role == CSV_TIME) {
        c->role = CSV_SIGNAL;    /* a second one */
    }
    s->n_columns++;
    return 0;
}

static int read_names(struct kymo_reader *r, struct kymo_err *e)
{
    struct csv *s = r->state;
    const char *line, *cell;
    size_t n, n_cell, n_numbers = 0;
    double x;
    int rc = take_first_line(r, &line, &n, e);

    if (rc < 0)
        return rc;
    s->separator = csv_separator(line, n);
    for (const char *p = line, *end = line + n;; p++) {
        csv_cell(&p, end, s->separator, &cell, &n_cell);
        n_numbers += kymo_parse_real(cell, n_cell, &x);
        if (s->n_columns > KYMO_MAX_SIGNALS)
            return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(r->in), s->line, "more than %d columns", KYMO_MAX_SIGNALS);
        if ((rc = add_column(s, cell, n_cell, cell > line && cell[-1] == '"', e)) < 0)
            return rc;
        if (p >= end)
            break;
    }
    return n_numbers == s->n_columns
               ? csv_fail_line(r, KYMO_EFORMAT, "numbers in the first line, which must name the columns:", line, n, e) : 0;
}

/* ---- opening ---- */

static int add_signal(struct kymo_reader *r, struct csv_column *c, struct kymo_err *e)
{
    struct csv *s = r->state;
    const char *unit;
    size_t n_unit;
    const size_t n_label = csv_split_label(c->name, strlen(c->name), &unit, &n_unit);
    struct kymo_signal *sig = kymo_header_signal(&r->source, e);

    if (!sig)
        return e->cause[0].code;
    if (n_unit == 0 && r->want->unit)
        unit = r->want->unit, n_unit = strlen(unit);
    sig->label = kymo_header_text(&r->source, c->name, n_label, e);
    sig->unit = kymo_header_text(&r->source, unit, n_unit, e);
    if (!sig->label || !sig->unit)
        return KYMO_ENOMEM;
    sig->kind = kymo_kind_of(sig->label, sig->unit);
    sig->rate = s->rate;
    sig->storage = KYMO_F64;
    sig->calibrated = true;
    c->signal = s->n_signals++;
    return 0;
}

static int describe(struct kymo_reader *r, struct kymo_err *e)
{
    struct csv *s = r->state;
    int rc = 0;

    r->source.duration_ns = KYMO_UNKNOWN;
    r->source.record = kymo_header_text(&r->source, r->path, strlen(r->path), e);
    r->source.format = kymo_header_text(&r->source, r->format->name, strlen(r->format->name), e);
    if (!r->source.record || !r->source.format)
        return KYMO_ENOMEM;
    if (s->base_ns != 0)
        r->source.start = csv_start_of(s->base_ns);
    for (size_t i = 0; rc == 0 && i < s->n_columns; i++) {
        struct csv_column *c = &s->column[i];
        if (c->role == CSV_OTHER)
            rc = kymo_warn(&r->want->log, e, kymo_input_name(r->in), -1, "column %.60s holds no numbers: left out", c->name);
        else if (c->role == CSV_SIGNAL && (*c->name || c->decided))
            rc = add_signal(r, c, e);
        else if (c->role == CSV_SIGNAL)
            c->role = CSV_OTHER;   /* the empty column that a separator at the end of each line makes */
    }
    if (rc == 0 && s->n_signals == 0)
        rc = kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(r->in), s->line, "no column of numbers beside the times");
    return rc;
}

static int open_csv(struct kymo_reader *r, struct kymo_err *e)
{
    struct csv *s = calloc(1, sizeof *s);
    const bool told = r->want->rate.num > 0;
    bool units = false;
    const char *line;
    size_t n;

    r->state = s;
    if (!s)
        return csv_no_memory(e);
    int rc = read_names(r, e);
    if (told)
        s->timed = false;        /* rows are equally spaced, whatever their times */
    for (size_t i = 0; told && i < s->n_columns; i++)
        s->numbered |= s->column[i].role == CSV_NUMBER;
    if (rc == 0)
        rc = csv_look(r, &units, e);
    if (rc == 0)
        rc = describe(r, e);
    if (rc == 0 && units) {
        rc = kymo_line(r->in, CSV_LONGEST_LINE, &line, &n, e) < 0 ? e->cause[0].code : 0;
        s->line++;
    }
    if (rc == 0 && !(s->row = calloc(s->n_signals, sizeof *s->row)))
        rc = csv_no_memory(e);
    return rc;
}

/* Columns of signals that nobody wants are not looked at. */
static int start_csv(struct kymo_reader *r, struct kymo_err *e)
{
    struct csv *s = r->state;

    (void)e;
    for (size_t i = 0; i < s->n_columns; i++)
        if (s->column[i].role == CSV_SIGNAL && r->slot[s->column[i].signal] == KYMO_SKIP)
            s->column[i].role = CSV_OTHER;
    return 0;
}

static void close_csv(struct kymo_reader *r)
{
    struct csv *s = r->state;

    if (!s)
        return;
    free(s->column);
    free(s->row);
    kymo_text_free(&s->text);
    free(s);
}

/* ---- the formats ---- */

static bool ends_with(const char *path, const char *ending)
{
    const size_t n = strlen(path), n_ending = strlen(ending);

    return n > n_ending && kymo_same_text(path + n - n_ending, ending);
}

static int probe_csv(const unsigned char *head, size_t n, const char *path)
{
    return csv_probe(head, n, ends_with(path, ".csv"), ',');
}

static int probe_tsv(const unsigned char *head, size_t n, const char *path)
{
    return csv_probe(head, n, ends_with(path, ".tsv"), '\t');
}

const struct kymo_format kymo_format_csv = {
    .name = "csv", .about = "samples as CSV: a column of times, one for each signal", .endings = ".csv",
    .probe = probe_csv, .open = open_csv, .start = start_csv, .read = csv_read, .close = close_csv,
    .create = csv_create, .write = csv_write, .write_event = csv_write_event, .finish = csv_finish, .discard = csv_discard,
};

const struct kymo_format kymo_format_tsv = {
    .name = "tsv", .about = "the same with tabs", .endings = ".tsv",
    .probe = probe_tsv, .open = open_csv, .start = start_csv, .read = csv_read, .close = close_csv,
    .create = csv_create, .write = csv_write, .write_event = csv_write_event, .finish = csv_finish, .discard = csv_discard,
};
