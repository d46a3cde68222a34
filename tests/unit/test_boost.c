/* tests/unit/test_boost.c - model/boost.h: a known rule is learnt, and laws that hold for any rows. */
#include "algorithms/random.h"
#include "model/boost.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <limits.h>
#include <string.h>
#include <cmocka.h>

enum { ROWS = 3000, FEATURES = 4, TREES = 20 };

/* Rows of uniform features times GAIN; one where x[0] > 0.3 and x[1] < 0.5. */
static struct boost_rows make_rows(uint64_t seed, float gain, float weight, int times)
{
    struct boost_rows rows = {.n_features = FEATURES};
    struct random r;
    float x[FEATURES];

    random_init(&r, seed, 0);
    for (int i = 0; i < ROWS; i++) {
        for (int f = 0; f < FEATURES; f++)
            x[f] = (float)random_uniform(&r);
        const float is = x[0] > 0.3f && x[1] < 0.5f;
        for (int f = 0; f < FEATURES; f++)
            x[f] *= gain;
        for (int k = 0; k < times; k++)
            assert_int_equal(boost_add(&rows, x, is, weight), 0);
    }
    return rows;
}

static void learn(const struct boost_rows *rows, size_t n_trees, struct qrs_tree *tree)
{
    const struct boost_options options = {.n_trees = n_trees, .rate = 0.3, .ridge = 1, .share = 1, .levels = QRS_TREE_DEPTH};

    memset(tree, 0, n_trees * sizeof *tree);   /* padding too, as bytes are compared */
    assert_int_equal(boost_learn(rows, &options, tree), 0);
}

static int log_odds(const struct qrs_tree *tree, size_t n_trees, const float *x)
{
    int sum = 0;

    for (size_t t = 0; t < n_trees; t++) {
        unsigned leaf = 0;
        for (int d = 0; d < QRS_TREE_DEPTH; d++)
            leaf |= (unsigned)(x[tree[t].feature[d]] > tree[t].above[d]) << d;
        sum += tree[t].leaf[leaf];
    }
    return sum;
}

static int count_errors(const struct qrs_tree *tree, size_t n_trees, const struct boost_rows *rows)
{
    int errors = 0;

    for (size_t i = 0; i < rows->n; i++)
        errors += (log_odds(tree, n_trees, rows->feature + i * FEATURES) > 0) != (rows->is[i] > 0.5f);
    return errors;
}

/* Limits part the rows in 64, so that each side of the rule may be off by half a part: with its corner 0.5 / 64 x 0.5 and
 * 0.5 / 64 x 0.7 of the rows, 28. Twice that, on rows that were not learnt from. */
static void learns_a_rule(void **state)
{
    struct boost_rows rows = make_rows(1, 1, 1, 1), others = make_rows(2, 1, 1, 1);
    struct qrs_tree tree[TREES];
    int asked[FEATURES] = {0};

    (void)state;
    learn(&rows, TREES, tree);
    assert_true(count_errors(tree, TREES, &others) <= 56);
    assert_true(count_errors(tree, 0, &others) > 500);   /* without trees all are none */
    for (int d = 0; d < QRS_TREE_DEPTH; d++)
        asked[tree[0].feature[d]]++;
    assert_true(asked[0] >= 1 && asked[1] >= 1);
    boost_release(&rows);
    boost_release(&others);
}

static void gives_the_same_bytes_twice(void **state)
{
    struct boost_rows a = make_rows(3, 1, 1, 1), b = make_rows(3, 1, 1, 1);
    struct qrs_tree first[TREES], second[TREES];

    (void)state;
    learn(&a, TREES, first);
    learn(&b, TREES, second);
    assert_memory_equal(first, second, sizeof first);
    boost_release(&a);
    boost_release(&b);
}

static void the_first_trees_do_not_depend_on_how_many_follow(void **state)
{
    struct boost_rows rows = make_rows(4, 1, 1, 1);
    struct qrs_tree few[3], many[TREES];

    (void)state;
    learn(&rows, 3, few);
    learn(&rows, TREES, many);
    assert_memory_equal(few, many, sizeof few);
    boost_release(&rows);
}

/* A power of two, so that nothing is rounded. */
static void limits_scale_with_features(void **state)
{
    struct boost_rows plain = make_rows(5, 1, 1, 1), scaled = make_rows(5, 4, 1, 1);
    struct qrs_tree a[TREES], b[TREES];

    (void)state;
    learn(&plain, TREES, a);
    learn(&scaled, TREES, b);
    for (int t = 0; t < TREES; t++)
        for (int d = 0; d < QRS_TREE_DEPTH; d++)
            b[t].above[d] /= 4;
    assert_memory_equal(a, b, sizeof a);
    boost_release(&plain);
    boost_release(&scaled);
}

