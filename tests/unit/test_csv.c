/* tests/unit/test_csv.c - samples as CSV: rates found, gaps, missing values, text that reads back, hostile input. */
#include "support.h"

#include "formats/csv_header.h"
#include "formats/csv_number.h"
#include "formats/csv_rate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading ---- */

static int read_text(const char *text, const char *name, const struct kymo_want *want, struct taken *t, struct kymo_err *e)
{
    struct bytes b = {0};

    put_text(&b, text);
    const int rc = read_bytes(&b, name, want, t, e);
    bytes_free(&b);
    return rc;
}

static void refuses(const char *text, int code, const char *part)
{
    struct kymo_err e = {0};
    struct taken t;

    assert_true(read_text(text, "x.csv", NULL, &t, &e) < 0);
    assert_error(&e, code, part);
    taken_free(&t);
}

static void columns_become_signals(void **state)
{
    struct kymo_err e = {0};
    struct taken t;
    (void)state;

    assert_int_equal(read_text("time_s,II [mV],ABP (mmHg),Temp_degC,SpO2_pct,\"a;;;; \"\"b\",x_y\n"
                               "0,-0.145,80,36.5,98,1e2,\" 2 \"\n0.004,0.1,81,36.5,98,-1E-3,3\n",
                               "x.csv", NULL, &t, &e), 0);
    static const char *const label[] = {"II", "ABP", "Temp", "SpO2", "a;;;; \"b", "x_y"};
    static const char *const unit[] = {"mV", "mmHg", "degC", "%", "", ""};
    assert_int_equal(t.hdr.n_signals, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_string_equal(t.hdr.signal[i].label, label[i]);
        assert_string_equal(t.hdr.signal[i].unit, unit[i]);
        assert_int_equal(t.hdr.signal[i].rate.num, 250);
        assert_int_equal(t.hdr.signal[i].rate.den, 1);
        assert_int_equal(t.trace[i].n, 2);
    }
    assert_true(t.trace[0].physical[0] == -0.145 && t.trace[4].physical[0] == 100 && t.trace[4].physical[1] == -0.001);
    assert_true(t.trace[5].physical[0] == 2 && t.trace[5].physical[1] == 3);
    assert_int_equal(t.hdr.signal[0].kind, KYMO_ECG);
    taken_free(&t);
}

static void what_names_time_is_known(void **state)
{
    static const char *const names[] = {"time_s", "Time", "t", "timestamp", "seconds", "Elapsed", "Elapsed time (s)",
                                        "time [sec]", "\"Time\"", "'Elapsed time'"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct kymo_err e = {0};
        struct taken t;
        char text[120];
        snprintf(text, sizeof text, "%s,x\n0,1\n0.5,2\n1,3\n", names[i]);
        assert_int_equal(read_text(text, "x.csv", NULL, &t, &e), 0);
        assert_int_equal(t.hdr.n_signals, 1);
        assert_int_equal(t.hdr.signal[0].rate.num, 2);
        taken_free(&t);
    }
}

static void milliseconds_are_recognised(void **state)
{
    static const char *const names[] = {"time_ms", "time (ms)", "t [ms]", "timestamp_ms", "ms"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct kymo_err e = {0};
        struct taken t;
        char text[120];
        snprintf(text, sizeof text, "%s,x\n0,1\n4,2\n8,3\n12,3\n", names[i]);
        assert_int_equal(read_text(text, "x.csv", NULL, &t, &e), 0);
        assert_int_equal(t.hdr.signal[0].rate.num, 250);
        taken_free(&t);
    }
}

static void dates_and_unix_times_are_the_start(void **state)
{
    struct kymo_err e = {0};
    struct taken t;
    char start[64];
    (void)state;

    assert_int_equal(read_text("timestamp,glucose [mg/dL]\n2020-02-28 23:55:00,100\n2020-02-29T00:00:00,101\n"
                               "2020-02-29T00:05:00Z,102\n", "x.csv", NULL, &t, &e), 0);
    kymo_start_text(&t.hdr.start, start, sizeof start);
    assert_string_equal(start, "2020-02-28T23:55:00");
    assert_int_equal(t.hdr.signal[0].rate.num, 1);
    assert_int_equal(t.hdr.signal[0].rate.den, 300);
    taken_free(&t);
    assert_int_equal(read_text("timestamp,x\n1600000000.5,1\n1600000001.5,2\n1600000002.5,3\n", "x.csv", NULL, &t, &e), 0);
    kymo_start_text(&t.hdr.start, start, sizeof start);
    assert_string_equal(start, "2020-09-13T12:26:40.5");
    assert_int_equal(t.trace[0].time_ns[0], 0);
    taken_free(&t);
    assert_int_equal(read_text("timestamp,x\n1600000000500,1\n1600000000520,2\n1600000000540,3\n", "x.csv", NULL, &t, &e), 0);
    kymo_start_text(&t.hdr.start, start, sizeof start);
    assert_string_equal(start, "2020-09-13T12:26:40.5");
    assert_int_equal(t.hdr.signal[0].rate.num, 50);
    taken_free(&t);
    assert_int_equal(read_text("timestamp,x\n99999999999,1\n99999999998,2\n", "x.csv", NULL, &t, &e), KYMO_EFORMAT);
    taken_free(&t);
}

