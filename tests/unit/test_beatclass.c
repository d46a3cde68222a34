/* tests/unit/test_beatclass.c - algorithms/beatclass.h, on beats that are drawn here: what must hold for any model, and what
 * the shipped one must tell of beats that leave no doubt. */
#include "algorithms/beatclass.h"
#include "algorithms/beatclass_cluster.h"
#include "algorithms/beatclass_trees.h"
#include "algorithms/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { N = 400 };

#define NORMAL_RR_S 0.8

struct scene {
    struct beatclass_beat beat[N];
    struct portrait portrait[N];
    struct beatclass out[N];
};

static float bell(int i, double at, double width) { return (float)exp(-(i - at) * (i - at) / (2 * width * width)); }

static float pack(const float *x, size_t n, int8_t *out)
{
    float most = 0;

    for (size_t i = 0; i < n; i++)
        most = fmaxf(most, fabsf(x[i]));
    for (size_t i = 0; i < n; i++)
        out[i] = (int8_t)lrintf(127 * x[i] / most);
    return most / 127;
}

/* A beat in both leads: narrow with a P wave and an upright T wave, or wide, without, and T against it. */
static void draw(struct portrait *p, bool wide, float p_wave, struct random *random)
{
    float x[PORTRAIT_QRS];

    for (int l = 0; l < PORTRAIT_LEADS; l++) {
        struct portrait_lead *const to = &p->lead[l];
        for (int i = 0; i < PORTRAIT_QRS; i++)
            x[i] = (wide ? -1.4f * bell(i, 15, 5) : bell(i, 12, 1.6)) + 0.01f * (float)random_normal(random);
        to->qrs_unit = pack(x, PORTRAIT_QRS, to->qrs);
        for (int i = 0; i < PORTRAIT_P; i++)
            x[i] = p_wave * bell(i, 12, 3) + 0.01f * (float)random_normal(random);
        to->p_unit = pack(x, PORTRAIT_P, to->p);
        for (int i = 0; i < PORTRAIT_T; i++)
            x[i] = (wide ? 0.5f : 0.25f) * bell(i, 4, 2) + 0.01f * (float)random_normal(random);
        to->t_unit = pack(x, PORTRAIT_T, to->t);
        to->amplitude = wide ? 1.4f : 1;
        to->width_s = wide ? 0.19f : 0.085f;
        to->spread_s = wide ? 0.085f : 0.038f;
        to->noise = 0.01f;
        to->spike = 1.5f;
    }
}

/* Every 20th beat comes early: a ventricular one, with a pause behind it, or an atrial one with its P wave upside down. */
static struct scene *make_scene(bool ventricular)
{
    struct scene *s = calloc(1, sizeof *s);
    struct random random;
    double t = 1;

    assert_non_null(s);
    random_init(&random, 1, 0);
    for (int i = 0; i < N; i++) {
        const bool early = i % 20 == 10, behind = i % 20 == 11;
        t += NORMAL_RR_S * (early ? 0.6 : behind && ventricular ? 1.4 : 1) + 0.01 * random_normal(&random);
        s->beat[i] = (struct beatclass_beat){.time_s = t, .quality = (float)NAN};
        draw(&s->portrait[i], early && ventricular, early ? (ventricular ? 0.001f : -0.12f) : 0.12f, &random);
    }
    return s;
}

static void classify(struct scene *s, bool signals)
{
    struct kymo_err e = {0};

    assert_int_equal(beatclass(s->beat, signals ? s->portrait : NULL, N, signals ? 2 : 0, &beatclass_model, NULL, s->out, &e),
                     0);
    for (int i = 0; i < N; i++) {
        float sum = 0;
        for (int k = 0; k < BEATCLASS_KINDS; k++) {
            assert_true(s->out[i].chance[k] >= 0 && s->out[i].chance[k] <= 1);
            sum += s->out[i].chance[k];
        }
        assert_true(fabsf(sum - 1) < 1e-5f);
    }
}

static void tells_wide_early_beats_as_ventricular(void **state)
{
    struct scene *s = make_scene(true);

    (void)state;
    classify(s, true);
    for (int i = 0; i < N; i++) {
        assert_int_equal(s->out[i].type[0], i % 20 == 10 ? 'V' : 'N');
        assert_int_equal(s->out[i].cluster, i % 20 == 10);   /* the smaller of two groups */
    }
    free(s);
}

static void tells_early_beats_with_another_p_wave_as_supraventricular(void **state)
{
    struct scene *s = make_scene(false);

    (void)state;
    classify(s, true);
    for (int i = 0; i < N; i++)
        assert_int_equal(s->out[i].type[0], i % 20 == 10 ? 'S' : 'N');
    free(s);
}

/* From beat from on, n stretches of so many beats with as many between them: their beats come after rr_s with that P wave, all
 * others after NORMAL_RR_S with an upright one. */
static struct scene *make_stretches(int from, int length, int n, double rr_s, float p_wave, double uneven)
{
    struct scene *s = calloc(1, sizeof *s);
    struct random random;
    double t = 1;

    assert_non_null(s);
    random_init(&random, 3, 0);
    for (int i = 0; i < N; i++) {
        const bool inside = i >= from && (i - from) / length % 2 == 0 && (i - from) / length < 2 * n;
        t += (inside ? rr_s : NORMAL_RR_S) + uneven * random_normal(&random);
        s->beat[i] = (struct beatclass_beat){.time_s = t, .quality = (float)NAN};
        draw(&s->portrait[i], false, inside ? p_wave : 0.12f, &random);
    }
    return s;
}

