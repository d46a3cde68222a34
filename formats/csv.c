/* formats/csv.c - samples as CSV or TSV, read; csv_writer.c writes them.
 *
 * The first line names the columns. A column of times (or of sample numbers, with a rate that is told) says when a row
 * was; every other one that holds numbers is a signal. The rate is found from the times in the first LOOK_BYTES, which
 * are looked at without being taken, so that a pipe will do. A jump in time begins a new segment. */
#include "formats/csv_header.h"
#include "formats/csv_number.h"
#include "formats/csv_rate.h"
#include "formats/csv_writer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_LINE ((size_t)1 << 20)
#define LOOK_BYTES ((size_t)1 << 21)
#define SHORT_LOOK_BYTES ((size_t)4096)      /* where the rate is told: no reason to wait for more */
#define MOST_LOOK_ROWS 262144
#define BLOCK_SAMPLES 65536
#define UNIX_TIME_NS (INT64_C(100000000) * KYMO_NS_PER_S)   /* so late, 3 years, are seconds since 1970 */
#define LATEST_NS (INT64_C(1) << 59)         /* so that no sum of times overflows */

struct column {
    enum csv_role role;
    bool decided;                /* a cell with something in it was seen */
    size_t signal;               /* of the source */
    const char *name;
};

struct csv {
    char separator;
    struct column *column;
    size_t n_columns, n_signals;
    int64_t line;                /* number of the line read last */
    struct kymo_text_piece *text;

    struct kymo_ratio rate;
    bool timed, numbered;        /* rows have times, or sample numbers, that count */
    int64_t ns_per_unit, base_ns, step_ns;
    int digits;                  /* the most that a time was printed with */
    int64_t exact_ns;            /* times up to here are as exact as step_ns says */

    double *row;                 /* the row read last, a value for each signal of the source; */
    int64_t row_ns, last_ns;     /* its time, and that of the row before, if timed; */
    int64_t row_step_ns;         /* how exact its time is */
    bool pending;                /* it is not yet in a block */
    bool begun;
    int64_t segment_ns, segment_first, next;   /* index that the next row has, if no gap comes before it */
};

static int fail_line(const struct kymo_reader *r, enum kymo_code code, const char *what, const char *cell, size_t n,
                     struct kymo_err *e)
{
    const struct csv *s = r->state;

    return kymo_fail_at(e, code, kymo_input_name(r->in), s->line, "%s \"%.*s\"", what, (int)(n < 60 ? n : 60), cell);
}

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for a table of samples"); }

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
        rc = kymo_line(r->in, LONGEST_LINE, line, n, e);
        s->line++;
        if (rc > 0 && s->line == 1 && *n >= 3 && memcmp(*line, "\xef\xbb\xbf", 3) == 0)
            *line += 3, *n -= 3;
        if (rc > 0 && *n > 0 && **line == '#' && (noted = take_comment(r, *line, *n, e)) < 0)
            return noted;
    } while (rc > 0 && (*n == 0 || **line == '#'));
    return rc == 0 ? fail_line(r, KYMO_EFORMAT, "no line of column names", "", 0, e) : rc;
}

static int add_column(struct csv *s, const char *name, size_t n, bool was_quoted, struct kymo_err *e)
{
    struct column *all = realloc(s->column, (s->n_columns + 1) * sizeof *all);
    int64_t ns_per_unit;

    if (!all)
        return out_of_memory(e);
    s->column = all;
    struct column *c = &all[s->n_columns];
    char *copy = kymo_text_keep(&s->text, name, n);
    *c = (struct column){.role = csv_role_of(name, n, s->n_columns == 0, &ns_per_unit), .name = copy};
    if (!copy)
        return out_of_memory(e);
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
               ? fail_line(r, KYMO_EFORMAT, "numbers in the first line, which must name the columns:", line, n, e) : 0;
}

/* ---- looking ahead ---- */

/* How exact a time is: to its last digit, and, where times were printed with a number of digits in all (MATLAB's
 * csvwrite: 99.992, 100, 100.01, 100.02, 100.02), the less the later it is. */
