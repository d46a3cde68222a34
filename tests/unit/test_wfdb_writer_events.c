/* tests/unit/test_wfdb_writer_events.c - annotation files as kymo writes them, judged by reading them back. */
#include "wfdb_made.h"

#include "lib/vocabulary.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define S KYMO_NS_PER_S

static void assert_event_is(const struct kymo_event *a, const struct kymo_event *b)
{
    assert_string_equal(a->type, b->type);
    assert_string_equal(a->text, b->text);
    assert_int_equal(a->time_ns, b->time_ns);
    assert_int_equal(a->duration_ns, b->duration_ns);
    assert_int_equal(a->signal, b->signal);
    assert_int_equal(a->subtype, b->subtype);
    assert_int_equal(a->num, b->num);
    assert_int_equal(a->sample, b->sample);
    assert_true(a->value == b->value || (isnan(a->value) && isnan(b->value)));
}

static void assert_events_come_back(const struct kymo_event *ev, size_t n, const char *resolution)
{
    struct wfdb_made m;
    struct taken t;
    char path[160], head[64] = "", note[64];

    wfdb_made_with_track(&m, ev, n);
    wfdb_write_rec(&m);
    assert_wfdb_copied(&m.c);
    wfdb_read_rec(&m, "atr", &t);
    assert_int_equal(t.n_events, n);
    for (size_t i = 0; i < n; i++)
        assert_event_is(&t.event[i], &ev[i]);
    FILE *file = fopen(folder_path(&m.f, "rec.atr", path), "rb");
    assert_non_null(file);
    assert_true(fread(head, 1, sizeof head - 1, file) > 1);
    fclose(file);
    snprintf(note, sizeof note, "## time resolution: %s", resolution ? resolution : "");
    if (resolution)
        assert_memory_equal(head + 4, note, strlen(note));
    else
        assert_true(memcmp(head + 4, note, strlen(note)) != 0);
    taken_free(&t);
    wfdb_made_release(&m);
}

static void annotations_come_back(void **state)
{
    struct kymo_event ev[] = {
        wfdb_event_at(0, "N", ""), wfdb_event_at(10000000, "V", "odd"), wfdb_event_at(10000000, "+", "(AFIB"),
        wfdb_event_at(11 * S, "note", "even"),
        wfdb_event_at(11 * S + 230000000, "[45]", ""), wfdb_event_at(11 * S + 240000000, "[58]", ""), wfdb_event_at(12 * S, "N", ""),
        wfdb_event_at(100 * S, "/", ""),
        wfdb_event_at(INT64_C(100000000) * S, "~", "far: two SKIPs"),
    };
    (void)state;

    ev[1].signal = 1, ev[1].num = -3, ev[1].subtype = 7;
    ev[2].signal = 0;
    ev[3].num = 127, ev[3].subtype = -128;
    ev[5].signal = -1;
    ev[6].signal = 1;
    assert_events_come_back(ev, COUNT_OF(ev), NULL);
}

static void an_annotation_of_every_code_comes_back(void **state)
{
    struct kymo_event ev[58];
    (void)state;

    for (int i = 0; i < 58; i++) {
        char name[8];
        ev[i] = wfdb_event_at(i * S, kymo_code_of("N") == 1 ? kymo_code_name(i + 1, name) : "", "");
    }
    assert_events_come_back(ev, COUNT_OF(ev), NULL);
}

static void words_durations_and_values_come_back(void **state)
{
    struct kymo_event ev[] = {
        wfdb_event_at(S, "gap", ""), wfdb_event_at(2 * S, "desat", "to 81 %"), wfdb_event_at(3 * S, "note", "W"),
        wfdb_event_at(4 * S, "+", "(AFIB"),
        wfdb_event_at(5 * S, "N", ""), wfdb_event_at(6 * S, "note", "{kymo}"), wfdb_event_at(7 * S, "note", "x {kymo gap duration=3}"),
        wfdb_event_at(8 * S, "note", "{kymo a b}"), wfdb_event_at(9 * S, "N", "{kymo gap}"), wfdb_event_at(10 * S, "note", "{} {kymo"),
        wfdb_event_at(11 * S, "note", "a{kymo}"), wfdb_event_at(12 * S, "fifteen_letters", "}"),
        wfdb_event_at(13 * S, "note", "{kymo duration=}"),
    };
    (void)state;

    ev[0].duration_ns = 5250000001;
    ev[1].duration_ns = 30 * S, ev[1].value = 81.1, ev[1].signal = 1;
    ev[2].duration_ns = KYMO_UNKNOWN;
    ev[3].duration_ns = 1;
    ev[4].value = -1.0 / 3;
    assert_events_come_back(ev, COUNT_OF(ev), NULL);
}

