/* tests/unit/test_hrv_fragment.c - by hand, probabilities of white noise, laws, breaks, and another program. */
#include "algorithms/hrv_fragment.h"

#include "tests/unit/hrv_noise.h"
#include "tests/unit/hrv_peers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct hrv_fragment measure(const double *nn_ms, const unsigned char *follows, size_t n)
{
    struct hrv_fragment h;

    hrv_fragment(&(struct nn_series){.nn_ms = nn_ms, .follows = follows, .n = n}, &h);
    return h;
}

/* d: + + + - + - + 0 0 - -. Turns: 3-4 4-5 5-6 6-7 7-8 8-9 9-10: 7 of 10. Segments: 3 1 1 1 1 2: 9 d in 6. Long: 3.
 * Alternating: from the third + to the last +, 5 d. Words: +++- ++-+ +-+- -+-+ +-+0 -+00 +00- 00--: 1 2 3 3 3 2 2 1 turns. */
static void test_by_hand(void **state)
{
    const double d[] = { 10, 10, 10, -10, 10, -10, 10, 0, 1e-6, -10, -10 };
    double x[12] = { 800 };

    (void)state;
    for (size_t i = 0; i < 11; i++)
        x[i + 1] = x[i] + d[i];
    const struct hrv_fragment h = measure(x, NULL, 12);
    assert_near(h.pip_pct, 70, 1e-12);
    assert_near(h.ials, 6 / 9.0, 1e-15);
    assert_near(h.pss_pct, 100 * 8 / 11.0, 1e-12);
    assert_near(h.pas_pct, 100 * 5 / 11.0, 1e-12);
    assert_near(h.words_pct[0], 0, 0);
    assert_near(h.words_pct[1], 25, 1e-12);
    assert_near(h.words_pct[2], 37.5, 1e-12);
    assert_near(h.words_pct[3], 37.5, 1e-12);
}

static void test_extremes(void **state)
{
    double x[100];

    (void)state;
    for (size_t i = 0; i < 100; i++)
        x[i] = 800 + 30 * (double)(i % 2);
    struct hrv_fragment h = measure(x, NULL, 100);
    assert_true(h.pip_pct == 100 && h.ials == 1 && h.pss_pct == 100 && h.pas_pct == 100 && h.words_pct[3] == 100);
    for (size_t i = 0; i < 100; i++)
        x[i] = 800 + (double)i;
    h = measure(x, NULL, 100);
    assert_true(h.pip_pct == 0 && h.pss_pct == 0 && h.pas_pct == 0 && h.words_pct[0] == 100);
    assert_near(h.ials, 1 / 99.0, 1e-15);
}

/* Of independent values all orders are alike: three in a row turn in 4 orders of 6 (PIP 2/3), so that segments are 3/2 long;
 * of the 120 orders of five, 2, 28, 58, 32 turn 0, 1, 2, 3 times (D. Andre, 1881: orders by their runs). 1e5 places: a
 * spread of 0.15 %, 0.6 allowed. */
static void test_white_noise(void **state)
{
    enum { N = 100000 };
    static double x[N];
    struct random r;

    (void)state;
    random_init(&r, 22, 0);
    fill_white(&r, x, N);
    const struct hrv_fragment h = measure(x, NULL, N);
    assert_near(h.pip_pct, 100 * 2 / 3.0, 0.6);
    assert_near(h.ials, 2 / 3.0, 0.006);
    assert_near(h.words_pct[0], 100 * 2 / 120.0, 0.6);
    assert_near(h.words_pct[1], 100 * 28 / 120.0, 0.6);
    assert_near(h.words_pct[2], 100 * 58 / 120.0, 0.6);
    assert_near(h.words_pct[3], 100 * 32 / 120.0, 0.6);
}

static void test_laws_and_breaks(void **state)
{
    enum { N = 1000 };
    static double x[N], y[N];
    static unsigned char follows[N];
    struct random r;

    (void)state;
    random_init(&r, 23, 0);
    fill_walk(&r, x, N, 8);
    const struct hrv_fragment h = measure(x, NULL, N);
    for (size_t i = 0; i < N; i++)
        y[i] = 3 * x[N - 1 - i] + 20;
    const struct hrv_fragment back = measure(y, NULL, N);
    assert_memory_equal(&back, &h, sizeof h);

    /* Twice the same with a break between: the same parts. */
    memcpy(y, x, N / 2 * sizeof *y);
    memcpy(y + N / 2, x, N / 2 * sizeof *y);
    memset(follows, 1, N);
    follows[N / 2] = 0;
    const struct hrv_fragment half = measure(x, NULL, N / 2), twice = measure(y, follows, N);
    assert_near(twice.pip_pct, half.pip_pct, 1e-12);
    assert_near(twice.ials, half.ials, 1e-12);
    assert_near(twice.pss_pct, half.pss_pct, 1e-12);
    assert_near(twice.pas_pct, half.pas_pct, 1e-12);
    assert_near(twice.words_pct[2], half.words_pct[2], 1e-12);
}

static void test_too_little(void **state)
{
    const double x[] = { 800, 810, 805, 805 }, same[] = { 800, 800, 800 };
    const unsigned char never[4] = { 0 };

    (void)state;
    struct hrv_fragment h = measure(x, NULL, 0);
    assert_true(isnan(h.pip_pct) && isnan(h.ials) && isnan(h.pss_pct) && isnan(h.pas_pct) && isnan(h.words_pct[0]));
    h = measure(x, NULL, 2);
    assert_true(isnan(h.pip_pct) && h.ials == 1 && h.pss_pct == 100 && h.pas_pct == 0 && isnan(h.words_pct[3]));
    h = measure(x, never, 4);
    assert_true(isnan(h.pip_pct) && isnan(h.ials) && isnan(h.pss_pct));
    h = measure(same, NULL, 3);
    assert_true(h.pip_pct == 100 && isnan(h.ials) && h.pss_pct == 100 && h.pas_pct == 0);   /* 0 x 0 <= 0 */
}

/* IALS only: neurokit's PIP counts crossings of a sign that is never 0 and divides by N, its PSS and PAS are parts of the
 * segments. No other program there has them. */
static void compare(const struct nn_series *nn, const struct peer_value *v, void *arg)
{
    size_t *const n_compared = arg;

    if (strcmp(v->peer, "neurokit2") != 0 || strcmp(v->metric, "HRV_IALS") != 0 || !isfinite(v->value))
        return;
    assert_agrees(measure(nn->nn_ms, NULL, nn->n).ials, v, 1e-9, 0);
    ++*n_compared;
}

static void test_agreement_with_another_program(void **state)
{
    size_t n_compared = 0;

    (void)state;
    for_each_peer_value(compare, &n_compared);
    assert_true(n_compared >= 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand), cmocka_unit_test(test_extremes), cmocka_unit_test(test_white_noise),
        cmocka_unit_test(test_laws_and_breaks), cmocka_unit_test(test_too_little),
        cmocka_unit_test(test_agreement_with_another_program),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