static void missing_values_are_nan(void **state)
{
    struct kymo_err e = {0};
    struct taken t;
    (void)state;

    assert_int_equal(read_text("t;x;y\r\n0;#N/A;1\r\n1;NaN;nan\r\n2;-;NA\r\n3;5;\r\n", "x.csv", NULL, &t, &e), 0);
    for (size_t i = 0; i < 3; i++)
        assert_true(isnan(t.trace[0].physical[i]));
    assert_true(t.trace[0].physical[3] == 5 && t.trace[1].physical[0] == 1 && isnan(t.trace[1].physical[3]));
    taken_free(&t);
}

static void a_jump_in_time_is_a_gap(void **state)
{
    struct kymo_err e = {0};
    struct taken t;
    (void)state;

    assert_int_equal(read_text("t,x\n0,1\n0.5,2\n1,3\n10,4\n10.5,5\n20.25,6\n20.75,7\n", "x.csv", NULL, &t, &e), 0);
    assert_int_equal(t.n_segments, 2);
    assert_int_equal(t.trace[0].index[3], 20);
    assert_int_equal(t.trace[0].time_ns[3], 10 * KYMO_NS_PER_S);
    assert_int_equal(t.trace[0].index[5], 41);                        /* off the grid: the next number of it */
    assert_int_equal(t.trace[0].time_ns[5], 20250000000);
    assert_int_equal(t.trace[0].time_ns[6], 20750000000);
    taken_free(&t);
}

/* One second is missing where the last digit of a time is a second: not the slack of rounding. */
static void a_missing_row_is_a_gap_however_short_the_times(void **state)
{
    struct kymo_err e = {0};
    struct taken t;
    (void)state;

    assert_int_equal(read_text("time_s,SpO2\n0,97\n1,96\n2,95\n3,94\n5,93\n6,92\n", "x", NULL, &t, &e), 0);
    assert_int_equal(t.n_segments, 1);
    assert_int_equal(t.segment_ns[0], 5 * KYMO_NS_PER_S);
    assert_int_equal(t.trace[0].index[4], 5);
    assert_int_equal(t.trace[0].time_ns[5], 6 * KYMO_NS_PER_S);
    taken_free(&t);
}

static void a_part_keeps_its_times(void **state)
{
    struct kymo_err e = {0};
    struct taken t;
    (void)state;

    assert_int_equal(read_text("time_s,x\n60.002777778,1\n60.005555556,2\n60.008333333,3\n", "x.csv", NULL, &t, &e), 0);
    assert_int_equal(t.hdr.signal[0].rate.num, 360);
    assert_int_equal(t.trace[0].index[0], 21601);
    assert_int_equal(t.trace[0].time_ns[0], 60002777778);
    taken_free(&t);
}

static void the_rate_can_be_told(void **state)
{
    const struct kymo_want want = {.rate = {499, 2}, .unit = "mV"};
    struct kymo_err e = {0};
    struct taken t;
    (void)state;

    assert_int_equal(read_text("a,b\n1,2\n3,4\n", "x.csv", &want, &t, &e), 0);
    assert_int_equal(t.hdr.signal[1].rate.num, 499);
    assert_string_equal(t.hdr.signal[1].unit, "mV");
    assert_int_equal(t.trace[1].n, 2);
    taken_free(&t);
    assert_int_equal(read_text("t,b\n0,2\n3,4\n3,5\n1,6\n", "x.csv", &want, &t, &e), 0);   /* whatever the times */
    assert_int_equal(t.trace[0].n, 4);
    taken_free(&t);
    assert_int_equal(read_text("'sample #','II'\n'','(mV)'\n10,1\n11,2\n50,3\n", "x.csv", &want, &t, &e), 0);   /* as rdsamp */
    assert_int_equal(t.trace[0].n, 3);
    assert_string_equal(t.hdr.signal[0].label, "II");
    assert_int_equal(t.trace[0].index[0], 10);
    assert_int_equal(t.trace[0].index[2], 50);
    assert_int_equal(t.n_segments, 1);
    taken_free(&t);
}