static int64_t step_at(const struct csv *s, int64_t ns)
{
    int64_t step = s->step_ns, limit = step;

    for (int i = 0; i < s->digits; i++)
        if (__builtin_mul_overflow(limit, 10, &limit))
            return step;
    for (ns = llabs(ns); ns >= limit && !__builtin_mul_overflow(limit, 10, &limit);)
        step *= 10;
    return step;
}

static int64_t exact_until(const struct csv *s)
{
    int64_t limit = s->step_ns;

    for (int i = 0; i < s->digits; i++)
        if (__builtin_mul_overflow(limit, 10, &limit))
            return INT64_MAX;
    return limit - 1;
}

/* What the rows ahead tell. */
struct look {
    int64_t *ns;                 /* their times */
    size_t n, cap;
    int64_t *line;               /* and where they stand; NULL unless asked for */
    size_t rows;
    bool units;                  /* the first of them names units */
};

/* "1,5": a number, were the comma a point. */
static bool has_decimal_comma(const char *cell, size_t n)
{
    char copy[CSV_NUMBER_BYTES];
    double x;

    if (n >= sizeof copy || !memchr(cell, ',', n))
        return false;
    memcpy(copy, cell, n);
    *(char *)memchr(copy, ',', n) = '.';
    return kymo_parse_real(copy, n, &x);
}

static int fail_number(const struct kymo_reader *r, const struct column *c, const char *cell, size_t n, struct kymo_err *e)
{
    const struct csv *s = r->state;

    if (has_decimal_comma(cell, n))
        return fail_line(r, KYMO_EFORMAT, "a decimal comma; Kymo reads decimal points:", cell, n, e);
    return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(r->in), s->line, "column %.40s: \"%.*s\" is no number", c->name,
                        (int)(n < 60 ? n : 60), cell);
}

static int take_time(struct kymo_reader *r, const char *cell, size_t n, struct csv_time *t, struct kymo_err *e)
{
    const struct csv *s = r->state;

    if (csv_parse_time(cell, n, s->ns_per_unit, t))
        return 0;
    if (has_decimal_comma(cell, n))
        return fail_line(r, KYMO_EFORMAT, "a decimal comma; Kymo reads decimal points:", cell, n, e);
    return fail_line(r, KYMO_EFORMAT, "no time:", cell, n, e);
}

static int push_time(struct look *l, int64_t ns, int64_t line, struct kymo_err *e)
{
    if (l->n == l->cap) {
        const size_t cap = l->cap ? 2 * l->cap : 4096;
        int64_t *times = realloc(l->ns, cap * sizeof *times), *lines = times ? realloc(l->line, cap * sizeof *lines) : NULL;
        if (times)
            l->ns = times;
        if (!lines)
            return out_of_memory(e);
        l->line = lines;
        l->cap = cap;
    }
    l->line[l->n] = line;
    l->ns[l->n++] = ns;
    return 0;
}

/* Decides by its first cell with something in it whether a column holds numbers. */
static int decide(struct kymo_reader *r, struct column *c, const char *cell, size_t n, struct kymo_err *e)
{
    double x;

    if (c->decided || c->role != CSV_SIGNAL || kymo_is_missing(cell, n))
        return 0;
    c->decided = true;
    if (kymo_parse_real(cell, n, &x))
        return 0;
    if (has_decimal_comma(cell, n))
        return fail_number(r, c, cell, n, e);
    c->role = CSV_OTHER;
    return 0;
}

static int look_at_row(struct kymo_reader *r, struct look *l, const char *p, const char *end, struct kymo_err *e)
{
    struct csv *s = r->state;
    const bool wants_time = s->timed && l->n < MOST_LOOK_ROWS;
    const char *cell;
    size_t n;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < s->n_columns; i++, p++) {
        struct csv_time t;
        csv_cell(&p, end, s->separator, &cell, &n);
        if (s->column[i].role == CSV_TIME && wants_time) {
            if ((rc = take_time(r, cell, n, &t, e)) == 0)
                rc = push_time(l, t.ns, s->line, e);
            if (rc == 0 && (s->step_ns == 0 || t.step_ns < s->step_ns))
                s->step_ns = t.step_ns;
            if (rc == 0 && t.digits > s->digits)
                s->digits = t.digits;
            if (rc == 0 && l->n == 1 && (t.dated || (t.ns > UNIX_TIME_NS && s->ns_per_unit <= KYMO_NS_PER_S)))
                s->base_ns = t.ns;
        } else {
            rc = decide(r, &s->column[i], cell, n, e);
        }
        if (p >= end)
            break;
    }
    l->rows++;
    return rc;
}

