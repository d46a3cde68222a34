/* algorithms/sos.c - see sos.h. */
#include "algorithms/sos.h"

#include "lib/clones.h"
#include "algorithms/pending.h"

#include <complex.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PI 3.14159265358979323846
#define TINY 1e-150
#define MOST_ADVANCE ((size_t)1 << 24)

/* Four signals side by side: sample i of each of them in one vector. */
typedef double lanes __attribute__((vector_size(32)));
typedef int64_t masks __attribute__((vector_size(32)));

#define WIDTH 4
#define MOST_VECTORS (SOS_LANES / WIDTH)

struct sos {
    size_t n_sections, advance;
    size_t at;                    /* samples taken, modulo SOS_CHUNK */
    bool in_segment;
    double last;                  /* sample of the segment */
    size_t to_drop;               /* outputs of the segment that belong before its first sample */
    struct pending *held;         /* NULL: no advance */
    double state[SOS_STATE(SOS_SECTIONS)];
    struct sos_section section[];
};

/* ---- what a filter does ---- */

void sos_respond(const struct sos_section *section, size_t n, double turns, double *re_im)
{
    const double complex back = cexp(-2 * PI * I * turns);
    double complex h = 1;

    for (size_t i = 0; i < n; i++) {
        const struct sos_section *s = &section[i];
        h *= (s->b0 + back * (s->b1 + back * s->b2)) / (1 + back * (s->a1 + back * s->a2));
    }
    re_im[0] = creal(h);
    re_im[1] = cimag(h);
}

/* Of 1/z c[0] + c[1] z^-1 + c[2] z^-2: the real part of sum(k c[k] z^-k) / sum(c[k] z^-k). */
static double delay_of(double c0, double c1, double c2, double complex back)
{
    const double complex whole = c0 + back * (c1 + back * c2), ramp = back * (c1 + 2 * back * c2);

    return cabs(whole) > 1e-12 * (fabs(c0) + fabs(c1) + fabs(c2)) ? creal(ramp / whole) : 0;
}

double sos_delay(const struct sos_section *section, size_t n, double turns)
{
    const double complex back = cexp(-2 * PI * I * turns);
    double delay = 0;

    for (size_t i = 0; i < n; i++)
        delay += delay_of(section[i].b0, section[i].b1, section[i].b2, back) -
                 delay_of(1, section[i].a1, section[i].a2, back);
    return delay;
}

/* 1 minus the radius of the outer pole, so told that nothing is lost near the unit circle. */
static double pole_margin(const struct sos_section *s)
{
    const double square = s->a1 * s->a1 / 4 - s->a2;

    if (square < 0)
        return (1 - s->a2) / (1 + sqrt(s->a2));
    const double nearer = 1 - fabs(s->a1) / 2 - sqrt(square);   /* 1 - |p|; their product is (1 - |a1|) + a2 */
    const double farther = 1 - fabs(s->a1) / 2 + sqrt(square);
    return farther > 0.1 ? ((1 - fabs(s->a1)) + s->a2) / farther : nearer;
}

size_t sos_memory(const struct sos_section *section, size_t n, double part)
{
    double least = 1;

    for (size_t i = 0; i < n; i++)
        least = fmin(least, pole_margin(&section[i]));
    return least <= 0 ? SIZE_MAX : least >= 1 ? 2 : (size_t)fmin(ceil(log(part) / log1p(-least)) + 2, 1e15);
}

/* ---- the recursion ---- */

void sos_settle(const struct sos_section *section, size_t n_sections, double x, double *state)
{
    state[0] = state[1] = x;
    for (size_t i = 0; i < n_sections; i++) {
        const struct sos_section *s = &section[i];
        x *= ((s->b0 + s->b1) + s->b2) / ((1 + s->a1) + s->a2);   /* in this order nothing near 0 is lost */
        state[2 * i + 2] = state[2 * i + 3] = x;
    }
}

