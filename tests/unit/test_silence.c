/* tests/unit/test_silence.c - algorithms/silence.h, on the ECG of algorithms/ecgsyn.h with beats taken out of it. */
#include "algorithms/silence.h"
#include "algorithms/ecgsyn.h"
#include "algorithms/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { MOST = 50, LEADS = 2 };

#define LENGTH_S 40
#define BEGIN_S 20.0   /* nothing but drift and a little noise */
#define END_S 25.0

struct ecg {
    double fs_hz, *x[LEADS];
    size_t n, n_leads;
};

static struct ecg make_ecg(double fs_hz, size_t n_leads)
{
    struct ecg g = {.fs_hz = fs_hz, .n = (size_t)(LENGTH_S * fs_hz), .n_leads = n_leads};
    struct ecgsyn_options o = ecgsyn_defaults;
    struct kymo_err e = {0};
    struct random r;

    random_init(&r, 1, 0);
    o.fs_hz = fs_hz;
    o.duration_s = LENGTH_S + 1;
    o.heart_rate_per_min = 80;
    for (size_t c = 0; c < n_leads; c++) {
        struct ecgsyn *const s = ecgsyn_create(&o, &e);
        assert_non_null(s);
        g.x[c] = malloc(g.n * sizeof *g.x[c]);
        assert_int_equal(ecgsyn_next(s, g.x[c], g.n), g.n);
        ecgsyn_destroy(s);
        for (size_t i = (size_t)(BEGIN_S * fs_hz); i < (size_t)(END_S * fs_hz); i++)
            g.x[c][i] = 0.3 * sin(2 * (double)i / fs_hz) + 0.005 * random_normal(&r);
    }
    return g;
}

static void free_ecg(struct ecg *g)
{
    for (size_t c = 0; c < g->n_leads; c++)
        free(g->x[c]);
}

static size_t search_in(struct silence *s, const struct ecg *g, size_t piece, struct silence_span *out)
{
    const double *x[LEADS];
    size_t made = 0;

    for (size_t at = 0; at < g->n; at += piece) {
        const size_t m = g->n - at < piece ? g->n - at : piece;
        struct silence_span *room = malloc(silence_bound(s, m) * sizeof *room);   /* so that a sanitizer sees what is too much */
        for (size_t c = 0; c < g->n_leads; c++)
            x[c] = g->x[c] + at;
        const size_t got = silence_push(s, x, m, room);
        assert_true(got <= silence_bound(s, m) && made + got < MOST);
        memcpy(out + made, room, got * sizeof *room);
        made += got;
        free(room);
    }
    return made + silence_flush(s, out + made);
}

static size_t search(const struct ecg *g, size_t piece, struct silence_span *out)
{
    struct kymo_err e = {0};
    struct silence *s = silence_create(g->fs_hz, g->n_leads, &e);

    assert_non_null(s);
    const size_t n = search_in(s, g, piece, out);
    silence_destroy(s);
    return n;
}

/* The beats beside it have waves: 0.5 s. */
static void assert_one(const struct ecg *g, double from_s, double to_s)
{
    struct silence_span found[MOST];

    assert_int_equal(search(g, 999, found), 1);
    assert_true(fabs((double)found[0].first / g->fs_hz - from_s) < 0.5);
    assert_true(fabs((double)(found[0].first + found[0].n) / g->fs_hz - to_s) < 0.5);
}

static void assert_none(const struct ecg *g)
{
    struct silence_span found[MOST];

    assert_int_equal(search(g, 999, found), 0);
}

static void finds_silence_at_any_sampling_rate(void **state)
{
    static const double rates[] = {60, 74, 100, 128, 200, 250, 360, 499.9, 1000, 10000};

    (void)state;
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        struct ecg g = make_ecg(rates[i], 1 + i % 2);
        assert_one(&g, BEGIN_S, END_S);
        free_ecg(&g);
    }
}

static void does_not_mind_gain_polarity_or_offset(void **state)
{
    struct ecg g = make_ecg(250, 2);

    (void)state;
    for (size_t i = 0; i < g.n; i++) {
        g.x[0][i] = 1e4 - 1e-6 * g.x[0][i];
        g.x[1][i] = 1e6 * g.x[1][i] - 1e9;
    }
    assert_one(&g, BEGIN_S, END_S);
    free_ecg(&g);
}

static void finds_the_same_however_the_input_is_cut(void **state)
{
    static const size_t pieces[] = {1, 2, 7, 100, 511, 5000};
    struct ecg g = make_ecg(250, 2);
    struct silence_span whole[MOST], cut[MOST];

    (void)state;
    g.x[0][7777] = (double)NAN;
    g.x[1][5700] = (double)INFINITY;
    const size_t n = search(&g, g.n, whole);
    assert_true(n > 0);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        assert_int_equal(search(&g, pieces[i], cut), n);
        assert_memory_equal(cut, whole, n * sizeof *cut);
    }
    free_ecg(&g);
}

