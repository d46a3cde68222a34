/* tests/unit/test_grow.c - lists that grow keep what they have. */
#include "support.h"

#include "lib/grow.h"

#include <stdlib.h>

static void what_is_there_stays(void **state)
{
    size_t *all = NULL, cap = 0, moves = 0;

    (void)state;
    for (size_t n = 0; n < 10000; n++) {
        const size_t before = cap;
        size_t *const more = kymo_grown(all, n, &cap, sizeof *more);
        assert_non_null(more);
        assert_true(cap > n);
        moves += cap != before;
        all = more;
        all[n] = n;
    }
    for (size_t n = 0; n < 10000; n++)
        assert_int_equal(all[n], n);
    assert_int_equal(moves, 14);   /* 64 * 1.5^13 is the first above 10000 */
    free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_there_stays)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
