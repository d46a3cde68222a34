/* algorithms/spline.c - see spline.h. */
#include "algorithms/spline.h"

/* The end conditions, put into the equations of the points next to the ends, leave a tridiagonal system for M[1] .. M[n-2],
 * diagonally dominant, which is solved downwards and back (Thomas). ratio[i] is what is left above the diagonal. */
static void solve_inner(const double *t, const double *x, size_t n, double *m, double *ratio)
{
    ratio[0] = m[0] = 0;
    for (size_t i = 1; i + 1 < n; i++) {
        const double before = t[i] - t[i - 1], after = t[i + 1] - t[i];
        double lower = before, middle = 2 * (before + after), upper = after;
        double right = 6 * ((x[i + 1] - x[i]) / after - (x[i] - x[i - 1]) / before);

        if (i == 1) {
            lower = 0;
            middle += before + before * before / after;
            upper -= before * before / after;
        }
        if (i + 2 == n) {
            lower -= i == 1 ? 0 : after * after / before;
            middle += after + after * after / before;
            upper = 0;
        }
        const double pivot = 1 / (middle - lower * ratio[i - 1]);
        ratio[i] = upper * pivot;
        m[i] = (right - lower * m[i - 1]) * pivot;
    }
    for (size_t i = n - 2; i-- > 1;)
        m[i] -= ratio[i] * m[i + 1];
}

void spline_bend(const double *t, const double *x, size_t n, double *m, double *work)
{
    if (n < 3) {
        for (size_t i = 0; i < n; i++)
            m[i] = 0;
    } else if (n == 3) {
        const double d0 = (x[1] - x[0]) / (t[1] - t[0]), d1 = (x[2] - x[1]) / (t[2] - t[1]);
        m[0] = m[1] = m[2] = 2 * (d1 - d0) / (t[2] - t[0]);
    } else {
        solve_inner(t, x, n, m, work);
        m[0] = m[1] + (m[1] - m[2]) * (t[1] - t[0]) / (t[2] - t[1]);
        m[n - 1] = m[n - 2] + (m[n - 2] - m[n - 3]) * (t[n - 1] - t[n - 2]) / (t[n - 2] - t[n - 3]);
    }
}

void spline_read(const double *t, const double *x, const double *m, size_t n, double rate, double *y, size_t n_out)
{
    size_t k = 0;

    for (size_t i = 0; i + 1 < n; i++) {
        const int is_last = i + 2 == n;
        const double h = t[i + 1] - t[i], slope = (x[i + 1] - x[i]) / h;
        const double bend = m ? m[i] : 0, more = m ? m[i + 1] - bend : 0;
        const double c1 = slope - h * (3 * bend + more) / 6, c2 = bend / 2, c3 = more / (6 * h);

        for (double at; k < n_out && ((at = t[0] + (double)k / rate) < t[i + 1] || is_last); k++) {
            const double u = at - t[i];
            y[k] = x[i] + u * (c1 + u * (c2 + u * c3));
        }
    }
    for (; k < n_out; k++)   /* one point only */
        y[k] = x[0];
}