static void is_as_new_after_a_flush(void **state)
{
    struct ecg g = make_ecg(250, 1);
    struct silence_span first[MOST], second[MOST];
    struct kymo_err e = {0};
    struct silence *s = silence_create(250, 1, &e);

    (void)state;
    g.n = 24 * 250 + 1;   /* ends inside, and not with a step */
    assert_int_equal(search_in(s, &g, 999, first), 1);
    assert_true(first[0].first + first[0].n > 23 * 250);
    assert_int_equal(search_in(s, &g, 100, second), 1);
    assert_memory_equal(first, second, sizeof *first);
    silence_destroy(s);
    free_ecg(&g);
}

static void one_lead_that_speaks_is_enough(void **state)
{
    struct ecg g = make_ecg(250, 2);

    (void)state;
    for (size_t i = (size_t)(BEGIN_S * 250); i < (size_t)(END_S * 250); i++)
        g.x[1][i] = g.x[1][i - 750];
    assert_none(&g);
    double *const speaks = g.x[1];
    g.x[1] = g.x[0];
    g.x[0] = speaks;
    assert_none(&g);
    free_ecg(&g);
}

static void long_silence_does_not_become_usual(void **state)
{
    struct ecg g = make_ecg(250, 1);
    struct random r;

    (void)state;
    random_init(&r, 4, 0);
    g.n *= 3;
    g.x[0] = realloc(g.x[0], g.n * sizeof *g.x[0]);
    assert_non_null(g.x[0]);
    for (size_t i = 22 * 250; i < g.n; i++)
        g.x[0][i] = 0.005 * random_normal(&r);
    assert_one(&g, BEGIN_S, 3 * LENGTH_S);
    free_ecg(&g);
}

static void noise_is_no_silence(void **state)
{
    struct ecg g = make_ecg(250, 1);
    struct random r;

    (void)state;
    random_init(&r, 2, 0);
    for (size_t i = 0; i < g.n; i++)
        g.x[0][i] += 0.2 * random_normal(&r);
    assert_none(&g);
    free_ecg(&g);
}

/* Noise in half of the windows before does not make beats small. */
static void beats_after_noise_are_no_silence(void **state)
{
    struct ecg g = make_ecg(250, 1);
    struct random r;

    (void)state;
    random_init(&r, 2, 0);
    for (size_t i = 10 * 250; i < 20 * 250; i++)
        g.x[0][i] += 20 * random_normal(&r);
    assert_one(&g, BEGIN_S, END_S);
    free_ecg(&g);
}

static void a_lead_that_is_off_has_no_voice(void **state)
{
    struct ecg g = make_ecg(250, 2), missing = make_ecg(250, 1), off = make_ecg(250, 1);

    (void)state;
    for (size_t i = 0; i < g.n; i++)
        g.x[1][i] = i % 2 ? (double)NAN : 0;
    assert_one(&g, BEGIN_S, END_S);
    for (size_t i = 15 * 250; i < 30 * 250; i++) {
        missing.x[0][i] = (double)NAN;
        off.x[0][i] = 1.5;
    }
    assert_none(&missing);
    assert_none(&off);
    free_ecg(&g);
    free_ecg(&missing);
    free_ecg(&off);
}

static void knows_nothing_at_first(void **state)
{
    struct ecg g = make_ecg(250, 1);

    (void)state;
    double *const all = g.x[0];
    g.x[0] = all + (size_t)(BEGIN_S * 250);
    g.n = (size_t)((END_S - BEGIN_S) * 250);
    assert_none(&g);
    g.x[0] = all;
    free_ecg(&g);
}

static void refuses_other_rates_and_no_leads(void **state)
{
    static const double rates[] = {0, -1, 59.9, 10001, (double)NAN, (double)INFINITY};

    (void)state;
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        struct kymo_err e = {0};
        assert_null(silence_create(rates[i], 1, &e));
        assert_int_equal(e.cause[0].code, KYMO_EUSAGE);
    }
    struct kymo_err e = {0};
    assert_null(silence_create(250, 0, &e));
    assert_int_equal(e.cause[0].code, KYMO_EUSAGE);
    silence_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_silence_at_any_sampling_rate),
        cmocka_unit_test(does_not_mind_gain_polarity_or_offset),
        cmocka_unit_test(finds_the_same_however_the_input_is_cut),
        cmocka_unit_test(is_as_new_after_a_flush),
        cmocka_unit_test(one_lead_that_speaks_is_enough),
        cmocka_unit_test(long_silence_does_not_become_usual),
        cmocka_unit_test(noise_is_no_silence),
        cmocka_unit_test(beats_after_noise_are_no_silence),
        cmocka_unit_test(a_lead_that_is_off_has_no_voice),
        cmocka_unit_test(knows_nothing_at_first),
        cmocka_unit_test(refuses_other_rates_and_no_leads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
