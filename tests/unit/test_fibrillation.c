/* tests/unit/test_fibrillation.c - algorithms/fibrillation.h, on fibrillation made here, between beats of algorithms/ecgsyn.h. */
#include "algorithms/fibrillation.h"
#include "algorithms/ecgsyn.h"
#include "algorithms/noise.h"
#include "algorithms/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { MOST = 50, LEADS = 3 };

#define BEGIN_S 20.0
#define END_S 50.0
#define LENGTH_S 80.0
#define SLACK_S 2.0   /* as the header has it */

struct ecg {
    double fs_hz, *x[LEADS];
    size_t n, n_leads;
};

static double *beats(double fs_hz, size_t n, double rate, double noise_mv)
{
    struct ecgsyn_options o = ecgsyn_defaults;
    struct kymo_err e = {0};
    double *const x = malloc(n * sizeof *x);

    o.fs_hz = fs_hz;
    o.duration_s = (double)n / fs_hz + 1;
    o.heart_rate_per_min = rate;
    o.noise_mv = noise_mv;
    o.pvc_probability = 0.1;
    struct ecgsyn *const s = ecgsyn_create(&o, &e);
    assert_non_null(s);
    for (size_t at = 0; at < n;)
        at += ecgsyn_next(s, x + at, n - at);
    ecgsyn_destroy(s);
    return x;
}

/* Three oscillators round rate_hz whose frequencies wander by a tenth, and beat against each other; size_mv from top to bottom
 * in the mean. The phases differ from lead to lead. */
static void fibrillate(double *x, size_t from, size_t to, double fs_hz, double rate_hz, double size_mv, uint64_t lead)
{
    double phase[3] = {0}, drift[3] = {0};
    struct random r;

    random_init(&r, 11, 0);
    for (size_t i = from; i < to; i++) {
        double sum = 0;
        for (int k = 0; k < 3; k++) {
            drift[k] += (-drift[k] + random_normal(&r) * sqrt(2 * fs_hz)) / fs_hz;   /* variance 1, forgotten in 1 s */
            phase[k] += 2 * acos(-1) * rate_hz * (1 + 0.1 * (k - 1) + 0.1 * drift[k]) / fs_hz;
            sum += (k == 1 ? 0.6 : 0.25) * cos(phase[k] + (double)(lead * (size_t)(k + 1)));
        }
        x[i] = size_mv / 1.6 * sum;
    }
}

/* Beats, fibrillation from BEGIN_S to END_S, beats. */
static struct ecg make_ecg(double fs_hz, size_t n_leads, double rate_hz, double size_mv)
{
    struct ecg g = {.fs_hz = fs_hz, .n = (size_t)(LENGTH_S * fs_hz), .n_leads = n_leads};

    for (size_t c = 0; c < n_leads; c++) {
        g.x[c] = beats(fs_hz, g.n, 75, 0.01);
        fibrillate(g.x[c], (size_t)(BEGIN_S * fs_hz), (size_t)(END_S * fs_hz), fs_hz, rate_hz, size_mv, c);
    }
    return g;
}

static void free_ecg(struct ecg *g)
{
    for (size_t c = 0; c < g->n_leads; c++)
        free(g->x[c]);
}

static size_t search_in(struct fibrillation *s, const struct ecg *g, size_t piece, struct fibrillation_episode *out)
{
    const double *x[LEADS];
    size_t made = 0;

    for (size_t at = 0; at <= g->n; at += piece) {
        const size_t m = at == g->n ? 0 : g->n - at < piece ? g->n - at : piece, bound = fibrillation_bound(s, m);
        struct fibrillation_episode *room = malloc(bound * sizeof *room);   /* so that a sanitizer sees what is too much */
        for (size_t c = 0; c < g->n_leads; c++)
            x[c] = g->x[c] + at;
        const size_t got = fibrillation_push(s, x, m, room);
        assert_true(got <= bound && made + got <= MOST);
        memcpy(out + made, room, got * sizeof *room);
        for (size_t i = 0; i < got; i++)
            assert_true((double)(at + m) / g->fs_hz - (double)(room[i].first + room[i].n) / g->fs_hz <
                        FIBRILLATION_LOOK_AHEAD_S + (double)m / g->fs_hz);
        made += got;
        free(room);
    }
    return made + fibrillation_flush(s, out + made);
}

