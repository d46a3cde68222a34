/* tests/unit/test_hrv_entropy.c - by hand, theory, laws, breaks, and agreement with independent programs. */
#include "algorithms/hrv_entropy.h"

#include "tests/unit/hrv_noise.h"
#include "tests/unit/hrv_peers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct hrv_entropy measure(const double *nn_ms, const unsigned char *follows, size_t n, struct hrv_entropy_opt opt)
{
    struct kymo_err e = { 0 };
    struct hrv_entropy h;

    assert_int_equal(hrv_entropy(&(struct nn_series){.nn_ms = nn_ms, .follows = follows, .n = n}, &opt, &h, &e), 0);
    return h;
}

/* m = 1, r = 10 ms, of 700 710 700 720 720 900: the last has no next. Pairs within 10: 0-1 0-2 1-2 1-3 1-4 3-4; of these the
 * next are within 10 as well of 0-1 (710, 700) and 0-2 (710, 720). */
static void test_by_hand(void **state)
{
    const double x[] = { 700, 710, 700, 720, 720, 900 };
    const struct hrv_entropy h = measure(x, NULL, 6, (struct hrv_entropy_opt){.m = 1, .r = 10, .r_is_ms = true});

    (void)state;
    assert_int_equal(h.n_templates, 5);
    assert_int_equal(h.n_b, 6);
    assert_int_equal(h.n_a, 2);
    assert_near(h.sampen, log(3), 1e-15);
}

/* White Gaussian noise: P(|difference of two| <= r SD) = erf(r / 2), so SampEn = -ln erf(r / 2) (Richman and Moorman 2000).
 * ApEn is the mean of -ln of the probability near each value, for small r ln(2 pi e) / 2 - ln(2r) (Pincus 1991).
 * Of n = 20,000 there are n^2/2 erf(0.1)^3 = 2.8e5 pairs in A, dependent ones: 0.01 is four times the spread seen. */
static void test_white_noise(void **state)
{
    enum { N = 20000 };
    static double x[N];
    struct random r;

    (void)state;
    random_init(&r, 3, 0);
    fill_white(&r, x, N);
    for (size_t m = 1; m <= 2; m++)
        assert_near(measure(x, NULL, N, (struct hrv_entropy_opt){.m = m, .r = 0.2}).sampen, -log(erf(0.1)), 0.01);
    assert_near(measure(x, NULL, N, (struct hrv_entropy_opt){.m = 2, .r = 0.5}).sampen, -log(erf(0.25)), 0.01);
    assert_near(measure(x, NULL, N, (struct hrv_entropy_opt){.m = 1, .r = 0.2}).apen, log(2 * M_PI * M_E) / 2 - log(0.4), 0.03);
}

/* A period is fully regular: each template of m goes on the same way. */
static void test_regular(void **state)
{
    double x[300];

    (void)state;
    for (size_t i = 0; i < 300; i++)
        x[i] = 700 + 40 * (double)(i % 5);
    const struct hrv_entropy h = measure(x, NULL, 300, HRV_ENTROPY_USUAL);
    assert_near(h.sampen, 0, 0);
    assert_near(h.apen, 0, 1e-4);   /* the last template goes nowhere: 1/n of ln, squared */
}

static void test_laws(void **state)
{
    enum { N = 900 };
    static double x[N], y[N];
    static unsigned char follows[N];
    struct random r;

    (void)state;
    random_init(&r, 4, 0);
    fill_walk(&r, x, N, 1);
    const struct hrv_entropy h = measure(x, NULL, N, HRV_ENTROPY_USUAL);
    for (size_t i = 0; i < N; i++)
        y[i] = 4 * x[i];
    const struct hrv_entropy scaled = measure(y, NULL, N, HRV_ENTROPY_USUAL);
    assert_true(scaled.n_a == h.n_a && scaled.n_b == h.n_b && scaled.apen == h.apen);
    for (size_t i = 0; i < N; i++)
        y[i] = x[i] + 512;
    const struct hrv_entropy shifted = measure(y, NULL, N, HRV_ENTROPY_USUAL);
    assert_true(shifted.n_a == h.n_a && shifted.n_b == h.n_b && shifted.apen == h.apen);
    for (size_t i = 0; i < N; i++)
        y[i] = x[N - 1 - i];
    assert_int_equal(measure(y, NULL, N, HRV_ENTROPY_USUAL).n_a, h.n_a);   /* the templates of m+1, read backwards */

    /* The same twice with a break between: each pair of templates four times, and each with its own copy. */
    memcpy(y, x, N / 2 * sizeof *y);
    memcpy(y + N / 2, x, N / 2 * sizeof *y);
    memset(follows, 1, N);
    follows[N / 2] = 0;
    const struct hrv_entropy_opt opt = {.m = 2, .r = 10, .r_is_ms = true};
    const struct hrv_entropy half = measure(x, NULL, N / 2, opt), twice = measure(y, follows, N, opt);
    assert_int_equal(twice.n_templates, 2 * half.n_templates);
    assert_int_equal(twice.n_a, 4 * half.n_a + half.n_templates);
    assert_int_equal(twice.n_b, 4 * half.n_b + half.n_templates);
    assert_near(twice.apen, half.apen, 1e-12);

    /* Runs in another order are the same templates. */
    for (size_t i = 0; i < N; i++)
        follows[i] = i % 100 != 0;
    const struct hrv_entropy before = measure(x, follows, N, opt);
    for (size_t i = 0; i < N; i++)
        y[i] = x[i % 100 + 100 * (8 - i / 100)];
    const struct hrv_entropy after = measure(y, follows, N, opt);
    assert_true(before.n_a == after.n_a && before.n_b == after.n_b);
    assert_near(after.apen, before.apen, 1e-12);
}

