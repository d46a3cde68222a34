/* tests/unit/test_rhythm.c - algorithms/rhythm.h, rhythm_changes.h and rhythm_count.h: series of beats made by hand. */
#include "algorithms/rhythm_changes.h"
#include "algorithms/rhythm_count.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void assert_near(double got, double expected, double most) { assert_true(fabs(got - expected) <= most); }

enum { MOST = 1000 };

static const struct rhythm_limits usual = {
    .vt_per_min = 100, .svt_per_min = 100, .brady_per_min = 50, .tachy_per_min = 100, .pause_s = 3, .asystole_s = 4,
    .brady_beats = 5, .tachy_beats = 17,
};

struct series {
    struct rhythm_beat beat[MOST];
    struct rhythm_span noise[4], silence[4];
    size_t n, n_noise, n_silences;
    int64_t end_ns;
    struct rhythm_list list;
};

static int begin(void **state)
{
    struct series *const s = calloc(1, sizeof *s);

    s->beat[0] = (struct rhythm_beat){.time_ns = 1000000000, .sure = 1, .after_break = true};
    s->n = 1;
    *state = s;
    return 0;
}

static int end(void **state)
{
    struct series *const s = *state;

    rhythm_release(&s->list);
    free(s);
    return 0;
}

static struct rhythm_beat *add(struct series *s, char type, double rr_s)
{
    static const char types[] = "NSV/Q";
    struct rhythm_beat *const b = &s->beat[s->n++];

    assert_true(s->n <= MOST);
    *b = (struct rhythm_beat){
        .time_ns = b[-1].time_ns + llround(1e9 * rr_s), .sure = 1, .shape = -1, .type = (unsigned char)(strchr(types, type) - types),
    };
    return b;
}

/* A beat for each letter, all after rr_s. */
static void add_all(struct series *s, const char *types, double rr_s)
{
    for (; *types; types++)
        add(s, *types, rr_s);
}

static void find(struct series *s, const struct rhythm_limits *limits)
{
    const struct rhythm_input in = {
        .beat = s->beat, .n = s->n, .noise = s->noise, .n_noise = s->n_noise, .silence = s->silence, .n_silences = s->n_silences,
        .end_ns = s->end_ns,
    };
    struct kymo_err e = {0};

    rhythm_release(&s->list);
    assert_int_equal(rhythm_find(&in, limits, &s->list, &e), 0);
    for (size_t i = 1; i < s->list.n; i++)
        assert_true(s->list.episode[i - 1].from_ns <= s->list.episode[i].from_ns);
}

/* The k-th episode of a kind, or NULL. */
static const struct rhythm_episode *the(const struct series *s, enum rhythm_kind kind, size_t k)
{
    for (size_t i = 0; i < s->list.n; i++)
        if (s->list.episode[i].kind == kind && k-- == 0)
            return &s->list.episode[i];
    return NULL;
}

static size_t count(const struct series *s, enum rhythm_kind kind)
{
    size_t n = 0;

    while (the(s, kind, n))
        n++;
    return n;
}

static void test_steady_rhythm_has_none(void **state)
{
    struct series *const s = *state;

    find(s, &usual);
    assert_int_equal(s->list.n, 0);
    add_all(s, "NNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNN", 0.8);
    find(s, &usual);
    assert_int_equal(s->list.n, 0);
    s->n = 0;
    find(s, &usual);
    assert_int_equal(s->list.n, 0);
}

static void test_ventricular_runs(void **state)
{
    struct series *const s = *state;

    add_all(s, "NNVNNVVNNVVVNN", 0.5);
    add_all(s, "NVVVN", 0.7);
    find(s, &usual);
    assert_int_equal(count(s, RHYTHM_V_COUPLET), 1);
    assert_int_equal(count(s, RHYTHM_VT), 1);
    const struct rhythm_episode *const vt = the(s, RHYTHM_VT, 0);
    assert_int_equal(vt->n_beats, 3);
    assert_near(vt->rate_per_min, 120, 1e-9);
    assert_int_equal(vt->from_ns, s->beat[10].time_ns);
    assert_int_equal(vt->to_ns, s->beat[12].time_ns);
    assert_int_equal(count(s, RHYTHM_IVR), 1);        /* 86 per minute */
    struct rhythm_limits high = usual;
    high.vt_per_min = 120;
    find(s, &high);
    assert_int_equal(count(s, RHYTHM_VT), 0);         /* above, not at */
    assert_int_equal(count(s, RHYTHM_IVR), 2);
    s->beat[11].after_break = true;                   /* one of the three behind a gap: a couplet is left */
    find(s, &usual);
    assert_int_equal(count(s, RHYTHM_VT), 0);
    assert_int_equal(count(s, RHYTHM_V_COUPLET), 2);
}

