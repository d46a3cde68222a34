/* tests/unit/test_qrs_few.c - algorithms/qrs_few.h, against sorting. */
#include "algorithms/qrs_few.h"
#include "algorithms/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

enum { MOST = 5 * LANES };

static int by_value(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;

    return (x > y) - (x < y);
}

/* Every rank of 1 to MOST numbers, of which many are equal in every other round. */
static void test_ranks(void **state)
{
    struct random random;

    (void)state;
    random_init(&random, 1, 0);
    for (int round = 0; round < 20; round++)
        for (int n = 1; n <= MOST; n++) {
            float sorted[MOST], v[MOST];
            for (int i = 0; i < n; i++)
                sorted[i] = v[i] = (float)(round % 2 ? floor(4 * random_normal(&random)) : random_normal(&random));
            qsort(sorted, (size_t)n, sizeof *sorted, by_value);
            for (int k = 0; k < n; k++)
                assert_true(qrs_ranked(v, n, k) == sorted[k]);
            assert_true(qrs_median(v, n) == sorted[n / 2]);
        }
}

static void test_none(void **state)
{
    float v[LANES] = {1};

    (void)state;
    assert_true(qrs_median(v, 0) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_ranks), cmocka_unit_test(test_none)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