static void a_plain_note_is_a_note_of_wfdb(void **state)
{
    struct kymo_event ev = wfdb_event_at(S, "note", "Lights off");
    struct wfdb_made m;
    struct taken t;
    (void)state;

    ev.sample = 100;
    wfdb_made_with_track(&m, &ev, 1);
    wfdb_write_rec(&m);
    assert_wfdb_copied(&m.c);
    wfdb_read_rec(&m, "atr", &t);
    assert_int_equal(t.n_events, 1);
    assert_event_is(&t.event[0], &ev);
    taken_free(&t);
    wfdb_made_release(&m);
}

/* Whatever an event is, it comes back, from the file of its track. */
static void any_event_comes_back(void **state)
{
    struct dice d = {31};
    struct kymo_event ev[40];
    struct wfdb_made like;
    (void)state;

    wfdb_made_with_track(&like, NULL, 0);
    for (int round = 0; round < 40; round++) {
        int64_t ns = 0;
        for (size_t i = 0; i < COUNT_OF(ev); i++) {
            ns += round % 2 ? roll_between(&d, 0, S) : roll_between(&d, 0, 100) * (S / 100);
            draw_event(&ev[i], &like.hdr, ns, &d);
        }
        assert_events_come_back(ev, COUNT_OF(ev), round % 2 ? "1000000000" : NULL);
    }
    wfdb_made_release(&like);
}

static void times_between_frames_get_the_resolution_they_need(void **state)
{
    struct kymo_event ev[] = {wfdb_event_at(10000000, "N", ""), wfdb_event_at(20000000, "N", ""), wfdb_event_at(3000 * S, "N", "")};
    (void)state;

    assert_events_come_back(ev, COUNT_OF(ev), NULL);
    ev[1].time_ns = 22500000;      /* a sample of B */
    assert_events_come_back(ev, COUNT_OF(ev), "400");
    ev[1].time_ns = 23000000;
    assert_events_come_back(ev, COUNT_OF(ev), "1000");
    ev[1].time_ns = 23001000;
    assert_events_come_back(ev, COUNT_OF(ev), "1000000");
    ev[1].time_ns = 23001001;
    assert_events_come_back(ev, COUNT_OF(ev), "1000000000");
}

static void events_are_put_in_order_of_time(void **state)
{
    struct kymo_event ev[] = {wfdb_event_at(5 * S, "V", ""), wfdb_event_at(S, "N", ""), wfdb_event_at(5 * S, "A", ""),
                              wfdb_event_at(2 * S, "N", "")};
    struct wfdb_made m;
    struct taken t;
    (void)state;

    wfdb_made_with_track(&m, ev, COUNT_OF(ev));
    wfdb_write_rec(&m);
    assert_wfdb_copied(&m.c);
    wfdb_read_rec(&m, "atr", &t);
    assert_int_equal(t.n_events, 4);
    assert_event_is(&t.event[0], &ev[1]);
    assert_event_is(&t.event[1], &ev[3]);
    assert_event_is(&t.event[2], &ev[0]);
    assert_event_is(&t.event[3], &ev[2]);
    taken_free(&t);
    wfdb_made_release(&m);
}

static void events_that_no_annotation_holds_are_refused_or_told(void **state)
{
    char text[300], cut[300];
    struct kymo_event ev[] = {wfdb_event_at(-S, "N", ""), wfdb_event_at(S, "N", ""), wfdb_event_at(2 * S, "N", text)};
    static const char *const why[] = {"the event N at -1 s lies before the record",
                                      "the event N at 1 s has a subtype or a number beyond -128..127",
                                      "the event N at 2 s has a text of 256 bytes, more than 255"};
    struct wfdb_made m;
    struct taken t;
    (void)state;

    memset(text, 'x', sizeof text);
    memcpy(text + 254, "\xc2\xb5", 3);   /* a character on the edge */
    ev[1].num = 128;
    ev[1].sample = 100;
    ev[2].sample = 200;
    for (size_t i = 0; i < COUNT_OF(ev); i++) {
        wfdb_made_with_track(&m, &ev[i], 1);
        wfdb_write_rec(&m);
        assert_error(&m.c.e, KYMO_EDATA, why[i]);
        wfdb_made_release(&m);
    }
    wfdb_made_with_track(&m, ev, COUNT_OF(ev));
    m.c.lossy = true;
    wfdb_write_rec(&m);
    assert_int_equal(m.c.rc, 0);
    assert_warned(&m.c.told, "1 events before the record left out (the first at -1 s)");
    assert_warned(&m.c.told, "1 events with subtypes or numbers beyond -128..127 written without (the first at 1 s)");
    assert_warned(&m.c.told, "1 texts cut to 255 bytes (the first at 2 s)");
    wfdb_read_rec(&m, "atr", &t);
    assert_int_equal(t.n_events, 2);
    snprintf(cut, sizeof cut, "%.254s", text);
    assert_string_equal(t.event[1].text, cut);
    taken_free(&t);
    wfdb_made_release(&m);
}

