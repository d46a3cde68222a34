/* tests/unit/test_fir.c - against the sum that it is, an independent program, and laws. */
#include "filters.h"

#include "algorithms/fir.h"
#include "algorithms/fir_design.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

STAGE_CALLS(fir);

static struct fir *create(const double *h, size_t n, size_t advance)
{
    struct kymo_err e = {0};
    struct fir *s = fir_create(h, n, advance, &e);

    assert_non_null(s);
    return s;
}

/* Sum of h[k] x[i + advance - k], the segment's ends going on. */
static double sum_at(const double *h, size_t n_h, const double *x, size_t n, int64_t i)
{
    double sum = 0;

    for (size_t k = 0; k < n_h; k++) {
        const int64_t j = i - (int64_t)k;
        sum += h[k] * x[j < 0 ? 0 : j >= (int64_t)n ? (int64_t)n - 1 : j];
    }
    return sum;
}

/* Rounding of n_h products and of the transform: 1e-16 of the samples, times a few. */
static void check_sum(struct dice *d, size_t n_h, size_t advance, size_t n)
{
    double *h = noise_around(d, 0, n_h), *x = noise_around(d, 3, n);
    struct fir *s = create(h, n_h, advance);
    double *y = through(&fir_calls, s, x, n, d, 500);

    for (size_t i = 0; i < n; i++)
        assert_true(fabs(y[i] - sum_at(h, n_h, x, n, (int64_t)(i + advance))) < 1e-14 * (double)(n_h + 10));
    fir_destroy(s);
    free(h);
    free(x);
    free(y);
}

static void it_is_the_sum(void **state)
{
    struct dice d = {1};

    (void)state;
    check_sum(&d, 1, 0, 100);
    check_sum(&d, 5, 2, 1);
    check_sum(&d, 63, 31, 2000);
    check_sum(&d, FIR_DIRECT, 0, 3000);
    check_sum(&d, FIR_DIRECT + 1, 48, 3000);
    check_sum(&d, 301, 150, 10);
    check_sum(&d, 301, 0, 2500);
    check_sum(&d, 1001, 1000, 5000);
}

static void pieces_do_not_matter(void **state)
{
    struct dice d = {2};
    const size_t taps[] = {1, 2, 63, FIR_DIRECT, 97, 501}, n = 7000;
    double *x = noise_around(&d, 1, n);

    (void)state;
    for (size_t i = 3000; i < 3100; i++)
        x[i] = NAN;
    for (size_t i = 5000; i < 5400; i += 1 + (size_t)roll_below(&d, 40))
        x[i] = NAN;
    for (size_t k = 0; k < COUNT_OF(taps); k++) {
        double *h = noise_around(&d, 0, taps[k]);
        struct fir *s = create(h, taps[k], taps[k] / 2);
        assert_any_pieces(&fir_calls, s, x, n, &d);
        fir_destroy(s);
        free(h);
    }
    free(x);
}

/* NaN comes out where it went in, and around it the ends go on as at those of the whole. */
static void a_gap_starts_anew(void **state)
{
    struct dice d = {3};
    const size_t n = 4000, gap = 2500, n_h = 201;
    double *x = noise_around(&d, 1, n), *h = noise_around(&d, 0, n_h);
    struct fir *s = create(h, n_h, n_h / 2);

    (void)state;
    x[gap] = NAN;
    double *y = through(&fir_calls, s, x, n, &d, 300);
    double *before = through(&fir_calls, s, x, gap, &d, 300);
    double *after = through(&fir_calls, s, x + gap + 1, n - gap - 1, &d, 300);
    assert_true(isnan(y[gap]));
    assert_memory_equal(y, before, gap * sizeof *y);
    assert_memory_equal(y + gap + 1, after, (n - gap - 1) * sizeof *y);
    fir_destroy(s);
    free(before);
    free(after);
    free(x);
    free(y);
    free(h);
}

/* scipy's 'same' has zeros beyond the ends: only what is farther from them than the filter reaches is compared. */
static void as_an_independent_program(void **state)
{
    double *x = filtered_column("x"), *expected = filtered_column("fir_kaiser6_101_bp_5_40_same"), h[101];
    struct dice d = {5};
    struct kymo_err e = {0};

    (void)state;
    if (!x)
        skip();
    assert_int_equal(fir_kaiser((struct fir_edges){5 / 360.0, 40 / 360.0, false}, 6, h, 101, &e), 0);
    struct fir *s = create(h, 101, 50);
    double *y = through(&fir_calls, s, x, FILTERED_ROWS, &d, 300);
    assert_true(largest_difference(y + 50, expected + 50, FILTERED_ROWS - 100) < 1e-12);
    free(x);
    free(y);
    free(expected);
    fir_destroy(s);
}

static void its_response_is_that_of_a_sinusoid(void **state)
{
    struct dice d = {6};
    const size_t n_h = 121, n = 2000, advance = 40;
    double *h = noise_around(&d, 0, n_h), *x = malloc(n * sizeof *x), r[2];
    struct fir *s = create(h, n_h, advance);
    const double turns = 0.0123;

    (void)state;
    assert_non_null(x);
    for (size_t i = 0; i < n; i++)
        x[i] = cos(2 * 3.14159265358979323846 * turns * (double)i);
    double *y = through(&fir_calls, s, x, n, &d, 300);
    fir_respond(s, turns, r);
    for (size_t i = n_h; i < n - n_h; i++)
        assert_true(fabs(y[i] - (r[0] * x[i] - r[1] * sin(2 * 3.14159265358979323846 * turns * (double)i))) < 1e-11);
    fir_destroy(s);
    free(h);
    free(x);
    free(y);
}

static void what_cannot_be_is_refused(void **state)
{
    struct kymo_err e = {0};
    const double h[2] = {1, 2};

    (void)state;
    assert_null(fir_create(h, 0, 0, &e));
    assert_error(&e, KYMO_EUSAGE, "0 taps");
    e.n = 0;
    assert_null(fir_create(h, 2, 2, &e));
    assert_error(&e, KYMO_EUSAGE, "an advance of 2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_the_sum),
        cmocka_unit_test(pieces_do_not_matter),
        cmocka_unit_test(a_gap_starts_anew),
        cmocka_unit_test(as_an_independent_program),
        cmocka_unit_test(its_response_is_that_of_a_sinusoid),
        cmocka_unit_test(what_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
