/* tests/unit/test_qrs_review.c - algorithms/qrs_review.h, on candidates made by hand and trees that one can read. */
#include "algorithms/qrs_lead.h"
#include "algorithms/qrs_review.h"
#include "algorithms/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

enum { SHAPE = 8, TAIL = 4, MOST = 3000 };

static const struct qrs_model none = {.n_trees = {{0}}};

/* Log-odds in steps, by those of the choices before: up to -1, -3; to 0.5, 1; to 1.5, 1.3; to 2.5, 1.7; to 3.5, 2.9; else 4. */
static const double step[] = {-1, 0.5, 1.5, 2.5, 3.5}, level[] = {-3, 1, 1.3, 1.7, 2.9, 4};

static struct qrs_tree believing(void)
{
    struct qrs_tree tree = {.leaf = {0}};

    for (int d = 0; d < QRS_TREE_DEPTH; d++) {
        tree.feature[d] = RF_HAND;
        tree.above[d] = (float)step[d];
        tree.leaf[(1 << d) - 1] = (int16_t)(level[d] * QRS_TREE_UNIT);
    }
    tree.leaf[QRS_TREE_LEAVES - 1] = (int16_t)(level[QRS_TREE_DEPTH] * QRS_TREE_UNIT);
    return tree;
}

struct decision {
    double at_s;
    bool in;
    float score;
};

struct run {
    struct qrs_review *review;
    struct decision out[MOST];
    int n;
    double done_s;
};

static void start(struct run *r, const struct qrs_model *model)
{
    r->review = qrs_review_create(1, SHAPE, TAIL, model);
    assert_non_null(r->review);
    r->n = 0;
    r->done_s = -INFINITY;
}

/* All that is certain when all before known_s is told: in order of time, none before what was said to be done. */
static void take(struct run *r, double known_s)
{
    struct decision d;

    while (qrs_review_next(r->review, known_s, &d.at_s, &d.in, &d.score)) {
        assert_true(d.at_s >= r->done_s && r->n < MOST);
        assert_true(r->n == 0 || d.at_s >= r->out[r->n - 1].at_s);
        r->out[r->n++] = d;
    }
    if (isfinite(known_s)) {
        const double done_s = qrs_review_done_s(r->review, known_s);
        assert_true(done_s >= r->done_s && done_s <= known_s);
        r->done_s = done_s;
    }
}

/* What the slow band shows round a place that a beat of size 1 lies LATE steps of 1/120 s behind: its QRS, and 0.3 s later a
 * T wave like it. */
static void draw_slow(float late, float qrst[QRS_QRST])
{
    for (int j = 0; j < QRS_QRST; j++) {
        const float u = ((float)j - 6 - late / 4) / 1.5f, t = u - 6;
        qrst[j] = u * expf(-u * u / 2) + t * expf(-t * t / 2);
    }
}

/* The same in the steep band. */
static void draw_wide(int late, float size, float wide[QRS_WIDE])
{
    for (int j = 0; j < QRS_WIDE; j++) {
        const float u = (float)(j - QRS_WIDE / 2 - late) / 4;
        wide[j] = size * (1 - u * u) * expf(-u * u / 2);
    }
}

/* A candidate of the shape with that number; the noise level is that part of its size, and its wave lies LATE steps of 1/120 s
 * behind its place. */
static void find_noisy(struct run *r, double at_s, int shape, float size, float noise, int late, bool filler)
{
    float wave[SHAPE], tail[TAIL] = {size, 0, size, 0}, wide[QRS_WIDE], qrst[QRS_QRST];
    const struct review_candidate k = {.at = at_s, .g = 1, .left = 0.1f, .right = 0.1f, .loud = 1, .filler = filler};
    const struct review_lead lead = {size, size / 2, noise * size, size, 1, wave, tail, wide, qrst};

    draw_slow((float)late, qrst);
    for (int j = 0; j < QRS_QRST; j++)
        qrst[j] *= size;
    for (int j = 0; j < SHAPE; j++)   /* shapes at right angles */
        wave[j] = size * (j == shape % SHAPE ? 1.0f : 0.0f);
    draw_wide(late, size, wide);
    qrs_review_found(r->review, &k, &lead);
}