static void a_line_of_units_is_taken(void **state)
{
    struct kymo_err e = {0};
    struct taken t;
    (void)state;

    assert_int_equal(read_text("'Elapsed time','MLII','V5'\n'hh:mm:ss.mmm','mV','mV'\n'0:00.000',-0.145,-0.065\n"
                               "'0:00.003',-0.145,-0.065\n'0:00.006',1,2\n'0:00.008',1,2\n'0:00.011',1,2\n'0:00.014',1,2\n"
                               "'0:00.017',1,2\n", "x.csv", NULL, &t, &e), 0);
    assert_string_equal(t.hdr.signal[0].label, "MLII");
    assert_string_equal(t.hdr.signal[1].unit, "mV");
    assert_int_equal(t.trace[1].n, 7);
    taken_free(&t);
}

/* As MATLAB's csvwrite prints: five digits, so that times from 100 s on are told to 10 ms only. */
static void times_of_few_digits_are_borne(void **state)
{
    struct kymo_err e = {0};
    struct bytes b = {0};
    struct taken t;
    (void)state;

    put_text(&b, "Time [s], RESP\n");
    for (int i = 0; i < 140000; i++) {
        char line[40];
        snprintf(line, sizeof line, "%.5g,%d\n", i / 125.0 + (i >= 130000 ? 50 : 0), i);
        put_text(&b, line);
    }
    assert_int_equal(read_bytes(&b, "x.csv", NULL, &t, &e), 0);
    assert_int_equal(t.hdr.signal[0].rate.num, 125);
    assert_int_equal(t.n_segments, 1);
    assert_int_equal(t.trace[0].n, 140000);
    assert_int_equal(t.trace[0].index[129999], 129999);
    assert_in_range(t.trace[0].index[130000], 130000 + 6250 - 13, 130000 + 6250 + 13);   /* 0.1 s */
    taken_free(&t);
    bytes_free(&b);
}

static void commas_between_semicolons_are_decimal(void **state)
{
    struct kymo_err e = {0};
    struct taken t;
    (void)state;

    assert_int_equal(read_text("t;x;y\n0,00;-0,5;1\n0,02;\"1,25\";2,5e1\n0,04;;3,0\n", "x.csv", NULL, &t, &e), 0);
    assert_int_equal(t.hdr.signal[0].rate.num, 50);
    assert_true(t.trace[0].physical[0] == -0.5 && t.trace[0].physical[1] == 1.25 && isnan(t.trace[0].physical[2]));
    assert_true(t.trace[1].physical[0] == 1 && t.trace[1].physical[1] == 25 && t.trace[1].physical[2] == 3);
    taken_free(&t);
}

static void damage_is_refused_with_its_line(void **state)
{
    (void)state;
    refuses("t,x\n0,1\n1,abc\n2,3\n", KYMO_EFORMAT, "x.csv:3");
    refuses("t,x\n0,1\n1,2,3\n2,3\n", KYMO_EFORMAT, "more than 2 cells, the first line names 2");
    refuses("t,x\n0,1\n1\n2,3\n", KYMO_EFORMAT, "x.csv:3: 1 cells");
    refuses("t\tx\n0\t0,5\n1\t0,6\n", KYMO_EFORMAT, "decimal comma");
    refuses("t\tx\n0,0\t5\n0,1\t6\n", KYMO_EFORMAT, "decimal comma");
    refuses("t;x\n0;5\n1;1.024,5\n", KYMO_EFORMAT, "\"1.024,5\" is no number");
    refuses("t,x\n0,1\n1,2\n2,3\n2,4\n3,5\n", KYMO_EDATA, "x.csv:5: time does not increase");
    refuses("t,x\n0,1\n1,2\n2.7,3\n3,4\n4,5\n5,6\n5.3,7\n7,8\n8,9\n", KYMO_EDATA, "--rate");
    refuses("t,x\n0,1\n", KYMO_EDATA, "1 rows: too few");
    refuses("t,x\n", KYMO_EDATA, "0 rows: too few");
    refuses("a,b\n1,2\n", KYMO_EDATA, "no column of times");
    refuses("0,1\n1,2\n2,3\n", KYMO_EFORMAT, "must name the columns");
    refuses("t,name\n0,a\n1,b\n", KYMO_EFORMAT, "no column of numbers");
    refuses("t,x\nabc,1\n1,2\n", KYMO_EFORMAT, "no time");
}

