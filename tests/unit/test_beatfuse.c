/* tests/unit/test_beatfuse.c - algorithms/beatfuse.h, on beats and pulses made here. */
#include "algorithms/beatfuse.h"
#include "algorithms/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define NS(seconds) ((int64_t)((seconds) * 1e9))

enum { MOST = 2000 };

struct list {
    size_t n;
    struct { int64_t ns; double sure; } at[MOST];
};

/* What is handed over, and the beats that there are. */
struct heart {
    struct list truth, ecg, pulse[2];
    size_t n_pulses;
    int64_t blind_ns[2];
};

static void add(struct list *l, int64_t ns, double sure)
{
    assert_true(l->n < MOST);
    l->at[l->n].ns = ns;
    l->at[l->n++].sure = sure;
}

static int64_t about(struct random *r, double seconds, double spread)
{
    return NS(seconds + spread * (random_uniform(r) - 0.5));
}

/* 300 s of beats, each with a pulse delay_s behind it but for jitter_s. */
static struct heart *make_heart(double rr_s, double spread_s, double delay_s, double jitter_s, uint64_t seed)
{
    struct heart *h = calloc(1, sizeof *h);
    struct random r;

    random_init(&r, seed, 0);
    h->n_pulses = 1;
    for (int64_t t = NS(0.4); t < NS(300); t += about(&r, rr_s, spread_s)) {
        add(&h->truth, t, 1);
        add(&h->ecg, t, 1);
        add(&h->pulse[0], t + about(&r, delay_s, jitter_s), 1);
    }
    return h;
}

/* Leaves out of l what lies from from_s to to_s, or of that every n-th. */
static void drop(struct list *l, double from_s, double to_s, size_t nth)
{
    size_t kept = 0;

    for (size_t i = 0; i < l->n; i++)
        if (l->at[i].ns < NS(from_s) || l->at[i].ns >= NS(to_s) || i % nth != 0)
            l->at[kept++] = l->at[i];
    l->n = kept;
}

/* As a detector does in noise from from_s to to_s: every fourth beat lost, others between, all of less score. */
static void disturb(struct list *l, double from_s, double to_s, uint64_t seed)
{
    struct list out = {.n = 0};
    struct random r;

    random_init(&r, seed, 1);
    for (size_t i = 0; i < l->n; i++) {
        const bool in = l->at[i].ns >= NS(from_s) && l->at[i].ns < NS(to_s);
        if (!in || i % 4 != 0)
            add(&out, l->at[i].ns, in ? 0.97 : l->at[i].sure);
        if (in && i + 1 < l->n && random_uniform(&r) < 0.6)
            add(&out, l->at[i].ns + about(&r, 0.4, 0.3), 0.95);
    }
    *l = out;
}

static size_t take(struct beatfuse *f, int64_t until_ns, struct beatfuse_beat *out)
{
    size_t n = 0;

    while (beatfuse_next(f, until_ns, out + n))
        n++;
    return n;
}

/* Hands over and takes in steps of step_ns: what lies before the end of each step. */
static size_t join(const struct heart *h, int64_t step_ns, struct beatfuse_beat *out)
{
    static const enum beatfuse_kind kind[] = {BEATFUSE_PRESSURE, BEATFUSE_VOLUME};
    struct kymo_err e = {0};
    struct beatfuse *f = beatfuse_create(kind, h->n_pulses, &e);
    size_t next[3] = {0}, made = 0;

    assert_non_null(f);
    if (h->blind_ns[1] > 0)
        assert_int_equal(beatfuse_blind(f, h->blind_ns[0], h->blind_ns[1], &e), 0);
    for (int64_t until = step_ns; until < NS(310) + step_ns; until += step_ns) {
        for (; next[2] < h->ecg.n && h->ecg.at[next[2]].ns < until; next[2]++)
            assert_int_equal(beatfuse_ecg(f, h->ecg.at[next[2]].ns, h->ecg.at[next[2]].sure, &e), 0);
        for (size_t k = 0; k < h->n_pulses; k++)
            for (const struct list *l = &h->pulse[k]; next[k] < l->n && l->at[next[k]].ns < until; next[k]++)
                assert_int_equal(beatfuse_pulse(f, k, l->at[next[k]].ns, l->at[next[k]].sure, &e), 0);
        const size_t n = take(f, until, out + made);
        for (size_t i = made; i < made + n; i++)
            assert_true(out[i].time_ns < until);
        made += n;
        if (made > 0 && until < NS(299))   /* bounded look-ahead: the next but one would have come */
            assert_true(out[made - 1].time_ns > until - NS(BEATFUSE_LOOK_AHEAD_S + 4));
    }
    made += take(f, INT64_MAX, out + made);
    beatfuse_destroy(f);
    for (size_t i = 1; i < made; i++)
        assert_true(out[i].time_ns > out[i - 1].time_ns);
    return made;
}

