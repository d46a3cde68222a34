/* tests/unit/test_beatmatch.c - the pairing rules one by one, and every cell of bxb 10.7.0's reports on 13 records.
 *
 * The reports and test annotations are in $KYMO_REFERENCE/score (README.md there), the reference annotations in
 * $KYMO_DATA/mitdb; without the variables those tests are skipped and say so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algorithms/beatmatch.h"
#include "algorithms/random.h"

#define WINDOW 54   /* 150 ms at 360 Hz */
#define END 100000

/* ---- small cases: a series is written as "N100 V460 [600 ]900" ---- */

#define MAX_MARKS 64

struct written {
    struct beatmatch_mark mark[MAX_MARKS];
    struct beatmatch_series series;
};

static void write_series(struct written *w, const char *text)
{
    size_t n = 0;

    for (char *p = (char *)text; *p; n++) {
        const char letter[2] = { *p, '\0' };
        assert_true(n < MAX_MARKS);
        w->mark[n].kind = *p == 'X' ? BEATMATCH_X : beatmatch_kind_of(letter, 0);
        w->mark[n].time = strtoll(p + 1, &p, 10);
        p += strspn(p, " ");
    }
    w->series = (struct beatmatch_series){ w->mark, n };
}

static struct beatmatch compare_from(const char *ref, const char *test, int64_t start, int64_t end)
{
    const struct beatmatch_options o = { .window = WINDOW, .start = start, .end = end };
    struct written r, t;
    struct beatmatch m;
    struct kymo_err e = { 0 };

    write_series(&r, ref);
    write_series(&t, test);
    assert_int_equal(beatmatch_compare(&r.series, &t.series, &o, &m, &e), 0);
    return m;
}

/* The non-zero cells as text: "Nn 3, No 1". */
static void write_cells(const struct beatmatch_table *t, char *text, size_t cap)
{
    size_t used = 0;

    text[0] = '\0';
    for (int r = 0; r < BEATMATCH_CLASSES; r++)
        for (int c = 0; c < BEATMATCH_CLASSES; c++)
            if (t->count[r][c])
                used += (size_t)snprintf(text + used, cap - used, "%s%c%c %d", used ? ", " : "", "NSVFQOX"[r], "nsvfqox"[c],
                                         (int)t->count[r][c]);
}

static void assert_cells_from(const char *ref, const char *test, int64_t start, int64_t end, const char *want)
{
    struct beatmatch m = compare_from(ref, test, start, end);
    char got[512];

    write_cells(&m.table, got, sizeof got);
    beatmatch_release(&m);
    assert_string_equal(got, want);
}

static void assert_cells(const char *ref, const char *test, const char *want)
{
    assert_cells_from(ref, test, 0, END, want);
}

static void test_window_is_inclusive(void **state)
{
    (void)state;
    assert_cells("N1000 N2000", "N1054 N1946", "Nn 2");
    assert_cells("N1000 N2000", "N1055 N1945", "No 2, On 2");
}

static void test_classes(void **state)
{
    (void)state;
    assert_cells("N1000 S1300 V1600 F1900 Q2200", "V1000 N1300 S1600 Q1900 F2200", "Nv 1, Sn 1, Vs 1, Fq 1, Qf 1");
    assert_cells("L1000 R1300 e1600 j1900 E2200 r2500 f2800 /3100", "N1000 B1300 A1600 a1900 V2200 V2500 ?2800 Q3100",
                 "Nn 2, Ss 2, Vv 2, Qq 2");
    assert_cells("N1000 !1300", "!1000 N1300", "No 1, On 1");   /* a flutter wave is a beat of no class */
    assert_cells("!1000", "!1000", "");
    assert_int_equal(beatmatch_kind_of("~", 0x30), BEATMATCH_X);
    assert_int_equal(beatmatch_kind_of("~", -1), BEATMATCH_X);
    assert_int_equal(beatmatch_kind_of("~", 0x10), BEATMATCH_READABLE);
    assert_int_equal(beatmatch_kind_of("+", 0), BEATMATCH_OTHER);
    assert_int_equal(beatmatch_kind_of("(AFIB", 0), BEATMATCH_OTHER);
    assert_int_equal(beatmatch_kind_of("", 0), BEATMATCH_OTHER);
}

