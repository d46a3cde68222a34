/* tests/unit/test_hrv_welch.c - closed forms, laws, holes, and agreement with independent programs. */
#include "algorithms/hrv_bands.h"
#include "algorithms/hrv_welch.h"
#include "tests/unit/hrv_peers.h"
#include "tests/unit/hrv_series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Sums of up to 1e4 doubles of order 1e3 squared, and a transform: 1e-12 relative, with a figure to spare. */
#define ROUNDING 1e-11

static const struct hrv_even_options CUBIC = {.rate_hz = 4, .method = HRV_CUBIC};
static const struct hrv_welch_options USUAL = {.window_s = 300, .overlap = 0.5, .shape = HRV_HANN, .trend = TREND_CONSTANT};

static void measure_even(const struct hrv_even *x, const struct hrv_welch_options *o, struct hrv_spectrum *out)
{
    struct kymo_err e = { 0 };
    struct hrv_welch *s = hrv_welch_create(o, &e);

    assert_non_null(s);
    assert_int_equal(hrv_welch_measure(s, x, out, &e), 0);
    hrv_welch_destroy(s);
}

static void measure(const struct nn_series *nn, const struct hrv_even_options *even, const struct hrv_welch_options *o,
                    struct hrv_spectrum *out)
{
    struct kymo_err e = { 0 };
    struct hrv_even x = { 0 };

    assert_int_equal(hrv_even_fill(&x, nn, even, &e), 0);
    measure_even(&x, o, out);
    hrv_even_release(&x);
}

static void measure_series(const struct series *x, const struct hrv_welch_options *o, struct hrv_spectrum *out)
{
    const struct nn_series nn = view(x);

    measure(&nn, &CUBIC, o, out);
}

static double integral(const struct hrv_spectrum *s)
{
    double sum = 0;

    for (size_t k = 0; k < s->n; k++)
        sum += s->psd[k];
    return sum * s->df_hz;
}

/* LF and HF are 800 and 312.5 less what the spline takes (1 % at 0.25 Hz, 0.05 % at 0.1 Hz; test_hrv_even.c) and what leaks. */
static void test_tones(void **state)
{
    static struct series x;
    struct hrv_spectrum s = { 0 };
    struct hrv_powers p;

    (void)state;
    make_tones(&x, 600);
    measure_series(&x, &USUAL, &s);
    hrv_powers(&s, &hrv_bands_task_force, &p);
    assert_near(p.lf_ms2, 800, 0.001 * 800);
    assert_near(p.hf_ms2, 312.5 * 0.99, 0.003 * 312.5);
    assert_near(p.vlf_ms2, 0, 0.01);
    assert_near(p.lf_peak_hz, 0.1, 0.0001);
    assert_near(p.hf_peak_hz, 0.25, 0.0001);
    assert_near(s.resolution_hz, 1.0 / 300, 1e-12);
    assert_near(s.highest_hz, 0.625, 0.002);   /* a whole number of periods would have a mean of 800 ms */
    hrv_spectrum_release(&s);
}

/* Noise at 0.8 s without interpolation to blur it (the grid is the beats): flat, 2 sd^2 0.8 high, and its integral the
 * variance. 6000 beats in windows of 100 that overlap by half: 119 of them, worth 119 / 1.06 independent ones; a value's
 * standard error is 9.4 %, and of 51 none lies beyond 4.5 of them. */
static void test_noise(void **state)
{
    const struct hrv_welch_options o = {.window_s = 80, .overlap = 0.5, .shape = HRV_HANN, .trend = TREND_CONSTANT};
    static struct series x;
    struct hrv_spectrum s = { 0 };

    (void)state;
    make_noise(&x, 6000, 50, 0.8, 11);
    const struct nn_series nn = view(&x);
    measure(&nn, &(struct hrv_even_options){.rate_hz = 1.25, .method = HRV_LINEAR}, &o, &s);
    assert_int_equal(s.n, 51);
    for (size_t k = 2; k < 50; k++)   /* 0 and its neighbour lost the mean, the last is one-sided */
        assert_near(s.psd[k], 2 * 2500 * 0.8, 4.5 * 0.094 * 4000);
    assert_near(integral(&s), 2500, 4 * 2500 * sqrt(2 / 6000.0) + 2500 / 100.0);   /* and 1/100 went with the means */
    hrv_spectrum_release(&s);
}

