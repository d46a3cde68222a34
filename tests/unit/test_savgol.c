/* tests/unit/test_savgol.c - algorithms/savgol.h: published weights, polynomials, the normal equations' own condition. */
#include "filters.h"
#include "algorithms/savgol.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

STAGE_CALLS(savgol);

enum { N = 2000 };

static struct savgol *make(size_t width, int order, int derivative, double fs_hz)
{
    struct kymo_err e = {0};
    struct savgol *s = savgol_create(width, order, derivative, fs_hz, &e);

    assert_non_null(s);
    return s;
}

/* A. Savitzky and M. J. E. Golay, Anal. Chem. 36:1627-1639, 1964: tables of smoothing, and of first and second derivatives. */
static void test_published(void **state)
{
    static const struct {
        size_t width;
        int order, derivative;
        double norm, w[8];        /* from the first to the centre */
    } cases[] = {
        {5, 2, 0, 35, {-3, 12, 17}},
        {7, 3, 0, 21, {-2, 3, 6, 7}},
        {9, 2, 0, 231, {-21, 14, 39, 54, 59}},
        {7, 4, 0, 231, {5, -30, 75, 131}},
        {5, 2, 1, 10, {-2, -1, 0}},
        {5, 4, 1, 12, {1, -8, 0}},
        {7, 3, 1, 252, {22, -67, -58, 0}},
        {5, 2, 2, 7, {2, -1, -2}},
        {7, 3, 2, 42, {5, 0, -3, -4}},
        {3, 2, 1, 2, {-1, 0}},
    };

    (void)state;
    for (size_t k = 0; k < COUNT_OF(cases); k++) {
        struct savgol *s = make(cases[k].width, cases[k].order, cases[k].derivative, 1);
        for (size_t j = 0; j <= cases[k].width / 2; j++)
            assert_true(fabs(savgol_weights(s)[j] - cases[k].w[j] / cases[k].norm) < 1e-14);
        savgol_destroy(s);
    }
}

/* What the weights do to t^m, |t| <= 1: 0 but for m = derivative, as long as m is at most the order. */
static void test_moments(void **state)
{
    static const struct { size_t width; int order; } cases[] = {{5, 4}, {13, 12}, {101, 8}, {501, 8}, {2001, 12}, {100001, 5}};

    (void)state;
    for (size_t k = 0; k < COUNT_OF(cases); k++)
        for (int d = 0; d <= 2; d++) {
            struct savgol *s = make(cases[k].width, cases[k].order, d, 1);
            const double half = (double)(cases[k].width / 2);
            double all = 0;
            for (size_t j = 0; j < cases[k].width; j++)
                all += fabs(savgol_weights(s)[j]);
            for (int m = 0; m <= cases[k].order; m++) {
                double sum = 0;
                for (size_t j = 0; j < cases[k].width; j++)
                    sum += savgol_weights(s)[j] * pow(((double)j - half) / half, m);
                const double expected = m != d ? 0 : (d == 2 ? 2 : 1) / pow(half, d);
                if (!(fabs(sum - expected) < 1e-12 * all))
                    fail_msg("width %zu order %d derivative %d: moment %d off by %g of %g", cases[k].width, cases[k].order, d,
                             m, sum - expected, all);
            }
            savgol_destroy(s);
        }
}

/* Polynomials of the order come out as they are, and their derivatives, at ends and at gaps too. */
static void test_polynomials(void **state)
{
    double x[N], y[N];

    (void)state;
    for (int order = 0; order <= 6; order++)
        for (int d = 0; d <= order && d <= 2; d++) {
            struct savgol *s = make(41, order, d, 250);
            for (size_t i = 0; i < N; i++) {
                const double t = (double)i / 1000 - 1;
                x[i] = (i > 500 && i < 530) || i == 800 || i == 826 ? (double)NAN : 2 + 3 * pow(t, order) - (order > 1 ? t : 0);
            }
            run_whole(&savgol_calls, s, x, N, y);
            for (size_t i = 0; i < N; i++) {
                const double t = (double)i / 1000 - 1;
                const double slope = 3 * order * (order > 0 ? pow(t, order - 1) : 0) - (order > 1);
                const double bend = order > 1 ? 3 * order * (order - 1) * pow(t, order - 2) : 0;
                const double expected = d == 0 ? 2 + 3 * pow(t, order) - (order > 1 ? t : 0) : d == 1 ? slope / 4 : bend / 16;
                if (isnan(x[i]))
                    assert_true(isnan(y[i]));
                else   /* rounding of x, 4 * 2^-53, times the weights at an end of 25 samples: below 10, 10^3, 10^5 */
                    assert_true(fabs(y[i] - expected) < (d == 0 ? 1e-13 : d == 1 ? 1e-10 : 1e-7));
            }
            savgol_destroy(s);
        }
}

