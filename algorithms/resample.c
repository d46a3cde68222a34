/* algorithms/resample.c - see resample.h. */
#include "algorithms/resample.h"

#include "algorithms/clones.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef __int128 wide;

#define PI 3.141592653589793
#define LANES 16                      /* sums side by side: as many as hide the delay of an addition */
#define MOST_COEFFICIENTS (1 << 19)   /* of exact phases */
#define PHASES 512                    /* for each sample of the lower rate, where they are interpolated */
#define MOST_STEP 32                  /* in / out of a single stage */
#define STEP 16
#define OF_STAGES_DB 14               /* five stages, whose errors add up */
#define PIECE 4096
#define ALIGNMENT 64                  /* of rows, to a line of the cache */

struct resample_filter {
    int64_t in, out;                  /* without a common divisor */
    int64_t step_whole, step_part;    /* in / out */
    int64_t half;                     /* samples of x on either side of p */
    size_t width;                     /* 2 half */
    int64_t phases;                   /* for each sample of x, where they are interpolated; 0: exact */
    double *row;                      /* of width each; exact ones in the order in which y needs them */
    struct resample_filter *after;    /* what is done with every 16th sample */
    int64_t all_in, all_out;          /* of this and all that come after */
};

struct resample {
    const struct resample_filter *f;
    int64_t start, n_in;              /* index of the first sample, and of the next */
    int64_t next, whole, part, row;   /* k of the next y, whose p is whole + part / out; its row among exact ones */
    bool in_run, ended;               /* ended: the run is mirrored at its end */
    int64_t run_first, base;          /* index of the run's first sample, and of held[0] */
    size_t n_held, cap;
    double *held, *between;           /* between this stage and the next */
    struct resample *after;
};

/* ---- design ---- */

/* The modified Bessel function of the first kind of order 0, by its power series; its terms are all positive. */
static double bessel_i0(double x)
{
    double sum = 1, term = 1;

    for (int k = 1; term > 1e-17 * sum; k++) {
        term *= x / (2 * k) * (x / (2 * k));
        sum += term;
    }
    return sum;
}

struct prototype {
    double cutoff, reach, beta, i0;   /* cutoff in cycles per sample of x */
};

static double prototype_at(const struct prototype *h, double t)
{
    const double u = t / h->reach, v = 2 * PI * h->cutoff * t;

    if (fabs(u) >= 1)
        return 0;
    return 2 * h->cutoff * (v == 0 ? 1 : sin(v) / v) * bessel_i0(h->beta * sqrt(1 - u * u)) / h->i0;
}

static void make_row(const struct prototype *h, double part, size_t width, double *row)
{
    double sum = 0;

    for (size_t i = 0; i < width; i++)
        sum += row[i] = prototype_at(h, part + ((double)(width / 2) - 1 - (double)i));
    for (size_t i = 0; i < width; i++)
        row[i] /= sum;
}

/* Rows for all phases: those that come one after another, or evenly spaced ones, with one before and two behind. */
static int make_rows(struct resample_filter *f, const struct prototype *h, double band, struct kymo_err *e)
{
    const bool exact = f->out <= MOST_COEFFICIENTS / (int64_t)f->width;

    f->phases = exact ? 0 : (int64_t)ceil(PHASES * band);
    const int64_t n = exact ? f->out : f->phases + 3;
    if (!(f->row = aligned_alloc(ALIGNMENT, (size_t)n * f->width * sizeof *f->row)))
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %lld coefficients", (long long)n * (long long)f->width);
    for (int64_t r = 0, part = 0; r < n; r++) {
        const double phase = exact ? (double)part / (double)f->out : (double)(r - 1) / (double)f->phases;
        make_row(h, phase, f->width, f->row + (size_t)r * f->width);
        part = part >= f->out - f->step_part ? part - (f->out - f->step_part) : part + f->step_part;
    }
    return 0;
}

/* A filter of one stage that keeps what is below pass and takes out what is above stop, cycles per sample. */
static struct resample_filter *design_stage(int64_t in, int64_t out, double pass, double stop, double attenuation_db,
                                            struct kymo_err *e)
{
    const double band = fmin(1, (double)out / (double)in), length = (attenuation_db - 7.95) / (14.36 * (stop - pass)) + 1;
    struct prototype h = {.cutoff = (pass + stop) / 2, .beta = 0.1102 * (attenuation_db - 8.7)};
    struct resample_filter *f = calloc(1, sizeof *f);

