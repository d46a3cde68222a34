/* tests/unit/test_record.c - headers and blocks, and the arithmetic of times and indices. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- time ---- */

/* A rate of any size: ordinary ones, slow ones, and the extremes that a file may claim. */
static struct kymo_ratio roll_rate(struct dice *d)
{
    static const struct kymo_ratio known[] = {
        {360, 1}, {1, 1}, {1, 30}, {9999, 20}, {1000, 1001}, {KYMO_RATIO_LIMIT, 1}, {1, KYMO_RATIO_LIMIT},
        {KYMO_RATIO_LIMIT, KYMO_RATIO_LIMIT - 1}, {999999999, 1}, {KYMO_NS_PER_S, 1},
    };
    const uint64_t k = roll_below(d, 2 * COUNT_OF(known));

    if (k < COUNT_OF(known))
        return known[k];
    return kymo_ratio(1 + (int64_t)(roll(d) >> roll_between(d, 25, 63)), 1 + (int64_t)(roll(d) >> roll_between(d, 25, 63)));
}

static void index_of_a_samples_time_is_the_sample(void **state)
{
    struct dice d = {10};
    (void)state;

    for (int k = 0; k < 100000; k++) {
        const struct kymo_ratio rate = roll_rate(&d);
        const int64_t i = (int64_t)(roll(&d) >> roll_between(&d, 12, 63)) * (roll_below(&d, 2) ? 1 : -1);
        const int64_t t = kymo_time_of(rate, i);
        if (llabs(t) >= INT64_MAX / 8 || rate.num / KYMO_NS_PER_S >= rate.den)
            continue;   /* saturated; or several samples in one nanosecond */
        if (kymo_index_at(rate, t) != i)
            fail_msg("%lld at %lld/%lld Hz is at %lld ns, where %lld is", (long long)i, (long long)rate.num,
                     (long long)rate.den, (long long)t, (long long)kymo_index_at(rate, t));
    }
}

static void index_at_is_the_first_at_or_after_a_time(void **state)
{
    struct dice d = {11};
    (void)state;

    for (int k = 0; k < 100000; k++) {
        const struct kymo_ratio rate = roll_rate(&d);
        const int64_t t = (int64_t)(roll(&d) >> roll_between(&d, 4, 63)) * (roll_below(&d, 2) ? 1 : -1);
        const int64_t i = kymo_index_at(rate, t);
        if (llabs(i) >= INT64_C(1) << 52)
            continue;   /* more samples than any recording may have */
        assert_true(kymo_time_of(rate, i) >= t);
        assert_true(kymo_time_of(rate, i - 1) < t);
    }
}

static void times_are_rounded_to_the_nearest_nanosecond(void **state)
{
    (void)state;
    assert_int_equal(kymo_time_of((struct kymo_ratio){3, 1}, 1), 333333333);
    assert_int_equal(kymo_time_of((struct kymo_ratio){3, 1}, 2), 666666667);
    assert_int_equal(kymo_time_of((struct kymo_ratio){3, 1}, -1), -333333333);
    assert_int_equal(kymo_time_of((struct kymo_ratio){1, 30}, 2), 60 * KYMO_NS_PER_S);
    assert_int_equal(kymo_time_of((struct kymo_ratio){360, 1}, 650000 * INT64_C(1000)), INT64_C(1805555555555556));
}

static void times_out_of_reach_are_held_and_keep_their_order(void **state)
{
    const struct kymo_ratio slow = {1, KYMO_RATIO_LIMIT};
    const int64_t most = kymo_time_of(slow, INT64_C(1) << 52);
    (void)state;

    assert_int_equal(most, INT64_MAX / 4);
    assert_int_equal(kymo_time_of(slow, -(INT64_C(1) << 52)), -most);
    assert_int_equal(kymo_index_at((struct kymo_ratio){KYMO_RATIO_LIMIT, 1}, INT64_MAX / 2), INT64_MAX / 4);
}

static void time_never_goes_back(void **state)
{
    struct dice d = {12};
    (void)state;

    for (int k = 0; k < 1000; k++) {
        const struct kymo_ratio rate = roll_rate(&d);
        int64_t i = roll_between(&d, -1000000, 1000000), before = kymo_time_of(rate, i);
        for (int n = 0; n < 100; n++) {
            const int64_t t = kymo_time_of(rate, i += (int64_t)roll_below(&d, 1000));
            assert_true(t >= before);
            before = t;
        }
    }
}

/* ---- names ---- */

