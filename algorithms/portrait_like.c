/* algorithms/portrait_like.c - portraits that are drawn, beside each other: their windows as numbers, P consistency; see
 * portrait.h. */
#include "algorithms/portrait.h"

#include <math.h>
#include <string.h>

enum { NEIGHBOURS = 24, LEAST_NEIGHBOURS = 8 };   /* on one side; fewer than so many in all are too few */

size_t portrait_window(const struct portrait_lead *l, enum portrait_window which, float out[PORTRAIT_QRS])
{
    const int8_t *const x = which == PORTRAIT_IS_QRS ? l->qrs : which == PORTRAIT_IS_P ? l->p : l->t;
    const float unit = which == PORTRAIT_IS_QRS ? l->qrs_unit : which == PORTRAIT_IS_P ? l->p_unit : l->t_unit;
    const size_t n = which == PORTRAIT_IS_QRS ? PORTRAIT_QRS : which == PORTRAIT_IS_P ? PORTRAIT_P : PORTRAIT_T;

    for (size_t i = 0; i < n; i++)
        out[i] = unit * (float)x[i];
    return n;
}

void portrait_detrend(float *x, size_t n)
{
    const float middle = (float)(n - 1) / 2, weight = (float)(n * (n * n - 1)) / 12;   /* sum of the squares of t */
    float mean = 0, slope = 0, t = -middle;

    for (size_t i = 0; i < n; i++, t++) {
        mean += x[i];
        slope += t * x[i];
    }
    mean /= (float)n;
    slope /= weight;
    t = -middle;
    for (size_t i = 0; i < n; i++, t++)
        x[i] -= mean + slope * t;
}

/* Detrended P windows of the beats round one, in a ring. */
struct around {
    float x[2 * NEIGHBOURS + 1][PORTRAIT_P];
    bool counts[2 * NEIGHBOURS + 1], known[2 * NEIGHBOURS + 1];
};

static void enter(struct around *a, size_t slot, const struct portrait_lead *l, bool left_out)
{
    a->known[slot] = l && l->p_unit > 0;
    a->counts[slot] = a->known[slot] && !left_out;
    if (a->known[slot]) {
        float x[PORTRAIT_QRS];
        portrait_window(l, PORTRAIT_IS_P, x);
        portrait_detrend(x, PORTRAIT_P);
        memcpy(a->x[slot], x, sizeof a->x[slot]);
    }
}

static float like_others(const struct around *a, size_t own)
{
    float sum[PORTRAIT_P] = {0}, xy = 0, xx = 0, yy = 0;
    int n = 0;

    for (size_t k = 0; k < 2 * NEIGHBOURS + 1; k++) {
        if (k == own || !a->counts[k])
            continue;
        for (int i = 0; i < PORTRAIT_P; i++)
            sum[i] += a->x[k][i];
        n++;
    }
    for (int i = 0; i < PORTRAIT_P; i++) {
        xy += a->x[own][i] * sum[i];
        xx += a->x[own][i] * a->x[own][i];
        yy += sum[i] * sum[i];
    }
    return n >= LEAST_NEIGHBOURS && xx > 0 && yy > 0 ? xy / sqrtf(xx * yy) : (float)NAN;
}

void portrait_p_like(const struct portrait *beat, size_t n, size_t lead, const unsigned char *left_out, float *like)
{
    const size_t room = 2 * NEIGHBOURS + 1;
    struct around a = {.counts = {false}};

    for (size_t i = 0; i < n + NEIGHBOURS; i++) {
        enter(&a, i % room, i < n ? &beat[i].lead[lead] : NULL, i < n && left_out && left_out[i]);
        if (i < NEIGHBOURS)
            continue;
        const size_t own = i - NEIGHBOURS;
        like[own] = a.known[own % room] ? like_others(&a, own % room) : (float)NAN;
    }
}