/* The ECG's beats as they were, none else. */
static void assert_ecg(const struct heart *h, const struct beatfuse_beat *out, size_t n)
{
    assert_int_equal(n, h->ecg.n);
    for (size_t i = 0; i < n; i++) {
        assert_true(out[i].time_ns == h->ecg.at[i].ns && out[i].source == BEATFUSE_ECG);
        assert_true(out[i].score == h->ecg.at[i].sure);
    }
}

/* How many beats of the truth from from_s to to_s have none within slack_s, and how many given there belong to none. */
static void count_errors(const struct heart *h, const struct beatfuse_beat *out, size_t n, double from_s, double to_s,
                         double slack_s, size_t *missed, size_t *extra)
{
    size_t met = 0, there = 0, given = 0;

    for (size_t i = 0, k = 0; i < h->truth.n; i++) {
        const int64_t t = h->truth.at[i].ns;
        if (t < NS(from_s) || t >= NS(to_s))
            continue;
        there++;
        while (k < n && out[k].time_ns < t - NS(slack_s))
            k++;
        if (k < n && out[k].time_ns <= t + NS(slack_s)) {
            met++;
            k++;
        }
    }
    for (size_t k = 0; k < n; k++)
        given += out[k].time_ns >= NS(from_s) && out[k].time_ns < NS(to_s);
    *missed = there - met;
    *extra = given > met ? given - met : 0;
}

static void without_pulses_the_ecg_passes(void **state)
{
    struct heart *h = make_heart(0.8, 0.2, 0.2, 0, 1);
    struct beatfuse_beat out[MOST];

    (void)state;
    disturb(&h->ecg, 60, 200, 1);
    h->n_pulses = 0;
    assert_ecg(h, out, join(h, NS(1), out));
    h->n_pulses = 1;
    for (size_t i = 0; i < h->pulse[0].n; i++)
        h->pulse[0].at[i].sure = 0.3;
    assert_ecg(h, out, join(h, NS(1), out));
    free(h);
}

static void pulses_that_agree_change_nothing(void **state)
{
    static const double delay_s[] = {0.08, 0.2, 0.35, 0.6, 0.9};
    struct beatfuse_beat out[MOST];

    (void)state;
    for (size_t i = 0; i < sizeof delay_s / sizeof *delay_s; i++)
        for (int jitter = 0; jitter < 3; jitter++) {
            struct heart *h = make_heart(0.8, 0.3, delay_s[i], 0.03 * jitter, i);
            for (size_t k = 0; k < h->ecg.n; k++)
                h->ecg.at[k].sure = 0.9;   /* even if the ECG is not sure */
            assert_ecg(h, out, join(h, NS(3), out));
            free(h);
        }
}

/* Every ninth beat early, with a pause behind it and no pulse of its own; then every other. */
static void ectopic_beats_without_a_pulse_stay(void **state)
{
    struct beatfuse_beat out[MOST];

    (void)state;
    for (int every = 2; every <= 9; every++) {
        struct heart *h = calloc(1, sizeof *h);
        struct random r;
        random_init(&r, 3, 0);
        h->n_pulses = 1;
        int64_t t = NS(0.5);
        for (int i = 0; t < NS(300); i++) {
            const bool early = i % every == every - 1;
            add(&h->ecg, t, early ? 0.99 : 0.998);
            if (!early)
                add(&h->pulse[0], t + about(&r, 0.22, 0.01), 1);
            t += early ? about(&r, 1.15, 0.04) : about(&r, i % every == every - 2 ? 0.45 : 0.8, 0.04);
        }
        assert_ecg(h, out, join(h, NS(1), out));
        free(h);
    }
}