/* A candidate as the first choices have it; told 2 s later, as they do. */
static void tell_noisy(struct run *r, double at_s, int shape, float size, bool in, float score, float noise, int late)
{
    find_noisy(r, at_s, shape, size, noise, late, false);
    qrs_review_decided(r->review, in, score, score);
    take(r, at_s - 2);
}

/* One that they do not know. */
static void fill_noisy(struct run *r, double at_s, int shape, float size, float noise)
{
    find_noisy(r, at_s, shape, size, noise, 0, true);
    take(r, at_s - 2);
}

/* A candidate on the T wave of a beat 0.3 s before, that looks like one in the steep band. */
static void tell_t_wave(struct run *r, double at_s, float noise)
{
    float wave[SHAPE] = {1}, tail[TAIL] = {1, 0, 1, 0}, wide[QRS_WIDE], qrst[QRS_QRST];
    const struct review_candidate k = {.at = at_s, .g = 1, .left = 0.1f, .right = 0.1f, .loud = 1};
    const struct review_lead lead = {1, 0.5f, noise, 1, 1, wave, tail, wide, qrst};

    draw_wide(0, 1, wide);
    draw_slow(-36, qrst);
    qrs_review_found(r->review, &k, &lead);
    qrs_review_decided(r->review, false, -1, -1);
    take(r, at_s - 2);
}

static void tell(struct run *r, double at_s, int shape, float size, bool in, float score)
{
    tell_noisy(r, at_s, shape, size, in, score, 0.01f, 0);
}

static void stop(struct run *r)
{
    take(r, (double)INFINITY);
    qrs_review_destroy(r->review);
}

static void without_trees_it_decides_as_told(void **state)
{
    static struct run r;

    (void)state;
    start(&r, &none);
    for (int i = 0; i < 2900; i++)   /* more than it remembers */
        tell(&r, 0.1 * i, i % 3, 1, i % 3 == 0, (float)(i % 17) - 8);
    assert_true(r.n > 2300);         /* some as it goes */
    stop(&r);
    assert_int_equal(r.n, 2900);
    for (int i = 0; i < r.n; i++) {
        assert_true(fabs(r.out[i].at_s - 0.1 * i) < 1e-9);
        assert_int_equal(r.out[i].in, i % 3 == 0);
        assert_true(r.out[i].score == (float)(i % 17) - 8);
    }
}

/* The largest sum of positive log-odds, over all sets whose members lie the refractory time apart. */
static double best_sum(const struct decision *k, int n)
{
    double best = 0;

    for (unsigned set = 0; set < 1u << n; set++) {
        double sum = 0, last_s = -1;
        for (int i = 0; i < n && sum > -1; i++)
            if (set >> i & 1) {
                sum = k[i].at_s - last_s < REVIEW_REFRACTORY_S ? -2 : sum + (double)k[i].score;
                last_s = k[i].at_s;
            }
        best = sum > best ? sum : best;
    }
    return best;
}

/* Groups of ten candidates, 40 to 250 ms apart, with log-odds of any of the levels: what is taken is worth as much as the best of
 * all 1024 sets, and no two lie nearer than the refractory time. */
static void takes_the_best_set_of_each_group(void **state)
{
    enum { GROUPS = 200, SIZE = 10 };
    static struct run r;
    const struct qrs_tree tree = believing();
    const struct qrs_model model = {{{&tree, &tree}, {&tree, &tree}}, {{1, 1}, {1, 1}}};
    struct random dice;
    int taken = 0;

    (void)state;
    random_init(&dice, 5, 0);
    start(&r, &model);
    for (int g = 0; g < GROUPS; g++) {
        double at_s = 4 * g;
        for (int i = 0; i < SIZE; i++) {
            tell(&r, at_s, 0, 1, random_below(&dice, 2) > 0, (float)random_below(&dice, 7) - 2);
            at_s += 0.01 * (double)(4 + random_below(&dice, 22));
        }
    }
    stop(&r);
    assert_int_equal(r.n, GROUPS * SIZE);
    for (int g = 0; g < GROUPS; g++) {
        const struct decision *const k = r.out + g * SIZE;
        double sum = 0, last_s = -1;
        for (int i = 0; i < SIZE; i++)
            if (k[i].in) {
                assert_true(k[i].at_s - last_s >= REVIEW_REFRACTORY_S && k[i].score > 0);
                sum += (double)k[i].score;
                last_s = k[i].at_s;
                taken++;
            }
        assert_true(fabs(sum - best_sum(k, SIZE)) < 1e-4);   /* sums of a few floats */
    }
    assert_true(taken > 2 * GROUPS);
}