/* buf[n][n_vectors] through one section, in place. x1, x2, y1, y2: the state, changed. */
static inline __attribute__((always_inline)) void run_section(const struct sos_section *s, lanes *x1, lanes *x2, lanes *y1,
                                                              lanes *y2, lanes *buf, ptrdiff_t step, size_t n,
                                                              const size_t n_vectors)
{
    const double b0 = s->b0, b1 = s->b1, b2 = s->b2, a1 = s->a1, a2 = s->a2;
    lanes p1[MOST_VECTORS], p2[MOST_VECTORS], q1[MOST_VECTORS], q2[MOST_VECTORS];

    for (size_t v = 0; v < n_vectors; v++) {
        p1[v] = x1[v];
        p2[v] = x2[v];
        q1[v] = y1[v];
        q2[v] = y2[v];
    }
    for (size_t i = 0; i < n; i++, buf += step)
        for (size_t v = 0; v < n_vectors; v++) {
            const lanes x = buf[v], y = (((b0 * x + b2 * p2[v]) + b1 * p1[v]) - a2 * q2[v]) - a1 * q1[v];
            p2[v] = p1[v];
            p1[v] = x;
            q2[v] = q1[v];
            q1[v] = y;
            buf[v] = y;
        }
    for (size_t v = 0; v < n_vectors; v++) {
        x1[v] = p1[v];
        x2[v] = p2[v];
        y1[v] = q1[v];
        y2[v] = q2[v];
    }
}

/* state[SOS_STATE][n_vectors] */
static inline __attribute__((always_inline)) void run_sections(const struct sos_section *section, size_t n_sections,
                                                               lanes *state, lanes *buf, size_t n, bool backward,
                                                               const size_t n_vectors)
{
    lanes x1[MOST_VECTORS], x2[MOST_VECTORS], before1[MOST_VECTORS], before2[MOST_VECTORS];
    lanes *first = backward ? buf + (n - 1) * n_vectors : buf;
    const ptrdiff_t step = backward ? -(ptrdiff_t)n_vectors : (ptrdiff_t)n_vectors;

    memcpy(x1, state, n_vectors * sizeof *x1);
    memcpy(x2, state + n_vectors, n_vectors * sizeof *x2);
    for (size_t i = 0; i < n_sections; i++) {
        lanes *y1 = state + (2 * i + 2) * n_vectors, *y2 = y1 + n_vectors;
        memcpy(before1, y1, n_vectors * sizeof *y1);
        memcpy(before2, y2, n_vectors * sizeof *y2);
        run_section(&section[i], x1, x2, y1, y2, first, step, n, n_vectors);
        if (i == 0) {
            memcpy(state, x1, n_vectors * sizeof *x1);
            memcpy(state + n_vectors, x2, n_vectors * sizeof *x2);
        }
        memcpy(x1, before1, n_vectors * sizeof *x1);
        memcpy(x2, before2, n_vectors * sizeof *x2);
    }
}

static inline __attribute__((always_inline)) void drop_tiny(lanes *state, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const masks tiny = (state[i] < TINY) & (state[i] > -TINY);
        state[i] = (lanes)((masks)state[i] & ~tiny);
    }
}

static inline __attribute__((always_inline)) void turn(lanes *a)
{
    const lanes t0 = __builtin_shufflevector(a[0], a[1], 0, 4, 2, 6), t1 = __builtin_shufflevector(a[0], a[1], 1, 5, 3, 7);
    const lanes t2 = __builtin_shufflevector(a[2], a[3], 0, 4, 2, 6), t3 = __builtin_shufflevector(a[2], a[3], 1, 5, 3, 7);

    a[0] = __builtin_shufflevector(t0, t2, 0, 1, 4, 5);
    a[1] = __builtin_shufflevector(t1, t3, 0, 1, 4, 5);
    a[2] = __builtin_shufflevector(t0, t2, 2, 3, 6, 7);
    a[3] = __builtin_shufflevector(t1, t3, 2, 3, 6, 7);
}

/* x[k][n], k < WIDTH, to buf[i * stride], and back. */
static inline __attribute__((always_inline)) void interleave(double *const *x, size_t from, size_t n, lanes *buf, size_t stride)
{
    size_t i = 0;

    for (; i + WIDTH <= n; i += WIDTH) {
        lanes a[WIDTH];
        for (size_t k = 0; k < WIDTH; k++)
            memcpy(&a[k], x[k] + from + i, sizeof a[k]);
        turn(a);
        for (size_t k = 0; k < WIDTH; k++)
            buf[(i + k) * stride] = a[k];
    }
    for (; i < n; i++)
        buf[i * stride] = (lanes){x[0][from + i], x[1][from + i], x[2][from + i], x[3][from + i]};
}

