/* tests/unit/test_hrv_poincare.c - by hand, laws, breaks, and agreement with independent programs. */
#include "algorithms/hrv_poincare.h"

#include "tests/unit/hrv_noise.h"
#include "tests/unit/hrv_peers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct hrv_poincare measure(const double *nn_ms, const unsigned char *follows, size_t n)
{
    struct hrv_poincare h;

    hrv_poincare(&(struct nn_series){.nn_ms = nn_ms, .follows = follows, .n = n}, &h);
    return h;
}

/* (800, 820) (820, 810) (810, 810): across 20 -10 0 over sqrt 2, along 1620 1630 1620 over sqrt 2. */
static void test_by_hand(void **state)
{
    const double x[] = { 800, 820, 810, 810 };
    const struct hrv_poincare h = measure(x, NULL, 4);

    (void)state;
    assert_true(h.n_points == 3 && h.n_decelerations == 1 && h.n_accelerations == 1);
    const double mean = 10 / 3.0, across2 = (400 + 100 - 3 * mean * mean) / 2 / 2, along2 = (100 - 100 / 3.0) / 2 / 2;
    assert_near(h.sd1_ms, sqrt(across2), 1e-12);
    assert_near(h.sd2_ms, sqrt(along2), 1e-11);
    assert_near(h.area_ms2, M_PI * sqrt(across2 * along2), 1e-9);
    assert_near(h.csi, sqrt(along2 / across2), 1e-12);
    assert_near(h.sd1_sd2, sqrt(across2 / along2), 1e-12);
    assert_near(h.cvi, log10(16 * sqrt(across2 * along2)), 1e-12);
    assert_near(h.csi_modified_ms, 4 * along2 / sqrt(across2), 1e-11);
    assert_near(h.guzik_pct, 100 * 20 / 30.0, 1e-12);
    assert_near(h.porta_pct, 50, 0);
    assert_near(h.c1d, 400 / 500.0, 1e-15);
    assert_near(h.sd1d_ms, sqrt(400 / 2.0 / 2), 1e-12);
    const double up = atan(20 / 1620.0), down = atan(10 / 1630.0);
    assert_near(h.slope_pct, 100 * up / (up + down), 1e-12);
    /* Along the line from the mean: -10/3, 20/3, -10/3 (over sqrt 2); the last on the line, half to each side. */
    assert_near(h.c2d, (100 + 50) / (100 + 400 + 100.0), 1e-12);
}

/* Decelerations and accelerations change places when time runs backwards; the ellipse stays. */
static void test_laws(void **state)
{
    enum { N = 1000 };
    static double x[N], y[N];
    static unsigned char follows[N], reversed[N];
    struct random r;

    (void)state;
    random_init(&r, 13, 0);
    fill_walk(&r, x, N, 1);
    fill_breaks(&r, follows, N, 0.05);
    const struct hrv_poincare h = measure(x, follows, N);
    for (size_t i = 0; i < N; i++) {
        y[i] = x[N - 1 - i];
        reversed[i] = i > 0 ? follows[N - i] : 0;
    }
    const struct hrv_poincare back = measure(y, reversed, N);
    assert_int_equal(back.n_points, h.n_points);
    assert_near(back.sd1_ms, h.sd1_ms, 1e-10);
    assert_near(back.sd2_ms, h.sd2_ms, 1e-10);
    assert_near(back.guzik_pct, 100 - h.guzik_pct, 1e-10);
    assert_near(back.slope_pct, 100 - h.slope_pct, 1e-10);
    assert_near(back.area_pct, 100 - h.area_pct, 1e-10);
    assert_near(back.porta_pct, 100 - h.porta_pct, 1e-10);
    assert_near(back.c1d, h.c1a, 1e-12);
    assert_near(back.c2a, h.c2d, 1e-12);
    assert_near(back.cd, h.ca, 1e-12);
    assert_near(back.sdnna_ms, h.sdnnd_ms, 1e-10);
    for (size_t i = 0; i < N; i++)
        y[i] = 2 * x[i];
    const struct hrv_poincare scaled = measure(y, follows, N);
    assert_near(scaled.sd1_ms, 2 * h.sd1_ms, 1e-10);
    assert_near(scaled.area_ms2, 4 * h.area_ms2, 1e-8);
    assert_near(scaled.area_pct, h.area_pct, 1e-10);
    assert_near(scaled.cvi, h.cvi + log10(4), 1e-12);
    assert_near(h.c1d + h.c1a, 1, 1e-15);
    assert_near(h.cd + h.ca, 1, 1e-15);
    assert_near(h.sd2d_ms * h.sd2d_ms + h.sd2a_ms * h.sd2a_ms, h.sd2_ms * h.sd2_ms, 1e-9);
}

/* A pair across a break is no point: what lies beyond it may be anything of the same mean. */
static void test_breaks(void **state)
{
    const double x[] = { 800, 820, 500, 510, 505 }, y[] = { 500, 510, 505, 800, 820 };
    const unsigned char follows[] = { 1, 1, 0, 1, 1 }, moved[] = { 1, 1, 1, 0, 1 }, never[5] = { 0 };

    (void)state;
    const struct hrv_poincare h = measure(x, follows, 5), other = measure(y, moved, 5);
    assert_int_equal(h.n_points, 3);
    assert_near(other.sd1_ms, h.sd1_ms, 1e-12);
    assert_near(other.sd2_ms, h.sd2_ms, 1e-10);
    assert_near(h.guzik_pct, 100 * 30 / 35.0, 1e-12);
    assert_int_equal(measure(x, never, 5).n_points, 0);
}