/* A second line that names units, "'hh:mm:ss.mmm','mV','mV'": no number, no time, not only missing values. */
static bool is_unit_line(const struct csv *s, const char *p, const char *end)
{
    const char *cell;
    size_t n, cells = 0, named = 0;
    double x;
    struct csv_time t;

    for (;; p++, cells++) {
        csv_cell(&p, end, s->separator, &cell, &n);
        named += n > 0;
        if ((n > 0 && kymo_is_missing(cell, n)) || kymo_parse_real(cell, n, &x) || csv_parse_time(cell, n, KYMO_NS_PER_S, &t) ||
            has_decimal_comma(cell, n) || n > 20 || cells >= s->n_columns)
            return false;
        if (p >= end)
            return cells + 1 == s->n_columns && cells > 0 && named > 0;
    }
}

/* Hangs the units of such a line on the names of the columns: "MLII" becomes "MLII [mV]". */
static int take_units(struct csv *s, const char *p, const char *end, struct kymo_err *e)
{
    const char *cell;
    size_t n;
    char name[200];

    for (size_t i = 0; i < s->n_columns; i++, p++) {
        csv_cell(&p, end, s->separator, &cell, &n);
        if (n >= 2 && (*cell == '(' || *cell == '['))
            cell++, n -= 2;
        const int len = snprintf(name, sizeof name, "%.100s [%.*s]", s->column[i].name, (int)n, cell);
        if (s->column[i].role == CSV_SIGNAL && !(s->column[i].name = kymo_text_keep(&s->text, name, (size_t)len)))
            return out_of_memory(e);
    }
    return 0;
}

/* Goes over the whole lines of the next bytes, without taking them. */
static int look_ahead(struct kymo_reader *r, struct look *l, size_t bytes, struct kymo_err *e)
{
    struct csv *s = r->state;
    const int64_t line = s->line;
    const unsigned char *head;
    ssize_t got = kymo_peek(r->in, bytes, &head, e);
    int rc = got < 0 ? (int)got : 0;

    while (rc == 0 && got > 0 && (size_t)got == bytes && !memchr(head, '\n', (size_t)got) && bytes <= LONGEST_LINE) {
        bytes *= 2;
        got = kymo_peek(r->in, bytes, &head, e);
        rc = got < 0 ? (int)got : 0;
    }
    const bool at_end = got >= 0 && (size_t)got < bytes;
    for (const char *p = (const char *)head, *end = p + (got > 0 ? got : 0); rc == 0 && p < end;) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        if (!stop && !at_end)
            break;
        const char *last = stop ? stop : end;
        while (last > p && last[-1] == '\r')
            last--;
        s->line++;
        if (l->rows == 0 && last > p && is_unit_line(s, p, last)) {
            l->units = true;
            rc = take_units(s, p, last, e);
        } else if (last > p) {
            rc = look_at_row(r, l, p, last, e);
        }
        p = stop ? stop + 1 : end;
    }
    if (rc == 0)
        s->line = line;          /* where it fails, that is the line to tell of */
    return rc;
}

