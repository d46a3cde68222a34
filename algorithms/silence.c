/* algorithms/silence.c - see silence.h. */
#include "algorithms/silence.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define STEP_S   0.02
#define WINDOW_S 2.0
#define SPEAKS   0.2      /* of the usual step: ventricular beats have half of it and more, P waves less */
#define STILL_S  0.5      /* a lead that does not change at all for so long is off */
#define LARGEST  1e100    /* no measurement; differences stay finite */

enum { WINDOWS = 16, LEAST_WINDOWS = 4 };

struct lead {
    double sum, mean, last;       /* of the step that is being made; the one before; newest sample */
    bool missing, was_missing;    /* a sample of this step; of the one before */
    double largest;               /* d in this window */
    double level[WINDOWS];        /* largest d of windows that were not silent; those of n_levels, a ring */
    int64_t n_levels;
    double usual;                 /* 0: no voice yet */
    int64_t still;                /* steps since it changed */
};

struct silence {
    double fs_hz;
    int thin, window, still;      /* samples in a step; steps in a window, and in STILL_S */
    size_t n_leads;
    struct lead *lead;
    int64_t n_steps;
    int phase;
    int64_t from;                 /* first step of the silence that is; -1: none */
};

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void end_window(struct lead *l)
{
    double sorted[WINDOWS];

    if (l->largest > SPEAKS * l->usual)
        l->level[l->n_levels++ % WINDOWS] = l->largest;
    l->largest = 0;
    const size_t n = l->n_levels < WINDOWS ? (size_t)l->n_levels : WINDOWS;
    if (n < LEAST_WINDOWS)
        return;
    memcpy(sorted, l->level, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_size);
    l->usual = sorted[n / 4];
}

enum voice { NO_VOICE, SILENT, SPEAKING };

/* A step of a lead is whole. The first after missing samples is no step from what was before. */
static enum voice end_step(const struct silence *s, struct lead *l)
{
    const double mean = l->sum / s->thin, d = fabs(mean - l->mean);
    const bool known = !l->missing && !l->was_missing && s->n_steps > 0;

    l->was_missing = l->missing;
    l->missing = false;
    l->mean = mean;
    l->sum = 0;
    l->still = d > 0 ? 0 : l->still + 1;
    if (!known || l->still >= s->still)
        return NO_VOICE;
    l->largest = d > l->largest ? d : l->largest;
    return l->usual > 0 ? d >= SPEAKS * l->usual ? SPEAKING : SILENT : NO_VOICE;
}

/* The silence that lasted up to step `to`. */
static size_t end_silence(struct silence *s, int64_t to, struct silence_span *out)
{
    const int64_t from = s->from;

    s->from = -1;
    if (from < 0 || (double)((to - from) * s->thin) < SILENCE_SHORTEST_S * s->fs_hz)
        return 0;
    *out = (struct silence_span){from * s->thin, (to - from) * s->thin};
    return 1;
}

static size_t end_steps(struct silence *s, struct silence_span *out)
{
    bool speaks = false, silent = false;
    size_t made = 0;

    for (size_t c = 0; c < s->n_leads; c++) {
        const enum voice v = end_step(s, &s->lead[c]);
        speaks |= v == SPEAKING;
        silent |= v == SILENT;
    }
    if (speaks || !silent)
        made = end_silence(s, s->n_steps, out);
    else if (s->from < 0)
        s->from = s->n_steps;
    if (++s->n_steps % s->window == 0)
        for (size_t c = 0; c < s->n_leads; c++)
            end_window(&s->lead[c]);
    return made;
}

/* n samples, of one step at most. */
static void take(struct lead *l, const double *x, int n)
{
    double last = l->last, sum = l->sum;   /* in registers */
    bool missing = l->missing;

    for (int i = 0; i < n; i++) {
        const bool there = fabs(x[i]) <= LARGEST;
        missing |= !there;
        last = there ? x[i] : last;
        sum += last;
    }
    l->last = last;
    l->sum = sum;
    l->missing = missing;
}

size_t silence_push(struct silence *s, const double *const x[], size_t n, struct silence_span *out)
{
    size_t made = 0;

    for (size_t at = 0; at < n;) {
        const int left = s->thin - s->phase, m = n - at < (size_t)left ? (int)(n - at) : left;
        for (size_t c = 0; c < s->n_leads; c++)
            take(&s->lead[c], x[c] + at, m);
        at += (size_t)m;
        s->phase = (s->phase + m) % s->thin;
        if (s->phase == 0)
            made += end_steps(s, out + made);
    }
    return made;
}

static void reset(struct silence *s)
{
    memset(s->lead, 0, s->n_leads * sizeof *s->lead);
    s->n_steps = 0;
    s->phase = 0;
    s->from = -1;
}

size_t silence_flush(struct silence *s, struct silence_span *out)
{
    const size_t made = end_silence(s, s->n_steps, out);

    reset(s);
    return made;
}

size_t silence_bound(const struct silence *s, size_t n) { return (size_t)((double)n / (SILENCE_SHORTEST_S * s->fs_hz)) + 2; }

void silence_destroy(struct silence *s)
{
    if (!s)
        return;
    free(s->lead);
    free(s);
}

struct silence *silence_create(double fs_hz, size_t n_leads, struct kymo_err *e)
{
    if (!(fs_hz >= 60 && fs_hz <= 10000) || n_leads == 0) {
        kymo_fail(e, KYMO_EUSAGE, "%zu leads of %g samples per second, not 1 or more of 60..10000", n_leads, fs_hz);
        return NULL;
    }
    struct silence *const s = calloc(1, sizeof *s);
    if (s && (s->lead = calloc(n_leads, sizeof *s->lead))) {
        s->fs_hz = fs_hz;
        s->n_leads = n_leads;
        s->thin = fs_hz * STEP_S < 1.5 ? 1 : (int)lround(fs_hz * STEP_S);
        s->still = (int)lround(STILL_S * fs_hz / s->thin);
        s->window = (int)lround(WINDOW_S * fs_hz / s->thin);
        reset(s);
        return s;
    }
    silence_destroy(s);
    kymo_fail(e, KYMO_ENOMEM, "no memory to find silence");
    return NULL;
}
