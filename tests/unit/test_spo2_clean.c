/* tests/unit/test_spo2_clean.c - tests of algorithms/spo2_clean.c: each rule takes what it says, and nothing else. */
#include "algorithms/spo2_clean.h"
#include "tests/unit/support.h"

#include <math.h>
#include <string.h>

#define MOST 20000

static double x[MOST], pulse[MOST];
static unsigned char why[MOST];
static size_t count[SPO2_RULES];

static void fill(double *v, size_t n, double value)
{
    for (size_t i = 0; i < n; i++)
        v[i] = value;
}

/* A steady signal that no rule takes: 96 and 97 in turn. */
static void steady(size_t n)
{
    for (size_t i = 0; i < n; i++)
        x[i] = 96 + (double)(i / 60 % 2);
}

static void clean(size_t n, double fs_hz) { spo2_clean(x, n, fs_hz, NULL, &spo2_clean_defaults, why, count); }

/* Samples from..to-1 went by that rule, and are NaN. */
static void assert_taken(size_t from, size_t to, enum spo2_rule rule)
{
    for (size_t i = from; i < to; i++)
        if (why[i] != rule || !isnan(x[i]))
            fail_msg("sample %zu: %s, not %s", i, spo2_rule_name((enum spo2_rule)why[i]), spo2_rule_name(rule));
}

static void a_steady_night_stays(void **state)
{
    static double before[MOST];
    (void)state;

    steady(MOST);
    memcpy(before, x, sizeof x);
    clean(MOST, 1);
    assert_int_equal(count[SPO2_KEPT], MOST);
    assert_memory_equal(before, x, sizeof x);
    clean(0, 1);
    assert_int_equal(count[SPO2_KEPT], 0);
}

static void codes_are_no_readings(void **state)
{
    static const double codes[] = {0, -1, 127, 255, 511, 100.6};
    (void)state;

    for (size_t k = 0; k < COUNT_OF(codes); k++) {
        steady(100);
        fill(x + 40, 10, codes[k]);
        clean(100, 1);
        assert_taken(40, 50, SPO2_CODE);
        assert_taken(38, 40, SPO2_EDGE);
        assert_taken(50, 52, SPO2_EDGE);
        assert_int_equal(count[SPO2_CODE], 10);
        assert_int_equal(count[SPO2_EDGE], 4);
        assert_int_equal(count[SPO2_KEPT], 86);
    }
    fill(x, 100, 100.5);
    clean(100, 1);
    assert_int_equal(count[SPO2_KEPT], 100);
}

static void a_range_is_kept(void **state)
{
    struct spo2_clean_options o = spo2_clean_defaults;
    (void)state;

    steady(200);
    for (size_t i = 0; i < 60; i++)      /* slow enough to be no jump */
        x[100 + i] = i < 30 ? 96 - 2 * (double)i : 96 - 2 * (60 - (double)i);
    clean(200, 1);
    for (size_t i = 100; i < 160; i++)
        assert_true(isnan(x[i]) || x[i] >= 50);
    assert_int_equal(count[SPO2_RANGE], 13);     /* 48 down to 36 and back */
    assert_int_equal(count[SPO2_JUMP], 0);
    o.low_pct = o.high_pct = 0;
    steady(200);
    x[100] = 30;
    spo2_clean(x, 200, 1, NULL, &o, why, count);
    assert_int_equal(count[SPO2_RANGE], 0);
}

/* Down 20 at once: held for an artefact until 1 % a second would have come there, 20 s; a rise is none. */
static void a_fall_may_be_too_steep(void **state)
{
    (void)state;

    fill(x, 100, 96);
    fill(x + 50, 50, 76);
    clean(100, 1);
    assert_taken(50, 69, SPO2_JUMP);             /* sample 69 is 20 s behind 49 */
    assert_int_equal(count[SPO2_JUMP], 19);
    assert_taken(48, 50, SPO2_EDGE);
    assert_int_equal(count[SPO2_KEPT], 100 - 19 - 4);

    fill(x, 50, 76);
    fill(x + 50, 50, 96);
    clean(100, 1);
    assert_int_equal(count[SPO2_KEPT], 100);
}

