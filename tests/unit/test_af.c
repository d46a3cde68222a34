/* tests/unit/test_af.c - algorithms/af.h: rhythms made here, of which it is known what they are. */
#include "algorithms/af.h"
#include "algorithms/random.h"

#include <math.h>
#include <stdbool.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void assert_near(double got, double expected, double most) { assert_true(fabs(got - expected) <= most); }

enum { MOST = 2000 };

struct series {
    double time_s[MOST];
    unsigned char flags[MOST];
    float p_like[MOST], p[MOST];
    int16_t symbol[MOST];
    signed char step[MOST];
    size_t n;
    struct random random;
};

static void begin(struct series *s)
{
    memset(s, 0, sizeof *s);
    random_init(&s->random, 7, 0);
    s->n = 1;
}

static void add(struct series *s, double rr_s, unsigned char flags)
{
    assert_true(s->n < MOST);
    s->time_s[s->n] = s->time_s[s->n - 1] + rr_s;
    s->flags[s->n++] = flags;
}

static double normal(struct series *s, double sd) { return sd * random_normal(&s->random); }

static void sinus(struct series *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        add(s, 0.85 + 0.03 * sin((double)i / 3) + normal(s, 0.01), 0);
}

/* Independent intervals, log-normal: what an atrioventricular node makes of fibrillation, to a first approximation. */
static void fibrillate_by(struct series *s, size_t n, double sd)
{
    for (size_t i = 0; i < n; i++)
        add(s, 0.65 * exp(normal(s, sd)), 0);
}

static void fibrillate(struct series *s, size_t n) { fibrillate_by(s, n, 0.22); }

/* Probabilities, with P consistency like in the first lead where it is not NaN. */
static void judge(struct series *s, bool with_p)
{
    const struct af_beats beats = {s->time_s, s->flags, {with_p ? s->p_like : NULL, NULL}, s->n};
    struct kymo_err e = {0};

    assert_int_equal(af_symbols(&beats, s->symbol, s->step, &e), 0);
    assert_int_equal(af_probability(&beats, s->symbol, s->step, s->p, &e), 0);
}

static double share(const struct series *s, size_t first, size_t last)
{
    double n = 0;

    for (size_t i = first; i < last; i++)
        n += s->p[i] > 0.5f;
    return n / (double)(last - first);
}

static void test_sinus_and_fibrillation(void **state)
{
    static struct series s;

    (void)state;
    begin(&s);
    sinus(&s, 500);
    fibrillate(&s, 500);
    sinus(&s, 500);
    judge(&s, false);
    assert_true(share(&s, 0, 490) == 0);
    assert_true(share(&s, 510, 990) == 1);   /* an end may move by a few beats: those that would fit both */
    assert_true(share(&s, 1010, s.n) == 0);
}

static void test_short_episode(void **state)
{
    static struct series s;

    (void)state;
    begin(&s);
    sinus(&s, 100);
    fibrillate(&s, 60);
    sinus(&s, 100);
    judge(&s, false);
    assert_true(share(&s, 105, 155) == 1);
    assert_true(share(&s, 0, 95) == 0);
    assert_true(share(&s, 170, s.n) == 0);
}

static void test_patterns_are_none(void **state)
{
    static struct series s;

    (void)state;
    begin(&s);
    for (int i = 0; i < 200; i++) {          /* bigeminy of atrial beats */
        add(&s, 0.5 + normal(&s, 0.015), 0);
        add(&s, 1.0 + normal(&s, 0.03), 0);
    }
    for (int i = 0; i < 130; i++) {          /* trigeminy */
        add(&s, 0.8 + normal(&s, 0.015), 0);
        add(&s, 0.5 + normal(&s, 0.015), 0);
        add(&s, 1.0 + normal(&s, 0.03), 0);
    }
    for (int i = 0; i < 400; i++)            /* deep breathing */
        add(&s, 0.9 + 0.2 * sin(i * 1.3) + normal(&s, 0.02), 0);
    judge(&s, false);
    assert_true(share(&s, 0, s.n) == 0);
}

