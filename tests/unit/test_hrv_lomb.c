/* tests/unit/test_hrv_lomb.c - against the formula and against the Fourier transform; closed forms, laws, holes. */
#include "algorithms/fft.h"
#include "algorithms/hrv_bands.h"
#include "algorithms/hrv_lomb.h"
#include "tests/unit/hrv_peers.h"
#include "tests/unit/hrv_series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What hrv_lomb.h states: of the largest density. */
#define ACCURACY 1e-6

static const struct hrv_lomb_options USUAL = {.highest_hz = 0.4, .oversampling = 1, .trend = TREND_CONSTANT};

static void measure_nn(const struct nn_series *nn, const struct hrv_lomb_options *o, struct hrv_spectrum *out)
{
    struct kymo_err e = { 0 };
    struct hrv_lomb *s = hrv_lomb_create(o, &e);

    assert_non_null(s);
    assert_int_equal(hrv_lomb_measure(s, nn, out, &e), 0);
    hrv_lomb_destroy(s);
}

static void measure(const struct series *x, const struct hrv_lomb_options *o, struct hrv_spectrum *out)
{
    const struct nn_series nn = view(x);

    measure_nn(&nn, o, out);
}

static double largest(const struct hrv_spectrum *s)
{
    double most = 0;

    for (size_t k = 0; k < s->n; k++)
        most = fmax(most, s->psd[k]);
    return most;
}

/* Lomb's formula as it is written, at one frequency; x less its mean. */
static double formula(const double *x, const double *t, size_t n, double f_hz, double spacing_s)
{
    const double w = 2 * M_PI * f_hz;
    double c2 = 0, s2 = 0, xc = 0, xs = 0, cc = 0, ss = 0;

    for (size_t i = 0; i < n; i++) {
        c2 += cos(2 * w * t[i]);
        s2 += sin(2 * w * t[i]);
    }
    const double turn = atan2(s2, c2) / 2;   /* w tau */
    for (size_t i = 0; i < n; i++) {
        const double c = cos(w * t[i] - turn), s = sin(w * t[i] - turn);
        xc += x[i] * c;
        xs += x[i] * s;
        cc += c * c;
        ss += s * s;
    }
    return spacing_s * (xc * xc / cc + (ss > 1e-9 * (double)n ? xs * xs / ss : 0));
}

/* Whole series, holes, oversampling, few intervals, beyond half the rate of the beats. */
static void test_is_the_formula(void **state)
{
    static const struct { size_t n, from, cut; double oversampling, highest_hz; } cases[] = {
        { 376, 0, 0, 1, 0.4 }, { 376, 100, 90, 4, 0.4 }, { 700, 20, 3, 2.5, 1 }, { 3, 0, 0, 1, 0.4 }, { 2, 0, 0, 4, 0.4 },
        { 2000, 300, 1000, 4, 0.5 },
    };
    static struct series x;
    struct hrv_spectrum s = { 0 };

    (void)state;
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        const struct hrv_lomb_options o = {.highest_hz = cases[c].highest_hz, .oversampling = cases[c].oversampling,
                                           .trend = TREND_CONSTANT};
        make_noise(&x, cases[c].n, 50, 0, c);
        if (cases[c].cut)
            cut_out(&x, cases[c].from, cases[c].cut);
        measure(&x, &o, &s);
        double mean = 0, between = 0, count = 0;
        for (size_t i = 0; i < x.n; i++) {
            mean += x.ms[i] / (double)x.n;
            between += i > 0 && x.follows[i] ? x.end_s[i] - x.end_s[i - 1] : 0;
            count += i > 0 && x.follows[i];
        }
        for (size_t i = 0; i < x.n; i++)
            x.ms[i] -= mean;
        const double spacing_s = between / count, span_s = x.end_s[x.n - 1] - x.end_s[0] + spacing_s;
        assert_near(s.df_hz, 1 / (o.oversampling * span_s), 1e-15);
        assert_near(s.used_s, (double)x.n * spacing_s, 1e-9);
        assert_true((double)(s.n - 1) * s.df_hz > o.highest_hz && (double)(s.n - 2) * s.df_hz <= o.highest_hz);
        for (size_t k = 0; k < s.n; k++)
            assert_near(s.psd[k], formula(x.ms, x.end_s, x.n, (double)k * s.df_hz, spacing_s), ACCURACY * largest(&s));
    }
    hrv_spectrum_release(&s);
}

