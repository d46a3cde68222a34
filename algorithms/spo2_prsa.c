/* algorithms/spo2_prsa.c - see spo2_prsa.h. */
#include "algorithms/spo2_prsa.h"

#include "algorithms/line.h"

#include <math.h>

#define HALF 10
#define WINDOW (2 * HALF)
#define LAG 8

/* Sum of x round its anchors; returns how many there are. */
static size_t add_windows(const double *x, size_t n, double *w)
{
    size_t n_anchors = 0, valid = 0;   /* samples in a row that end with the window's last */

    for (size_t end = 0; end < n; end++) {
        valid = isnan(x[end]) ? 0 : valid + 1;
        if (valid < WINDOW)
            continue;
        const double *const first = x + end + 1 - WINDOW;
        if (!(first[HALF - 1] > first[HALF]))
            continue;
        for (size_t k = 0; k < WINDOW; k++)
            w[k] += first[k];
        n_anchors++;
    }
    return n_anchors;
}

void spo2_prsa(const double *x_pct, size_t n, struct spo2_prsa *out)
{
    double w[WINDOW] = {0}, low = INFINITY, high = -INFINITY, ac = 0;

    out->n_anchors = add_windows(x_pct, n, w);
    for (size_t k = 0; k < WINDOW; k++)
        w[k] /= (double)out->n_anchors;   /* 0 / 0 is NaN, as wanted */
    for (size_t k = 0; k < WINDOW; k++) {
        low = fmin(low, w[k]);
        high = fmax(high, w[k]);
        ac += k + LAG < WINDOW ? w[k] * w[k + LAG] : 0;
    }
    out->c_pct = (w[HALF] + w[HALF + 1] - w[HALF - 1] - w[HALF - 2]) / 4;
    out->ad_pct = out->n_anchors ? high - low : NAN;
    out->os_pct_per_s = line_slope(w, WINDOW);
    out->sb_pct_per_s = line_slope(w, HALF);
    out->sa_pct_per_s = line_slope(w + HALF, HALF);
    out->ac_pct2 = ac;
}