static int find_rate(struct kymo_reader *r, const struct look *l, struct kymo_err *e)
{
    struct csv *s = r->state;
    struct csv_times times = {l->ns, 0, s->step_ns};
    struct csv_grid grid;

    while (times.n < l->n && step_at(s, l->ns[times.n]) <= s->step_ns)
        times.n++;
    if (times.n < 2 && l->n > 0)
        times = (struct csv_times){l->ns, l->n, step_at(s, l->ns[l->n - 1])};

    if (l->n < 2)
        return kymo_fail_at(e, KYMO_EDATA, kymo_input_name(r->in), s->line,
                            "%zu rows: too few to find the rate from; kymo convert --rate tells it", l->n);
    const bool found = csv_find_rate(&times, &grid);
    if (!found && grid.bad > 0 && l->ns[grid.bad] <= l->ns[grid.bad - 1])
        return kymo_fail_at(e, KYMO_EDATA, kymo_input_name(r->in), l->line[grid.bad],
                            "time does not increase; kymo convert --rate takes rows as equally spaced, whatever their times");
    if (!found)
        return kymo_fail_at(e, KYMO_EDATA, kymo_input_name(r->in), l->line[grid.bad],
                            "times are irregular, here %.9g s beside a regular grid; kymo convert --rate takes rows as equally "
                            "spaced", grid.jitter_ns / 1e9);
    s->rate = grid.rate;
    if (grid.jitter_ns > 0.1e9 * (double)grid.rate.den / (double)grid.rate.num && grid.jitter_ns > (double)s->step_ns)
        return kymo_warn(&r->want->log, e, kymo_input_name(r->in), -1, "times lie up to %.9g s beside the grid of %.9g Hz",
                         grid.jitter_ns / 1e9, kymo_ratio_real(grid.rate));
    return 0;
}

static int choose_rate(struct kymo_reader *r, const struct look *l, struct kymo_err *e)
{
    struct csv *s = r->state;
    int rc = 0;

    if (r->want->rate.num > 0)
        s->rate = r->want->rate;
    else if (!s->timed)
        return kymo_fail_at(e, KYMO_EDATA, kymo_input_name(r->in), s->line,
                            "no column of times (time_s, time, t, timestamp): kymo convert --rate HZ tells the rate");
    else
        rc = find_rate(r, l, e);
    if (rc == 0 && kymo_time_of(s->rate, 1) > LATEST_NS / 2)
        rc = kymo_fail_at(e, KYMO_EDATA, kymo_input_name(r->in), s->line, "%.9g Hz: years between samples",
                          kymo_ratio_real(s->rate));
    return rc;
}

/* ---- opening ---- */

static int add_signal(struct kymo_reader *r, struct column *c, struct kymo_err *e)
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
        struct column *c = &s->column[i];
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
    struct look l = {.n = 0};
    const bool told = r->want->rate.num > 0;
    const char *line;
    size_t n;

    r->state = s;
    if (!s)
        return out_of_memory(e);
    int rc = read_names(r, e);
    if (told)
        s->timed = false;        /* rows are equally spaced, whatever their times */
    if (rc == 0)
        rc = look_ahead(r, &l, told || r->want->patience ? SHORT_LOOK_BYTES : LOOK_BYTES, e);
    for (size_t i = 0; told && i < s->n_columns; i++)
        s->numbered |= s->column[i].role == CSV_NUMBER;
    if (rc == 0)
        rc = choose_rate(r, &l, e);
    if (rc == 0)
        rc = describe(r, e);
    if (rc == 0 && l.units) {
        rc = kymo_line(r->in, LONGEST_LINE, &line, &n, e) < 0 ? e->cause[0].code : 0;
        s->line++;
    }
    if (rc == 0 && !(s->row = calloc(s->n_signals, sizeof *s->row)))
        rc = out_of_memory(e);
    free(l.ns);
    free(l.line);
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

/* ---- rows ---- */

/* A cell that is no plain number: quoted, with an exponent or blanks, or missing. */
static int take_odd_number(struct kymo_reader *r, const struct column *c, const char **p, const char *end, struct kymo_err *e)
{
    struct csv *s = r->state;
    double *value = &s->row[c->signal];
    const char *cell;
    size_t n;

    csv_cell(p, end, s->separator, &cell, &n);
    if (kymo_is_missing(cell, n))
        *value = (double)NAN;
    else if (!kymo_parse_real(cell, n, value))
        return fail_number(r, c, cell, n, e);
    return 0;
}

