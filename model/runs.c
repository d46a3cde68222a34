/* model/runs.c - see runs.h. */
#include "model/runs.h"

#include "algorithms/random.h"
#include "model/train.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define PI 3.14159265358979323846
#define BEFORE_S 0.15            /* of a beat that is taken, */
#define BEHIND_S 0.45            /* with its T wave */
#define EVERY_S 30.0
#define FADE_S 0.1               /* at either end of a run */
#define STRETCH 2.0              /* of a narrow beat */

enum { FEW = 5, LEADS = 2, MOST = 20 };

/* ---- the beat ---- */

struct shape {
    ptrdiff_t before, n;         /* samples; the beat's mark is at [before] */
    double *x[LEADS];
};

static bool is_beat(enum beatmatch_kind kind) { return kind <= BEATMATCH_O; }

/* A wave that begins and ends at 0, from around mark t. */
static void take_shape(double *const *x, size_t n_leads, size_t n, int64_t t, double stretch, struct shape *s)
{
    const double last = (double)n - 1;

    for (size_t c = 0; c < n_leads; c++) {
        for (ptrdiff_t i = 0; i < s->n; i++) {
            const double at = fmin(fmax((double)t + (double)(i - s->before) / stretch, 0), last);
            const size_t k = (size_t)at;
            s->x[c][i] = x[c][k] + (k + 1 < n ? (at - (double)k) * (x[c][k + 1] - x[c][k]) : 0);
        }
        const double first = s->x[c][0], rise = s->x[c][s->n - 1] - first;
        for (ptrdiff_t i = 0; i < s->n; i++)
            s->x[c][i] -= first + rise * (double)i / (double)(s->n - 1);
    }
}

/* One of the beats of a kind, by chance. */
static int64_t pick(const struct beatmatch_mark *mark, size_t n_marks, enum beatmatch_kind kind, size_t n_kind,
                    struct random *random)
{
    uint64_t nth = random_below(random, n_kind);

    for (size_t i = 0; i < n_marks; i++)
        if (mark[i].kind == kind && nth-- == 0)
            return mark[i].time;
    return 0;
}

static size_t count(const struct beatmatch_mark *mark, size_t n_marks, enum beatmatch_kind kind)
{
    size_t n = 0;

    for (size_t i = 0; i < n_marks; i++)
        n += mark[i].kind == kind;
    return n;
}

/* ---- the run ---- */

struct run {
    int64_t from, to;            /* samples that it takes the place of */
    int64_t beat[MOST];
    double size[MOST];
    size_t n;
};

/* Where a run that begins behind mark I ends: before the first beat behind its last. False where there is none, or flutter. */
static bool plan(const struct beatmatch_mark *mark, size_t n_marks, size_t i, double fs_hz, struct random *random,
                 struct run *run)
{
    const size_t wanted = 3 + random_below(random, MOST - 2);
    const double cycle_s = 0.24 + 0.22 * random_uniform(random);
    double t = (double)mark[i].time + (0.3 + 0.3 * random_uniform(random)) * fs_hz;

    run->from = mark[i].time + (int64_t)(0.25 * fs_hz);
    for (run->n = 0; run->n < wanted; run->n++) {
        run->beat[run->n] = llround(t);
        run->size[run->n] = exp(0.1 * random_normal(random));
        t += cycle_s * fs_hz * exp(0.03 * random_normal(random));
    }
    const double end = (double)run->beat[run->n - 1] + 0.5 * fs_hz;
    for (size_t k = i + 1; k < n_marks; k++) {
        if (mark[k].kind == BEATMATCH_VF_ON || mark[k].kind == BEATMATCH_VF_OFF)
            return false;
        if (is_beat(mark[k].kind) && (double)mark[k].time > end) {
            run->to = mark[k].time - (int64_t)(0.25 * fs_hz);
            return true;
        }
    }
    return false;
}

static double mean_of(const double *x, int64_t from, int64_t n)
{
    double sum = 0;

    for (int64_t i = from; i < from + n; i++)
        sum += x[i];
    return sum / (double)n;
}

