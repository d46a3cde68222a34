/* tests/unit/test_desat.c - tests of algorithms/desat.c: its rules on drawn series, and the published detector's events. */
#include "algorithms/desat.h"
#include "tests/unit/support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 40000

static void assert_near(double got, double expected, double most) { assert_true(fabs(got - expected) <= most); }

/* A series of 1 Hz, drawn piece by piece. */
struct series {
    double x[MOST];
    size_t n;
};

static void stay(struct series *s, double pct, size_t seconds)
{
    while (seconds-- > 0)
        s->x[s->n++] = pct;
}

/* A straight line from the last sample, which is not repeated, to pct. */
static void go(struct series *s, double pct, size_t seconds)
{
    const double from = s->x[s->n - 1];

    for (size_t i = 1; i <= seconds; i++)
        s->x[s->n++] = from + (pct - from) * (double)i / (double)seconds;
}

static struct desat_rule rule_named(const char *name)
{
    const struct desat_rule *const r = desat_rule_named(name);

    assert_non_null(r);
    return *r;
}

static struct desat found[MOST / 10];

static size_t find_at(const double *x, size_t n, double fs_hz, const struct desat_rule *r)
{
    struct kymo_err e = {0};
    struct desat *all;
    size_t n_all;

    assert_int_equal(desat_find(x, n, fs_hz, r, &all, &n_all, &e), 0);
    assert_true(n_all <= COUNT_OF(found));
    if (n_all > 0)
        memcpy(found, all, n_all * sizeof *all);
    free(all);
    return n_all;
}

static size_t find(const struct series *s, const struct desat_rule *r) { return find_at(s->x, s->n, 1, r); }

/* ---- DESAT_DROP ---- */

/* 96 for 200 s, to 91 in 20 s, there for 5 s, back in 10 s, 96 for 100 s. */
static void draw_dip(struct series *s)
{
    s->n = 0;
    stay(s, 96, 200);
    go(s, 91, 20);
    stay(s, 91, 5);
    go(s, 96, 10);
    stay(s, 96, 100);
}

static void a_dip_is_measured(void **state)
{
    static struct series s;
    const struct desat_rule r = rule_named("aasm3");
    (void)state;

    draw_dip(&s);
    assert_int_equal(find(&s, &r), 1);
    /* 95 is 1 below, at samples 203 and 232; 91 is it from 219 to 224. */
    assert_int_equal(found[0].onset, 203);
    assert_int_equal(found[0].nadir, 219);
    assert_int_equal(found[0].end, 232);
    assert_near(found[0].baseline_pct, 96, 1e-12);
    assert_near(found[0].nadir_pct, 91, 0);
    assert_false(found[0].cut);

    const struct desat_shape m = desat_measure(s.x, 1, &found[0]);
    assert_near(m.depth_pct, 5, 1e-12);
    assert_near(m.fall_pct_per_s, 5.0 / 16, 1e-12);
    assert_near(m.recovery_pct_per_s, 4.0 / 13, 1e-12);
    /* 1 + 1.25 + ... + 4.75 of 16 samples, 5 in 6 (219..224), then 4.5 4 ... 1.5 */
    assert_near(m.area_pct_s, 16 * 2.875 + 6 * 5 + 7 * 3, 1e-9);
}

static void every_baseline_finds_a_dip(void **state)
{
    static struct series s;
    (void)state;

    draw_dip(&s);
    for (int kind = DESAT_TOP_FIFTH; kind <= DESAT_FIXED; kind++) {
        struct desat_rule r = rule_named("aasm3");
        r.baseline = (enum desat_baseline)kind;
        r.fixed_pct = 95.5;
        assert_int_equal(find(&s, &r), 1);
        assert_near(found[0].baseline_pct, kind == DESAT_FIXED ? 95.5 : 96, 1e-12);
    }
}

/* Whole per cents from a gain come with errors of rounding: 3 below is a drop of 3, and 2.9 is none. */
static void the_drop_itself_counts(void **state)
{
    static struct series s;
    const struct desat_rule r = rule_named("aasm3");
    (void)state;

    for (int i = 0; i < 2; i++) {
        s.n = 0;
        stay(&s, 96.1, 200);
        stay(&s, i == 0 ? 93.1 : 93.2, 15);
        stay(&s, 96.1, 50);
        assert_int_equal(find(&s, &r), i == 0);
    }
}

