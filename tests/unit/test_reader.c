/* tests/unit/test_reader.c - opening by name and by content, choosing signals, cutting out a stretch of time. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- which signals ---- */

static int make_header(void **state)
{
    static const char *const labels[] = {"ECG", "ecg", "SpO2", "V1", "Resp", "a,b", "1"};
    struct kymo_header *h = malloc(sizeof *h);
    struct kymo_err e = {0};

    kymo_header_init(h);
    for (size_t i = 0; i < COUNT_OF(labels); i++) {
        struct kymo_signal *s = kymo_header_signal(h, &e);
        s->label = labels[i];
        s->kind = kymo_kind_of(labels[i], "");
    }
    *state = h;
    return 0;
}

static int free_header(void **state)
{
    kymo_header_release(*state);
    free(*state);
    return 0;
}

/* wanted: the indices that texts, separated by '|', select, each a digit. */
static void assert_selects(const struct kymo_header *h, const char *texts, const char *wanted)
{
    char copy[100], *rest = NULL, got[20] = "";
    const char *text[10];
    struct kymo_err e = {0};
    size_t n = 0, *pick, n_pick;

    snprintf(copy, sizeof copy, "%s", texts);
    for (char *part = strtok_r(copy, "|", &rest); part; part = strtok_r(NULL, "|", &rest))
        text[n++] = part;
    assert_int_equal(kymo_select(h, text, n, &pick, &n_pick, &e), 0);
    for (size_t i = 0; i < n_pick && i + 1 < sizeof got; i++)
        got[i] = (char)('0' + pick[i]);
    free(pick);
    assert_string_equal(got, wanted);
}

static void exact_labels_come_first(void **state)
{
    assert_selects(*state, "ECG", "0");
    assert_selects(*state, "ecg", "1");
    assert_selects(*state, "1", "6");       /* a label, though it is an index too */
    assert_selects(*state, "a,b", "5");
}

static void labels_match_whatever_their_case(void **state)
{
    assert_selects(*state, "Ecg", "01");
    assert_selects(*state, "SPO2", "2");
}

static void indices_and_kinds_come_last(void **state)
{
    assert_selects(*state, "0", "0");
    assert_selects(*state, "3", "3");
    assert_selects(*state, "resp", "4");
    assert_selects(*state, "other", "56");
}

static void several_are_taken_in_order_and_once(void **state)
{
    assert_selects(*state, "SpO2|ECG", "20");
    assert_selects(*state, "SpO2,ECG", "20");
    assert_selects(*state, "ECG|ECG|0", "0");
    assert_selects(*state, "4,ECG,4|V1", "403");
    assert_selects(*state, "", "");
}

static void assert_refused(const struct kymo_header *h, int code, const char *text, const char *part)
{
    struct kymo_err e = {0};
    size_t *pick, n_pick;

    assert_int_equal(kymo_select(h, &text, 1, &pick, &n_pick, &e), code);
    assert_null(pick);
    assert_error(&e, code, part);
}

static void what_is_not_there_is_refused_with_what_is(void **state)
{
    const struct kymo_header none = {.n_signals = 0};

    assert_refused(*state, KYMO_EUSAGE, "EEG1", "no signal \"EEG1\" among 0..6 (ECG, ecg, SpO2, V1, Resp, a,b, 1)");
    assert_refused(*state, KYMO_EUSAGE, "eeg", "no signal of kind eeg");
    assert_refused(*state, KYMO_EUSAGE, "7", "no signal \"7\"");
    assert_refused(*state, KYMO_EUSAGE, "-1", "no signal \"-1\"");
    assert_refused(*state, KYMO_EUSAGE, "ECG,EEG1", "no signal \"ECG,EEG1\"");
    assert_refused(*state, KYMO_EUSAGE, "", "no signal \"\"");
    assert_refused(*state, KYMO_EUSAGE, ",", "no signal \",\"");
    assert_refused(&none, KYMO_EDATA, "ECG", "the recording has no signals");
}

static void many_long_labels_do_not_overflow_the_message(void **state)
{
    struct kymo_header h;
    struct kymo_err e = {0};
    (void)state;

    kymo_header_init(&h);
    for (int i = 0; i < 300; i++)
        kymo_header_signal(&h, &e)->label = "a label of more than twenty-four bytes";
    assert_refused(&h, KYMO_EUSAGE, "EEG1", "no signal \"EEG1\" among 0..299 (a label of more than twe, ");
    kymo_header_release(&h);
}

