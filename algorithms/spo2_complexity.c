/* algorithms/spo2_complexity.c - see spo2_complexity.h. */
#include "algorithms/spo2_complexity.h"

#include "algorithms/line.h"

#include <math.h>
#include <stdlib.h>

#define CTM_RADIUS_PCT 0.25
#define DFA_WINDOW 20

/* The phrases are the nodes of a tree but its root 0: child[2 * node + bit]. Each sample adds one at most. */
static int count_phrases(const double *x, size_t n, double median, double *lz, struct kymo_err *e)
{
    uint32_t *const child = calloc(n + 1, 2 * sizeof *child);
    uint32_t n_phrases = 0, node = 0;

    if (!child)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for the phrases of %zu samples", n);
    for (size_t i = 0; i < n; i++) {
        uint32_t *const next = &child[2 * (size_t)node + (x[i] > median)];
        if (isnan(x[i])) {
            node = 0;
        } else if (*next) {
            node = *next;
        } else {
            *next = ++n_phrases;
            node = 0;
        }
    }
    *lz = isnan(median) ? NAN : (double)n_phrases;
    free(child);
    return 0;
}

static double central_tendency(const double *x, size_t n)
{
    size_t n_points = 0, n_near = 0;

    for (size_t i = 0; i + 2 < n; i++) {
        const double a = x[i + 1] - x[i], b = x[i + 2] - x[i + 1], distance = sqrt(a * a + b * b);
        n_points += isnan(distance) ? 0 : 1;
        n_near += distance < CTM_RADIUS_PCT;
    }
    return (double)n_near / (double)n_points;   /* 0 / 0 is NaN, as wanted */
}

static double fluctuation(const double *x, size_t n, double mean)
{
    double y[DFA_WINDOW], sum = 0, squares = 0;
    size_t held = 0, count = 0;

    for (size_t i = 1; i <= n; i++) {
        const double step = i < n ? (x[i - 1] + x[i]) / 2 - mean : NAN;
        if (held == DFA_WINDOW || (isnan(step) && held > 0)) {
            squares += line_squares_left(y, held);
            count += held;
            held = 0;
        }
        sum = isnan(step) ? 0 : sum + step;
        if (!isnan(step))
            y[held++] = sum;
    }
    return count > 1 ? sqrt(squares / (double)count) : NAN;
}

int spo2_complexity(const double *x_pct, size_t n, double median_pct, double mean_pct, struct spo2_complexity *out,
                    struct kymo_err *e)
{
    out->ctm = central_tendency(x_pct, n);
    out->dfa_pct = fluctuation(x_pct, n, mean_pct);
    return count_phrases(x_pct, n, median_pct, &out->lz, e);
}
