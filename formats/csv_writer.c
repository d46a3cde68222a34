/* formats/csv_writer.c - see csv_writer.h.
 *
 * The text of a 16-bit value is made once and kept in a table, which grows page by page as values occur; so is the
 * fraction of a second of a time, which repeats after rate.num samples. A row is then a few copies of 16 bytes. */
#include "formats/csv_writer.h"

#include "formats/csv_header.h"
#include "formats/csv_number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUFFER_BYTES ((size_t)192 * 1024)
#define MOST_TICKS 65536
#define CELL_BYTES (CSV_NUMBER_BYTES + 16)   /* a copy of 16 bytes may reach behind the text */
#define VALUES 65536
#define MOST_TABLES 1024         /* of 1 MiB each, of which only the pages in use take memory */

struct value {
    char text[15];               /* separator and value */
    uint8_t n;                   /* 0: not made, or too long */
};

/* The k-th sample of a period of the rate, counted from the segment's beginning. */
struct tick {
    char text[11];               /* ".002777778" */
    uint8_t n;
    bool made;
    int64_t second;              /* whole seconds, from the whole second in which the segment begins */
};

struct csv_writer {
    char separator;
    bool same_rate;
    struct value **table;        /* for each 16-bit signal */
    int *decimals;
    const int32_t **digital;     /* of the block at hand; NULL where the signal is not integer */
    const double **physical;
    size_t *done;                /* samples of the block that are written, where rows are put together by time */

    char *buf;
    size_t used, row_bytes;

    struct tick *tick;           /* NULL: too many */
    size_t n_ticks;
    int64_t tick_ns;             /* what the ticks were made for: the segment's beginning within its second */
    int64_t second;              /* the second whose text is at hand */
    char second_text[24];
    size_t n_second;

    bool begun;
    int64_t segment_ns, last_ns;
    int64_t shift_ns;            /* of the segment at hand, which a gap that cannot be told was closed before; */
    int64_t most_shift_ns;       /* the farthest of all */
    int64_t n_rows;
    size_t lost_events, lost_gaps;
};

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory to write a table of samples"); }

static int flush(struct kymo_writer *w, struct kymo_err *e)
{
    struct csv_writer *s = w->state;
    const size_t n = s->used;

    s->used = 0;
    return kymo_put(w->out, s->buf, n, e);
}

/* ---- the first line ---- */

static int put_name(struct kymo_writer *w, const char *name, struct kymo_err *e)
{
    const size_t n = strlen(name);
    int rc = 0;

    if (n > 0 && !strpbrk(name, "\t,;\"'") && *name != ' ' && *name != '#')
        return kymo_put(w->out, name, n, e);
    rc = kymo_put(w->out, "\"", 1, e);
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = kymo_put(w->out, name[i] == '"' ? "\"\"" : name + i, name[i] == '"' ? 2 : 1, e);
    return rc < 0 ? rc : kymo_put(w->out, "\"", 1, e);
}

static int put_names(struct kymo_writer *w, struct kymo_err *e)
{
    const struct csv_writer *s = w->state;
    int rc = kymo_put_text(w->out, "time_s", e);

    for (size_t i = 0; rc == 0 && i < w->hdr.n_signals; i++) {
        const struct kymo_signal *sig = &w->hdr.signal[i];
        const bool brackets = *sig->unit || csv_needs_brackets(sig->label);
        char *name = NULL;
        if (asprintf(&name, "%s%s%s%s", sig->label, brackets ? " [" : "", sig->unit, brackets ? "]" : "") < 0)
            return out_of_memory(e);
        rc = kymo_put(w->out, &s->separator, 1, e);
        if (rc == 0)
            rc = put_name(w, name, e);
        free(name);
    }
    return rc < 0 ? rc : kymo_put_text(w->out, "\n", e);
}

/* ---- create ---- */

static int check_rates(struct kymo_writer *w, struct kymo_err *e)
{
    struct csv_writer *s = w->state;
    const struct kymo_signal *first = w->hdr.signal;
    size_t n_other = 0;

    for (size_t i = 1; i < w->hdr.n_signals; i++) {
        const struct kymo_signal *sig = &w->hdr.signal[i];
        const bool same = sig->rate.num == first->rate.num && sig->rate.den == first->rate.den;
        if (!same && !w->lossy)
            return kymo_fail(e, KYMO_EDATA, "%s holds one rate: %.40s has %.9g Hz, %.40s %.9g Hz; choose with -s, or have "
                             "rows with empty cells by --lossy", w->format->name, first->label, kymo_ratio_real(first->rate),
                             sig->label, kymo_ratio_real(sig->rate));
        n_other += !same;
    }
    s->same_rate = n_other == 0;
    return s->same_rate ? 0 : kymo_warn(&w->log, e, kymo_output_name(w->out), -1,
                                        "%zu of %zu signals have another rate than %.40s, %.9g Hz: rows with empty "
                                        "cells, which do not tell the rates", n_other, w->hdr.n_signals, first->label,
                                        kymo_ratio_real(first->rate));
}

