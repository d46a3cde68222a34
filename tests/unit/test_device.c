/* tests/unit/test_device.c - text of wearables: dates as they print them, recognition, places of samples, damage. */
#include "tests/unit/support.h"

#include "formats/csv_number.h"
#include "formats/device_layout.h"
#include "formats/device_time.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- dates ---- */

/* Both readings of a text, "2031-05-08T23:15:00 2031-08-05T23:15:00", one where they are equal, "" where it is no date. */
static const char *dates_of(const char *text, char out[120])
{
    struct device_time t;
    char both[2][48];

    out[0] = '\0';
    if (!device_parse_time(text, strlen(text), &t))
        return out;
    for (int i = 0; i < DEVICE_ORDERS; i++) {
        const struct kymo_start s = csv_start_of(t.ns[i]);
        kymo_start_text(&s, both[i], sizeof both[i]);
    }
    snprintf(out, 120, "%s%s%s", both[0], t.ns[0] != t.ns[1] ? " " : "", t.ns[0] != t.ns[1] ? both[1] : "");
    return out;
}

static void test_dates(void **state)
{
    static const struct {
        const char *text, *want;
    } texts[] = {
        {"2031-05-08T23:15:00.5+01:00", "2031-05-08T23:15:00.5"}, {"2031-05-08 23:15:00 -0700", "2031-05-08T23:15:00"},
        {"2031/5/8 3:15", "2031-05-08T03:15:00"}, {"2031-05-08T23:15:00Z", "2031-05-08T23:15:00"},
        {"23:15:00 08/05/2031", "2031-05-08T23:15:00 2031-08-05T23:15:00"}, {"23:15:00 13/05/2031", "2031-05-13T23:15:00"},
        {"05-13-2031 11:15 PM", "2031-05-13T23:15:00"}, {"08.05.2031 23:15", "2031-05-08T23:15:00 2031-08-05T23:15:00"},
        {"11:15:00PM May 08, 2031", "2031-05-08T23:15:00"}, {"12:00:05AM May 08, 2031", "2031-05-08T00:00:05"},
        {"12:00:05 pm May 8 2031", "2031-05-08T12:00:05"}, {"23:15:00 May 08 2031", "2031-05-08T23:15:00"},
        {"8 May 2031", "2031-05-08T00:00:00"}, {"May 8, 2031", "2031-05-08T00:00:00"}, {"29/02/2032", "2032-02-29T00:00:00"},
        {"05-09-2031 11:00 AM UTC", "2031-09-05T11:00:00 2031-05-09T11:00:00"},
        {"29/02/2031", ""}, {"31/04/2031", ""}, {"13/13/2031", ""}, {"08/05/31", ""}, {"13:00:00PM May 8, 2031", ""},
        {"0:10AM 2031-05-08", ""}, {"24:00:00 2031-05-08", ""}, {"23:5 2031-05-08", ""}, {"23:15:00", ""}, {"2031-05-08T23:15:00 1", ""},
        {"2031", ""}, {"", ""},
        {"Mai 8, 2031", ""}, {"1.5", ""}, {"97", ""}, {"8 May 2031 May", ""}, {"9999999999-01-01", ""},
    };
    char out[120];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (strcmp(dates_of(texts[i].text, out), texts[i].want) != 0)
            fail_msg("%s: %s, not %s", texts[i].text, out, texts[i].want);
}

/* ---- recognition ---- */

#define LIBRE "Device,Serial Number,Device Timestamp,Record Type,Historic Glucose mg/dL,Scan Glucose mg/dL,Notes\n"
#define VIATOM "Time,Oxygen Level,Pulse Rate,Motion\n"
#define APPLE "Recorded Date,2031-05-08 07:21:39 -0700\nClassification,x\nSample Rate,512 hertz\nLead,Lead I\nUnit,mV\n\n"

#define NVISION "\"nVision=3,0\"\n\"Ada\"\n\"Example\"\n"

