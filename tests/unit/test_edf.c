/* tests/unit/test_edf.c - EDF and BDF files, made here record by record; and real ones where KYMO_DATA names them. */
#include "support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define S KYMO_NS_PER_S
#define TAL_BYTES 40      /* of an annotation signal in a record */

/* A file with one signal of 4 samples in a record, which count up, and as many annotation signals as tal says. */
struct file {
    bool bdf;
    const char *reserved, *records, *duration;
    size_t n_records, n_tals;
    const char *const *tal;       /* n_tals of each record */
};

static struct bytes make_file(const struct file *f)
{
    const size_t width = f->bdf ? 3 : 2;
    const char *const label = f->bdf ? "BDF Annotations" : "EDF Annotations", *const samples = f->bdf ? "14" : "20";
    const struct edf_column columns[] = {{.label = "ECG"}, {.label = label, .samples = samples},
                                         {.label = label, .samples = samples}};
    const struct edf_spec spec = {.bdf = f->bdf, .reserved = f->reserved, .records = f->records, .duration = f->duration,
                                  .n = 1 + f->n_tals, .column = columns};
    struct bytes b = {0};

    put_edf_header(&b, &spec);
    for (size_t k = 0; k < f->n_records; k++) {
        for (size_t i = 0; i < 4; i++)
            put_le(&b, 4 * k + i, width);
        for (size_t i = 0; i < f->n_tals; i++)
            put_tals(&b, f->tal[k * f->n_tals + i], f->bdf ? 42 : TAL_BYTES);
    }
    return b;
}

struct outcome {
    struct taken taken;
    struct warnings warnings;
    struct kymo_err e;
    int rc;
};

static struct outcome *read_file(const struct bytes *b, bool strict)
{
    static struct outcome o;
    struct kymo_want want = {.from_set = false};

    o = (struct outcome){.rc = 0};
    want.log = log_to(&o.warnings, strict);
    o.rc = read_bytes(b, "x.edf", &want, &o.taken, &o.e);
    return &o;
}

