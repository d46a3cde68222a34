/* tests/unit/test_spo2_measures.c - closed forms and laws of the measures of a series of SpO2, and what gaps do to them. */
#include "algorithms/line.h"
#include "algorithms/random.h"
#include "algorithms/spo2_complexity.h"
#include "algorithms/spo2_general.h"
#include "algorithms/spo2_low.h"
#include "algorithms/spo2_night.h"
#include "algorithms/spo2_prsa.h"
#include "algorithms/spo2_psd.h"
#include "algorithms/spo2_shape.h"
#include "algorithms/spo2_sort.h"
#include "tests/unit/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N 2048

/* Sums of up to N terms of order 100 in doubles: N eps = 5e-13, and a figure to spare. */
#define ROUNDING 1e-11

static void assert_close(double got, double want)
{
    if (!(fabs(got - want) <= ROUNDING * fmax(1, fabs(want))))
        fail_msg("%.17g is not %.17g", got, want);
}

static struct spo2_general general(const double *x, size_t n)
{
    struct kymo_err e = {0};
    struct spo2_general g;

    assert_int_equal(spo2_general(x, n, &g, &e), 0);
    return g;
}

static struct spo2_complexity complexity(const double *x, size_t n)
{
    struct kymo_err e = {0};
    const struct spo2_general g = general(x, n);
    struct spo2_complexity c;

    assert_int_equal(spo2_complexity(x, n, g.med_pct, g.av_pct, &c, &e), 0);
    return c;
}

static struct spo2_psd psd(const double *x, size_t n)
{
    struct kymo_err e = {0};
    struct spo2_psd p;

    assert_int_equal(spo2_psd(x, n, &p, &e), 0);
    return p;
}

/* ---- order ---- */

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void test_sorts(void **state)
{
    double x[N], want[N], got[N], spare[N];
    struct random r;

    (void)state;
    random_init(&r, 3, 0);
    for (int round = 0; round < 50; round++) {
        const size_t n = (size_t)random_below(&r, N);
        size_t n_valid = 0;
        for (size_t i = 0; i < n; i++) {
            x[i] = round % 2 ? 100 * random_normal(&r) : (double)random_below(&r, 5) - 2;
            x[i] = random_below(&r, 9) == 0 ? (double)NAN : x[i];
            if (!isnan(x[i]))
                want[n_valid++] = x[i];
        }
        qsort(want, n_valid, sizeof *want, by_value);
        assert_int_equal(spo2_sort(x, n, got, spare), n_valid);
        assert_memory_equal(got, want, n_valid * sizeof *want);
    }
}

/* ---- general ---- */

/* 1..n: mean (n+1)/2, variance (n^2-1)/12, kurtosis -1.2 (n^2+1)/(n^2-1), no skewness; |x - median| is 0.5, 0.5, 1.5 ... */
static void test_ramp(void **state)
{
    const double n = 1000;
    double x[1000];

    (void)state;
    for (int i = 0; i < 1000; i++)
        x[i] = i + 1;
    const struct spo2_general g = general(x, 1000);
    assert_int_equal(g.n_valid, 1000);
    assert_close(g.av_pct, (n + 1) / 2);
    assert_close(g.med_pct, (n + 1) / 2);
    assert_close(g.sd_pct, sqrt((n * n - 1) / 12));
    assert_close(g.k, -1.2 * (n * n + 1) / (n * n - 1));
    assert_true(fabs(g.sk) < 1e-12);
    assert_close(g.mad_pct, 250);
    assert_close(g.p_pct, 1 + 0.01 * (n - 1));
    assert_true(g.min_pct == 1 && g.rg_pct == n - 1 && g.zc == 1 && g.di_pct == 12);
    assert_close(g.m_pct, 100 * 498 / n);   /* below 498.5: 1..498 */
}

/* 96 and 94 by the minute, one NaN in the middle of one: each window of 12 s is flat, every fifth step is 2; mean 95 less a
 * bit. */