/* By hand: two that are worth 1.7 each against one of 2.9 between them, then against one of 4. */
static void two_outweigh_one_if_they_are_worth_more(void **state)
{
    static struct run r;
    const struct qrs_tree tree = believing();
    const struct qrs_model model = {{{&tree, &tree}, {&tree, &tree}}, {{1, 1}, {1, 1}}};

    (void)state;
    start(&r, &model);
    for (int k = 0; k < 2; k++) {
        tell(&r, 10 * k, 0, 1, false, 2);
        tell(&r, 10 * k + 0.15, 0, 1, true, k ? 4 : 3);
        tell(&r, 10 * k + 0.3, 0, 1, false, 2);
    }
    stop(&r);
    assert_true(r.out[0].in && !r.out[1].in && r.out[2].in);
    assert_true(!r.out[3].in && r.out[4].in && !r.out[5].in);
}

/* ---- what it sees ---- */

struct rows {
    float feature[QRS_LOOKS][MOST][REVIEW_FEATURES];
    double at_s[QRS_LOOKS][MOST];
    int n[QRS_LOOKS];
};

static void keep_row(void *self, int look, double at_s, const float feature[REVIEW_FEATURES])
{
    struct rows *const rows = self;

    assert_true(rows->n[look] < MOST);
    rows->at_s[look][rows->n[look]] = at_s;
    memcpy(rows->feature[look][rows->n[look]++], feature, REVIEW_FEATURES * sizeof *feature);
}

/* Two minutes of beats of shape 0 each 0.8 s, each with something of shape 1 behind it that is none, and one beat of shape 2. */
static void tell_record(struct run *r, float size)
{
    for (int i = 0; i < 150; i++) {
        tell(r, 0.8 * i, i == 75 ? 2 : 0, size, true, 3);
        tell(r, 0.8 * i + 0.3, 1, size, false, -3);
    }
}

static void see(struct rows *rows, float size, bool after_reset)
{
    static struct run r;

    memset(rows->n, 0, sizeof rows->n);
    start(&r, &none);
    if (after_reset) {
        for (int i = 0; i < 100; i++)
            tell(&r, 0.5 * i, i % 5, 7, i % 2, (float)(i % 3));
        qrs_review_reset(r.review);
        r.n = 0;
        r.done_s = -INFINITY;
    }
    qrs_review_tap(r.review, &(struct review_tap){keep_row, rows});
    tell_record(&r, size);
    stop(&r);
}

static void the_bank_knows_the_shapes_of_beats_and_of_none(void **state)
{
    static struct rows rows;

    (void)state;
    see(&rows, 1, false);
    for (int look = 0; look < QRS_LOOKS; look++) {
        assert_int_equal(rows.n[look], 300);
        for (int i = 0; i < 300; i++) {
            const float *const f = rows.feature[look][i];
            const bool beat = i % 2 == 0, odd = i == 150;
            assert_true(fabs(rows.at_s[look][i] - (0.8 * (i / 2) + (beat ? 0 : 0.3))) < 1e-9);
            for (int j = 0; j < REVIEW_FEATURES; j++)
                assert_true(isfinite(f[j]));
            if (odd) {   /* its own cluster does not speak for it: nothing is like it */
                assert_true(f[RF_LIKE] < 0.01f && f[RF_UNLIKE] < 0.01f);
                continue;
            }
            assert_true(fabsf(f[RF_LIKE] - (beat ? 1 : 0)) < 1e-3f);
            assert_true(fabsf(f[RF_UNLIKE] - (beat ? 0 : 1)) < 1e-3f);
            assert_true(beat ? f[RF_SHARE] > 0.95f && f[RF_SHARE] <= 1 : f[RF_SHARE] < 0.05f);
            assert_true(f[RF_SHARE_R] > 0.999f);
        }
    }
}

