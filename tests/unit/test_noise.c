/* tests/unit/test_noise.c - made noise against what noise.h says of it. */
#include "support.h"

#include "algorithms/noise.h"
#include "algorithms/snr.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PI 3.141592653589793

static const char *const names[NOISE_KINDS] = {"wander", "muscle", "motion", "mains"};

static struct noise *create(enum noise_kind kind, double fs_hz, uint64_t seed, uint64_t stream)
{
    struct kymo_err e = {0};
    struct noise *s = noise_create(kind, fs_hz, 50, seed, stream, &e);

    assert_non_null(s);
    return s;
}

static double *make(enum noise_kind kind, double fs_hz, uint64_t seed, uint64_t stream, size_t n)
{
    struct noise *s = create(kind, fs_hz, seed, stream);
    double *x = malloc(n * sizeof *x);

    assert_non_null(x);
    noise_next(s, x, n);
    noise_destroy(s);
    return x;
}

static double rms_of(const double *x, size_t n, double fs_hz)
{
    struct snr_noise s;

    snr_noise_init(&s, fs_hz);
    snr_noise_push(&s, x, n);
    return snr_noise_rms(&s);
}

/* The first 300 s have the unit exactly; the next 300 s within what the kind's own randomness allows. Over 40 seeds at
 * 250 Hz the logarithm of their R had a standard deviation of 0.031 (wander), 0.061 (muscle), 0.053 (motion) and 7e-6 (mains):
 * four of these. */
static void power_is_one_at_any_rate(void **state)
{
    static const double rates[] = {125, 257, 360, 1000}, spread[NOISE_KINDS] = {0.125, 0.25, 0.22, 3e-5};

    (void)state;
    for (enum noise_kind k = 0; k < NOISE_KINDS; k++)
        for (size_t r = 0; r < COUNT_OF(rates); r++) {
            const size_t n = (size_t)(300 * rates[r]);
            double *x = make(k, rates[r], 11, r, 2 * n);
            assert_true(fabs(rms_of(x, n, rates[r]) - 1) < 1e-9);
            const double later = fabs(log(rms_of(x + n, n, rates[r])));
            if (later > spread[k])
                fail_msg("%s at %g Hz: log of the later RMS is off by %g", names[k], rates[r], later);
            free(x);
        }
}

static void any_split_gives_the_same(void **state)
{
    enum { N = 20000 };
    struct dice d = {3};

    (void)state;
    for (enum noise_kind k = 0; k < NOISE_KINDS; k++) {
        double *whole = make(k, 250, 9, 0, N), y[500];
        struct noise *s = create(k, 250, 9, 0);
        for (size_t at = 0, n; at < N; at += n) {
            n = roll_below(&d, 500);
            n = n < N - at ? n : N - at;
            noise_next(s, y, n);
            assert_memory_equal(y, whole + at, n * sizeof *y);
        }
        noise_destroy(s);
        free(whole);
    }
}

static double correlation(const double *x, size_t step_x, const double *y, size_t step_y, size_t n)
{
    double xx = 0, yy = 0, xy = 0;

    for (size_t i = 0; i < n; i++) {
        const double a = x[i * step_x], b = y[i * step_y];
        xx += a * a, yy += b * b, xy += a * b;
    }
    return xy / sqrt(xx * yy);
}

/* Another seed or stream is other noise: 300 s of wander have some 300 independent values, and 5 / sqrt(300) is 0.3. Mains
 * noise always hums alike. */
static void seeds_and_streams_are_independent(void **state)
{
    enum { N = 300 * 125 };

    (void)state;
    for (enum noise_kind k = 0; k < NOISE_MAINS; k++) {
        double *a = make(k, 125, 1, 0, N), *b = make(k, 125, 2, 0, N), *c = make(k, 125, 1, 1, N);
        assert_true(fabs(correlation(a, 1, b, 1, N)) < 0.3);
        assert_true(fabs(correlation(a, 1, c, 1, N)) < 0.3);
        free(a), free(b), free(c);
    }
}

