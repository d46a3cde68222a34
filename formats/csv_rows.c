/* formats/csv_rows.c - the rows of a table of samples as blocks: cells, their time, gaps; see csv_state.h. */
#include "formats/csv_state.h"

#include <math.h>
#include <stdlib.h>

#define BLOCK_SAMPLES 65536

/* ---- cells ---- */

/* A cell that is no plain number: quoted, with an exponent or blanks, or missing. */
static int take_odd_number(struct kymo_reader *r, const struct csv_column *c, const char **p, const char *end,
                           struct kymo_err *e)
{
    struct csv *s = r->state;
    double *value = &s->row[c->signal];
    char held[CSV_NUMBER_BYTES];
    const char *cell;
    size_t n;

    csv_cell(p, end, s->separator, &cell, &n);
    if (kymo_is_missing(cell, n))
        *value = (double)NAN;
    else if (!kymo_parse_real(csv_pointed(s, cell, n, held), n, value))
        return csv_fail_number(r, c, cell, n, e);
    return 0;
}

static int take_row_time(struct kymo_reader *r, const struct csv_column *c, const char *cell, size_t n, struct kymo_err *e)
{
    struct csv *s = r->state;
    struct csv_time t;
    int64_t index;

    if (c->role == CSV_NUMBER && !kymo_parse_int(cell, n, &index))
        return csv_fail_number(r, c, cell, n, e);
    if (c->role == CSV_NUMBER) {
        s->row_ns = kymo_time_of(s->rate, index);
        s->row_step_ns = 1;
        return llabs(s->row_ns) < CSV_LATEST_NS ? 0 : csv_fail_number(r, c, cell, n, e);
    }
    const int rc = csv_take_time(r, cell, n, &t, e);
    if (rc < 0)
        return rc;
    s->digits = t.digits > s->digits ? t.digits : s->digits;
    s->row_step_ns = llabs(t.ns) <= s->exact_ns ? s->step_ns : csv_step_at(s, t.ns);
    if (s->row_step_ns == s->step_ns)
        s->exact_ns = llabs(t.ns) > s->exact_ns ? csv_exact_until(s) : s->exact_ns;
    s->row_ns = t.ns - s->base_ns;
    return llabs(s->row_ns) < CSV_LATEST_NS ? 0 : csv_fail_line(r, KYMO_EFORMAT, "a time 18 years from the start:", cell, n, e);
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
        const struct csv_column *c = &s->column[i];
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
        if ((rc = kymo_line(r->in, CSV_LONGEST_LINE, &line, &n, e)) <= 0)
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

/* ---- blocks ---- */

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

int csv_read(struct kymo_reader *r, struct kymo_block *b, struct kymo_err *e)
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
    if (rc >= 0 && b->segment_ns + kymo_time_of(s->rate, s->next - s->segment_first) > CSV_LATEST_NS + CSV_LATEST_NS / 2)
        return kymo_fail_at(e, KYMO_EDATA, kymo_input_name(r->in), s->line, "rows for 18 years and more at %.9g Hz",
                            kymo_ratio_real(s->rate));
    return rc < 0 ? rc : rows > 0;
}