static void a_row_of_weight_two_is_the_row_twice(void **state)
{
    struct boost_rows heavy = make_rows(6, 1, 2, 1), twice = make_rows(6, 1, 1, 2);
    struct qrs_tree a[TREES], b[TREES];

    (void)state;
    assert_int_equal(twice.n, 2 * heavy.n);
    learn(&heavy, TREES, a);
    learn(&twice, TREES, b);
    assert_memory_equal(a, b, sizeof a);
    boost_release(&heavy);
    boost_release(&twice);
}

/* Half of the rows, others for each tree, learn the rule too; the same halves each time. */
static void learns_from_a_share_of_the_rows(void **state)
{
    struct boost_rows rows = make_rows(1, 1, 1, 1), others = make_rows(2, 1, 1, 1);
    const struct boost_options half = {.n_trees = TREES, .rate = 0.3, .ridge = 1, .share = 0.5, .levels = QRS_TREE_DEPTH};
    struct qrs_tree all[TREES], a[TREES] = {{{0}, {0}, {0}}}, b[TREES] = {{{0}, {0}, {0}}};

    (void)state;
    learn(&rows, TREES, all);
    assert_int_equal(boost_learn(&rows, &half, a), 0);
    assert_int_equal(boost_learn(&rows, &half, b), 0);
    assert_memory_equal(a, b, sizeof a);
    assert_memory_not_equal(a, all, sizeof a);
    assert_true(count_errors(a, TREES, &others) <= 56);
    boost_release(&rows);
    boost_release(&others);
}

/* Bound to rise with feature 0, log-odds do so at every step of it, whatever the other features are; bound to fall, as the rule
 * says the opposite, they learn nothing from it. */
static void keeps_to_a_direction(void **state)
{
    struct boost_rows rows = make_rows(7, 1, 1, 1);
    signed char direction[FEATURES] = {1};
    const struct boost_options bound = {
        .n_trees = TREES, .rate = 0.3, .ridge = 1, .share = 1, .levels = QRS_TREE_DEPTH, .direction = direction
    };
    struct qrs_tree tree[TREES];

    (void)state;
    assert_int_equal(boost_learn(&rows, &bound, tree), 0);
    for (size_t i = 0; i < rows.n; i += 7) {
        float x[FEATURES];
        memcpy(x, rows.feature + i * FEATURES, sizeof x);
        int before = INT_MIN;
        for (int step = -20; step <= 20; step++) {
            x[0] = (float)step / 10;
            const int now = log_odds(tree, TREES, x);
            assert_true(now >= before);
            before = now;
        }
    }
    direction[0] = -1;
    assert_int_equal(boost_learn(&rows, &bound, tree), 0);
    for (int t = 0; t < TREES; t++)
        for (int l = 0; l < QRS_TREE_LEAVES; l++)
            for (int d = 0; d < QRS_TREE_DEPTH; d++)
                if (tree[t].feature[d] == 0 && !(l >> d & 1))
                    assert_true(tree[t].leaf[l] >= tree[t].leaf[l | 1 << d]);
    boost_release(&rows);
}

/* With nothing to part, every tree has one leaf: after it p = 1 / 2 + ... towards the share of ones, which is 3 / 4. */
static void without_a_feature_that_differs_it_learns_the_share(void **state)
{
    struct boost_rows rows = {.n_features = FEATURES};
    struct qrs_tree tree[TREES];
    const float x[FEATURES] = {7, -2, 0, 1};

    (void)state;
    for (int i = 0; i < 4000; i++)
        assert_int_equal(boost_add(&rows, x, i % 4 != 0, 1), 0);
    learn(&rows, TREES, tree);
    const int odds = log_odds(tree, TREES, x);
    assert_true(odds > 1099 - 30 && odds < 1099 + 30);   /* log 3 in thousandths; steps of 0.3, twenty of them, leave 0.1 % */
    boost_release(&rows);
}

static void grows_beyond_its_first_room(void **state)
{
    struct boost_rows rows = {.n_features = FEATURES};

    (void)state;
    for (int i = 0; i < 70000; i++)
        assert_int_equal(boost_add(&rows, (const float[FEATURES]){(float)i, 1, 2, 3}, (float)(i % 2), (float)i / 2), 0);
    assert_int_equal(rows.n, 70000);
    for (size_t i = 0; i < rows.n; i++)
        assert_true(rows.feature[i * FEATURES] == (float)i && rows.is[i] == (float)(i % 2) && rows.weight[i] == (float)i / 2);
    boost_release(&rows);
    assert_null(rows.feature);
    assert_int_equal(rows.n_features, FEATURES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(learns_a_rule),
        cmocka_unit_test(gives_the_same_bytes_twice),
        cmocka_unit_test(the_first_trees_do_not_depend_on_how_many_follow),
        cmocka_unit_test(limits_scale_with_features),
        cmocka_unit_test(learns_from_a_share_of_the_rows), cmocka_unit_test(keeps_to_a_direction),
        cmocka_unit_test(a_row_of_weight_two_is_the_row_twice),
        cmocka_unit_test(without_a_feature_that_differs_it_learns_the_share),
        cmocka_unit_test(grows_beyond_its_first_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
