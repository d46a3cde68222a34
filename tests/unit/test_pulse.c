/* tests/unit/test_pulse.c - algorithms/pulse.h, on pulse waves made here, whose beats are known. */
#include "algorithms/pulse.h"
#include "algorithms/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define MOST 1000

struct wave {
    double fs_hz, *x;
    size_t n, n_beats;
    double foot_s[MOST];
};

/* mmHg over the diastole at t after the foot: a bell that rises in 0.1 s and falls slower, and a dicrotic wave. */
static double beat_at(double t)
{
    const double main = (t - 0.12) / (t < 0.12 ? 0.05 : 0.12), dicrotic = (t - 0.36) / 0.04;

    return t < -0.2 ? 0 : 40 * exp(-main * main / 2) + 12 * exp(-dicrotic * dicrotic / 2);
}

/* Beats of about rr_s that vary by spread, the first foot at 0.5 s. */
static struct wave make_wave(double fs_hz, double duration_s, double rr_s, double spread, double noise, uint64_t seed)
{
    struct wave w = {.fs_hz = fs_hz, .n = (size_t)(duration_s * fs_hz)};
    struct random r;
    size_t first = 0;

    random_init(&r, seed, 0);
    for (double t = 0.5; t < duration_s - 0.5; t += rr_s * (1 + spread * (random_uniform(&r) - 0.5)))
        w.foot_s[w.n_beats++] = t;
    w.x = malloc(w.n * sizeof *w.x);
    for (size_t i = 0; i < w.n; i++) {
        const double t = (double)i / fs_hz;
        while (first < w.n_beats && w.foot_s[first] < t - 2)
            first++;
        w.x[i] = 80 + 4 * sin(t * 1.6) + noise * random_normal(&r);
        for (size_t k = first; k < w.n_beats && w.foot_s[k] < t + 0.5; k++)
            w.x[i] += beat_at(t - w.foot_s[k]);
    }
    return w;
}

static size_t detect_in(struct pulse *s, const double *x, size_t n, size_t piece, struct pulse_beat *out)
{
    size_t made = 0, got;

    for (size_t i = 0; i < n; i += piece) {
        const size_t m = n - i < piece ? n - i : piece;
        struct pulse_beat *room = malloc(pulse_bound(s, m) * sizeof *room);   /* so that a sanitizer sees what is too much */
        got = pulse_push(s, x + i, m, room);
        assert_true(got <= pulse_bound(s, m) && made + got <= MOST);
        memcpy(out + made, room, got * sizeof *room);
        made += got;
        free(room);
    }
    while ((got = pulse_flush(s, out + made, 7)) > 0)
        made += got;
    return made;
}

/* Those with a quality go to out. */
static size_t detect(const double *x, size_t n, double fs_hz, size_t piece, struct pulse_beat *out)
{
    struct kymo_err e = {0};
    struct pulse *s = pulse_create(fs_hz, &e);
    struct pulse_beat all[MOST];
    size_t made = 0;

    assert_non_null(s);
    const size_t n_all = detect_in(s, x, n, piece, all);
    for (size_t i = 0; i < n_all; i++)
        if (all[i].quality > 0)
            out[made++] = all[i];
    pulse_destroy(s);
    return made;
}

/* Every pulse of w from from_s to to_s found, none else, each at the same distance from its foot but for slack_s. */
static void assert_found(const struct wave *w, const struct pulse_beat *found, size_t n, double from_s, double to_s,
                         double slack_s)
{
    size_t k = 0;

    for (size_t i = 0; i < n; i++) {
        const double t = (double)found[i].sample / w->fs_hz;
        assert_true(found[i].quality > 0 && found[i].quality <= 1);
        if (t < from_s || t >= to_s)
            continue;
        while (k < w->n_beats && w->foot_s[k] + 0.08 < from_s)
            k++;
        assert_true(k < w->n_beats);
        assert_true(fabs(t - w->foot_s[k] - 0.07) < slack_s);
        k++;
    }
    assert_true(k == w->n_beats || w->foot_s[k] + 0.07 >= to_s);
}

/* The steepest point of the bell lies 50 ms before its top at 120 ms; the Gaussian of 25 ms, which is wider below 40 Hz, and
 * the slower fall move it by a few. */