static int allocate(struct kymo_writer *w, struct csv_writer *s, struct kymo_err *e)
{
    const size_t n = w->hdr.n_signals;

    s->row_bytes = CELL_BYTES * (n + 2);
    s->table = calloc(n, sizeof *s->table);
    s->decimals = calloc(n, sizeof *s->decimals);
    s->digital = calloc(n, sizeof *s->digital);
    s->physical = calloc(n, sizeof *s->physical);
    s->done = calloc(n, sizeof *s->done);
    s->buf = malloc(BUFFER_BYTES + s->row_bytes);
    if (!s->table || !s->decimals || !s->digital || !s->physical || !s->done || !s->buf)
        return out_of_memory(e);
    for (size_t i = 0; i < n; i++) {
        s->decimals[i] = csv_decimals(&w->hdr.signal[i]);
        const bool has_table = i < MOST_TABLES && w->hdr.signal[i].storage == KYMO_I16;
        if (has_table && !(s->table[i] = calloc(VALUES, sizeof **s->table)))
            return out_of_memory(e);
    }
    s->n_ticks = w->hdr.signal[0].rate.num <= MOST_TICKS ? (size_t)w->hdr.signal[0].rate.num : 0;
    if (s->n_ticks > 0 && !(s->tick = calloc(s->n_ticks, sizeof *s->tick)))
        return out_of_memory(e);
    return 0;
}

int csv_create(struct kymo_writer *w, struct kymo_err *e)
{
    struct csv_writer *s = calloc(1, sizeof *s);

    w->state = s;
    if (!s)
        return out_of_memory(e);
    if (w->hdr.n_signals == 0)
        return kymo_fail(e, KYMO_EDATA, "no signals, and %s holds nothing else; kymo events -O csv lists events",
                         w->format->name);
    s->separator = strcmp(w->format->name, "tsv") == 0 ? '\t' : ',';
    s->second = INT64_MIN;
    s->tick_ns = -1;
    int rc = check_rates(w, e);
    if (rc == 0)
        rc = allocate(w, s, e);
    return rc < 0 ? rc : put_names(w, e);
}

void csv_discard(struct kymo_writer *w)
{
    struct csv_writer *s = w->state;

    if (!s)
        return;
    for (size_t i = 0; s->table && i < w->hdr.n_signals; i++)
        free(s->table[i]);
    free(s->table);
    free(s->decimals);
    free(s->digital);
    free(s->physical);
    free(s->done);
    free(s->tick);
    free(s->buf);
    free(s);
}

/* ---- cells ---- */

/* Any cell, with the separator before it. */
static char *put_cell(const struct kymo_writer *w, struct csv_writer *s, char *p, size_t signal, size_t i)
{
    const struct kymo_signal *sig = &w->hdr.signal[signal];
    const char *begin = p;

    *p++ = s->separator;
    if (!s->digital[signal])
        return p + csv_put_real(p, s->physical[signal][i], sig->storage == KYMO_F32);
    const int32_t v = s->digital[signal][i];
    if (v == KYMO_MISSING)
        return p;
    p += csv_put_digital(p, sig, v, s->decimals[signal]);
    const uint32_t k = (uint32_t)v + VALUES / 2;
    if (s->table[signal] && k < VALUES && p - begin <= 15) {
        struct value *made = &s->table[signal][k];
        memcpy(made->text, begin, (size_t)(p - begin));
        made->n = (uint8_t)(p - begin);
    }
    return p;
}

/* A row's cells. Copies of fixed length are single instructions. */
static inline char *put_cells(const struct kymo_writer *w, struct csv_writer *s, char *p, size_t n, size_t i)
{
    for (size_t signal = 0; signal < n; signal++) {
        const struct value *table = s->table[signal];
        const uint32_t k = table && s->digital[signal] ? (uint32_t)s->digital[signal][i] + VALUES / 2 : VALUES;
        if (k < VALUES && table[k].n) {
            memcpy(p, &table[k], 16);
            p += table[k].n;
        } else {
            p = put_cell(w, s, p, signal, i);
        }
    }
    return p;
}

/* ---- times ---- */

