/* algorithms/zerophase.c - see zerophase.h.
 *
 * buf holds, one behind the other, what is ready to be given out and what only went forward; all work is done in place. */
#include "algorithms/zerophase.h"

#include "algorithms/pending.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define DECAYED 1e-12
#define LEAST_BLOCK 4096
#define COPY (8 * SOS_CHUNK)
#define MOST_OVERLAP ((size_t)1 << 22)
#define MOST_EDGE (3 * (2 * SOS_SECTIONS + 1))

struct zerophase {
    size_t n_sections, edge, overlap, block;
    bool begun;                   /* the segment: its first samples have gone forward, before that they wait as they came */
    size_t at;                    /* samples that went forward in the segment, modulo SOS_CHUNK */
    size_t first, n_ready, n_forward, cap;   /* buf[first ..] are ready, those behind them went forward, or wait */
    double *buf;
    double tail[MOST_EDGE + 1];   /* the last edge + 1 samples of the segment, as they came */
    double state[SOS_STATE(SOS_SECTIONS)];
    struct sos_section section[];
};

static size_t overlap_of(const struct sos_section *section, size_t n)
{
    const size_t memory = sos_memory(section, n, DECAYED);

    return memory == SIZE_MAX ? memory : memory + 2 * n;
}

struct zerophase *zerophase_create(const struct sos_section *section, size_t n, struct kymo_err *e)
{
    const size_t overlap = n >= 1 && n <= SOS_SECTIONS ? overlap_of(section, n) : SIZE_MAX;

    if (overlap > MOST_OVERLAP) {
        kymo_fail(e, KYMO_EUSAGE, "too slow a filter for zero phase: it would look more than %zu samples ahead", MOST_OVERLAP);
        return NULL;
    }
    struct zerophase *s = calloc(1, sizeof *s + n * sizeof *section);
    if (s) {
        s->n_sections = n;
        s->edge = 3 * (2 * n + 1);
        s->overlap = overlap;
        s->block = 2 * overlap > LEAST_BLOCK ? 2 * overlap : LEAST_BLOCK;
        s->cap = overlap + 2 * s->block + 2 * PENDING_PIECE + 2 * MOST_EDGE;
        s->buf = malloc(s->cap * sizeof *s->buf);
        memcpy(s->section, section, n * sizeof *section);
    }
    if (!s || !s->buf) {
        zerophase_destroy(s);
        kymo_fail(e, KYMO_ENOMEM, "no memory for a filter that looks %zu samples ahead", overlap);
        return NULL;
    }
    return s;
}

/* ---- the two passes, of objects alike whose counters are equal ---- */

static double *behind(struct zerophase *s) { return s->buf + s->first + s->n_ready + s->n_forward; }

static void forward(struct zerophase *const *s, size_t n_objects, double *const *x, size_t n)
{
    double *state[SOS_LANES] = {NULL};

    for (size_t k = 0; k < n_objects; k++)
        state[k] = s[k]->state;
    sos_run(s[0]->section, s[0]->n_sections, state, x, n_objects, n, s[0]->at, false);
    for (size_t k = 0; k < n_objects; k++)
        s[k]->at = (s[k]->at + n) % SOS_CHUNK;
}

/* The first n of those that went forward become ready; the backward filter begins with state. */
static void backward(struct zerophase *const *s, size_t n_objects, double *const *state, size_t n)
{
    double *x[SOS_LANES] = {NULL};

    for (size_t k = 0; k < n_objects; k++)
        x[k] = s[k]->buf + s[k]->first + s[k]->n_ready;
    sos_run(s[0]->section, s[0]->n_sections, state, x, n_objects, n, 0, true);
    for (size_t k = 0; k < n_objects; k++) {
        s[k]->n_ready += n;
        s[k]->n_forward -= n;
    }
}

