/* cli/filter_flow.c - blocks of a recording through chains of filters that hold samples back: see filter.h.
 *
 * A block whose samples all come back at once is written as it is. Else a copy waits, with its events and the signals that
 * are not filtered, and the filtered samples are put into it when they come. Signals alike go through their chains side by
 * side, which is faster. */
#include "cli/filter.h"

#include <stdlib.h>
#include <string.h>

#define SLICE 256

/* Where the next filtered sample of a lane goes. */
struct cursor {
    uint64_t block;               /* number of the waiting block, counted from the first that ever waited */
    size_t at;
};

struct flow {
    struct kymo_writer *out;
    struct filter_lane *lane;
    size_t n_lanes;
    struct cursor *cursor;        /* one for each lane */
    struct kymo_block **waiting;  /* waiting[number % cap] */
    uint64_t first, n_waiting;
    size_t cap;
    struct kymo_block **spare;    /* that waited before: n_spare <= cap */
    size_t n_spare;
};

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for blocks that wait"); }

/* ---- waiting blocks ---- */

static struct kymo_block *waiting_block(const struct flow *f, uint64_t number) { return f->waiting[number % f->cap]; }

/* Room for one more; the blocks move to where their numbers are in a larger ring. */
static int make_room(struct flow *f, struct kymo_err *e)
{
    const size_t cap = f->cap ? 2 * f->cap : 64;

    if (f->n_waiting < f->cap)
        return 0;
    struct kymo_block **ring = calloc(cap, sizeof *ring), **spare = realloc(f->spare, cap * sizeof *spare);
    if (spare)
        f->spare = spare;
    if (!ring || !spare) {
        free(ring);
        return out_of_memory(e);
    }
    for (uint64_t i = f->first; i < f->first + f->n_waiting; i++)
        ring[i % cap] = waiting_block(f, i);
    free(f->waiting);
    f->waiting = ring;
    f->cap = cap;
    return 0;
}

static struct kymo_block *take_spare(struct flow *f)
{
    if (f->n_spare > 0)
        return f->spare[--f->n_spare];
    struct kymo_block *b = calloc(1, sizeof *b);
    if (b)
        kymo_block_init(b, &f->out->hdr);
    return b;
}

static int copy_block(struct kymo_block *to, const struct kymo_block *from, struct kymo_err *e)
{
    int rc = 0;

    kymo_block_clear(to);
    to->new_segment = from->new_segment;
    to->segment_ns = from->segment_ns;
    for (size_t i = 0; rc == 0 && i < from->hdr->n_signals; i++) {
        const struct kymo_span *source = &from->span[i];
        if ((rc = kymo_block_reserve(to, i, source->n, e)) < 0)
            break;
        struct kymo_span *s = &to->span[i];
        s->first = source->first;
        s->segment_first = source->segment_first;
        s->n = source->n;
        s->has_physical = !kymo_storage_is_integer(to->hdr->signal[i].storage);
        if (s->n > 0 && kymo_storage_is_integer(to->hdr->signal[i].storage))
            memcpy(s->digital, source->digital, s->n * sizeof *s->digital);
        else if (s->n > 0)
            memcpy(s->physical, source->physical, s->n * sizeof *s->physical);
    }
    for (size_t i = 0; rc == 0 && i < from->n_events; i++)
        rc = kymo_block_event(to, &from->event[i], e);
    return rc;
}

static int add_waiting(struct flow *f, const struct kymo_block *b, struct kymo_err *e)
{
    struct kymo_block *copy = make_room(f, e) == 0 ? take_spare(f) : NULL;

    if (!copy)
        return out_of_memory(e);
    f->waiting[(f->first + f->n_waiting++) % f->cap] = copy;
    return copy_block(copy, b, e);
}

/* Moves a lane's cursor to where there is room, or behind the last block. */
static void advance(const struct flow *f, size_t lane)
{
    struct cursor *c = &f->cursor[lane];

    while (c->block < f->first + f->n_waiting && c->at == waiting_block(f, c->block)->span[f->lane[lane].signal].n)
        *c = (struct cursor){c->block + 1, 0};
}

/* The next filtered samples of a lane go to where they belong. */
static void put_filtered(struct flow *f, size_t lane, const double *x, size_t n)
{
    struct cursor *c = &f->cursor[lane];

    while (n > 0) {
        advance(f, lane);
        struct kymo_span *s = &waiting_block(f, c->block)->span[f->lane[lane].signal];
        const size_t m = n < s->n - c->at ? n : s->n - c->at;
        memcpy(s->physical + c->at, x, m * sizeof *x);
        c->at += m;
        x += m;
        n -= m;
    }
}

/* Writes the waiting blocks that are whole. */
static int write_whole(struct flow *f, struct kymo_err *e)
{
    uint64_t end = f->first + f->n_waiting;
    int rc = 0;

    for (size_t k = 0; k < f->n_lanes; k++) {
        advance(f, k);
        end = f->cursor[k].block < end ? f->cursor[k].block : end;
    }
    while (rc == 0 && f->first < end) {
        struct kymo_block *b = waiting_block(f, f->first);
        rc = kymo_write(f->out, b, e);
        f->spare[f->n_spare++] = b;
        f->first++;
        f->n_waiting--;
    }
    return rc;
}

/* ---- through the chains ---- */