static void a_column_of_words_is_left_out_and_told_of(void **state)
{
    struct warnings warned = {0};
    const struct kymo_want want = {.log = log_to(&warned, false)};
    struct kymo_err e = {0};
    struct taken t;
    (void)state;

    assert_int_equal(read_text("t,note,x,\n0,,1,\n1,rest,2,\n2,run,3,", "x.csv", &want, &t, &e), 0);
    assert_int_equal(t.hdr.n_signals, 1);
    assert_int_equal(t.trace[0].n, 3);
    assert_warned(&warned, "column note holds no numbers");
    assert_warned(&warned, "x.csv:4: the last line has no end");
    taken_free(&t);
}

static int probe(const char *text, bool named_so)
{
    return csv_probe((const unsigned char *)text, strlen(text), named_so, ',');
}

static void tables_of_events_and_other_texts_are_left_alone(void **state)
{
    (void)state;
    assert_int_equal(probe("time_s,sample,signal,type,duration_s,value,text\n1,2,,N,,,\n", true), 0);
    assert_true(probe("time_s,value\n1,2\n", true) < 80);
    assert_true(probe("time_s,II\n1,2\n", true) > 80 && probe("time_s,II\n1,2\n", false) > 80);
    assert_true(probe("a,b\n1,2\n", false) > 0);
    assert_int_equal(probe("Dear Sir,\nyours, as ever\n", false), 0);
    assert_int_equal(probe("100 2 360 650000\n100.dat 212 200 11 1024 995 -22131 0 MLII\n", false), 0);
    assert_int_equal(probe("\x01\x02,\n1,2\n", true), 0);
}

/* ---- rates ---- */

/* Finds the rate of n times of a rate, printed with so many decimals; every 500th jumps if with_gaps. */
static struct kymo_ratio find(struct kymo_ratio rate, size_t n, int decimals, bool with_gaps)
{
    struct csv_times t = {.n = n, .step_ns = 1};
    struct csv_grid grid;
    int64_t *ns = malloc(n * sizeof *ns), jump = 0;

    assert_non_null(ns);
    for (int i = decimals; i < 9; i++)
        t.step_ns *= 10;
    for (size_t i = 0; i < n; i++) {
        jump += with_gaps && i % 500 == 400 ? kymo_time_of(rate, 7) + 12345 : 0;
        const int64_t exact = kymo_time_of(rate, (int64_t)i) + jump;
        ns[i] = (exact + t.step_ns / 2) / t.step_ns * t.step_ns;
    }
    t.ns = ns;
    assert_true(csv_find_rate(&t, &grid));
    free(ns);
    return grid.rate;
}

static void rates_are_found_exactly(void **state)
{
    static const struct kymo_ratio rates[] = {{257, 1}, {9999, 20}, {1, 30}, {250, 1}, {360, 1}, {128, 1}, {125, 1}, {1, 300},
                                              {1000, 1}, {512, 1}, {100, 3}, {3051757813, 6250000}, {1, 1}, {44100, 1}};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(rates); i++)
        for (int gaps = 0; gaps < 2; gaps++) {
            const struct kymo_ratio found = find(rates[i], 5000, 9, gaps);
            const bool fine = i == 11;   /* 488.28125008 Hz: what 5000 times of 1 ns cannot tell from 488.28125 */
            assert_true(fine || (found.num == rates[i].num && found.den == rates[i].den));
        }
}

static void rates_are_found_in_milliseconds(void **state)
{
    static const struct kymo_ratio rates[] = {{257, 1}, {1, 30}, {250, 1}, {360, 1}, {128, 1}, {125, 1}, {100, 3}, {500, 1}};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(rates); i++) {
        const struct kymo_ratio found = find(rates[i], 20000, 3, false);
        assert_int_equal(found.num, rates[i].num);
        assert_int_equal(found.den, rates[i].den);
    }
    const struct kymo_ratio found = find((struct kymo_ratio){9999, 20}, 100000, 3, false);   /* 200 s: 0.1 per mille apart */
    assert_int_equal(found.num, 9999);
    assert_int_equal(found.den, 20);
}