/* Intervals before and behind one or two ventricular beats count as their mean; three in a row are a rhythm of their own. */
static void test_ventricular_beats(void **state)
{
    const int16_t even = (5 * AF_BINS + 5) * AF_BINS + 5;   /* three intervals like the median */
    static struct series s;
    int16_t symbol[200];
    struct kymo_err e = {0};

    (void)state;
    begin(&s);
    for (int i = 0; i < 100; i++) {
        const bool early = i % 7 == 3, two = i % 21 == 3;
        if (early)
            add(&s, 0.5, AF_VENTRICULAR);
        if (two)
            add(&s, 0.6, AF_VENTRICULAR);
        add(&s, two ? 3 * 0.85 - 1.1 : early ? 1.2 : 0.85, 0);
    }
    const struct af_beats beats = {.time_s = s.time_s, .flags = s.flags, .n = s.n};
    assert_int_equal(af_symbols(&beats, symbol, s.step, &e), 0);
    for (size_t i = 0; i < s.n; i++)
        assert_int_equal(symbol[i], i < 3 ? -1 : even);
    for (size_t i = 50; i < 53; i++)
        s.flags[i] = AF_VENTRICULAR;
    assert_int_equal(af_symbols(&beats, symbol, s.step, &e), 0);
    assert_int_equal(symbol[51], -1);
}

/* An interval with a beat that is not sure tells nothing, nor do the two behind it, whose context it is. */
static void test_unsure_beats(void **state)
{
    static struct series s;
    int16_t symbol[30];
    struct kymo_err e = {0};

    (void)state;
    begin(&s);
    for (int i = 1; i < 30; i++)
        add(&s, 0.85, i == 10 ? AF_UNSURE : 0);
    const struct af_beats beats = {.time_s = s.time_s, .flags = s.flags, .n = s.n};
    assert_int_equal(af_symbols(&beats, symbol, s.step, &e), 0);
    for (size_t i = 3; i < s.n; i++)
        assert_int_equal(symbol[i] < 0, i >= 10 && i <= 13);
}

static void test_p_waves_speak(void **state)
{
    static struct series s;

    (void)state;
    begin(&s);
    fibrillate(&s, 300);
    for (size_t i = 0; i < s.n; i++)
        s.p_like[i] = (float)NAN;
    judge(&s, true);
    assert_true(share(&s, 5, s.n) == 1);     /* no portrait says nothing */
    for (size_t i = 0; i < s.n; i++)
        s.p_like[i] = 0.99f;
    judge(&s, true);
    assert_true(share(&s, 0, s.n) == 0);
    for (size_t i = 0; i < s.n; i++)
        s.flags[i] = AF_VENTRICULAR;         /* beats without P waves */
    judge(&s, true);
}

/* Where a rhythm changes its pace at once, its intervals are those of the one rhythm or of the other, though the new one is too
 * short to be what is usual there. */
static void test_pace_changes(void **state)
{
    const int16_t even = (5 * AF_BINS + 5) * AF_BINS + 5;   /* three intervals as usual */
    static struct series s;
    struct kymo_err e = {0};

    (void)state;
    begin(&s);
    for (int i = 0; i < 120; i++)
        add(&s, i < 40 || i >= 54 ? 0.8 : 0.4, 0);          /* the first short interval ends with beat 41, the last with 54 */
    const struct af_beats beats = {.time_s = s.time_s, .flags = s.flags, .n = s.n};
    assert_int_equal(af_symbols(&beats, s.symbol, s.step, &e), 0);
    assert_int_equal(s.symbol[40], even);
    assert_int_equal(s.symbol[43], even);
    assert_int_equal(s.symbol[54], even);
    assert_int_equal(s.symbol[57], even);
    assert_int_equal(s.step[20], 0);
    assert_int_equal(s.step[41], -1);
    assert_int_equal(s.step[54], 1);
    assert_int_equal(s.step[100], 0);
}

/* Of 18 beats the intervals do not tell enough; that the P waves which all others have are gone does. */
static void test_p_waves_go(void **state)
{
    static struct series s;

    (void)state;
    begin(&s);
    sinus(&s, 60);
    for (int i = 0; i < 18; i++)
        add(&s, 0.75 * exp(normal(&s, 0.2)), 0);
    sinus(&s, 60);
    for (size_t i = 0; i < s.n; i++)
        s.p_like[i] = i > 60 && i <= 78 ? 0.1f : 0.98f;
    judge(&s, true);
    assert_true(share(&s, 65, 75) == 1);
    assert_true(share(&s, 0, 56) == 0 && share(&s, 83, s.n) == 0);
    judge(&s, false);
    assert_true(share(&s, 0, s.n) == 0);
    for (size_t i = 0; i < s.n; i++)         /* no clear P waves that could be gone */
        s.p_like[i] = i > 60 && i <= 78 ? 0.1f : 0.9f;
    judge(&s, true);
    assert_true(share(&s, 0, s.n) == 0);
}

