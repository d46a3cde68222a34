/* tests/unit/test_hrv_geometry.c - triangles, sampled intervals on the edges of bins, agreement with plainref. */
#include "algorithms/hrv_geometry.h"
#include "tests/unit/hrv_peers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct hrv_geometry measure(const double *nn_ms, size_t n)
{
    struct kymo_err e = {0};
    struct hrv_geometry g;

    assert_int_equal(hrv_geometry(&(struct nn_series){.nn_ms = nn_ms, .n = n}, &g, &e), 0);
    return g;
}

static void test_constant(void **state)
{
    const double x[] = {800, 800, 800};
    const struct hrv_geometry g = measure(x, 3);

    (void)state;
    assert_true(g.hti == 1 && g.tinn_area_ms == 2 * 7.8125);
    assert_true(isnan(measure(x, 0).hti) && isnan(measure(x, 0).tinn_ms));
}

/* A histogram that is a triangle: n(k) = Y (1 - |k| / foot). Its base is 2 foot bins, by both definitions, the area as the
 * trapezoid rule has it: exact for a triangle with its corners on bins. */
static void test_triangle(void **state)
{
    enum { Y = 50, FOOT = 10 };
    double x[Y * FOOT];
    size_t n = 0;

    (void)state;
    for (int k = -FOOT; k <= FOOT; k++)
        for (int i = 0; i < Y - Y / FOOT * abs(k); i++)
            x[n++] = (100.5 + k) * 7.8125;
    const struct hrv_geometry g = measure(x, n);
    assert_int_equal(n, Y * FOOT);
    assert_true(g.hti == FOOT && g.tinn_ms == 2 * FOOT * 7.8125 && g.tinn_area_ms == g.tinn_ms);
}

/* At 128 Hz every interval lies on an edge; nanoseconds of rounding either way must not move it. */
static void test_sampled_at_128_hz(void **state)
{
    double x[300];

    (void)state;
    for (size_t i = 0; i < 300; i++)
        x[i] = 100 * 7.8125 + (i % 3 == 0 ? 1e-6 : i % 3 == 1 ? -1e-6 : 0);
    assert_true(measure(x, 300).hti == 1);
}

struct comparison {
    struct hrv_geometry g;
    char series[64];
    size_t n;
};

static void compare_value(const struct nn_series *nn, const struct peer_value *v, void *arg)
{
    struct comparison *const c = arg;

    if (strcmp(c->series, v->series) != 0) {
        strcpy(c->series, v->series);
        c->g = measure(nn->nn_ms, nn->n);
    }
    if (strcmp(v->peer, "plainref") != 0 || !strstr(v->method, "7.8125"))
        return;
    if (strcmp(v->metric, "HTI") == 0)
        assert_agrees(c->g.hti, v, 1e-12, 0);           /* a quotient of counts */
    else if (strcmp(v->metric, "TINN") == 0)
        assert_agrees(c->g.tinn_ms, v, 1e-12, 0);       /* a number of bins */
    else
        return;
    c->n++;
}

static void test_agrees_with_plainref(void **state)
{
    struct comparison c = {.n = 0};

    (void)state;
    for_each_peer_value(compare_value, &c);
    print_message("agreed in %zu values\n", c.n);
    assert_true(c.n >= 28);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_constant), cmocka_unit_test(test_triangle), cmocka_unit_test(test_sampled_at_128_hz),
        cmocka_unit_test(test_agrees_with_plainref),
    };

    return cmocka_run_group_tests_name("hrv_geometry", tests, NULL, NULL);
}