static void make_second(struct csv_writer *s, int64_t second)
{
    s->second = second;
    s->n_second = csv_put_fixed(s->second_text, second, 0);
}

/* The k-th tick, for a segment that begins tick_ns behind a whole second. */
static void make_tick(const struct kymo_writer *w, struct csv_writer *s, size_t k)
{
    const int64_t ns = s->tick_ns + kymo_time_of(w->hdr.signal[0].rate, (int64_t)k);
    struct tick *t = &s->tick[k];
    char text[32];

    const size_t n = csv_put_fixed(text, ns % KYMO_NS_PER_S, 9);   /* "0" or "0.xxx" */
    t->n = (uint8_t)(n - 1);
    memcpy(t->text, text + 1, t->n);
    t->second = ns / KYMO_NS_PER_S;
    t->made = true;
}

/* Where a row stands among the ticks. */
struct place {
    size_t tick;
    int64_t period_s;            /* when the period of ticks began */
};

static struct place place_of(const struct kymo_writer *w, struct csv_writer *s, const struct kymo_span *span)
{
    const struct kymo_ratio rate = w->hdr.signal[0].rate;
    const int64_t i = span->first - span->segment_first, period = i / rate.num - (i % rate.num < 0);
    const int64_t tick_ns = s->segment_ns % KYMO_NS_PER_S;

    if (tick_ns != s->tick_ns)
        memset(s->tick, 0, s->n_ticks * sizeof *s->tick);
    s->tick_ns = tick_ns;
    return (struct place){(size_t)(i - period * rate.num), s->segment_ns / KYMO_NS_PER_S + period * rate.den};
}

static inline char *put_time(const struct kymo_writer *w, struct csv_writer *s, char *p, struct place *at)
{
    struct tick *t = &s->tick[at->tick];

    if (!t->made)
        make_tick(w, s, at->tick);
    if (at->period_s + t->second != s->second)
        make_second(s, at->period_s + t->second);
    memcpy(p, s->second_text, sizeof s->second_text);
    p += s->n_second;
    memcpy(p, t, 16);
    p += t->n;
    if (++at->tick == s->n_ticks) {
        at->tick = 0;
        at->period_s += w->hdr.signal[0].rate.den;
    }
    return p;
}

/* ---- rows ---- */

/* All signals bring the same samples: rows first .. first + n. */
static int put_regular(struct kymo_writer *w, const struct kymo_block *b, struct kymo_err *e)
{
    struct csv_writer *s = w->state;
    const struct kymo_span *span = b->span;
    const bool ticks = s->tick && s->segment_ns >= 0 && kymo_block_time(b, 0, span->first) >= 0;
    struct place at = ticks ? place_of(w, s, span) : (struct place){0};

    for (size_t i = 0; i < span->n; i++) {
        if (s->used > BUFFER_BYTES) {
            const int rc = flush(w, e);
            if (rc < 0)
                return rc;
        }
        char *p = s->buf + s->used;
        if (ticks)
            p = put_time(w, s, p, &at);
        else
            p += csv_put_fixed(p, kymo_block_time(b, 0, span->first + (int64_t)i), 9);
        p = put_cells(w, s, p, w->hdr.n_signals, i);
        *p++ = '\n';
        s->used = (size_t)(p - s->buf);
    }
    s->n_rows += (int64_t)span->n;
    if (span->n > 0)
        s->last_ns = kymo_block_time(b, 0, span->first + (int64_t)span->n - 1);
    return 0;
}

/* The earliest time of what is not yet written; false where that is nothing. */
static bool next_time(const struct kymo_block *b, const size_t *done, int64_t *ns)
{
    bool any = false;

    for (size_t i = 0; i < b->hdr->n_signals; i++)
        if (done[i] < b->span[i].n) {
            const int64_t t = kymo_block_time(b, i, b->span[i].first + (int64_t)done[i]);
            *ns = any && *ns < t ? *ns : t;
            any = true;
        }
    return any;
}

/* Signals that do not bring the same samples: a row for each time that any of them has. */
static int put_merged(struct kymo_writer *w, const struct kymo_block *b, struct kymo_err *e)
{
    struct csv_writer *s = w->state;
    int64_t ns = 0;
    int rc = 0;

    memset(s->done, 0, w->hdr.n_signals * sizeof *s->done);
    while (next_time(b, s->done, &ns)) {
        if (s->used > BUFFER_BYTES && (rc = flush(w, e)) < 0)
            return rc;
        char *p = s->buf + s->used;
        p += csv_put_fixed(p, ns, 9);
        for (size_t i = 0; i < w->hdr.n_signals; i++) {
            if (s->done[i] < b->span[i].n && kymo_block_time(b, i, b->span[i].first + (int64_t)s->done[i]) == ns)
                p = put_cell(w, s, p, i, s->done[i]++);
            else
                *p++ = s->separator;
        }
        *p++ = '\n';
        s->used = (size_t)(p - s->buf);
        s->last_ns = ns;
        s->n_rows++;
    }
    return rc;
}

