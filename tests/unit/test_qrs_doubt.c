/* tests/unit/test_qrs_doubt.c - algorithms/qrs_doubt.h, on candidates made by hand: what it gives is counted by hand too. */
#include "algorithms/qrs_doubt.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define RATE 100

enum { MOST = 2000 };

struct found {
    struct qrs_beat beat[MOST];
    int n;
};

static double log_odds(double p) { return log(p / (1 - p)); }

/* In order of time: beats and stretches one behind the other, and no beat of a stretch before it is told. */
static void take(struct found *f, const struct qrs_beat *out, int n)
{
    assert_true(n <= DOUBT_ROOM && f->n + n <= MOST);
    for (int i = 0; i < n; i++) {
        if (f->n > 0)
            assert_true(out[i].sample >= f->beat[f->n - 1].sample);
        f->beat[f->n++] = out[i];
    }
}

static void push(struct qrs_doubt *d, struct found *f, double at_s, bool in, double p)
{
    struct qrs_beat out[DOUBT_ROOM];

    take(f, out, qrs_doubt_push(d, (int64_t)(at_s * RATE), in, log_odds(p), out));
}

static void flush(struct qrs_doubt *d, struct found *f)
{
    struct qrs_beat out[DOUBT_ROOM];

    take(f, out, qrs_doubt_flush(d, out));
}

/* The beats alone, and the length of all noise. */
static int64_t part(const struct found *f, struct found *beats)
{
    int64_t noise = 0;

    beats->n = 0;
    for (int i = 0; i < f->n; i++) {
        noise += f->beat[i].noise;
        if (f->beat[i].noise == 0)
            beats->beat[beats->n++] = f->beat[i];
    }
    return noise;
}

static void quality_is_one_less_the_doubt_per_beat(void **state)
{
    struct qrs_doubt d;
    struct found f = {.n = 0};

    (void)state;
    qrs_doubt_init(&d, RATE, false);
    for (int i = 0; i < 30; i++) {   /* a beat each second, and from 10 s on something between that is none */
        push(&d, &f, i, true, 0.95);
        if (i >= 10)
            push(&d, &f, i + 0.5, false, 0.02);
    }
    flush(&d, &f);
    assert_int_equal(f.n, 30);
    for (int i = 0; i < 30; i++) {
        const int first = i < 4 ? 0 : i - 4, last = i > 25 ? 29 : i + 4, beats = last - first + 1;
        int others = 0;
        for (int k = 10; k < 30; k++)
            others += fabs(k + 0.5 - i) <= 4;
        assert_int_equal(f.beat[i].sample, RATE * i);
        assert_true(fabs(f.beat[i].score - 0.95) < 1e-12);
        assert_true(fabs(f.beat[i].quality - (1 - (0.1 * beats + 0.04 * others) / beats)) < 1e-6);   /* doubts are floats */
    }
}

static void certainty_either_way_is_no_doubt(void **state)
{
    struct qrs_doubt d;
    struct found f = {.n = 0};

    (void)state;
    qrs_doubt_init(&d, RATE, false);
    for (int i = 0; i < 20; i++)
        push(&d, &f, i, i % 2, i % 2 ? 1 - 1e-9 : 1e-9);
    flush(&d, &f);
    assert_int_equal(f.n, 10);
    for (int i = 0; i < f.n; i++)
        assert_true(f.beat[i].quality > 1 - 1e-6);
}

static void quality_is_never_below_zero(void **state)
{
    struct qrs_doubt d;
    struct found f = {.n = 0}, beats;

    (void)state;
    qrs_doubt_init(&d, RATE, false);
    for (int i = 0; i < 100; i++)
        push(&d, &f, 0.2 * i, i % 20 == 0, 0.5);
    flush(&d, &f);
    part(&f, &beats);
    assert_int_equal(beats.n, 5);
    for (int i = 0; i < beats.n; i++)
        assert_true(beats.beat[i].quality == 0);
}

/* Beats of a quality just above and just below DOUBT_NOISE: p is 1 - (1 - quality) / 2. */
static void noise_is_what_lies_below_the_limit(void **state)
{
    static const struct { double quality; bool noise; } cases[] = {{DOUBT_NOISE + 0.01, false}, {DOUBT_NOISE - 0.01, true}};
    struct qrs_doubt d;

    (void)state;
    for (int c = 0; c < 2; c++) {
        struct found f = {.n = 0}, beats;
        qrs_doubt_init(&d, RATE, false);
        for (int i = 0; i < 60; i++)
            push(&d, &f, i, true, (1 + cases[c].quality) / 2);
        flush(&d, &f);
        assert_int_equal(part(&f, &beats), cases[c].noise ? 59 * RATE : 0);
        assert_int_equal(beats.n, 60);   /* noise or not, beats are given */
    }
}

/* A stretch is told in pieces that touch each other, each before the beats in it. */
static void pieces_touch(void **state)
{
    struct qrs_doubt d;
    struct found f = {.n = 0};
    int64_t end = -1;
    int pieces = 0;

    (void)state;
    qrs_doubt_init(&d, RATE, false);
    for (int i = 0; i < 52; i++)   /* the last piece, 3 s, is not too short */
        push(&d, &f, i, true, 0.6);
    flush(&d, &f);
    for (int i = 0; i < f.n; i++) {
        if (f.beat[i].noise > 0) {
            assert_true(end < 0 || f.beat[i].sample == end);
            assert_true(f.beat[i].noise <= (int64_t)(DOUBT_PIECE_S * RATE) + RATE);   /* to the next candidate */
            end = f.beat[i].sample + f.beat[i].noise;
            pieces++;
        } else {
            assert_true(f.beat[i].sample <= end);
        }
    }
    assert_int_equal(f.beat[0].noise > 0, 1);
    assert_int_equal(end, 51 * RATE);
    assert_int_equal(pieces, 7);   /* 51 s by 8 s */
}