static void test_square_wave(void **state)
{
    double x[3600];

    (void)state;
    for (int i = 0; i < 3600; i++)
        x[i] = i / 60 % 2 ? 94 : 96;
    struct spo2_general g = general(x, 3600);
    assert_true(g.av_pct == 95 && g.sd_pct == 1 && g.zc == 59 && g.mad_pct == 1 && g.med_pct == 95);
    assert_close(g.di_pct, 59 * 2.0 / 299);
    assert_close(g.k, -2);
    x[59] = NAN;                  /* a gap on a passage: it is not bridged */
    g = general(x, 3600);
    assert_true(g.zc == 58 && g.n_valid == 3599);
    memset(x, 0xff, 12 * sizeof *x);   /* all NaN: the first window has no mean */
    g = general(x, 3600);
    assert_close(g.di_pct, 59 * 2.0 / 298);
}

/* Samples on the mean, 0 here, are on neither side: 1 0 -1 is one passage, 1 0 1 none. */
static void test_crossings(void **state)
{
    const double down[] = {1, 0, 0, -1, 0}, touch[] = {1, 0, 0, 1, -4, 1, 1};

    (void)state;
    assert_true(general(down, 5).zc == 1);
    assert_true(general(touch, 7).av_pct == 0 && general(touch, 7).zc == 2);
}

static void test_constant_and_nothing(void **state)
{
    double x[300];

    (void)state;
    for (size_t i = 0; i < 300; i++)
        x[i] = 97;
    struct spo2_general g = general(x, 300);
    assert_true(g.av_pct == 97 && g.sd_pct == 0 && g.zc == 0 && g.di_pct == 0 && isnan(g.k) && isnan(g.sk));
    assert_true(isnan(psd(x, 300).ratio) && psd(x, 300).total == 0 && psd(x, 255).n_segments == 0);
    assert_true(complexity(x, 300).ctm == 1 && complexity(x, 300).dfa_pct < 1e-12);
    for (size_t i = 0; i < 300; i++)
        x[i] = NAN;
    g = general(x, 300);
    assert_true(g.n_valid == 0 && isnan(g.av_pct) && isnan(g.min_pct) && isnan(g.zc) && isnan(g.mad_pct) && isnan(g.di_pct));
    assert_true(isnan(complexity(x, 300).lz) && isnan(complexity(x, 300).ctm) && isnan(complexity(x, 300).dfa_pct));
    assert_true(isnan(psd(x, 300).total) && isnan(spo2_low(x, 300, 90).t_pct) && isnan(spo2_low(x, 300, 90).ca_pct));
    assert_true(isnan(general(x, 0).av_pct) && isnan(complexity(x, 0).lz));
    x[0] = 95;
    assert_true(general(x, 1).sd_pct == 0 && general(x, 1).med_pct == 95 && general(x, 1).mad_pct == 0);
}

/* ---- complexity ---- */

/* Phrases of 0 00 000 ...: k of them take k (k + 1) / 2 samples. A gap ends a phrase. */
static void test_phrases(void **state)
{
    double x[210];

    (void)state;
    for (size_t i = 0; i < 210; i++)
        x[i] = 97;
    assert_true(complexity(x, 210).lz == 20);
    assert_true(complexity(x, 209).lz == 19);
    x[2] = NAN;                   /* 0, 0 | 00 000 ...: sample 1 is lost as the begin of 00; 207 = 209 - 2 left for 2..k */
    assert_true(complexity(x, 210).lz == 19);
}

/* A straight line of samples integrates to a parabola; what a line leaves of t^2 / 2 on 20 points: sqrt of (m^2-1)(m^2-4)/720
 * for m points of spacing 1, as of any parabola a t^2 with a = 1/2 and its sum of squares m (m^2-1)(m^2-4) / 180 a^2. */
static void test_fluctuation(void **state)
{
    double x[2001], mean = 0;

    (void)state;
    for (int i = 0; i < 2001; i++) {
        x[i] = i * 0.01;
        mean += x[i] / 2001;
    }
    assert_close(complexity(x, 2001).dfa_pct, 0.01 * sqrt(399 * 396 / 720.0));
}

static void test_line(void **state)
{
    const double y[] = {1, 3, 5, 7}, bent[] = {0, 1, 0};

    (void)state;
    assert_true(line_slope(y, 4) == 2 && line_squares_left(y, 4) == 0 && isnan(line_slope(y, 1)) && line_slope(bent, 3) == 0);
    assert_close(line_squares_left(bent, 3), 2 / 3.0);
}