static void tracks_are_endings(void **state)
{
    struct wfdb_made m;
    struct kymo_err e = {0};
    struct taken t;
    (void)state;

    wfdb_made_with_track(&m, NULL, 0);
    assert_int_equal(kymo_header_add_track(&m.hdr, "EDF Annotations", &e), 1);
    wfdb_write_rec(&m);
    assert_error(&m.c.e, KYMO_EDATA, "the event track \"EDF Annotations\" is no ending for a file");
    m.c.lossy = true;
    wfdb_write_rec(&m);
    assert_warned(&m.c.told, "the event track \"EDF Annotations\" is no ending for a file, of letters, digits, _ and -: "
                             "written as .EDF_Annotations");
    wfdb_read_rec(&m, "EDF_Annotations", &t);
    assert_int_equal(t.n_events, 0);
    taken_free(&t);
    assert_int_equal(kymo_header_add_track(&m.hdr, "d0", &e), 2);
    wfdb_write_rec(&m);
    assert_error(&m.c.e, KYMO_EDATA, "the event track \"d0\" cannot be in rec.d0: that is another file of the record");
    wfdb_made_release(&m);
}

static void events_alone_make_a_record(void **state)
{
    const struct kymo_event ev[] = {wfdb_event_at(S / 1000, "N", ""), wfdb_event_at(10 * S, "V", "")};
    struct kymo_err e = {0};
    struct wfdb_made m;
    struct taken t;
    (void)state;

    wfdb_made_init(&m, kymo_ratio(1000, 1), 0);
    assert_int_equal(kymo_header_add_track(&m.hdr, "qrs", &e), 0);
    m.event = ev;
    m.n_events = 2;
    wfdb_write_rec(&m);
    assert_wfdb_copied(&m.c);
    wfdb_read_rec(&m, "qrs", &t);
    assert_int_equal(t.hdr.n_signals, 0);
    assert_int_equal(t.n_events, 2);
    assert_event_is(&t.event[0], &ev[0]);
    assert_event_is(&t.event[1], &ev[1]);
    taken_free(&t);
    wfdb_made_release(&m);
}

static void a_recording_without_samples_is_an_empty_record(void **state)
{
    struct wfdb_made m;
    struct taken t;
    (void)state;

    for (int flac = 0; flac < 2; flac++) {
        wfdb_made_init(&m, kymo_ratio(1000, 1), 0);
        wfdb_add_signal(&m, "A", 1, KYMO_I16);
        m.c.variant = flac ? "516" : NULL;
        wfdb_write_rec(&m);
        assert_wfdb_copied(&m.c);
        if (!flac) {
            wfdb_read_rec(&m, NULL, &t);
            assert_int_equal(t.trace[0].n, 0);
            taken_free(&t);
        }
        wfdb_made_release(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(annotations_come_back),
        cmocka_unit_test(an_annotation_of_every_code_comes_back),
        cmocka_unit_test(words_durations_and_values_come_back),
        cmocka_unit_test(a_plain_note_is_a_note_of_wfdb),
        cmocka_unit_test(any_event_comes_back),
        cmocka_unit_test(times_between_frames_get_the_resolution_they_need),
        cmocka_unit_test(events_are_put_in_order_of_time),
        cmocka_unit_test(events_that_no_annotation_holds_are_refused_or_told),
        cmocka_unit_test(tracks_are_endings),
        cmocka_unit_test(events_alone_make_a_record),
        cmocka_unit_test(a_recording_without_samples_is_an_empty_record),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