static void jitter_below_half_a_sample_is_borne(void **state)
{
    struct dice d = {7};
    int64_t ns[5000];
    struct csv_grid grid;
    (void)state;

    for (int i = 0; i < 5000; i++)
        ns[i] = 4000000 * (int64_t)i + roll_between(&d, -1000000, 1000000);
    assert_true(csv_find_rate(&(struct csv_times){ns, 5000, 1}, &grid));
    assert_int_equal(grid.rate.num, 250);
    assert_int_equal(grid.rate.den, 1);
    assert_true(grid.jitter_ns > 900000 && grid.jitter_ns < 1100000);
}

/* ---- numbers ---- */

static void plain_numbers_are_the_nearest_doubles(void **state)
{
    struct dice d = {3};
    (void)state;

    for (int i = 0; i < 100000; i++) {
        char text[64];
        double fast = 0;
        const int n = snprintf(text, sizeof text, "%.*f", (int)roll_below(&d, 12),
                               (double)roll_between(&d, -1000000000, 1000000000) / 1e5);
        const char *stop = kymo_plain_number(text, text + n, &fast);
        if (stop) {
            assert_ptr_equal(stop, text + n);
            assert_true(fast == strtod(text, NULL));
        }
    }
    double v;
    static const char *const none[] = {"", "-", ".", "e5", "1e5", "1234567890123456789"};
    for (size_t i = 0; i < COUNT_OF(none); i++)
        assert_null(kymo_plain_number(none[i], none[i] + strlen(none[i]), &v));
}

static double put_and_read(double x, bool is_f32, size_t *n)
{
    char text[CSV_NUMBER_BYTES + 1];

    *n = csv_put_real(text, x, is_f32);
    assert_true(*n > 0 && *n <= CSV_NUMBER_BYTES);
    text[*n] = '\0';
    return strtod(text, NULL);
}

static void reals_read_back_bit_by_bit(void **state)
{
    struct dice d = {5};
    size_t n;
    (void)state;

    for (int i = 0; i < 100000; i++) {
        const uint64_t bits = roll(&d);
        const uint32_t half = (uint32_t)bits;
        double x;
        float f;
        memcpy(&x, &bits, sizeof x);
        memcpy(&f, &half, sizeof f);
        if (isfinite(x))
            assert_true(put_and_read(x, false, &n) == x);
        if (isfinite(f))
            assert_true((float)put_and_read((double)f, true, &n) == f);
        const double decimal = (double)roll_between(&d, -1000000, 1000000) / 1000;
        assert_true(put_and_read(decimal, false, &n) == decimal && n <= 10);
    }
    assert_true(put_and_read((double)0.1f, true, &n) > 0 && n == 3);
    assert_int_equal(csv_put_real(NULL, (double)NAN, false), 0);
}

/* Every integer comes back from its text, whatever gain and baseline, and no more than 1 % of a step off. */
static void integers_read_back_whatever_the_gain(void **state)
{
    struct dice d = {11};
    (void)state;

    for (int i = 0; i < 20000; i++) {
        const int e10 = (int)roll_between(&d, -6, 6);
        const double whole = (double)roll_between(&d, -40000, 40000), part = 0.25 * (double)roll_between(&d, -9, 9);
        const struct kymo_signal s = {.gain = (double)roll_between(&d, 1, 100000) * pow(10, e10) * (i % 2 ? 1 : -1),
                                      .baseline = i % 3 ? whole : part};
        const int decimals = csv_decimals(&s);
        for (int k = 0; k < 10; k++) {
            char text[CSV_NUMBER_BYTES + 1];
            const int32_t digital = (int32_t)roll_between(&d, k < 5 ? -32768 : -2147483647, k < 5 ? 32767 : 2147483647);
            const size_t n = csv_put_digital(text, &s, digital, decimals);
            assert_true(n > 0 && n <= CSV_NUMBER_BYTES);
            text[n] = '\0';
            const double back = strtod(text, NULL) * s.gain + s.baseline;
            assert_true(fabs(back - digital) < 0.02);
        }
    }
}

static void a_gain_of_200_needs_three_decimals(void **state)
{
    const struct kymo_signal s = {.gain = 200, .baseline = 1024};
    char text[CSV_NUMBER_BYTES];
    (void)state;

    assert_int_equal(csv_decimals(&s), 3);
    assert_memory_equal(text, "-0.145", csv_put_digital(text, &s, 1024 - 29, 3));
    assert_memory_equal(text, "0", csv_put_digital(text, &s, 1024, 3));
    assert_memory_equal(text, "0.5", csv_put_digital(text, &s, 1124, 3));
    assert_memory_equal(text, "-0.005", csv_put_digital(text, &s, 1023, 3));
}

/* ---- writing ---- */