/* ---- which file ---- */

static void put_edf_file(struct bytes *b)
{
    static const struct edf_column columns[] = {{.label = "ECG", .samples = "4"}, {.label = "Resp", .samples = "1"}};
    const struct edf_spec spec = {.records = "10", .n = 2, .column = columns};

    put_edf_header(b, &spec);
    for (unsigned i = 0; i < 50; i++)
        put_le(b, i, 2);
}

static void content_tells_the_format_and_names_do_not(void **state)
{
    struct bytes b = {0};
    struct kymo_err e = {0};
    struct taken t;
    (void)state;

    put_edf_file(&b);
    assert_int_equal(read_bytes(&b, "no-name", NULL, &t, &e), 0);
    assert_string_equal(t.hdr.format, "edf");
    taken_free(&t);
    bytes_free(&b);
}

static void assert_not_opened(const char *path, int code, const char *part)
{
    struct kymo_err e = {0};

    assert_null(kymo_open(path, NULL, &e));
    assert_error(&e, code, part);
}

static void what_is_no_recording_is_refused(void **state)
{
    struct folder f;
    char path[160];
    (void)state;

    folder_make(&f);
    folder_put(&f, "empty", "", 0);
    folder_put(&f, "one", "x", 1);
    folder_put(&f, "pdf", "%PDF-1.4 and so on", 18);
    assert_not_opened(folder_path(&f, "empty", path), KYMO_EFORMAT, "/empty:0: no data at all");
    assert_not_opened(folder_path(&f, "one", path), KYMO_EFORMAT, "it begins 78 00 00 00");
    assert_not_opened(folder_path(&f, "pdf", path), KYMO_EFORMAT,
                      "/pdf:0: no recording that kymo knows (it begins 25 50 44 46");
    assert_not_opened(folder_path(&f, "absent", path), KYMO_EIO, "/absent: No such file");
    assert_not_opened(f.path, KYMO_EIO, "is a directory, not a recording");
    folder_remove(&f);
}

static void a_record_is_found_without_its_suffix(void **state)
{
    struct folder f;
    char path[160];
    struct kymo_err e = {0};
    (void)state;

    folder_make(&f);
    folder_put(&f, "100.hea", "100 0 360\n", 10);
    struct kymo_reader *r = kymo_open(folder_path(&f, "100", path), NULL, &e);
    assert_non_null(r);
    assert_string_equal(r->hdr.record, "100");
    kymo_close(r);
    folder_remove(&f);
    kymo_close(NULL);
}

/* ---- which part ---- */

static void a_stretch_of_time_has_the_samples_in_it(void **state)
{
    const struct kymo_want want = {.from_set = true, .to_set = true, .from_ns = 2250000000, .to_ns = 5000000001};
    struct bytes b = {0};
    struct kymo_err e = {0};
    struct taken t;
    (void)state;

    put_edf_file(&b);
    assert_int_equal(read_bytes(&b, "x.edf", &want, &t, &e), 0);
    assert_int_equal(t.trace[0].n, 12);
    assert_int_equal(t.trace[0].index[0], 9);
    assert_int_equal(t.trace[0].time_ns[0], 2250000000);
    assert_int_equal(t.trace[0].digital[0], 11);    /* record 2, sample 1 */
    assert_int_equal(t.trace[0].index[11], 20);
    assert_int_equal(t.trace[1].n, 3);
    assert_int_equal(t.trace[1].index[0], 3);
    taken_free(&t);
    bytes_free(&b);
}

static void any_stretch_is_that_part_of_the_whole(void **state)
{
    struct dice d = {40};
    struct bytes b = {0};
    struct kymo_err e = {0};
    struct taken all, part;
    (void)state;

    put_edf_file(&b);
    assert_int_equal(read_bytes(&b, "x.edf", NULL, &all, &e), 0);
    for (int k = 0; k < 300; k++) {
        const int64_t from = roll_between(&d, 0, 12 * KYMO_NS_PER_S), to = from + roll_between(&d, 1, 5 * KYMO_NS_PER_S);
        const struct kymo_want want = {.from_set = roll_below(&d, 4) > 0, .to_set = roll_below(&d, 4) > 0,
                                       .from_ns = from, .to_ns = to};
        assert_int_equal(read_bytes(&b, "x.edf", &want, &part, &e), 0);
        for (size_t s = 0; s < 2; s++) {
            size_t at = 0;
            for (size_t i = 0; i < all.trace[s].n; i++) {
                const int64_t t = all.trace[s].time_ns[i];
                if ((want.from_set && t < from) || (want.to_set && t >= to))
                    continue;
                assert_true(at < part.trace[s].n);
                assert_int_equal(part.trace[s].index[at], all.trace[s].index[i]);
                assert_int_equal(part.trace[s].digital[at++], all.trace[s].digital[i]);
            }
            assert_int_equal(part.trace[s].n, at);
        }
        taken_free(&part);
    }
    taken_free(&all);
    bytes_free(&b);
}