static size_t search(const struct ecg *g, size_t piece, struct fibrillation_episode *out)
{
    struct kymo_err e = {0};
    struct fibrillation *s = fibrillation_create(g->fs_hz, g->n_leads, NULL, &e);

    assert_non_null(s);
    const size_t n = search_in(s, g, piece, out);
    fibrillation_destroy(s);
    return n;
}

static void assert_one(const struct ecg *g, double from_s, double to_s)
{
    struct fibrillation_episode found[MOST];

    assert_int_equal(search(g, 1000, found), 1);
    assert_true(fabs((double)found[0].first / g->fs_hz - from_s) < SLACK_S);
    assert_true(fabs((double)(found[0].first + found[0].n) / g->fs_hz - to_s) < SLACK_S);
    assert_true(found[0].confidence > 0.7 && found[0].confidence <= 1);
}

static void assert_none(const struct ecg *g)
{
    struct fibrillation_episode found[MOST];

    assert_int_equal(search(g, 1000, found), 0);
}

static void finds_fibrillation_at_any_sampling_rate(void **state)
{
    static const double rates[] = {60, 100, 128, 159.9, 160, 200, 250, 360, 500, 999.7, 2000, 10000};

    (void)state;
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        struct ecg g = make_ecg(rates[i], 1, 5, 1);
        assert_one(&g, BEGIN_S, END_S);
        free_ecg(&g);
    }
}

static void finds_slow_fast_large_and_small_fibrillation(void **state)
{
    static const double rate_hz[] = {3.2, 4, 5, 6, 7}, size_mv[] = {0.5, 1, 3};

    (void)state;
    for (size_t i = 0; i < sizeof rate_hz / sizeof *rate_hz; i++)
        for (size_t k = 0; k < sizeof size_mv / sizeof *size_mv; k++) {
            struct ecg g = make_ecg(250, 2, rate_hz[i], size_mv[k]);
            assert_one(&g, BEGIN_S, END_S);
            free_ecg(&g);
        }
}

static void does_not_mind_offset_polarity_or_some_noise(void **state)
{
    struct ecg g = make_ecg(250, 2, 5, 1);
    struct random r;

    (void)state;
    random_init(&r, 3, 0);
    for (size_t i = 0; i < g.n; i++) {
        g.x[0][i] = 300 - g.x[0][i] + 0.05 * random_normal(&r);
        g.x[1][i] += 0.1 * sin((double)i * 2 * acos(-1) * 50 / 250) + 0.5 * sin((double)i * 2 * acos(-1) * 0.2 / 250) - 9e5;
    }
    assert_one(&g, BEGIN_S, END_S);
    free_ecg(&g);
}

static void finds_the_same_upside_down(void **state)
{
    struct ecg g = make_ecg(250, 2, 3.2, 1);
    struct fibrillation_episode upright[MOST], turned[MOST];

    (void)state;
    for (size_t i = 0; i < g.n; i++) {
        g.x[0][i] += 0.3 * exp(-pow(((double)(i % 125) - 62) / 6, 2) / 2);   /* up alone */
        g.x[1][i] += 0.3 * exp(-pow(((double)(i % 110) - 62) / 6, 2) / 2);
    }
    const size_t n = search(&g, 1000, upright);
    for (size_t i = 0; i < g.n; i++)
        for (size_t c = 0; c < 2; c++)
            g.x[c][i] = -g.x[c][i];
    assert_true(n > 0);
    assert_int_equal(search(&g, 1000, turned), n);
    assert_memory_equal(turned, upright, n * sizeof *turned);
    free_ecg(&g);
}

