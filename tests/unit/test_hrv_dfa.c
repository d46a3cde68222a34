/* tests/unit/test_hrv_dfa.c - theory of white and 1/f noise, laws, breaks, and agreement with independent programs. */
#include "algorithms/hrv_dfa.h"

#include "tests/unit/hrv_noise.h"
#include "tests/unit/hrv_peers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N = 40000 };

static struct hrv_dfa measure(const double *nn_ms, const unsigned char *follows, size_t n)
{
    struct kymo_err e = { 0 };
    struct hrv_dfa h;

    assert_int_equal(hrv_dfa(&(struct nn_series){.nn_ms = nn_ms, .follows = follows, .n = n}, &HRV_DFA_USUAL, &h, &e), 0);
    return h;
}

/* Of white noise the sums are a random walk; about its line, F(n)^2 = SD^2 (n^2 - 4) / (15 n) (Hoell and Kantz, Eur. Phys. J.
 * B 88:327, 2015). 40,000 / n boxes: F is known to about 1 / sqrt(2 boxes) = 2.8 % at n = 64; three times that. */
static void test_white_noise(void **state)
{
    static double x[N];
    struct random r;
    double sum_x = 0, sum_y = 0, sum_xx = 0, sum_xy = 0;

    (void)state;
    random_init(&r, 9, 0);
    fill_white(&r, x, N);
    for (size_t n = 4; n <= 64; n++) {
        const double d = (double)n, theory = 50 * sqrt((d * d - 4) / (15 * d));
        assert_near(hrv_dfa_fluctuation(&(struct nn_series){.nn_ms = x, .n = N}, n), theory, 0.085 * theory);
        if (n < 16)
            continue;
        sum_x += log(d) / 49;
        sum_y += log(theory) / 49;
        sum_xx += log(d) * log(d) / 49;
        sum_xy += log(d) * log(theory) / 49;
    }
    const double slope = (sum_xy - sum_x * sum_y) / (sum_xx - sum_x * sum_x);
    assert_near(measure(x, NULL, N).alpha2, slope, 0.02);
    assert_near(slope, 0.5, 0.01);
}

/* 1/f: alpha 1; the short boxes flatten it no more than this (Peng et al. 1995, fig. 4). */
static void test_pink_noise(void **state)
{
    static double x[N];
    struct random r;

    (void)state;
    random_init(&r, 10, 0);
    fill_pink(&r, x, N);
    const struct hrv_dfa h = measure(x, NULL, N);
    assert_near(h.alpha1, 1, 0.1);
    assert_near(h.alpha2, 1, 0.05);
}

/* A box of 4 by hand: 790 810 800 820 | 780 ... mean 800: y = -10 0 0 20 about its line 2.5 + 9 t, t = -1.5 .. 1.5 -> residuals
 * 1 2 -7 4 (sum 0), 70 in all; the second box 780 800 790 810, y = -20 -20 -30 -20, line -22.5 - t: 1 2 -7 4 again. */
static void test_by_hand(void **state)
{
    const double x[] = { 790, 810, 800, 820, 780, 800, 790, 810 };

    (void)state;
    assert_near(hrv_dfa_fluctuation(&(struct nn_series){.nn_ms = x, .n = 8}, 4), sqrt(70 / 4.0), 1e-12);
    assert_true(isnan(hrv_dfa_fluctuation(&(struct nn_series){.nn_ms = x, .n = 8}, 9)));
}