static void times_beyond_all_recordings_overflow_nothing(void **state)
{
    const struct kymo_want after = {.from_set = true, .from_ns = INT64_MAX}, before = {.to_set = true, .to_ns = INT64_MIN};
    const struct kymo_want both = {.from_set = true, .to_set = true, .from_ns = INT64_MIN, .to_ns = INT64_MAX};
    struct bytes b = {0};
    struct kymo_err e = {0};
    struct taken t;
    (void)state;

    put_edf_file(&b);
    assert_int_equal(read_bytes(&b, "x.edf", &after, &t, &e), 0);
    assert_int_equal(t.trace[0].n, 0);
    taken_free(&t);
    assert_int_equal(read_bytes(&b, "x.edf", &before, &t, &e), 0);
    assert_int_equal(t.trace[0].n, 0);
    taken_free(&t);
    assert_int_equal(read_bytes(&b, "x.edf", &both, &t, &e), 0);
    assert_int_equal(t.trace[0].n, 40);
    taken_free(&t);
    bytes_free(&b);
}

static void selected_signals_come_in_the_order_asked_for(void **state)
{
    static const char *const names[] = {"Resp", "ECG"};
    const struct kymo_want want = {.signal = names, .n_signals = 2}, none = {.no_samples = true};
    struct bytes b = {0};
    struct kymo_err e = {0};
    struct taken t;
    (void)state;

    put_edf_file(&b);
    assert_int_equal(read_bytes(&b, "x.edf", &want, &t, &e), 0);
    assert_string_equal(t.hdr.signal[0].label, "Resp");
    assert_int_equal(t.trace[0].n, 10);
    assert_int_equal(t.trace[0].digital[1], 9);
    assert_int_equal(t.trace[1].n, 40);
    taken_free(&t);
    assert_int_equal(read_bytes(&b, "x.edf", &none, &t, &e), 0);
    assert_int_equal(t.hdr.n_signals, 0);
    taken_free(&t);
    bytes_free(&b);
}

static void a_track_that_is_not_there_is_refused_with_what_is(void **state)
{
    const struct kymo_want want = {.annotator = "atr"};
    struct bytes b = {0}, events = {0};
    struct kymo_err e = {0}, f = {0};
    struct taken t;
    (void)state;

    put_edf_file(&b);
    put_text(&events, "time_s,type\n1,N\n");
    assert_int_equal(read_bytes(&b, "x.edf", &want, &t, &e), KYMO_EUSAGE);
    assert_error(&e, KYMO_EUSAGE, "x.edf: no event track \"atr\"; there is none");
    assert_int_equal(read_bytes(&events, "x.csv", &want, &t, &f), KYMO_EUSAGE);
    assert_error(&f, KYMO_EUSAGE, "there is events");
    bytes_free(&b);
    bytes_free(&events);
}

#define WITH_HEADER(test) cmocka_unit_test_setup_teardown(test, make_header, free_header)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_HEADER(exact_labels_come_first),
        WITH_HEADER(labels_match_whatever_their_case),
        WITH_HEADER(indices_and_kinds_come_last),
        WITH_HEADER(several_are_taken_in_order_and_once),
        WITH_HEADER(what_is_not_there_is_refused_with_what_is),
        cmocka_unit_test(many_long_labels_do_not_overflow_the_message),
        cmocka_unit_test(content_tells_the_format_and_names_do_not),
        cmocka_unit_test(what_is_no_recording_is_refused),
        cmocka_unit_test(a_record_is_found_without_its_suffix),
        cmocka_unit_test(a_stretch_of_time_has_the_samples_in_it),
        cmocka_unit_test(any_stretch_is_that_part_of_the_whole),
        cmocka_unit_test(times_beyond_all_recordings_overflow_nothing),
        cmocka_unit_test(selected_signals_come_in_the_order_asked_for),
        cmocka_unit_test(a_track_that_is_not_there_is_refused_with_what_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
