/* tests/unit/test_reals.c - decimals are found to be such, and no others; the spread of a range is as good as its steps. */
#include "support.h"

#include "formats/reals.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double most = INT32_MAX;

/* What a table prints and reads is told by the digits that it prints: integers, with the least gain. */
static void decimals_come_back_bit_by_bit(void **state)
{
    struct dice d = {1};
    (void)state;

    for (int decimals = 0; decimals <= 9; decimals++) {
        struct reals r;
        double x[100];
        char text[40];
        reals_init(&r, most, false);
        for (size_t i = 0; i < COUNT_OF(x); i++) {
            const int64_t v = i == 0 ? 1 : roll_between(&d, -INT32_MAX, INT32_MAX);   /* the first needs all its digits */
            snprintf(text, sizeof text, "%llde-%d", (long long)v, decimals);
            x[i] = strtod(text, NULL);
        }
        assert_int_equal(reals_see(&r, x, COUNT_OF(x)), COUNT_OF(x));
        assert_int_equal(r.decimals, decimals);
        for (size_t i = 0; i < COUNT_OF(x); i++) {
            const double v = nearbyint(x[i] * reals_gain(&r));
            assert_true(fabs(v) <= most && v / reals_gain(&r) == x[i]);
        }
    }
}

static void what_is_no_decimal_is_told_with_its_place(void **state)
{
    static const struct { double x[3]; size_t spoilt; } cases[] = {
        {{0.5, 1.0 / 3, 2}, 1}, {{1e-16, 1, 2}, 0}, {{1, 2, 0x1p31}, 2}, {{2147483.647, 0.5, 0.0001}, 2},
        {{0.0001, 214749, 0}, 1}, {{1, (double)INFINITY, 3}, 1}, {{1, (double)NAN, 3.25}, 3}, {{-2147483647, 0, -0.0}, 3},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct reals r;
        reals_init(&r, most, false);
        assert_int_equal(reals_see(&r, cases[i].x, 3), cases[i].spoilt);
        assert_int_equal(r.decimals < 0, cases[i].spoilt < 3);
    }
}

static void ranges_leave_out_what_is_no_number(void **state)
{
    static const double x[] = {(double)NAN, 3, -(double)INFINITY, -2.5, 1};
    struct reals r;
    (void)state;

    reals_init(&r, most, false);
    for (size_t i = 0; i < COUNT_OF(x); i++)   /* one by one: as all at once */
        reals_see(&r, x + i, 1);
    assert_true(r.low == -2.5 && r.high == 3);
    assert_int_equal(r.n_missing, 2);
}

static void single_precision_needs_no_more(void **state)
{
    const double x = (double)-0.145f;
    struct reals r;
    (void)state;

    reals_init(&r, most, true);
    assert_int_equal(reals_see(&r, &x, 1), 1);
    assert_int_equal(r.decimals, 3);
    reals_init(&r, most, false);
    assert_int_equal(reals_see(&r, &x, 1), 0);
}

/* Each value within half a step, no integer beyond the limits, the baseline in 32 bits. */
static void spread_values_are_off_by_half_a_step(void **state)
{
    static const double ranges[][2] = {{-5, 5}, {36.1, 37.3}, {1e6, 1e6 + 1}, {-1e-9, 3e-9}, {7, 7}, {0, 0}, {-1e300, 2e299}};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(ranges); i++)
        for (int bits = 16; bits <= 32; bits += 8) {
            const double limit = ldexp(1, bits - 1) - 1;
            struct reals r;
            double gain, baseline;
            reals_init(&r, limit, false);
            reals_see(&r, ranges[i], 2);
            reals_spread(&r, -limit, limit, &gain, &baseline);
            assert_true(isnormal(gain) && fabs(baseline) <= INT32_MAX && baseline == nearbyint(baseline));
            for (int k = 0; k <= 100; k++) {
                const double x = r.low + (r.high - r.low) * k / 100, v = nearbyint(x * gain + baseline);
                assert_true(fabs(v) <= limit);
                assert_true(fabs((v - baseline) / gain - x) <= 0.5001 / gain + 1e-15 * fabs(x));
            }
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_come_back_bit_by_bit), cmocka_unit_test(what_is_no_decimal_is_told_with_its_place),
        cmocka_unit_test(ranges_leave_out_what_is_no_number), cmocka_unit_test(single_precision_needs_no_more),
        cmocka_unit_test(spread_values_are_off_by_half_a_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