/* ---- periodicity ---- */

/* A sine of an exact bin: through a Hamming window its power a^2/2 lies in that bin and the two beside it, as 0.54^2, 0.23^2,
 * 0.23^2; the sum of squares of the window is 256 (0.54^2 + 0.46^2 / 2). */
static void test_sine_in_the_band(void **state)
{
    const double a = 2, energy = 0.54 * 0.54 + 0.46 * 0.46 / 2;
    double x[N];

    (void)state;
    for (size_t i = 0; i < N; i++)
        x[i] = 95 + a * sin(2 * M_PI * 6 * (double)i / 256);
    const struct spo2_psd p = psd(x, N);
    assert_int_equal(p.n_segments, N / 128 - 1);
    assert_close(p.total, a * a / 2 * 256 / N);
    assert_close(p.peak, a * a / 2 * 256 / N * 0.54 * 0.54 / energy);
    assert_close(p.ratio, 1);     /* bins 5, 6, 7: 0.0195, 0.0234, 0.0273 Hz */
    x[700] = NAN;                 /* segments on either side: 0..699 has 4, 701..2047 has 9 */
    assert_int_equal(psd(x, N).n_segments, 13);
    assert_close(psd(x, N).ratio, 1);
}

/* Of one fall in a flat line, w is the fall itself. */
static void test_prsa_of_a_step(void **state)
{
    double x[100];
    struct spo2_prsa p;

    (void)state;
    for (size_t i = 0; i < 100; i++)
        x[i] = i < 50 ? 97 : 93;
    spo2_prsa(x, 100, &p);
    assert_int_equal(p.n_anchors, 1);
    assert_true(p.c_pct == -2 && p.ad_pct == 4 && p.sb_pct_per_s == 0 && p.sa_pct_per_s == 0);
    assert_close(p.os_pct_per_s, -4 * 50 / 665.0);   /* sum |t| / 2 over sum t^2, t = -9.5 .. 9.5 */
    assert_close(p.ac_pct2, 2 * 97 * 97 + 2 * 93 * 93 + 8 * 97 * 93.0);
    x[59] = NAN;
    spo2_prsa(x, 100, &p);
    assert_true(p.n_anchors == 0 && isnan(p.c_pct) && isnan(p.ad_pct) && isnan(p.ac_pct2));
    x[59] = 93;
    spo2_prsa(x, 60, &p);
    assert_int_equal(p.n_anchors, 1);
    spo2_prsa(x, 59, &p);
    assert_int_equal(p.n_anchors, 0);
}

/* ---- levels, shapes, parts ---- */

static void test_levels(void **state)
{
    const double x[] = {95, 90, 89, NAN, 85};
    const struct spo2_low low = spo2_low(x, 5, 90);

    (void)state;
    assert_true(low.t_pct == 50 && low.ct_pct == 75 && low.ca_pct == 1.5);
}

/* A triangle of 10 down and 10 up, and a hole in the next. */
static void test_shapes(void **state)
{
    double x[100];
    const struct desat event[] = {
        {.onset = 10, .nadir = 20, .end = 30, .baseline_pct = 97}, {.onset = 50, .nadir = 60, .end = 70, .baseline_pct = 90},
    };
    struct spo2_shape s;

    (void)state;
    for (int i = 0; i < 100; i++)
        x[i] = 97 - fmax(0, 10 - fabs(i < 40 ? i - 20.0 : i - 60.0));
    spo2_shape(x, event, 1, &s);
    assert_true(s.dl_s.mean == 20 && s.dla_s.mean == 10 && s.dlb_s.mean == 10 && s.dl_s.sd == 0);
    assert_true(s.damax_pct_s.mean == 100 && s.da100_pct_s.mean == 100 + 21 * 3 && s.sum_burden_pct_s == 100);
    assert_true(s.dd100_pct.mean == 13 && s.ddmax_pct.mean == 10 && isnan(s.td_s.mean));
    assert_close(s.ds_pct_per_s.mean, -1);
    x[55] = NAN;                  /* 5 below the maximum, in the fall: no slope */
    spo2_shape(x, event, 2, &s);
    assert_true(s.td_s.mean == 40 && s.damax_pct_s.mean == 97.5 && s.damax_pct_s.sd == 2.5);
    assert_true(s.sum_burden_pct_s == 100 + 9 && s.n == 2);   /* below 90: 2 of the nadir's 3, 2 2 1 1 ... */
    assert_close(s.ds_pct_per_s.mean, -1);
    spo2_shape(x, event, 0, &s);
    assert_true(s.n == 0 && isnan(s.dl_s.mean) && isnan(s.dl_s.sd) && s.sum_dl_s == 0);
}