struct made {
    struct kymo_header hdr;
    struct bytes text;
    int rc;
};

/* Writes a recording of one segment and one gap in blocks of any length. */
static void write_made(struct made *m, const char *format, struct kymo_ratio rate, size_t n_signals, struct dice *d,
                       struct kymo_err *e)
{
    struct kymo_block b;
    const int64_t start = roll_between(d, 0, 3) * 1000, gap = roll_between(d, 2, 100000);
    int64_t at = start;

    *m = (struct made){.rc = 0};
    kymo_header_init(&m->hdr);
    for (size_t i = 0; i < n_signals; i++) {
        struct kymo_signal *s = kymo_header_signal(&m->hdr, e);
        char label[32];
        snprintf(label, sizeof label, "S %zu", i);
        s->label = kymo_header_text(&m->hdr, label, strlen(label), e);
        s->unit = i % 2 ? "mV" : "";
        s->storage = (enum kymo_storage)(i % KYMO_STORAGES);
        s->rate = rate;
        s->gain = (double)roll_between(d, 1, 5000) / 4;
        s->baseline = (double)roll_between(d, -100, 100);
        s->can_miss = true;
    }
    struct kymo_output *out = kymo_output_memory(e);
    struct kymo_writer *w = kymo_create(kymo_format_named(format), out, &m->hdr, 0, e);
    assert_non_null(w);
    kymo_block_init(&b, &m->hdr);
    for (int k = 0; k < 6 && m->rc == 0; k++) {
        const size_t n = 1 + roll_below(d, 300);
        at += k == 3 ? gap : 0;
        b.new_segment = k == 3;
        b.segment_ns = k == 3 ? kymo_time_of(rate, at) : b.segment_ns;
        for (size_t i = 0; i < n_signals; i++) {
            kymo_block_reserve(&b, i, n, e);
            b.span[i].n = n;
            b.span[i].first = at;
            b.span[i].segment_first = k == 3 ? at : b.span[i].segment_first;
            for (size_t j = 0; j < n; j++) {
                const bool gone = roll_below(d, 20) == 0;
                b.span[i].digital[j] = gone ? KYMO_MISSING : (int32_t)roll_between(d, -30000, 30000);
                b.span[i].physical[j] = gone ? (double)NAN : (double)(float)((double)roll_between(d, -99999, 99999) / 7);
            }
        }
        at += (int64_t)n;
        m->rc = kymo_write(w, &b, e);
    }
    if (m->rc == 0)
        m->rc = kymo_write_finish(w, e);
    size_t n_text;
    const unsigned char *text = kymo_output_bytes(out, &n_text);
    put_bytes(&m->text, text, n_text);
    kymo_writer_destroy(w);
    kymo_output_destroy(out);
    kymo_block_release(&b);
}

/* CSV -> recording -> CSV gives the same bytes: nothing was lost that the first had. */
static void rewrite_is_the_same(const struct made *m, const char *format, struct kymo_err *e)
{
    struct kymo_reader *r = open_bytes(&m->text, "x", NULL, e);
    struct kymo_output *out = kymo_output_memory(e);
    struct kymo_block *b;
    size_t n;
    int rc;

    assert_non_null(r);
    struct kymo_writer *w = kymo_create(kymo_format_named(format), out, &r->hdr, 0, e);
    assert_non_null(w);
    while ((rc = kymo_read(r, &b, e)) > 0)
        assert_int_equal(kymo_write(w, b, e), 0);
    assert_int_equal(rc, 0);
    assert_int_equal(kymo_write_finish(w, e), 0);
    const unsigned char *text = kymo_output_bytes(out, &n);
    assert_int_equal(n, m->text.n);
    assert_memory_equal(text, m->text.p, n);
    kymo_writer_destroy(w);
    kymo_output_destroy(out);
    kymo_close(r);
}

