/* tests/unit/test_qrs.c - algorithms/qrs.h, on ECGs of our own synthesiser, whose beats are known. */
#include "algorithms/ecgsyn.h"
#include "algorithms/qrs.h"
#include "algorithms/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define MOST_BEATS 1000

/* How far from R the fiducial may lie: as qrs.h tells, and a millisecond for the grid. */
static double near_s(double fs_hz) { return fs_hz < 100 ? 0.031 : 0.016; }

struct ecg {
    double fs_hz, *x;
    size_t n, n_beats;
    double beat_s[MOST_BEATS];
};

static struct ecg make_ecg(double fs_hz, double duration_s, double noise_mv, uint64_t seed)
{
    struct ecgsyn_options o = ecgsyn_defaults;
    struct kymo_err e = {0};
    struct ecg g = {.fs_hz = fs_hz};

    o.fs_hz = fs_hz;
    o.duration_s = duration_s;
    o.heart_rate_per_min = 72;
    o.heart_rate_sd_per_min = 2;
    o.noise_mv = noise_mv;
    o.seed = seed;
    struct ecgsyn *s = ecgsyn_create(&o, &e);
    assert_non_null(s);
    const struct ecgsyn_beat *beat = ecgsyn_beats(s, &g.n_beats);
    assert_true(g.n_beats <= MOST_BEATS);
    for (size_t i = 0; i < g.n_beats; i++)
        g.beat_s[i] = (double)beat[i].time_ns / 1e9;
    g.n = (size_t)ecgsyn_n_samples(s);
    g.x = malloc(g.n * sizeof *g.x);
    assert_int_equal(ecgsyn_next(s, g.x, g.n), g.n);
    ecgsyn_destroy(s);
    return g;
}

/* Detects in x[n_leads][n], in pieces of at most piece samples; returns the number of beats in out[MOST_BEATS]. */
static size_t detect_in(struct qrs *s, const double *const x[], size_t n_leads, size_t n, size_t piece, struct qrs_beat *out)
{
    size_t made = 0, got;

    for (size_t i = 0; i < n; i += piece) {
        const double *at[QRS_MOST_LEADS];
        const size_t m = n - i < piece ? n - i : piece;
        for (size_t c = 0; c < n_leads; c++)
            at[c] = x[c] + i;
        struct qrs_beat *room = malloc(qrs_bound(s, m) * sizeof *room);   /* so that a sanitizer sees what is too much */
        got = qrs_push(s, at, m, room);
        assert_true(got <= qrs_bound(s, m) && made + got <= MOST_BEATS);
        memcpy(out + made, room, got * sizeof *room);
        made += got;
        free(room);
    }
    while ((got = qrs_flush(s, out + made, 7)) > 0)
        made += got;
    return made;
}

static size_t detect(const double *const x[], size_t n_leads, size_t n, double fs_hz, size_t piece, struct qrs_beat *out)
{
    struct kymo_err e = {0};
    struct qrs *s = qrs_create(fs_hz, n_leads, NULL, &e);

    assert_non_null(s);
    const size_t made = detect_in(s, x, n_leads, n, piece, out);
    qrs_destroy(s);
    return made;
}

/* Every beat of g from from_s to to_s found, none else. */
static void assert_found(const struct ecg *g, const struct qrs_beat *found, size_t n, double from_s, double to_s)
{
    size_t k = 0;

    for (size_t i = 0; i < n; i++) {
        const double t = (double)found[i].sample / g->fs_hz;
        assert_true(found[i].score >= 0 && found[i].score <= 1);
        if (t < from_s || t >= to_s)
            continue;
        while (k < g->n_beats && g->beat_s[k] < from_s)
            k++;
        assert_true(k < g->n_beats);
        assert_true(fabs(t - g->beat_s[k]) < near_s(g->fs_hz));
        k++;
    }
    assert_true(k == g->n_beats || g->beat_s[k] >= to_s);
}

static void finds_every_beat_at_any_rate(void **state)
{
    static const double rates[] = {60, 100, 125, 128, 200, 250, 257, 360, 499.95, 1000, 4000, 10000};
    struct qrs_beat found[MOST_BEATS];

    (void)state;
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        struct ecg g = make_ecg(rates[i], 40, 0.01, i);
        const double *const x[] = {g.x};
        assert_found(&g, found, detect(x, 1, g.n, g.fs_hz, 1 << 20, found), 0, 40);
        free(g.x);
    }
}

static void finds_the_same_beats_however_the_input_is_cut(void **state)
{
    static const size_t pieces[] = {1, 2, 7, 100, 511, 512, 513, 5000, 1 << 20};
    struct ecg g = make_ecg(360, 90, 0.3, 5), h = make_ecg(360, 90, 0.5, 6);
    struct qrs_beat whole[MOST_BEATS], cut[MOST_BEATS];

    (void)state;
    for (size_t i = 10000; i < 13000; i++)   /* a gap, and a hole in one lead */
        g.x[i] = (double)NAN;
    for (size_t i = 11000; i < 20000; i++)
        h.x[i] = (double)NAN;
    const double *const x[] = {g.x, h.x};
    const size_t n = detect(x, 2, g.n, 360, g.n, whole);
    assert_true(n > 50);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        assert_int_equal(detect(x, 2, g.n, 360, pieces[i], cut), n);
        assert_memory_equal(cut, whole, n * sizeof *cut);
    }
    free(g.x);
    free(h.x);
}

