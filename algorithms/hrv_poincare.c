/* algorithms/hrv_poincare.c - see hrv_poincare.h. */
#include "algorithms/hrv_poincare.h"

#include <math.h>

/* Sums over the points above, below and on the line of identity. */
enum { DECELERATION, ACCELERATION, ON_LINE, N_SIDES };

struct sums {
    double n, d, d2, q2, angle, area;
};

static int side_of(double x, double y)
{
    if (fabs(y - x) <= NN_SLACK_MS)
        return ON_LINE;
    return y > x ? DECELERATION : ACCELERATION;
}

static void find_means(const struct nn_series *nn, double *n, double *mean_x, double *mean_y)
{
    double count = 0, sum_x = 0, sum_y = 0;

    for (size_t i = 1; i < nn->n; i++)
        if (nn_follows(nn, i)) {
            count++;
            sum_x += nn->nn_ms[i - 1];
            sum_y += nn->nn_ms[i];
        }
    *n = count;
    *mean_x = sum_x / count;
    *mean_y = sum_y / count;
}

/* The angle is taken from the tangent of the difference: exact near the line, where atan(y/x) - pi/4 cancels. */
static void add_point(struct sums *s, double x, double y, double q)
{
    const double d = fabs(y - x) * M_SQRT1_2, angle = atan(fabs(y - x) / (y + x));

    s->n++;
    s->d += d;
    s->d2 += d * d;
    s->q2 += q * q;
    s->angle += angle;
    s->area += angle * (x * x + y * y) / 2;
}

static double percent(double part, double other)
{
    return part + other > 0 ? 100 * part / (part + other) : NAN;
}

static void measure_ellipse(const struct sums *s, double n, double mean_across, struct hrv_poincare *out)
{
    const double across2 = s[0].d2 + s[1].d2 + s[ON_LINE].d2 - n * mean_across * mean_across;

    out->sd1_ms = n < 2 ? NAN : sqrt(fmax(0, across2) / (n - 1));
    out->sd2_ms = n < 2 ? NAN : sqrt((s[0].q2 + s[1].q2 + s[ON_LINE].q2) / (n - 1));
    out->area_ms2 = M_PI * out->sd1_ms * out->sd2_ms;
    const bool has_area = out->area_ms2 > 0;
    out->sd1_sd2 = has_area ? out->sd1_ms / out->sd2_ms : NAN;
    out->csi = 1 / out->sd1_sd2;
    out->csi_modified_ms = 4 * out->sd2_ms * out->csi;
    out->cvi = has_area ? log10(16 * out->sd1_ms * out->sd2_ms) : NAN;
}

static void measure_asymmetry(const struct sums *s, double n, struct hrv_poincare *out)
{
    const struct sums *const up = &s[DECELERATION], *const down = &s[ACCELERATION];
    const double share = n < 2 ? NAN : 1 / (n - 1), half_q2 = s[ON_LINE].q2 / 2;
    const double sd1d2 = up->d2 * share, sd1a2 = down->d2 * share;
    const double sd2d2 = (up->q2 + half_q2) * share, sd2a2 = (down->q2 + half_q2) * share;

    out->guzik_pct = percent(up->d, down->d);
    out->slope_pct = percent(up->angle, down->angle);
    out->area_pct = percent(up->area, down->area);
    out->porta_pct = percent(down->n, up->n);
    out->c1d = percent(sd1d2, sd1a2) / 100;
    out->c1a = percent(sd1a2, sd1d2) / 100;
    out->c2d = percent(sd2d2, sd2a2) / 100;
    out->c2a = percent(sd2a2, sd2d2) / 100;
    out->cd = percent(sd1d2 + sd2d2, sd1a2 + sd2a2) / 100;
    out->ca = percent(sd1a2 + sd2a2, sd1d2 + sd2d2) / 100;
    out->sd1d_ms = sqrt(sd1d2);
    out->sd1a_ms = sqrt(sd1a2);
    out->sd2d_ms = sqrt(sd2d2);
    out->sd2a_ms = sqrt(sd2a2);
    out->sdnnd_ms = sqrt((sd1d2 + sd2d2) / 2);
    out->sdnna_ms = sqrt((sd1a2 + sd2a2) / 2);
}

void hrv_poincare(const struct nn_series *nn, struct hrv_poincare *out)
{
    struct sums s[N_SIDES] = { { 0 } };
    double n, mean_x, mean_y;

    find_means(nn, &n, &mean_x, &mean_y);
    for (size_t i = 1; i < nn->n; i++)
        if (nn_follows(nn, i)) {
            const double x = nn->nn_ms[i - 1], y = nn->nn_ms[i];
            add_point(&s[side_of(x, y)], x, y, (x - mean_x + (y - mean_y)) * M_SQRT1_2);
        }
    out->n_points = (size_t)n;
    out->n_decelerations = (size_t)s[DECELERATION].n;
    out->n_accelerations = (size_t)s[ACCELERATION].n;
    measure_ellipse(s, n, (mean_y - mean_x) * M_SQRT1_2, out);
    measure_asymmetry(s, n, out);
}