/* With windows of 100 s each 50 s: the mean of the formula over those of which at least 0.9 is there. */
static void test_windows_are_averaged(void **state)
{
    const struct hrv_lomb_options o = {.highest_hz = 0.4, .oversampling = 2, .trend = TREND_CONSTANT, .window_s = 100,
                                       .overlap = 0.5, .least_covered = 0.9};
    static struct series x;
    static double psd[1000];
    struct hrv_spectrum s = { 0 };
    size_t n_windows = 0, n_left_out = 0, last = 0;

    (void)state;
    make_noise(&x, 1000, 50, 0, 21);
    cut_out(&x, 700, 5);     /* 4 of 100 s */
    cut_out(&x, 300, 280);   /* 224 s: some windows are empty */
    measure(&x, &o, &s);
    assert_true(s.n == 82);
    assert_near(s.df_hz, 1 / 200.0, 1e-15);
    for (double from_s = x.end_s[0]; from_s + 100 <= x.end_s[x.n - 1]; from_s += 50) {
        double in_window[200], mean = 0, between = 0, count = 0;
        size_t first = 0, n = 0;
        while (x.end_s[first] < from_s)
            first++;
        for (; first + n < x.n && x.end_s[first + n] < from_s + 100; n++)
            mean += in_window[n] = x.ms[first + n];
        for (size_t i = 1; i < n; i++) {
            between += x.follows[first + i] ? x.end_s[first + i] - x.end_s[first + i - 1] : 0;
            count += x.follows[first + i];
        }
        if (!((double)n * between / count >= 90)) {
            n_left_out++;
            continue;
        }
        n_windows++;
        last = first + n;
        for (size_t i = 0; i < n; i++)
            in_window[i] -= mean / (double)n;
        for (size_t k = 0; k < s.n; k++)
            psd[k] += formula(in_window, x.end_s + first, n, (double)k * s.df_hz, between / count);
    }
    assert_true(n_windows > 5 && n_left_out > 3 && last > 600);
    assert_int_equal(s.n_windows, n_windows);
    assert_int_equal(s.n_windows_left_out, n_left_out);
    for (size_t k = 0; k < s.n; k++)
        assert_near(s.psd[k], psd[k] / (double)n_windows, ACCURACY * largest(&s));
    hrv_spectrum_release(&s);
}

/* A swing of 100 ms over half an hour, and an eighth of the beats gone, 3 each time: over the whole it is scattered over HF, by
 * windows it is not. They lose of HF what these holes scatter. */
static void test_windows_keep_what_is_slow_away(void **state)
{
    struct hrv_lomb_options o = USUAL;
    static struct series x;
    struct hrv_spectrum s = { 0 };
    struct hrv_powers p;

    (void)state;
    make_noise(&x, 6000, 0, 0.8, 1);
    for (size_t i = 0; i < x.n; i++)
        x.ms[i] = 800 + 100 * sin(2 * M_PI * x.end_s[i] / 1800) + 10 * sin(2 * M_PI * 0.25 * x.end_s[i]);
    for (size_t i = 5990; i > 40; i -= 20 + i % 9)
        cut_out(&x, i, 3);
    measure(&x, &o, &s);
    hrv_powers(&s, &hrv_bands_task_force, &p);
    assert_true(p.hf_ms2 > 200);
    o.window_s = 300;
    o.overlap = 0.5;
    o.trend = TREND_LINEAR;
    measure(&x, &o, &s);
    hrv_powers(&s, &hrv_bands_task_force, &p);
    assert_near(p.hf_ms2, 50 * 7 / 8.0, 0.1 * 50);
    assert_near(s.used_s, (double)x.n * 0.8, 300);
    hrv_spectrum_release(&s);
}