static void knows_units(void **state)
{
    static const double mv[] = {0.001, 1000};
    struct ecg g = make_ecg(250, 2, 5, 1);
    struct fibrillation_episode in_mv[MOST], in_units[MOST];
    struct kymo_err e = {0};

    (void)state;
    struct fibrillation *s = fibrillation_create(250, 2, NULL, &e), *scaled = fibrillation_create(250, 2, mv, &e);
    assert_int_equal(search_in(s, &g, 1000, in_mv), 1);
    for (size_t i = 0; i < g.n; i++) {
        g.x[0][i] *= 1000;
        g.x[1][i] /= 1000;
    }
    assert_int_equal(search_in(scaled, &g, 1000, in_units), 1);
    assert_int_equal(in_mv[0].first, in_units[0].first);
    assert_int_equal(search_in(s, &g, 1000, in_mv), 0);
    fibrillation_destroy(s);
    fibrillation_destroy(scaled);
    free_ecg(&g);
}

static void finds_the_same_however_the_input_is_cut(void **state)
{
    static const size_t pieces[] = {1, 2, 7, 100, 511, 5000};
    struct ecg g = make_ecg(360, 2, 5, 1);
    struct fibrillation_episode whole[MOST], cut[MOST];

    (void)state;
    for (size_t i = 11000; i < 12500; i++)
        g.x[1][i] = (double)NAN;
    for (size_t i = 9000; i < 9020; i++)
        g.x[0][i] = (double)INFINITY;
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
    struct ecg g = make_ecg(250, 1, 5, 1);
    struct fibrillation_episode first[MOST], second[MOST];
    struct kymo_err e = {0};
    struct fibrillation *s = fibrillation_create(250, 1, NULL, &e);

    (void)state;
    g.n = 45 * 250 + 1;   /* ends inside, and not with a sample of the thinned copy */
    assert_int_equal(search_in(s, &g, 999, first), 1);
    assert_int_equal(search_in(s, &g, 100, second), 1);
    assert_memory_equal(first, second, sizeof *first);
    fibrillation_destroy(s);
    free_ecg(&g);
}

static void knows_what_lasts_from_the_beginning_or_to_the_end(void **state)
{
    struct ecg g = make_ecg(250, 1, 5, 1);

    (void)state;
    double *const all = g.x[0];
    struct fibrillation_episode found[MOST];
    g.n = 40 * 250 + 17;
    assert_int_equal(search(&g, 1000, found), 1);
    assert_int_equal(found[0].first + found[0].n, g.n);
    g.x[0] = all + 30 * 250;
    g.n = 50 * 250;
    assert_int_equal(search(&g, 1000, found), 1);
    assert_int_equal(found[0].first, 0);
    g.n = 10 * 250;
    assert_int_equal(search(&g, 1000, found), 1);
    assert_int_equal(found[0].n, g.n);
    g.n = 3 * 250;   /* shorter than a window */
    assert_int_equal(search(&g, 1000, found), 0);
    g.n = 0;
    assert_int_equal(search(&g, 1, found), 0);
    g.x[0] = all;
    free_ecg(&g);
}

static void leaves_beats_alone_at_any_rate(void **state)
{
    static const double rate[] = {30, 60, 100, 150, 200, 250};

    (void)state;
    for (size_t i = 0; i < sizeof rate / sizeof *rate; i++) {
        struct ecg g = {.fs_hz = 250, .n = 60 * 250, .n_leads = 1, .x = {beats(250, 60 * 250, rate[i], 0.02)}};
        assert_none(&g);
        free_ecg(&g);
    }
}

static void leaves_noise_alone(void **state)
{
    struct kymo_err e = {0};

    (void)state;
    for (int kind = 0; kind < NOISE_KINDS; kind++)
        for (uint64_t seed = 0; seed < 3; seed++) {
            struct ecg g = {.fs_hz = 250, .n = 120 * 250, .n_leads = 1, .x = {malloc(120 * 250 * sizeof **g.x)}};
            struct noise *s = noise_create((enum noise_kind)kind, 250, 50, seed, 0, &e);
            assert_non_null(s);
            noise_next(s, g.x[0], g.n);
            noise_destroy(s);
            assert_none(&g);
            free_ecg(&g);
        }
}

static void leaves_what_is_small_short_slow_or_quick_alone(void **state)
{
    struct ecg fine = make_ecg(250, 1, 5, 0.1), slow = make_ecg(250, 1, 1.8, 1), quick = make_ecg(250, 1, 13, 1);
    struct ecg brief = make_ecg(250, 1, 5, 1);

    (void)state;
    assert_none(&fine);
    assert_none(&slow);
    assert_none(&quick);
    double *const x = beats(250, brief.n, 75, 0.01);
    memcpy(brief.x[0] + 22 * 250, x + 22 * 250, (brief.n - 22 * 250) * sizeof *x);   /* 2 s are left */
    assert_none(&brief);
    free(x);
    free_ecg(&fine);
    free_ecg(&slow);
    free_ecg(&quick);
    free_ecg(&brief);
}