static void put_run(double *x, const struct run *run, const double *shape, const struct shape *s, double fs_hz)
{
    const int64_t fade = (int64_t)(FADE_S * fs_hz), n = run->to - run->from;
    const double first = mean_of(x, run->from, fade), last = mean_of(x, run->to - fade, fade);
    double *const y = room((size_t)n, sizeof *y);

    for (size_t b = 0; b < run->n; b++)
        for (ptrdiff_t i = 0; i < s->n; i++) {
            const int64_t at = run->beat[b] - s->before + i - run->from;
            if (at >= 0 && at < n)
                y[at] += run->size[b] * shape[i];
        }
    for (int64_t i = 0; i < n; i++) {
        const int64_t edge = i < n - 1 - i ? i : n - 1 - i;
        const double w = edge < fade ? 0.5 - 0.5 * cos(PI * (double)edge / (double)fade) : 1;
        x[run->from + i] += w * (first + (last - first) * (double)i / (double)n + y[i] - x[run->from + i]);
    }
    free(y);
}

/* Which beats runs are made of; false: there are too few. */
static bool choose_kind(const struct beatmatch_mark *mark, size_t n_marks, enum beatmatch_kind *kind, size_t *n)
{
    for (*kind = BEATMATCH_V; (*n = count(mark, n_marks, *kind)) < FEW; *kind = BEATMATCH_N)
        if (*kind == BEATMATCH_N)
            return false;
    return true;
}

struct beatmatch_mark *runs_make(double *const *x, size_t n_leads, size_t n, double fs_hz, const struct beatmatch_mark *mark,
                                 size_t *n_marks, uint64_t seed)
{
    struct beatmatch_mark *const out = room(*n_marks + (size_t)((double)n / fs_hz / EVERY_S * 3 + 1) * MOST, sizeof *out);
    double *copy[LEADS] = {NULL};
    struct random random;
    struct shape s = {.before = (ptrdiff_t)(BEFORE_S * fs_hz), .n = (ptrdiff_t)((BEFORE_S + BEHIND_S) * fs_hz)};
    struct run run;
    enum beatmatch_kind kind;
    size_t n_kind;
    double next_s = EVERY_S * 0.3;
    int64_t flutter = 0, behind = -1;
    size_t n_out = 0;
    const bool any = choose_kind(mark, *n_marks, &kind, &n_kind);

    random_init(&random, seed, 3000);
    for (size_t c = 0; c < n_leads; c++) {
        copy[c] = room(n, sizeof *copy[c]);
        memcpy(copy[c], x[c], n * sizeof *copy[c]);
        s.x[c] = room((size_t)s.n, sizeof *s.x[c]);
    }
    for (size_t i = 0; i < *n_marks; i++) {
        if (!is_beat(mark[i].kind) || mark[i].time > behind)
            out[n_out++] = mark[i];
        flutter += (mark[i].kind == BEATMATCH_VF_ON) - (mark[i].kind == BEATMATCH_VF_OFF);
        const double at_s = (double)mark[i].time / fs_hz;
        if (!any || !is_beat(mark[i].kind) || mark[i].time <= behind || at_s < next_s || flutter > 0 ||
            !plan(mark, *n_marks, i, fs_hz, &random, &run) || run.to >= (int64_t)n)
            continue;
        take_shape(copy, n_leads, n, pick(mark, *n_marks, kind, n_kind, &random), kind == BEATMATCH_V ? 1 : STRETCH, &s);
        for (size_t c = 0; c < n_leads; c++)
            put_run(x[c], &run, s.x[c], &s, fs_hz);
        for (size_t b = 0; b < run.n; b++)
            out[n_out++] = (struct beatmatch_mark){run.beat[b], BEATMATCH_V};
        behind = run.to;
        next_s = (double)run.to / fs_hz + EVERY_S * (0.5 + random_uniform(&random));
    }
    for (size_t c = 0; c < n_leads; c++) {
        free(copy[c]);
        free(s.x[c]);
    }
    *n_marks = n_out;
    return out;
}