static void rhythm_is_that_of_the_accepted_beats(void **state)
{
    static struct rows rows;

    (void)state;
    see(&rows, 1, false);
    for (int i = 20; i < 280; i++) {
        const float *const f = rows.feature[0][i], before = i % 2 ? 0.3f : 0.8f, after = i % 2 ? 0.5f : 0.8f;
        assert_true(fabsf(f[RF_RR] - 0.8f) < 1e-4f && f[RF_IRREGULAR] < 1e-4f);
        assert_true(fabsf(f[RF_BEFORE_S] - before) < 1e-4f && fabsf(f[RF_AFTER_S] - after) < 1e-4f);
        assert_true(fabsf(f[RF_HEIGHT]) < 1e-5f);   /* all are of one height */
        assert_true(fabsf(f[i % 2 ? RF_RIVAL_S : RF_NEXT_S] - 0.3f) < 1e-4f);
    }
}

static void gain_changes_nothing(void **state)
{
    static struct rows plain, large;

    (void)state;
    see(&plain, 1, false);
    see(&large, 1024, false);   /* a power of two: the same bits but for the logarithms */
    for (int look = 0; look < QRS_LOOKS; look++)
        for (int i = 0; i < plain.n[look]; i++)
            for (int j = 0; j < REVIEW_FEATURES; j++)
                assert_true(fabsf(plain.feature[look][i][j] - large.feature[look][i][j]) < 1e-4f);
}

static void forgets_all_at_a_reset(void **state)
{
    static struct rows fresh, again;

    (void)state;
    see(&fresh, 1, false);
    see(&again, 1, true);
    for (int look = 0; look < QRS_LOOKS; look++) {
        assert_int_equal(fresh.n[look], again.n[look]);
        assert_memory_equal(fresh.feature[look], again.feature[look], (size_t)fresh.n[look] * sizeof fresh.feature[look][0]);
    }
}

/* ---- noise ---- */

/* Beats of one shape, 100 of them; from the 50th on every tenth has its wave LATE behind where it was found. */
static void run_late(struct run *r, float noise, int late)
{
    const struct qrs_tree tree = believing();
    const struct qrs_model model = {{{&tree, &tree}, {&tree, &tree}}, {{1, 1}, {1, 1}}};

    start(r, &model);
    for (int i = 0; i < 100; i++)
        tell_noisy(r, 0.8 * i, 0, 1, true, 8, noise, i >= 50 && i % 10 == 0 ? late : 0);
    stop(r);
    assert_int_equal(r->n, 100);
}

static void in_noise_beats_are_told_where_they_fit(void **state)
{
    static struct run r;

    (void)state;
    for (int late = -7; late <= 7; late++) {
        const double moved = late > 5 ? 0.045 : late < -5 ? -0.045 : late / 120.0;   /* no further than 45 ms */
        run_late(&r, 0.2f, late);
        for (int i = 0; i < 100; i++)
            assert_true(fabs(r.out[i].at_s - 0.8 * i - (i >= 50 && i % 10 == 0 ? moved : 0)) < 1e-6);
        run_late(&r, 0.01f, late);   /* in quiet they stay */
        for (int i = 0; i < 100; i++)
            assert_true(fabs(r.out[i].at_s - 0.8 * i) < 1e-9);
    }
}

/* Beats in noise, and behind each from the 50th on the top of its T wave, of the same steep shape and size. */
static void t_waves_are_not_where_a_beat_would_have_its_own(void **state)
{
    static struct run r;
    static struct rows rows;

    (void)state;
    memset(rows.n, 0, sizeof rows.n);
    start(&r, &none);
    qrs_review_tap(r.review, &(struct review_tap){keep_row, &rows});
    for (int i = 0; i < 100; i++) {
        tell_noisy(&r, 0.8 * i, 0, 1, true, 8, 0.2f, 0);
        if (i >= 50)
            tell_t_wave(&r, 0.8 * i + 0.3, 0.2f);
    }
    stop(&r);
    for (int i = 50; i < 150; i++) {   /* half of the mean is missing there: the square root of a half is left */
        const float *const f = rows.feature[0][i];
        const bool beat = i % 2 == 0;
        assert_true(f[RF_MATCH] > 0.999f && f[RF_MATCH_SHIFT] < 0.5f);   /* steep waves are alike */
        assert_true(beat ? f[RF_QRST] > 0.999f && fabsf(f[RF_QRST_SIZE]) < 1e-3f : f[RF_QRST] < 0.75f);
        assert_true(beat ? f[RF_BOTH] > 0.999f : f[RF_BOTH] < 0.9f);
        assert_true(beat ? f[RF_T_WAVE] <= 0.0f : f[RF_QRST_RIVAL] > 0.5f && f[RF_T_WAVE] > 0.95f);
        assert_true(i < 70 || fabsf(f[RF_QRST_MORE] - (beat ? 0.3f : 0)) < 0.1f);   /* later ones are not seen yet */
    }
}