/* At an end too the residuals are orthogonal to every polynomial of the order: what least squares means. */
static void test_ends_are_least_squares(void **state)
{
    enum { W = 31 };
    double x[W], y[W];
    struct savgol *s = make(W, 3, 0, 1);

    (void)state;
    fill_noise(x, W, 0);
    run_whole(&savgol_calls, s, x, W, y);
    for (int m = 0; m <= 3; m++) {
        double sum = 0;
        for (size_t i = 0; i < W; i++)
            sum += (x[i] - y[i]) * pow((double)i / 15 - 1, m);
        assert_true(fabs(sum) < 1e-12);
    }
    savgol_destroy(s);
}

static void test_impulse_is_weights(void **state)
{
    double x[N] = {0}, y[N];
    struct savgol *s = make(41, 4, 1, 100);

    (void)state;
    x[1000] = 1;
    run_whole(&savgol_calls, s, x, N, y);
    for (size_t j = 0; j < 41; j++)
        assert_true(y[1020 - j] == savgol_weights(s)[j]);
    assert_true(y[979] == 0 && y[1021] == 0);
    savgol_destroy(s);
}

/* An independent program, ends by the polynomial fitted there too. It prints 17 digits; values are below 4, weights below 1. */
static void test_peer(void **state)
{
    double *x = filtered_column("x"), *peer = filtered_column("savgol_11_3"), y[FILTERED_ROWS];

    (void)state;
    if (!x || !peer) {
        print_message("skipped: agreement with another program (KYMO_REFERENCE unset)\n");
        skip();
    }
    struct savgol *s = make(11, 3, 0, 360);
    run_whole(&savgol_calls, s, x, FILTERED_ROWS, y);
    assert_true(largest_difference(y, peer, FILTERED_ROWS) < 1e-12);
    savgol_destroy(s);
    free(x);
    free(peer);
}

static void test_any_split(void **state)
{
    struct dice d = {1};
    static const struct { size_t width; int order, derivative; } cases[] = {
        {1, 0, 0}, {3, 2, 1}, {5, 0, 0}, {41, 4, 2}, {301, 3, 0}, {1999, 2, 0}, {2001, 2, 0}, {5001, 2, 0},
    };
    double x[N];

    (void)state;
    for (int gaps = 0; gaps < 2; gaps++)
        for (size_t k = 0; k < COUNT_OF(cases); k++)
            for (size_t n = N; n > 3; n /= 20) {
                struct savgol *s = make(cases[k].width, cases[k].order, cases[k].derivative, 1);
                fill_noise(x, n, gaps);
                if (gaps && cases[k].derivative > 0 && n > 107)
                    x[107] = x[106] = x[105] = 1;   /* no run of fewer samples than a derivative takes */
                assert_any_pieces(&savgol_calls, s, x, n, &d);
                savgol_destroy(s);
            }
}

/* Too short for a derivative. */
static void test_short_runs(void **state)
{
    const double x[] = {1, NAN, 1, 3, NAN, 1, 4, 9};
    double y[8];
    struct savgol *s = make(3, 2, 1, 1);

    (void)state;
    run_whole(&savgol_calls, s, x, 8, y);
    assert_true(isnan(y[0]) && isnan(y[1]) && isnan(y[4]));
    for (size_t i = 0; i < 2; i++)
        assert_true(fabs(y[2 + i] - 2) < 1e-14);
    for (size_t i = 0; i < 3; i++)
        assert_true(fabs(y[5 + i] - 2 * (double)(i + 1)) < 1e-13);
    savgol_destroy(s);
}

static void test_wrong_use(void **state)
{
    struct kymo_err e = {0};

    (void)state;
    assert_null(savgol_create(10, 2, 0, 1, &e));
    assert_null(savgol_create(5, 5, 0, 1, &e));
    assert_null(savgol_create(5, -1, 0, 1, &e));
    assert_null(savgol_create(5, 2, 3, 1, &e));
    assert_null(savgol_create(5, 2, 1, NAN, &e));
    assert_null(savgol_create((size_t)-1, 2, 0, 1, &e));
    assert_null(savgol_create(101, 13, 0, 1, &e));
    assert_int_equal(e.cause[0].code, KYMO_EUSAGE);
    savgol_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published), cmocka_unit_test(test_moments), cmocka_unit_test(test_polynomials),
        cmocka_unit_test(test_ends_are_least_squares), cmocka_unit_test(test_impulse_is_weights),
        cmocka_unit_test(test_peer), cmocka_unit_test(test_any_split), cmocka_unit_test(test_short_runs),
        cmocka_unit_test(test_wrong_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