/* What the chains still hold: a gap, or the end. */
static int end_segment(struct flow *f, struct kymo_err *e)
{
    double x[4096];

    for (size_t k = 0; k < f->n_lanes; k++)
        for (size_t n; (n = filter_chain_flush(&f->lane[k].chain, x, sizeof x / sizeof *x)) > 0;)
            put_filtered(f, k, x, n);
    return write_whole(f, e);
}

/* Lanes [k, ...) that go together: of one rate, with as many samples. */
static size_t count_alike(const struct flow *f, const struct kymo_block *b, size_t k)
{
    const struct kymo_signal *s = b->hdr->signal;
    const size_t first = f->lane[k].signal;
    size_t n = 1;

    while (n < FILTER_TOGETHER && k + n < f->n_lanes) {
        const size_t next = f->lane[k + n].signal;
        if (s[next].rate.num != s[first].rate.num || s[next].rate.den != s[first].rate.den ||
            b->span[next].n != b->span[first].n || f->lane[k + n].chain.n != f->lane[k].chain.n)
            break;
        n++;
    }
    return n;
}

/* Samples [at, at + n) of a signal in its unit. */
static double *physical_part(struct kymo_block *b, size_t signal, size_t at, size_t n)
{
    struct kymo_span *s = &b->span[signal];

    if (!s->has_physical && kymo_storage_is_integer(b->hdr->signal[signal].storage))
        kymo_calibrate(&b->hdr->signal[signal], s->digital + at, n, s->physical + at);
    return s->physical + at;
}

/* Lanes [k, k + n_together) in slices that stay in the cache from the first stage to the last. */
static void push_together(struct flow *f, struct kymo_block *b, size_t k, size_t n_together, size_t *made)
{
    const size_t n = b->span[f->lane[k].signal].n;
    struct filter_chain *chain[FILTER_TOGETHER];
    double *x[FILTER_TOGETHER];
    size_t part[FILTER_TOGETHER];

    memset(made, 0, n_together * sizeof *made);
    for (size_t at = 0, m; at < n; at += m) {
        m = n - at < SLICE ? n - at : SLICE;
        for (size_t j = 0; j < n_together; j++) {
            chain[j] = &f->lane[k + j].chain;
            x[j] = physical_part(b, f->lane[k + j].signal, at, m);
        }
        filter_chains_push(chain, n_together, x, m, part);
        for (size_t j = 0; j < n_together; j++) {
            double *to = b->span[f->lane[k + j].signal].physical + made[j];
            if (to != x[j])
                memmove(to, x[j], part[j] * sizeof *to);
            made[j] += part[j];
        }
    }
    for (size_t j = 0; j < n_together; j++)
        b->span[f->lane[k + j].signal].has_physical = true;
}

/* The block's samples become those that come out, made[k] of lane k; whether that is all of them. */
static bool push_block(struct flow *f, struct kymo_block *b, size_t *made)
{
    bool all = true;

    for (size_t k = 0, n; k < f->n_lanes; k += n) {
        n = count_alike(f, b, k);
        push_together(f, b, k, n, made + k);
        for (size_t j = 0; j < n; j++)
            all = all && made[k + j] == b->span[f->lane[k].signal].n;
    }
    return all;
}

static int pass_block(struct flow *f, struct kymo_block *b, size_t *made, struct kymo_err *e)
{
    const struct kymo_header *source = b->hdr;
    int rc = b->new_segment ? end_segment(f, e) : 0;

    if (rc < 0)
        return rc;
    for (size_t i = 0; rc == 0 && !b->span && i < b->n_events; i++)
        rc = kymo_write_event(f->out, &b->event[i], e);
    if (rc < 0 || !b->span)
        return rc;
    if (push_block(f, b, made) && f->n_waiting == 0) {
        b->hdr = &f->out->hdr;
        rc = kymo_write(f->out, b, e);
        b->hdr = source;
        return rc;
    }
    if ((rc = add_waiting(f, b, e)) < 0)
        return rc;
    for (size_t k = 0; k < f->n_lanes; k++) {
        if (f->n_waiting == 1)
            f->cursor[k] = (struct cursor){f->first, 0};
        put_filtered(f, k, b->span[f->lane[k].signal].physical, made[k]);
    }
    return write_whole(f, e);
}

static void release(struct flow *f)
{
    while (f->n_waiting > 0)
        f->spare[f->n_spare++] = waiting_block(f, f->first + --f->n_waiting);
    for (size_t i = 0; i < f->n_spare; i++) {
        kymo_block_release(f->spare[i]);
        free(f->spare[i]);
    }
    free(f->spare);
    free(f->waiting);
    free(f->cursor);
}

int filter_flow(struct kymo_reader *in, struct kymo_writer *out, struct filter_lane *lane, size_t n_lanes, struct kymo_err *e)
{
    struct flow f = {.out = out, .lane = lane, .n_lanes = n_lanes};
    size_t *made = calloc(n_lanes + 1, sizeof *made);
    struct kymo_block *b;
    int rc = 0;

    f.cursor = calloc(n_lanes + 1, sizeof *f.cursor);
    if (!made || !f.cursor)
        rc = out_of_memory(e);
    while (rc == 0 && (rc = kymo_read(in, &b, e)) > 0)
        rc = pass_block(&f, b, made, e);
    if (rc == 0)
        rc = end_segment(&f, e);
    free(made);
    release(&f);
    return rc < 0 ? rc : kymo_write_finish(out, e);
}