/* The sum of psd df is the mean of (w x)^2 over w^2, for even and odd lengths, with zeroes behind or without. */
static void test_parseval(void **state)
{
    static const struct { double window_s; size_t transform; enum hrv_window shape; } cases[] = {
        { 300, 0, HRV_HANN }, { 299.75, 0, HRV_HAMMING }, { 300, 2048, HRV_RECTANGULAR }, { 100.25, 1021, HRV_HANN },
    };
    static struct series x;
    struct hrv_even even = { 0 };
    struct hrv_spectrum s = { 0 };
    struct kymo_err e = { 0 };

    (void)state;
    make_noise(&x, 375, 50, 0, 12);
    const struct nn_series nn = view(&x);
    assert_int_equal(hrv_even_fill(&even, &nn, &CUBIC, &e), 0);
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        const size_t wanted = (size_t)(cases[c].window_s * 4), n = wanted < even.n ? wanted : even.n;
        double sum = 0, weights = 0, mean = 0;

        measure_even(&even, &(struct hrv_welch_options){.window_s = cases[c].window_s, .shape = cases[c].shape,
                     .transform = cases[c].transform, .trend = TREND_CONSTANT}, &s);
        const size_t windows = even.n / n;
        assert_int_equal(s.n_windows, windows);
        for (size_t v = 0; v < windows; v++) {
            mean = 0;
            for (size_t j = 0; j < n; j++)
                mean += even.ms[v * n + j] / (double)n;
            for (size_t j = 0; j < n; j++) {
                const double wave = cos(2 * M_PI * (double)j / (double)n);
                const double w = cases[c].shape == HRV_HANN ? 0.5 - 0.5 * wave : cases[c].shape == HRV_HAMMING ?
                                 0.54 - 0.46 * wave : 1;
                sum += w * w * (even.ms[v * n + j] - mean) * (even.ms[v * n + j] - mean);
                weights += w * w;
            }
        }
        assert_near(integral(&s), sum / weights, ROUNDING * sum / weights);
    }
    hrv_even_release(&even);
    hrv_spectrum_release(&s);
}

static void test_constant(void **state)
{
    static struct series x;
    struct hrv_spectrum s = { 0 };

    (void)state;
    make_noise(&x, 800, 0, 0.8, 1);
    for (size_t i = 0; i < x.n; i++)
        x.ms[i] = 833.3;
    measure_series(&x, &USUAL, &s);
    assert_int_equal(s.n, 601);
    for (size_t k = 0; k < s.n; k++)
        assert_true(s.psd[k] == 0);
    hrv_spectrum_release(&s);
}

/* Intervals twice as long at the same times: four times the density, to the bit. 2^20 ms longer: the same, to what that rounds
 * away (1e-10 of 50 ms in each interval). */
static void test_scale_and_shift(void **state)
{
    static struct series x, y;
    struct hrv_spectrum a = { 0 }, b = { 0 };

    (void)state;
    make_noise(&x, 2000, 50, 0.8, 13);
    measure_series(&x, &USUAL, &a);
    y = x;
    for (size_t i = 0; i < x.n; i++)
        y.ms[i] = 2 * x.ms[i];
    measure_series(&y, &USUAL, &b);
    for (size_t k = 0; k < a.n; k++)
        assert_true(b.psd[k] == 4 * a.psd[k]);
    for (size_t i = 0; i < x.n; i++)
        y.ms[i] = x.ms[i] + 0x1p20;
    measure_series(&y, &USUAL, &b);
    for (size_t k = 0; k < a.n; k++)
        assert_near(b.psd[k], a.psd[k], 1e-8 * (1 + a.psd[k]));

    hrv_spectrum_release(&a);
    hrv_spectrum_release(&b);
}

/* Windows that have neither begin nor end are the same backwards. */
static void test_time_reversal(void **state)
{
    enum { LONG = 1000 };
    const struct hrv_welch_options o = {.window_s = 100, .overlap = 0.5, .shape = HRV_RECTANGULAR, .trend = TREND_LINEAR};
    double forwards[LONG], backwards[LONG];
    unsigned char bridged[LONG] = { 0 };
    struct hrv_piece piece = {.n = LONG};
    struct hrv_even even = {.bridged = bridged, .n = LONG, .pieces = &piece, .n_pieces = 1, .rate_hz = 4};
    struct hrv_spectrum a = { 0 }, b = { 0 };
    static struct series x;

    (void)state;
    make_noise(&x, LONG, 50, 0.8, 14);
    for (size_t i = 0; i < LONG; i++)
        backwards[LONG - 1 - i] = forwards[i] = x.ms[i];
    even.ms = forwards;
    measure_even(&even, &o, &a);
    even.ms = backwards;
    measure_even(&even, &o, &b);
    assert_int_equal(a.n_windows, 4);
    for (size_t k = 0; k < a.n; k++)
        assert_near(b.psd[k], a.psd[k], ROUNDING * 1e4);
    hrv_spectrum_release(&a);
    hrv_spectrum_release(&b);
}