static void what_was_written_reads_back(void **state)
{
    static const struct kymo_ratio rates[] = {{250, 1}, {360, 1}, {257, 1}, {9999, 20}, {1, 30}, {100003, 1}, {1000, 3}};
    struct dice d = {13};
    (void)state;

    for (int i = 0; i < 60; i++) {
        struct kymo_err e = {0};
        struct made m;
        struct taken t, piped;
        const struct kymo_ratio rate = rates[(size_t)i % COUNT_OF(rates)];
        const char *format = i % 2 ? "csv" : "tsv";
        write_made(&m, format, rate, 1 + roll_below(&d, 7), &d, &e);
        assert_int_equal(m.rc, 0);
        assert_int_equal(read_bytes(&m.text, "x", NULL, &t, &e), 0);
        assert_int_equal(t.n_segments, 1);
        for (size_t s = 0; s < m.hdr.n_signals; s++) {
            assert_int_equal(t.hdr.signal[s].rate.num, rate.num);
            assert_int_equal(t.hdr.signal[s].rate.den, rate.den);
            assert_string_equal(t.hdr.signal[s].label, m.hdr.signal[s].label);
            assert_string_equal(t.hdr.signal[s].unit, m.hdr.signal[s].unit);
        }
        rewrite_is_the_same(&m, format, &e);
        assert_int_equal(read_piped(&m.text, 700, &d, NULL, &piped, &e), 0);
        assert_same_samples(&t, &piped);
        taken_free(&t);
        taken_free(&piped);
        bytes_free(&m.text);
        kymo_header_release(&m.hdr);
    }
}

static void what_a_table_cannot_hold_is_refused(void **state)
{
    struct kymo_err e = {0};
    struct kymo_header h;
    struct kymo_output *out = kymo_output_memory(&e);
    (void)state;

    kymo_header_init(&h);
    assert_null(kymo_create(kymo_format_named("csv"), out, &h, 0, &e));
    assert_error(&e, KYMO_EDATA, "no signals");
    kymo_header_signal(&h, &e);
    kymo_header_signal(&h, &e)->rate = (struct kymo_ratio){2, 1};
    e.n = 0;
    assert_null(kymo_create(kymo_format_named("csv"), out, &h, 0, &e));
    assert_error(&e, KYMO_EDATA, "holds one rate");
    h.n_signals = 1;
    e.n = 0;
    struct kymo_writer *w = kymo_create(kymo_format_named("csv"), out, &h, 0, &e);
    assert_int_equal(kymo_write_event(w, &(struct kymo_event){.text = ""}, &e), KYMO_EDATA);
    assert_error(&e, KYMO_EDATA, "--lossy");
    kymo_writer_destroy(w);
    kymo_output_destroy(out);
    kymo_header_release(&h);
}

static void tables_too_short_to_tell_a_rate_are_told_of(void **state)
{
    static const char *const told_of[] = {"a table of 0 rows does not tell that they are 250 a second: to read it takes --rate",
                                          "a table of 1 rows does not tell that they are 250 a second", NULL};
    (void)state;

    for (size_t n = 0; n < 3; n++) {
        struct kymo_err e = {0};
        struct warnings told = {0};
        const struct kymo_log log = log_to(&told, false);
        struct kymo_header h;
        struct kymo_block b;
        struct folder f;
        struct taken t;
        char path[160];
        folder_make(&f);
        kymo_header_init(&h);
        kymo_header_signal(&h, &e)->rate = kymo_ratio(250, 1);
        struct kymo_writer *w = kymo_create_file(kymo_format_named("csv"), folder_path(&f, "x.csv", path), &h, 0, false, &log,
                                                 &e);
        kymo_block_init(&b, &h);
        assert_int_equal(kymo_block_reserve(&b, 0, n + 1, &e), 0);
        b.span[0].digital[0] = b.span[0].digital[n / 2] = 7;
        b.span[0].n = n;
        assert_int_equal(kymo_write(w, &b, &e), 0);
        assert_int_equal(kymo_write_finish(w, &e), 0);
        assert_int_equal(told.n, told_of[n] != NULL);
        if (told_of[n])
            assert_warned(&told, told_of[n]);
        const struct kymo_want want = {.rate = kymo_ratio(n < 2 ? 250 : 0, 1)};
        assert_int_equal(read_path(path, &want, &t, &e), 0);
        assert_int_equal(t.hdr.signal[0].rate.num, 250);
        assert_int_equal(t.trace[0].n, n);
        taken_free(&t);
        kymo_writer_destroy(w);
        kymo_block_release(&b);
        kymo_header_release(&h);
        folder_remove(&f);
    }
}