static inline __attribute__((always_inline)) void separate(const lanes *buf, size_t stride, size_t from, size_t n,
                                                           double *const *x)
{
    size_t i = 0;

    for (; i + WIDTH <= n; i += WIDTH) {
        lanes a[WIDTH];
        for (size_t k = 0; k < WIDTH; k++)
            a[k] = buf[(i + k) * stride];
        turn(a);
        for (size_t k = 0; k < WIDTH; k++)
            memcpy(x[k] + from + i, &a[k], sizeof a[k]);
    }
    for (; i < n; i++)
        for (size_t k = 0; k < WIDTH; k++)
            x[k][from + i] = buf[i * stride][k];
}

static inline __attribute__((always_inline)) void run_vectors(const struct sos_section *section, size_t n_sections,
                                                              double *const *state, double *const *x, size_t n_lanes, size_t n,
                                                              size_t at, bool backward, const size_t n_vectors)
{
    lanes held[SOS_STATE(SOS_SECTIONS) * MOST_VECTORS], buf[SOS_CHUNK * MOST_VECTORS];
    double spare[SOS_CHUNK] = {0};   /* of lanes without a signal: never anything but 0, which gives 0 */
    const size_t n_state = SOS_STATE(n_sections);

    for (size_t v = 0; v < n_vectors; v++)
        for (size_t j = 0; j < n_state; j++)
            for (size_t k = 0; k < WIDTH; k++)
                held[j * n_vectors + v][k] = v * WIDTH + k < n_lanes ? state[v * WIDTH + k][j] : 0;
    for (size_t done = 0; done < n;) {
        const size_t room = SOS_CHUNK - at % SOS_CHUNK, m = room < n - done ? room : n - done;
        const size_t from = backward ? n - done - m : done;
        if (at % SOS_CHUNK == 0)
            drop_tiny(held, n_state * n_vectors);
        for (size_t v = 0; v < n_vectors; v++) {
            double *four[WIDTH];
            for (size_t k = 0; k < WIDTH; k++)
                four[k] = v * WIDTH + k < n_lanes ? x[v * WIDTH + k] + from : spare;
            interleave(four, 0, m, buf + v, n_vectors);
        }
        run_sections(section, n_sections, held, buf, m, backward, n_vectors);
        for (size_t v = 0; v < n_vectors; v++) {
            double *four[WIDTH];
            for (size_t k = 0; k < WIDTH; k++)
                four[k] = v * WIDTH + k < n_lanes ? x[v * WIDTH + k] + from : spare;
            separate(buf + v, n_vectors, 0, m, four);
        }
        done += m;
        at += m;
    }
    for (size_t k = 0; k < n_lanes; k++)
        for (size_t j = 0; j < n_state; j++)
            state[k][j] = held[j * n_vectors + k / WIDTH][k % WIDTH];
}

CLONED_FOR_AVX2 void sos_run(const struct sos_section *section, size_t n_sections, double *const *state, double *const *x,
                             size_t n_lanes, size_t n, size_t at, bool backward)
{
    if (n_lanes <= WIDTH)
        run_vectors(section, n_sections, state, x, n_lanes, n, at, backward, 1);
    else if (n_lanes <= 2 * WIDTH)
        run_vectors(section, n_sections, state, x, n_lanes, n, at, backward, 2);
    else
        run_vectors(section, n_sections, state, x, n_lanes, n, at, backward, 3);
}

/* ---- the object ---- */

struct sos *sos_create(const struct sos_section *section, size_t n, size_t advance, struct kymo_err *e)
{
    if (n < 1 || n > SOS_SECTIONS || advance > MOST_ADVANCE) {
        kymo_fail(e, KYMO_EUSAGE, "%zu sections, not 1..%d, or an advance of %zu samples, not 0..%zu", n, SOS_SECTIONS, advance,
                  MOST_ADVANCE);
        return NULL;
    }
    if (sos_memory(section, n, 0.5) == SIZE_MAX) {
        kymo_fail(e, KYMO_EUSAGE, "a filter that is not stable in double precision: an edge too near to 0 or to half the rate");
        return NULL;
    }
    struct sos *s = calloc(1, sizeof *s + n * sizeof *section);
    if (s && advance > 0)
        s->held = pending_create(advance + PENDING_PIECE);
    if (!s || (advance > 0 && !s->held)) {
        free(s);
        kymo_fail(e, KYMO_ENOMEM, "no memory for a filter");
        return NULL;
    }
    s->n_sections = n;
    s->advance = advance;
    memcpy(s->section, section, n * sizeof *section);
    return s;
}