/* A series of two pieces has the mean of their spectra where each has as many windows, whatever lies between. */
static void test_pieces_are_averaged(void **state)
{
    static struct series whole;
    struct hrv_spectrum a = { 0 }, b = { 0 }, both = { 0 };

    (void)state;
    make_noise(&whole, 1601, 50, 0.8, 15);
    cut_out(&whole, 800, 1);
    const struct nn_series nn = view(&whole);
    measure(&(struct nn_series){.nn_ms = nn.nn_ms, .end_s = nn.end_s, .n = 800}, &CUBIC, &USUAL, &a);
    measure(&(struct nn_series){.nn_ms = nn.nn_ms + 800, .end_s = nn.end_s + 800, .n = 800}, &CUBIC, &USUAL, &b);
    measure(&nn, &CUBIC, &USUAL, &both);
    assert_int_equal(a.n_windows, 3);
    assert_int_equal(b.n_windows, 3);
    assert_int_equal(both.n_windows, 6);
    assert_near(both.used_s, 1200, 1e-9);
    for (size_t k = 0; k < both.n; k++)
        assert_near(both.psd[k], (a.psd[k] + b.psd[k]) / 2, ROUNDING * both.psd[k]);
    hrv_spectrum_release(&a);
    hrv_spectrum_release(&b);
    hrv_spectrum_release(&both);
}

/* 4.8 s of hole from 400 s on, in a grid of 1600 s: windows are 0 - 300, 150 - 450 ..; the two over the hole have 1.6 % of it.
 * */
static void test_holes(void **state)
{
    static struct series x;
    struct hrv_spectrum s = { 0 };
    struct hrv_welch_options o = USUAL;

    (void)state;
    make_noise(&x, 2000, 50, 0.8, 16);
    cut_out(&x, 500, 6);
    const struct nn_series nn = view(&x);
    const struct hrv_even_options bridge = {.rate_hz = 4, .method = HRV_CUBIC, .longest_hole_s = 5};
    measure(&nn, &bridge, &o, &s);
    assert_int_equal(s.n_windows, 7);
    assert_int_equal(s.n_windows_left_out, 2);
    assert_near(s.bridged_s, 0, 0);
    assert_near(s.used_s, 300 + 900 + 150, 1e-9);   /* 0.8 - 300.8, and from 450.8 on 1050 s */
    o.most_bridged = 0.02;
    measure(&nn, &bridge, &o, &s);
    assert_int_equal(s.n_windows, 9);
    assert_int_equal(s.n_windows_left_out, 0);
    assert_near(s.bridged_s, 4.8, 0.25);
    assert_near(s.used_s, 1500, 1e-9);
    measure(&nn, &CUBIC, &o, &s);   /* cut: pieces of 399 s and 1195 s */
    assert_int_equal(s.n_windows, 1 + 6);
    assert_near(s.bridged_s, 0, 0);
    assert_near(s.series_s, 1600, 1);
    hrv_spectrum_release(&s);
}

/* Nothing that one measurement leaves behind is in the next. */
static void test_one_object_for_all(void **state)
{
    static struct series x;
    struct kymo_err e = { 0 };
    struct hrv_welch *s = hrv_welch_create(&USUAL, &e);
    struct hrv_spectrum reused = { 0 }, fresh = { 0 };
    struct hrv_even even = { 0 };

    (void)state;
    assert_non_null(s);
    for (size_t n = 0; n < 1200; n = 2 * n + 1) {
        make_noise(&x, 1200 - n, 50, 0, n);
        const struct nn_series nn = view(&x);
        assert_int_equal(hrv_even_fill(&even, &nn, &CUBIC, &e), 0);
        assert_int_equal(hrv_welch_measure(s, &even, &reused, &e), 0);
        measure_series(&x, &USUAL, &fresh);
        assert_int_equal(reused.n, fresh.n);
        assert_memory_equal(reused.psd, fresh.psd, fresh.n * sizeof *fresh.psd);
    }
    hrv_even_release(&even);
    hrv_spectrum_release(&reused);
    hrv_spectrum_release(&fresh);
    hrv_welch_destroy(s);
}

