/* tests/unit/test_hrv_segments.c - segments by hand, gaps, agreement with plainref and the PhysioNet toolbox. */
#include "algorithms/hrv_segments.h"
#include "tests/unit/hrv_peers.h"

#include <math.h>
#include <string.h>

#define N 4000

/* Segment k of 300 s has 300 intervals of 1000 + k ms less a little, so that each ends in its segment. */
static size_t fill_steps(double *nn_ms, double *end_s, int segments)
{
    size_t n = 0;

    for (int k = 0; k < segments; k++)
        for (int i = 0; i < 300; i++, n++) {
            end_s[n] = 300 * k + i + 1;
            nn_ms[n] = 1000 + k + (i % 2 ? 5 : -5);
        }
    nn_ms[0] += 5;               /* begins at 0 */
    return n;
}

static void test_steps(void **state)
{
    double x[N], t[N];
    struct hrv_segments s;
    const size_t n = fill_steps(x, t, 3);

    (void)state;
    x[0] -= 5;
    t[0] -= 0.005;               /* begins at 0 again, with the value that its segment's mean needs */
    hrv_segments(&(struct nn_series){.nn_ms = x, .end_s = t, .n = n}, 300, &s);
    assert_true(s.n_segments == 3);
    assert_true(fabs(s.sdann_ms - 1) < 1e-9);            /* means 1000, 1001, 1002; sums of 300 terms round at 1e-12 */
    assert_true(fabs(s.sdnn_index_ms - 5 * sqrt(300.0 / 299)) < 1e-9);
    hrv_segments(&(struct nn_series){.nn_ms = x, .end_s = t, .n = n - 1}, 300, &s);
    assert_true(s.n_segments == 2);                      /* the last is not whole */
    hrv_segments(&(struct nn_series){.n = 0}, 300, &s);
    assert_true(s.n_segments == 0 && isnan(s.sdann_ms) && isnan(s.sdnn_index_ms));
}

/* Hours without a beat between two stretches: the segments there do not count, and do not cost time. */
static void test_gap(void **state)
{
    double x[N], t[N];
    struct hrv_segments s;
    const size_t n = fill_steps(x, t, 2);

    (void)state;
    for (size_t i = 300; i < n; i++)
        t[i] += 300e9;
    hrv_segments(&(struct nn_series){.nn_ms = x, .end_s = t, .n = n}, 300, &s);
    assert_true(s.n_segments == 2 && s.sdann_ms > 0.6 && s.sdann_ms < 0.8);
    for (size_t i = 300; i < n; i++)
        t[i] += 155;                                     /* both of its segments are half covered, the last not whole */
    hrv_segments(&(struct nn_series){.nn_ms = x, .end_s = t, .n = n}, 300, &s);
    assert_true(s.n_segments == 1);
}

struct comparison {
    struct hrv_segments s;
    char series[64];
    size_t n;
};

static void compare_value(const struct nn_series *nn, const struct peer_value *v, void *arg)
{
    struct comparison *const c = arg;
    const bool sdann = strcmp(v->metric, "SDANN") == 0, index = strcmp(v->metric, "SDNNIDX") == 0;

    if (strcmp(c->series, v->series) != 0) {
        strcpy(c->series, v->series);
        hrv_segments(nn, 300, &c->s);
    }
    if ((!sdann && !index) || (strcmp(v->peer, "plainref") != 0 && strcmp(v->peer, "pcst") != 0))
        return;
    if (isnan(v->value)) {
        assert_true(isnan(sdann ? c->s.sdann_ms : c->s.sdnn_index_ms));
        return;
    }
    /* Where a beat lies on a segment's end to within the rounding of a sum of times, it may go either way there. */
    assert_agrees(sdann ? c->s.sdann_ms : c->s.sdnn_index_ms, v, 1e-6, 1e-9);
    c->n++;
}

static void test_agrees_with_other_programs(void **state)
{
    struct comparison c = {.n = 0};

    (void)state;
    for_each_peer_value(compare_value, &c);
    print_message("agreed in %zu values\n", c.n);
    assert_true(c.n >= 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps), cmocka_unit_test(test_gap), cmocka_unit_test(test_agrees_with_other_programs),
    };

    return cmocka_run_group_tests_name("hrv_segments", tests, NULL, NULL);
}