/* Trees for quiet that take everything and trees for noise that take nothing: a high noise level asks the latter, and so does doubt
 * on every side, of candidates whose log-odds by the first choices are 0; but not one doubtful candidate. */
static void noise_and_doubt_ask_other_trees(void **state)
{
    static struct run r;
    struct qrs_tree yes = {.leaf = {0}}, no = {.leaf = {0}};
    const struct qrs_model model = {{{&yes, &no}}, {{1, 1}}};   /* one look: another would see no doubt any more */

    (void)state;
    for (int l = 0; l < QRS_TREE_LEAVES; l++) {
        yes.leaf[l] = 6 * QRS_TREE_UNIT;   /* that leaves no doubt */
        no.leaf[l] = -6 * QRS_TREE_UNIT;
    }
    start(&r, &model);
    for (int i = 0; i < 300; i++) {
        const bool noisy = i >= 50 && i < 100, unsure = (i >= 150 && i < 200) || i == 250;
        tell_noisy(&r, 0.8 * i, 0, 1, true, unsure ? 0 : 8, noisy ? 0.5f : 0.01f, 0);
    }
    stop(&r);
    for (int i = 0; i < 300; i++) {
        const int into = i % 100 < 50 ? 0 : i % 100 - 50;
        if (i / 50 == 1 || (i / 50 == 3 && into > 10 && into < 40))
            assert_false(r.out[i].in);
        else if (i < 50 || (i > 115 && i < 135) || i > 215)
            assert_true(r.out[i].in);
    }
}

/* Trees that refuse what has no beat within 1 s behind it. Of two rows of beats, each look but the first takes away the last that is
 * left: in quiet there is one such look, in noise there are two. */
static void in_noise_it_looks_once_more(void **state)
{
    static struct run r;
    const struct qrs_tree tree = believing();
    struct qrs_tree not_last = {.feature = {RF_AFTER_S}, .above = {1, 99, 99, 99, 99}, .leaf = {4000, -4000}};
    const struct qrs_model model = {{{&tree, &tree}, {&not_last, &not_last}}, {{1, 1}, {1, 1}}};

    (void)state;
    for (int noisy = 0; noisy < 2; noisy++) {
        start(&r, &model);
        for (int i = 0; i < 80; i++)
            tell_noisy(&r, 0.8 * i + (i < 40 ? 0 : 20), 0, 1, true, 8, noisy ? 0.5f : 0.01f, 0);
        stop(&r);
        assert_int_equal(r.n, 80);
        for (int i = 0; i < 80; i++)
            assert_int_equal(r.out[i].in, i % 40 < (noisy ? 38 : 39));
        for (int i = 38; noisy && i < 80; i += 40)   /* 4 so far, and seven tenths of -4 */
            assert_float_equal(r.out[i].score, 0.3f * 4 - 0.7f * 4, 1e-5f);
    }
}

/* Between beats in noise, where the first choices saw nothing: beats that only the review is shown are taken if trees say so,
 * and none without. */