/* A tachycardia that begins and ends at once is one thing from its first beat to its last, however long. */
static void tells_a_run_as_a_whole(void **state)
{
    static const int lengths[] = {5, 20, 80};

    (void)state;
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        struct scene *s = make_stretches(200, lengths[k], 1, 0.42, -0.12f, 0.01);
        classify(s, true);
        for (int i = 0; i < N; i++)
            assert_int_equal(s->out[i].type[0], i >= 200 && i < 200 + lengths[k] ? 'S' : 'N');
        free(s);
    }
}

/* Nothing is early where half of the sinus beats were blocked, and now none is, again and again: P waves are the same. */
static void tells_the_end_of_a_block_from_a_run(void **state)
{
    static const int lengths[] = {40, 70, 100};

    (void)state;
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        struct scene *s = make_stretches(0, lengths[k], N, 2 * NORMAL_RR_S, 0.12f, 0.03);
        classify(s, true);
        for (int i = 0; i < N; i++)
            assert_int_equal(s->out[i].type[0], 'N');
        free(s);
    }
}

/* What the detector doubts is less likely ventricular; a quality that is not known changes nothing. */
static void doubts_ventricular_beats_that_the_detector_doubts(void **state)
{
    struct scene *s = make_scene(true);
    float before[N];

    (void)state;
    classify(s, true);
    for (int i = 0; i < N; i++)
        before[i] = s->out[i].chance[BEATCLASS_V];
    for (int i = 10; i < N; i += 40)
        s->beat[i].quality = 0.05f;
    classify(s, true);
    for (int i = 10; i < N; i += 20)
        assert_true(i % 40 == 10 ? s->out[i].chance[BEATCLASS_V] < before[i] - 0.005f
                                 : s->out[i].chance[BEATCLASS_V] > before[i] - 0.005f);
    free(s);
}

/* Where every beat has a spike and is wide, all are paced; where they are narrow, none is. */
static void tells_paced_beats_by_spike_and_width(void **state)
{
    (void)state;
    for (int wide = 0; wide < 2; wide++) {
        struct scene *s = make_scene(false);
        struct random random;
        random_init(&random, 1, 0);
        for (int i = 0; i < N; i++) {
            draw(&s->portrait[i], wide, 0.001f, &random);
            s->beat[i].time_s = NORMAL_RR_S * i;
            s->portrait[i].lead[1].spike = 8;
        }
        classify(s, true);
        for (int i = 0; i < N; i++)
            assert_int_equal(s->out[i].type[0] == '/', wide);
        free(s);
    }
}

/* A break is no pause, and what is behind it is not early. */
static void counts_no_interval_across_a_break(void **state)
{
    struct scene *s = make_scene(true);

    (void)state;
    for (int i = 0; i < N; i++) {
        s->beat[i].time_s = NORMAL_RR_S * i + (i >= 200 ? 1000 : 0);
        s->beat[i].after_break = i == 200;
    }
    classify(s, false);
    for (int i = 0; i < N; i++) {
        assert_int_equal(s->out[i].type[0], 'N');
        assert_int_equal(s->out[i].cluster, -1);
    }
    free(s);
}

static void takes_none_one_and_unknown_beats(void **state)
{
    struct scene *s = make_scene(true);
    struct kymo_err e = {0};

    (void)state;
    assert_int_equal(beatclass(s->beat, s->portrait, 0, 2, &beatclass_model, NULL, s->out, &e), 0);
    for (size_t n = 1; n < 12; n++)
        assert_int_equal(beatclass(s->beat, s->portrait, n, 2, &beatclass_model, NULL, s->out, &e), 0);
    memset(s->portrait, 0, sizeof s->portrait);    /* beats of which nothing was seen */
    classify(s, true);
    for (int i = 0; i < N; i++)
        assert_int_equal(s->out[i].cluster, -1);
    free(s);
}

/* ---- groups ---- */

static void shape_of(const void *self, size_t i, float x[CLUSTER_ALL])
{
    (void)self;
    memset(x, 0, CLUSTER_ALL * sizeof *x);
    for (int k = 0; k < PORTRAIT_QRS; k++)
        x[k] = i % 3 == 0 ? bell(k, 12 + (double)(i % 4), 2) : -bell(k, 16, 5);   /* moved by up to 24 ms */
}

static void groups_shapes_whatever_their_place(void **state)
{
    struct clusters *all = calloc(1, sizeof *all);
    short of[90];

    (void)state;
    cluster_beats(shape_of, NULL, 90, all, of);
    assert_int_equal(all->n, 2);
    assert_int_equal(all->group[0].n, 60);
    for (int i = 0; i < 90; i++)
        assert_int_equal(of[i], i % 3 == 0);
    free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_wide_early_beats_as_ventricular),
        cmocka_unit_test(tells_early_beats_with_another_p_wave_as_supraventricular),
        cmocka_unit_test(tells_a_run_as_a_whole), cmocka_unit_test(tells_the_end_of_a_block_from_a_run),
        cmocka_unit_test(doubts_ventricular_beats_that_the_detector_doubts),
        cmocka_unit_test(tells_paced_beats_by_spike_and_width), cmocka_unit_test(counts_no_interval_across_a_break),
        cmocka_unit_test(takes_none_one_and_unknown_beats), cmocka_unit_test(groups_shapes_whatever_their_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
