/* tests/unit/test_portrait.c - algorithms/portrait.h. */
#include "algorithms/portrait.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define FS 250.0

enum { N = 60 * 250, RR = 200, FIRST = 150, BEATS = (N - FIRST) / RR };

static double bell(double t_s, double at_s, double width_s)
{
    return exp(-(t_s - at_s) * (t_s - at_s) / (2 * width_s * width_s));
}

/* A lead with a P wave (upside down in every eighth beat), a QRS complex WIDTH_S wide, a T wave and drift. */
static double *make_lead(double width_s, double drift)
{
    double *x = calloc(N, sizeof *x);

    assert_non_null(x);
    for (int i = 0; i < N; i++) {
        x[i] = drift * sin(2 * M_PI * 0.1 * i / FS);
        for (int b = 0; b < BEATS; b++) {
            const double t = (i - FIRST - b * RR) / FS;
            if (fabs(t) < 0.6)
                x[i] += bell(t, 0, width_s) + (b % 8 == 7 ? -0.1 : 0.1) * bell(t, -0.15, 0.02) + 0.2 * bell(t, 0.3, 0.05);
        }
    }
    return x;
}

/* Portraits of all beats, whose times are given OFF samples off, with the input in pieces. */
static void draw(const double *a, const double *b, size_t piece, int64_t off, struct portrait *out)
{
    struct kymo_err e = {0};
    struct portrait_maker *s = portrait_create(FS, b ? 2 : 1, &e);
    size_t drawn = 0;

    assert_non_null(s);
    for (size_t done = 0; done < N; done += piece) {
        const double *const x[] = {a + done, b ? b + done : NULL};
        portrait_push(s, x, N - done < piece ? N - done : piece);
        for (; drawn < BEATS && FIRST + (int64_t)drawn * RR + off < portrait_known(s); drawn++)
            portrait_draw(s, FIRST + (int64_t)drawn * RR + off, &out[drawn]);
    }
    for (; drawn < BEATS; drawn++)
        portrait_draw(s, FIRST + (int64_t)drawn * RR + off, &out[drawn]);
    portrait_destroy(s);
}

static void is_the_same_however_the_input_is_cut(void **state)
{
    double *a = make_lead(0.012, 0.5), *b = make_lead(0.02, 0);
    struct portrait whole[BEATS], cut[BEATS];

    (void)state;
    for (int i = 5000; i < 5300; i++)
        a[i] = (double)NAN;
    memset(whole, 0, sizeof whole);
    memset(cut, 0, sizeof cut);
    draw(a, b, N, 0, whole);
    for (size_t piece = 1; piece < 4000; piece = 3 * piece + 4) {
        draw(a, b, piece, 0, cut);
        assert_memory_equal(whole, cut, sizeof whole);
    }
    free(a);
    free(b);
}

/* Up to 40 ms off the portrait hardly changes: the place is found to about half a step of 8 ms, which on the steepest slope is 40
 * of 127 counts; unfound it would be over 100. */
static void finds_the_place_of_a_beat_itself(void **state)
{
    double *a = make_lead(0.012, 0);
    struct portrait right[BEATS], off[BEATS];

    (void)state;
    draw(a, NULL, N, 0, right);
    for (int64_t by = -10; by <= 10; by += 5) {
        draw(a, NULL, N, by, off);
        for (int b = 1; b < BEATS - 1; b++)
            for (int i = 0; i < PORTRAIT_QRS; i++)
                assert_true(abs(right[b].lead[0].qrs[i] - off[b].lead[0].qrs[i]) <= 60);
    }
    free(a);
}

static void measures_width_and_size(void **state)
{
    double *narrow = make_lead(0.012, 0.5), *wide = make_lead(0.03, 0);
    struct portrait p[BEATS];

    (void)state;
    draw(narrow, wide, N, 0, p);
    for (int b = 2; b < BEATS - 2; b++) {
        assert_true(fabs((double)p[b].lead[0].amplitude - 1) < 0.15);   /* low-pass and drift take some */
        assert_true(p[b].lead[1].width_s > 1.5f * p[b].lead[0].width_s);
        assert_true(p[b].lead[1].spread_s > 1.5f * p[b].lead[0].spread_s);
        assert_true(p[b].lead[0].spike < 3);
    }
    free(narrow);
    free(wide);
}

static void sees_the_spike_of_a_pacemaker(void **state)
{
    double *a = make_lead(0.03, 0);
    struct portrait p[BEATS];

    (void)state;
    for (int b = 0; b < BEATS; b += 2)
        a[FIRST + b * RR - 20] += 0.5;   /* 80 ms before */
    draw(a, NULL, N, 0, p);
    for (int b = 0; b < BEATS; b++)
        assert_true((p[b].lead[0].spike > 4) == (b % 2 == 0));
    free(a);
}