/* Every sample of the segment, x[k][n], for objects alike and level; in place. */
static void run_samples(struct sos *const *s, size_t n_objects, double *const *x, size_t n)
{
    double *state[SOS_LANES] = {NULL};

    for (size_t k = 0; k < n_objects; k++) {
        state[k] = s[k]->state;
        if (!s[k]->in_segment) {
            sos_settle(s[k]->section, s[k]->n_sections, x[k][0], s[k]->state);
            s[k]->to_drop = s[k]->advance;
        }
        s[k]->in_segment = true;
        s[k]->last = x[k][n - 1];
    }
    sos_run(s[0]->section, s[0]->n_sections, state, x, n_objects, n, s[0]->at, false);
    for (size_t k = 0; k < n_objects; k++)
        s[k]->at = (s[k]->at + n) % SOS_CHUNK;
}

/* What the filter gave, without what belongs before the segment. */
static void hold(struct sos *s, const double *y, size_t n)
{
    const size_t drop = s->to_drop < n ? s->to_drop : n;

    s->to_drop -= drop;
    pending_put(s->held, y + drop, n - drop);
}

static void end_segment(struct sos *s)
{
    double more[SOS_CHUNK], *x = more, *state = s->state;

    for (size_t done = 0; s->in_segment && done < s->advance; done += SOS_CHUNK) {
        const size_t left = s->advance - done, n = left < SOS_CHUNK ? left : SOS_CHUNK;
        for (size_t i = 0; i < n; i++)
            more[i] = s->last;
        sos_run(s->section, s->n_sections, &state, &x, 1, n, 0, false);
        hold(s, more, n);
    }
    s->in_segment = false;
}

/* x[n], whatever is in it; y[i] where there is no advance, else into held. */
static void push_piece(struct sos *s, double *x, size_t n)
{
    for (size_t i = 0, run; i < n; i += run) {
        double *from = x + i;
        bool missing;
        run = pending_run(from, n - i, &missing);
        if (missing) {
            end_segment(s);
            s->at = (s->at + run) % SOS_CHUNK;
        } else {
            run_samples(&s, 1, &from, run);
        }
        if (s->held && missing)
            pending_fill(s->held, NAN, run);
        else if (s->held)
            hold(s, from, run);
    }
}

size_t sos_push(struct sos *s, const double *x, size_t n, double *y)
{
    size_t made = 0;

    for (size_t i = 0, m; i < n; i += m) {
        double piece[PENDING_PIECE];
        m = n - i < PENDING_PIECE ? n - i : PENDING_PIECE;
        memcpy(piece, x + i, m * sizeof *x);
        push_piece(s, piece, m);
        if (s->held) {
            made += pending_take(s->held, y + made, m);
        } else {
            memcpy(y + made, piece, m * sizeof *y);
            made += m;
        }
    }
    return made;
}

/* Whether all can go side by side over x[k][n]. */
static bool are_level(struct sos *const *s, size_t n_objects, double *const *x, size_t n)
{
    bool level = n > 0, missing;

    for (size_t k = 0; level && k < n_objects; k++)
        level = s[k]->at == s[0]->at && pending_run(x[k], n, &missing) == n && !missing;
    return level;
}

void sos_push_many(struct sos *const *s, size_t n_objects, double *const *x_y, size_t n, size_t *made)
{
    if (n > PENDING_PIECE || !are_level(s, n_objects, x_y, n)) {
        for (size_t k = 0; k < n_objects; k++)
            made[k] = sos_push(s[k], x_y[k], n, x_y[k]);
        return;
    }
    run_samples(s, n_objects, x_y, n);
    for (size_t k = 0; k < n_objects; k++) {
        made[k] = n;
        if (s[k]->held) {
            hold(s[k], x_y[k], n);
            made[k] = pending_take(s[k]->held, x_y[k], n);
        }
    }
}

size_t sos_flush(struct sos *s, double *y, size_t cap)
{
    end_segment(s);
    s->at = 0;
    return s->held ? pending_take(s->held, y, cap) : 0;
}

void sos_object_respond(const struct sos *s, double turns, double *re_im)
{
    sos_respond(s->section, s->n_sections, turns, re_im);
    const double complex h = (re_im[0] + I * re_im[1]) * cexp(2 * PI * I * turns * (double)s->advance);
    re_im[0] = creal(h);
    re_im[1] = cimag(h);
}

void sos_destroy(struct sos *s)
{
    if (s)
        pending_destroy(s->held);
    free(s);
}