/* A night of two halves, the second asleep and with two of three desaturations: parts add up to the whole. */
static void test_parts(void **state)
{
    static double x[7200];
    static unsigned char asleep[7200];
    const struct desat event[] = {
        {.onset = 3000, .nadir = 3010, .end = 3020}, {.onset = 4000, .nadir = 4010, .end = 4020},
        {.onset = 5000, .nadir = 5010, .end = 5030},
    };
    struct spo2_night night = {.n = 7200, .x_pct = x, .asleep = asleep, .level_pct = 90};
    const struct response_event fall[] = {{3000, 3010}, {4000, 4010}, {5000, 5010}};
    struct spo2_measures all, first, second, awake;
    struct kymo_err e = {0};

    (void)state;
    for (size_t i = 0; i < 7200; i++) {
        x[i] = i < 1800 ? (double)NAN : i < 3600 ? 96 : 95;
        asleep[i] = i >= 3600;
    }
    for (int list = 0; list < SPO2_LISTS; list++) {
        night.desat[list] = event;
        night.n_desats[list] = 3;
    }
    night.fall = fall;
    spo2_set_windows(&night);
    assert_int_equal(spo2_measure(&night, &(struct spo2_part){.to = 7200}, &all, &e), 0);
    assert_int_equal(spo2_measure(&night, &(struct spo2_part){.to = 3600}, &first, &e), 0);
    assert_int_equal(spo2_measure(&night, &(struct spo2_part){3600, 7200, NULL, 0}, &second, &e), 0);
    assert_int_equal(spo2_measure(&night, &(struct spo2_part){0, 7200, asleep, 0}, &awake, &e), 0);
    assert_true(all.recording_h == 2 && all.valid_h == 1.5 && all.sleep_h == 1 && all.n_desats == 3);
    assert_true(all.odi == 1.5 && all.odi_valid == 2 && all.odi_sleep == 2 && all.odi3_sleep == 2);
    assert_true(first.valid_h == 0.5 && first.n_desats == 1 && first.odi == 1 && isnan(first.odi_sleep) && first.av == 96);
    assert_true(second.valid_h == 1 && second.odi == 2 && second.av == 95 && second.dl_u == 25 && second.pod == 50 / 3600.0);
    assert_true(awake.recording_h == 1 && awake.valid_h == first.valid_h && awake.av == first.av && awake.n_desats == 1);
    assert_true(isnan(all.burden) && isnan(all.n_respiratory) && isnan(all.pulse_rise));
    assert_int_equal(spo2_measure(&night, &(struct spo2_part){0, 1800, NULL, 0}, &first, &e), 0);
    assert_true(first.valid_h == 0 && isnan(first.n_desats) && isnan(first.odi) && isnan(first.odi3_valid));
    assert_true(isnan(first.t90) && isnan(first.pod));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sorts), cmocka_unit_test(test_ramp),
        cmocka_unit_test(test_square_wave), cmocka_unit_test(test_crossings), cmocka_unit_test(test_constant_and_nothing),
        cmocka_unit_test(test_phrases), cmocka_unit_test(test_fluctuation), cmocka_unit_test(test_line),
        cmocka_unit_test(test_sine_in_the_band), cmocka_unit_test(test_prsa_of_a_step), cmocka_unit_test(test_levels),
        cmocka_unit_test(test_shapes), cmocka_unit_test(test_parts),
    };

    return cmocka_run_group_tests_name("spo2_measures", tests, NULL, NULL);
}