/* A new segment must come late enough that a reader sees a gap, or go on where the last one ended. Else it is moved there:
 * where it is, a reader would take its times for wrong. */
static int check_gap(struct kymo_writer *w, const struct kymo_block *b, int64_t ns, struct kymo_err *e)
{
    struct csv_writer *s = w->state;
    const int64_t spacing = kymo_time_of(w->hdr.signal[0].rate, 1), jump = ns - s->last_ns;

    if (jump <= 0)
        return kymo_fail(e, KYMO_EDATA, "samples at %.9g s, behind ones at %.9g s: %s cannot go back in time",
                         (double)ns / 1e9, (double)s->last_ns / 1e9, w->format->name);
    if (!b->new_segment || !s->same_rate || jump > spacing + spacing / 2 + 1 || llabs(jump - spacing) <= 1)
        return 0;
    if (!w->lossy)
        return kymo_fail(e, KYMO_EDATA, "a gap at %.9g s of less than a sample: %s cannot hold it, unless --lossy",
                         (double)s->last_ns / 1e9, w->format->name);
    s->lost_gaps++;
    s->shift_ns = spacing - jump;
    if (llabs(s->shift_ns) > llabs(s->most_shift_ns))
        s->most_shift_ns = s->shift_ns;
    return 0;
}

static int refuse_events(struct kymo_writer *w, size_t n, struct kymo_err *e)
{
    struct csv_writer *s = w->state;

    s->lost_events += n;
    return n == 0 || w->lossy ? 0 : kymo_fail(e, KYMO_EDATA, "%s holds samples, not events: leave them out with --lossy, list "
                                              "them with kymo events", w->format->name);
}

int csv_write(struct kymo_writer *w, struct kymo_block *b, struct kymo_err *e)
{
    struct csv_writer *s = w->state;
    struct kymo_block moved = *b;
    bool same = s->same_rate;
    int64_t ns;
    int rc = refuse_events(w, b->n_events, e);

    memset(s->done, 0, w->hdr.n_signals * sizeof *s->done);
    if (rc < 0 || !next_time(b, s->done, &ns))
        return rc;
    if (b->new_segment)
        s->shift_ns = 0;
    if (s->begun && (b->new_segment || ns + s->shift_ns <= s->last_ns) && (rc = check_gap(w, b, ns + s->shift_ns, e)) < 0)
        return rc;
    s->begun = true;
    s->segment_ns = moved.segment_ns = b->segment_ns + s->shift_ns;
    for (size_t i = 0; i < w->hdr.n_signals; i++) {
        const struct kymo_span *span = &b->span[i];
        const bool integer = kymo_storage_is_integer(w->hdr.signal[i].storage);
        s->digital[i] = integer ? span->digital : NULL;
        s->physical[i] = span->physical;
        same &= span->n == b->span->n && span->first == b->span->first && span->segment_first == b->span->segment_first;
    }
    return same ? put_regular(w, &moved, e) : put_merged(w, &moved, e);
}

int csv_write_event(struct kymo_writer *w, const struct kymo_event *ev, struct kymo_err *e)
{
    (void)ev;
    return refuse_events(w, 1, e);
}

int csv_finish(struct kymo_writer *w, struct kymo_err *e)
{
    const struct csv_writer *s = w->state;
    int rc = flush(w, e);

    if (rc == 0 && s->lost_events > 0)
        rc = kymo_warn(&w->log, e, kymo_output_name(w->out), -1, "%zu events left out", s->lost_events);
    if (rc == 0 && s->lost_gaps > 0)
        rc = kymo_warn(&w->log, e, kymo_output_name(w->out), -1, "%zu gaps of less than a sample closed, what is behind them "
                       "moved by up to %.9g s", s->lost_gaps, (double)s->most_shift_ns / 1e9);
    if (rc == 0 && s->n_rows < 2 && s->same_rate)
        rc = kymo_warn(&w->log, e, kymo_output_name(w->out), -1, "a table of %lld rows does not tell that they are %.12g a "
                       "second: to read it takes --rate", (long long)s->n_rows, kymo_ratio_real(w->hdr.signal[0].rate));
    return rc;
}