static void test_nearest_beat_wins(void **state)
{
    (void)state;
    assert_cells("N1000 N3000", "V980 N1010 N3000", "Nn 2, Ov 1");
    assert_cells("V980 N1010 N3000", "N1000 N3000", "Nn 2, Vo 1");
    assert_cells("N1000 N3000", "V980 N1020 N3000", "Nn 2, Ov 1");   /* of two equally near, the later */
    assert_cells("V980 N1020 N3000", "N1000 N3000", "Nn 2, Vo 1");
}

/* The case that made bxb's author add the second condition in 2002: 96, 160 against 128, 185, window 37. */
static void test_both_neighbours_in_the_window(void **state)
{
    const struct beatmatch_options o = { .window = 37, .start = 0, .end = END };
    const struct beatmatch_mark a[] = { { 96, BEATMATCH_N }, { 160, BEATMATCH_N } };
    const struct beatmatch_mark b[] = { { 128, BEATMATCH_N }, { 185, BEATMATCH_N } };
    const struct beatmatch_series x = { a, 2 }, y = { b, 2 };
    struct beatmatch m;
    struct kymo_err e = { 0 };

    (void)state;
    for (int swapped = 0; swapped < 2; swapped++) {
        assert_int_equal(beatmatch_compare(swapped ? &y : &x, swapped ? &x : &y, &o, &m, &e), 0);
        assert_int_equal(m.table.count[BEATMATCH_N][BEATMATCH_N], 2);
        assert_int_equal(m.n_pairs, 2);
        beatmatch_release(&m);
    }
}

static void test_start(void **state)
{
    (void)state;
    assert_cells_from("N500 N1000 N2000", "N500 N1000 N2000", 1000, END, "Nn 2");
    assert_cells_from("N500 N1010 N2000", "N500 N990 N2000", 1000, END, "Nn 2");        /* 990 belongs to 1010 */
    assert_cells_from("N500 N1500 N2000", "N500 V1040 N1500 N2000", 1000, END, "Nn 2");  /* 1040 forgiven */
    assert_cells_from("N500 N1500 N2000", "N500 V1060 N1500 N2000", 1000, END, "Nn 2, Ov 1");
    assert_cells_from("N500 N1500 N2000", "V1500 N2000", 1000, END, "Nn 1, Nv 1");
}

static void test_end(void **state)
{
    const char *ref = "N1000 N2000 N3000", *test = "N1000 N2000";

    (void)state;
    assert_cells_from(ref, test, 0, 2500, "Nn 2");
    assert_cells_from(ref, test, 0, 3000, "Nn 2, No 1");
    assert_cells_from(ref, test, 0, BEATMATCH_END_OF_REFERENCE, "Nn 2, No 1");
    assert_cells_from(ref, test, 0, BEATMATCH_END_OF_EITHER, "Nn 2");
    assert_cells_from(test, ref, 0, BEATMATCH_END_OF_REFERENCE, "Nn 2");
    assert_cells_from("", "N1000", 0, END, "On 1");
    assert_cells_from("N1000", "", 0, END, "No 1");
    assert_cells_from("", "", 0, END, "");
    assert_cells_from("", "", 500, BEATMATCH_END_OF_REFERENCE, "");
}