static void test_laws_and_breaks(void **state)
{
    static double x[N], y[N];
    static unsigned char follows[N];
    struct random r;

    (void)state;
    random_init(&r, 11, 0);
    fill_walk(&r, x, N, 0);
    const size_t n = 6400;   /* rounding: sums of 64 deviations of order 100, squared: 1e-13 relative; so alpha */
    const struct hrv_dfa h = measure(x, NULL, n);
    for (size_t i = 0; i < n; i++)
        y[i] = 3 * x[i] + 100;
    assert_near(measure(y, NULL, n).alpha1, h.alpha1, 1e-10);
    assert_near(measure(y, NULL, n).alpha2, h.alpha2, 1e-10);

    /* Upside down is exact. Backwards, the sums of a box are the same but for one at its ends: within 2 % here. */
    for (size_t i = 0; i < n; i++)
        y[i] = 1600 - x[i];
    assert_near(measure(y, NULL, n).alpha1, h.alpha1, 1e-10);
    for (size_t i = 0; i < n; i++)
        y[i] = x[n - 1 - i];
    assert_near(measure(y, NULL, n).alpha1, h.alpha1, 0.02);

    /* Runs in another order: the same boxes, and the remainder of each run left out. */
    for (size_t i = 0; i < n; i++)
        follows[i] = i % 100 != 0;
    const struct nn_series runs = {.nn_ms = x, .follows = follows, .n = n};
    for (size_t i = 0; i < n; i++)
        y[i] = x[i % 100 + 100 * (63 - i / 100)];
    const struct nn_series reordered = {.nn_ms = y, .follows = follows, .n = n};
    for (size_t box = 4; box <= 64; box += 5)
        assert_near(hrv_dfa_fluctuation(&reordered, box), hrv_dfa_fluctuation(&runs, box), 1e-9);
    assert_true(isnan(hrv_dfa_fluctuation(&runs, 101)));
    assert_true(hrv_dfa_fluctuation(&runs, 100) > 0);
}

static void test_too_little(void **state)
{
    struct kymo_err e = { 0 };
    struct hrv_dfa h;
    struct random r;
    double x[200];

    (void)state;
    for (size_t i = 0; i < 200; i++)
        x[i] = 812.34;
    h = measure(x, NULL, 200);
    assert_true(isnan(h.alpha1) && isnan(h.alpha2));
    random_init(&r, 12, 0);
    fill_white(&r, x, 200);
    h = measure(x, NULL, 0);
    assert_true(isnan(h.alpha1) && isnan(h.alpha2));
    h = measure(x, NULL, 15);
    assert_true(isnan(h.alpha1) && isnan(h.alpha2));
    h = measure(x, NULL, 63);
    assert_true(h.alpha1 > 0 && isnan(h.alpha2));
    h = measure(x, NULL, 64);
    assert_true(h.alpha1 > 0 && !isnan(h.alpha2));
    const struct nn_series nn = {.nn_ms = x, .n = 200};
    assert_int_equal(hrv_dfa(&nn, &(struct hrv_dfa_opt){2, 16, 64}, &h, &e), KYMO_EUSAGE);
    assert_int_equal(hrv_dfa(&nn, &(struct hrv_dfa_opt){4, 4, 64}, &h, &e), KYMO_EUSAGE);
    assert_int_equal(hrv_dfa(&nn, &(struct hrv_dfa_opt){4, 16, 2000}, &h, &e), KYMO_EUSAGE);
}

/* Not compared: neurokit's default (4-11, 12-N/10, overlapping boxes), its 4-16/16-64 on three series where it is 1e-3 off all
 * others, pyHRV (fits by RANSAC), PCST (other boxes): PEERS.md Part II, 12. */
static void compare(const struct nn_series *nn, const struct peer_value *v, void *arg)
{
    static struct hrv_dfa h;
    static char of[64];
    size_t *const n_compared = arg;
    const bool first = strcmp(v->metric, "DFA_alpha1") == 0 || strcmp(v->metric, "alpha1_4_16") == 0;
    const bool second = strcmp(v->metric, "DFA_alpha2") == 0 || strcmp(v->metric, "alpha2_16_64") == 0;

    if ((strcmp(v->peer, "plainref") != 0 && strcmp(v->peer, "nolds") != 0) || (!first && !second) || !isfinite(v->value))
        return;
    if (strcmp(of, v->series) != 0) {
        h = measure(nn->nn_ms, NULL, nn->n);
        strcpy(of, v->series);
    }
    assert_agrees(first ? h.alpha1 : h.alpha2, v, 1e-9, 1e-9);
    ++*n_compared;
}

static void test_agreement_with_other_programs(void **state)
{
    size_t n_compared = 0;

    (void)state;
    for_each_peer_value(compare, &n_compared);
    assert_true(n_compared >= 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_white_noise), cmocka_unit_test(test_pink_noise), cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_laws_and_breaks), cmocka_unit_test(test_too_little),
        cmocka_unit_test(test_agreement_with_other_programs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