static void test_too_little(void **state)
{
    static double x[100];
    static unsigned char never[100];
    const struct hrv_entropy_opt usual = HRV_ENTROPY_USUAL;
    struct kymo_err e = { 0 };
    struct hrv_entropy h;
    struct random r;

    (void)state;
    for (size_t i = 0; i < 100; i++)
        x[i] = 812.5;
    h = measure(x, NULL, 100, usual);
    assert_true(isnan(h.sampen) && isnan(h.apen) && isnan(h.r_ms) && h.n_a == 0);
    random_init(&r, 5, 0);
    fill_white(&r, x, 100);
    for (size_t n = 0; n <= 2; n++) {
        h = measure(x, NULL, n, usual);
        assert_true(isnan(h.sampen) && isnan(h.apen) && h.n_templates == 0);
    }
    h = measure(x, NULL, 3, usual);   /* one template of three; two of two, each its own only partner */
    assert_true(isnan(h.sampen) && h.n_templates == 1);
    assert_near(h.apen, -log(2), 1e-15);
    h = measure(x, never, 100, usual);
    assert_true(isnan(h.sampen) && isnan(h.apen) && h.n_templates == 0);

    double *const many = malloc((HRV_ENTROPY_MAX + 1) * sizeof *many);
    assert_non_null(many);
    for (size_t i = 0; i <= HRV_ENTROPY_MAX; i++)
        many[i] = x[i % 100];
    h = measure(many, NULL, HRV_ENTROPY_MAX + 1, usual);
    assert_true(isnan(h.sampen) && isnan(h.apen));
    free(many);

    const struct nn_series nn = {.nn_ms = x, .n = 100};
    assert_int_equal(hrv_entropy(&nn, &(struct hrv_entropy_opt){.m = 0, .r = 0.2}, &h, &e), KYMO_EUSAGE);
    assert_int_equal(hrv_entropy(&nn, &(struct hrv_entropy_opt){.m = 2, .r = -1}, &h, &e), KYMO_EUSAGE);
    assert_int_equal(hrv_entropy(&nn, &(struct hrv_entropy_opt){.m = 2, .r = NAN}, &h, &e), KYMO_EUSAGE);
    assert_true(isnan(h.sampen));
}

/* Not compared: hrv-analysis (r = 0.2006 SD), pyHRV (SD with n+1), BioSPPy, PCST (strictly below r, N-m+1 templates of m):
 * other definitions, PEERS.md Part II, 10. An undefined SampEn is empty or infinite there and NaN here: skipped too. */
static void compare(const struct nn_series *nn, const struct peer_value *v, void *arg)
{
    static struct hrv_entropy h;
    static char of[64];
    size_t *const n_compared = arg;
    const struct { const char *peer, *metric; double ours; } rows[] = {
        { "plainref", "SampEn", h.sampen }, { "plainref", "ApEn", h.apen },
        { "plainref", "SampEn_A", (double)h.n_a }, { "plainref", "SampEn_B", (double)h.n_b },
        { "nolds", "sampen", h.sampen }, { "neurokit2", "HRV_SampEn", h.sampen }, { "neurokit2", "HRV_ApEn", h.apen },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (strcmp(v->peer, rows[i].peer) != 0 || strcmp(v->metric, rows[i].metric) != 0 || !isfinite(v->value))
            continue;
        if (strcmp(of, v->series) != 0) {
            h = measure(nn->nn_ms, NULL, nn->n, HRV_ENTROPY_USUAL);
            strcpy(of, v->series);
            compare(nn, v, arg);   /* rows hold the values of before */
            return;
        }
        assert_agrees(rows[i].ours, v, 1e-9, 0);
        ++*n_compared;
    }
}

static void test_agreement_with_other_programs(void **state)
{
    size_t n_compared = 0;

    (void)state;
    for_each_peer_value(compare, &n_compared);
    assert_true(n_compared >= 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand), cmocka_unit_test(test_white_noise), cmocka_unit_test(test_regular),
        cmocka_unit_test(test_laws), cmocka_unit_test(test_too_little), cmocka_unit_test(test_agreement_with_other_programs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