static void durations_are_limits(void **state)
{
    static const struct { size_t seconds; size_t events; } cases[] = {{8, 0}, {9, 1}, {179, 1}, {180, 0}};
    static struct series s;
    const struct desat_rule r = rule_named("aasm3");
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {   /* the onset is the last sample before */
        s.n = 0;
        stay(&s, 96, 200);
        stay(&s, 90, cases[i].seconds);
        stay(&s, 96, 200);
        assert_int_equal(find(&s, &r), cases[i].events);
    }
}

/* A level that lasts is no event; a dip from it is. */
static void a_new_level_is_no_event(void **state)
{
    static struct series s;
    const struct desat_rule r = rule_named("aasm3");
    (void)state;

    s.n = 0;
    stay(&s, 97, 300);
    stay(&s, 92, 200);
    stay(&s, 87, 20);
    stay(&s, 92, 600);
    assert_int_equal(find(&s, &r), 1);
    assert_near(found[0].nadir_pct, 87, 0);
    assert_int_equal(found[0].onset, 499);
}

/* What came back by half may fall again by the drop; a wave of less than that is the same event. */
static void half_way_back_is_an_end(void **state)
{
    static const struct { double between; size_t events; } cases[] = {{93, 2}, {91.9, 1}};
    static struct series s;
    const struct desat_rule r = rule_named("aasm3");
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        s.n = 0;
        stay(&s, 96, 200);
        go(&s, 88, 15);
        go(&s, cases[i].between, 5);
        go(&s, 88, 15);
        go(&s, 96, 10);
        stay(&s, 96, 100);
        assert_int_equal(find(&s, &r), cases[i].events);
    }
    struct desat_rule full = r;
    full.within_pct = 1;
    assert_int_equal(find(&s, &full), 1);
    assert_near(s.x[found[0].end], 95.2, 1e-9);
}

static void a_shiver_is_no_recovery(void **state)
{
    static struct series s;
    const struct desat_rule r = rule_named("aasm3");
    (void)state;

    s.n = 0;
    stay(&s, 96, 200);
    stay(&s, 92, 3);
    stay(&s, 95, 1);
    stay(&s, 92, 20);
    stay(&s, 96, 100);
    assert_int_equal(find(&s, &r), 1);
    assert_int_equal(found[0].onset, 199);
    assert_int_equal(found[0].end, 224);
}

static void holes_end_events(void **state)
{
    static struct series s;
    const struct desat_rule r = rule_named("aasm3");
    (void)state;

    for (size_t hole = 15; hole <= 16; hole++) {   /* the dip is at its lowest from 219 on */
        draw_dip(&s);
        for (size_t i = 220; i < 220 + hole; i++)
            s.x[i] = (double)NAN;
        assert_int_equal(find(&s, &r), 1);
        assert_int_equal(found[0].cut, hole == 16);
        assert_int_equal(found[0].end, hole == 16 ? 219 : 235);
    }
    for (size_t i = 0; i < s.n; i++)
        s.x[i] = (double)NAN;
    assert_int_equal(find(&s, &r), 0);
}

static void the_end_of_the_night_cuts(void **state)
{
    static struct series s;
    const struct desat_rule r = rule_named("aasm3");
    (void)state;

    draw_dip(&s);
    s.n = 222;
    assert_int_equal(find(&s, &r), 1);
    assert_true(found[0].cut);
    assert_int_equal(found[0].end, 221);
    assert_true(isnan(desat_measure(s.x, 1, &found[0]).recovery_pct_per_s));
}

static void neighbours_merge_where_asked(void **state)
{
    static struct series s;
    struct desat_rule r = rule_named("aasm3");
    (void)state;

    draw_dip(&s);
    s.n -= 80;
    go(&s, 90, 15);
    go(&s, 96, 10);
    stay(&s, 96, 30);
    assert_int_equal(find(&s, &r), 2);
    r.merge_s = 60;
    assert_int_equal(find(&s, &r), 1);
    assert_near(found[0].nadir_pct, 90, 1e-12);
    assert_int_equal(found[0].onset, 203);
}