    if (!f) {
        kymo_fail(e, KYMO_ENOMEM, "no memory for a filter");
        return NULL;
    }
    *f = (struct resample_filter){.in = in, .out = out, .all_in = in, .all_out = out,
                                  .step_whole = in / out, .step_part = in % out};
    f->width = LANES * (size_t)ceil(length / LANES);
    f->half = (int64_t)f->width / 2;
    h.reach = (double)f->half;
    h.i0 = bessel_i0(h.beta);
    if (make_rows(f, &h, band, e) == 0)
        return f;
    resample_filter_destroy(f);
    return NULL;
}

static int64_t common_divisor(int64_t a, int64_t b)
{
    while (b) {
        const int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static struct resample_filter *design(int64_t in, int64_t out, double pass, double attenuation_db, struct kymo_err *e)
{
    const double nyquist = 0.5 * fmin(1, (double)out / (double)in);

    if (in / MOST_STEP < out)
        return design_stage(in, out, pass * nyquist, nyquist, attenuation_db, e);
    struct resample_filter *f = design_stage(STEP, 1, pass * nyquist, 1.0 / STEP - nyquist, attenuation_db, e);
    if (!f)
        return NULL;
    const int64_t common = common_divisor(in, STEP);
    f->all_in = in;
    f->all_out = out;
    if ((f->after = design(in / common, STEP / common * out, pass, attenuation_db, e)))
        return f;
    resample_filter_destroy(f);
    return NULL;
}

struct resample_filter *resample_design(int64_t in, int64_t out, double pass, double attenuation_db, struct kymo_err *e)
{
    const int64_t most = INT64_C(1) << 52, common = in > 0 && out > 0 ? common_divisor(in, out) : 1;

    if (in < 1 || out < 1 || in / common > most || out / common > most)
        kymo_fail(e, KYMO_EUSAGE, "cannot make %lld samples out of %lld", (long long)out, (long long)in);
    else if (!((double)in / (double)out <= RESAMPLE_MOST_RATIO && (double)out / (double)in <= RESAMPLE_MOST_RATIO))
        kymo_fail(e, KYMO_EUSAGE, "one rate is more than %d times the other", RESAMPLE_MOST_RATIO);
    else if (!(pass >= 0.1 && pass <= 0.99))
        kymo_fail(e, KYMO_EUSAGE, "a pass-band of %g, not 0.1..0.99 of half the lower rate", pass);
    else if (!(attenuation_db >= 60 && attenuation_db <= 180))
        kymo_fail(e, KYMO_EUSAGE, "an attenuation of %g dB, not 60..180", attenuation_db);
    else
        return design(in / common, out / common, pass, attenuation_db + (in / MOST_STEP < out ? 0 : OF_STAGES_DB), e);
    return NULL;
}

void resample_filter_destroy(struct resample_filter *f)
{
    if (!f)
        return;
    resample_filter_destroy(f->after);
    free(f->row);
    free(f);
}

/* ---- the sums ---- */

CLONED_FOR_AVX2 static double dot(const double *restrict c, const double *restrict x, size_t n)
{
    double lane[LANES];

    for (size_t j = 0; j < LANES; j++)
        lane[j] = c[j] * x[j];
    for (size_t i = LANES; i < n; i += LANES)
        for (size_t j = 0; j < LANES; j++)
            lane[j] += c[i + j] * x[i + j];
    for (size_t j = 0; j < 8; j++)
        lane[j] += lane[j + 8];
    for (size_t j = 0; j < 4; j++)
        lane[j] += lane[j + 4];
    return (lane[0] + lane[2]) + (lane[1] + lane[3]);
}

/* y[k] for whole, part: among evenly spaced phases, by the cubic through the four nearest. */
static double between_phases(const struct resample_filter *f, int64_t part, const double *x)
{
    const double place = (double)part * (double)f->phases / (double)f->out, r = fmin(floor(place), (double)f->phases - 1);
    const double d = place - r;
    const double weight[] = {-d * (d - 1) * (d - 2) / 6, (d + 1) * (d - 1) * (d - 2) / 2, -(d + 1) * d * (d - 2) / 2,
                             (d + 1) * d * (d - 1) / 6};
    const double *row = f->row + (size_t)r * f->width;
    double y = 0;

    for (size_t i = 0; i < 4; i++)
        y += weight[i] * dot(row + i * f->width, x, f->width);
    return y;
}

/* ---- streaming ---- */

static void advance(struct resample *s)
{
    const struct resample_filter *f = s->f;

    s->next++;
    s->row = s->row + 1 == f->out ? 0 : s->row + 1;
    s->whole += f->step_whole;
    s->part += f->step_part;
    if (s->part >= f->out) {
        s->part -= f->out;
        s->whole++;
    }
}

/* The y of a run that can be had, up to cap of them. */
static size_t make(struct resample *s, double *y, size_t cap)
{
    const struct resample_filter *f = s->f;
    const int64_t ready = s->ended ? s->n_in : s->n_in - f->half;
    size_t made = 0;

    for (; made < cap && s->whole < ready; advance(s)) {
        const double *x = s->held + (s->whole - f->half + 1 - s->base);
        y[made++] = f->phases ? between_phases(f, s->part, x) : dot(f->row + (size_t)s->row * f->width, x, f->width);
    }
    return made;
}

/* Where sample i of a run of n lies, that is mirrored at both ends, again and again where it is short. */
static int64_t fold(int64_t i, int64_t n)
{
    const int64_t period = 2 * (n - 1);

    if (period == 0)
        return 0;
    i = (i % period + period) % period;
    return i < n ? i : period - i;
}

static double *at(const struct resample *s, int64_t i) { return s->held + (s->run_first + i - s->base); }

static void mirror_begin(struct resample *s)
{
    const int64_t n = s->n_in - s->run_first;

    for (int64_t i = -s->f->half; i < 0; i++)
        *at(s, i) = *at(s, fold(i, n));
}

static void end_run(struct resample *s)
{
    const int64_t half = s->f->half, n = s->n_in - s->run_first;

    if (n <= half)
        mirror_begin(s);
    for (int64_t i = n; i < n + half; i++)
        *at(s, i) = *at(s, fold(i, n));
    s->ended = true;
}

static void begin_run(struct resample *s)
{
    s->in_run = true;
    s->ended = false;
    s->run_first = s->n_in;
    s->base = s->n_in - s->f->half;
    s->n_held = (size_t)s->f->half;
}

/* Forgets what neither the next y nor the mirror at the end needs. */
static void forget(struct resample *s)
{
    const int64_t next = s->whole - s->f->half + 1, mirror = s->n_in - 1 - s->f->half, keep = next < mirror ? next : mirror;

    if (keep <= s->base)
        return;
    const size_t gone = (size_t)(keep - s->base);
    s->n_held -= gone;
    memmove(s->held, s->held + gone, s->n_held * sizeof *s->held);
    s->base = keep;
}

/* The y of a hole before sample end, up to cap of them. */
static size_t make_missing(struct resample *s, int64_t end, double *y, size_t cap)
{
    size_t made = 0;

    for (; made < cap && s->whole < end; advance(s))
        y[made++] = NAN;
    return made;
}

/* Samples x[n], none of them NaN. */
static size_t push_run(struct resample *s, const double *x, size_t n, double *y)
{
    const size_t room = s->cap - (size_t)s->f->half;   /* the rest is for the mirror */
    size_t made = 0;

    if (!s->in_run) {
        made = s->n_in > s->start ? make_missing(s, s->n_in, y, SIZE_MAX) : 0;
        begin_run(s);
    }
    while (n > 0) {
        if (s->n_held == room)
            forget(s);
        const size_t now = n < room - s->n_held ? n : room - s->n_held;
        const int64_t had = s->n_in - s->run_first;
        memcpy(s->held + s->n_held, x, now * sizeof *x);
        s->n_held += now;
        s->n_in += (int64_t)now;
        if (had <= s->f->half && s->n_in - s->run_first > s->f->half)
            mirror_begin(s);
        made += make(s, y + made, SIZE_MAX);
        x += now;
        n -= now;
    }
    return made;
}

/* What lies behind the last of them waits, since input may end before it: that sample may stand for the 16 of a stage before.
 * */
static size_t push_missing(struct resample *s, size_t n, double *y)
{
    size_t made = 0;

    if (s->in_run) {
        end_run(s);
        made = make(s, y, SIZE_MAX);
        s->in_run = false;
    }
    s->n_in += (int64_t)n;
    return made + make_missing(s, s->n_in - 1, y + made, SIZE_MAX);
}

static size_t push_stage(struct resample *s, const double *x, size_t n, double *y)
{
    size_t made = 0;

    for (size_t i = 0, end = 0; i < n; i = end) {
        const bool missing = isnan(x[i]);
        for (end = i + 1; end < n && (isnan(x[end]) != 0) == missing;)
            end++;
        made += missing ? push_missing(s, end - i, y + made) : push_run(s, x + i, end - i, y + made);
    }
    return made;
}

static size_t flush_stage(struct resample *s, double *y, size_t cap)
{
    if (s->in_run && !s->ended)
        end_run(s);
    return s->in_run ? make(s, y, cap) : make_missing(s, s->n_in, y, cap);
}

/* How many y there are for n samples of x: k with k in / out < n. */
static int64_t n_made_of(const struct resample_filter *f, int64_t n)
{
    return (int64_t)(((wide)n * f->all_out + f->all_in - 1) / f->all_in);
}

static void place(struct resample *s, int64_t k)
{
    const struct resample_filter *f = s->f;

    s->next = k;
    s->whole = (int64_t)((wide)k * f->in / f->out);
    s->part = (int64_t)((wide)k * f->in % f->out);
    s->row = k % f->out;
}

/* The last stage may begin up to a sample of its own before its input: the mirror reaches there. */
void resample_start(struct resample *s, int64_t index)
{
    const int64_t k = n_made_of(s->f, index);

    for (; s; s = s->after) {
        s->n_in = s->start = index;
        s->in_run = s->ended = false;
        index = (int64_t)(((wide)index * s->f->out + s->f->in - 1) / s->f->in);
        place(s, s->after ? index : k);
    }
}

struct resample *resample_create(const struct resample_filter *f, struct kymo_err *e)
{
    struct resample *s = calloc(1, sizeof *s);

    if (s) {
        s->f = f;
        s->cap = 4 * f->width + PIECE;
        s->held = malloc(s->cap * sizeof *s->held);
        s->between = f->after ? malloc((PIECE + 2 * f->width) * sizeof *s->between) : NULL;
    }
    if (!s || !s->held || (f->after && !s->between))
        kymo_fail(e, KYMO_ENOMEM, "no memory to change a rate");
    else if (!f->after || (s->after = resample_create(f->after, e))) {
        resample_start(s, 0);
        return s;
    }
    resample_destroy(s);
    return NULL;
}

int64_t resample_next(const struct resample *s) { return s->after ? resample_next(s->after) : s->next; }

size_t resample_bound(const struct resample *s, size_t n)
{
    return (size_t)(n_made_of(s->f, s->n_in + (int64_t)n) - resample_next(s)) + 2;
}

size_t resample_push(struct resample *s, const double *x, size_t n, double *y)
{
    size_t made = 0;

    if (!s->after)
        return push_stage(s, x, n, y);
    for (size_t now; n > 0; x += now, n -= now) {
        now = n < PIECE ? n : PIECE;
        made += resample_push(s->after, s->between, push_stage(s, x, now, s->between), y + made);
    }
    return made;
}

size_t resample_flush(struct resample *s, double *y, size_t cap)
{
    const int64_t left = n_made_of(s->f, s->n_in) - resample_next(s);
    const size_t most = left < 0 ? 0 : cap < (size_t)left ? cap : (size_t)left;
    size_t made = 0;

    if (cap == 0)
        return 0;
    if (!s->after)
        made = flush_stage(s, y, most);
    else {
        for (double x; made < most && flush_stage(s, &x, 1) == 1;)   /* of which at most one y comes */
            made += resample_push(s->after, &x, 1, y + made);
        made += resample_flush(s->after, y + made, most - made);
    }
    if (made == 0)
        resample_start(s, 0);
    return made;
}

void resample_destroy(struct resample *s)
{
    if (!s)
        return;
    resample_destroy(s->after);
    free(s->held);
    free(s->between);
    free(s);
}