/* One seed, two rates: the same function of time. */
static void rates_sample_one_function(void **state)
{
    static const enum noise_kind smooth[] = {NOISE_WANDER, NOISE_MOTION, NOISE_MAINS};
    enum { N = 100 * 250 };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(smooth); i++) {
        double *slow = make(smooth[i], 250, 4, 0, N), *fast = make(smooth[i], 750, 4, 0, 3 * N);
        /* At 750 Hz mains have the harmonics 3 and 5 too; every third sample of the third looks like the second, 0.2 x 0.05. */
        const double expected = smooth[i] == NOISE_MAINS ? sqrt(1.0025 / 1.0525) : 1;
        assert_true(fabs(correlation(slow, 1, fast, 3, N) - expected) < (smooth[i] == NOISE_MAINS ? 0.011 : 1e-9));
        free(slow), free(fast);
    }
}

/* Share of x's power at low_hz..high_hz, from its Fourier sums over whole seconds. */
static double share(const double *x, size_t n, double fs_hz, double low_hz, double high_hz, double step_hz)
{
    double power = 0, sum = 0;

    for (size_t i = 0; i < n; i++)
        power += x[i] * x[i];
    for (double hz = low_hz; hz < high_hz; hz += step_hz) {
        double re = 0, im = 0;
        for (size_t i = 0; i < n; i++) {
            re += x[i] * cos(2 * PI * hz * (double)i / fs_hz);
            im += x[i] * sin(2 * PI * hz * (double)i / fs_hz);
        }
        sum += 2 * (re * re + im * im) / (double)n;
    }
    return sum / power;
}

static void kinds_have_their_bands(void **state)
{
    enum { FS = 1000, N = 20 * FS };
    double *x = make(NOISE_MUSCLE, FS, 5, 0, N);

    (void)state;
    assert_true(share(x, N, FS, 20, 150, 0.05) > 0.7);   /* the integral of 1/(1 + x^4): 0.78 of it lies below x = 1 */
    assert_true(share(x, N, FS, 0.05, 7, 0.05) < 0.01);
    free(x);
    x = make(NOISE_WANDER, 4, 5, 0, 1000 * 4);
    assert_true(share(x, 1000 * 4, 4, 0.04, 0.75, 0.001) > 0.98);
    free(x);
    x = make(NOISE_MAINS, FS, 5, 0, N);
    const double all = 1 + 0.05 * 0.05 + 0.2 * 0.2 + 0.1 * 0.1 + 0.05 * 0.05;
    assert_true(fabs(share(x, N, FS, 49.5, 50.5, 0.05) - 1 / all) < 0.01);
    assert_true(fabs(share(x, N, FS, 149.5, 150.5, 0.05) - 0.04 / all) < 0.01);
    free(x);
}

static void refuse(enum noise_kind kind, double fs_hz, double mains_hz, const char *why)
{
    struct kymo_err e = {0};

    assert_null(noise_create(kind, fs_hz, mains_hz, 1, 0, &e));
    assert_error(&e, KYMO_EUSAGE, why);
}

static void rates_that_cannot_hold_it_are_refused(void **state)
{
    (void)state;
    refuse(NOISE_WANDER, 3.9, 50, "wander noise is for 4..10000");
    refuse(NOISE_MUSCLE, 59, 50, "muscle noise is for 60..10000");
    refuse(NOISE_MOTION, (double)NAN, 50, "motion noise is for");
    refuse(NOISE_MAINS, 125, 60, "mains noise is for 132..10000 samples per second, not 125");
    refuse(NOISE_MAINS, 250, 20, "mains of 20 Hz, not 40..70");
    refuse(NOISE_MUSCLE, 10001, 50, "not 10001");
}

static void kinds_have_names(void **state)
{
    (void)state;
    for (enum noise_kind k = 0; k < NOISE_KINDS; k++)
        assert_int_equal(noise_kind_named(names[k]), k);
    assert_int_equal(noise_kind_named("pink"), NOISE_KINDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(power_is_one_at_any_rate), cmocka_unit_test(any_split_gives_the_same),
        cmocka_unit_test(seeds_and_streams_are_independent), cmocka_unit_test(rates_sample_one_function),
        cmocka_unit_test(kinds_have_their_bands), cmocka_unit_test(rates_that_cannot_hold_it_are_refused),
        cmocka_unit_test(kinds_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