static void test_ventricular_fibrillation(void **state)
{
    (void)state;
    assert_cells("N1000 [1300 V1400 !1500 ]1900 N2200", "N1000 V1400 V1700 N2200", "Nn 2");
    assert_cells("N1000 N1300 N2200", "N1000 [1200 N1300 ]1900 N2200", "Nn 2, No 1");   /* the test may not claim it */
    assert_cells("N1000 [1300", "N1000 N1400 N9000", "Nn 1");                           /* open to the end */
    struct beatmatch m = compare_from("N1000 [1300 ]1900 N2200", "N1000 V1500 N2200", 0, END);
    assert_int_equal(m.n_pairs, 3);
    assert_int_equal(m.pair[1].ref, -1);
    assert_int_equal(m.pair[1].test, 1);
    assert_int_equal(m.pair[1].ref_kind, BEATMATCH_VF_ON);
    beatmatch_release(&m);
}

static void test_shutdown(void **state)
{
    (void)state;
    assert_cells("N1000 X1200 ~1800 N2000", "N1000 N1500 N2000", "Nn 2, Xn 1");
    assert_cells("N1000 N1500 V2000", "N1000 X1200 ~1800 V2000", "Nn 1, Nx 1, Vv 1");
    assert_cells("N1000 N1500 N9000", "N1000 X1200", "Nn 1, Nx 2");
    /* a lone mark reaches from one window after the last beat to one before the next */
    assert_cells("N1000 N1053 N1060 N1940 N1950 N2000", "N1000 X1500 N2000", "Nn 2, No 2, Nx 2");

    struct beatmatch m = compare_from("N1000", "N1000 X1200 ~1800 N2000 X2500", 0, 3000);
    assert_int_equal(m.test_shutdown, 600 + 500);
    assert_int_equal(m.test_shutdown_open, 0);
    beatmatch_release(&m);
    m = compare_from("N1000", "N1000 X1200 ~1800 N2000 X2500", 0, BEATMATCH_END_OF_REFERENCE);
    assert_int_equal(m.test_shutdown, 600);
    assert_int_equal(m.test_shutdown_open, 1);
    beatmatch_release(&m);
}

static void test_rr_error_by_hand(void **state)
{
    /* intervals 300, 310 against 306, 302: errors -6 and 8; the first beat and beats after VF have no interval */
    struct beatmatch m = compare_from("N1000 N1300 N1610", "N1000 N1306 N1608", 0, END);

    (void)state;
    assert_int_equal(m.n_rr, 2);
    assert_true(m.rr_square_sum == 100);
    assert_true(fabs(beatmatch_rr_error_ms(&m, 1000) - sqrt(50)) < 1e-12);
    beatmatch_release(&m);
    m = compare_from("N1000 [1100 ]1200 N1300 X1400 ~1500 N1610", "N1000 N1306 N1608", 0, END);
    assert_int_equal(m.n_rr, 0);
    assert_true(isnan(beatmatch_rr_error_ms(&m, 1000)));
    beatmatch_release(&m);
}

static void test_ignored_spans(void **state)
{
    const struct beatmatch_span spans[] = { { 1250, 1350 }, { 2000, 2100 } };
    const struct beatmatch_options o = { .window = WINDOW, .end = END, .ignore = spans, .n_ignore = 2 };
    struct written r, t;
    struct beatmatch m;
    struct kymo_err e = { 0 };
    char cells[512];

    /* in spans: 1300 missed, 1340 with 1360, 2050 extra; outside: 1240 extra, 2101 though 2100 is inside */
    (void)state;
    write_series(&r, "N1000 N1300 N1340 N1500 N1900 V2101 N2500");
    write_series(&t, "N1000 N1240 N1360 N1500 N1900 N2050 V2100 N2500");
    assert_int_equal(beatmatch_compare(&r.series, &t.series, &o, &m, &e), 0);
    write_cells(&m.table, cells, sizeof cells);
    assert_string_equal(cells, "Nn 4, Vv 1, On 1");
    assert_int_equal(m.n_pairs, 6);
    assert_int_equal(m.n_rr, 2);   /* 1900, with 1500 before it, and 2500, with 2101 */
    beatmatch_release(&m);
}