static void does_not_mind_gain_polarity_or_offset(void **state)
{
    static const double gain[] = {1e-6, -1e-6, -1, 200, -1e6}, offset[] = {0, 1e-3, -5, 1e5, 1e7};
    struct ecg g = make_ecg(250, 60, 0.02, 3);
    struct qrs_beat plain[MOST_BEATS], changed[MOST_BEATS];
    const double *const x[] = {g.x};
    const size_t n = detect(x, 1, g.n, 250, g.n, plain);

    (void)state;
    assert_found(&g, plain, n, 0, 60);
    for (size_t i = 0; i < sizeof gain / sizeof *gain; i++) {
        double *y = malloc(g.n * sizeof *y);
        for (size_t k = 0; k < g.n; k++)
            y[k] = gain[i] * g.x[k] + offset[i];
        const double *const z[] = {y};
        assert_int_equal(detect(z, 1, g.n, 250, g.n, changed), n);
        for (size_t k = 0; k < n; k++)
            assert_true(llabs(changed[k].sample - plain[k].sample) <= 1);
        free(y);
    }
    free(g.x);
}

static void places_beats_without_jitter(void **state)
{
    static const double rates[] = {250, 360, 1000};
    struct qrs_beat found[MOST_BEATS];

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct ecg g = make_ecg(rates[i], 60, 0, 9);
        const double *const x[] = {g.x};
        const size_t n = detect(x, 1, g.n, g.fs_hz, g.n, found);
        assert_int_equal(n, g.n_beats);
        double mean = 0;
        for (size_t k = 0; k < n; k++)
            mean += ((double)found[k].sample / g.fs_hz - g.beat_s[k]) / (double)n;
        for (size_t k = 0; k < n; k++)   /* two samples of the grid, at least 120 Hz: a parabola places the top between them */
            assert_true(fabs((double)found[k].sample / g.fs_hz - g.beat_s[k] - mean) < 0.004);
        free(g.x);
    }
}

static void a_second_lead_that_is_dead_spoils_nothing(void **state)
{
    struct ecg g = make_ecg(250, 60, 0.02, 11);
    struct qrs_beat found[MOST_BEATS];

    (void)state;
    for (int kind = 0; kind < 2; kind++) {
        double *y = malloc(g.n * sizeof *y);
        for (size_t i = 0; i < g.n; i++)
            y[i] = kind == 0 ? 7 : (double)NAN;
        const double *const x[] = {y, g.x};
        assert_found(&g, found, detect(x, 2, g.n, 250, g.n, found), 0, 60);
        free(y);
    }
    free(g.x);
}

static void a_second_lead_of_noise_hides_no_beat(void **state)
{
    struct ecg g = make_ecg(250, 60, 0.02, 11);
    double *y = malloc(g.n * sizeof *y);
    const double *const x[] = {y, g.x};
    struct qrs_beat found[MOST_BEATS];
    struct random r;
    size_t hits = 0;

    (void)state;
    random_init(&r, 1, 1);
    for (size_t i = 0; i < g.n; i++)
        y[i] = 50 * random_normal(&r);
    const size_t n = detect(x, 2, g.n, 250, g.n, found);
    for (size_t k = 0; k < g.n_beats; k++)
        for (size_t i = 0; i < n; i++)
            hits += fabs((double)found[i].sample / 250 - g.beat_s[k]) < 0.05;   /* noise moves the fiducial */
    assert_int_equal(hits, g.n_beats);
    assert_true(n <= g.n_beats + 2);   /* a false beat or two at the ends, where the level has one side only */
    free(y);
    free(g.x);
}

static void jumps_over_gaps_and_starts_anew(void **state)
{
    struct ecg g = make_ecg(250, 60, 0.02, 13);
    struct qrs_beat found[MOST_BEATS];
    const double *const x[] = {g.x};

    (void)state;
    for (size_t i = 5000; i < 7500; i++)   /* 20 to 30 s, and behind it a signal of another size and place */
        g.x[i] = (double)NAN;
    for (size_t i = 7500; i < g.n; i++)
        g.x[i] = -30 * g.x[i] + 400;
    for (size_t i = 3000; i < 3004; i++)   /* 16 ms: bridged */
        g.x[i] = (double)NAN;
    const size_t n = detect(x, 1, g.n, 250, g.n, found);
    assert_found(&g, found, n, 0, 19.8);
    assert_found(&g, found, n, 30.2, 60);
    for (size_t i = 0; i < n; i++)
        assert_false(found[i].sample >= 5000 && found[i].sample < 7500);
    free(g.x);
}