/* On even samples: the one-sided density of the transform, at 0 and half the rate too, and its sum is the variance. */
static void test_is_the_transform_on_even_samples(void **state)
{
    static struct series x;
    struct hrv_spectrum s = { 0 };
    struct kymo_err e = { 0 };

    (void)state;
    for (size_t n = 2; n <= 1025; n = n < 8 ? n + 1 : n % 2 ? 2 * n : n + 1) {
        static double re_im[MAX_INTERVALS];
        double mean = 0, variance = 0, sum = 0;
        struct fft *fft = fft_create(n, &e);

        make_noise(&x, n, 50, 0.8, n);
        measure(&x, &(struct hrv_lomb_options){.highest_hz = 0.625, .oversampling = 1, .trend = TREND_CONSTANT}, &s);
        assert_near(s.df_hz, 1 / (0.8 * (double)n), 1e-12);
        assert_true(s.n > n / 2);
        for (size_t i = 0; i < n; i++)
            mean += x.ms[i] / (double)n;
        for (size_t i = 0; i < n; i++) {
            re_im[i] = x.ms[i] - mean;
            variance += re_im[i] * re_im[i] / (double)n;
        }
        fft_forward(fft, re_im, re_im);
        for (size_t k = 0; k <= n / 2; k++) {
            const double power = re_im[2 * k] * re_im[2 * k] + re_im[2 * k + 1] * re_im[2 * k + 1];
            const double psd = (k == 0 || 2 * k == n ? 1 : 2) * 0.8 / (double)n * power;
            assert_near(s.psd[k], psd, ACCURACY * largest(&s));
            sum += s.psd[k] * s.df_hz;
        }
        assert_near(sum, variance, ACCURACY * variance);
        fft_destroy(fft);
    }
    hrv_spectrum_release(&s);
}

/* No interpolation, nothing lost at 0.25 Hz. But the rhythms themselves move the beats, by up to 5 % and 3 % of their
 * distance, so that neither is quite orthogonal to the other and to the mean at these times: that makes 1 % here. */
static void test_tones(void **state)
{
    static struct series x;
    struct hrv_spectrum s = { 0 };
    struct hrv_powers p;

    (void)state;
    make_tones(&x, 600);
    measure(&x, &USUAL, &s);
    hrv_powers(&s, &hrv_bands_task_force, &p);
    assert_near(p.lf_ms2, 800, 0.005 * 800);
    assert_near(p.hf_ms2, 312.5, 0.015 * 312.5);
    assert_near(p.vlf_ms2, 0, 1);
    assert_near(p.lf_peak_hz, 0.1, 0.0002);
    assert_near(p.hf_peak_hz, 0.25, 0.0002);
    assert_near(s.highest_hz, 0.625, 0.002);

    cut_out(&x, 200, 150);   /* a fifth is not there: leakage from its edges, but no power lost */
    measure(&x, &USUAL, &s);
    hrv_powers(&s, &hrv_bands_task_force, &p);
    assert_near(p.lf_ms2 + p.hf_ms2 + p.vlf_ms2, 1112.5, 0.02 * 1112.5);
    assert_near(p.lf_ms2, 800, 0.04 * 800);
    hrv_spectrum_release(&s);
}

/* White noise at uneven beats (sd 6 % of the interval): 2 sd^2 D high, and flat up to half the rate. Periodogram values are
 * exponential: the mean of 900 of them is good to 3.3 %; four times that. */
static void test_noise(void **state)
{
    static struct series x;
    struct hrv_spectrum s = { 0 };

    (void)state;
    make_noise(&x, 6000, 50, 0, 11);
    measure(&x, &(struct hrv_lomb_options){.highest_hz = 0.625, .oversampling = 1, .trend = TREND_CONSTANT}, &s);
    assert_true(s.n > 2700);
    for (size_t first = 0; first < 2700; first += 900) {
        double mean = 0;
        for (size_t k = first; k < first + 900; k++)
            mean += s.psd[k] / 900;
        assert_near(mean, 2 * 2500 * 0.8, 0.133 * 4000);
    }
    hrv_spectrum_release(&s);
}

static void test_constant(void **state)
{
    static struct series x;
    struct hrv_spectrum s = { 0 };

    (void)state;
    make_noise(&x, 400, 50, 0, 1);
    for (size_t i = 0; i < x.n; i++)
        x.ms[i] = 833.3;
    measure(&x, &USUAL, &s);
    for (size_t k = 0; k < s.n; k++)
        assert_true(s.psd[k] == 0);
    hrv_spectrum_release(&s);
}

