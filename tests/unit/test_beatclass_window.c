/* tests/unit/test_beatclass_window.c - algorithms/beatclass_window.h, against sorting. */
#include "algorithms/beatclass_window.h"
#include "algorithms/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { N = 500 };

static int ascending(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;

    return (x > y) - (x < y);
}

static float sorted_quantile(const float *x, size_t n, double q)
{
    float y[N];
    size_t m = 0;

    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i]))
            y[m++] = x[i];
    qsort(y, m, sizeof *y, ascending);
    return m ? y[(size_t)(q * (double)(m - 1) + 0.5)] : (float)NAN;
}

/* Few values, so that many are equal. */
static void fill(float *x, size_t n, bool with_gaps, struct random *random)
{
    for (size_t i = 0; i < n; i++)
        x[i] = with_gaps && random_uniform(random) < 0.2 ? (float)NAN : (float)random_below(random, 40) / 40;
}

static void finds_quantiles(void **state)
{
    const double q[] = {0, 0.16, 0.25, 0.5, 0.9, 1};
    struct random random;
    float x[N];

    (void)state;
    random_init(&random, 1, 0);
    for (size_t n = 1; n < N; n += 7)
        for (size_t k = 0; k < sizeof q / sizeof *q; k++) {
            fill(x, n, false, &random);
            const float expected = sorted_quantile(x, n, q[k]);
            assert_true(window_quantile_of(x, n, q[k]) == expected);
        }
    assert_true(isnan(window_quantile_of(x, 0, 0.5)));
}

static void slides(void **state)
{
    enum { HALF = 8 };
    struct random random;
    float x[N], median[N], high[N];
    const struct window_ask ask[] = {{WINDOW_QUANTILE, 0.5, median}, {WINDOW_QUANTILE, 0.9, high}};

    (void)state;
    random_init(&random, 2, 0);
    fill(x, N, true, &random);
    window_slide(x, N, HALF, ask, 2);
    for (size_t i = 0; i < N; i++) {
        const size_t from = i > HALF ? i - HALF : 0, to = i + HALF + 1 < N ? i + HALF + 1 : N;
        assert_true(median[i] == sorted_quantile(x + from, to - from, 0.5));
        assert_true(high[i] == sorted_quantile(x + from, to - from, 0.9));
    }
}

static void knows_a_clock(void **state)
{
    float x[N], order[N];

    (void)state;
    for (size_t i = 0; i < N; i++)
        x[i] = i % 2 ? 0.6f : 1;
    window_slide(x, N, 25, &(struct window_ask){WINDOW_ORDER, 0, order}, 1);
    assert_true(fabsf(order[100] - 0.5f) < 0.02f);   /* of 51, 25 and 26 are equal: (300 + 325) / 1275 = 0.49 */
    for (size_t i = 0; i < N; i++)
        x[i] = 1;
    window_slide(x, N, 25, &(struct window_ask){WINDOW_ORDER, 0, order}, 1);
    assert_true(order[0] == 1 && order[100] == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_quantiles), cmocka_unit_test(slides), cmocka_unit_test(knows_a_clock),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