/* Waves like fibrillation with narrow complexes in them, as when the bed or the breathing machine shakes the leads; and waves of
 * the same band that repeat nothing. */
static void looks_for_complexes_and_for_a_period(void **state)
{
    struct ecg g = make_ecg(250, 1, 3, 0.8);
    struct random r;
    double slow = 0, last = 0;

    (void)state;
    for (size_t i = 0; i < g.n; i++) {
        const double t = ((double)(i % 125) - 62) / 3;   /* up and down by 0.6 mV, 24 ms apart, twice a second */
        g.x[0][i] += -t * exp(0.5 - t * t / 2) * 0.6;
    }
    assert_none(&g);
    random_init(&r, 5, 0);
    for (size_t i = 0; i < g.n; i++) {
        slow += 0.15 * (random_normal(&r) - slow);
        last += 0.15 * (slow - last);
        g.x[0][i] = 5 * last;
    }
    assert_none(&g);
    free_ecg(&g);
}

/* A lead that shakes while another shows beats is no fibrillation; one that is off, or has no sample, does not vote. */
static void leads_vote(void **state)
{
    struct ecg g = make_ecg(250, 2, 5, 1);

    (void)state;
    double *const normal = beats(250, g.n, 75, 0.01), *const fibrillating = g.x[1];
    g.x[1] = normal;
    assert_none(&g);
    for (size_t i = 0; i < g.n; i++)
        normal[i] = 0.001 * (double)(i % 2);
    assert_one(&g, BEGIN_S, END_S);
    for (size_t i = 0; i < g.n; i++)
        normal[i] = (double)NAN;
    assert_one(&g, BEGIN_S, END_S);
    free(fibrillating);
    free_ecg(&g);
}

static void goes_on_when_samples_are_missing(void **state)
{
    struct ecg g = make_ecg(250, 1, 5, 1);

    (void)state;
    for (size_t i = 0; i < g.n; i++)
        if (i % 50 < 5)
            g.x[0][i] = (double)NAN;
    assert_one(&g, BEGIN_S, END_S);
    for (size_t i = 0; i < g.n; i++)
        g.x[0][i] = (double)NAN;
    assert_none(&g);
    free_ecg(&g);
}

static void refuses_other_rates_and_no_leads(void **state)
{
    static const double rates[] = {0, -1, 59.9, 10001, (double)NAN, (double)INFINITY};

    (void)state;
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        struct kymo_err e = {0};
        assert_null(fibrillation_create(rates[i], 1, NULL, &e));
        assert_int_equal(e.cause[0].code, KYMO_EUSAGE);
    }
    struct kymo_err e = {0};
    assert_null(fibrillation_create(250, 0, NULL, &e));
    assert_int_equal(e.cause[0].code, KYMO_EUSAGE);
    fibrillation_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_fibrillation_at_any_sampling_rate),
        cmocka_unit_test(finds_slow_fast_large_and_small_fibrillation),
        cmocka_unit_test(does_not_mind_offset_polarity_or_some_noise),
        cmocka_unit_test(finds_the_same_upside_down),
        cmocka_unit_test(knows_units),
        cmocka_unit_test(finds_the_same_however_the_input_is_cut),
        cmocka_unit_test(is_as_new_after_a_flush),
        cmocka_unit_test(knows_what_lasts_from_the_beginning_or_to_the_end),
        cmocka_unit_test(leaves_beats_alone_at_any_rate),
        cmocka_unit_test(leaves_noise_alone),
        cmocka_unit_test(leaves_what_is_small_short_slow_or_quick_alone),
        cmocka_unit_test(looks_for_complexes_and_for_a_period),
        cmocka_unit_test(leads_vote),
        cmocka_unit_test(goes_on_when_samples_are_missing),
        cmocka_unit_test(refuses_other_rates_and_no_leads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