static void test_supraventricular_runs(void **state)
{
    struct series *const s = *state;

    add_all(s, "NNSSNNSSSSNN", 0.4);
    find(s, &usual);
    assert_int_equal(count(s, RHYTHM_S_COUPLET), 1);
    assert_int_equal(count(s, RHYTHM_SVT), 1);
    assert_int_equal(the(s, RHYTHM_SVT, 0)->n_beats, 4);
    for (size_t i = 1; i < s->n; i++)
        s->beat[i].p_af = 0.9f;                       /* early beats mean nothing in fibrillation */
    find(s, &usual);
    assert_int_equal(count(s, RHYTHM_S_COUPLET) + count(s, RHYTHM_SVT), 0);
    assert_int_equal(count(s, RHYTHM_AF), 1);
}

static void test_patterns(void **state)
{
    struct series *const s = *state;

    add_all(s, "NNVNVNNN", 0.7);                      /* two are no pattern */
    find(s, &usual);
    assert_int_equal(s->list.n, 0);
    add_all(s, "VNVNVNVNNN", 0.7);
    add_all(s, "VNNVNNVNNN", 0.7);
    add_all(s, "SNSNSNN", 0.7);
    find(s, &usual);
    assert_int_equal(count(s, RHYTHM_BIGEMINY), 1);
    assert_int_equal(the(s, RHYTHM_BIGEMINY, 0)->n_beats, 7);
    assert_int_equal(count(s, RHYTHM_TRIGEMINY), 1);
    assert_int_equal(the(s, RHYTHM_TRIGEMINY, 0)->n_beats, 7);
    assert_int_equal(count(s, RHYTHM_S_BIGEMINY), 1);
}

static void test_rates(void **state)
{
    struct series *const s = *state;

    add_all(s, "NNNNNNNNNN", 0.9);
    add_all(s, "NNNN", 1.25);
    add_all(s, "NNNNNNNNNN", 0.9);
    find(s, &usual);
    assert_int_equal(s->list.n, 0);                   /* five intervals are asked for */
    add_all(s, "NNNNNN", 1.25);
    add_all(s, "NNNNNNNNNN", 0.9);
    add_all(s, "NNNNNNNNNNNNNNNNNNNN", 0.5);
    add_all(s, "NNNNN", 0.9);
    find(s, &usual);
    assert_int_equal(count(s, RHYTHM_BRADYCARDIA), 1);
    assert_near(the(s, RHYTHM_BRADYCARDIA, 0)->rate_per_min, 48, 1e-9);
    assert_int_equal(the(s, RHYTHM_BRADYCARDIA, 0)->n_beats, 7);
    assert_int_equal(count(s, RHYTHM_TACHYCARDIA), 1);
    assert_int_equal(the(s, RHYTHM_TACHYCARDIA, 0)->n_beats, 21);   /* not what a window of 17 bears at its ends */
    assert_near(the(s, RHYTHM_TACHYCARDIA, 0)->rate_per_min, 120, 1e-9);
    const int64_t slow_ns = the(s, RHYTHM_BRADYCARDIA, 0)->from_ns;
    s->noise[0] = (struct rhythm_span){slow_ns + 2600000000, slow_ns + 2700000000};
    s->n_noise = 1;
    find(s, &usual);                                  /* a beat may lie in the noise; three intervals behind it are too few */
    assert_int_equal(count(s, RHYTHM_BRADYCARDIA), 0);
    s->silence[0] = (struct rhythm_span){slow_ns + 2500000000, slow_ns + 3750000000};
    s->n_silences = 1;
    find(s, &usual);
    assert_int_equal(count(s, RHYTHM_BRADYCARDIA), 1);
}

static void test_one_pause_is_no_rate(void **state)
{
    struct series *const s = *state;

    add_all(s, "NNNNNNNNNN", 0.8);
    add(s, 'N', 5.9);
    add_all(s, "NNNNNNNNNN", 0.8);
    find(s, &usual);
    assert_int_equal(count(s, RHYTHM_BRADYCARDIA), 1);
    assert_int_equal(the(s, RHYTHM_BRADYCARDIA, 0)->n_beats, 6);   /* the five intervals whose mean is below 50 per minute */
    assert_near(the(s, RHYTHM_BRADYCARDIA, 0)->rate_per_min, 5 * 60 / (5.9 + 4 * 0.8), 1e-9);
}