static void kinds_follow_the_usual_labels(void **state)
{
    static const struct { const char *label, *unit; enum kymo_kind kind; } all[] = {
        {"MLII", "mV", KYMO_ECG}, {"ECG I", "uV", KYMO_ECG}, {"V5", "mV", KYMO_ECG}, {"EKG", "", KYMO_ECG},
        {"ABP", "mmHg", KYMO_ABP}, {"PLETH", "", KYMO_PPG}, {"SpO2", "%", KYMO_SPO2}, {"SaO2", "", KYMO_SPO2},
        {"SpO2-BB", "%", KYMO_SPO2}, {"SpO2.1s", "%", KYMO_SPO2}, {"OSAT", "", KYMO_SPO2}, {"SAT", "", KYMO_SPO2},
        {"SO2", "%", KYMO_SPO2}, {"SpO\u2082", "%", KYMO_SPO2}, {"Oxygen Level", "", KYMO_SPO2}, {"Saturday", "", KYMO_OTHER},
        {"Pulse Rate", "", KYMO_PULSE_RATE}, {"Pulse.1s", "bpm", KYMO_PULSE_RATE}, {"RESP", "", KYMO_RESP},
        {"Flow Patient", "", KYMO_RESP}, {"EEG Fpz-Cz", "uV", KYMO_EEG}, {"EOG horizontal", "", KYMO_EOG},
        {"EMG submental", "", KYMO_EMG}, {"PR", "bpm", KYMO_PULSE_RATE}, {"P1", "mmHg", KYMO_PRESSURE},
        {"x", "mg/dL", KYMO_GLUCOSE}, {"Status", "", KYMO_TRIGGER}, {"anything", "V", KYMO_OTHER}, {"", "", KYMO_OTHER},
        {"Position I", "", KYMO_OTHER}, {"prefix", "", KYMO_OTHER},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (kymo_kind_of(all[i].label, all[i].unit) != all[i].kind)
            fail_msg("\"%s\" is taken for %s", all[i].label, kymo_kind_name(kymo_kind_of(all[i].label, all[i].unit)));
}

static void names_lead_back(void **state)
{
    (void)state;
    for (int k = 0; k < KYMO_KINDS; k++)
        assert_int_equal(kymo_kind_named(kymo_kind_name((enum kymo_kind)k)), k);
    assert_int_equal(kymo_kind_named("ECG"), KYMO_ECG);
    assert_int_equal(kymo_kind_named("nonsense"), KYMO_KINDS);
    assert_string_equal(kymo_storage_name(KYMO_I24), "i24");
    assert_int_equal(kymo_storage_bytes(KYMO_I24), 3);
    assert_true(kymo_storage_is_integer(KYMO_I32) && !kymo_storage_is_integer(KYMO_F32));
}

static void start_is_told_as_far_as_it_is_known(void **state)
{
    struct kymo_start s = {.year = 2001, .month = 2, .day = 28, .time_ns = (23 * 3600 + 15 * 60) * KYMO_NS_PER_S + 500000000};
    char text[48];
    (void)state;

    kymo_start_text(&s, text, sizeof text);
    assert_string_equal(text, "");
    s.has_date = true;
    kymo_start_text(&s, text, sizeof text);
    assert_string_equal(text, "2001-02-28");
    s.has_time = true;
    kymo_start_text(&s, text, sizeof text);
    assert_string_equal(text, "2001-02-28T23:15:00.5");
    s.has_date = false;
    s.time_ns = 10 * KYMO_NS_PER_S;
    kymo_start_text(&s, text, sizeof text);
    assert_string_equal(text, "00:00:10");
}

/* ---- header ---- */

static void fill_header(struct kymo_header *h, struct kymo_err *e)
{
    kymo_header_init(h);
    h->record = kymo_header_text(h, " r1 ", 4, e);
    h->subject.id = kymo_header_text(h, "S\xf8", 2, e);
    h->start = (struct kymo_start){.has_date = true, .year = 1985, .month = 1, .day = 2};
    for (int i = 0; i < 5; i++) {
        struct kymo_signal *s = kymo_header_signal(h, e);
        const char label[] = {'s', (char)('0' + i), '\0'};
        s->label = kymo_header_text(h, label, 2, e);
        s->rate = (struct kymo_ratio){i + 1, 1};
    }
    kymo_header_add_track(h, "atr", e);
    kymo_header_add_history(h, "kymo read", e);
    kymo_header_add_note(h, "note and more", 4, e);
}

static void a_copy_outlives_its_source(void **state)
{
    struct kymo_err e = {0};
    struct kymo_header h, copy;
    (void)state;

    fill_header(&h, &e);
    kymo_header_init(&copy);
    assert_int_equal(kymo_header_copy(&copy, &h, NULL, 0, &e), 0);
    assert_same_header(&h, &copy);
    kymo_header_release(&h);
    assert_int_equal(h.n_signals, 0);
    assert_string_equal(copy.record, "r1");
    assert_string_equal(copy.subject.id, "S\xc3\xb8");
    assert_string_equal(copy.note[0], "note");
    assert_string_equal(copy.signal[4].label, "s4");
    kymo_header_release(&copy);
}

static void a_copy_has_the_picked_signals_in_order(void **state)
{
    const size_t pick[] = {3, 0};
    struct kymo_err e = {0};
    struct kymo_header h, copy;
    (void)state;

    fill_header(&h, &e);
    kymo_header_init(&copy);
    assert_int_equal(kymo_header_copy(&copy, &h, pick, 2, &e), 0);
    assert_int_equal(copy.n_signals, 2);
    assert_string_equal(copy.signal[0].label, "s3");
    assert_string_equal(copy.signal[1].label, "s0");
    kymo_header_release(&copy);
    kymo_header_release(&h);
}

static void signals_have_a_limit(void **state)
{
    struct kymo_err e = {0};
    struct kymo_header h;
    (void)state;

    kymo_header_init(&h);
    for (int i = 0; i < KYMO_MAX_SIGNALS; i++)
        assert_non_null(kymo_header_signal(&h, &e));
    assert_null(kymo_header_signal(&h, &e));
    assert_error(&e, KYMO_EFORMAT, "more than 65536 signals");
    kymo_header_release(&h);
}

/* ---- blocks ---- */

static void missing_values_are_nan_and_others_are_calibrated(void **state)
{
    const struct kymo_signal s = {.gain = -200, .baseline = 1024};
    const int32_t digital[] = {1024, 1224, KYMO_MISSING, INT32_MAX};
    double x[4];
    (void)state;

    kymo_calibrate(&s, digital, 4, x);
    assert_true(x[0] == 0 && x[1] == -1 && isnan(x[2]));
    assert_true(x[3] == (2147483647.0 - 1024) / -200);
}

static void events_are_copied_and_cleaned(void **state)
{
    struct kymo_err e = {0};
    struct kymo_header h;
    struct kymo_block b;
    char text[] = "caf\xe9\n";
    struct kymo_event ev = {.type = "a\x01\xff", .text = text};
    (void)state;

    kymo_header_init(&h);
    kymo_block_init(&b, &h);
    for (int i = 0; i < 200; i++) {
        ev.time_ns = i;
        assert_int_equal(kymo_block_event(&b, &ev, &e), 0);
    }
    text[0] = '?';
    assert_int_equal(b.n_events, 200);
    assert_string_equal(b.event[199].type, "a??");
    assert_string_equal(b.event[0].text, "caf\xc3\xa9 ");
    assert_int_equal(b.event[199].time_ns, 199);
    kymo_block_clear(&b);
    assert_int_equal(b.n_events, 0);
    kymo_block_release(&b);
    kymo_header_release(&h);
}

static void texts_of_any_length_are_kept(void **state)
{
    struct kymo_text_piece *chain = NULL;
    char *kept[200], text[200 * 100];
    (void)state;

    memset(text, 'x', sizeof text);
    for (size_t i = 0; i < COUNT_OF(kept); i++)
        assert_non_null(kept[i] = kymo_text_keep(&chain, text, i * 100));
    for (size_t i = 0; i < COUNT_OF(kept); i++)
        assert_int_equal(strlen(kept[i]), i * 100);
    kymo_text_free(&chain);
    assert_null(chain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(index_of_a_samples_time_is_the_sample),
        cmocka_unit_test(index_at_is_the_first_at_or_after_a_time),
        cmocka_unit_test(times_are_rounded_to_the_nearest_nanosecond),
        cmocka_unit_test(times_out_of_reach_are_held_and_keep_their_order),
        cmocka_unit_test(time_never_goes_back),
        cmocka_unit_test(kinds_follow_the_usual_labels),
        cmocka_unit_test(names_lead_back),
        cmocka_unit_test(start_is_told_as_far_as_it_is_known),
        cmocka_unit_test(a_copy_outlives_its_source),
        cmocka_unit_test(a_copy_has_the_picked_signals_in_order),
        cmocka_unit_test(signals_have_a_limit),
        cmocka_unit_test(missing_values_are_nan_and_others_are_calibrated),
        cmocka_unit_test(events_are_copied_and_cleaned),
        cmocka_unit_test(texts_of_any_length_are_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