static void finds_every_pulse_at_any_rate(void **state)
{
    static const double rates[] = {30, 50, 62.5, 100, 125, 199, 200, 250, 499.95, 1000, 10000};
    struct pulse_beat found[MOST];

    (void)state;
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        struct wave w = make_wave(rates[i], 40, 0.8, 0.2, 0.1, i);
        assert_found(&w, found, detect(w.x, w.n, w.fs_hz, 1 << 20, found), 0, 40, 0.01 + 0.75 / rates[i]);
        free(w.x);
    }
}

static void finds_slow_and_fast_pulses(void **state)
{
    static const double rr_s[] = {0.4, 0.5, 0.7, 1, 1.3, 1.5};
    struct pulse_beat found[MOST];

    (void)state;
    for (size_t i = 0; i < sizeof rr_s / sizeof *rr_s; i++) {
        struct wave w = make_wave(125, 60, rr_s[i], 0.1, 0.5, i);
        assert_found(&w, found, detect(w.x, w.n, w.fs_hz, 1000, found), 0, 59, 0.02);   /* the last has nothing like it */
        free(w.x);
    }
}

static void leaves_out_dicrotic_waves(void **state)
{
    struct wave w = make_wave(125, 60, 0.9, 0.1, 0.3, 2);
    struct pulse_beat found[MOST];

    (void)state;
    for (size_t k = 0; k < w.n_beats; k++)   /* half as high as the pulse */
        for (size_t i = (size_t)((w.foot_s[k] + 0.2) * 125); i < (size_t)((w.foot_s[k] + 0.6) * 125) && i < w.n; i++) {
            const double t = ((double)i / 125 - w.foot_s[k] - 0.4) / 0.04;
            w.x[i] += 18 * exp(-t * t / 2);
        }
    assert_found(&w, found, detect(w.x, w.n, w.fs_hz, 1000, found), 0, 60, 0.02);
    free(w.x);
}

static void finds_the_same_pulses_however_the_input_is_cut(void **state)
{
    static const size_t pieces[] = {1, 2, 7, 100, 511, 5000};
    struct wave w = make_wave(250, 100, 0.8, 0.5, 2, 5);
    struct pulse_beat whole[MOST], cut[MOST];

    (void)state;
    for (size_t i = 10000; i < 11000; i++)
        w.x[i] = (double)NAN;
    for (size_t i = 5000; i < 5010; i++)
        w.x[i] = (double)INFINITY;
    const size_t n = detect(w.x, w.n, 250, w.n, whole);
    assert_true(n > 80);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        assert_int_equal(detect(w.x, w.n, 250, pieces[i], cut), n);
        assert_memory_equal(cut, whole, n * sizeof *cut);
    }
    free(w.x);
}

static void does_not_mind_gain_polarity_or_offset(void **state)
{
    static const double gain[] = {1e-6, -1e-6, -1, 200, -1e6}, offset[] = {0, 1e-3, -5, 1e5, 1e7};
    struct wave w = make_wave(125, 60, 0.8, 0.2, 0.2, 3);
    struct pulse_beat plain[MOST], changed[MOST];
    const size_t n = detect(w.x, w.n, 125, w.n, plain);

    (void)state;
    assert_found(&w, plain, n, 0, 60, 0.02);
    for (size_t i = 0; i < sizeof gain / sizeof *gain; i++) {
        double *y = malloc(w.n * sizeof *y);
        for (size_t k = 0; k < w.n; k++)
            y[k] = gain[i] * w.x[k] + offset[i];
        assert_int_equal(detect(y, w.n, 125, w.n, changed), n);
        for (size_t k = 0; k < n; k++)
            assert_true(llabs(changed[k].sample - plain[k].sample) <= 1);
        free(y);
    }
    free(w.x);
}

static void starts_anew_behind_a_gap(void **state)
{
    struct wave w = make_wave(125, 60, 0.8, 0.1, 0.2, 4);
    struct pulse_beat found[MOST];

    (void)state;
    for (size_t i = 20 * 125; i < 30 * 125; i++)
        w.x[i] = (double)NAN;
    const size_t n = detect(w.x, w.n, 125, 77, found);
    assert_found(&w, found, n, 0, 19, 0.02);
    assert_found(&w, found, n, 31, 60, 0.02);
    for (size_t i = 0; i < n; i++)
        assert_true(found[i].sample < 20 * 125 || found[i].sample >= 30 * 125);
    free(w.x);
}