/* However long it is, an episode begins and ends where the P waves go and come, to two beats; nor is it hidden that there were
 * any where most of the recording is of fibrillation. */
static void test_p_waves_tell_the_ends(void **state)
{
    static struct series s;

    (void)state;
    for (size_t n = 30; n <= 480; n *= 2) {
        begin(&s);
        sinus(&s, 60);
        fibrillate(&s, n);
        sinus(&s, 60);
        for (size_t i = 0; i < s.n; i++) {
            const double where = random_uniform(&s.random);
            s.p_like[i] = (float)(i > 60 && i <= 60 + n ? 1.8 * where - 0.9 : 0.95 + 0.04 * where);
        }
        judge(&s, true);
        assert_true(share(&s, 0, 59) == 0 && share(&s, 63, 59 + n) == 1 && share(&s, 63 + n, s.n) == 0);
    }
}

/* P waves beyond the edge do not draw it in, though more beats there can be measured, and though intervals tell little. */
static void test_p_waves_beyond_the_ends(void **state)
{
    static struct series s;
    size_t lost = 0;

    (void)state;
    for (size_t n = 40; n <= 120; n += 20) {
        begin(&s);
        sinus(&s, 60);
        fibrillate_by(&s, n, 0.14);
        sinus(&s, 60);
        for (size_t i = 0; i < s.n; i++)
            s.p_like[i] = i <= 60 || i > 60 + n ? 0.9f : i % 3 ? 0.1f : (float)NAN;
        judge(&s, true);
        assert_true(share(&s, 0, 59) == 0 && share(&s, 75, 45 + n) == 1 && share(&s, 63 + n, s.n) == 0);
        for (size_t i = 61; i <= 60 + n; i++)
            lost += !(s.p[i] > 0.5f);
    }
    assert_in_range(lost, 0, 10);            /* one at each end, on average; a median over both sides loses three */
}

/* How many of the beats first..last - 1 are amid two lengths. */
static size_t amid_two(const struct series *s, size_t first, size_t last)
{
    static unsigned char two[MOST];
    struct kymo_err e = {0};
    size_t n = 0;

    assert_int_equal(af_two_lengths(&(struct af_beats){.time_s = s->time_s, .flags = s->flags, .n = s->n}, two, &e), 0);
    for (size_t i = first; i < last; i++)
        n += two[i];
    return n;
}

static void mix_two(struct series *s, double shorter_s, double longer_s)
{
    begin(s);
    for (int i = 0; i < 400; i++)
        add(s, (random_below(&s->random, 2) ? longer_s : shorter_s) * exp(normal(s, 0.04)), 0);
}

/* Intervals of two lengths that follow each other without any order are no fibrillation, whatever their ratio. */
static void test_two_lengths_are_none(void **state)
{
    const double times[] = {1.4, 1.5, 1.6, 1.8, 2};
    static struct series s;

    (void)state;
    for (size_t k = 0; k < sizeof times / sizeof *times; k++) {
        mix_two(&s, 0.85, 0.85 * times[k]);
        for (size_t i = 0; i < s.n; i++)
            s.p_like[i] = (float)(1.8 * random_uniform(&s.random) - 0.9);
        assert_int_equal(amid_two(&s, 20, s.n - 20), s.n - 40);
        judge(&s, true);
        assert_true(share(&s, 0, s.n) == 0);
        judge(&s, false);
        assert_true(share(&s, 0, s.n) == 0);
    }
}