static void test_few(void **state)
{
    static struct series x;
    struct hrv_spectrum s = { 0 };
    struct hrv_powers p;

    (void)state;
    for (size_t n = 0; n < 5; n++) {
        make_noise(&x, n, 50, 0, 17);
        measure_series(&x, &USUAL, &s);
        assert_true(n < 2 ? s.n == 0 : s.n > 0);
        hrv_powers(&s, &hrv_bands_task_force, &p);
        assert_true(isnan(p.vlf_ms2) && isnan(p.lf_ms2) && isnan(p.hf_ms2) && isnan(p.lf_hf));   /* 3 s resolve no band */
    }
    for (int shape = HRV_HANN; shape <= HRV_RECTANGULAR; shape++) {   /* a grid of one point, and one of two */
        const struct hrv_welch_options o = {.window_s = 300, .shape = (enum hrv_window)shape, .trend = TREND_CONSTANT};
        make_noise(&x, 2, 50, 0.2, 17);
        measure_series(&x, &o, &s);
        assert_int_equal(s.n, 0);
        make_noise(&x, 2, 50, 0.3, 17);
        measure_series(&x, &o, &s);
        assert_int_equal(s.n, 2);
        assert_true(s.psd[0] >= 0 && s.psd[1] >= 0);
    }
    make_noise(&x, 400, 50, 0.8, 18);   /* every window is bridged: none is left */
    for (size_t i = 1; i < x.n; i++)
        x.follows[i] = 0;
    for (size_t i = 0; i < x.n; i++)
        x.end_s[i] = 2 * (double)i;
    const struct nn_series nn = view(&x);
    measure(&nn, &(struct hrv_even_options){.rate_hz = 4, .method = HRV_CUBIC, .longest_hole_s = INFINITY}, &USUAL, &s);
    assert_true(s.n == 0 && s.n_windows == 0 && s.n_windows_left_out == 4);
    hrv_spectrum_release(&s);
}