/* The same night at other rates: times are the same to a sample, counts equal. */
static void rates_do_not_matter(void **state)
{
    static const double rates[] = {0.25, 0.5, 2, 5, 25};
    static struct series s, other;
    const struct desat_rule r = rule_named("aasm3");
    (void)state;

    draw_dip(&s);
    assert_int_equal(find(&s, &r), 1);
    const struct desat at_1hz = found[0];
    const double area_pct_s = desat_measure(s.x, 1, &at_1hz).area_pct_s;
    for (size_t k = 0; k < COUNT_OF(rates); k++) {
        other.n = (size_t)((double)s.n * rates[k]);
        for (size_t i = 0; i < other.n; i++) {
            const double t = (double)i / rates[k];
            const size_t at = (size_t)t;
            const double next = s.x[at + 1 < s.n ? at + 1 : at];
            other.x[i] = s.x[at] + (next - s.x[at]) * (t - (double)at);
        }
        assert_int_equal(find_at(other.x, other.n, rates[k], &r), 1);
        const double slack = 1 + 1 / rates[k];
        assert_true(fabs((double)found[0].onset / rates[k] - (double)at_1hz.onset) <= slack);
        assert_true(fabs((double)found[0].nadir / rates[k] - (double)at_1hz.nadir) <= slack);
        assert_true(fabs((double)found[0].end / rates[k] - (double)at_1hz.end) <= slack);
        assert_near(desat_measure(other.x, rates[k], &found[0]).area_pct_s, area_pct_s, 5 * slack);   /* depth is 5 */
    }
}

/* Laws that hold for any series: order, depth, validity of the ends. */
static void events_keep_the_laws(void **state)
{
    static struct series s;
    struct dice dice = {7};
    (void)state;

    for (int round = 0; round < 300; round++) {
        s.n = 0;
        stay(&s, 96, 1 + roll_below(&dice, 200));
        while (s.n < 2000)
            switch (roll_below(&dice, 4)) {
            case 0: stay(&s, (double)(80 + roll_below(&dice, 20)), 1 + roll_below(&dice, 60)); break;
            case 1: stay(&s, (double)NAN, 1 + roll_below(&dice, 25)); stay(&s, 95, 1); break;
            default: go(&s, (double)(80 + roll_below(&dice, 20)), 1 + roll_below(&dice, 40));
            }
        for (const struct desat_rule *r = desat_rules; r->name; r++) {
            struct desat_rule any = *r;
            any.baseline = (enum desat_baseline)roll_below(&dice, 3);
            const size_t n = find(&s, &any);
            for (size_t i = 0; i < n; i++) {
                const struct desat *const d = &found[i];
                assert_true(d->onset <= d->nadir && d->nadir <= d->end && d->end < s.n);
                assert_true(i == 0 || any.method == DESAT_LEVY || found[i - 1].end <= d->onset);
                assert_false(isnan(s.x[d->onset]) || isnan(s.x[d->end]));
                assert_near(s.x[d->nadir], d->nadir_pct, 0);
                for (size_t k = d->onset; k <= d->end; k++)
                    assert_false(s.x[k] < d->nadir_pct);
                if (any.method == DESAT_DROP) {
                    assert_true(d->baseline_pct - d->nadir_pct >= any.drop_pct - 1e-6);
                    assert_true((double)(d->end - d->onset) >= any.least_s && (double)(d->end - d->onset) <= any.most_s);
                }
            }
        }
    }
}

/* ---- rules ---- */

static void rules_have_limits(void **state)
{
    static const double x[3] = {96, 95, 94};
    struct kymo_err e = {0};
    struct desat *out;
    size_t n;
    struct desat_rule r = rule_named("aasm3");
    (void)state;

    r.drop_pct = 0;
    assert_int_equal(desat_find(x, 3, 1, &r, &out, &n, &e), KYMO_EUSAGE);
    assert_error(&e, KYMO_EUSAGE, "drop (%) 0 is not 0.1..100");
    r = rule_named("levy3");
    memset(&e, 0, sizeof e);
    assert_int_equal(desat_find(x, 3, 2, &r, &out, &n, &e), KYMO_EUSAGE);
    assert_null(desat_rule_named("aasm5"));
    for (size_t few = 0; few <= 3; few++)
        for (const struct desat_rule *any = desat_rules; any->name; any++)
            assert_int_equal(find_at(x, few, 1, any), 0);
}