static int take_row_time(struct kymo_reader *r, const struct column *c, const char *cell, size_t n, struct kymo_err *e)
{
    struct csv *s = r->state;
    struct csv_time t;
    int64_t index;

    if (c->role == CSV_NUMBER && !kymo_parse_int(cell, n, &index))
        return fail_number(r, c, cell, n, e);
    if (c->role == CSV_NUMBER) {
        s->row_ns = kymo_time_of(s->rate, index);
        s->row_step_ns = 1;
        return llabs(s->row_ns) < LATEST_NS ? 0 : fail_number(r, c, cell, n, e);
    }
    const int rc = take_time(r, cell, n, &t, e);
    if (rc < 0)
        return rc;
    s->digits = t.digits > s->digits ? t.digits : s->digits;
    s->row_step_ns = llabs(t.ns) <= s->exact_ns ? s->step_ns : step_at(s, t.ns);
    if (s->row_step_ns == s->step_ns)
        s->exact_ns = llabs(t.ns) > s->exact_ns ? exact_until(s) : s->exact_ns;
    s->row_ns = t.ns - s->base_ns;
    return llabs(s->row_ns) < LATEST_NS ? 0 : fail_line(r, KYMO_EFORMAT, "a time 18 years from the start:", cell, n, e);
}

static int fail_count(const struct kymo_reader *r, size_t found, bool more, struct kymo_err *e)
{
    const struct csv *s = r->state;

    return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(r->in), s->line, "%s%zu cells, the first line names %zu columns",
                        more ? "more than " : "", found, s->n_columns);
}

static int take_row(struct kymo_reader *r, const char *p, const char *end, struct kymo_err *e)
{
    struct csv *s = r->state;
    const char *cell;
    size_t n;
    int rc = 0;

    for (size_t i = 0; i < s->n_columns; i++) {
        const struct column *c = &s->column[i];
        const char *stop;
        if (i > 0 && p++ == end)
            return fail_count(r, i, false, e);
        if (c->role == CSV_SIGNAL) {
            if ((stop = kymo_plain_number(p, end, &s->row[c->signal])) && (stop == end || *stop == s->separator))
                p = stop;
            else
                rc = take_odd_number(r, c, &p, end, e);
        } else {
            csv_cell(&p, end, s->separator, &cell, &n);
            if ((c->role == CSV_TIME && s->timed) || (c->role == CSV_NUMBER && s->numbered))
                rc = take_row_time(r, c, cell, n, e);
        }
        if (rc < 0)
            return rc;
    }
    if (p < end && end - p > 1)
        return fail_count(r, s->n_columns, true, e);
    return 0;
}

/* The next row, into s->row. Returns 1, 0 at the end, or a negative code. */
static int next_row(struct kymo_reader *r, struct kymo_err *e)
{
    struct csv *s = r->state;
    const char *line;
    size_t n;
    int rc;

    do {
        if ((rc = kymo_line(r->in, LONGEST_LINE, &line, &n, e)) <= 0)
            return rc;
        s->line++;
    } while (n == 0);
    const int whole = rc;
    if ((rc = take_row(r, line, line + n, e)) == 0 && whole == 2)
        rc = kymo_warn(&r->want->log, e, kymo_input_name(r->in), s->line, "the last line has no end; taken as it stands");
    return rc < 0 ? rc : 1;
}

/* ---- time ---- */

/* A segment that begins with the row at hand: on the grid of the recording's start if its time lies there. */
static void begin_segment(struct csv *s)
{
    const int64_t least = s->begun ? s->next : INT64_MIN, above = kymo_index_at(s->rate, s->row_ns);
    const int64_t slack = s->row_step_ns;
    int64_t index = above;

    for (int64_t i = above - 1; i <= above; i++)
        if (llabs(kymo_time_of(s->rate, i) - s->row_ns) <= llabs(kymo_time_of(s->rate, index) - s->row_ns))
            index = i;
    const int64_t at = kymo_time_of(s->rate, index);
    const bool on_grid = llabs(at - s->row_ns) <= slack && index >= least;
    if (!on_grid)
        index = above > least ? above : least;
    const bool from_start = on_grid && !s->begun;
    s->segment_first = from_start ? 0 : index;
    s->segment_ns = from_start ? 0 : on_grid ? at : s->row_ns;
    s->next = index;
    s->begun = true;
}

/* Whether the row at hand goes on where the last stopped: 1, 0 after a gap, or a negative code. A gap is a jump: times that
 * creep away from the rate are no gaps. */
