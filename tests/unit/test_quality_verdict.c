/* tests/unit/test_quality_verdict.c - algorithms/quality_verdict.h: the stated limits, one cause at a time. */
#include "algorithms/quality_verdict.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* A window about which there is nothing to say. */
static struct quality_window clean(void)
{
    return (struct quality_window){
        .wave = {.valid = 1, .low = -1, .high = 1},
        .beats = {.n = 10, .rate_per_min = 60, .bsqi = 1, .template = 1, .amplitude = 1},
        .pulses = {.n = 10, .rate_per_min = 60, .template = 1, .feasible = 1, .jsqi = 1}, .duration_s = 10,
    };
}

static struct quality_judgement judge(const struct quality_window *w, enum quality_kind kind)
{
    struct quality_judgement j;

    quality_judge(w, kind, 1, true, &j);
    return j;
}

static void nothing_is_good(void **state)
{
    const struct quality_window w = clean();

    (void)state;
    for (int kind = QUALITY_ECG; kind <= QUALITY_SLOW; kind++) {
        const struct quality_judgement j = judge(&w, (enum quality_kind)kind);
        assert_true(j.quality == 1 && j.verdict == QUALITY_GOOD && j.reasons == 0);
    }
}

/* At half of a limit a window stops being good, at the limit usable. */
static void each_cause_has_its_limit(void **state)
{
    static const struct {
        enum quality_cause cause;
        enum quality_kind kind;
        size_t field;
        float half, whole;      /* values with a doubt of 0.5 and of 1 */
    } limits[] = {
#define W(field) offsetof(struct quality_window, field)
        {QUALITY_MISSING, QUALITY_ECG, W(wave.valid), 0.75F, 0.5F},
        {QUALITY_MISSING, QUALITY_SLOW, W(wave.valid), 0.75F, 0.5F},
        {QUALITY_FLAT, QUALITY_WAVE, W(wave.flat), 0.25F, 0.5F},
        {QUALITY_CLIPPING, QUALITY_PPG, W(clipped), 0.05F, 0.1F},
        {QUALITY_NOISE, QUALITY_ECG, W(beats.noise), 0.125F, 0.25F},
        {QUALITY_UNLIKE, QUALITY_ECG, W(beats.template), 0.25F, -0.5F},
        {QUALITY_DETECTORS, QUALITY_ECG, W(beats.bsqi), 0.4F, -0.2F},
        {QUALITY_UNSURE, QUALITY_ECG, W(unsure), 0.3F, 0.6F},
        {QUALITY_MUSCLE, QUALITY_ECG, W(wave.muscle), 0.2F * 17 / 24, 0.2F * 17 / 7},   /* r / (1 + r / 1.7) = d */
        {QUALITY_WANDER, QUALITY_ECG, W(wave.wander), 0.3F * 17 / 24, 0.3F * 17 / 7},
        {QUALITY_MAINS, QUALITY_ECG, W(wave.mains), 0.5F * 17 / 24, 0.5F * 17 / 7},
        {QUALITY_SPIKES, QUALITY_ECG, W(wave.spikes), 5.0F * 17 / 24, 5.0F * 17 / 7},
        {QUALITY_TEMPLATE, QUALITY_PPG, W(pulses.template), 0.86F, 0.72F},
        {QUALITY_PRESSURE, QUALITY_ABP, W(pulses.jsqi), 0.7F, 0.4F},
#undef W
    };

    (void)state;
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        for (int step = 0; step < 2; step++)
            for (int beyond = 0; beyond < 2; beyond++) {
                struct quality_window w = clean();
                const float at = step ? limits[i].whole : limits[i].half, clear = limits[i].whole - limits[i].half;
                const float v = at + (beyond ? 0.02F : -0.02F) * clear;
                w.beats.n = 40;       /* so that no number of spikes here keeps pace with the beats */
                memcpy((char *)&w + limits[i].field, &v, sizeof v);
                const struct quality_judgement j = judge(&w, limits[i].kind);
                assert_int_equal(j.verdict, step + beyond);
                assert_int_equal(j.reasons, step + beyond > 0 ? 1u << limits[i].cause : 0);
            }
}

static void some_leave_no_doubt(void **state)
{
    struct quality_window w = clean();
    struct quality_judgement j;

    (void)state;
    w.beats.n = 1;
    assert_int_equal(judge(&w, QUALITY_ECG).reasons, 1u << QUALITY_NO_BEATS);
    assert_int_equal(judge(&w, QUALITY_ECG).verdict, QUALITY_UNUSABLE);
    w = clean();
    w.beats.rate_per_min = 310;
    assert_int_equal(judge(&w, QUALITY_ECG).reasons, 1u << QUALITY_RATE);
    w = clean();
    w.beats.amplitude = 1000;
    assert_int_equal(judge(&w, QUALITY_ECG).reasons, 1u << QUALITY_AMPLITUDE);
    quality_judge(&w, QUALITY_ECG, (double)NAN, true, &j);      /* of an unknown unit any size will do */
    assert_int_equal(j.verdict, QUALITY_GOOD);
    w = clean();
    quality_judge(&w, QUALITY_ECG, 1, false, &j);
    assert_int_equal(j.reasons, 1u << QUALITY_SAMPLING);
    w.duration_s = 1.9F;
    assert_int_equal(judge(&w, QUALITY_WAVE).reasons, 1u << QUALITY_SHORT);
    w = clean();
    w.wave.flat = 1;
    w.at_rail = true;
    assert_int_equal(judge(&w, QUALITY_ECG).reasons, 1u << QUALITY_LEAD_OFF);
}

static void what_is_not_known_is_no_doubt(void **state)
{
    struct quality_window w = clean();

    (void)state;
    w.wave.muscle = w.wave.wander = w.wave.mains = w.wave.spikes = w.beats.template = w.beats.noise = w.beats.bsqi = NAN;
    assert_int_equal(judge(&w, QUALITY_ECG).verdict, QUALITY_GOOD);
    assert_true(judge(&w, QUALITY_ECG).quality == 1);
}

static void a_pacemakers_spikes_are_none(void **state)
{
    struct quality_window w = clean();

    (void)state;
    w.wave.spikes = 10;
    assert_int_equal(judge(&w, QUALITY_ECG).verdict, QUALITY_GOOD);
    w.wave.spikes = 20;
    assert_int_equal(judge(&w, QUALITY_ECG).verdict, QUALITY_GOOD);
    w.wave.spikes = 14;
    assert_int_equal(judge(&w, QUALITY_ECG).reasons, 1u << QUALITY_SPIKES);
}

/* Two doubts of 0.45 make 0.45 times the fourth root of 2, 0.535: no longer good, and the larger is named. */
static void doubts_add_up(void **state)
{
    struct quality_window w = clean();

    (void)state;
    w.wave.valid = 1 - 0.45F / 2;
    w.beats.noise = 0.45F / 4 + 1e-4F;
    const struct quality_judgement j = judge(&w, QUALITY_ECG);
    assert_int_equal(j.verdict, QUALITY_USABLE);
    assert_int_equal(j.reasons, 1u << QUALITY_NOISE);
    assert_true(fabs(j.quality - 1 / (1 + 0.45 * 0.45 * sqrt(2))) < 1e-3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_good), cmocka_unit_test(each_cause_has_its_limit), cmocka_unit_test(some_leave_no_doubt),
        cmocka_unit_test(what_is_not_known_is_no_doubt), cmocka_unit_test(a_pacemakers_spikes_are_none),
        cmocka_unit_test(doubts_add_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