/* Samples that count up from 0, n of them. */
static void assert_counts(const struct trace *x, size_t n)
{
    assert_int_equal(x->n, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(x->digital[i], i);
}

/* ---- lengths ---- */

static void records_come_in_order_with_exact_times(void **state)
{
    const struct file f = {.records = "1000", .duration = "0.3", .n_records = 1000};
    struct bytes b = make_file(&f);
    struct outcome *o = read_file(&b, true);
    (void)state;

    assert_int_equal(o->rc, 0);
    assert_counts(&o->taken.trace[0], 4000);
    for (size_t i = 0; i < 4000; i++)
        assert_int_equal(o->taken.trace[0].time_ns[i], 75000000 * (int64_t)i);
    assert_int_equal(o->taken.hdr.duration_ns, 300 * S);
    assert_int_equal(o->taken.hdr.signal[0].n_samples, 4000);
    taken_free(&o->taken);
    bytes_free(&b);
}

static void a_truncated_file_gives_its_whole_records_and_a_warning(void **state)
{
    const struct file f = {.records = "10", .n_records = 10};
    struct bytes b = make_file(&f);
    (void)state;

    for (size_t cut = 1; cut <= 80; cut++) {
        struct bytes less = {b.p, b.n - cut, b.n};
        char part[80];
        snprintf(part, sizeof part, "x.edf:%zu: file ends after %zu of 10 data records%s", less.n, (80 - cut) / 8,
                 cut % 8 ? " and a piece of one" : "");
        struct outcome *o = read_file(&less, false);
        assert_int_equal(o->rc, 0);
        assert_int_equal(o->warnings.n, 1);
        assert_warned(&o->warnings, part);
        assert_counts(&o->taken.trace[0], (80 - cut) / 8 * 4);
        assert_int_equal(o->taken.hdr.signal[0].n_samples, (80 - cut) / 8 * 4);
        taken_free(&o->taken);
        assert_int_equal(read_file(&less, true)->rc, KYMO_EDATA);
        assert_error(&o->e, KYMO_EDATA, part);
        taken_free(&o->taken);
    }
    bytes_free(&b);
}

static void a_longer_file_is_told_and_not_read_on(void **state)
{
    const struct file f = {.records = "2", .n_records = 5};
    struct bytes b = make_file(&f);
    struct outcome *o = read_file(&b, false);
    (void)state;

    assert_counts(&o->taken.trace[0], 8);
    assert_warned(&o->warnings, "x.edf:528: 24 bytes behind the last of 2 data records are not read");
    taken_free(&o->taken);
    bytes_free(&b);
}

static void an_unknown_number_of_records_is_counted(void **state)
{
    const struct file f = {.records = "-1", .n_records = 7};
    struct bytes b = make_file(&f);
    struct outcome *o = read_file(&b, true);
    (void)state;

    assert_int_equal(o->rc, 0);
    assert_counts(&o->taken.trace[0], 28);
    assert_int_equal(o->taken.hdr.duration_ns, 7 * S);
    taken_free(&o->taken);
    bytes_free(&b);
}

static void a_file_without_records_is_empty(void **state)
{
    const struct file f = {.records = "0"}, plus = {.records = "0", .reserved = "EDF+C", .n_tals = 1};
    struct bytes b = make_file(&f), c = make_file(&plus);
    (void)state;

    struct outcome *o = read_file(&b, true);
    assert_int_equal(o->rc, 0);
    assert_int_equal(o->taken.trace[0].n, 0);
    taken_free(&o->taken);
    o = read_file(&c, true);
    assert_int_equal(o->rc, 0);
    taken_free(&o->taken);
    bytes_free(&b);
    bytes_free(&c);
}

static void claims_allocate_nothing_before_the_bytes_are_there(void **state)
{
    struct edf_column columns[4] = {{.label = "a", .samples = "67108864"}, {.label = "b", .samples = "67108864"},
                                    {.label = "c", .samples = "67108864"}, {.label = "d", .samples = "67108864"}};
    const struct edf_spec spec = {.records = "99999999", .n = 4, .column = columns};
    struct bytes b = {0};
    struct kymo_err e = {0};
    struct kymo_block *block;
    (void)state;

    put_edf_header(&b, &spec);
    put_text(&b, "some samples");
    struct kymo_reader *r = open_bytes(&b, "x.edf", NULL, &e);
    assert_non_null(r);
    assert_int_equal(kymo_read(r, &block, &e), 0);
    for (int s = 0; s < 4; s++)
        assert_int_equal(r->block.span[s].cap, 0);
    kymo_close(r);
    bytes_free(&b);
}

static void a_record_larger_than_a_block_comes_whole(void **state)
{
    const struct edf_column column = {.samples = "200000"};
    const struct edf_spec spec = {.records = "3", .n = 1, .column = &column};
    struct bytes b = {0};
    (void)state;

    put_edf_header(&b, &spec);
    for (size_t i = 0; i < 600000; i++)
        put_le(&b, i % 30000, 2);
    struct outcome *o = read_file(&b, true);
    assert_int_equal(o->taken.trace[0].n, 600000);
    for (size_t i = 0; i < 600000; i++)
        assert_int_equal(o->taken.trace[0].digital[i], i % 30000);
    taken_free(&o->taken);
    bytes_free(&b);
}

/* ---- pipes ---- */

static void a_pipe_gives_the_same_as_a_file(void **state)
{
    static const char *const tals[] = {"+0.5||~+0.7^2|apnea|~", "+1.5||~", "+9||~"};
    const struct file f = {.records = "3", .reserved = "EDF+D", .n_records = 3, .n_tals = 1, .tal = tals};
    static const size_t most[] = {1, 7, 4000};
    struct bytes b = make_file(&f);
    struct dice d = {60};
    struct kymo_err e = {0};
    struct taken there, piped;
    (void)state;

    assert_int_equal(read_bytes(&b, "x.edf", NULL, &there, &e), 0);
    for (size_t i = 0; i < COUNT_OF(most); i++) {
        assert_int_equal(read_piped(&b, most[i], &d, NULL, &piped, &e), 0);
        assert_same_samples(&there, &piped);
        assert_same_events(&there, &piped);
        taken_free(&piped);
    }
    taken_free(&there);
    bytes_free(&b);
}

static void a_pipe_that_stops_is_told(void **state)
{
    static const char *const records[] = {"10", "-1"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(records); i++) {
        const struct file f = {.records = records[i], .n_records = 10};
        struct bytes b = make_file(&f);
        struct warnings w = {0};
        const struct kymo_want want = {.log = log_to(&w, false)};
        struct dice d = {61};
        struct kymo_err e = {0};
        struct taken t;
        b.n -= 13;
        assert_int_equal(read_piped(&b, 50, &d, &want, &t, &e), 0);
        assert_counts(&t.trace[0], 32);
        assert_warned(&w, i == 0 ? "input ends after 8 of 10 data records and a piece of one"
                                 : "input ends after 8 data records and a piece of one");
        taken_free(&t);
        bytes_free(&b);
    }
}

static void a_growing_file_on_a_pipe_ends_where_it_ends(void **state)
{
    const struct file f = {.records = "-1", .n_records = 10};
    struct bytes b = make_file(&f);
    struct warnings w = {0};
    const struct kymo_want want = {.log = log_to(&w, true)};
    struct dice d = {62};
    struct kymo_err e = {0};
    struct taken t;
    (void)state;

    assert_int_equal(read_piped(&b, 50, &d, &want, &t, &e), 0);
    assert_counts(&t.trace[0], 40);
    taken_free(&t);
    bytes_free(&b);
}

/* ---- annotations ---- */

static void assert_event(const struct kymo_event *ev, int64_t time_ns, int64_t duration_ns, const char *text)
{
    assert_int_equal(ev->time_ns, time_ns);
    assert_int_equal(ev->duration_ns, duration_ns);
    assert_string_equal(ev->text, text);
    assert_string_equal(ev->type, "note");
    assert_int_equal(ev->signal, -1);
}

static void annotations_have_onset_duration_and_text(void **state)
{
    static const char *const tals[] = {"+0||~+0.25^1.5|apnea|~+0.5|a|b|~", "+1||~-0.5|before|~",
                                       "+2||~+1.25^0|\xc3\xa9|~+1|\xe9|~"};
    const struct file f = {.records = "3", .reserved = "EDF+C", .n_records = 3, .n_tals = 1, .tal = tals};
    struct bytes b = make_file(&f);
    struct outcome *o = read_file(&b, true);
    const struct kymo_event *ev = o->taken.event;
    (void)state;

    assert_int_equal(o->rc, 0);
    assert_int_equal(o->taken.n_events, 6);
    assert_event(&ev[0], S / 4, 3 * S / 2, "apnea");
    assert_event(&ev[1], S / 2, 0, "a");
    assert_event(&ev[2], S / 2, 0, "b");
    assert_event(&ev[3], -S / 2, 0, "before");
    assert_event(&ev[4], 5 * S / 4, 0, "\xc3\xa9");
    assert_event(&ev[5], S, 0, "\xc3\xa9");       /* latin-1 */
    assert_counts(&o->taken.trace[0], 12);
    taken_free(&o->taken);
    bytes_free(&b);
}

static void all_annotation_signals_are_read(void **state)
{
    static const char *const tals[] = {"+0||one|~", "+0.1|two|~", "+1||~", "+1.1|three|~"};
    const struct file f = {.bdf = true, .records = "2", .reserved = "BDF+C", .n_records = 2, .n_tals = 2, .tal = tals};
    struct bytes b = make_file(&f);
    struct outcome *o = read_file(&b, true);
    (void)state;

    assert_int_equal(o->taken.n_events, 3);
    assert_event(&o->taken.event[0], 0, 0, "one");
    assert_event(&o->taken.event[1], S / 10, 0, "two");
    assert_event(&o->taken.event[2], 11 * S / 10, 0, "three");
    assert_counts(&o->taken.trace[0], 8);
    taken_free(&o->taken);
    bytes_free(&b);
}

static void a_start_within_a_second_moves_time_zero(void **state)
{
    static const char *const tals[] = {"+0.7||~+0.95|x|~", "+1.7||~"};
    const struct file f = {.records = "2", .reserved = "EDF+C", .n_records = 2, .n_tals = 1, .tal = tals};
    struct bytes b = make_file(&f);
    struct outcome *o = read_file(&b, true);
    char text[48];
    (void)state;

    kymo_start_text(&o->taken.hdr.start, text, sizeof text);
    assert_string_equal(text, "2003-02-01T04:05:06.7");
    assert_int_equal(o->taken.trace[0].time_ns[0], 0);
    assert_event(&o->taken.event[0], S / 4, 0, "x");
    taken_free(&o->taken);
    bytes_free(&b);
}

static void a_broken_list_is_told_with_its_byte(void **state)
{
    static const char *const broken[] = {"+0||~abc|x|~", "+0||~+1^x|y|~", "+0||~1|no sign|~", "+0||~+1", "+0||~+|x|~"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(broken); i++) {
        const char *const tals[] = {"+0||~", broken[i]};
        const struct file f = {.records = "2", .reserved = "EDF+C", .n_records = 2, .n_tals = 1, .tal = tals};
        struct bytes b = make_file(&f);
        struct outcome *o = read_file(&b, false);
        assert_int_equal(o->rc, 0);
        assert_warned(&o->warnings, "x.edf:829: no annotation list here");   /* 768 + 48 + 8 + 5 */
        assert_counts(&o->taken.trace[0], 8);
        taken_free(&o->taken);
        assert_int_equal(read_file(&b, true)->rc, KYMO_EDATA);
        taken_free(&o->taken);
        bytes_free(&b);
    }
}

static void what_stands_behind_a_broken_list_is_read(void **state)
{
    static const char *const tals[] = {"+0||~", "+1||~|no onset|~+1.5^|b|~"};
    const struct file f = {.records = "2", .reserved = "EDF+C", .n_records = 2, .n_tals = 1, .tal = tals};
    struct bytes b = make_file(&f);
    struct outcome *o = read_file(&b, false);
    (void)state;

    assert_int_equal(o->warnings.n, 1);
    assert_warned(&o->warnings, "no annotation list here: not read");
    assert_int_equal(o->taken.n_events, 1);
    assert_event(&o->taken.event[0], 3 * S / 2, 0, "b");
    taken_free(&o->taken);
    bytes_free(&b);
}

static void a_text_without_an_end_is_told(void **state)
{
    static const char *const tals[] = {"+0||~", "+1||~+1.5|a text as long as its list ..."};
    const struct file f = {.records = "2", .reserved = "EDF+C", .n_records = 2, .n_tals = 1, .tal = tals};
    struct bytes b = make_file(&f);
    struct outcome *o = read_file(&b, false);
    (void)state;

    assert_warned(&o->warnings, "x.edf:824: an annotation in this record has no end: its text may be cut");
    assert_int_equal(o->taken.n_events, 1);
    taken_free(&o->taken);
    bytes_free(&b);
}

static void gaps_that_the_file_denies_or_cannot_tell_are_told(void **state)
{
    static const char *const late[] = {"+0||~", "+1||~", "+62||~", "+63||~"}, *const none[] = {"", "", "", ""};
    const struct { struct file f; const char *part; } all[] = {
        {{.reserved = "EDF+C", .n_tals = 1, .tal = late},
         "x.edf:864: data record 2 of EDF+C, which has no gaps, says that it begins 60 s too late: taken as following"},
        {{.reserved = "EDF+D", .n_tals = 1, .tal = none}, "data record 0 does not tell when it begins"},
        {{.reserved = "EDF+D"}, "x.edf:192: EDF+D without annotations"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(all); i++) {
        struct file f = all[i].f;
        f.records = "4";
        f.n_records = 4;
        struct bytes b = make_file(&f);
        struct outcome *o = read_file(&b, false);
        assert_int_equal(o->warnings.n, 1);
        assert_warned(&o->warnings, all[i].part);
        assert_counts(&o->taken.trace[0], 16);
        taken_free(&o->taken);
        bytes_free(&b);
    }
}

static void a_file_may_hold_annotations_alone(void **state)
{
    const struct edf_column column = {.label = "EDF Annotations", .samples = "20"};
    const struct edf_spec spec = {.reserved = "EDF+D", .records = "2", .duration = "0", .n = 1, .column = &column};
    struct bytes b = {0};
    (void)state;

    put_edf_header(&b, &spec);
    put_tals(&b, "+0||~+5^2|one|~", TAL_BYTES);
    put_tals(&b, "+100||~+100|two|~", TAL_BYTES);
    struct outcome *o = read_file(&b, true);
    assert_int_equal(o->rc, 0);
    assert_int_equal(o->taken.hdr.n_signals, 0);
    assert_int_equal(o->taken.n_events, 2);
    assert_event(&o->taken.event[0], 5 * S, 2 * S, "one");
    assert_event(&o->taken.event[1], 100 * S, 0, "two");
    taken_free(&o->taken);
    bytes_free(&b);
}

static void annotations_can_be_read_without_samples(void **state)
{
    static const char *const tals[] = {"+0||~+0.5|x|~", "+1||~"};
    const struct file f = {.records = "2", .reserved = "EDF+C", .n_records = 2, .n_tals = 1, .tal = tals};
    const struct kymo_want want = {.no_samples = true, .annotator = "edf"};
    struct bytes b = make_file(&f);
    struct kymo_err e = {0};
    struct taken t;
    (void)state;

    assert_int_equal(read_bytes(&b, "x.edf", &want, &t, &e), 0);
    assert_int_equal(t.n_events, 1);
    assert_int_equal(t.hdr.n_signals, 0);
    taken_free(&t);
    bytes_free(&b);
}

/* ---- gaps ---- */

static void assert_gaps(bool bdf, const char *reserved)
{
    static const char *const tals[] = {"+0||~", "+1||~", "+10||~+10.5|x|~", "+11||~", "+20.1||~"};
    const struct file f = {.bdf = bdf, .records = "5", .reserved = reserved, .n_records = 5, .n_tals = 1, .tal = tals};
    struct bytes b = make_file(&f);
    struct outcome *o = read_file(&b, true);
    const struct trace *x = &o->taken.trace[0];

    assert_int_equal(o->rc, 0);
    assert_counts(x, 20);
    assert_int_equal(o->taken.n_segments, 2);
    assert_int_equal(o->taken.segment_ns[0], 10 * S);
    assert_int_equal(o->taken.segment_ns[1], 20100000000);
    assert_int_equal(x->index[7], 7);
    assert_int_equal(x->index[8], 40);
    assert_int_equal(x->time_ns[15], 11 * S + 3 * S / 4);
    assert_int_equal(x->index[16], 81);            /* the first of the grid at or after 20.1 s */
    assert_int_equal(x->time_ns[16], 20100000000);
    assert_int_equal(x->time_ns[17], 20350000000);
    assert_event(&o->taken.event[0], 21 * S / 2, 0, "x");
    taken_free(&o->taken);
    bytes_free(&b);
}

static void a_gap_begins_a_segment_on_the_grid_or_off_it(void **state)
{
    (void)state;
    assert_gaps(false, "EDF+D");
    assert_gaps(true, "BDF+D");
    assert_gaps(true, "EDF+D");   /* some writers do not change the word */
}

static void onsets_that_round_are_no_gap(void **state)
{
    static const char *const tals[] = {"+0||~", "+0.3333333||~", "+0.6666667||~"};
    const struct file f = {.records = "3", .reserved = "EDF+D", .duration = "0.333333", .n_records = 3, .n_tals = 1,
                           .tal = tals};
    struct bytes b = make_file(&f);
    struct outcome *o = read_file(&b, true);
    (void)state;

    assert_int_equal(o->taken.n_segments, 0);
    assert_counts(&o->taken.trace[0], 12);
    taken_free(&o->taken);
    bytes_free(&b);
}

static void a_gap_survives_the_stream(void **state)
{
    static const char *const tals[] = {"+0.5||~", "+1.5||~", "+20.123456||~+21^3|x|~"};
    const struct file f = {.records = "3", .reserved = "EDF+D", .n_records = 3, .n_tals = 1, .tal = tals};
    struct bytes b = make_file(&f), stream = {0};
    struct kymo_err e = {0};
    struct kymo_block *block;
    struct taken there, back;
    size_t n;
    (void)state;

    struct kymo_reader *r = open_bytes(&b, "x.edf", NULL, &e);
    struct kymo_output *out = kymo_output_memory(&e);
    struct kymo_writer *w = kymo_create(kymo_format_named("kymo"), out, &r->hdr, 0, &e);
    while (kymo_read(r, &block, &e) > 0)
        assert_int_equal(kymo_write(w, block, &e), 0);
    assert_int_equal(kymo_write_finish(w, &e), 0);
    const unsigned char *p = kymo_output_bytes(out, &n);
    put_bytes(&stream, p, n);
    assert_int_equal(read_bytes(&b, "x.edf", NULL, &there, &e), 0);
    assert_int_equal(read_bytes(&stream, "x.kymo", NULL, &back, &e), 0);
    assert_same_header(&there.hdr, &back.hdr);
    assert_same_samples(&there, &back);
    assert_same_events(&there, &back);
    assert_int_equal(back.n_segments, 1);
    taken_free(&there);
    taken_free(&back);
    kymo_close(r);
    kymo_writer_destroy(w);
    kymo_output_destroy(out);
    bytes_free(&b);
    bytes_free(&stream);
}

/* ---- parts ---- */

static void any_stretch_of_a_long_file_is_that_part_of_it(void **state)
{
    static const char *const durations[] = {"1", "0.0123", "1.001", "30"};
    struct dice d = {63};
    (void)state;

    for (size_t k = 0; k < COUNT_OF(durations); k++) {
        const struct file f = {.records = "50000", .duration = durations[k], .n_records = 50000};
        struct bytes b = make_file(&f);
        struct taken all, part;
        struct kymo_err e = {0};
        assert_int_equal(read_bytes(&b, "x.edf", NULL, &all, &e), 0);
        const int64_t end = all.hdr.duration_ns;
        for (int i = 0; i < 20; i++) {
            const int64_t late = kymo_time_of(all.hdr.signal[0].rate, 65536 - 2);   /* in the last record of a block */
            const int64_t from = i == 0 ? end + 1 : i == 1 ? late : roll_between(&d, 0, end);
            const int64_t to = from + roll_between(&d, 1, end / 100);
            const struct kymo_want want = {.from_set = true, .to_set = true, .from_ns = from, .to_ns = to};
            const int64_t first = kymo_index_at(all.hdr.signal[0].rate, from), last = kymo_index_at(all.hdr.signal[0].rate, to);
            const int64_t most = (int64_t)all.trace[0].n, wanted = (last < most ? last : most) - (first < most ? first : most);
            assert_int_equal(read_bytes(&b, "x.edf", &want, &part, &e), 0);
            assert_int_equal(part.trace[0].n, wanted);
            if (wanted > 0) {
                assert_int_equal(part.trace[0].index[0], first);
                assert_int_equal(part.trace[0].digital[0], all.trace[0].digital[first]);
            }
            taken_free(&part);
        }
        taken_free(&all);
        bytes_free(&b);
    }
}

static void any_changed_byte_is_read_or_refused(void **state)
{
    static const char *const tals[] = {"+0||~+0.25^1.5|apnea|~", "+9||~+9.5|b|~"};
    const struct file f = {.records = "2", .reserved = "EDF+D", .n_records = 2, .n_tals = 1, .tal = tals};
    struct bytes b = make_file(&f);
    struct dice d = {64};
    (void)state;

    for (size_t k = 0; k < 10 * b.n; k++) {
        const unsigned char was = b.p[k % b.n];
        b.p[k % b.n] = (unsigned char)roll(&d);
        struct outcome *o = read_file(&b, false);
        taken_free(&o->taken);
        b.p[k % b.n] = was;
    }
    bytes_free(&b);
}

/* ---- real files ---- */

static const char *data_path(const char *name, char path[300])
{
    const char *data = getenv("KYMO_DATA");

    if (!data) {
        print_message("KYMO_DATA names no folder: skipped\n");
        skip();
    }
    snprintf(path, 300, "%s/edf/edfReader/%s", data, name);
    return path;
}

/* Whether value, printed with as many decimals as text has, may be what text says. */
static bool agrees(const char *text, double value)
{
    const char *point = strchr(text, '.');
    const double unit = pow(10, point ? -(double)strspn(point + 1, "0123456789") : 0);

    return fabs(strtod(text, NULL) - value) <= 0.501 * unit + 1e-9 * fabs(value);
}

/* NAME_data.txt: a heading, then a time and the value of each signal that has one there, as EDFbrowser exported them. */
static void assert_exported(const char *recording, const char *table)
{
    char path[300], line[4096];
    struct kymo_err e = {0};
    struct taken t;
    size_t rows = 0, row[16] = {0};

    assert_int_equal(read_path(data_path(recording, path), NULL, &t, &e), 0);
    assert_true(t.hdr.n_signals > 0 && t.hdr.n_signals <= COUNT_OF(row));
    FILE *file = fopen(data_path(table, path), "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    for (; fgets(line, sizeof line, file); rows++) {
        char *rest = line;
        strsep(&rest, ",");
        for (size_t s = 0; s < t.hdr.n_signals; s++) {
            const char *cell = strsep(&rest, ",\r\n");
            if (!cell || !*cell)
                continue;
            if (row[s] >= t.trace[s].n || !agrees(cell, t.trace[s].physical[row[s]]))
                fail_msg("%s, row %zu, signal %zu: \"%s\"", table, rows, s, cell);
            row[s]++;
        }
    }
    for (size_t s = 0; s < t.hdr.n_signals; s++)
        assert_true(row[s] > 1000);
    fclose(file);
    taken_free(&t);
}

static void exported_samples_agree(void **state)
{
    (void)state;
    assert_exported("edfPlusC.edf", "edfPlusC_data.txt");
    assert_exported("bdfPlusC.bdf", "bdfPlusC_data.txt");
    assert_exported("bdfPlusD.bdf", "bdfPlusD_data.txt");
}

/* NAME_annotations.txt: onset, duration, text. */
static void assert_annotations(const char *recording, const char *table, int64_t origin_ns)
{
    char path[300], line[400];
    struct kymo_err e = {0};
    struct taken t;
    size_t row = 0;

    assert_int_equal(read_path(data_path(recording, path), NULL, &t, &e), 0);
    FILE *file = fopen(data_path(table, path), "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    for (; fgets(line, sizeof line, file); row++) {
        char *text = strrchr(line, ',') + 1;
        text[strcspn(text, "\r\n")] = '\0';
        assert_true(row < t.n_events);
        assert_true(llabs((int64_t)llround(strtod(line, NULL) * 1e9) - origin_ns - t.event[row].time_ns) <= 1000);
        assert_string_equal(t.event[row].text, text);
    }
    assert_int_equal(row, t.n_events);
    fclose(file);
    taken_free(&t);
}

static void exported_annotations_agree(void **state)
{
    (void)state;
    assert_annotations("edfPlusC.edf", "edfPlusC_annotations.txt", 0);
    assert_annotations("bdfPlusC.bdf", "bdfPlusC_annotations.txt", 0);
    assert_annotations("edfAnnonC.edf", "edfAnnonC_annotations.txt", 700000000);   /* it begins at +0.7 */
}

/* Its header says EDF+D though it is BDF; its ten records begin where their lists say. */
static void gaps_in_a_bdf_file_that_calls_itself_edf_are_found(void **state)
{
    static const int64_t begins_s[] = {3, 5, 7, 10, 13, 16, 19};   /* 10 11 and 16 17 are unbroken */
    struct kymo_err e = {0};
    struct taken t;
    char path[300];
    (void)state;

    assert_int_equal(read_path(data_path("bdfPlusD.bdf", path), NULL, &t, &e), 0);
    assert_int_equal(t.n_segments, COUNT_OF(begins_s));
    for (size_t i = 0; i < COUNT_OF(begins_s); i++)
        assert_int_equal(t.segment_ns[i], begins_s[i] * S);
    assert_int_equal(t.trace[0].time_ns[t.trace[0].n - 1], 20 * S - S / 200);
    taken_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_come_in_order_with_exact_times),
        cmocka_unit_test(a_truncated_file_gives_its_whole_records_and_a_warning),
        cmocka_unit_test(a_longer_file_is_told_and_not_read_on),
        cmocka_unit_test(an_unknown_number_of_records_is_counted),
        cmocka_unit_test(a_file_without_records_is_empty),
        cmocka_unit_test(claims_allocate_nothing_before_the_bytes_are_there),
        cmocka_unit_test(a_record_larger_than_a_block_comes_whole),
        cmocka_unit_test(a_pipe_gives_the_same_as_a_file),
        cmocka_unit_test(a_pipe_that_stops_is_told),
        cmocka_unit_test(a_growing_file_on_a_pipe_ends_where_it_ends),
        cmocka_unit_test(annotations_have_onset_duration_and_text),
        cmocka_unit_test(all_annotation_signals_are_read),
        cmocka_unit_test(a_start_within_a_second_moves_time_zero),
        cmocka_unit_test(a_broken_list_is_told_with_its_byte),
        cmocka_unit_test(what_stands_behind_a_broken_list_is_read),
        cmocka_unit_test(a_text_without_an_end_is_told),
        cmocka_unit_test(gaps_that_the_file_denies_or_cannot_tell_are_told),
        cmocka_unit_test(a_file_may_hold_annotations_alone),
        cmocka_unit_test(annotations_can_be_read_without_samples),
        cmocka_unit_test(a_gap_begins_a_segment_on_the_grid_or_off_it),
        cmocka_unit_test(onsets_that_round_are_no_gap),
        cmocka_unit_test(a_gap_survives_the_stream),
        cmocka_unit_test(any_stretch_of_a_long_file_is_that_part_of_it),
        cmocka_unit_test(any_changed_byte_is_read_or_refused),
        cmocka_unit_test(exported_samples_agree),
        cmocka_unit_test(exported_annotations_agree),
        cmocka_unit_test(gaps_in_a_bdf_file_that_calls_itself_edf_are_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