static void test_pauses(void **state)
{
    struct series *const s = *state;

    add_all(s, "NNN", 0.8);
    add(s, 'N', 2.9);
    add(s, 'N', 3.0);
    add_all(s, "NN", 0.8);
    const int64_t before_ns = s->beat[s->n - 1].time_ns;
    add(s, 'N', 5);
    add(s, 'N', 5)->after_break = true;               /* a gap is no pause */
    find(s, &usual);
    assert_int_equal(count(s, RHYTHM_PAUSE), 1);
    assert_int_equal(the(s, RHYTHM_PAUSE, 0)->to_ns - the(s, RHYTHM_PAUSE, 0)->from_ns, 3000000000);
    assert_int_equal(the(s, RHYTHM_PAUSE, 0)->n_beats, 0);
    assert_int_equal(count(s, RHYTHM_ASYSTOLE), 1);
    s->noise[0] = (struct rhythm_span){0, 1000};
    s->noise[1] = (struct rhythm_span){before_ns + 4000000000, before_ns + 4100000000};
    s->n_noise = 2;
    find(s, &usual);                                  /* a beat may lie in the noise */
    assert_int_equal(count(s, RHYTHM_ASYSTOLE), 0);
    assert_int_equal(count(s, RHYTHM_PAUSE), 1);
}

static void test_dropped_beat(void **state)
{
    struct series *const s = *state;

    add_all(s, "NNNNNNNNNN", 0.8);
    add(s, 'N', 1.6);
    add_all(s, "NNNNNNNNNN", 0.8);
    find(s, &usual);
    assert_int_equal(count(s, RHYTHM_DROPPED), 1);
    assert_int_equal(the(s, RHYTHM_DROPPED, 0)->from_ns, s->beat[10].time_ns);
    s->beat[10].type = RHYTHM_V;                      /* the pause behind an ectopic beat is not one */
    find(s, &usual);
    assert_int_equal(count(s, RHYTHM_DROPPED), 0);
    s->beat[10].type = RHYTHM_N;
    s->beat[8].time_ns += 200000000;                  /* nor one in an uneven rhythm */
    find(s, &usual);
    assert_int_equal(count(s, RHYTHM_DROPPED), 0);
}

/* Noise, or beats of a pulse signal, leave a pause in doubt; an ECG that is silent for two thirds of it does not. */
static void test_pauses_in_doubt(void **state)
{
    struct series *const s = *state;

    add_all(s, "NNNNN", 1);
    add(s, 'N', 3.6)->from_pulse = true;
    add_all(s, "NNNNN", 1);
    find(s, &usual);
    assert_int_equal(count(s, RHYTHM_PAUSE), 0);
    const int64_t from_ns = s->beat[5].time_ns;
    s->silence[0] = (struct rhythm_span){from_ns - 3000000000, from_ns - 1000000000};
    s->silence[1] = (struct rhythm_span){from_ns + 1000000000, from_ns + 2000000000};
    s->silence[2] = (struct rhythm_span){from_ns + 2200000000, from_ns + 3500000000};
    s->n_silences = 3;
    find(s, &usual);                                  /* 2.3 s of 3.6 s */
    assert_int_equal(count(s, RHYTHM_PAUSE), 0);
    s->silence[1].from_ns -= 200000000;
    find(s, &usual);
    assert_int_equal(count(s, RHYTHM_PAUSE), 1);
    s->beat[6].from_pulse = false;
    s->noise[0] = (struct rhythm_span){from_ns - 1000000000, from_ns + 500000000};
    s->n_noise = 1;
    find(s, &usual);
    assert_int_equal(count(s, RHYTHM_PAUSE), 1);
    s->n_silences = 2;
    find(s, &usual);
    assert_int_equal(count(s, RHYTHM_PAUSE), 0);
}

static void test_pause_to_the_end(void **state)
{
    struct series *const s = *state;

    add_all(s, "NNNNN", 1);
    const int64_t last_ns = s->beat[s->n - 1].time_ns;
    s->end_ns = last_ns + 2900000000;
    find(s, &usual);
    assert_int_equal(s->list.n, 0);
    s->end_ns = last_ns + 4500000000;
    find(s, &usual);
    assert_int_equal(count(s, RHYTHM_ASYSTOLE), 1);
    assert_int_equal(the(s, RHYTHM_ASYSTOLE, 0)->from_ns, last_ns);
    assert_int_equal(the(s, RHYTHM_ASYSTOLE, 0)->to_ns, s->end_ns);
    s->noise[0] = (struct rhythm_span){last_ns + 1000000000, last_ns + 2000000000};
    s->n_noise = 1;
    find(s, &usual);
    assert_int_equal(s->list.n, 0);
}

