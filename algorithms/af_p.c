/* algorithms/af_p.c - see af_p.h. */
#include "algorithms/af_p.h"

#include <math.h>

#define P_BEGINS_S (-0.248)      /* of the portrait's window */
#define T_ENDS_S 0.34

enum {
    SEEN = 22,                   /* numbers of the window up to 80 ms before the beat */
    LEAST_SEEN = 10,
    NEIGHBOURS = 24, FEW = 8, RING = 2 * NEIGHBOURS + 1
};

struct window {
    float x[SEEN];               /* of size 1 */
    bool known, counts, early;
};

/* The windows round a beat, and the sums of those that count, of beats that are early and that are not. */
struct around {
    struct window ring[RING];
    double sum[2][SEEN];
    int n[2];
};

static bool is_early(int16_t symbol) { return symbol >= 0 && symbol % AF_BINS < AF_EARLY_BINS; }

static void draw(const struct portrait_lead *l, struct window *w)
{
    float x[PORTRAIT_QRS], size = 0;

    w->known = false;
    if (!(l->p_unit > 0))
        return;
    portrait_window(l, PORTRAIT_IS_P, x);
    portrait_detrend(x, SEEN);
    for (int k = 0; k < SEEN; k++)
        size += x[k] * x[k];
    if (!(size > 0))
        return;
    for (int k = 0; k < SEEN; k++)
        w->x[k] = x[k] / sqrtf(size);
    w->known = true;
}

/* Adds the window to the sums of its kind, or with sign -1 takes it out. */
static void count(struct around *a, const struct window *w, int sign)
{
    if (!w->counts)
        return;
    for (int k = 0; k < SEEN; k++)
        a->sum[w->early][k] += sign * (double)w->x[k];
    a->n[w->early] += sign;
}

/* The first number behind the T wave of the beat before. */
static size_t begin_of(double rr_s)
{
    const double free_s = T_ENDS_S * sqrt(fmin(1, rr_s)) - rr_s - P_BEGINS_S;

    return free_s > 0 ? (size_t)ceil(free_s / PORTRAIT_STEP_S) : 0;
}

static float correlation(const struct window *w, const double *sum, size_t from)
{
    const size_t n = SEEN - from;
    float x[SEEN], y[SEEN], xx = 0, yy = 0, xy = 0;

    for (size_t k = 0; k < n; k++) {
        x[k] = w->x[from + k];
        y[k] = (float)sum[from + k];
    }
    portrait_detrend(x, n);
    portrait_detrend(y, n);
    for (size_t k = 0; k < n; k++) {
        xx += x[k] * x[k];
        yy += y[k] * y[k];
        xy += x[k] * y[k];
    }
    return xx > 0 && yy > 0 ? xy / sqrtf(xx * yy) : (float)NAN;
}

static float like_others(const struct around *a, const struct window *own, double rr_s)
{
    const int same = a->n[own->early] - own->counts, all = a->n[0] + a->n[1] - own->counts;
    const size_t from = rr_s > 0 ? begin_of(rr_s) : SEEN;
    double others[SEEN];

    if (!own->known || all < FEW || from > SEEN - LEAST_SEEN)
        return (float)NAN;
    for (int k = 0; k < SEEN; k++)
        others[k] = a->sum[own->early][k] + (same < FEW ? a->sum[!own->early][k] : 0) - (own->counts ? (double)own->x[k] : 0);
    return correlation(own, others, from);
}

void af_p_like(const struct af_beats *b, const int16_t *symbol, const struct portrait *portrait, const size_t *of, size_t lead,
               float *like)
{
    struct around a = {.n = {0}};

    for (size_t i = 0; i < b->n + NEIGHBOURS; i++) {
        struct window *const w = &a.ring[i % RING];
        count(&a, w, -1);
        *w = (struct window){.known = false};
        if (i < b->n) {
            draw(&portrait[of[i]].lead[lead], w);
            w->counts = w->known && !(b->flags[i] & (AF_VENTRICULAR | AF_UNSURE));
            w->early = is_early(symbol[i]);
            count(&a, w, 1);
        }
        if (i < NEIGHBOURS)
            continue;
        const size_t own = i - NEIGHBOURS;
        const bool has_interval = own > 0 && !(b->flags[own] & AF_AFTER_BREAK);
        like[own] = like_others(&a, &a.ring[own % RING], has_interval ? b->time_s[own] - b->time_s[own - 1] : 1);
    }
}