static void test_recognition(void **state)
{
    static const struct {
        const char *path, *text, *want;
    } texts[] = {
        {"x.csv", VIATOM "10:00:00 May 08 2031,97,60,0\n", "viatom"}, {"x.csv", LIBRE, "libre"},
        {"x.csv", "Glucose Data,Generated on,09-05-2031\nBlurb\n" LIBRE, "libre"}, {"x.csv", "\xef\xbb\xbf" LIBRE, "libre"},
        {"x", "Index,Timestamp (YYYY-MM-DDThh:mm:ss),Event Type,Patient Info,Glucose Value (mmol/L)\n", "dexcom"},
        {"x", APPLE "1\n", "apple-ecg"}, {"x", APPLE "1\n2\n", "apple-ecg"},
        {"x", "1935991299.0\n64\n1\n", "empatica-bvp"}, {"a/TEMP.csv", "1935991299.0\n4\n1\n", "empatica-temp"},
        {"s1_EDA.csv", "1935991299.0\n4\n1\n", "empatica-eda"}, {"MEDA.csv", "1935991299.0\n4\n1\n", "empatica"},
        {"x", "1935991299.0,1935991299.0,1935991299.0\n32,32,32\n", "empatica-acc"},
        {"x", "1935991299.5\n1935991300\n", "empatica-tags"},
        {"tags.csv", "1935991299.5\n", "empatica-tags"}, {"x", "\nSPO2=097 HR=060\n", "nonin"},
        {"x", "Date,Time,SpO2,PR,PulseOx_Status,EtCO2,RR\n", "nonin-lifesense"}, {"x", "Date,Time,SpO2,PR\n", NULL},
        {"x", NVISION "1,2031,5,8,23,56,40,61,97\n", "nonin-nvision"}, {"x.asc", NVISION, "nonin-nvision"}, {"x", NVISION, NULL},
        {"x", NVISION "1,2031,5,8,23,56,40,61\n", NULL}, {"x.asc", "a=b\n", NULL},
        {"x.csv", "time_s,SpO2\n0,97\n", NULL}, {"x.csv", "Time,Oxygen Level,Motion\n1,97,0\n", NULL}, {"x", "800\n810\n", NULL},
        {"x", "a,b\n1,2\n", NULL}, {"x", "1935991299.0,3\n64,64\n", NULL}, {"x", "", NULL}, {"x", "SPO2=097\n", NULL},
        {"x", "Name,A\nRate,512 hertz\nUnit,mV\n\n1\n", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        const unsigned char *const head = (const unsigned char *)texts[i].text;
        const struct device_layout *const l = device_look(head, strlen(texts[i].text), texts[i].path);
        if (strcmp(l ? l->name : "-", texts[i].want ? texts[i].want : "-") != 0)
            fail_msg("%zu is %s, not %s", i, l ? l->name : "none", texts[i].want ? texts[i].want : "none");
    }
    for (size_t i = 0; device_layouts[i]; i++)
        assert_non_null(device_layout_named(device_layouts[i]));
    assert_null(device_layout_named("device"));
}

/* What a head of any length shows is never another layout. */
static void test_cut_heads(void **state)
{
    (void)state;
    for (size_t n = 0; n < strlen(APPLE); n++) {
        const struct device_layout *const l = device_look((const unsigned char *)APPLE, n, "x");
        assert_true(!l || strcmp(l->name, "apple-ecg") == 0);
    }
    assert_non_null(device_look((const unsigned char *)APPLE, strlen(APPLE) - 12, "x"));
}

/* ---- reading ---- */

static int read_text(const char *text, const char *as, struct warnings *w, struct taken *t, struct kymo_err *e)
{
    const struct kymo_want want = {.as = as, .log = log_to(w, false)};
    struct bytes b = {0};

    put_text(&b, text);
    const int rc = read_bytes(&b, "x.csv", &want, t, e);
    bytes_free(&b);
    return rc;
}

/* Times and values of the first signal, "0:97 4:96"; notes behind, "| 4 text". */
static void assert_reads(const char *text, const char *warning, const char *want)
{
    struct warnings w = {0};
    struct taken t = {.n_events = 0};
    struct kymo_err e = {0};
    char out[1000] = "";
    size_t n = 0;

    if (read_text(text, NULL, &w, &t, &e) < 0)
        fail_msg("%s: %s", text, e.cause[0].msg);
    for (size_t i = 0; t.hdr.n_signals > 0 && i < t.trace[0].n; i++)
        n += (size_t)snprintf(out + n, sizeof out - n, "%s%g:%g", i ? " " : "", (double)t.trace[0].time_ns[i] / 1e9,
                              t.trace[0].physical[i]);
    for (size_t i = 0; i < t.n_events; i++)
        n += (size_t)snprintf(out + n, sizeof out - n, "%s| %g %s", n ? " " : "", (double)t.event[i].time_ns / 1e9,
                              t.event[i].text);
    assert_string_equal(out, want);
    if (warning)
        assert_warned(&w, warning);
    else
        assert_int_equal(w.n, 0);
    taken_free(&t);
}

static void assert_refused(const char *text, const char *as, const char *why)
{
    struct warnings w = {0};
    struct taken t = {.n_events = 0};
    struct kymo_err e = {0};

    assert_true(read_text(text, as, &w, &t, &e) < 0);
    assert_error(&e, e.cause[0].code, why);
    taken_free(&t);
}

static void test_places(void **state)
{
    (void)state;
    /* A clock beside ours: times go on evenly until a quarter of an interval is reached, then begin anew where they are. */
    assert_reads(VIATOM "10:00:00 13/05/2031,90,60,0\n10:00:04 13/05/2031,91,60,0\n10:00:09 13/05/2031,92,60,0\n"
                 "10:00:14 13/05/2031,93,60,0\n10:00:18 13/05/2031,94,60,0\n10:00:22 13/05/2031,95,60,0\n",
                 "beside", "0:90 4:91 8:92 14:93 18:94 22:95");
    /* A minute is missing, and goes on off the grid; earlier than due too. */
    assert_reads(VIATOM "10:00:00 13/05/2031,90,60,0\n10:00:04 13/05/2031,91,60,0\n10:01:06 13/05/2031,92,60,0\n"
                 "10:01:10 13/05/2031,93,60,0\n10:01:12 13/05/2031,94,60,0\n", NULL, "0:90 4:91 66:92 70:93 72:94");
    /* The same second twice, with whole seconds for an interval: neither is lost. */
    assert_reads(VIATOM "10:00:00 13/05/2031,90,60,0\n10:00:01 13/05/2031,91,60,0\n10:00:01 13/05/2031,92,60,0\n"
                 "10:00:03 13/05/2031,93,60,0\n", "time of rows before",
                 "0:90 1:91 3:93 | 1 SpO2: 92, Pulse rate: 60, Motion: 0");
    /* In no order; the notes come first. */
    assert_reads(LIBRE "L,1,05-13-2031 10:15 AM,0,111,,\nL,1,05-13-2031 10:00 AM,0,110,,\nL,2,05-13-2031 09:50 AM,1,,99,\n"
                 "L,2,05-13-2031 10:05 AM,6,,,walk\nL,2,05-13-2031 10:05 AM,6,,,\n", NULL,
                 "600:110 1500:111 | 0 Scan Glucose mg/dL: 99 | 900 Notes: walk");
    /* One row alone has the usual interval. */
    assert_reads(LIBRE "L,1,05-13-2031 10:15 AM,0,\"5,5\",,\n", NULL, "0:5.5");
}

static void test_layouts(void **state)
{
    struct warnings w = {0};
    struct taken t = {.n_events = 0};
    struct kymo_err e = {0};

    (void)state;
    assert_reads(APPLE "-1.5\n\n\"2,5\"\n3\n", NULL, "0:-1.5 0.00195312:2.5 0.00390625:3");
    assert_reads("\r\nSPO2=097 HR=060\r\nSPO2=--- HR=---*\r\nSPO2=096 HR=061 F\r\n", NULL, "0:97 1:nan 2:96 | 1 event marker");
    assert_reads("1935991299.5\n1935991300.25", "has no end", "| 0 tag | 0.75 tag");
    assert_reads("Nom,A\nNaissance,1961\nDate,08/05/2031 07:21:39\nC,r\nS,n\nV,2\nA,w\nT,512 hertz\nD,Dérivation I\nU,mV\n\n1\n2\n",
                 "day and month", "0:1 0.00195312:2");
    assert_int_equal(read_text("Name,A B\nDate of Birth,\"Feb 5, 1961\"\n" APPLE "1\n2\n", NULL, &w, &t, &e), 0);
    assert_string_equal(t.hdr.subject.name, "A B");
    assert_string_equal(t.hdr.subject.birth, "05-FEB-1961");
    assert_int_equal(t.hdr.signal[0].kind, KYMO_ECG);
    taken_free(&t);
}

static void test_refusals(void **state)
{
    (void)state;
    assert_refused(APPLE "1\nx\n", NULL, "no number: \"x\"");
    assert_refused(APPLE, NULL, "no sample");
    assert_refused("Recorded Date,2031-05-08 07:21:39\nClassification,x\nSample Rate,none\nUnit,mV\n\n1\n", NULL, "is none");
    assert_refused(VIATOM "13:00 13/05/2031,90,60,0,1\n", NULL, "more cells");
    assert_refused(VIATOM "13/05/2031,90,60,0\n", NULL, "no date and time");
    assert_refused(VIATOM "13:00 13/05/2031,ninety,60,0\n", NULL, "is no number");
    assert_refused(VIATOM "13:00:10 13/05/2031,90,60,0\n13:00:06 13/05/2031,90,60,0\n", NULL, "backwards by 4 s");
    assert_refused(VIATOM "13:00 13/05/1931,90,60,0\n13:00 13/05/2031,90,60,0\n", NULL, "years");
    assert_refused("1935991299.0\n4\n1\n", NULL, "but which");
    assert_refused("1935991299.0\n64\n1,2,3\n", NULL, "no number");
    assert_refused("SPO2=097 HR=060\nSPO2=9\n", NULL, "no SPO2");
    assert_refused("SPO2=097 HR=060\n", "libre", "no line that names");
    assert_refused("SPO2=097 HR=060\n", "nothing", "is none of");
    assert_refused("1\n2\n", "apple-ecg", "no lines that tell");
    assert_refused("a\n", "empatica-tags", "no time in seconds");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates), cmocka_unit_test(test_recognition), cmocka_unit_test(test_cut_heads),
        cmocka_unit_test(test_places), cmocka_unit_test(test_layouts), cmocka_unit_test(test_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