static void test_pairs_hold_indices(void **state)
{
    struct beatmatch m = compare_from("+900 N1000 V2000 N3000", "N1005 N2500 N3000", 0, END);
    const struct beatmatch_pair want[] = { { 1, 0, BEATMATCH_N, BEATMATCH_N }, { 2, -1, BEATMATCH_V, BEATMATCH_O },
                                           { -1, 1, BEATMATCH_O, BEATMATCH_N }, { 3, 2, BEATMATCH_N, BEATMATCH_N } };

    (void)state;
    assert_int_equal(m.n_pairs, 4);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(m.pair[i].ref, want[i].ref);
        assert_int_equal(m.pair[i].test, want[i].test);
        assert_int_equal(m.pair[i].ref_kind, want[i].ref_kind);
        assert_int_equal(m.pair[i].test_kind, want[i].test_kind);
    }
    beatmatch_release(&m);
}

static size_t fill_random(struct beatmatch_mark *mark, size_t n, struct random *r)
{
    int64_t time = 1;

    for (size_t i = 0; i < n; i++) {
        time += 1 + (int64_t)random_below(r, 120);
        mark[i] = (struct beatmatch_mark){ time, (enum beatmatch_kind)random_below(r, BEATMATCH_OTHER + 1) };
    }
    return n;
}

/* On marks of all kinds at random: each beat stands in at most one pair, pairs lie in the window, times never go back,
 * and the cells count the pairs. */
static void test_laws_on_random_series(void **state)
{
    struct random r;

    (void)state;
    random_init(&r, 57, 0);
    for (int round = 0; round < 2000; round++) {
        struct beatmatch_mark a[200], b[200];
        const struct beatmatch_series x = { a, fill_random(a, (size_t)random_below(&r, 200), &r) };
        const struct beatmatch_series y = { b, fill_random(b, (size_t)random_below(&r, 200), &r) };
        const struct beatmatch_options o = {
            .window = (int64_t)random_below(&r, 80), .start = (int64_t)random_below(&r, 4000),
            .end = round % 3 == 2 ? 20000 : -(round % 3),   /* 0 and -1: end of either, end of reference */
        };
        struct beatmatch m;
        struct kymo_err e = { 0 };
        ptrdiff_t last_ref = -1, last_test = -1;
        int64_t n_cells = 0, n_counted = 0;

        assert_int_equal(beatmatch_compare(&x, &y, &o, &m, &e), 0);
        for (size_t i = 0; i < m.n_pairs; i++) {
            const struct beatmatch_pair *const p = &m.pair[i];
            assert_true(p->ref < 0 || p->ref > last_ref);
            assert_true(p->test < 0 || p->test > last_test);
            last_ref = p->ref < 0 ? last_ref : p->ref;
            last_test = p->test < 0 ? last_test : p->test;
            if (p->ref >= 0 && p->test >= 0)
                assert_true(llabs(a[p->ref].time - b[p->test].time) <= o.window);
            n_counted += p->ref_kind <= BEATMATCH_X && p->test_kind <= BEATMATCH_X &&
                         (p->ref_kind < BEATMATCH_O || p->test_kind < BEATMATCH_O);
        }
        for (int i = 0; i < BEATMATCH_CLASSES * BEATMATCH_CLASSES; i++)
            n_cells += m.table.count[i / BEATMATCH_CLASSES][i % BEATMATCH_CLASSES];
        assert_int_equal(n_cells, n_counted);
        beatmatch_release(&m);
    }
}

