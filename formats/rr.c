/* formats/rr.c - lists of intervals between beats, as text: a recording of beats without signals.
 *
 * One interval a line, in ms or s, alone or in a table: a column of RR intervals (rr, RR-interval [ms], IBI ...), a column of
 * times beside it or none; of two columns without names, times are the one whose steps are the other. Or the [HRData] of a
 * Polar HRM file of R-R intervals, or the IBI.csv of an Empatica E4. rr_layout.c finds out which from the beginning;
 * kymo-formats(7) tells the user.
 *
 * Beats are where the intervals add up to, from 0 or from the first time. Where times go on by more than the interval, a gap
 * lies between. */
#include "formats/csv_number.h"
#include "formats/rr_layout.h"
#include "lib/reader.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_LINE 4096
#define LOOK_BYTES 65536
#define BEATS_A_BLOCK 4096
#define LONGEST_NS (INT64_C(100000000) * 1000)    /* 100 s */
#define LATEST_NS (INT64_C(1) << 59)
#define SHORTEST_MEDIAN_MS 200                     /* 300 beats per minute: too many for us */
#define ARRIVAL_GAP_NS (3 * KYMO_NS_PER_S)         /* times of arrival come in bursts of a second or two */
#define BEAT_GAP 0.3                               /* of the interval, where times are those of beats */

struct rr {
    struct rr_layout layout;
    int64_t line;
    int64_t clock_ns;            /* of the last beat */
    int64_t time_ns;             /* in the column of times, of the last line */
    int64_t last_rr_ns;          /* its interval */
    bool begun, ended;           /* ended: what follows is another section */
};

static int fail_line(const struct kymo_reader *r, const char *what, const char *cell, size_t n, struct kymo_err *e)
{
    const struct rr *s = r->state;

    return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(r->in), s->line, "%s \"%.*s\"", what, (int)(n < 60 ? n : 60), cell);
}

/* ---- opening ---- */

static int probe_rr(const unsigned char *head, size_t n, const char *path)
{
    struct rr_layout layout;

    (void)path;
    return rr_look(head, n, &layout);
}

/* The unit that the caller says, where the list has none of its own. */
static int take_unit(struct kymo_reader *r, struct kymo_err *e)
{
    struct rr *s = r->state;
    const char *unit = r->want->unit;

    if (unit && strcmp(unit, "ms") != 0 && strcmp(unit, "s") != 0)
        return kymo_fail(e, KYMO_EUSAGE, "intervals are in ms or s, not \"%s\"", unit);
    if (unit && !s->layout.unit_is_told)
        s->layout.unit_ns = strcmp(unit, "s") == 0 ? 1000000000 : 1000000;
    if (s->layout.unit_ns == 0)
        return kymo_fail_at(e, KYMO_EDATA, r->path, -1, "intervals around %g: ms or s? say so with --unit", s->layout.median);
    if (!unit && !s->layout.unit_is_told && s->layout.time_column < 0 && s->layout.unit_ns == KYMO_NS_PER_S / 1000 &&
        s->layout.median < SHORTEST_MEDIAN_MS)
        return kymo_warn(&r->want->log, e, r->path, -1, "intervals around %g, taken for ms: of a small animal, or are they "
                         "heart rates? --unit ms says so", s->layout.median);
    return 0;
}

/* Comments above the intervals are notes. */
static int take_comments(struct kymo_reader *r, const char *line, size_t n, struct kymo_err *e)
{
    const char *const end = line + n;
    int rc = 0;

    for (const char *next; rc == 0 && line < end; line = next + 1) {
        if (!(next = memchr(line, '\n', (size_t)(end - line))))
            break;
        const char *text = line;
        size_t size = kymo_trim(&text, (size_t)(next - line));
        if (!rr_is_blank(text, size))
            break;
        while (size > 0 && (*text == '#' || *text == '%'))
            text++, size--;
        size = kymo_trim(&text, size);
        rc = size > 0 ? kymo_header_add_note(&r->source, text, size, e) : 0;
    }
    return rc;
}

static int open_rr(struct kymo_reader *r, struct kymo_err *e)
{
    const unsigned char *head;
    const ssize_t n = kymo_peek(r->in, LOOK_BYTES, &head, e);
    struct rr *s = n < 0 ? NULL : calloc(1, sizeof *s);
    int rc;

    if (!s)
        return n < 0 ? (int)n : kymo_fail(e, KYMO_ENOMEM, "no memory for a list of intervals");
    r->state = s;
    if (rr_look(head, (size_t)n, &s->layout) == 0)
        return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(r->in), 0, "no list of intervals between beats");
    if (s->layout.heart_rates)
        return kymo_fail_at(e, KYMO_EDATA, kymo_input_name(r->in), 0,
                            "heart rates at a fixed step, no intervals between beats");
    if ((rc = take_unit(r, e)) < 0 || (rc = take_comments(r, (const char *)head, (size_t)n, e)) < 0)
        return rc;
    if (s->layout.dated || s->layout.starts)
        r->source.start = csv_start_of(s->layout.dated ? s->layout.first_ns : s->layout.start_ns);
    r->source.record = kymo_header_text(&r->source, r->path, strlen(r->path), e);
    r->source.format = kymo_header_text(&r->source, "rr", 2, e);
    if (!r->source.record || !r->source.format)
        return KYMO_ENOMEM;
    return kymo_header_add_track(&r->source, "rr", e) < 0 ? e->cause[0].code : 0;
}