static void pulses_that_are_wrong_harm_no_sure_ecg(void **state)
{
    struct heart *h = make_heart(0.8, 0.6, 0.2, 0.01, 4);   /* in fibrillation: less regular than what is wrong */
    struct beatfuse_beat out[MOST];
    struct random r;
    int64_t t = NS(100);

    (void)state;
    random_init(&r, 4, 4);
    drop(&h->pulse[0], 100, 200, 1);
    const struct list tail = h->pulse[0];
    h->pulse[0].n = 0;
    for (size_t i = 0; i < tail.n && tail.at[i].ns < NS(100); i++)
        add(&h->pulse[0], tail.at[i].ns, 1);
    for (; t < NS(199); t += about(&r, 0.6, 0.02))   /* a finger that taps, say, regularly */
        add(&h->pulse[0], t, 1);
    for (size_t i = 0; i < tail.n; i++)
        if (tail.at[i].ns >= NS(200))
            add(&h->pulse[0], tail.at[i].ns, 1);
    assert_ecg(h, out, join(h, NS(1), out));
    free(h);
}

static void pulses_stand_in_where_the_ecg_is_lost(void **state)
{
    static const double delay_s[] = {0.12, 0.25, 0.55};
    struct beatfuse_beat out[MOST];
    size_t missed, extra;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct heart *h = make_heart(0.8, 0.1, delay_s[i], 0.02, i);
        drop(&h->ecg, 60, 150, 1);
        const size_t n = join(h, NS(1), out);
        count_errors(h, out, n, 0, 300, 0.02, &missed, &extra);   /* half the jitter, and the median's own error */
        assert_true(missed == 0 && extra == 0);
        for (size_t k = 0; k < n; k++)
            assert_true((out[k].source == 0) == (out[k].time_ns > NS(59.9) && out[k].time_ns < NS(150)));
        free(h);
    }
}

static void pulses_mend_a_noisy_ecg(void **state)
{
    struct beatfuse_beat out[MOST];
    size_t missed, extra;

    (void)state;
    for (uint64_t seed = 0; seed < 5; seed++) {
        struct heart *h = make_heart(0.8, 0.1, 0.2, 0.01, seed);
        disturb(&h->ecg, 60, 180, seed);
        const size_t n = join(h, NS(1), out);
        count_errors(h, out, n, 0, 300, 0.08, &missed, &extra);
        assert_true(missed <= 2 && extra <= 7);   /* of 37 and 90: what looks like bigeminy stays */
        count_errors(h, out, n, 0, 50, 0.001, &missed, &extra);
        assert_true(missed == 0 && extra == 0);
        free(h);
    }
}

static void a_sure_beat_stays_in_noise(void **state)
{
    struct heart *h = make_heart(0.8, 0.1, 0.2, 0.01, 2);
    struct beatfuse_beat out[MOST];
    size_t sure = 0;

    (void)state;
    disturb(&h->ecg, 60, 180, 2);
    for (size_t i = 5; i < h->ecg.n; i += 5)
        h->ecg.at[i].sure = 0.9999;
    const size_t n = join(h, NS(1), out);
    for (size_t i = 5; i < h->ecg.n; i += 5)
        for (size_t k = 0; k < n; k++)
            sure += out[k].time_ns == h->ecg.at[i].ns && out[k].source == BEATFUSE_ECG;
    assert_int_equal(sure, (h->ecg.n - 1) / 5);
    assert_true(n < h->ecg.n);
    free(h);
}

static void one_missed_beat_is_filled_in(void **state)
{
    struct heart *h = make_heart(0.8, 0.1, 0.2, 0.01, 6);
    struct beatfuse_beat out[MOST];
    size_t missed, extra;

    (void)state;
    drop(&h->ecg, 100, 200, 20);
    assert_true(h->ecg.n < h->truth.n);
    const size_t n = join(h, NS(1), out);
    count_errors(h, out, n, 0, 300, 0.02, &missed, &extra);
    assert_true(missed == 0 && extra == 0);
    free(h);
}

static void a_blind_ecg_has_no_say(void **state)
{
    struct heart *h = make_heart(0.8, 0.1, 0.2, 0.01, 7);
    struct beatfuse_beat out[MOST];
    size_t missed, extra;

    (void)state;
    h->blind_ns[0] = NS(80);
    h->blind_ns[1] = NS(160);
    for (size_t i = 0; i < h->ecg.n; i++)   /* what a detector makes of it: beats, quite sure, in the wrong places */
        if (h->ecg.at[i].ns > NS(80.4) && h->ecg.at[i].ns < NS(159))
            h->ecg.at[i].ns += NS(0.37);
    const size_t n = join(h, NS(1), out);
    count_errors(h, out, n, 0, 300, 0.02, &missed, &extra);
    assert_true(missed == 0 && extra == 0);
    free(h);
}