/* Ventricular beats in a row of which none is like its neighbours are noise rather. */
static void test_likeness(void **state)
{
    struct series *const s = *state;

    add_all(s, "NNNVVVVVN", 0.5);
    for (short i = 4; i <= 8; i++)
        s->beat[i].shape = i;
    find(s, &usual);
    assert_near(the(s, RHYTHM_VT, 0)->confidence, 0, 0);
    s->beat[5].shape = s->beat[7].shape = 2;          /* every other one */
    find(s, &usual);
    assert_near(the(s, RHYTHM_VT, 0)->confidence, 0.4, 1e-9);
    add_all(s, "NVNNN", 0.5);
    s->beat[11].shape = s->beat[4].shape;             /* two of a shape, but far from each other; three */
    find(s, &usual);
    assert_near(the(s, RHYTHM_VT, 0)->confidence, 0.4, 1e-9);
    add_all(s, "VN", 0.5);
    s->beat[15].shape = s->beat[4].shape;
    find(s, &usual);
    assert_near(the(s, RHYTHM_VT, 0)->confidence, 0.6, 1e-9);
}

static void test_paced(void **state)
{
    struct series *const s = *state;

    add_all(s, "NN//N//NNN/N", 0.8);
    find(s, &usual);
    assert_int_equal(count(s, RHYTHM_PACED_RHYTHM), 1);
    assert_int_equal(the(s, RHYTHM_PACED_RHYTHM, 0)->n_beats, 5);
}

static void test_fibrillation(void **state)
{
    struct series *const s = *state;

    add_all(s, "NNNNN", 0.8);
    for (int i = 0; i < 60; i++)
        add(s, 'N', 0.6 + 0.1 * sin(i * i))->p_af = i == 30 ? 0.2f : 0.9f;   /* one beat of doubt parts nothing */
    add_all(s, "NNNNN", 0.8);
    find(s, &usual);
    assert_int_equal(count(s, RHYTHM_AF), 1);
    const struct rhythm_episode *const af = the(s, RHYTHM_AF, 0);
    assert_int_equal(af->from_ns, s->beat[5].time_ns);
    assert_int_equal(af->to_ns, s->beat[65].time_ns);
    assert_int_equal(af->n_beats, 61);
    assert_near(af->confidence, (59 * 0.9 + 0.2) / 60, 1e-6);
    struct rhythm_limits longer = usual;
    longer.af_s = 60;
    find(s, &longer);
    assert_int_equal(count(s, RHYTHM_AF), 0);
    s->beat[40].after_break = true;                   /* and never across a gap */
    find(s, &usual);
    assert_int_equal(count(s, RHYTHM_AF), 2);
}

/* Irregular, but by whole cycles of an atrium that flutters at 300 per minute. */
static void test_flutter(void **state)
{
    struct series *const s = *state;
    static const int cycles[] = {2, 4, 3, 2, 4, 4, 2, 3};

    for (int i = 0; i < 60; i++)
        add(s, 'N', 0.2 * cycles[(i * 5 + i / 8) % 8] + 0.01 * sin(i))->p_af = 0.9f;
    find(s, &usual);
    assert_int_equal(count(s, RHYTHM_FLUTTER), 1);
    assert_int_equal(count(s, RHYTHM_AF), 0);
}

static void test_changes(void **state)
{
    struct rhythm_episode all[] = {
        {.from_ns = 10, .to_ns = 100, .kind = RHYTHM_AF}, {.from_ns = 20, .to_ns = 30, .kind = RHYTHM_VT},
        {.from_ns = 20, .to_ns = 25, .kind = RHYTHM_TACHYCARDIA}, {.from_ns = 90, .to_ns = 120, .kind = RHYTHM_BRADYCARDIA},
        {.from_ns = 120, .to_ns = 130, .kind = RHYTHM_BIGEMINY},
    };
    const struct rhythm_list list = {all, 5, 5};
    static const struct rhythm_change expected[] = {
        {5, RHYTHM_KINDS}, {10, RHYTHM_AF}, {20, RHYTHM_VT}, {30, RHYTHM_AF}, {100, RHYTHM_BRADYCARDIA}, {120, RHYTHM_BIGEMINY},
        {130, RHYTHM_KINDS},
    };
    struct rhythm_change *change;
    struct kymo_err e = {0};
    size_t n;

    (void)state;
    assert_int_equal(rhythm_changes(&list, 5, &change, &n, &e), 0);
    assert_int_equal(n, 7);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(change[i].time_ns, expected[i].time_ns);
        assert_int_equal(change[i].kind, expected[i].kind);
    }
    free(change);
    assert_int_equal(rhythm_changes(&list, 50, &change, &n, &e), 0);   /* what began before is on from the start */
    assert_int_equal(change[0].time_ns, 50);
    assert_int_equal(change[0].kind, RHYTHM_AF);
    free(change);
}