static void close_rr(struct kymo_reader *r) { free(r->state); }

/* ---- lines ---- */

static int put_event(struct kymo_block *b, int64_t time_ns, int64_t duration_ns, const char *type, struct kymo_err *e)
{
    struct kymo_event ev = {
        .time_ns = time_ns, .duration_ns = duration_ns, .sample = KYMO_UNKNOWN, .signal = -1, .value = (double)NAN, .text = "",
    };

    memcpy(ev.type, type, strlen(type) + 1);
    return kymo_block_event(b, &ev, e);
}

/* The interval in a cell, in ns. */
static int take_interval(struct kymo_reader *r, const char *cell, size_t n, int64_t *ns, struct kymo_err *e)
{
    const struct rr *s = r->state;
    const bool in_s = s->layout.unit_ns == 1000000000;
    double value;

    if (!rr_number(&s->layout, cell, n, &value))
        return fail_line(r, "no interval:", cell, n, e);
    if (!(value > 0))
        return fail_line(r, "interval is not positive:", cell, n, e);
    if (in_s ? value > 100 : value < 3)
        return fail_line(r, in_s ? "ms among intervals in s?" : "seconds among intervals in ms?", cell, n, e);
    *ns = (int64_t)llround(value * (double)s->layout.unit_ns);
    return *ns > 0 && *ns <= LONGEST_NS ? 0 : fail_line(r, "interval is longer than 100 s:", cell, n, e);
}

/* How far the times go on beyond the interval since the line before; 0 without times. At the first line, where it begins. */
static int take_time(struct kymo_reader *r, const char *cell, size_t n, int64_t rr_ns, int64_t *beyond_ns, struct kymo_err *e)
{
    struct rr *s = r->state;
    int64_t time_ns;

    if (!rr_time(&s->layout, cell, n, &time_ns) || time_ns <= -LATEST_NS * 4 || time_ns >= LATEST_NS * 4)
        return fail_line(r, "no time:", cell, n, e);
    if (s->begun && time_ns < s->time_ns)
        return fail_line(r, "time runs backwards:", cell, n, e);
    if (!s->begun) {
        *beyond_ns = s->layout.dated ? 0 : time_ns - (s->layout.at_begin ? 0 : rr_ns);
        *beyond_ns = *beyond_ns < 0 ? 0 : *beyond_ns;
    } else {
        const int64_t late_ns = time_ns - s->time_ns - (s->layout.at_begin ? s->last_rr_ns : rr_ns);
        const int64_t least_ns = s->layout.of_beats ? (int64_t)(BEAT_GAP * (double)rr_ns) : ARRIVAL_GAP_NS;
        *beyond_ns = late_ns > least_ns ? late_ns : 0;
    }
    s->time_ns = time_ns;
    return 0;
}

static int take_line(struct kymo_reader *r, const char *line, size_t n, struct kymo_block *b, struct kymo_err *e)
{
    struct rr *s = r->state;
    struct rr_cells cells;
    int64_t rr_ns = 0, beyond_ns = 0;
    int rc;

    if (!rr_split(&s->layout, line, n, &cells))
        return fail_line(r, "not the columns of the lines before:", line, n, e);
    if ((rc = take_interval(r, cells.rr, cells.n_rr, &rr_ns, e)) < 0)
        return rc;
    if (s->layout.time_column >= 0 && (rc = take_time(r, cells.time, cells.n_time, rr_ns, &beyond_ns, e)) < 0)
        return rc;
    if (s->clock_ns + beyond_ns >= LATEST_NS)
        return fail_line(r, "later than 18 years:", line, n, e);
    if (s->begun && beyond_ns > 0)
        rc = put_event(b, s->clock_ns, beyond_ns, "gap", e);
    if (rc == 0 && (!s->begun || beyond_ns > 0))
        rc = put_event(b, s->clock_ns + beyond_ns, 0, "N", e);
    s->clock_ns += beyond_ns + rr_ns;
    s->last_rr_ns = rr_ns;
    s->begun = true;
    return rc < 0 ? rc : put_event(b, s->clock_ns, 0, "N", e);
}

static int read_rr(struct kymo_reader *r, struct kymo_block *b, struct kymo_err *e)
{
    struct rr *s = r->state;

    while (b->n_events < BEATS_A_BLOCK && !s->ended) {
        const char *line;
        size_t n;
        int rc = kymo_line(r->in, LONGEST_LINE, &line, &n, e);
        if (rc <= 0)
            return rc < 0 ? rc : b->n_events > 0;
        if (s->line++ < s->layout.skip || rr_is_blank(line, n))
            continue;
        s->ended = s->layout.hrm && *line == '[';
        if (!s->ended && (rc = take_line(r, line, n, b, e)) < 0)
            return rc;
    }
    return b->n_events > 0;
}

const struct kymo_format kymo_format_rr = {
    .name = "rr", .about = "intervals between beats as text, ms or s; Polar HRM, Empatica IBI",
    .probe = probe_rr, .open = open_rr, .read = read_rr, .close = close_rr,
};