static void assert_same(const struct hrv_spectrum *got, const struct hrv_spectrum *want, double tolerance)
{
    assert_int_equal(got->n, want->n);
    for (size_t k = 0; k < got->n; k++)
        assert_near(got->psd[k], want->psd[k], tolerance * largest(want));
}

/* Twice as long at the same times: four times the density, to the bit. Longer, later, backwards: the same. */
static void test_laws(void **state)
{
    static struct series x, y;
    struct hrv_spectrum a = { 0 }, b = { 0 };

    (void)state;
    make_noise(&x, 1000, 50, 0, 13);
    cut_out(&x, 300, 20);
    measure(&x, &USUAL, &a);
    y = x;
    for (size_t i = 0; i < x.n; i++)
        y.ms[i] = 2 * x.ms[i];
    measure(&y, &USUAL, &b);
    for (size_t k = 0; k < a.n; k++)
        assert_true(b.psd[k] == 4 * a.psd[k]);
    for (size_t i = 0; i < x.n; i++) {
        y.ms[i] = x.ms[i] + 0x1p20;
        y.end_s[i] = x.end_s[i] + 0x1p20;
    }
    measure(&y, &USUAL, &b);
    assert_same(&b, &a, 2 * ACCURACY);
    reverse(&x, &y);
    measure(&y, &USUAL, &b);
    assert_same(&b, &a, 2 * ACCURACY);
    hrv_spectrum_release(&a);
    hrv_spectrum_release(&b);
}

static void test_line_is_taken_out(void **state)
{
    static struct series x, y;
    struct hrv_spectrum a = { 0 }, b = { 0 };
    struct hrv_lomb_options o = USUAL;

    (void)state;
    o.trend = TREND_LINEAR;
    make_noise(&x, 1000, 50, 0, 14);
    y = x;
    for (size_t i = 0; i < x.n; i++)
        y.ms[i] = x.ms[i] + x.end_s[i];
    measure(&x, &o, &a);
    measure(&y, &o, &b);
    assert_same(&b, &a, 2 * ACCURACY);
    hrv_spectrum_release(&a);
    hrv_spectrum_release(&b);
}

static void test_one_object_for_all(void **state)
{
    static struct series x;
    struct kymo_err e = { 0 };
    struct hrv_lomb *s = hrv_lomb_create(&USUAL, &e);
    struct hrv_spectrum reused = { 0 }, fresh = { 0 };

    (void)state;
    assert_non_null(s);
    for (size_t n = 0; n < 1200; n = 2 * n + 1) {
        make_noise(&x, 1200 - n, 50, 0, n);
        const struct nn_series nn = view(&x);
        assert_int_equal(hrv_lomb_measure(s, &nn, &reused, &e), 0);
        measure(&x, &USUAL, &fresh);
        assert_int_equal(reused.n, fresh.n);
        assert_memory_equal(reused.psd, fresh.psd, fresh.n * sizeof *fresh.psd);
    }
    hrv_spectrum_release(&reused);
    hrv_spectrum_release(&fresh);
    hrv_lomb_destroy(s);
}