static void what_fills_the_gaps_can_be_beats(void **state)
{
    static struct run r;
    const struct qrs_tree tree = believing();
    struct qrs_tree yes = {.leaf = {0}};
    const struct qrs_model believes = {{{&tree, &tree}}, {{1, 1}}}, takes = {{{&tree, &yes}}, {{1, 1}}};

    (void)state;
    for (int l = 0; l < QRS_TREE_LEAVES; l++)
        yes.leaf[l] = 2 * QRS_TREE_UNIT;
    for (int k = 0; k < 2; k++) {
        start(&r, k ? &takes : &believes);
        for (int i = 0; i < 100; i++) {
            if (i % 10 == 5)
                fill_noisy(&r, 0.8 * i, 0, 1, 0.3f);
            else
                tell_noisy(&r, 0.8 * i, 0, 1, true, 8, 0.3f, 0);
        }
        fill_noisy(&r, 81, 0, 1, 0.3f);   /* behind the last that the first choices know */
        stop(&r);
        assert_int_equal(r.n, k ? 101 : 90);   /* those that are none are not given out */
        for (int i = 0; i < r.n; i++)
            assert_true(r.out[i].in);
    }
}

/* What the first choices refuse in high noise stays refused, unless it looks like a beat and has half its size. */
static void noise_makes_no_beats(void **state)
{
    static struct run r;
    struct qrs_tree yes = {.leaf = {0}};
    const struct qrs_model model = {{{&yes, &yes}, {&yes, &yes}}, {{1, 1}, {1, 1}}};

    (void)state;
    for (int l = 0; l < QRS_TREE_LEAVES; l++)
        yes.leaf[l] = 2 * QRS_TREE_UNIT;
    for (int k = 0; k < 2; k++) {
        start(&r, &model);
        for (int i = 0; i < 100; i++)
            tell_noisy(&r, 0.8 * i, 0, i < 60 || k == 0 ? 1 : 0.3f, i < 60, i < 60 ? 8 : -4, i < 60 ? 0.01f : 0.5f, 0);
        stop(&r);
        for (int i = 62; i < 100; i++)
            assert_int_equal(r.out[i].in, k == 0);
    }
}

/* More shapes than the bank has room for, at right angles or not, and candidates without any shape. */
static void any_number_of_shapes_will_do(void **state)
{
    static struct run r;
    static struct rows rows;
    struct random dice;
    float wave[SHAPE], tail[TAIL] = {0}, wide[QRS_WIDE] = {0}, qrst[QRS_QRST] = {0};

    (void)state;
    random_init(&dice, 9, 0);
    memset(rows.n, 0, sizeof rows.n);
    start(&r, &none);
    qrs_review_tap(r.review, &(struct review_tap){keep_row, &rows});
    for (int i = 0; i < 2000; i++) {
        const struct review_candidate k = {.at = 0.2 * i, .g = 1};
        const struct review_lead lead = {1, 1, 0, i % 7 ? 1 : 0, i % 5 ? 1 : 0, wave, tail, wide, qrst};
        for (int j = 0; j < SHAPE; j++)
            wave[j] = i % 11 ? (float)random_normal(&dice) : 0;
        qrs_review_found(r.review, &k, &lead);
        qrs_review_decided(r.review, i % 2, 0, 0);
        take(&r, 0.2 * i - 2);
    }
    stop(&r);
    assert_int_equal(r.n, 2000);
    for (int look = 0; look < QRS_LOOKS; look++)
        for (int i = 0; i < rows.n[look]; i++)
            for (int j = 0; j < REVIEW_FEATURES; j++)
                assert_true(isfinite(rows.feature[look][i][j]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_trees_it_decides_as_told),
        cmocka_unit_test(takes_the_best_set_of_each_group),
        cmocka_unit_test(two_outweigh_one_if_they_are_worth_more),
        cmocka_unit_test(the_bank_knows_the_shapes_of_beats_and_of_none),
        cmocka_unit_test(rhythm_is_that_of_the_accepted_beats),
        cmocka_unit_test(gain_changes_nothing),
        cmocka_unit_test(forgets_all_at_a_reset),
        cmocka_unit_test(in_noise_beats_are_told_where_they_fit),
        cmocka_unit_test(t_waves_are_not_where_a_beat_would_have_its_own),
        cmocka_unit_test(noise_and_doubt_ask_other_trees),
        cmocka_unit_test(in_noise_it_looks_once_more),
        cmocka_unit_test(what_fills_the_gaps_can_be_beats),
        cmocka_unit_test(noise_makes_no_beats),
        cmocka_unit_test(any_number_of_shapes_will_do),
    };

    qrs_review_destroy(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
