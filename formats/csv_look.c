/* formats/csv_look.c - what the rows ahead of a table of samples tell before any is taken; see csv_state.h. */
#include "formats/csv_rate.h"
#include "formats/csv_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_BYTES ((size_t)1 << 21)
#define SHORT_LOOK_BYTES ((size_t)4096)      /* where the rate is told: no reason to wait for more */
#define MOST_LOOK_ROWS 262144
#define UNIX_TIME_NS (INT64_C(100000000) * KYMO_NS_PER_S)   /* so late, 3 years, are seconds since 1970 */

/* What the rows ahead tell. */
struct look {
    int64_t *ns;                 /* their times */
    size_t n, cap;
    int64_t *line;               /* and where they stand; NULL unless asked for */
    size_t rows;
    bool units;                  /* the first of them names units */
};

static int push_time(struct look *l, int64_t ns, int64_t line, struct kymo_err *e)
{
    if (l->n == l->cap) {
        const size_t cap = l->cap ? 2 * l->cap : 4096;
        int64_t *times = realloc(l->ns, cap * sizeof *times), *lines = times ? realloc(l->line, cap * sizeof *lines) : NULL;
        if (times)
            l->ns = times;
        if (!lines)
            return csv_no_memory(e);
        l->line = lines;
        l->cap = cap;
    }
    l->line[l->n] = line;
    l->ns[l->n++] = ns;
    return 0;
}

/* Decides by its first cell with something in it whether a column holds numbers. */
static int decide(struct kymo_reader *r, struct csv_column *c, const char *cell, size_t n, struct kymo_err *e)
{
    char held[CSV_NUMBER_BYTES];
    double x;

    if (c->decided || c->role != CSV_SIGNAL || kymo_is_missing(cell, n))
        return 0;
    c->decided = true;
    if (kymo_parse_real(csv_pointed(r->state, cell, n, held), n, &x))
        return 0;
    if (csv_has_decimal_comma(cell, n))
        return csv_fail_number(r, c, cell, n, e);
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
            if ((rc = csv_take_time(r, cell, n, &t, e)) == 0)
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
            csv_has_decimal_comma(cell, n) || n > 20 || cells >= s->n_columns)
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
            return csv_no_memory(e);
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

    while (rc == 0 && got > 0 && (size_t)got == bytes && !memchr(head, '\n', (size_t)got) && bytes <= CSV_LONGEST_LINE) {
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

    while (times.n < l->n && csv_step_at(s, l->ns[times.n]) <= s->step_ns)
        times.n++;
    if (times.n < 2 && l->n > 0)
        times = (struct csv_times){l->ns, l->n, csv_step_at(s, l->ns[l->n - 1])};

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
    if (rc == 0 && kymo_time_of(s->rate, 1) > CSV_LATEST_NS / 2)
        rc = kymo_fail_at(e, KYMO_EDATA, kymo_input_name(r->in), s->line, "%.9g Hz: years between samples",
                          kymo_ratio_real(s->rate));
    return rc;
}

int csv_look(struct kymo_reader *r, bool *units, struct kymo_err *e)
{
    struct look l = {.n = 0};
    int rc = look_ahead(r, &l, r->want->rate.num > 0 || r->want->patience ? SHORT_LOOK_BYTES : LOOK_BYTES, e);

    if (rc == 0)
        rc = choose_rate(r, &l, e);
    *units = l.units;
    free(l.ns);
    free(l.line);
    return rc;
}