static void the_better_of_two_pulses_is_taken(void **state)
{
    struct beatfuse_beat out[MOST];
    size_t missed, extra, all = 0;

    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        struct heart *h = make_heart(0.8, 0.1, 0.2, 0.06, seed);
        h->n_pulses = 2;
        for (size_t i = 0; i < h->truth.n; i++)
            add(&h->pulse[1], h->truth.at[i].ns + NS(0.5), 0.9);
        drop(&h->ecg, 60, 240, 1);
        drop(&h->pulse[0], 100, 150, 1);
        drop(&h->pulse[1], 180, 220, 1);
        const size_t n = join(h, NS(1), out);
        count_errors(h, out, n, 0, 300, 0.05, &missed, &extra);
        assert_true(extra == 0);
        all += missed;
        free(h);
    }
    assert_true(all == 0);
}

static void without_an_ecg_a_usual_delay_stands_in(void **state)
{
    struct heart *h = make_heart(0.8, 0.1, 0.25, 0.01, 9);
    struct beatfuse_beat out[MOST];
    size_t missed, extra;

    (void)state;
    h->ecg.n = 0;
    const size_t n = join(h, NS(1), out);
    count_errors(h, out, n, 0, 300, 0.1, &missed, &extra);
    assert_true(missed == 0 && extra == 0);
    free(h);
}

static void gives_the_same_whenever_it_is_asked(void **state)
{
    static const int64_t step_ns[] = {NS(0.1), NS(0.73), NS(2), NS(17), NS(400)};
    struct heart *h = make_heart(0.7, 0.3, 0.3, 0.05, 10);
    struct beatfuse_beat whole[MOST], cut[MOST];

    (void)state;
    h->n_pulses = 2;
    for (size_t i = 0; i < h->truth.n; i++)
        add(&h->pulse[1], h->truth.at[i].ns + NS(0.5), 0.9);
    disturb(&h->ecg, 40, 140, 1);
    disturb(&h->pulse[0], 100, 200, 2);
    drop(&h->ecg, 220, 240, 1);
    const size_t n = join(h, NS(1), whole);
    for (size_t i = 0; i < sizeof step_ns / sizeof *step_ns; i++) {
        assert_int_equal(join(h, step_ns[i], cut), n);
        for (size_t k = 0; k < n; k++)
            assert_true(cut[k].time_ns == whole[k].time_ns && cut[k].source == whole[k].source
                        && cut[k].score == whole[k].score);
    }
    free(h);
}

static void a_gap_of_years_costs_nothing(void **state)
{
    const enum beatfuse_kind kind = BEATFUSE_VOLUME;
    struct kymo_err e = {0};
    struct beatfuse *f = beatfuse_create(&kind, 1, &e);
    struct beatfuse_beat out[MOST];

    (void)state;
    for (int64_t at = 0; at < NS(4e8); at += NS(1.9e8))
        for (int i = 0; i < 100; i++) {
            assert_int_equal(beatfuse_ecg(f, at + NS(0.8) * i, 1, &e), 0);
            assert_int_equal(beatfuse_pulse(f, 0, at + NS(0.8) * i + NS(0.5), 1, &e), 0);
        }
    assert_int_equal(take(f, INT64_MAX, out), 300);
    beatfuse_destroy(f);
}

static void refuses_too_many_pulses(void **state)
{
    struct kymo_err e = {0};

    (void)state;
    assert_null(beatfuse_create(NULL, BEATFUSE_MOST_PULSES + 1, &e));
    assert_int_equal(e.cause[0].code, KYMO_EUSAGE);
    beatfuse_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_pulses_the_ecg_passes),
        cmocka_unit_test(pulses_that_agree_change_nothing),
        cmocka_unit_test(ectopic_beats_without_a_pulse_stay),
        cmocka_unit_test(pulses_that_are_wrong_harm_no_sure_ecg),
        cmocka_unit_test(pulses_stand_in_where_the_ecg_is_lost),
        cmocka_unit_test(pulses_mend_a_noisy_ecg),
        cmocka_unit_test(a_sure_beat_stays_in_noise),
        cmocka_unit_test(one_missed_beat_is_filled_in),
        cmocka_unit_test(a_blind_ecg_has_no_say),
        cmocka_unit_test(the_better_of_two_pulses_is_taken),
        cmocka_unit_test(without_an_ecg_a_usual_delay_stands_in),
        cmocka_unit_test(gives_the_same_whenever_it_is_asked),
        cmocka_unit_test(a_gap_of_years_costs_nothing),
        cmocka_unit_test(refuses_too_many_pulses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
