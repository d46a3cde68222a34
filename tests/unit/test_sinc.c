/* tests/unit/test_sinc.c - sinusoids, whose values at another rate are known. */
#include "support.h"

#include "algorithms/sinc.h"

#include <math.h>

#define PI 3.141592653589793

static struct sinc *create(int64_t in, int64_t out)
{
    struct kymo_err e = {0};
    struct sinc *s = sinc_create(in, out, &e);

    assert_non_null(s);
    return s;
}

/* n samples at out Hz of a sinusoid of hz taken at in Hz, from sample `from` on: the largest deviation from what it is. */
static double deviation(int64_t in, int64_t out, double hz, double expected_size)
{
    struct sinc *s = create(in, out);
    const int64_t from = 20 * (in > out ? in / out + 1 : out / in + 1);
    double worst = 0, y;

    for (int64_t j = 0, k = 0; k < from + 2000; j++) {
        sinc_push(s, sin(2 * PI * hz * (double)j / (double)in));
        for (; sinc_next(s, &y); k++)
            if (k >= from)
                worst = fmax(worst, fabs(y - expected_size * sin(2 * PI * hz * (double)k / (double)out)));
    }
    sinc_destroy(s);
    return worst;
}

/* The Hann window's side lobes lie below 1 % of the amplitude, 0.5 % after the sum over both sides; far from the edge of the
 * band they are smaller. */
static void a_sinusoid_stays_itself(void **state)
{
    (void)state;
    assert_true(deviation(360, 250, 10, 1) < 2e-3);
    assert_true(deviation(360, 250, 80, 1) < 5e-3);
    assert_true(deviation(250, 1000, 40, 1) < 2e-3);
    assert_true(deviation(1000, 3, 0.5, 1) < 2e-3);
}

static void what_does_not_fit_goes(void **state)
{
    (void)state;
    assert_true(deviation(360, 125, 100, 0) < 1e-2);
    assert_true(deviation(1000, 60, 200, 0) < 1e-2);
}

static void a_constant_stays_from_the_start(void **state)
{
    struct sinc *s = create(360, 257);
    double y;
    int64_t made = 0;

    (void)state;
    for (int j = 0; j < 3600; j++)
        for (sinc_push(s, 5); sinc_next(s, &y); made++)
            assert_true(fabs(y - 5) < 1e-12);
    assert_true(made > 2550 && made < 2571);   /* 2570 but for the reach of h */
    sinc_destroy(s);
}

static void absurd_ratios_are_refused(void **state)
{
    struct kymo_err e = {0};

    (void)state;
    assert_null(sinc_create(1001, 1, &e));
    assert_error(&e, KYMO_EUSAGE, "cannot make 1 samples out of 1001");
    e.n = 0;
    assert_null(sinc_create(1, 1001, &e));
    e.n = 0;
    assert_null(sinc_create(INT64_MAX, INT64_MAX, &e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sinusoid_stays_itself), cmocka_unit_test(what_does_not_fit_goes),
        cmocka_unit_test(a_constant_stays_from_the_start), cmocka_unit_test(absurd_ratios_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