static void silence_is_silence(void **state)
{
    struct ecg g = make_ecg(250, 90, 0.005, 17);
    struct qrs_beat found[MOST_BEATS];
    const double *const x[] = {g.x};

    (void)state;
    for (size_t i = 250 * 30; i < 250 * 36; i++)   /* asystole of 6 s: 5 uV of noise below an R wave of 1.2 mV */
        g.x[i] = g.x[250 * 30 - 1] + 1e-3 * sin((double)i);
    const size_t n = detect(x, 1, g.n, 250, g.n, found);
    for (size_t i = 0; i < n; i++)
        assert_false(found[i].sample >= 250 * 30 + 50 && found[i].sample < 250 * 36 - 50);
    assert_found(&g, found, n, 36.5, 90);
    free(g.x);
}

/* In white noise many maxima are about as high as each other, and none is like another. What passes is chance: at this rate and
 * seed at most 5 a minute, where a detector that believed them would give 100. */
static void noise_is_no_heart(void **state)
{
    struct ecg g = make_ecg(360, 80, 0.005, 23);
    struct qrs_beat found[MOST_BEATS];
    const double *const x[] = {g.x};
    struct random r;
    size_t late = 0;

    (void)state;
    random_init(&r, 29, 0);
    for (size_t i = 360 * 20; i < g.n; i++)   /* asystole of a minute after 20 s of ECG */
        g.x[i] = g.x[360 * 20 - 1] + 0.005 * random_normal(&r);
    size_t n = detect(x, 1, g.n, 360, g.n, found);
    for (size_t i = 0; i < n; i++)
        late += found[i].sample >= 360 * 20 + 72;
    assert_true(n - late >= 20 && late <= 5);
    for (size_t i = 0; i < g.n; i++)          /* and noise from the start */
        g.x[i] = random_normal(&r);
    assert_true(detect(x, 1, g.n, 360, g.n, found) <= 5);
    free(g.x);
}

static void finds_nothing_where_there_is_nothing(void **state)
{
    double x[5000];
    const double *const lead[] = {x};
    struct qrs_beat found[MOST_BEATS];

    (void)state;
    for (size_t i = 0; i < 5000; i++)
        x[i] = 3;
    assert_int_equal(detect(lead, 1, 5000, 250, 1000, found), 0);
    assert_int_equal(detect(lead, 1, 10, 250, 3, found), 0);
    assert_int_equal(detect(lead, 1, 0, 250, 1, found), 0);
    for (size_t i = 0; i < 5000; i++)
        x[i] = (double)NAN;
    assert_int_equal(detect(lead, 1, 5000, 250, 1000, found), 0);
}

static void is_new_after_flush(void **state)
{
    struct ecg g = make_ecg(250, 30, 0.1, 19);
    struct qrs_beat first[MOST_BEATS], second[MOST_BEATS];
    const double *const x[] = {g.x};
    struct kymo_err e = {0};
    struct qrs *s = qrs_create(250, 1, NULL, &e);
    const size_t n = detect_in(s, x, 1, g.n, 999, first);

    (void)state;
    assert_int_equal(detect_in(s, x, 1, g.n, 1234, second), n);
    assert_memory_equal(first, second, n * sizeof *first);
    qrs_destroy(s);
    free(g.x);
}

static void refuses_what_makes_no_sense(void **state)
{
    static const double rates[] = {0, -1, 59.9, 10001, (double)NAN, (double)INFINITY};
    struct kymo_err e;
    char text[200];

    (void)state;
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        e.n = 0;
        assert_null(qrs_create(rates[i], 1, NULL, &e));
        assert_int_equal(e.cause[0].code, KYMO_EUSAGE);
    }
    e.n = 0;
    assert_null(qrs_create(250, QRS_MOST_LEADS + 1, NULL, &e));
    kymo_err_text(&e, 0, text, sizeof text);
    assert_string_equal(text, "33 leads, not 1..32");
    e.n = 0;
    assert_null(qrs_create(250, 0, NULL, &e));
    qrs_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_every_beat_at_any_rate),
        cmocka_unit_test(finds_the_same_beats_however_the_input_is_cut),
        cmocka_unit_test(does_not_mind_gain_polarity_or_offset),
        cmocka_unit_test(places_beats_without_jitter),
        cmocka_unit_test(a_second_lead_that_is_dead_spoils_nothing),
        cmocka_unit_test(a_second_lead_of_noise_hides_no_beat),
        cmocka_unit_test(jumps_over_gaps_and_starts_anew),
        cmocka_unit_test(silence_is_silence),
        cmocka_unit_test(noise_is_no_heart),
        cmocka_unit_test(finds_nothing_where_there_is_nothing),
        cmocka_unit_test(is_new_after_flush),
        cmocka_unit_test(refuses_what_makes_no_sense),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