static void test_refuses(void **state)
{
    const struct beatmatch_mark late[] = { { 100, BEATMATCH_N }, { 90, BEATMATCH_N } }, early[] = { { -1, BEATMATCH_N } };
    const struct beatmatch_series none = { NULL, 0 }, unsorted = { late, 2 }, negative = { early, 1 };
    const struct beatmatch_options good = { .window = WINDOW, .end = END }, no_window = { .window = -1, .end = END },
                                   no_start = { .start = -7, .end = END }, no_end = { .start = 300, .end = 200 };
    const struct {
        const struct beatmatch_series *ref, *test;
        const struct beatmatch_options *o;
        int code;
        const char *says;
    } cases[] = {
        { &none, &none, &no_window, KYMO_EUSAGE, "match window -1, not 0.." },
        { &none, &none, &no_start, KYMO_EUSAGE, "comparison from -7, not 0.." },
        { &none, &none, &no_end, KYMO_EUSAGE, "comparison to 200, before its start at 300" },
        { &unsorted, &none, &good, KYMO_EDATA, "reference annotation 1 at 90, not 100.." },
        { &none, &negative, &good, KYMO_EDATA, "test annotation 0 at -1, not 0.." },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct beatmatch m;
        struct kymo_err e = { 0 };
        assert_int_equal(beatmatch_compare(cases[i].ref, cases[i].test, cases[i].o, &m, &e), cases[i].code);
        assert_ptr_equal(strstr(e.cause[0].msg, cases[i].says), e.cause[0].msg);
    }
}

/* ---- bxb's own reports ---- */

#define RATE_HZ 360
#define RECORD_LENGTH 650000   /* samples in each record of mitdb */
#define FIVE_MINUTES (5 * 60 * RATE_HZ)

static const char *const RECORDS[] = { "100", "105", "106", "119", "200", "201", "203",
                                       "207", "208", "210", "213", "222", "232" };
static const char *const ANNOTATORS[] = { "gqrs", "osea", "prt" };
#define N_RECORDS (sizeof RECORDS / sizeof *RECORDS)
#define N_ANNOTATORS (sizeof ANNOTATORS / sizeof *ANNOTATORS)

static int have_reference(void)
{
    if (getenv("KYMO_REFERENCE") && getenv("KYMO_DATA"))
        return 1;
    print_message("skipped: agreement with bxb's reports (KYMO_REFERENCE or KYMO_DATA unset)\n");
    return 0;
}

static FILE *open_file(const char *variable, const char *folder, const char *name)
{
    char path[1024];

    snprintf(path, sizeof path, "%s/%s/%s", getenv(variable), folder, name);
    FILE *f = fopen(path, "rb");
    if (!f)
        fail_msg("cannot open %s", path);
    return f;
}

static unsigned read_word(FILE *f)
{
    const int low = fgetc(f), high = fgetc(f);

    return low < 0 || high < 0 ? 0 : (unsigned)low | (unsigned)high << 8;
}

struct file_series {
    struct beatmatch_mark mark[8192];
    struct beatmatch_series series;
};

/* WFDB annotation file, MIT format (wfdb annot(5)): 6-bit code and 10-bit interval per word; 59 SKIP, 61 SUB, 63 AUX. */
static void read_annotations(FILE *f, struct file_series *s)
{
    static const char MNEMONICS[] = " NLRaVFJASEj/Q~ | sT*D\"=pB^t+u?![]en@xf()r";   /* by code; 15 and 17 are free */
    struct { unsigned code; int subtype; int64_t time; } a[8192];
    int64_t time = 0;
    size_t n = 0;

    for (unsigned word; (word = read_word(f)) != 0;) {
        const unsigned code = word >> 10, value = word & 0x3ff;

        if (code == 59) {
            const uint32_t high = read_word(f), low = read_word(f);
            time += (int32_t)(high << 16 | low);
        } else if (code == 61) {
            a[n - 1].subtype = (int)value;
        } else if (code == 63) {
            fseek(f, value + value % 2, SEEK_CUR);
        } else if (code < 59) {
            assert_true(n < sizeof a / sizeof *a);
            time += value;
            a[n].code = code;
            a[n].subtype = 0;
            a[n++].time = time;
        }
    }
    for (size_t i = 0; i < n; i++) {
        const char letter[2] = { a[i].code < sizeof MNEMONICS ? MNEMONICS[a[i].code] : ' ', '\0' };
        s->mark[i] = (struct beatmatch_mark){ a[i].time, beatmatch_kind_of(letter, a[i].subtype) };
    }
    s->series = (struct beatmatch_series){ s->mark, n };
    fclose(f);
}