/* With a whole block and the overlap behind it. The overlap is filtered in a copy, piece by piece. */
static void give_block(struct zerophase *const *s, size_t n_objects)
{
    double state[SOS_LANES][SOS_STATE(SOS_SECTIONS)], copy[SOS_LANES][COPY], *states[SOS_LANES], *x[SOS_LANES];
    size_t m;

    for (size_t k = 0; k < n_objects; k++) {
        states[k] = state[k];
        x[k] = copy[k];
        sos_settle(s[k]->section, s[k]->n_sections, behind(s[k])[-1], state[k]);
    }
    for (size_t done = 0; done < s[0]->overlap; done += m) {
        m = s[0]->overlap - done < COPY ? s[0]->overlap - done : COPY;
        for (size_t k = 0; k < n_objects; k++)
            memcpy(copy[k], behind(s[k]) - done - m, m * sizeof *copy[k]);
        sos_run(s[0]->section, s[0]->n_sections, states, x, n_objects, m, 0, true);
    }
    backward(s, n_objects, states, s[0]->block);
}

/* ---- a segment's beginning and end ---- */

/* The waiting samples go forward, behind n_edge of them turned about the first. */
static void begin(struct zerophase *const *s, size_t n_objects, size_t n_edge)
{
    double before[SOS_LANES][MOST_EDGE], *edge[SOS_LANES] = {NULL}, *x[SOS_LANES] = {NULL};

    for (size_t k = 0; k < n_objects; k++) {
        edge[k] = before[k];
        x[k] = behind(s[k]) - s[k]->n_forward;
        for (size_t j = 0; j < n_edge; j++)
            before[k][j] = 2 * x[k][0] - x[k][n_edge - j];
        sos_settle(s[k]->section, s[k]->n_sections, n_edge ? before[k][0] : x[k][0], s[k]->state);
        s[k]->begun = true;
        s[k]->at = 0;
    }
    forward(s, n_objects, edge, n_edge);
    forward(s, n_objects, x, s[0]->n_forward);
}

static void end_segment(struct zerophase *s)
{
    const size_t waiting = s->n_forward, n_edge = s->begun ? s->edge : waiting - (waiting > 0);
    double edge[MOST_EDGE + 1], state[SOS_STATE(SOS_SECTIONS)], *x = edge, *states = state;

    if (!s->begun && waiting == 0)
        return;
    const double *tail = s->begun ? s->tail : behind(s) - waiting;   /* n_edge + 1 samples */
    for (size_t j = 0; j < n_edge; j++)
        edge[j] = 2 * tail[n_edge] - tail[n_edge - 1 - j];
    if (!s->begun)
        begin(&s, 1, n_edge);
    forward(&s, 1, &x, n_edge);
    sos_settle(s->section, s->n_sections, n_edge ? edge[n_edge - 1] : behind(s)[-1], state);
    sos_run(s->section, s->n_sections, &states, &x, 1, n_edge, 0, true);
    backward(&s, 1, &states, s->n_forward);
    s->begun = false;
}

/* ---- samples ---- */

static void make_room(struct zerophase *s, size_t n)
{
    if (s->first + s->n_ready + s->n_forward + n <= s->cap)
        return;
    memmove(s->buf, s->buf + s->first, (s->n_ready + s->n_forward) * sizeof *s->buf);
    s->first = 0;
}

static void keep_tail(struct zerophase *s, const double *x, size_t n)
{
    const size_t keep = s->edge + 1, from_x = n < keep ? n : keep;

    memmove(s->tail, s->tail + from_x, (keep - from_x) * sizeof *s->tail);
    memcpy(s->tail + keep - from_x, x + n - from_x, from_x * sizeof *x);
}

/* x[k][n] without NaN, n at most what some are short of beginning or of a whole block: forward, and backward where it is
 * one. */
static void take(struct zerophase *const *s, size_t n_objects, double *const *x, size_t n)
{
    double *to[SOS_LANES] = {NULL};

    for (size_t k = 0; k < n_objects; k++) {
        make_room(s[k], n);
        to[k] = behind(s[k]);
        memcpy(to[k], x[k], n * sizeof *x[k]);
        keep_tail(s[k], x[k], n);
    }
    if (s[0]->begun)
        forward(s, n_objects, to, n);
    for (size_t k = 0; k < n_objects; k++)
        s[k]->n_forward += n;
    if (!s[0]->begun && s[0]->n_forward == s[0]->edge + 1)
        begin(s, n_objects, s[0]->edge);
    if (s[0]->n_forward == s[0]->overlap + s[0]->block)
        give_block(s, n_objects);
}

