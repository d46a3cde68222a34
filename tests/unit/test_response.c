/* tests/unit/test_response.c - windows, burden and pulse response of events whose response is known. */
#include "algorithms/response.h"
#include "tests/unit/support.h"

#include <math.h>
#include <stdlib.h>

#define N 7200
#define EVENTS 30

static double x[N];
static struct response_event event[EVENTS];

/* Events of 20 s every 200 s; from delay s behind each end on, the series moves by height and back, one period of a cosine of
 * width s. */
static void fill(double level, double height, int delay, int width)
{
    for (int i = 0; i < N; i++)
        x[i] = level;
    for (int k = 0; k < EVENTS; k++) {
        event[k] = (struct response_event){(size_t)(300 + 200 * k), (size_t)(320 + 200 * k)};
        for (int t = 0; t <= width; t++)
            x[event[k].end + (size_t)(delay + t)] = level + height * (1 - cos(2 * M_PI * t / width)) / 2;
    }
}

/* A dip from 5 to 45 s behind the end of an event, smoothed over 15 s to either side, has its shoulders 10 s before and 60 s
 * behind the end. The pulse is the same upside down. */
static void test_window_holds_the_dip(void **state)
{
    (void)state;
    fill(96, -8, 5, 40);
    const struct response_window w = response_window(x, N, event, EVENTS, false);
    assert_false(w.is_usual);
    assert_int_equal(w.from_s, -10);
    assert_int_equal(w.to_s, 60);
    fill(60, 15, 5, 40);
    const struct response_window p = response_window(x, N, event, EVENTS, true);
    assert_true(!p.is_usual && abs(p.from_s - w.from_s) <= 1 && abs(p.to_s - w.to_s) <= 1);
}

/* By hand, in the usual window of -5..45 s: baseline 96, a dip of 8 and 40 s, 160 %s, behind each event. */
static void test_burden_by_hand(void **state)
{
    const struct response_window usual = {.from_s = -5, .to_s = 45, .is_usual = true};

    (void)state;
    fill(96, -8, 5, 40);
    const double all = response_burden(x, N, event, EVENTS, usual);
    assert_true(fabs(all - EVENTS * 160 / 60.0) < 1e-9);
    assert_true(fabs(response_burden(x, N, event, 1, usual) - 160 / 60.0) < 1e-9);
    assert_true(response_burden(x, N, event, 0, usual) == 0);
    const struct response_event twice[] = {event[0], event[0]};   /* no second counts twice */
    assert_true(response_burden(x, N, twice, 2, usual) == response_burden(x, N, twice, 1, usual));
    for (size_t i = event[0].end + 5; i < event[0].end + 25; i++)
        x[i] = NAN;               /* half the dip is missing, and adds nothing */
    assert_true(fabs(response_burden(x, N, event, 1, usual) - 84 / 60.0) < 1e-9);   /* 80 and half of the 8 in the middle */
}

/* Baselines are the highest of 100 s: where all is missing there is no burden. */
static void test_missing(void **state)
{
    const struct response_window usual = {.from_s = -5, .to_s = 45, .is_usual = true};

    (void)state;
    fill(96, -8, 5, 40);
    for (int i = 0; i < N; i++)
        x[i] = NAN;
    assert_true(response_burden(x, N, event, EVENTS, usual) == 0);
    assert_true(isnan(response_rise(x, N, event, EVENTS, usual)));
    assert_true(response_window(x, N, event, EVENTS, false).is_usual);
    assert_true(response_window(x, N, event, 0, false).is_usual);
}

static void test_pulse(void **state)
{
    const struct response_window usual = {.from_s = -5, .to_s = 45, .is_usual = true};

    (void)state;
    fill(60, 15, 2, 20);
    for (int k = 0; k < EVENTS; k++)
        x[event[k].onset + 5] = 55;
    assert_true(fabs(response_rise(x, N, event, EVENTS, usual) - 20) < 1e-9);
    assert_true(isnan(response_rise(x, N, event, 0, usual)));
}

/* Events at the very begin and end: nothing is read outside of the series. */
static void test_edges(void **state)
{
    const struct response_event edge[] = {{0, 0}, {0, 3}, {N - 2, N - 1}, {N - 1, N - 1}};

    (void)state;
    fill(96, -8, 5, 40);
    const struct response_window w = response_window(x, N, edge, 4, false);
    assert_true(response_burden(x, N, edge, 4, w) >= 0);
    assert_true(response_rise(x, N, edge, 4, w) >= 0);
    const struct response_window one = response_window(x, 1, edge, 1, true);
    assert_true(one.is_usual && response_burden(x, 1, edge, 1, one) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_window_holds_the_dip), cmocka_unit_test(test_burden_by_hand), cmocka_unit_test(test_missing),
        cmocka_unit_test(test_pulse), cmocka_unit_test(test_edges),
    };

    return cmocka_run_group_tests_name("response", tests, NULL, NULL);
}
