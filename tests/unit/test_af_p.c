/* tests/unit/test_af_p.c - algorithms/af_p.h: portraits made here, of which it is known what repeats in them. */
#include "algorithms/af_p.h"
#include "algorithms/random.h"

#include <math.h>
#include <stdbool.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { N = 120, MIDDLE = 60 };

struct series {
    double time_s[N];
    unsigned char flags[N];
    int16_t symbol[N];
    struct portrait portrait[N];
    size_t of[N];
    float like[N];
    struct random random;
};

/* Beats 0.8 s apart with nothing in their windows, whose symbols say that they are not early. */
static void begin(struct series *s)
{
    memset(s, 0, sizeof *s);
    random_init(&s->random, 3, 0);
    for (size_t i = 0; i < N; i++) {
        s->time_s[i] = 0.8 * (double)i;
        s->symbol[i] = AF_BINS / 2;
        s->of[i] = i;
        s->portrait[i].lead[0].p_unit = 0.001f;
    }
}

static void add(struct series *s, size_t i, int k, double v)
{
    int8_t *const at = &s->portrait[i].lead[0].p[k];

    *at = (int8_t)fmax(-127, fmin(127, *at + v));
}

/* A wave about number k of the window, 5 numbers wide. */
static void add_wave(struct series *s, size_t i, double k, double height)
{
    for (int j = 0; j < PORTRAIT_P; j++)
        add(s, i, j, height * exp(-(j - k) * (j - k) / 12.5));
}

static void add_noise(struct series *s, size_t i, double sd)
{
    for (int j = 0; j < PORTRAIT_P; j++)
        add(s, i, j, sd * random_normal(&s->random));
}

static float judge(struct series *s)
{
    const struct af_beats beats = {.time_s = s->time_s, .flags = s->flags, .n = N};

    af_p_like(&beats, s->symbol, s->portrait, s->of, 0, s->like);
    return s->like[MIDDLE];
}

/* By the law of large numbers: the mean of 48 windows is all but free of noise, so the correlation is that of a wave of mean
 * square m with itself in noise of sd 8, about sqrt(m / (m + 64)); of noise it is within 3 / sqrt(22 - 2) of none. */
static void test_waves_and_none(void **state)
{
    static struct series s;
    float worst = 1;
    double sum = 0;

    (void)state;
    begin(&s);
    for (size_t i = 0; i < N; i++) {
        add_wave(&s, i, 11, 60);
        add_noise(&s, i, 8);
    }
    judge(&s);
    for (size_t i = 0; i < N; i++)
        worst = fminf(worst, s.like[i]);
    assert_true(worst > 0.8f);
    begin(&s);
    for (size_t i = 0; i < N; i++)
        add_noise(&s, i, 30);
    judge(&s);
    for (size_t i = 0; i < N; i++)
        sum += (double)s.like[i];
    assert_true(fabs(sum / N) < 3 / sqrt(20));
}

/* What the QRS complex and the T wave of the beat before leave in the window repeats, and tells nothing of the atria. */
static void test_neither_qrs_nor_t(void **state)
{
    static struct series s;
    double sum = 0;

    (void)state;
    begin(&s);
    for (size_t i = 0; i < N; i++) {
        s.time_s[i] = 0.42 * (double)i;    /* T ends 220 ms after a beat, so number 6 is the first behind it */
        add_noise(&s, i, 8);
        for (int k = 0; k < 6; k++)
            add(&s, i, k, 100 - 15 * k);
        for (int k = 22; k < PORTRAIT_P; k++)
            add(&s, i, k, 100);
    }
    judge(&s);
    for (size_t i = 1; i < N; i++)
        sum += (double)s.like[i];
    assert_true(fabs(sum / (N - 1)) < 3 / sqrt(14));
}

/* One beat in three is early and has another P wave. */
static void test_early_beats_among_themselves(void **state)
{
    static struct series s;

    (void)state;
    begin(&s);
    for (size_t i = 0; i < N; i++) {
        const bool early = i % 3 == 0;
        s.symbol[i] = early ? 0 : AF_BINS / 2;
        add_wave(&s, i, 11, early ? -60 : 60);
        add_noise(&s, i, 4);
    }
    assert_true(judge(&s) > 0.9f);
    for (size_t i = 0; i < N; i++)
        s.symbol[i] = AF_BINS / 2;
    assert_true(judge(&s) < -0.5f);     /* among the others it is unlike most */
}

/* An artefact, a hundred times as large, outvotes nobody; a ventricular beat has no vote, but is judged. */
static void test_who_counts(void **state)
{
    static struct series s, other;

    (void)state;
    begin(&s);
    for (size_t i = 0; i < N; i++) {
        add_wave(&s, i, 11, 60);
        add_noise(&s, i, 4);
    }
    other = s;
    add_wave(&other, MIDDLE + 3, 4, -127);
    other.portrait[MIDDLE + 3].lead[0].p_unit = 0.1f;
    assert_true(judge(&other) > 0.9f);
    other = s;
    for (size_t i = 0; i < N; i++)
        if (i % 2) {
            other.flags[i] = AF_VENTRICULAR;
            add_wave(&other, i, 11, -120);
        }
    assert_true(judge(&other) > 0.9f);
    assert_true(other.like[MIDDLE + 1] < -0.5f);
}

static void test_where_there_is_none(void **state)
{
    static struct series s;

    (void)state;
    begin(&s);
    for (size_t i = 0; i < N; i++)
        add_wave(&s, i, 11, 60);
    s.portrait[MIDDLE].lead[0].p_unit = 0;
    assert_true(isnan(judge(&s)));
    assert_true(!isnan(s.like[MIDDLE + 1]));
    s.portrait[MIDDLE].lead[0].p_unit = 0.001f;
    s.time_s[MIDDLE] = s.time_s[MIDDLE - 1] + 0.25;    /* T takes all but 80 ms of it */
    assert_true(isnan(judge(&s)));
    s.flags[MIDDLE] = AF_AFTER_BREAK;                  /* no beat before, no T wave */
    assert_true(!isnan(judge(&s)));
    for (size_t i = 0; i < N; i++)
        if (i % 8)
            s.portrait[i].lead[0].p_unit = 0;
    s.portrait[MIDDLE].lead[0].p_unit = 0.001f;
    assert_true(isnan(judge(&s)));                     /* 6 neighbours */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_waves_and_none),
        cmocka_unit_test(test_neither_qrs_nor_t),
        cmocka_unit_test(test_early_beats_among_themselves),
        cmocka_unit_test(test_who_counts),
        cmocka_unit_test(test_where_there_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
