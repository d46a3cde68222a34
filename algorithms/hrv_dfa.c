/* algorithms/hrv_dfa.c - see hrv_dfa.h. */
#include "algorithms/hrv_dfa.h"

#include <math.h>

/* What is left of y[0..n-1] about its line: sum of squares. y begins at 0 in each box, which keeps the sums small. */
static double residual(const double *nn_ms, size_t n, double mean)
{
    const double middle = (double)(n - 1) / 2, count = (double)n, sum_tt = count * (count * count - 1) / 12;
    double y = 0, sum = 0, sum_ty = 0, sum_yy = 0;

    for (size_t k = 0; k < n; k++) {
        y += nn_ms[k] - mean;
        sum += y;
        sum_ty += ((double)k - middle) * y;
        sum_yy += y * y;
    }
    return fmax(0, sum_yy - sum * sum / count - sum_ty * sum_ty / sum_tt);
}

static double mean_of(const struct nn_series *nn)
{
    double sum = 0;

    for (size_t i = 0; i < nn->n; i++)
        sum += nn->nn_ms[i];
    return sum / (double)nn->n;
}

static bool all_equal(const struct nn_series *nn)
{
    for (size_t i = 1; i < nn->n; i++)
        if (fabs(nn->nn_ms[i] - nn->nn_ms[0]) > NN_SLACK_MS)
            return false;
    return true;
}

static size_t end_of_run(const struct nn_series *nn, size_t i)
{
    for (i++; i < nn->n && nn_follows(nn, i); i++)
        ;
    return i;
}

static double fluctuation(const struct nn_series *nn, size_t n, double mean)
{
    double sum = 0;
    size_t n_values = 0;

    for (size_t i = 0; i < nn->n;) {
        const size_t end = end_of_run(nn, i);
        for (; end - i >= n; i += n) {
            sum += residual(nn->nn_ms + i, n, mean);
            n_values += n;
        }
        i = end;
    }
    return sqrt(sum / (double)n_values);   /* 0 / 0 is NaN, as wanted */
}

double hrv_dfa_fluctuation(const struct nn_series *nn, size_t n)
{
    return all_equal(nn) ? NAN : fluctuation(nn, n, mean_of(nn));
}

/* Least squares of ln F on ln n over n = first .. last; f[0] is F(first). */
static double exponent(const double *f, size_t first, size_t last)
{
    const double count = (double)(last - first + 1);
    double sum_x = 0, sum_xx = 0, sum_xy = 0;

    for (size_t n = first; n <= last; n++)
        sum_x += log((double)n);
    for (size_t n = first; n <= last; n++) {
        const double x = log((double)n) - sum_x / count;
        if (!(f[n - first] > 0))
            return NAN;
        sum_xx += x * x;
        sum_xy += x * log(f[n - first]);
    }
    return sum_xy / sum_xx;
}

enum { MAX_BOX = 1024 };

int hrv_dfa(const struct nn_series *nn, const struct hrv_dfa_opt *opt, struct hrv_dfa *out, struct kymo_err *e)
{
    double f[MAX_BOX + 1];

    *out = (struct hrv_dfa){.alpha1 = NAN, .alpha2 = NAN};
    if (opt->shortest < 3 || opt->middle <= opt->shortest || opt->longest <= opt->middle || opt->longest > MAX_BOX)
        return kymo_fail(e, KYMO_EUSAGE, "boxes of %zu..%zu and %zu..%zu intervals do not rise from 3 to %d", opt->shortest,
                         opt->middle, opt->middle, opt->longest, MAX_BOX);
    if (all_equal(nn))
        return 0;
    const double mean = mean_of(nn);
    for (size_t n = opt->shortest; n <= opt->longest; n++)
        f[n] = fluctuation(nn, n, mean);
    out->alpha1 = exponent(f + opt->shortest, opt->shortest, opt->middle);
    out->alpha2 = exponent(f + opt->middle, opt->middle, opt->longest);
    return 0;
}