static void test_refusals(void **state)
{
    static const struct hrv_welch_options bad[] = {
        { .window_s = 0 }, { .window_s = NAN }, { .window_s = INFINITY }, { .window_s = 300, .overlap = 1 },
        { .window_s = 300, .overlap = -0.1 }, { .window_s = 300, .most_bridged = 1.1 },
        { .window_s = 300, .transform = 1 << 25 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct kymo_err e = { 0 };
        assert_null(hrv_welch_create(&bad[i], &e));
        assert_int_equal(e.cause[0].code, KYMO_EUSAGE);
    }
    static struct series x;
    struct kymo_err e = { 0 };
    struct hrv_welch *s = hrv_welch_create(&(struct hrv_welch_options){.window_s = 0.1}, &e);
    struct hrv_even even = { 0 };
    struct hrv_spectrum out = { 0 };
    make_noise(&x, 10, 50, 0, 1);
    const struct nn_series nn = view(&x);
    assert_int_equal(hrv_even_fill(&even, &nn, &CUBIC, &e), 0);
    assert_int_equal(hrv_welch_measure(s, &even, &out, &e), KYMO_EUSAGE);
    assert_non_null(strstr(e.cause[0].msg, "window of 0.1 s is 0 samples at 4 Hz"));
    hrv_even_release(&even);
    hrv_welch_destroy(s);
}

/* ---- agreement with independent programs ---- */

/* What is added up with the trapezoidal rule, as hrv-analysis does: half the first and the last value less. */
static double trapezoid(const struct hrv_spectrum *s, struct hrv_band band)
{
    double sum = 0, last = 0;

    for (size_t k = 0; k < s->n && (double)k * s->df_hz < band.hi_hz; k++)
        if ((double)k * s->df_hz >= band.lo_hz) {
            sum += s->psd[k] * (sum > 0 ? 1 : 0.5);
            last = s->psd[k];
        }
    return (sum - last / 2) * s->df_hz;
}

/* The recipes: as the method says. pyHRV's windows are 300 samples, or all of a series of less than 300 s (its source). */
struct recipe {
    const char *peer, *method;
    enum hrv_interpolation interpolation;
    double window_s;
    enum hrv_window shape;
    size_t transform;
};

#define PLAINREF(n) "4Hz cubic spline; t=cumsum(rr); Hann nperseg=" n " 50% overlap const detrend density; sum*df over [lo;hi)"
static const struct recipe RECIPES[] = {
    { "plainref", PLAINREF("256"), HRV_CUBIC, 64, HRV_HANN, 0 },
    { "plainref", PLAINREF("1200"), HRV_CUBIC, 300, HRV_HANN, 0 },
    { "plainref", PLAINREF("1195"), HRV_CUBIC, 300, HRV_HANN, 0 },
    { "plainref", PLAINREF("1198"), HRV_CUBIC, 300, HRV_HANN, 0 },
    { "hrv-analysis", "frequency(welch;4Hz linear;nperseg256;nfft4096)", HRV_LINEAR, 64, HRV_HANN, 4096 },
    { "pyhrv", "welch(4Hz cubic;hamming;nfft4096)", HRV_CUBIC, 75, HRV_HAMMING, 4096 },
};

struct comparison {
    char series[64];
    const struct recipe *recipe;
    struct hrv_spectrum s;
    size_t n_compared[COUNT_OF(RECIPES)];
};

static double our_value(const struct hrv_spectrum *s, const char *metric)
{
    struct hrv_powers p;
    const struct hrv_bands *const b = &hrv_bands_task_force;

    hrv_powers(s, b, &p);
    const struct { const char *metric; double value; } known[] = {
        { "VLF", p.vlf_ms2 }, { "LF", p.lf_ms2 }, { "HF", p.hf_ms2 }, { "LFHF", p.lf_hf }, { "LFnu", p.lf_nu },
        { "vlf", trapezoid(s, b->vlf) }, { "lf", trapezoid(s, b->lf) }, { "hf", trapezoid(s, b->hf) },
        { "fft_abs_lf", p.lf_ms2 }, { "fft_abs_hf", p.hf_ms2 }, { "fft_ratio", p.lf_hf },
        { "fft_abs_vlf", hrv_band_power(s, (struct hrv_band){ 0, 0.04 }) },
    };

    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (strcmp(known[i].metric, metric) == 0)
            return known[i].value;
    return NAN;
}

static void compare_value(const struct nn_series *nn, const struct peer_value *v, void *arg)
{
    struct comparison *c = arg;
    size_t i = 0;

    while (i < COUNT_OF(RECIPES) && (strcmp(RECIPES[i].peer, v->peer) != 0 || strcmp(RECIPES[i].method, v->method) != 0))
        i++;
    if (i == COUNT_OF(RECIPES))
        return;
    if (strcmp(c->series, v->series) != 0 || c->recipe != &RECIPES[i]) {
        struct hrv_welch_options o = USUAL;
        strcpy(c->series, v->series);
        c->recipe = &RECIPES[i];
        o.shape = c->recipe->shape;
        o.transform = c->recipe->transform;
        o.window_s = c->recipe->shape == HRV_HAMMING && nn->end_s[nn->n - 1] - nn->end_s[0] < 300 ? 1024 : c->recipe->window_s;
        measure(nn, &(struct hrv_even_options){.rate_hz = 4, .method = c->recipe->interpolation}, &o, &c->s);
    }
    const double ours = our_value(&c->s, v->metric);
    if (isnan(ours))
        return;
    assert_agrees(ours, v, 1e-6, 1e-9);   /* double arithmetic on both sides; the solutions of the spline differ by rounding */
    c->n_compared[i]++;
}

static void test_agrees_with_other_programs(void **state)
{
    struct comparison c = { 0 };

    (void)state;
    for_each_peer_value(compare_value, &c);
    print_message("agreed in %zu + %zu values of plainref, %zu of hrv-analysis, %zu of pyHRV\n", c.n_compared[0],
                  c.n_compared[1] + c.n_compared[2] + c.n_compared[3], c.n_compared[4], c.n_compared[5]);
    assert_true(c.n_compared[0] >= 50 && c.n_compared[1] >= 40 && c.n_compared[4] >= 27 && c.n_compared[5] >= 27);
    hrv_spectrum_release(&c.s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tones), cmocka_unit_test(test_noise), cmocka_unit_test(test_parseval),
        cmocka_unit_test(test_constant), cmocka_unit_test(test_scale_and_shift), cmocka_unit_test(test_time_reversal),
        cmocka_unit_test(test_pieces_are_averaged),
        cmocka_unit_test(test_holes), cmocka_unit_test(test_one_object_for_all), cmocka_unit_test(test_few),
        cmocka_unit_test(test_refusals), cmocka_unit_test(test_agrees_with_other_programs),
    };

    return cmocka_run_group_tests_name("hrv_welch", tests, NULL, NULL);
}