static void test_what_two_lengths_are_not(void **state)
{
    static struct series s;

    (void)state;
    mix_two(&s, 0.42, 0.84);                 /* flutter, conducted 2:1 and 4:1 */
    assert_int_equal(amid_two(&s, 0, s.n), 0);
    begin(&s);
    for (int i = 0; i < 160; i++)            /* one after the other */
        add(&s, (i / 40 % 2 ? 1.1 : 0.8) * exp(normal(&s, 0.02)), 0);
    assert_int_equal(amid_two(&s, 0, s.n), 0);
    begin(&s);
    for (int i = 0; i < 160; i++)            /* one that comes back once in a while */
        add(&s, (i % 20 == 5 ? 1.6 : 0.8) * exp(normal(&s, 0.02)), 0);
    assert_int_equal(amid_two(&s, 0, s.n), 0);
    begin(&s);
    for (int i = 0; i < 1900; i++)           /* slow fibrillation: a window in a hundred may look like it (af.c) */
        add(&s, 0.85 * exp(normal(&s, 0.22)), 0);
    assert_true(amid_two(&s, 0, s.n) < s.n / 50);
    judge(&s, false);
    assert_true(share(&s, 10, s.n - 10) == 1);
    mix_two(&s, 0.85, 1.3);
    s.n = 16;                                /* 15 intervals are too few to say */
    assert_int_equal(amid_two(&s, 0, s.n), 0);
}

/* Pieces between breaks are judged as if they stood alone. */
static void test_breaks_part(void **state)
{
    static struct series both, one;

    (void)state;
    begin(&both);
    sinus(&both, 50);
    add(&both, 500, AF_AFTER_BREAK);
    const size_t at = both.n - 1;
    fibrillate(&both, 100);
    judge(&both, false);
    begin(&one);
    for (size_t i = at + 1; i < both.n; i++)
        add(&one, both.time_s[i] - both.time_s[i - 1], 0);
    judge(&one, false);
    for (size_t i = 0; i < one.n; i++)       /* times differ in their last bits, and so do intervals */
        assert_near((double)both.p[at + i], (double)one.p[i], 1e-5);
}

static void test_scale_of_time(void **state)
{
    static struct series s, quick;

    (void)state;
    begin(&s);
    sinus(&s, 100);
    fibrillate(&s, 100);
    judge(&s, false);
    begin(&quick);
    for (size_t i = 1; i < s.n; i++)
        add(&quick, 0.8 * (s.time_s[i] - s.time_s[i - 1]), 0);
    judge(&quick, false);                    /* only ratios count; a bin's limit may part what rounds differently */
    for (size_t i = 0; i < s.n; i++)
        assert_int_equal(s.p[i] > 0.5f, quick.p[i] > 0.5f);
}

static void test_few_beats(void **state)
{
    static struct series s;
    struct kymo_err e = {0};

    (void)state;
    begin(&s);
    s.n = 0;
    judge(&s, false);
    for (s.n = 1; s.n < 4; s.n++) {
        s.time_s[s.n - 1] = (double)s.n;
        judge(&s, true);
        for (size_t i = 0; i < s.n; i++)
            assert_true(s.p[i] >= 0 && s.p[i] < 0.5f);
    }
    assert_int_equal(af_symbols(&(struct af_beats){.time_s = s.time_s, .flags = s.flags, .n = 3}, (int16_t[3]){0}, s.step,
                                &e), 0);
}

/* Conditional probabilities; of fibrillation less than one, as steady rhythm is taken from it. */
static void test_model_is_one(void **state)
{
    (void)state;
    for (size_t s = 0; s < AF_STATES; s++)
        for (size_t pair = 0; pair < AF_BINS * AF_BINS; pair++) {
            double sum = 0;
            for (size_t b = 0; b < AF_BINS; b++)
                sum += exp(af_model.log_p[s][pair * AF_BINS + b] / 1000.0);
            assert_true(sum < 1.001 && (s >= AF_OTHERS || sum > 0.999));   /* rounded to thousandths of a logarithm */
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sinus_and_fibrillation), cmocka_unit_test(test_short_episode),
        cmocka_unit_test(test_patterns_are_none), cmocka_unit_test(test_ventricular_beats),
        cmocka_unit_test(test_p_waves_speak), cmocka_unit_test(test_p_waves_go),
        cmocka_unit_test(test_p_waves_tell_the_ends), cmocka_unit_test(test_p_waves_beyond_the_ends),
        cmocka_unit_test(test_two_lengths_are_none), cmocka_unit_test(test_what_two_lengths_are_not),
        cmocka_unit_test(test_unsure_beats), cmocka_unit_test(test_pace_changes),
        cmocka_unit_test(test_breaks_part), cmocka_unit_test(test_scale_of_time), cmocka_unit_test(test_few_beats),
        cmocka_unit_test(test_model_is_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
