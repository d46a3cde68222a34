/* tests/unit/test_random.c - the generator against its published bits, and the laws of what it draws. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "algorithms/random.h"

#define N_DRAWS 1000000

/* First outputs from the state {1, 2, 3, 4}: by hand, 2 * 5 <<< 7 * 9 = 11520, then 0 (state[1] is 1 ^ 2 ^ 3 = 0); the rest
 * as in the test of the Rust crate rand_xoshiro, made with the authors' C code. */
static void test_published_bits(void **state)
{
    const uint64_t want[] = { 11520, 0, 1509978240, UINT64_C(1215971899390074240), UINT64_C(1216172134540287360),
                              UINT64_C(607988272756665600) };
    struct random r = { .state = { 1, 2, 3, 4 } };

    (void)state;
    for (int i = 0; i < 6; i++)
        assert_true(random_bits(&r) == want[i]);
}

/* splitmix64 from seed 1234567 as in Rosetta Code, "Pseudo-random numbers/Splitmix64": our four words of state. */
static void test_published_seeding(void **state)
{
    const uint64_t want[] = { UINT64_C(6457827717110365317), UINT64_C(3203168211198807973), UINT64_C(9817491932198370423),
                              UINT64_C(4593380528125082431) };
    struct random r;

    (void)state;
    random_init(&r, 1234567, 0);
    for (int i = 0; i < 4; i++)
        assert_true(r.state[i] == want[i]);
}

static void test_seeds_and_streams_differ(void **state)
{
    struct random a, b, c, d;

    (void)state;
    random_init(&a, 7, 1);
    random_init(&b, 7, 1);
    random_init(&c, 8, 1);
    random_init(&d, 7, 2);
    for (int i = 0; i < 100; i++) {
        const uint64_t bits = random_bits(&a);
        assert_true(bits == random_bits(&b));
        assert_true(bits != random_bits(&c));
        assert_true(bits != random_bits(&d));
    }
}

/* Five standard errors: mean 1/2 +- 5 sqrt(1/12 / N); the seed is fixed, so the test cannot fail now and then. */
static void test_uniform_moments(void **state)
{
    struct random r;
    double sum = 0, sum2 = 0;

    (void)state;
    random_init(&r, 1, 0);
    for (int i = 0; i < N_DRAWS; i++) {
        const double u = random_uniform(&r);
        assert_true(u >= 0 && u < 1);
        sum += u;
        sum2 += (u - 0.5) * (u - 0.5);
    }
    assert_true(fabs(sum / N_DRAWS - 0.5) < 5 * sqrt(1.0 / 12 / N_DRAWS));
    assert_true(fabs(sum2 / N_DRAWS - 1.0 / 12) < 5 * sqrt(1.0 / 180 / N_DRAWS));
}

/* Moments 0, 1, 0, 3 with standard errors sqrt(1, 2, 15, 96 / N); five of them. */
static void test_normal_moments(void **state)
{
    const double want[] = { 0, 1, 0, 3 }, variance[] = { 1, 2, 15, 96 };
    struct random r;
    double sum[4] = { 0 };

    (void)state;
    random_init(&r, 2, 0);
    for (int i = 0; i < N_DRAWS; i++) {
        const double z = random_normal(&r);
        double power = z;
        for (int k = 0; k < 4; k++, power *= z)
            sum[k] += power;
    }
    for (int k = 0; k < 4; k++)
        assert_true(fabs(sum[k] / N_DRAWS - want[k]) < 5 * sqrt(variance[k] / N_DRAWS));
}

/* Each of n values is drawn N/n times; a binomial count stays within five standard deviations. */
static void test_below_is_even(void **state)
{
    enum { N = 7 };
    struct random r;
    int count[N] = { 0 };

    (void)state;
    random_init(&r, 3, 0);
    for (int i = 0; i < N_DRAWS; i++) {
        const uint64_t k = random_below(&r, N);
        assert_true(k < N);
        count[k]++;
    }
    for (int k = 0; k < N; k++)
        assert_true(fabs(count[k] - (double)N_DRAWS / N) < 5 * sqrt((double)N_DRAWS / N));
    assert_true(random_below(&r, 1) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_bits), cmocka_unit_test(test_published_seeding),
        cmocka_unit_test(test_seeds_and_streams_differ), cmocka_unit_test(test_uniform_moments),
        cmocka_unit_test(test_normal_moments), cmocka_unit_test(test_below_is_even),
    };

    return cmocka_run_group_tests_name("random", tests, NULL, NULL);
}