static int goes_on(const struct kymo_reader *r, struct kymo_err *e)
{
    const struct csv *s = r->state;
    const int64_t due = s->segment_ns + kymo_time_of(s->rate, s->next - s->segment_first), off = s->row_ns - due;
    const int64_t spacing = kymo_time_of(s->rate, 1), slack = s->row_step_ns;

    if (llabs(off) <= spacing / 2 || llabs(off) < slack)   /* cut off or rounded, a time is less than its last digit away */
        return 1;
    if (off > 0 && s->row_ns - s->last_ns + slack >= spacing + spacing / 2)
        return 0;
    return kymo_fail_at(e, KYMO_EDATA, kymo_input_name(r->in), s->line,
                        "a time %.9g s too %s for %.9g Hz; kymo convert --rate takes rows as equally spaced, whatever their "
                        "times", fabs((double)off) / 1e9, off < 0 ? "early" : "late", kymo_ratio_real(s->rate));
}

static int place_row(const struct kymo_reader *r, struct csv *s, bool *new_segment, struct kymo_err *e)
{
    int rc = 1;

    *new_segment = false;
    if (!s->timed && !s->numbered) {
        s->begun = true;
        return 0;
    }
    if (s->begun && (rc = goes_on(r, e)) < 0)
        return rc;
    *new_segment = s->begun && rc == 0;
    if (!s->begun || rc == 0)
        begin_segment(s);
    s->last_ns = s->row_ns;
    return 0;
}

static void add_row(const struct kymo_reader *r, struct csv *s, struct kymo_block *b)
{
    for (size_t i = 0; i < s->n_signals; i++) {
        const size_t slot = r->slot[i];
        if (slot != KYMO_SKIP)
            b->span[slot].physical[b->span[slot].n++] = s->row[i];
    }
}

static int begin_block(const struct kymo_reader *r, struct kymo_block *b, size_t rows, struct kymo_err *e)
{
    const struct csv *s = r->state;
    int rc = 0;

    b->segment_ns = s->segment_ns;
    for (size_t i = 0; rc == 0 && i < b->hdr->n_signals; i++) {
        if ((rc = kymo_block_reserve(b, i, rows, e)) < 0)
            return rc;
        b->span[i].first = s->next;
        b->span[i].segment_first = s->segment_first;
    }
    return rc;
}

static int read_csv(struct kymo_reader *r, struct kymo_block *b, struct kymo_err *e)
{
    struct csv *s = r->state;
    const size_t share = BLOCK_SAMPLES / (s->n_signals + 1), most = share > 4096 ? 4096 : share > 16 ? share : 16;
    size_t rows = 0;
    int rc = 1;

    for (; rows < most && (rows == 0 || kymo_line_ready(r->in)); rows++) {
        bool new_segment = s->pending;
        if (!s->pending) {
            if ((rc = next_row(r, e)) <= 0)
                break;
            if ((rc = place_row(r, s, &new_segment, e)) < 0)
                return rc;
            if (new_segment && rows > 0) {
                s->pending = true;
                return 1;
            }
        }
        s->pending = false;
        if (rows == 0) {
            b->new_segment = new_segment;
            if ((rc = begin_block(r, b, most, e)) < 0)
                return rc;
        }
        add_row(r, s, b);
        s->next++;
    }
    if (rc >= 0 && b->segment_ns + kymo_time_of(s->rate, s->next - s->segment_first) > LATEST_NS + LATEST_NS / 2)
        return kymo_fail_at(e, KYMO_EDATA, kymo_input_name(r->in), s->line, "rows for 18 years and more at %.9g Hz",
                            kymo_ratio_real(s->rate));
    return rc < 0 ? rc : rows > 0;
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
    .probe = probe_csv, .open = open_csv, .start = start_csv, .read = read_csv, .close = close_csv,
    .create = csv_create, .write = csv_write, .write_event = csv_write_event, .finish = csv_finish, .discard = csv_discard,
};

const struct kymo_format kymo_format_tsv = {
    .name = "tsv", .about = "the same with tabs", .endings = ".tsv",
    .probe = probe_tsv, .open = open_csv, .start = start_csv, .read = read_csv, .close = close_csv,
    .create = csv_create, .write = csv_write, .write_event = csv_write_event, .finish = csv_finish, .discard = csv_discard,
};
