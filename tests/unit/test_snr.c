/* tests/unit/test_snr.c - signal and noise of known size against the definition. */
#include "support.h"

#include "algorithms/snr.h"

#include <math.h>
#include <stdlib.h>

#define PI 3.141592653589793

/* A sinusoid that is both signal and noise: S is its power, and so is N. */
static void a_sinusoid_has_0_db(void **state)
{
    enum { FS = 400, N = 10 * FS };
    static double x[N];
    int64_t beat[8];
    struct snr_noise noise;
    struct snr_signal signal;

    (void)state;
    for (int i = 0; i < N; i++)
        x[i] = 3 * sin(2 * PI * 20 * i / FS + 1) + 7;
    for (int i = 0; i < 8; i++)
        beat[i] = FS * (i + 1);
    snr_noise_init(&noise, FS);
    assert_int_equal(snr_noise_push(&noise, x, N), SNR_MOST - 10);
    snr_signal_init(&signal, FS, beat, 8);
    snr_signal_push(&signal, 0, x, N);
    const double r = snr_noise_rms(&noise), p = snr_signal_peak_to_peak(&signal);
    assert_true(fabs(r - 3 / sqrt(2)) < 1e-12);
    assert_true(p <= 6 && p > 6 * cos(PI * 20 / FS));   /* the peaks lie between samples */
    assert_true(fabs(snr_gain(6, r, 0) - 1) < 1e-12);
    assert_true(fabs(snr_gain(6, r, 20) - 0.1) < 1e-12);
    assert_true(fabs(snr_gain(6, r, -6) - pow(10, 0.3)) < 1e-12);
}

static void push_second(struct snr_noise *s, double rms)
{
    double x[10];

    for (int i = 0; i < 10; i++)
        x[i] = i % 2 ? rms : -rms;
    snr_noise_push(s, x, 10);
}

/* Of 20 windows the largest and the smallest are left out: the mean of 2..19. Of 19 none is. */
static void the_mean_is_trimmed(void **state)
{
    struct snr_noise s;

    (void)state;
    snr_noise_init(&s, 10);
    push_second(&s, 1000);
    for (int i = 1; i < 19; i++)
        push_second(&s, i);
    assert_true(fabs(snr_noise_rms(&s) - (1000 + 171) / 19.0) < 1e-9);
    push_second(&s, 19);
    assert_true(fabs(snr_noise_rms(&s) - 10.5) < 1e-9);
}

static void windows_must_be_whole(void **state)
{
    struct snr_noise s;
    const double hole[10] = {1, 2, (double)NAN};
    double x = 1;

    (void)state;
    snr_noise_init(&s, 9.6);   /* windows of 10 */
    assert_true(isnan(snr_noise_rms(&s)));
    snr_noise_push(&s, hole, 10);
    assert_true(isnan(snr_noise_rms(&s)));
    push_second(&s, 4);
    snr_noise_push(&s, &x, 1);
    assert_true(fabs(snr_noise_rms(&s) - 4) < 1e-12);
}

static void only_300_windows_count(void **state)
{
    struct snr_noise s;

    (void)state;
    snr_noise_init(&s, 10);
    for (int i = 0; i < 300; i++)
        push_second(&s, 2);
    for (int i = 0; i < 300; i++)
        push_second(&s, 5);
    assert_true(fabs(snr_noise_rms(&s) - 2) < 1e-12);
}

/* On a ramp, 18 samples on either side at 360 Hz make 36, in pieces of any length. A beat at the edge, or with a sample
 * missing, does not count; windows may overlap. */
static void beats_are_seen_whole(void **state)
{
    static double x[2000];
    const int64_t beat[] = {17, 100, 110, 500, 1000, 1985};
    struct dice d = {5};

    (void)state;
    for (int i = 0; i < 2000; i++)
        x[i] = i < 900 ? i : -2.0 * i;
    x[482] = (double)NAN;
    for (int turn = 0; turn < 20; turn++) {
        struct snr_signal s;
        snr_signal_init(&s, 360, beat, COUNT_OF(beat));
        for (size_t at = 0, n; at < 2000; at += n) {
            n = roll_below(&d, 40);
            n = n < 2000 - at ? n : 2000 - at;
            snr_signal_push(&s, (int64_t)at, x + at, n);
        }
        assert_true(fabs(snr_signal_peak_to_peak(&s) - (36 + 36 + 72) / 3.0) < 1e-9);
    }
}

static void without_beats_there_is_no_size(void **state)
{
    struct snr_signal s;
    const double x[3] = {1, 2, 3};

    (void)state;
    snr_signal_init(&s, 360, NULL, 0);
    snr_signal_push(&s, 0, x, 3);
    assert_true(isnan(snr_signal_peak_to_peak(&s)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sinusoid_has_0_db), cmocka_unit_test(the_mean_is_trimmed),
        cmocka_unit_test(windows_must_be_whole), cmocka_unit_test(only_300_windows_count),
        cmocka_unit_test(beats_are_seen_whole), cmocka_unit_test(without_beats_there_is_no_size),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
