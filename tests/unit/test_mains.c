/* tests/unit/test_mains.c - algorithms/mains.h: sinusoids of known frequency and size on ECG, noise and nothing. */
#include "algorithms/mains.h"
#include "algorithms/ecgsyn.h"
#include "algorithms/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define PI       3.141592653589793
#define LENGTH_S 60

static const double rates[] = {125, 128, 200, 250, 256, 257, 360, 400, 500, 1000, 2000};
enum { RATES = sizeof rates / sizeof *rates };

/* LENGTH_S of ECG, in mV. */
static double *make_ecg(double fs_hz, double heart_rate, double sd, double noise_mv, size_t *n)
{
    struct ecgsyn_options o = ecgsyn_defaults;
    struct kymo_err e = {0};

    o.fs_hz = fs_hz;
    o.duration_s = LENGTH_S;
    o.heart_rate_per_min = heart_rate;
    o.heart_rate_sd_per_min = sd;
    o.noise_mv = noise_mv;
    struct ecgsyn *s = ecgsyn_create(&o, &e);
    assert_non_null(s);
    *n = (size_t)ecgsyn_n_samples(s);
    double *x = malloc(*n * sizeof *x);
    assert_int_equal(ecgsyn_next(s, x, *n), *n);
    ecgsyn_destroy(s);
    return x;
}

static void add_line(double *x, size_t n, double fs_hz, double hz, double amplitude)
{
    for (size_t i = 0; i < n; i++)
        x[i] += amplitude * sin(2 * PI * fmod(hz * (double)i / fs_hz, 1) + 0.7);
}

static struct mains_line find(const double *x, size_t n, double fs_hz)
{
    struct kymo_err e = {0};
    struct mains *s = mains_create(fs_hz, &e);

    assert_non_null(s);
    mains_push(s, x, n);
    const struct mains_line line = mains_find(s);
    mains_destroy(s);
    return line;
}

/* 0.02 mV on an ECG with 5 uV of noise: 4 s of fs samples raise a line over noise by A^2 n / (6 sigma^2), 24 dB at 125 Hz, and
 * the surroundings' 95th percentile lies 5 dB above the mean of noise at most. The amplitude is right within
 * 10 %. */
static void test_known_line(void **state)
{
    (void)state;
    for (int r = 0; r < RATES; r++)
        for (int nominal = 50; nominal <= 60; nominal += 10) {
            size_t n;
            double *x = make_ecg(rates[r], 70, 2, 0.005, &n);
            add_line(x, n, rates[r], nominal + 0.13, 0.02);
            const struct mains_line line = find(x, n, rates[r]);
            assert_int_equal(line.nominal_hz, nominal);
            assert_true(fabs(line.hz - nominal - 0.13) < 0.05);
            assert_true(fabs(line.amplitude - 0.02) < 0.002);
            free(x);
        }
}

/* A heart that is perfectly regular has a line at every multiple of its rate, also at 50 and 60 Hz. */
static void test_clean_is_none(void **state)
{
    static const double per_min[] = {40, 60, 75, 100, 120, 150, 200};

    (void)state;
    for (int r = 0; r < RATES; r++)
        for (size_t h = 0; h < sizeof per_min / sizeof *per_min; h++)
            for (int noisy = 0; noisy < 2; noisy++) {
                size_t n;
                double *x = make_ecg(rates[r], per_min[h], 0, 0.005 * noisy, &n);
                assert_int_equal(find(x, n, rates[r]).nominal_hz, 0);
                free(x);
            }
}

/* Noise alone, in many short pieces: of 2000 none is taken for the mains (one window: a ratio of 10 to the 95th percentile, 3
 * of the mean, has a chance of exp(-30) in each of five bins). */
static void test_noise_is_none(void **state)
{
    double x[1000];
    struct random r;
    struct kymo_err e = {0};
    struct mains *s = mains_create(250, &e);

    (void)state;
    random_init(&r, 7, 0);
    for (int trial = 0; trial < 2000; trial++) {
        for (size_t i = 0; i < 1000; i++)
            x[i] = random_normal(&r);
        mains_push(s, x, 1000);
        assert_int_equal(mains_windows(s), 1);
        assert_int_equal(mains_find(s).nominal_hz, 0);
        mains_reset(s);
    }
    mains_destroy(s);
}

/* Harmonics that fold: the third of 60 at 125 Hz lies at 55 Hz, among the surroundings; the sixth of 50 at 360 Hz on 60, the
 * fifth of 60 at 250 Hz on 50. */
static void test_folded_harmonics(void **state)
{
    static const struct { double fs_hz; int nominal, harmonic; double amplitude; } cases[] = {
        {125, 60, 3, 0.1}, {128, 60, 3, 0.1}, {360, 50, 6, 0.03}, {250, 60, 5, 0.03},
    };

    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        size_t n;
        double *x = make_ecg(cases[k].fs_hz, 70, 2, 0.005, &n);
        add_line(x, n, cases[k].fs_hz, cases[k].nominal + 0.01, 0.05);
        add_line(x, n, cases[k].fs_hz, cases[k].harmonic * (cases[k].nominal + 0.01), cases[k].amplitude);
        assert_int_equal(find(x, n, cases[k].fs_hz).nominal_hz, cases[k].nominal);
        free(x);
    }
}

static void test_any_split_and_gaps(void **state)
{
    size_t n;
    double *x = make_ecg(250, 70, 2, 0.005, &n);
    struct kymo_err e = {0};
    struct mains *s = mains_create(250, &e);

    (void)state;
    add_line(x, n, 250, 50, 0.02);
    for (size_t i = 0; i < 1100; i++)
        x[i + 3000] = i % 2 ? (double)NAN : 1e200;
    const struct mains_line whole = find(x, n, 250);
    for (size_t at = 0, piece = 1; at < n; at += piece, piece = piece % 700 + 13)
        mains_push(s, x + at, n - at < piece ? n - at : piece);
    const struct mains_line cut = mains_find(s);
    assert_true(whole.hz == cut.hz && whole.amplitude == cut.amplitude && whole.db == cut.db);
    assert_int_equal(whole.nominal_hz, 50);
    assert_int_equal(mains_windows(s), (3000 / 500 - 1) + (15000 - 4100) / 500 - 1);
    mains_destroy(s);
    free(x);
}

static void test_nothing(void **state)
{
    static const double flat[2000] = {0};
    struct kymo_err e = {0};

    (void)state;
    struct mains_line line = find(flat, 2000, 250);
    assert_true(line.nominal_hz == 0 && line.amplitude == 0 && line.db == 0);
    line = find(flat, 10, 250);
    assert_int_equal(line.nominal_hz, 0);
    assert_null(mains_create(100, &e));
    assert_int_equal(e.cause[0].code, KYMO_EUSAGE);
    assert_null(mains_create(NAN, &e));
    mains_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_line), cmocka_unit_test(test_clean_is_none), cmocka_unit_test(test_noise_is_none),
        cmocka_unit_test(test_folded_harmonics), cmocka_unit_test(test_any_split_and_gaps), cmocka_unit_test(test_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