static struct beatmatch compare_record(const char *record, const char *annotator, int64_t start)
{
    const struct beatmatch_options o = { .window = WINDOW, .start = start, .end = RECORD_LENGTH };
    struct file_series *const ref = malloc(sizeof *ref), *const test = malloc(sizeof *test);
    struct beatmatch m;
    struct kymo_err e = { 0 };
    char name[64];

    assert_true(ref && test);
    snprintf(name, sizeof name, "%s.atr", record);
    read_annotations(open_file("KYMO_DATA", "mitdb", name), ref);
    snprintf(name, sizeof name, "%s.%s", record, annotator);
    read_annotations(open_file("KYMO_REFERENCE", "score", name), test);
    assert_int_equal(beatmatch_compare(&ref->series, &test->series, &o, &m, &e), 0);
    free(ref);
    free(test);
    return m;
}

static void print_ratio(FILE *f, const char *name, struct beatmatch_ratio r, int decimals)
{
    if (r.whole > 0)
        fprintf(f, "%s: %6.*f%% (%ld/%ld)\n", name, decimals, beatmatch_percent(r), (long)r.part, (long)r.whole);
    else
        fprintf(f, "%s:      -  (%ld/%ld)\n", name, (long)r.part, (long)r.whole);
}

/* Counts S as N in both series, for a table without supraventricular beats (bxb -s). */
static void fold_s(struct beatmatch_table *t)
{
    for (int i = 0; i < BEATMATCH_CLASSES; i++) {
        t->count[BEATMATCH_N][i] += t->count[BEATMATCH_S][i];
        t->count[BEATMATCH_S][i] = 0;
    }
    for (int i = 0; i < BEATMATCH_CLASSES; i++) {
        t->count[i][BEATMATCH_N] += t->count[i][BEATMATCH_S];
        t->count[i][BEATMATCH_S] = 0;
    }
}

/* The standard report's table and statistics as bxb prints them, from the row of N on. */
static void print_standard(FILE *f, const struct beatmatch *m, int with_s)
{
    struct beatmatch_table t = m->table;

    if (!with_s)
        fold_s(&t);
    for (int r = 0; r < BEATMATCH_CLASSES; r++) {
        if (r == BEATMATCH_S && !with_s)
            continue;
        fprintf(f, " %c |", "NSVFQOX"[r]);
        for (int c = 0; c < (r < BEATMATCH_O ? BEATMATCH_CLASSES : BEATMATCH_O); c++)
            if (c != BEATMATCH_S || with_s)
                fprintf(f, " %4ld", (long)t.count[r][c]);
        fprintf(f, "\n");
    }
    fprintf(f, "\n");
    print_ratio(f, "           QRS sensitivity", beatmatch_qrs_sensitivity(&t), 2);
    print_ratio(f, " QRS positive predictivity", beatmatch_qrs_predictivity(&t), 2);
    print_ratio(f, "           VEB sensitivity", beatmatch_v_sensitivity(&t), 2);
    print_ratio(f, " VEB positive predictivity", beatmatch_v_predictivity(&t), 2);
    if (!with_s) {
        print_ratio(f, "   VEB false positive rate", beatmatch_v_false_positive_rate(&t), 3);
        return;
    }
    print_ratio(f, "          SVEB sensitivity", beatmatch_s_sensitivity(&t), 2);
    print_ratio(f, "SVEB positive predictivity", beatmatch_s_predictivity(&t), 2);
    fprintf(f, "     RMS RR interval error: %6.2f ms\n", beatmatch_rr_error_ms(m, RATE_HZ));
}