/* As steep as it may be: 4 in a second, at any rate; steps of a whole per cent at 25 Hz are no steeper. */
static void a_steep_fall_is_kept(void **state)
{
    static const double rates[] = {0.5, 1, 5, 25};
    (void)state;

    for (size_t k = 0; k < COUNT_OF(rates); k++) {
        const size_t n = (size_t)(20 * rates[k]);
        for (size_t i = 0; i < n; i++) {
            const double t = (double)i / rates[k];
            x[i] = floor(t < 10 ? 96 : fmax(60, 96 - 3.9 * (t - 10)));
        }
        clean(n, rates[k]);
        assert_int_equal(count[SPO2_KEPT], n);
    }
}

/* At high rates no two neighbours are far apart. */
static void a_fall_is_seen_over_a_second(void **state)
{
    (void)state;

    for (size_t i = 0; i < 1000; i++)
        x[i] = i < 500 ? 96 : fmax(76, 96 - 0.8 * (double)(i - 500));
    clean(1000, 25);
    assert_taken(506, 905, SPO2_JUMP);           /* 4 are allowed, of 20; 16 s behind the last that was kept the rest */
}

static void what_is_held_goes(void **state)
{
    (void)state;

    for (size_t n = 1801; n <= 1802; n++) {      /* 1801 samples last 1800 s from first to last */
        steady(4000);
        fill(x + 1000, n, 95);
        clean(4000, 1);
        assert_int_equal(count[SPO2_FLAT], n == 1801 ? 0 : 1802);
    }
    fill(x, 3000, (double)NAN);
    clean(3000, 1);
    assert_int_equal(count[SPO2_MISSING], 3000);
    fill(x, 10, 0.7);                            /* slower than the limit: one sample is no stretch */
    struct spo2_clean_options o = {.longest_flat_s = 5};
    x[3] = 0.9;
    spo2_clean(x, 4, 0.1, NULL, &o, why, count);
    assert_int_equal(count[SPO2_KEPT], 1);
}

static void motion_is_seen_in_the_pulse(void **state)
{
    struct spo2_clean_options o = spo2_clean_defaults;
    (void)state;

    o.motion = true;
    steady(100);
    fill(pulse, 100, 60);
    pulse[20] = (double)NAN, pulse[40] = 511, pulse[60] = 95;
    spo2_clean(x, 100, 1, pulse, &o, why, count);
    assert_taken(20, 21, SPO2_MOTION);
    assert_taken(40, 41, SPO2_MOTION);
    assert_taken(60, 62, SPO2_MOTION);           /* up and down again */
    assert_int_equal(count[SPO2_MOTION], 5);     /* and what 511 comes down from */
    steady(100);
    spo2_clean(x, 100, 1, NULL, &o, why, count);
    assert_int_equal(count[SPO2_KEPT], 100);
}

/* Whatever comes in: counts add up, what is kept is as it was, the rest is NaN; and clean twice is clean. */
static void cleaning_keeps_the_laws(void **state)
{
    static double before[MOST];
    struct dice dice = {3};
    (void)state;

    for (int round = 0; round < 200; round++) {
        const size_t n = roll_below(&dice, 2000);
        const double fs_hz = (double)(1 + roll_below(&dice, 50)) / 4;
        size_t sum = 0;
        for (size_t i = 0; i < n; i++)
            x[i] = i > 0 && roll_below(&dice, 4) ? x[i - 1] : roll_below(&dice, 9) ? (double)roll_between(&dice, 85, 99)
                                                                                   : (double)roll_between(&dice, -5, 130);
        memcpy(before, x, n * sizeof *x);
        clean(n, fs_hz);
        for (int rule = 0; rule < SPO2_RULES; rule++)
            sum += count[rule];
        assert_int_equal(sum, n);
        for (size_t i = 0; i < n; i++)
            assert_true(why[i] == SPO2_KEPT ? x[i] == before[i] : isnan(x[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_steady_night_stays), cmocka_unit_test(codes_are_no_readings), cmocka_unit_test(a_range_is_kept),
        cmocka_unit_test(a_fall_may_be_too_steep), cmocka_unit_test(a_steep_fall_is_kept),
        cmocka_unit_test(a_fall_is_seen_over_a_second), cmocka_unit_test(what_is_held_goes),
        cmocka_unit_test(motion_is_seen_in_the_pulse), cmocka_unit_test(cleaning_keeps_the_laws),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