/* How many samples may come before something happens. */
static size_t until_next(const struct zerophase *s)
{
    return (s->begun ? s->overlap + s->block : s->edge + 1) - s->n_forward;
}

static void take_missing(struct zerophase *s, size_t n)
{
    end_segment(s);
    make_room(s, n);
    for (size_t i = 0; i < n; i++)
        s->buf[s->first + s->n_ready++] = NAN;
}

static void push_piece(struct zerophase *s, const double *x, size_t n)
{
    for (size_t i = 0, run; i < n; i += run) {
        bool missing;
        run = pending_run(x + i, n - i, &missing);
        if (missing) {
            take_missing(s, run);
            continue;
        }
        run = run < until_next(s) ? run : until_next(s);
        double piece[PENDING_PIECE], *from = piece;
        memcpy(piece, x + i, run * sizeof *x);
        take(&s, 1, &from, run);
    }
}

static size_t give(struct zerophase *s, double *y, size_t cap)
{
    const size_t n = s->n_ready < cap ? s->n_ready : cap;

    memcpy(y, s->buf + s->first, n * sizeof *y);
    s->first += n;
    s->n_ready -= n;
    return n;
}

size_t zerophase_push(struct zerophase *s, const double *x, size_t n, double *y)
{
    size_t made = 0;

    for (size_t i = 0, m; i < n; i += m) {
        m = n - i < PENDING_PIECE ? n - i : PENDING_PIECE;
        push_piece(s, x + i, m);
        made += give(s, y + made, m);
    }
    return made;
}

static bool are_level(struct zerophase *const *s, size_t n_objects, double *const *x, size_t n)
{
    bool level = true, missing;

    for (size_t k = 0; level && k < n_objects; k++)
        level = s[k]->begun == s[0]->begun && s[k]->at == s[0]->at && s[k]->n_forward == s[0]->n_forward &&
                pending_run(x[k], n, &missing) == n && !missing;
    return level;
}

/* A piece of all, x[k][n], side by side as far as they are level. */
static void push_pieces(struct zerophase *const *s, size_t n_objects, double *const *x, size_t n)
{
    for (size_t i = 0, m; i < n; i += m) {
        double *from[SOS_LANES];
        m = n - i < until_next(s[0]) ? n - i : until_next(s[0]);
        for (size_t k = 0; k < n_objects; k++)
            from[k] = x[k] + i;
        if (are_level(s, n_objects, from, m)) {
            take(s, n_objects, from, m);
            continue;
        }
        m = n - i;
        for (size_t k = 0; k < n_objects; k++)
            push_piece(s[k], from[k], m);
    }
}

void zerophase_push_many(struct zerophase *const *s, size_t n_objects, double *const *x_y, size_t n, size_t *made)
{
    for (size_t k = 0; k < n_objects; k++)
        made[k] = 0;
    for (size_t i = 0, m; i < n; i += m) {
        double *from[SOS_LANES];
        m = n - i < PENDING_PIECE ? n - i : PENDING_PIECE;
        for (size_t k = 0; k < n_objects; k++)
            from[k] = x_y[k] + i;
        push_pieces(s, n_objects, from, m);
        for (size_t k = 0; k < n_objects; k++)
            made[k] += give(s[k], x_y[k] + made[k], m);
    }
}

size_t zerophase_flush(struct zerophase *s, double *y, size_t cap)
{
    end_segment(s);
    return give(s, y, cap);
}

void zerophase_respond(const struct zerophase *s, double turns, double *re_im)
{
    sos_respond(s->section, s->n_sections, turns, re_im);
    re_im[0] = re_im[0] * re_im[0] + re_im[1] * re_im[1];
    re_im[1] = 0;
}

void zerophase_destroy(struct zerophase *s)
{
    if (s)
        free(s->buf);
    free(s);
}
