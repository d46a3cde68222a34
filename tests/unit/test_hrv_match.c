/* tests/unit/test_hrv_match.c - the counts are those of the double loop, integer for integer. */
#include "algorithms/hrv_match.h"

#include "algorithms/nn.h"
#include "tests/unit/hrv_noise.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 2500 };

struct setting {
    size_t n, m;
    double r, step_ms, p_break;
    bool once;
};

static bool matches(const double *x, size_t i, size_t j, size_t length, double r)
{
    for (size_t k = 0; k < length; k++)
        if (!(fabs(x[i + k] - x[j + k]) <= r + NN_SLACK_MS))
            return false;
    return true;
}

static void count_plainly(const double *x, const uint32_t *left, const struct setting *s, struct match_counts *each)
{
    memset(each, 0, s->n * sizeof *each);
    for (size_t i = 0; i < s->n; i++)
        for (size_t j = 0; j < s->n; j++) {
            if (left[i] < s->m || left[j] < s->m || !matches(x, i, j, s->m, s->r))
                continue;
            each[i].m++;
            if (left[i] <= s->m || left[j] <= s->m)
                continue;
            each[i].m_inner++;
            each[i].longer += matches(x, i, j, s->m + 1, s->r);
        }
}

/* Each pair once: which of the two has it is not promised, the sums are. */
static void assert_half(const struct match_counts *got, const struct match_counts *want, const uint32_t *left,
                        const struct setting *s)
{
    uint64_t m = 0, inner = 0, longer = 0;

    for (size_t i = 0; i < s->n; i++) {
        m += 2 * (uint64_t)got[i].m - want[i].m + (left[i] >= s->m);
        inner += 2 * (uint64_t)got[i].m_inner - want[i].m_inner + (left[i] > s->m);
        longer += 2 * (uint64_t)got[i].longer - want[i].longer + (left[i] > s->m);
    }
    assert_int_equal(m, 0);
    assert_int_equal(inner, 0);
    assert_int_equal(longer, 0);
}

static void check(const struct setting *s, struct random *r)
{
    static double x[MOST];
    static unsigned char follows[MOST];
    static uint32_t left[MOST], order[MOST];
    static struct match_counts got[MOST], want[MOST];
    struct kymo_err e = { 0 };

    fill_walk(r, x, s->n, s->step_ms);
    fill_breaks(r, follows, s->n, s->p_break);
    nn_count_left(&(struct nn_series){.nn_ms = x, .follows = follows, .n = s->n}, left);
    struct matcher *const matcher = matcher_create(s->n + 7, s->m, &e);
    assert_non_null(matcher);
    for (int again = 0; again < 2; again++) {   /* an object may be used again */
        matcher_sort(matcher, x, s->n, order);
        matcher_count(matcher, x, left, order, s->n, s->r, s->once, got);
    }
    count_plainly(x, left, s, want);
    if (s->once)
        assert_half(got, want, left, s);
    else
        assert_memory_equal(got, want, s->n * sizeof *got);
    matcher_destroy(matcher);
}

static void test_counts_are_those_of_the_double_loop(void **state)
{
    static const size_t lengths[] = { 0, 1, 2, 3, 20, 511, 512, 513, 1024, 1300, MOST };
    static const double steps_ms[] = { 0, 1, 1000.0 / 128, 1000.0 / 360 };
    struct random r;

    (void)state;
    random_init(&r, 1, 0);
    for (size_t i = 0; i < COUNT_OF(lengths); i++)
        for (size_t m = 1; m <= 3; m++)
            check(&(struct setting){.n = lengths[i], .m = m, .r = i % 2 ? 12 : 40, .step_ms = steps_ms[(i + m) % 4],
                                    .p_break = i % 3 ? 0 : 0.1, .once = (i + m) % 3 == 0}, &r);
    check(&(struct setting){.n = 700, .m = 8, .r = 60, .step_ms = 1}, &r);
    check(&(struct setting){.n = 700, .m = 2, .r = 1e6}, &r);               /* all match */
    check(&(struct setting){.n = 700, .m = 2, .r = 0, .step_ms = 1}, &r);   /* equal ones only */
    check(&(struct setting){.n = 700, .m = 2, .r = 30, .p_break = 1}, &r);  /* no template */
    check(&(struct setting){.n = 1500, .m = 2, .r = 30, .p_break = 0.6}, &r);
}

/* Differences of 18 samples at 360 Hz are 50 ms: on the limit, whatever the division leaves in the last bit. */
static void test_the_limit_counts(void **state)
{
    enum { N = 40 };
    const uint32_t ones[N] = { [0 ... N - 1] = 1 };
    struct match_counts each[N];
    uint32_t order[N];
    struct kymo_err e = { 0 };
    double x[N];

    (void)state;
    for (size_t i = 0; i < N; i++)
        x[i] = (double)(280 + 18 * i) * 1000 / 360;
    struct matcher *const s = matcher_create(N, 1, &e);
    matcher_sort(s, x, N, order);
    matcher_count(s, x, ones, order, N, 50, false, each);
    for (size_t i = 0; i < N; i++)
        assert_int_equal(each[i].m, i == 0 || i == N - 1 ? 2 : 3);
    matcher_destroy(s);
}

static void test_sort(void **state)
{
    static double x[MOST];
    static uint32_t order[MOST];
    static unsigned char seen[MOST];
    struct kymo_err e = { 0 };
    struct random r;

    (void)state;
    random_init(&r, 2, 0);
    struct matcher *const s = matcher_create(MOST, 2, &e);
    for (int step_ms = 0; step_ms < 20; step_ms += 19) {
        fill_walk(&r, x, MOST, step_ms);
        x[5] = 1e12;
        x[6] = 1e-3;
        memset(seen, 0, sizeof seen);
        matcher_sort(s, x, MOST, order);
        for (size_t k = 0; k < MOST; k++) {
            assert_true(k == 0 || x[order[k - 1]] <= x[order[k]]);
            assert_false(seen[order[k]]++);
        }
    }
    matcher_destroy(s);
}

static void test_wrong_use(void **state)
{
    struct kymo_err e = { 0 };

    (void)state;
    assert_null(matcher_create(10, 0, &e));
    assert_error(&e, KYMO_EUSAGE, "1..8");
    e = (struct kymo_err){ 0 };
    assert_null(matcher_create(10, 9, &e));
    assert_error(&e, KYMO_EUSAGE, "templates of 9");
    e = (struct kymo_err){ 0 };
    assert_null(matcher_create((size_t)1 << 31, 2, &e));
    assert_error(&e, KYMO_ENOMEM, "no memory");
    matcher_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_are_those_of_the_double_loop),
        cmocka_unit_test(test_the_limit_counts),
        cmocka_unit_test(test_sort),
        cmocka_unit_test(test_wrong_use),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