/* A reader would take the row behind such a gap for one that comes too early. */
static void gaps_of_less_than_a_sample_are_closed(void **state)
{
    static const int64_t times_ns[] = {0, 1, 2, 3, 5, 6};
    struct kymo_signal *sig;
    struct kymo_header h;
    struct warnings told = {0};
    const struct kymo_log log = log_to(&told, false);
    struct kymo_err e = {0};
    struct kymo_block b;
    struct folder f;
    struct taken t;
    char path[160];
    (void)state;

    folder_make(&f);
    kymo_header_init(&h);
    sig = kymo_header_signal(&h, &e);
    sig->rate = kymo_ratio(1, 1);
    sig->storage = KYMO_F64;
    struct kymo_writer *w = kymo_create_file(kymo_format_named("csv"), folder_path(&f, "x.csv", path), &h, 0, true, &log, &e);
    kymo_block_init(&b, &h);
    for (int k = 0; k < 3; k++) {
        static const int64_t begins_ns[] = {0, 1400000000, 5000000000};
        kymo_block_clear(&b);
        assert_int_equal(kymo_block_reserve(&b, 0, 2, &e), 0);
        b.new_segment = k > 0;
        b.segment_ns = begins_ns[k];
        b.span[0].first = b.span[0].segment_first = kymo_index_at(sig->rate, begins_ns[k]);
        b.span[0].n = 2;
        b.span[0].physical[0] = 2 * k;
        b.span[0].physical[1] = 2 * k + 1;
        assert_int_equal(kymo_write(w, &b, &e), 0);
    }
    assert_int_equal(kymo_write_finish(w, &e), 0);
    assert_warned(&told, "1 gaps of less than a sample closed, what is behind them moved by up to 0.6 s");
    assert_int_equal(read_path(path, NULL, &t, &e), 0);
    assert_int_equal(t.trace[0].n, 6);
    for (size_t i = 0; i < 6; i++)
        assert_true(t.trace[0].time_ns[i] == times_ns[i] * KYMO_NS_PER_S && t.trace[0].physical[i] == (double)i);
    taken_free(&t);
    kymo_writer_destroy(w);
    kymo_block_release(&b);
    kymo_header_release(&h);
    folder_remove(&f);
}

/* ---- hostile ---- */

/* Changed bytes, cut ends: read, or refused with a cause. */
static void damaged_tables_end_well(void **state)
{
    static const char text[] = "time_s,II [mV],\"a \"\"b\"\"\"\n0,-0.145,1e3\n0.004,,NaN\n0.008,0.2,5\n10,0.1,2\n10.004,3,4\n";
    struct dice d = {17};
    (void)state;

    for (int i = 0; i < 20000; i++) {
        struct kymo_err e = {0};
        struct taken t;
        char copy[sizeof text];
        memcpy(copy, text, sizeof text);
        for (uint64_t k = 1 + roll_below(&d, 4); k > 0; k--)
            copy[roll_below(&d, sizeof text - 1)] = "0123456789.,;\t\n\r\"'-+eE[]_ \xff\x00#"[roll_below(&d, 29)];
        struct bytes b = {0};
        put_bytes(&b, copy, 1 + roll_below(&d, sizeof text - 2));
        read_bytes(&b, "x.csv", NULL, &t, &e);
        taken_free(&t);
        bytes_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_become_signals),
        cmocka_unit_test(what_names_time_is_known),
        cmocka_unit_test(milliseconds_are_recognised),
        cmocka_unit_test(dates_and_unix_times_are_the_start),
        cmocka_unit_test(missing_values_are_nan),
        cmocka_unit_test(a_jump_in_time_is_a_gap),
        cmocka_unit_test(a_missing_row_is_a_gap_however_short_the_times),
        cmocka_unit_test(a_part_keeps_its_times),
        cmocka_unit_test(the_rate_can_be_told),
        cmocka_unit_test(a_line_of_units_is_taken),
        cmocka_unit_test(times_of_few_digits_are_borne),
        cmocka_unit_test(commas_between_semicolons_are_decimal),
        cmocka_unit_test(damage_is_refused_with_its_line),
        cmocka_unit_test(a_column_of_words_is_left_out_and_told_of),
        cmocka_unit_test(tables_of_events_and_other_texts_are_left_alone),
        cmocka_unit_test(rates_are_found_exactly),
        cmocka_unit_test(rates_are_found_in_milliseconds),
        cmocka_unit_test(jitter_below_half_a_sample_is_borne),
        cmocka_unit_test(plain_numbers_are_the_nearest_doubles),
        cmocka_unit_test(reals_read_back_bit_by_bit),
        cmocka_unit_test(integers_read_back_whatever_the_gain),
        cmocka_unit_test(a_gain_of_200_needs_three_decimals),
        cmocka_unit_test(what_was_written_reads_back),
        cmocka_unit_test(what_a_table_cannot_hold_is_refused),
        cmocka_unit_test(gaps_of_less_than_a_sample_are_closed),
        cmocka_unit_test(tables_too_short_to_tell_a_rate_are_told_of),
        cmocka_unit_test(damaged_tables_end_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