/* Text of FILE from the first line that begins with BEGIN; "" if there is none. The caller frees it. */
static char *read_from(FILE *f, const char *begin)
{
    char line[1024], *text = calloc(1, 1 << 16);

    assert_non_null(text);
    while (fgets(line, sizeof line, f))
        if (text[0] || strncmp(line, begin, strlen(begin)) == 0)
            strcat(text, line);
    for (size_t n = strlen(text); n > 1 && text[n - 1] == '\n' && text[n - 2] == '\n';)
        text[--n] = '\0';   /* the report without S ends with an empty line */
    fclose(f);
    return text;
}

static void assert_standard_report(const struct beatmatch *m, const char *record, const char *annotator, int with_s)
{
    char name[64], *got = NULL;
    size_t size;

    snprintf(name, sizeof name, "%s.%s.bxb-%c.txt", record, annotator, with_s ? 'S' : 's');
    char *const want = read_from(open_file("KYMO_REFERENCE", "score", name), " N |");
    FILE *const f = open_memstream(&got, &size);
    print_standard(f, m, with_s);
    fclose(f);
    assert_true(strlen(want) > 300);
    assert_string_equal(got, want);
    free(got);
    free(want);
}

static void test_bxb_standard_reports(void **state)
{
    (void)state;
    if (!have_reference())
        skip();
    for (size_t a = 0; a < N_ANNOTATORS; a++)
        for (size_t r = 0; r < N_RECORDS; r++) {
            struct beatmatch m = compare_record(RECORDS[r], ANNOTATORS[a], FIVE_MINUTES);
            assert_standard_report(&m, RECORDS[r], ANNOTATORS[a], 1);
            assert_standard_report(&m, RECORDS[r], ANNOTATORS[a], 0);
            beatmatch_release(&m);
        }
}

static void print_percent(FILE *f, struct beatmatch_ratio r)
{
    if (r.whole > 0)
        fprintf(f, " %6.2f", beatmatch_percent(r));
    else
        fprintf(f, "      -");
}

static size_t class_of(char letter)
{
    return strcspn("NnSsVvFfQqOoXx", (const char[]){ letter, '\0' }) / 2;
}

/* The sum of the cells named in pairs: "NnSs". */
static long cells(const struct beatmatch_table *t, const char *names)
{
    long sum = 0;

    for (const char *p = names; *p; p += 2)
        sum += (long)t->count[class_of(p[0])][class_of(p[1])];
    return sum;
}

/* bxb -L, first file: sums of cells, then the statistics. */
static void print_line_1(FILE *f, const char *record, const struct beatmatch *m)
{
    static const struct { const char *names; int width; } COLUMNS[] = {
        { "NnNfNq", 5 }, { "SnSfSq", 3 }, { "VnVfVq", 3 }, { "FnFfFqQnQfQq", 3 }, { "OnOfOqXnXfXq", 3 }, { "Ns", 3 },
        { "Ss", 3 }, { "Vs", 3 }, { "FsQs", 3 }, { "OsXs", 3 }, { "Nv", 3 }, { "Sv", 3 }, { "Vv", 4 }, { "FvQv", 3 },
        { "OvXv", 3 }, { "NoNx", 3 }, { "SoSx", 3 }, { "VoVx", 3 }, { "FoFxQoQx", 3 },
    };
    const struct beatmatch_table *const t = &m->table;

    fprintf(f, "%4s", record);
    for (size_t i = 0; i < sizeof COLUMNS / sizeof *COLUMNS; i++)
        fprintf(f, " %*ld", COLUMNS[i].width, cells(t, COLUMNS[i].names));
    print_percent(f, beatmatch_qrs_sensitivity(t));
    print_percent(f, beatmatch_qrs_predictivity(t));
    print_percent(f, beatmatch_v_sensitivity(t));
    print_percent(f, beatmatch_v_predictivity(t));
    print_percent(f, beatmatch_s_sensitivity(t));
    print_percent(f, beatmatch_s_predictivity(t));
    fprintf(f, " %6.2f\n", beatmatch_rr_error_ms(m, RATE_HZ));
}