static void test_join(void **state)
{
    const struct rhythm_span a[] = {{0, 10}, {20, 30}, {40, 50}}, b[] = {{5, 8}, {10, 12}, {29, 41}};
    struct rhythm_span out[6];

    (void)state;
    assert_int_equal(rhythm_join(a, 3, b, 3, out), 2);
    assert_int_equal(out[0].from_ns, 0);
    assert_int_equal(out[0].to_ns, 12);
    assert_int_equal(out[1].from_ns, 20);
    assert_int_equal(out[1].to_ns, 50);
    assert_int_equal(rhythm_join(NULL, 0, NULL, 0, out), 0);
}

/* Parts add up to the whole: beats, episodes, time. */
static void test_without(void **state)
{
    const struct rhythm_span a[] = {{0, 10}, {20, 30}, {40, 50}, {60, 70}}, b[] = {{2, 4}, {6, 7}, {9, 22}, {35, 55}, {58, 60}};
    const struct rhythm_span left[] = {{0, 2}, {4, 6}, {7, 9}, {22, 30}, {60, 70}};
    struct rhythm_span out[9];

    (void)state;
    assert_int_equal(rhythm_without(a, 4, b, 5, out), 5);
    assert_memory_equal(out, left, sizeof left);
    assert_int_equal(rhythm_without(a, 4, NULL, 0, out), 4);
    assert_memory_equal(out, a, sizeof a);
    assert_int_equal(rhythm_without(a, 4, a, 4, out), 0);
}

static void test_count(void **state)
{
    struct series *const s = *state;
    const struct rhythm_span lost = {30000000000, 40000000000};
    struct rhythm_count all, first, second;

    add_all(s, "NNNNNNNNNNNNNNNNNNNN", 0.6);
    add_all(s, "VVNNNSNNNNNNVVVNNNNNNNNNNNN", 1.0);
    for (size_t i = 1; i < 41; i++)
        s->beat[i].p_af = 0.9f;
    find(s, &usual);
    const struct rhythm_input in = {.beat = s->beat, .n = s->n};
    const int64_t middle_ns = 20000000000, end_ns = s->beat[s->n - 1].time_ns + 1;
    rhythm_count(&in, &s->list, &lost, 1, 0, end_ns, &all);
    rhythm_count(&in, &s->list, &lost, 1, 0, middle_ns, &first);
    rhythm_count(&in, &s->list, &lost, 1, middle_ns, end_ns, &second);
    assert_int_equal(all.n_beats, s->n);
    assert_int_equal(all.n_type[RHYTHM_V], 5);
    assert_int_equal(first.n_beats + second.n_beats, all.n_beats);
    assert_near(first.analysable_s + second.analysable_s, all.analysable_s, 1e-9);
    assert_near(all.analysable_s, (double)end_ns / 1e9 - 10, 1e-6);
    for (size_t k = 0; k < RHYTHM_KINDS; k++) {
        assert_int_equal(first.kind[k].n + second.kind[k].n, all.kind[k].n);
        assert_near(first.kind[k].duration_s + second.kind[k].duration_s, all.kind[k].duration_s, 1e-9);
    }
    assert_near(all.fastest.value, 100, 1e-9);
    assert_int_equal(all.fastest.at_ns, s->beat[0].time_ns);
    assert_near(all.slowest.value, 60, 1e-9);
    assert_near(all.kind[RHYTHM_AF].duration_s, 29, 1e-6);   /* of 1..33 s, 30..33 is lost */
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(test_steady_rhythm_has_none), TEST(test_ventricular_runs), TEST(test_supraventricular_runs), TEST(test_patterns),
        TEST(test_rates), TEST(test_pauses), TEST(test_pauses_in_doubt), TEST(test_pause_to_the_end), TEST(test_likeness),
        TEST(test_one_pause_is_no_rate), TEST(test_dropped_beat), TEST(test_paced), TEST(test_fibrillation),
        TEST(test_flutter), TEST(test_changes), TEST(test_join), TEST(test_without),
        TEST(test_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