static void test_few_and_refusals(void **state)
{
    static const struct hrv_lomb_options bad[] = {
        { .highest_hz = 0, .oversampling = 1 }, { .highest_hz = NAN, .oversampling = 1 },
        { .highest_hz = 0.4, .oversampling = 0.5 }, { .highest_hz = 0.4, .oversampling = INFINITY },
        { .highest_hz = 0.4, .oversampling = 1, .window_s = 0.5 }, { .highest_hz = 0.4, .oversampling = 1, .window_s = NAN },
        { .highest_hz = 0.4, .oversampling = 1, .overlap = 1 }, { .highest_hz = 0.4, .oversampling = 1, .least_covered = 2 },
    };
    static struct series x;
    struct hrv_spectrum s = { 0 };

    (void)state;
    for (size_t n = 0; n < 2; n++) {
        make_noise(&x, n, 50, 0, 1);
        measure(&x, &USUAL, &s);
        assert_true(s.n == 0);
    }
    make_noise(&x, 3, 50, 0, 1);
    x.follows[1] = x.follows[2] = 0;
    measure(&x, &USUAL, &s);
    assert_true(s.n == 0);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct kymo_err e = { 0 };
        assert_null(hrv_lomb_create(&bad[i], &e));
        assert_int_equal(e.cause[0].code, KYMO_EUSAGE);
    }
    struct kymo_err e = { 0 };
    struct hrv_lomb *lomb = hrv_lomb_create(&USUAL, &e);
    x.end_s[2] = 1e9;
    const struct nn_series far = view(&x);
    x.follows[1] = 1;
    assert_int_equal(hrv_lomb_measure(lomb, &far, &s, &e), KYMO_EDATA);
    assert_non_null(strstr(e.cause[0].msg, "frequencies, more than 4194304"));
    hrv_lomb_destroy(lomb);
    lomb = hrv_lomb_create(&(struct hrv_lomb_options){.highest_hz = 0.4, .oversampling = 1, .window_s = 1}, &e);
    assert_int_equal(hrv_lomb_measure(lomb, &far, &s, &e), 0);   /* a billion empty windows take no time */
    assert_true(s.n_windows_left_out > 900000000);
    x.end_s[2] = NAN;
    assert_int_equal(hrv_lomb_measure(lomb, &far, &s, &e), KYMO_EDATA);
    hrv_lomb_destroy(lomb);
    hrv_spectrum_release(&s);
}

/* hrv-analysis and NeuroKit2 leave out what makes ms^2/Hz of it, twice the mean interval (PEERS.md, disagreement 9): put in,
 * theirs is ours but for where its frequencies lie (half a step beside ours), the trapezoidal rule, which ends before the
 * edge, and its mean, which is fitted anew at each frequency: 0.5 %, or 1 ms^2 where much lies at an edge (mitdb100). Series
 * of 5 minutes and more. */
struct comparison {
    char series[64];
    struct hrv_powers p;
    double factor;
    size_t n_compared;
};

static void compare_value(const struct nn_series *nn, const struct peer_value *v, void *arg)
{
    struct comparison *c = arg;
    struct hrv_spectrum s = { 0 };

    if (nn->n < 300 || strcmp(v->peer, "hrv-analysis") != 0 ||
        strcmp(v->method, "frequency(lomb astropy psd)") != 0)
        return;
    if (strcmp(c->series, v->series) != 0) {
        strcpy(c->series, v->series);
        measure_nn(nn, &(struct hrv_lomb_options){.highest_hz = 0.4, .oversampling = 5, .trend = TREND_CONSTANT}, &s);
        hrv_powers(&s, &hrv_bands_task_force, &c->p);
        c->factor = 2 * (nn->end_s[nn->n - 1] - nn->end_s[0]) / (double)(nn->n - 1);
        hrv_spectrum_release(&s);
    }
    const double ours = strcmp(v->metric, "lf") == 0 ? c->p.lf_ms2 : strcmp(v->metric, "hf") == 0 ? c->p.hf_ms2 : NAN;
    if (isnan(ours))
        return;
    assert_agrees(ours / c->factor, v, 0.005, 1 / c->factor);
    c->n_compared++;
}

static void test_agrees_with_hrv_analysis(void **state)
{
    struct comparison c = { 0 };

    (void)state;
    for_each_peer_value(compare_value, &c);
    assert_true(c.n_compared >= 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_is_the_formula), cmocka_unit_test(test_is_the_transform_on_even_samples),
        cmocka_unit_test(test_windows_are_averaged), cmocka_unit_test(test_windows_keep_what_is_slow_away),
        cmocka_unit_test(test_tones), cmocka_unit_test(test_noise), cmocka_unit_test(test_constant),
        cmocka_unit_test(test_laws), cmocka_unit_test(test_line_is_taken_out),
        cmocka_unit_test(test_one_object_for_all), cmocka_unit_test(test_few_and_refusals),
        cmocka_unit_test(test_agrees_with_hrv_analysis),
    };

    return cmocka_run_group_tests_name("hrv_lomb", tests, NULL, NULL);
}