/* bxb -L, second file: beats missed in shutdown, its length in seconds, reference beats of each class. */
static void print_line_2(FILE *f, const char *record, const struct beatmatch *m)
{
    static const enum beatmatch_kind KINDS[] = { BEATMATCH_N, BEATMATCH_S, BEATMATCH_V, BEATMATCH_F, BEATMATCH_Q };
    struct beatmatch_ratio missed[5];

    fprintf(f, "%4s", record);
    for (int i = 0; i < 5; i++) {
        missed[i] = beatmatch_missed_in_shutdown(&m->table, KINDS[i]);
        fprintf(f, " %4ld", (long)missed[i].part);
    }
    fprintf(f, "  ");
    print_percent(f, (struct beatmatch_ratio){ cells(&m->table, "NxVxFxQx"), beatmatch_qrs_sensitivity(&m->table).whole });
    for (int i = 0; i < 4; i++)
        print_percent(f, missed[i]);
    fprintf(f, "%5ld seconds", (long)((m->test_shutdown + RATE_HZ / 2) / RATE_HZ));
    for (int i = 0; i < 5; i++)
        fprintf(f, " %ld", (long)missed[i].whole);
    fprintf(f, "\n");
}

static void assert_line_reports(const char *annotator, const char *kind, int64_t start)
{
    char name[64], *got[2] = { NULL, NULL };
    size_t size[2];
    FILE *f[2];

    for (int i = 0; i < 2; i++)
        f[i] = open_memstream(&got[i], &size[i]);
    for (size_t r = 0; r < N_RECORDS; r++) {
        struct beatmatch m = compare_record(RECORDS[r], annotator, start);
        print_line_1(f[0], RECORDS[r], &m);
        print_line_2(f[1], RECORDS[r], &m);
        beatmatch_release(&m);
    }
    for (int i = 0; i < 2; i++) {
        snprintf(name, sizeof name, "%s.bxb-%s%d.txt", annotator, kind, i + 1);
        char *const want = read_from(open_file("KYMO_REFERENCE", "score", name), " 100 ");
        fclose(f[i]);
        assert_string_equal(got[i], want);
        free(got[i]);
        free(want);
    }
}

static void test_bxb_line_reports_from_5_minutes(void **state)
{
    (void)state;
    if (!have_reference())
        skip();
    for (size_t a = 0; a < N_ANNOTATORS; a++)
        assert_line_reports(ANNOTATORS[a], "L", FIVE_MINUTES);
}

static void test_bxb_line_reports_from_0(void **state)
{
    (void)state;
    if (!have_reference())
        skip();
    for (size_t a = 0; a < N_ANNOTATORS; a++)
        assert_line_reports(ANNOTATORS[a], "f0-L", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_window_is_inclusive), cmocka_unit_test(test_classes),
        cmocka_unit_test(test_nearest_beat_wins), cmocka_unit_test(test_both_neighbours_in_the_window),
        cmocka_unit_test(test_start), cmocka_unit_test(test_end), cmocka_unit_test(test_ventricular_fibrillation),
        cmocka_unit_test(test_shutdown), cmocka_unit_test(test_rr_error_by_hand),
        cmocka_unit_test(test_ignored_spans),
        cmocka_unit_test(test_pairs_hold_indices), cmocka_unit_test(test_laws_on_random_series),
        cmocka_unit_test(test_refuses), cmocka_unit_test(test_bxb_standard_reports),
        cmocka_unit_test(test_bxb_line_reports_from_5_minutes), cmocka_unit_test(test_bxb_line_reports_from_0),
    };

    return cmocka_run_group_tests_name("beatmatch", tests, NULL, NULL);
}
