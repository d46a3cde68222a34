/* tests/unit/test_hrv_turbulence.c - made turbulence found again, and each filter one by one. */
#include "algorithms/hrv_turbulence.h"

#include "tests/unit/hrv_noise.h"

#include <math.h>
#include <string.h>

enum { N = 60, V = 20 };

struct made {
    double rr_ms[N];
    unsigned char sinus[N], follows[N];
};

/* 800 ms; a premature beat ending interval V, its pause; then 780 770 and a rise of 10 ms an interval for seven. */
static void make(struct made *s)
{
    memset(s->sinus, 1, N);
    memset(s->follows, 1, N);
    for (size_t i = 0; i < N; i++)
        s->rr_ms[i] = 800;
    s->rr_ms[V] = 500;
    s->rr_ms[V + 1] = 1100;
    s->sinus[V] = s->sinus[V + 1] = 0;
    s->rr_ms[V + 2] = 780;
    for (size_t k = 0; k < 7; k++)
        s->rr_ms[V + 3 + k] = 770 + 10 * (double)k;
}

static struct hrv_turbulence measure(const struct made *s)
{
    const size_t v = V;
    struct hrv_turbulence h;

    hrv_turbulence(&(struct rr_series){.rr_ms = s->rr_ms, .sinus = s->sinus, .follows = s->follows, .n = N}, &v, 1, &h);
    return h;
}

static void test_made_turbulence(void **state)
{
    struct made s;

    (void)state;
    make(&s);
    const struct hrv_turbulence h = measure(&s);
    assert_int_equal(h.n_used, 1);
    assert_near(h.to_pct, 100 * (780 + 770 - 1600) / 1600.0, 1e-12);
    assert_near(h.ts_ms_per_rr, 10, 1e-12);
    assert_near(h.tachogram_ms[0], 780, 1e-12);
    assert_near(h.tachogram_ms[14], 800, 1e-12);
}

/* The last five of the fifteen are looked at too, and where all falls the slope is what falls least. */
static void test_late_and_falling(void **state)
{
    struct made s;

    (void)state;
    make(&s);
    for (size_t k = 0; k < 15; k++)
        s.rr_ms[V + 2 + k] = k < 11 ? 800 : 790 + 9 * (double)(k - 9);   /* 8, 9, 9, 9 up at the end */
    const double last[] = { 800, 808, 817, 826, 835 };
    assert_near(measure(&s).ts_ms_per_rr, (2 * (last[4] - last[0]) + last[3] - last[1]) / 10, 1e-12);
    for (size_t k = 0; k < 15; k++)
        s.rr_ms[V + 2 + k] = 850 - 3 * (double)k;
    assert_near(measure(&s).ts_ms_per_rr, -3, 1e-12);
}

/* Onset is the mean of the beats', the slope that of the mean tachogram: of an early and a late rise it is less than either. */
static void test_mean_of_beats(void **state)
{
    struct { double rr_ms[2 * N]; unsigned char sinus[2 * N]; } two;
    const size_t v[] = { V + N, V };
    struct hrv_turbulence h;
    struct made s;

    (void)state;
    make(&s);
    memcpy(two.rr_ms, s.rr_ms, sizeof s.rr_ms);
    memcpy(two.sinus, s.sinus, N);
    for (size_t k = 2; k < 17; k++)
        s.rr_ms[V + k] = k < 10 ? 760 : 760 + 8 * (double)(k - 9);
    memcpy(two.rr_ms + N, s.rr_ms, sizeof s.rr_ms);
    memcpy(two.sinus + N, s.sinus, N);
    const struct rr_series rr = {.rr_ms = two.rr_ms, .sinus = two.sinus, .n = 2 * N};
    hrv_turbulence(&rr, v, 2, &h);
    assert_int_equal(h.n_used, 2);
    assert_near(h.to_pct, 100 * (-50 - 80) / 1600.0 / 2, 1e-12);
    assert_near(h.ts_ms_per_rr, 5, 1e-12);   /* half of 10: while one rises the other is flat */
    hrv_turbulence(&rr, v, 0, &h);
    assert_true(h.n_used == 0 && isnan(h.to_pct) && isnan(h.ts_ms_per_rr) && isnan(h.tachogram_ms[3]));
}

/* What was measured at the limit counts; beyond it the beat is left out. */
static void test_filters(void **state)
{
    static const struct { int at; double ok_ms, not_ms; } limits[] = {
        { 0, 640, 641 },      /* 20 % premature */
        { 1, 960, 959 },      /* the pause */
        { 3, 640, 639 },      /* 20 % off the reference */
        { 16, 960, 961 },     /* the last of the fifteen */
        { 17, 1e6, NAN },     /* the sixteenth is nobody's */
        { -6, 1e6, NAN },
    };
    struct made s;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        make(&s);
        s.rr_ms[V + limits[i].at] = limits[i].ok_ms;
        if (limits[i].at == 3)
            s.rr_ms[V + 4] = 790;   /* keeps the steps below 200 */
        assert_int_equal(measure(&s).n_used, 1);
        if (isnan(limits[i].not_ms))
            continue;
        s.rr_ms[V + limits[i].at] = limits[i].not_ms;
        assert_int_equal(measure(&s).n_used, 0);
    }
    make(&s);
    s.rr_ms[V - 3] = 600;            /* before it too: 25 % off 760 */
    assert_int_equal(measure(&s).n_used, 0);
    make(&s);
    for (size_t i = 0; i < N; i++)
        s.rr_ms[i] *= 1.5;           /* 1200: steps of 200 and more are within 20 % */
    s.rr_ms[V + 12] = 1400;
    assert_int_equal(measure(&s).n_used, 1);
    s.rr_ms[V + 12] = 1401;
    assert_int_equal(measure(&s).n_used, 0);
    make(&s);
    for (size_t i = 0; i < N; i++)
        s.rr_ms[i] *= 0.38;          /* 304, and 770 becomes 292.6 */
    assert_int_equal(measure(&s).n_used, 0);
    make(&s);
    for (size_t i = 0; i < N; i++)
        s.rr_ms[i] *= 2.51;
    assert_int_equal(measure(&s).n_used, 0);
}

static void test_surroundings(void **state)
{
    struct hrv_turbulence h;
    struct made s;

    (void)state;
    for (int at = -6; at <= 18; at++) {
        make(&s);
        s.sinus[V + at] = 0;
        const bool matters = (at >= -5 && at < 0) || (at >= 2 && at <= 16);
        assert_int_equal(measure(&s).n_used, !matters);
        make(&s);
        s.follows[V + at] = 0;
        assert_int_equal(measure(&s).n_used, !(at >= -4 && at <= 16));
    }
    make(&s);
    for (size_t v = 0; v < 100; v++) {   /* near the ends there is not enough; elsewhere nothing is premature */
        hrv_turbulence(&(struct rr_series){.rr_ms = s.rr_ms, .sinus = s.sinus, .n = N}, &v, 1, &h);
        assert_int_equal(h.n_used, v == V);
    }
    for (size_t n = 0; n <= N; n++) {
        const size_t v = V;
        hrv_turbulence(&(struct rr_series){.rr_ms = s.rr_ms, .sinus = s.sinus, .n = n}, &v, 1, &h);
        assert_int_equal(h.n_used, n >= V + 17);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_made_turbulence), cmocka_unit_test(test_late_and_falling),
        cmocka_unit_test(test_mean_of_beats), cmocka_unit_test(test_filters),
        cmocka_unit_test(test_surroundings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
