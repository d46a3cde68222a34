/* tests/unit/test_beatclass_gate.c - algorithms/beatclass_gate.h: fibrillation, what interrupts it, and early beats. */
#include "algorithms/beatclass_gate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

enum { N = 400 };

/* All beats S with this chance; fibrillation of 100 beats, so many without, and so many with again. Calls of S that stay. */
static int count_early(int gap, int behind, float chance)
{
    struct beatclass class[N];
    float p[N];
    int early = 0;

    for (int i = 0; i < N; i++) {
        class[i] = (struct beatclass){.chance = {1 - chance, chance}, .type = "S"};
        p[i] = i < 100 || (i >= 100 + gap && i < 100 + gap + behind) ? 0.98f : 0.02f;
    }
    beatclass_gate(class, p, N);
    for (int i = 0; i < N; i++) {
        assert_true(fabsf(class[i].chance[BEATCLASS_N] + class[i].chance[BEATCLASS_S] - 1) < 1e-5f);
        assert_true(class[i].chance[BEATCLASS_S] <= chance);
        early += class[i].type[0] == 'S';
    }
    return early;
}

static void closes_gaps_that_are_shorter_than_what_they_part(void **state)
{
    (void)state;
    assert_int_equal(count_early(30, 50, 0.9f), N - 180);
    assert_int_equal(count_early(59, 90, 0.9f), N - 249);
    assert_int_equal(count_early(60, 90, 0.9f), N - 190);   /* a rhythm of its own */
    assert_int_equal(count_early(30, 30, 0.9f), N - 130);   /* as long as what is behind it */
    assert_int_equal(count_early(30, 0, 0.9f), N - 100);
    assert_int_equal(count_early(0, 0, 0.9f), N - 100);
}

/* A chance of fibrillation that is not one half or more changes no type; none leaves all as it was. */
static void moves_chances_as_far_as_fibrillation_is_probable(void **state)
{
    struct beatclass class = {.chance = {0.2f, 0.8f}, .type = "S"};
    float p = 0.25f;

    (void)state;
    beatclass_gate(&class, &p, 1);
    assert_true(fabsf(class.chance[BEATCLASS_S] - 0.6f) < 1e-6f);
    assert_int_equal(class.type[0], 'S');
    p = 0;
    beatclass_gate(&class, &p, 1);
    assert_true(fabsf(class.chance[BEATCLASS_S] - 0.6f) < 1e-6f);
    beatclass_gate(&class, &p, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closes_gaps_that_are_shorter_than_what_they_part),
        cmocka_unit_test(moves_chances_as_far_as_fibrillation_is_probable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