static void rules_tell_all_they_do(void **state)
{
    char text[320];
    (void)state;

    desat_rule_text(desat_rule_named("aasm4"), text, sizeof text);
    assert_string_equal(text, "a drop of 4 below the mean of the highest fifth of the 120 s before, back by 0.5 of it, "
                              "after 10 to 180 s, up to 15 s missing");
    desat_rule_text(desat_rule_named("levy3"), text, sizeof text);
    assert_string_equal(text, "a fall of 3 from its first sample that is 1 or more lower, back to 1 below that, "
                              "or by 3, after 10 to 90 s, up to 90 s missing");
    desat_rule_text(desat_rule_named("hard90"), text, sizeof text);
    assert_string_equal(text, "below 90 %, of any length, up to 15 s missing");
}

/* ---- the published detector: $KYMO_REFERENCE/spo2 ---- */

static FILE *open_reference(const char *name)
{
    const char *const folder = getenv("KYMO_REFERENCE");
    char path[1024];

    if (!folder)
        return NULL;
    snprintf(path, sizeof path, "%s/spo2/%s", folder, name);
    return fopen(path, "r");
}

static size_t read_series(const char *series, const char *prep, double *x)
{
    char name[128];
    size_t n = 0;

    snprintf(name, sizeof name, "%s%s.txt", series, strcmp(prep, "prep") == 0 ? "_prep" : "");
    FILE *const f = open_reference(name);
    assert_non_null(f);
    while (n < MOST && fscanf(f, "%lf", &x[n]) == 1)
        n++;
    fclose(f);
    return n;
}

/* Every event of theirs is one of ours, to the sample. Returns how many they have. */
static size_t compare_events(const char *name, size_t n)
{
    FILE *const f = open_reference(name);
    size_t theirs = 0, begin, end;

    assert_non_null(f);
    assert_int_equal(fscanf(f, "%*s"), 0);
    for (; fscanf(f, "%zu,%zu", &begin, &end) == 2; theirs++) {
        size_t i = 0;
        while (i < n && found[i].onset != begin)
            i++;
        if (i == n || found[i].end != end)
            fail_msg("%s: no event of ours from %zu to %zu", name, begin, end);
    }
    fclose(f);
    return theirs;
}

/* Their program counts up to 127 events; of more it loses some and reports 256 (README.md there), of which all are ours. */
static void published_events_are_found(void **state)
{
    static const char *const all_series[] = {"syn_1h", "syn_mild", "syn_none", "syn_severe"}, *const preps[] = {"raw", "prep"};
    static const struct { const char *rule, *file; } rules[] = {
        {"levy3", "Relative3"}, {"levy4", "Relative4"}, {"hard90", "Hard90"},
    };
    static double x[MOST];
    char name[160];
    (void)state;

    FILE *const there = open_reference("README.md");
    if (!there) {
        print_message("skipped: agreement with pobm (KYMO_REFERENCE unset, or no spo2 there)\n");
        skip();
    }
    fclose(there);
    for (size_t s = 0; s < COUNT_OF(all_series); s++)
        for (size_t p = 0; p < COUNT_OF(preps); p++)
            for (size_t k = 0; k < COUNT_OF(rules); k++) {
                const struct desat_rule r = rule_named(rules[k].rule);
                const size_t n = find_at(x, read_series(all_series[s], preps[p], x), 1, &r);
                snprintf(name, sizeof name, "%s_%s_%s_pobm_events.csv", all_series[s], preps[p], rules[k].file);
                const size_t theirs = compare_events(name, n);
                if (n <= 127)
                    assert_int_equal(theirs, n);
            }
    const struct desat_rule levy3 = rule_named("levy3"), hard90 = rule_named("hard90");
    const size_t n = read_series("syn_severe", "raw", x);
    assert_int_equal(find_at(x, n, 1, &levy3), 299);    /* as its DEFINITIONS say: before the count wraps */
    assert_int_equal(find_at(x, n, 1, &hard90), 243);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dip_is_measured), cmocka_unit_test(every_baseline_finds_a_dip),
        cmocka_unit_test(the_drop_itself_counts), cmocka_unit_test(durations_are_limits),
        cmocka_unit_test(a_new_level_is_no_event), cmocka_unit_test(half_way_back_is_an_end),
        cmocka_unit_test(a_shiver_is_no_recovery), cmocka_unit_test(holes_end_events),
        cmocka_unit_test(the_end_of_the_night_cuts), cmocka_unit_test(neighbours_merge_where_asked),
        cmocka_unit_test(rates_do_not_matter), cmocka_unit_test(events_keep_the_laws), cmocka_unit_test(rules_have_limits),
        cmocka_unit_test(rules_tell_all_they_do), cmocka_unit_test(published_events_are_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