/* One doubtful candidate pulls down all within reach of it; if none is left but those, the stretch is as long as they are. */
static void a_short_stretch_is_no_noise(void **state)
{
    struct qrs_doubt d;

    (void)state;
    for (int n = 1; n <= 4; n++) {
        struct found f = {.n = 0}, beats;
        qrs_doubt_init(&d, RATE, false);
        for (int i = 0; i < n; i++)        /* alone, 0.9 s apart: 0.9, 1.8, 2.7 s from first to last */
            push(&d, &f, 10 + 0.9 * i, true, 0.6);
        flush(&d, &f);
        assert_int_equal(part(&f, &beats), n == 4 ? 270 : 0);
        assert_int_equal(beats.n, n);
    }
}

static void sure_beats_far_from_noise_have_none_of_it(void **state)
{
    struct qrs_doubt d;
    struct found f = {.n = 0};

    (void)state;
    qrs_doubt_init(&d, RATE, false);
    for (int i = 0; i < 100; i++)
        push(&d, &f, i, true, i >= 40 && i < 60 ? 0.55 : 1 - 1e-9);
    flush(&d, &f);
    for (int i = 0; i < f.n; i++) {
        const double from = (double)f.beat[i].sample / RATE, to = from + (double)f.beat[i].noise / RATE;
        if (f.beat[i].noise > 0)   /* half of 9 beats with doubts of 0.9: from 40 - DOUBT_REACH_S on at the earliest */
            assert_true(from >= 40 - DOUBT_REACH_S && to < 60 + DOUBT_REACH_S);
        else if (from < 40 - DOUBT_REACH_S || from >= 60 + DOUBT_REACH_S)
            assert_true(f.beat[i].quality > 1 - 1e-6);
        else if (from >= 40 + DOUBT_REACH_S && from < 60 - DOUBT_REACH_S)
            assert_true(fabs(f.beat[i].quality - 0.1) < 1e-6);
    }
}

static void online_a_beat_comes_at_once_and_noise_never(void **state)
{
    struct qrs_doubt d;
    struct found f = {.n = 0}, rest = {.n = 0};

    (void)state;
    qrs_doubt_init(&d, RATE, true);
    for (int i = 0; i < 60; i++) {
        push(&d, &f, i, true, i < 30 ? 1 - 1e-9 : 0.55);
        assert_int_equal(f.n, i + 1);
        assert_int_equal(f.beat[i].noise, 0);
    }
    assert_true(f.beat[29].quality > 1 - 1e-6);   /* what comes is not known */
    assert_true(fabs(f.beat[30].quality - (1 - 0.9 / 5)) < 1e-6);
    assert_true(fabs(f.beat[59].quality - 0.1) < 1e-6);
    flush(&d, &rest);
    assert_int_equal(rest.n, 0);
}

/* With nothing behind it a beat is known when time has passed: DOUBT_REACH_S, and a piece more in noise. */
static void time_that_passes_is_enough(void **state)
{
    static const double p[] = {1 - 1e-9, 0.55};
    struct qrs_doubt d;
    struct qrs_beat out[DOUBT_ROOM];

    (void)state;
    for (int c = 0; c < 2; c++) {
        struct found f = {.n = 0};
        const double wait_s = DOUBT_REACH_S + (c ? DOUBT_PIECE_S : 0);
        qrs_doubt_init(&d, RATE, false);
        push(&d, &f, 10, true, p[c]);
        assert_int_equal(qrs_doubt_advance(&d, (int64_t)((10 + wait_s) * RATE) - 1, out), 0);
        assert_int_equal(qrs_doubt_advance(&d, (int64_t)((10 + wait_s) * RATE) + 1, out), 1);
        assert_int_equal(out[0].sample, 10 * RATE);
        assert_int_equal(qrs_doubt_flush(&d, out), 0);
    }
}

static void is_new_after_flush(void **state)
{
    struct qrs_doubt d;
    struct found first = {.n = 0}, second = {.n = 0};

    (void)state;
    qrs_doubt_init(&d, RATE, false);
    for (int k = 0; k < 2; k++) {
        struct found *const f = k ? &second : &first;
        for (int i = 0; i < 700; i++)   /* more than there is room for at once */
            push(&d, f, 0.3 * i, i % 3 != 0, 0.5 + 0.45 * sin(i / 50.0));
        flush(&d, f);
    }
    assert_true(first.n > 460);
    assert_int_equal(first.n, second.n);
    assert_memory_equal(first.beat, second.beat, (size_t)first.n * sizeof *first.beat);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quality_is_one_less_the_doubt_per_beat),
        cmocka_unit_test(certainty_either_way_is_no_doubt),
        cmocka_unit_test(quality_is_never_below_zero),
        cmocka_unit_test(noise_is_what_lies_below_the_limit),
        cmocka_unit_test(pieces_touch),
        cmocka_unit_test(a_short_stretch_is_no_noise),
        cmocka_unit_test(sure_beats_far_from_noise_have_none_of_it),
        cmocka_unit_test(online_a_beat_comes_at_once_and_noise_never),
        cmocka_unit_test(time_that_passes_is_enough),
        cmocka_unit_test(is_new_after_flush),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
