/* algorithms/baseline_spline.c - see baseline_spline.h.
 *
 * The detector gets the input in pieces of PIECE samples, whatever the caller's, so that what is known when a sample is given
 * does not depend on them. */
#include "algorithms/baseline_spline.h"
#include "algorithms/qrs.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define EARLIEST_S 0.11      /* before a beat */
#define LATEST_S   0.04
#define MEAN_S     0.02
#define STEP_S     0.005
#define MUCH_LESS  0.5
#define WAIT_S     3.0       /* without a beat */
#define FILL_S     1.5
#define KNOWN_S    (QRS_FAST_S + 0.2)   /* knots that lie further back are all there */
#define DELAY_S    (KNOWN_S + 2 * WAIT_S + FILL_S + 0.5)
#define APART_S    0.1

enum { PIECE = 64, KNOTS = 1024, AVERAGED = 8 };

struct knot {
    double at, x;                 /* sample of the input; value */
};

struct baseline_spline {
    double fs_hz;
    struct qrs *qrs;
    struct qrs_beat *beat;
    size_t n_beat;                /* room for */
    int64_t size, delay;
    int64_t n_in, n_out, n_real;  /* taken and given since create or flush; in flush, taken counts what follows the end too */
    double *x;                    /* ring of size */
    double piece[PIECE];
    int64_t n_seen;               /* of the input, by the detector */
    int64_t n_front, n_mean, n_step;   /* samples from EARLIEST_S to LATEST_S before a beat; in a mean; in STEP_S */
    double *front;                /* these of the last beats, averaged */
    int n_averaged;
    int64_t flattest;             /* of them, the first of a mean */
    double last;                  /* where the last knot is, or would be if there were a sample */
    struct knot *knot;            /* ring of KNOTS */
    int64_t n_knots, now;         /* knot[now] is the last at or before what is given next, -1: none */
};

struct baseline_spline *baseline_spline_create(double fs_hz, struct kymo_err *e)
{
    struct qrs *qrs = qrs_create(fs_hz, 1, NULL, e);

    if (!qrs) {
        kymo_during(e, "no baseline through the PR segments");
        return NULL;
    }
    struct baseline_spline *s = calloc(1, sizeof *s);
    if (!s) {
        qrs_destroy(qrs);
        kymo_fail(e, KYMO_ENOMEM, "no memory for a baseline");
        return NULL;
    }
    s->fs_hz = fs_hz;
    s->qrs = qrs;
    s->delay = (int64_t)ceil(DELAY_S * fs_hz);
    s->size = s->delay + PIECE + 1;
    s->now = -1;
    s->n_front = (int64_t)ceil(EARLIEST_S * fs_hz) - (int64_t)floor(LATEST_S * fs_hz) + 1;
    s->n_mean = (int64_t)fmax(2, round(MEAN_S * fs_hz));
    s->n_step = (int64_t)fmax(1, round(STEP_S * fs_hz));
    s->front = calloc((size_t)s->n_front, sizeof *s->front);
    s->n_beat = qrs_bound(qrs, PIECE);
    s->beat = malloc(s->n_beat * sizeof *s->beat);
    s->x = malloc((size_t)s->size * sizeof *s->x);
    s->knot = malloc(KNOTS * sizeof *s->knot);
    if (!s->beat || !s->x || !s->knot || !s->front) {
        kymo_fail(e, KYMO_ENOMEM, "no memory for a baseline at %g Hz", fs_hz);
        baseline_spline_destroy(s);
        return NULL;
    }
    return s;
}

static double sample(const struct baseline_spline *s, int64_t i) { return s->x[i % s->size]; }

static bool is_held(const struct baseline_spline *s, int64_t i)
{
    return i >= 0 && i < s->n_real && i >= s->n_real - s->size && isfinite(sample(s, i));
}

/* ---- knots ---- */

static void add_knot(struct baseline_spline *s, double at, double x)
{
    s->knot[s->n_knots++ % KNOTS] = (struct knot){at, x};
}

/* Of all samples from first to last that are there. */
static void add_mean(struct baseline_spline *s, double middle, double half)
{
    double sum = 0;
    int n = 0;

    for (int64_t i = (int64_t)ceil(middle - half); (double)i <= middle + half; i++)
        if (is_held(s, i)) {
            sum += sample(s, i);
            n++;
        }
    if (n > 0)
        add_knot(s, middle, sum / n);
}

/* There is no beat with a knot from the last one to `to`. */
static void fill(struct baseline_spline *s, double to)
{
    while (s->last + WAIT_S * s->fs_hz < to) {
        s->last += FILL_S * s->fs_hz;
        add_mean(s, s->last, 0.5 * s->fs_hz);
    }
}

/* What lies in front of a beat goes into the mean of that, its own level taken out. Returns false if not all is there. */
static bool average_front(struct baseline_spline *s, int64_t first)
{
    double sum = 0;

    for (int64_t k = 0; k < s->n_front; k++)
        sum += is_held(s, first + k) ? sample(s, first + k) : (double)NAN;
    if (!isfinite(sum))
        return false;
    const double level = sum / (double)s->n_front;
    s->n_averaged += s->n_averaged < AVERAGED;
    for (int64_t k = 0; k < s->n_front; k++)
        s->front[k] += (sample(s, first + k) - level - s->front[k]) / s->n_averaged;
    return true;
}

static double change(const struct baseline_spline *s, int64_t first)
{
    double sum = 0;

    for (int64_t k = first + s->n_step; k < first + s->n_mean; k++)
        sum += fabs(s->front[k] - s->front[k - s->n_step]);
    return sum;
}