static void bridges_a_few_missing_samples(void **state)
{
    struct wave w = make_wave(125, 60, 0.8, 0.1, 0.2, 4);
    struct pulse_beat found[MOST];

    (void)state;
    for (size_t i = 400; i < w.n; i += 400)   /* up to 0.1 s, here 40 ms */
        for (size_t k = 0; k < 5 && i + k < w.n; k++)
            w.x[i + k] = (double)NAN;
    assert_found(&w, found, detect(w.x, w.n, 125, 77, found), 0, 60, 0.05);
    free(w.x);
}

static void gives_nothing_for_a_flat_line_and_a_flush(void **state)
{
    struct wave w = make_wave(125, 90, 0.8, 0.1, 0.2, 6);
    struct pulse_beat found[MOST];

    (void)state;
    for (size_t i = 30 * 125; i < 45 * 125; i++)
        w.x[i] = i < 38 * 125 ? 300 : 80;   /* a flush, with saturation, and then a closed tap */
    const size_t n = detect(w.x, w.n, 125, 4096, found);
    assert_found(&w, found, n, 0, 29, 0.02);
    assert_found(&w, found, n, 47, 90, 0.02);
    for (size_t i = 0; i < n; i++)
        assert_true(found[i].sample < 30 * 125 || found[i].sample >= 45 * 125);
    for (size_t i = 0; i < w.n; i++)
        w.x[i] = 7;
    assert_int_equal(detect(w.x, w.n, 125, 4096, found), 0);
    free(w.x);
}

/* Of noise through a low pass of a pulse's band hardly any maximum is like the others: less than one in ten counts. */
static void has_little_trust_in_noise(void **state)
{
    const size_t n = 300 * 125;
    double *x = malloc(n * sizeof *x), slow = 0;
    struct pulse_beat found[MOST];
    struct random r;
    size_t good = 0;

    (void)state;
    random_init(&r, 8, 0);
    for (size_t i = 0; i < n; i++)
        x[i] = slow += 0.2 * (random_normal(&r) - slow);
    const size_t made = detect(x, n, 125, 4096, found);
    for (size_t i = 0; i < made; i++)
        good += found[i].quality > 0.5;
    assert_true(good < 40);
    free(x);
}

static void is_as_new_after_flush(void **state)
{
    struct wave w = make_wave(125, 60, 0.8, 0.1, 0.2, 9);
    struct kymo_err e = {0};
    struct pulse *s = pulse_create(125, &e);
    struct pulse_beat a[MOST], b[MOST];

    (void)state;
    const size_t n = detect_in(s, w.x, w.n, 1000, a);
    assert_int_equal(pulse_flush(s, b, MOST), 0);
    assert_int_equal(detect_in(s, w.x, w.n, 1000, b), n);
    assert_memory_equal(a, b, n * sizeof *a);
    pulse_destroy(s);
    free(w.x);
}

static void refuses_rates_it_cannot_use(void **state)
{
    static const double rates[] = {0, -1, 29.9, 10001};
    struct kymo_err e = {0};

    (void)state;
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        e.n = 0;
        assert_null(pulse_create(rates[i], &e));
        assert_int_equal(e.cause[0].code, KYMO_EUSAGE);
    }
    e.n = 0;
    assert_null(pulse_create((double)NAN, &e));
    pulse_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_every_pulse_at_any_rate),
        cmocka_unit_test(finds_slow_and_fast_pulses),
        cmocka_unit_test(leaves_out_dicrotic_waves),
        cmocka_unit_test(finds_the_same_pulses_however_the_input_is_cut),
        cmocka_unit_test(does_not_mind_gain_polarity_or_offset),
        cmocka_unit_test(starts_anew_behind_a_gap),
        cmocka_unit_test(bridges_a_few_missing_samples),
        cmocka_unit_test(gives_nothing_for_a_flat_line_and_a_flush),
        cmocka_unit_test(has_little_trust_in_noise),
        cmocka_unit_test(is_as_new_after_flush),
        cmocka_unit_test(refuses_rates_it_cannot_use),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