static void test_too_little(void **state)
{
    const double x[] = { 800, 800, 800, 800 }, rise[] = { 800, 810 };

    (void)state;
    struct hrv_poincare h = measure(x, NULL, 0);
    assert_true(isnan(h.sd1_ms) && isnan(h.sd2_ms) && isnan(h.porta_pct) && isnan(h.c1d) && isnan(h.sd2a_ms));
    h = measure(x, NULL, 4);
    assert_true(h.sd1_ms == 0 && h.sd2_ms == 0 && h.area_ms2 == 0 && h.sd1d_ms == 0);
    assert_true(isnan(h.sd1_sd2) && isnan(h.csi) && isnan(h.cvi) && isnan(h.csi_modified_ms));
    assert_true(isnan(h.guzik_pct) && isnan(h.slope_pct) && isnan(h.area_pct) && isnan(h.porta_pct));
    assert_true(isnan(h.c1d) && isnan(h.c2a) && isnan(h.cd));
    h = measure(rise, NULL, 2);
    assert_true(isnan(h.sd1_ms) && isnan(h.c1d) && h.guzik_pct == 100 && h.porta_pct == 0);
}

/* Not compared: SD2 as sqrt(2 var - var d / 2) of hrv-analysis, sleepecg, PCST and one row of plainref, and all that pyHRV,
 * BioSPPy and HeartPy divide by n (PEERS.md Part II, 8); neurokit's ratios of the constant series, which has none. */
static void compare(const struct nn_series *nn, const struct peer_value *v, void *arg)
{
    const struct hrv_poincare h = measure(nn->nn_ms, NULL, nn->n);
    size_t *const n_compared = arg;
    const struct { const char *peer, *method, *metric; double ours; } rows[] = {
        { "plainref", "sqrt(var(d)/2)", "SD1", h.sd1_ms }, { "plainref", "std((x+y)/sqrt2)", "SD2", h.sd2_ms },
        { "neurokit2", "hrv_nonlinear", "HRV_SD1", h.sd1_ms }, { "neurokit2", "hrv_nonlinear", "HRV_SD2", h.sd2_ms },
        { "neurokit2", "hrv_nonlinear", "HRV_SD1SD2", h.sd1_sd2 }, { "neurokit2", "hrv_nonlinear", "HRV_S", h.area_ms2 },
        { "neurokit2", "hrv_nonlinear", "HRV_CSI", h.csi }, { "neurokit2", "hrv_nonlinear", "HRV_CVI", h.cvi },
        { "neurokit2", "hrv_nonlinear", "HRV_CSI_Modified", h.csi_modified_ms },
        { "neurokit2", "hrv_nonlinear", "HRV_GI", h.guzik_pct }, { "neurokit2", "hrv_nonlinear", "HRV_SI", h.slope_pct },
        { "neurokit2", "hrv_nonlinear", "HRV_AI", h.area_pct }, { "neurokit2", "hrv_nonlinear", "HRV_PI", h.porta_pct },
        { "neurokit2", "hrv_nonlinear", "HRV_C1d", h.c1d }, { "neurokit2", "hrv_nonlinear", "HRV_C1a", h.c1a },
        { "neurokit2", "hrv_nonlinear", "HRV_SD1d", h.sd1d_ms }, { "neurokit2", "hrv_nonlinear", "HRV_SD1a", h.sd1a_ms },
        { "neurokit2", "hrv_nonlinear", "HRV_C2d", h.c2d }, { "neurokit2", "hrv_nonlinear", "HRV_C2a", h.c2a },
        { "neurokit2", "hrv_nonlinear", "HRV_SD2d", h.sd2d_ms }, { "neurokit2", "hrv_nonlinear", "HRV_SD2a", h.sd2a_ms },
        { "neurokit2", "hrv_nonlinear", "HRV_Cd", h.cd }, { "neurokit2", "hrv_nonlinear", "HRV_Ca", h.ca },
        { "neurokit2", "hrv_nonlinear", "HRV_SDNNd", h.sdnnd_ms }, { "neurokit2", "hrv_nonlinear", "HRV_SDNNa", h.sdnna_ms },
    };

    for (size_t i = 0; i < COUNT_OF(rows) && isfinite(v->value); i++)
        if (strcmp(v->peer, rows[i].peer) == 0 && strncmp(v->method, rows[i].method, strlen(rows[i].method)) == 0 &&
            strcmp(v->metric, rows[i].metric) == 0 && !isnan(rows[i].ours)) {
            assert_agrees(rows[i].ours, v, 1e-9, 1e-9);
            ++*n_compared;
        }
}

static void test_agreement_with_other_programs(void **state)
{
    size_t n_compared = 0;

    (void)state;
    for_each_peer_value(compare, &n_compared);
    assert_true(n_compared >= 130);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand), cmocka_unit_test(test_laws), cmocka_unit_test(test_breaks),
        cmocka_unit_test(test_too_little), cmocka_unit_test(test_agreement_with_other_programs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