static void tells_beats_with_another_p_wave(void **state)
{
    double *a = make_lead(0.012, 0);
    struct portrait p[BEATS];
    float like[BEATS];

    (void)state;
    draw(a, NULL, N, 0, p);
    portrait_p_like(p, BEATS, 0, NULL, like);
    for (int b = 1; b < BEATS - 1; b++)
        assert_true(b % 8 == 7 ? like[b] < -0.5f : like[b] > 0.9f);
    portrait_p_like(p, 8, 0, NULL, like);      /* 7 neighbours are too few */
    for (int b = 0; b < 8; b++)
        assert_true(isnan(like[b]));
    free(a);
}

static void knows_nothing_where_samples_are_missing(void **state)
{
    double *a = make_lead(0.012, 0), *b = make_lead(0.012, 0);
    struct portrait p[BEATS];

    (void)state;
    for (int i = FIRST + 20 * RR - 5; i < FIRST + 20 * RR + 5; i++)
        a[i] = (double)NAN;
    draw(a, b, N, 0, p);
    assert_true(p[20].lead[0].qrs_unit == 0 && p[20].lead[0].p_unit > 0);
    assert_true(p[20].lead[1].qrs_unit > 0 && p[19].lead[0].qrs_unit > 0 && p[21].lead[0].qrs_unit > 0);
    free(a);
    free(b);
}

static void refuses_what_it_cannot_do(void **state)
{
    struct kymo_err e = {0};

    (void)state;
    assert_null(portrait_create(59, 1, &e));
    assert_null(portrait_create((double)NAN, 1, &e));
    assert_null(portrait_create(250, 0, &e));
    assert_null(portrait_create(250, PORTRAIT_MOST_LEADS + 1, &e));
    assert_int_equal(e.cause[0].code, KYMO_EUSAGE);
    portrait_destroy(NULL);
}

/* Leads whose QRS complexes are alike, and others in noise of so many times its size: 'a' and 'b' are drawn as if alone. */
static void must_choose(const char *leads, size_t a, size_t b)
{
    double *x[PORTRAIT_MOST_LEADS];
    struct kymo_err e = {0};
    struct portrait all, alone;
    size_t n = strlen(leads), chosen[PORTRAIT_LEADS];
    int64_t sample[BEATS];
    uint32_t random = 1;

    for (size_t c = 0; c < n; c++) {
        x[c] = make_lead(0.012, 0.5);
        for (size_t i = 0; leads[c] != 'g' && i < N; i++) {
            random = random * 1664525u + 1013904223u;
            x[c][i] += (leads[c] - '0') * ((double)random / 4294967296.0 - 0.5);
        }
    }
    for (size_t i = 0; i < BEATS; i++)
        sample[i] = FIRST + (int64_t)i * RR;
    struct portrait_maker *const s = portrait_create(FS, n, &e), *const two = portrait_create(FS, 2, &e);
    portrait_push(s, (const double *const *)x, N / 2);
    portrait_push(two, (const double *const[]){x[a], x[b]}, N / 2);
    assert_int_equal(portrait_choose(s, sample, BEATS / 2 - 2, chosen), 2);
    assert_int_equal(chosen[0], a);
    assert_int_equal(chosen[1], b);
    const double *rest[PORTRAIT_MOST_LEADS] = {NULL};   /* the others are not looked at any more */
    rest[a] = x[a] + N / 2;
    rest[b] = x[b] + N / 2;
    portrait_push(s, rest, N - N / 2);
    portrait_push(two, (const double *const[]){rest[a], rest[b]}, N - N / 2);
    for (size_t i = 0; i < BEATS; i++) {
        portrait_draw(s, sample[i], &all);
        portrait_draw(two, sample[i], &alone);
        assert_memory_equal(&all, &alone, sizeof all);
    }
    for (size_t c = 0; c < n; c++)
        free(x[c]);
    portrait_destroy(s);
    portrait_destroy(two);
}

static void chooses_leads_that_repeat(void **state)
{
    (void)state;
    must_choose("ggg", 0, 1);
    must_choose("5gg", 1, 2);
    must_choose("g5g5", 0, 2);
    must_choose("919g", 1, 3);
    must_choose("1991", 0, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_the_same_however_the_input_is_cut), cmocka_unit_test(finds_the_place_of_a_beat_itself),
        cmocka_unit_test(measures_width_and_size), cmocka_unit_test(sees_the_spike_of_a_pacemaker),
        cmocka_unit_test(tells_beats_with_another_p_wave), cmocka_unit_test(knows_nothing_where_samples_are_missing),
        cmocka_unit_test(refuses_what_it_cannot_do),
        cmocka_unit_test(chooses_leads_that_repeat),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