/* Where in the mean front 20 ms change least; where they did before, unless that has become much worse. */
static int64_t flattest(struct baseline_spline *s)
{
    int64_t best = 0;

    for (int64_t i = 1; i + s->n_mean <= s->n_front; i++)
        if (change(s, i) < change(s, best))
            best = i;
    if (s->n_averaged == 1 || change(s, best) < MUCH_LESS * change(s, s->flattest))
        s->flattest = best;
    return s->flattest;
}

static bool find_segment(struct baseline_spline *s, int64_t beat, double *at, double *mean)
{
    const int64_t first = beat - (int64_t)ceil(EARLIEST_S * s->fs_hz);
    double sum = 0;

    if (!average_front(s, first))
        return false;
    const int64_t i = first + flattest(s);
    for (int64_t k = i; k < i + s->n_mean; k++)
        sum += sample(s, k);
    *at = (double)i + (double)(s->n_mean - 1) / 2;
    *mean = sum / (double)s->n_mean;
    return true;
}

static void add_beats(struct baseline_spline *s, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        double at = 0, mean = 0;
        if (s->beat[k].noise > 0 || !find_segment(s, s->beat[k].sample, &at, &mean))
            continue;
        fill(s, at);
        if (s->n_knots > 0 && at < s->last + APART_S * s->fs_hz)
            continue;
        add_knot(s, at, mean);
        s->last = at;
    }
}

/* The detector takes what is in the piece. */
static void search(struct baseline_spline *s)
{
    const double *const lead = s->piece;

    const size_t n = (size_t)(s->n_real - s->n_seen);
    s->n_seen = s->n_real;
    add_beats(s, qrs_push(s->qrs, &lead, n, s->beat));
    fill(s, (double)s->n_real - KNOWN_S * s->fs_hz);
}

static void search_rest(struct baseline_spline *s)
{
    search(s);
    for (size_t n; (n = qrs_flush(s->qrs, s->beat, s->n_beat)) > 0;)
        add_beats(s, n);
    fill(s, (double)s->n_real);
    if (s->n_knots == 0)          /* short */
        add_mean(s, (double)s->n_real / 2, (double)s->n_real / 2);
}

/* ---- the curve ---- */

static const struct knot *knot(const struct baseline_spline *s, int64_t k) { return &s->knot[k % KNOTS]; }

static bool are_near(const struct baseline_spline *s, int64_t k)
{
    return k >= 0 && k + 1 < s->n_knots && knot(s, k + 1)->at - knot(s, k)->at <= (WAIT_S + 0.1) * s->fs_hz;
}

static double secant(const struct baseline_spline *s, int64_t k)
{
    return (knot(s, k + 1)->x - knot(s, k)->x) / (knot(s, k + 1)->at - knot(s, k)->at);
}

/* At knot k, which is near the one before or the one behind it. */
static double slope(const struct baseline_spline *s, int64_t k)
{
    if (!are_near(s, k - 1))
        return secant(s, k);
    if (!are_near(s, k))
        return secant(s, k - 1);
    return (knot(s, k + 1)->x - knot(s, k - 1)->x) / (knot(s, k + 1)->at - knot(s, k - 1)->at);
}

static double baseline(struct baseline_spline *s, int64_t i)
{
    const double at = (double)i;

    while (s->now + 1 < s->n_knots && knot(s, s->now + 1)->at <= at)
        s->now++;
    const int64_t k = s->now;
    if (k < 0)
        return s->n_knots > 0 ? knot(s, 0)->x : 0;
    if (!are_near(s, k)) {
        const bool is_next = k + 1 < s->n_knots && knot(s, k + 1)->at - at <= FILL_S * s->fs_hz;
        return knot(s, k + is_next)->x;
    }
    const double h = knot(s, k + 1)->at - knot(s, k)->at, u = at - knot(s, k)->at, d = secant(s, k);
    const double m0 = slope(s, k), m1 = slope(s, k + 1);
    return knot(s, k)->x + u * (m0 + u / h * (3 * d - 2 * m0 - m1 + u / h * (m0 + m1 - 2 * d)));
}

static double output(struct baseline_spline *s)
{
    const int64_t i = s->n_out++;

    return isfinite(sample(s, i)) ? sample(s, i) - baseline(s, i) : (double)NAN;
}

/* ---- stream ---- */

size_t baseline_spline_push(struct baseline_spline *s, const double *x, size_t n, double *y)
{
    size_t made = 0;

    for (size_t i = 0; i < n; i++) {
        const double v = x[i];
        s->x[s->n_in % s->size] = v;
        s->piece[s->n_in % PIECE] = v;
        s->n_real = ++s->n_in;
        if (s->n_in % PIECE == 0)
            search(s);
        if (s->n_in > s->delay)
            y[made++] = output(s);
    }
    return made;
}

static void reset(struct baseline_spline *s)
{
    memset(s->front, 0, (size_t)s->n_front * sizeof *s->front);
    s->n_averaged = 0;
    s->n_in = s->n_out = s->n_real = s->n_seen = s->n_knots = 0;
    s->last = 0;
    s->now = -1;
}

size_t baseline_spline_flush(struct baseline_spline *s, double *y, size_t cap)
{
    size_t made = 0;

    if (s->n_real > 0 && s->n_in == s->n_real) {
        search_rest(s);
        s->n_in++;                /* the end has been seen */
    }
    while (made < cap && s->n_out < s->n_real)
        y[made++] = output(s);
    if (s->n_out == s->n_real)
        reset(s);
    return made;
}

void baseline_spline_destroy(struct baseline_spline *s)
{
    if (!s)
        return;
    qrs_destroy(s->qrs);
    free(s->beat);
    free(s->x);
    free(s->knot);
    free(s->front);
    free(s);
}
