/* cli/score_text.c - kymo score: tables in the line format of bxb, rxr, epicmp and mxm with the last lines of sumstats (WFDB
 * 10.7.0), and matrices. */
#include "cli/score.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LETTERS "NSVFQOX"

/* Output that remembers its first failure, so that lines can be put together from many pieces. */
struct lines {
    struct kymo_output *out;
    struct kymo_err *e;
    int rc;
};

#define put(l, ...) ((l)->rc = (l)->rc < 0 ? (l)->rc : kymo_putf((l)->out, (l)->e, __VA_ARGS__))

static void put_rule(struct lines *l, int n)
{
    char rule[160];

    memset(rule, '_', sizeof rule);
    put(l, "%.*s\n", n, rule);
}

static void put_end(struct lines *l, size_t n_records)
{
    put(l, "\nSummary of results from %zu record%s\n", n_records, n_records == 1 ? "" : "s");
}

/* Means over the records that have a value. */
struct mean {
    double sum, n;
};

static void add_ratio(struct mean *m, struct beatmatch_ratio r)
{
    if (r.whole > 0) {
        m->sum += (double)r.part / (double)r.whole;
        m->n++;
    }
}

/* ---- beats ---- */

/* The sum of the cells named in pairs: "NnSs". */
static int64_t cells(const struct beatmatch_table *t, const char *names)
{
    int64_t sum = 0;

    for (const char *p = names; *p; p += 2)
        sum += t->count[strcspn(LETTERS, (const char[]){p[0], '\0'})][strcspn("nsvfqox", (const char[]){p[1], '\0'})];
    return sum;
}

/* The columns of counts of bxb -L: F stands for Q too, and o for x. */
static const struct {
    const char *names;
    int width;
} beat_columns[] = {
    {"NnNfNq", 5}, {"SnSfSq", 3}, {"VnVfVq", 3}, {"FnFfFqQnQfQq", 3}, {"OnOfOqXnXfXq", 3}, {"Ns", 3}, {"Ss", 3}, {"Vs", 3},
    {"FsQs", 3}, {"OsXs", 3}, {"Nv", 3}, {"Sv", 3}, {"Vv", 4}, {"FvQv", 3}, {"OvXv", 3}, {"NoNx", 3}, {"SoSx", 3},
    {"VoVx", 3}, {"FoFxQoQx", 3},
};
#define BEAT_COLUMNS (sizeof beat_columns / sizeof *beat_columns)

static void put_percent(struct lines *l, double part, double whole)
{
    if (whole > 0)
        put(l, " %6.2f", 100 * part / whole);
    else
        put(l, "      -");
}

static void put_ratio(struct lines *l, struct beatmatch_ratio r) { put_percent(l, (double)r.part, (double)r.whole); }

static double rr_error_ms(const struct score_result *r)
{
    return r->beats.n_rr > 0 ? sqrt(r->beats.rr_square_sum / (double)r->beats.n_rr) : (double)NAN;
}

static void put_counts(struct lines *l, const struct beatmatch_table *t)
{
    for (size_t i = 0; i < BEAT_COLUMNS; i++)
        put(l, " %*lld", beat_columns[i].width, (long long)cells(t, beat_columns[i].names));
}

/* sumstats leaves test S on reference F out of its +P, bxb does not. */
static struct beatmatch_ratio s_predictivity_of_sumstats(const struct beatmatch_table *t)
{
    return (struct beatmatch_ratio){cells(t, "Ss"), cells(t, "NsSsVsOsXs")};
}

static struct beatmatch_ratio ratio_of(const struct beatmatch_table *t, int i)
{
    static struct beatmatch_ratio (*const of[])(const struct beatmatch_table *) = {
        beatmatch_qrs_sensitivity, beatmatch_qrs_predictivity, beatmatch_v_sensitivity, beatmatch_v_predictivity,
        beatmatch_s_sensitivity, s_predictivity_of_sumstats,
    };

    return of[i](t);
}
#define BEAT_RATIOS 6

static void put_beats(struct lines *l, const struct score_result *all, size_t n)
{
    struct beatmatch_table sum = {{{0}}};
    struct mean mean[BEAT_RATIOS] = {{0, 0}}, rr = {0, 0};

    put(l, "Record Nn' Sn' Vn' Fn' On'  Ns  Ss  Vs  Fs' Os' Nv  Sv   Vv  Fv' Ov' No' So' Vo' Fo'  Q Se   Q +P   V Se   V +P"
           "   S Se   S +P RR err\n");
    for (size_t i = 0; i < n; i++) {
        const struct beatmatch_table *t = &all[i].beats.table;
        const double error = rr_error_ms(&all[i]);
        put(l, "%4s", score_base_name(all[i].record));
        put_counts(l, t);
        for (int k = 0; k < BEAT_RATIOS - 1; k++)
            put_ratio(l, ratio_of(t, k));
        put_ratio(l, beatmatch_s_predictivity(t));
        if (isfinite(error))
            put(l, " %6.2f\n", error);
        else
            put(l, "      -\n");
        beatmatch_add(&sum, t);
        for (int k = 0; k < BEAT_RATIOS; k++)
            add_ratio(&mean[k], ratio_of(t, k));
        rr.sum += isfinite(error) ? round(error * 100) / 100 : 0;   /* of what was printed, as sumstats */
        rr.n += isfinite(error);
    }
    put_rule(l, 132);
    put(l, "Sum");
    for (size_t i = 0; i < BEAT_COLUMNS; i++)
        put(l, " %*lld", i == 0 ? 6 : beat_columns[i].width, (long long)cells(&sum, beat_columns[i].names));
    put(l, "\n%-83s", "Gross");
    for (int k = 0; k < BEAT_RATIOS; k++)
        put_ratio(l, ratio_of(&sum, k));
    put(l, "\n%-83s", "Average");
    for (int k = 0; k < BEAT_RATIOS; k++)
        put_percent(l, mean[k].sum, mean[k].n);
    put_percent(l, rr.sum / 100, rr.n);
    put(l, "\nTotal QRS complexes: %lld  Total VEBs: %lld  Total SVEBs: %lld\n",
        (long long)beatmatch_qrs_sensitivity(&sum).whole, (long long)beatmatch_v_sensitivity(&sum).whole,
        (long long)beatmatch_s_sensitivity(&sum).whole);
    put_end(l, n);
}

static void put_shutdown(struct lines *l, const struct score_result *all, size_t n)
{
    struct beatmatch_table sum = {{{0}}};
    long long seconds = 0;

    put(l, "Record Nx   Sx   Vx   Fx   Qx  %% beats  %% N    %% S    %% V    %% F   Total Shutdown\n"
           "                                missed missed missed missed missed      Time\n");
    for (size_t i = 0; i < n; i++) {
        const struct beatmatch_table *t = &all[i].beats.table;
        const long long s = (long long)(all[i].beats.shutdown_s + 0.5);
        put(l, "%4s", score_base_name(all[i].record));
        for (enum beatmatch_kind k = BEATMATCH_N; k <= BEATMATCH_Q; k++)
            put(l, " %4lld", (long long)beatmatch_missed_in_shutdown(t, k).part);
        put(l, "  ");
        /* without S, as bxb */
        put_ratio(l, (struct beatmatch_ratio){cells(t, "NxVxFxQx"), beatmatch_qrs_sensitivity(t).whole});
        for (enum beatmatch_kind k = BEATMATCH_N; k <= BEATMATCH_F; k++)
            put_ratio(l, beatmatch_missed_in_shutdown(t, k));
        put(l, "%5lld seconds", s);
        for (enum beatmatch_kind k = BEATMATCH_N; k <= BEATMATCH_Q; k++)
            put(l, " %lld", (long long)beatmatch_missed_in_shutdown(t, k).whole);
        put(l, "\n");
        beatmatch_add(&sum, t);
        seconds += s;
    }
    put_rule(l, 72);
    put(l, "Sum ");
    for (enum beatmatch_kind k = BEATMATCH_N; k <= BEATMATCH_Q; k++)
        put(l, " %4lld", (long long)beatmatch_missed_in_shutdown(&sum, k).part);
    put(l, "%38s%4lld seconds\n", "", seconds);
    put_end(l, n);
}

/* ---- runs ---- */

static void put_whole_percent(struct lines *l, double part, double whole, bool as_sumstats)
{
    if (whole <= 0)
        put(l, "   -");
    else if (as_sumstats)
        put(l, " %3.0f", 100 * part / whole);
    else
        put(l, " %3d", (int)(100 * part / whole + 0.5));
}

#define RUN_RATIOS (2 * RUNMATCH_CLASSES)

/* Couplets of the reference, of the test; short runs; long runs. */
static struct runmatch_tally tally(const struct runmatch *m, int i)
{
    return runmatch_tally(m, (enum runmatch_pass)(i % 2), (enum runmatch_class)(i / 2));
}

static void put_runs(struct lines *l, const struct score_result *all, size_t n, size_t group)
{
    struct runmatch sum = {{{{0}}}};
    struct mean mean[RUN_RATIOS] = {{0, 0}};

    if (group == RUNMATCH_SUPRAVENTRICULAR)
        put(l, "(SVE run detection)\n");
    put(l, "Record CTs CFN CTp CFP STs SFN STp SFP LTs LFN LTp LFP  CSe C+P SSe S+P LSe L+P\n");
    for (size_t r = group; r < n; r += RUNMATCH_TYPES) {
        put(l, "%4s", score_base_name(all[r].record));
        for (int i = 0; i < RUN_RATIOS; i++)
            put(l, " %3lld %3lld", (long long)tally(&all[r].runs, i).found, (long long)tally(&all[r].runs, i).missed);
        put(l, " ");
        for (int i = 0; i < RUN_RATIOS; i++) {
            const struct runmatch_tally t = tally(&all[r].runs, i);
            put_whole_percent(l, (double)t.found, (double)(t.found + t.missed), false);
            add_ratio(&mean[i], (struct beatmatch_ratio){t.found, t.found + t.missed});
        }
        put(l, "\n");
        runmatch_add(&sum, &all[r].runs);
    }
    put_rule(l, 77);
    put(l, "Sum   ");
    for (int i = 0; i < RUN_RATIOS; i++)
        put(l, i == 0 ? "%4lld %3lld" : " %3lld %3lld", (long long)tally(&sum, i).found, (long long)tally(&sum, i).missed);
    put(l, "\n%-55s", "Gross");
    for (int i = 0; i < RUN_RATIOS; i++)
        put_whole_percent(l, (double)tally(&sum, i).found, (double)(tally(&sum, i).found + tally(&sum, i).missed), true);
    put(l, "\n%-55s", "Average");
    for (int i = 0; i < RUN_RATIOS; i++)
        put_whole_percent(l, mean[i].sum, mean[i].n, true);
    put(l, "\nTotal couplets: %lld  Total short runs: %lld  Total long runs: %lld\n",
        (long long)(tally(&sum, 0).found + tally(&sum, 0).missed), (long long)(tally(&sum, 2).found + tally(&sum, 2).missed),
        (long long)(tally(&sum, 4).found + tally(&sum, 4).missed));
    put_end(l, n / RUNMATCH_TYPES);
}

/* ---- episodes ---- */

/* ms as "1:02:03.456", right-aligned as WFDB programs print times. */
static void put_duration(struct lines *l, long long ms)
{
    const long long s = ms / 1000, h = s / 3600, min = s / 60 % 60;
    char text[48];

    if (h > 0)
        snprintf(text, sizeof text, "%lld:%02lld:%02lld.%03lld", h, min, s % 60, ms % 1000);
    else if (min > 0)
        snprintf(text, sizeof text, "%lld:%02lld.%03lld", min, s % 60, ms % 1000);
    else
        snprintf(text, sizeof text, "%lld.%03lld", s, ms % 1000);
    put(l, "%12s", text);
}

struct side_of_line {
    long long ms;        /* duration as printed */
    int pct;             /* of it found, as printed */
};

static struct side_of_line side_of_line(const struct episodematch_side *s, double rate_hz)
{
    struct side_of_line p = {(long long)((double)s->duration / rate_hz * 1000 + 0.5), 0};

    if (s->duration > 0)
        p.pct = (int)(100 * (double)s->overlap / (double)s->duration + 0.5);
    return p;
}

static void add_printed(struct mean *m, struct side_of_line p)
{
    if (p.ms > 0) {
        m->sum += p.pct / 100.0;
        m->n++;
    }
}

static void put_episodes(struct lines *l, const struct score_result *all, size_t n, size_t group, size_t n_groups)
{
    struct episodematch sum = {.without = 0};
    struct mean se = {0, 0}, pp = {0, 0}, duration_se = {0, 0}, duration_pp = {0, 0};
    long long ref_ms = 0, test_ms = 0, overlap_ms = 0;   /* sumstats makes the overlap again of what the lines say */

    put(l, "(%s detection)\nRecord  TPs   FN  TPp   FP  ESe E+P DSe D+P  Ref duration  Test duration \n", all[group].group);
    for (size_t r = group; r < n; r += n_groups) {
        const struct episodematch_side *ref = &all[r].episodes.ref, *test = &all[r].episodes.test;
        const struct side_of_line a = side_of_line(ref, all[r].rate_hz), b = side_of_line(test, all[r].rate_hz);
        put(l, "%6s %4lld %4lld %4lld %4lld ", score_base_name(all[r].record), (long long)ref->found, (long long)ref->missed,
            (long long)test->found, (long long)test->missed);
        put_whole_percent(l, (double)ref->found, (double)(ref->found + ref->missed), false);
        put_whole_percent(l, (double)test->found, (double)(test->found + test->missed), false);
        put_whole_percent(l, (double)ref->overlap, (double)ref->duration, false);
        put_whole_percent(l, (double)test->overlap, (double)test->duration, false);
        put(l, "  ");
        put_duration(l, a.ms);
        put(l, "   ");
        put_duration(l, b.ms);
        put(l, "\n");
        add_ratio(&se, (struct beatmatch_ratio){ref->found, ref->found + ref->missed});
        add_ratio(&pp, (struct beatmatch_ratio){test->found, test->found + test->missed});
        add_printed(&duration_se, a);
        add_printed(&duration_pp, b);
        ref_ms += a.ms;
        test_ms += b.ms;
        overlap_ms += (long long)(a.ms > b.ms ? (double)a.ms * (a.pct / 100.0) : (double)b.ms * (b.pct / 100.0));
        episodematch_add(&sum, &all[r].episodes);
    }
    put_rule(l, 72);
    put(l, "Sum    %4lld %4lld %4lld %4lld%19s", (long long)sum.ref.found, (long long)sum.ref.missed, (long long)sum.test.found,
        (long long)sum.test.missed, "");
    put_duration(l, ref_ms);
    put(l, "   ");
    put_duration(l, test_ms);
    put(l, "\n%-27s", "Gross");
    put_whole_percent(l, (double)sum.ref.found, (double)(sum.ref.found + sum.ref.missed), true);
    put_whole_percent(l, (double)sum.test.found, (double)(sum.test.found + sum.test.missed), true);
    put_whole_percent(l, (double)overlap_ms, (double)ref_ms, true);
    put_whole_percent(l, (double)overlap_ms, (double)test_ms, true);
    put(l, "\n%-27s", "Average");
    put_whole_percent(l, se.sum, se.n, true);
    put_whole_percent(l, pp.sum, pp.n, true);
    put_whole_percent(l, duration_se.sum, duration_se.n, true);
    put_whole_percent(l, duration_pp.sum, duration_pp.n, true);
    put(l, "\n");
    put_end(l, n / n_groups);
}

/* ---- measurements ---- */

static void put_measures(struct lines *l, const struct score_result *all, size_t n)
{
    struct mean error = {0, 0}, ref = {0, 0};

    put(l, "(Measurement errors)\nRecord\tRMS error (%%)\tMean reference measurement\n");
    for (size_t i = 0; i < n; i++) {
        const struct measurematch *m = &all[i].measures;
        const double pct = measurematch_normalised_pct(m), mean = m->ref_sum / (double)m->n;
        if (isfinite(pct)) {
            put(l, "%6s\t%7.4f\t\t%g\n", score_base_name(all[i].record), pct, mean);
            error.sum += pct;
            error.n++;
            ref.sum += mean;
        } else {
            put(l, "%6s\t      -\t\t-\n", score_base_name(all[i].record));
        }
    }
    put_rule(l, 50);
    if (error.n > 0)
        put(l, "Average %7.4f\t\t%g\n", error.sum / error.n, ref.sum / error.n);
    put_end(l, n);
}

/* ---- the outside ---- */

int score_put_text(struct kymo_output *out, enum score_what what, const struct score_result *all, size_t n, size_t n_groups,
                   struct kymo_err *e)
{
    struct lines l = {out, e, 0};

    if (what == SCORE_BEATS) {
        put_beats(&l, all, n);
        put(&l, "\n");
        put_shutdown(&l, all, n);
    } else if (what == SCORE_MEASURES) {
        put_measures(&l, all, n);
    }
    for (size_t g = 0; n > 0 && (what == SCORE_RUNS || what == SCORE_EPISODES) && g < n_groups; g++) {
        if (g > 0)
            put(&l, "\n");
        if (what == SCORE_RUNS)
            put_runs(&l, all, n, g);
        else
            put_episodes(&l, all, n, g, n_groups);
    }
    return l.rc < 0 ? l.rc : 0;
}

static int put_class_rows(struct kymo_table *t, const char *record, const struct beatmatch_table *m, struct kymo_err *e)
{
    int rc = 0;

    for (int r = 0; rc == 0 && r < BEATMATCH_CLASSES; r++) {
        kymo_cell_text(t, record);
        kymo_cell_text(t, (const char[]){LETTERS[r], '\0'});
        for (int c = 0; c < BEATMATCH_CLASSES; c++)
            if (r >= BEATMATCH_O && c >= BEATMATCH_O)
                kymo_cell_none(t);
            else
                kymo_cell_int(t, m->count[r][c]);
        rc = kymo_row_end(t, e);
    }
    return rc;
}

static int put_length_rows(struct kymo_table *t, const char *record, const char *group, const struct runmatch *m,
                           struct kymo_err *e)
{
    static const char *const passes[] = {"se", "pp"}, *const lengths[] = {"0", "1", "2", "3", "4", "5", ">5"};
    int rc = 0;

    for (int p = 0; p < RUNMATCH_PASSES; p++)
        for (int r = 0; rc == 0 && r < RUNMATCH_LENGTHS; r++) {
            kymo_cell_text(t, record);
            kymo_cell_text(t, group);
            kymo_cell_text(t, passes[p]);
            kymo_cell_text(t, lengths[r]);
            for (int c = 0; c < RUNMATCH_LENGTHS; c++)
                if (r == 0 && c == 0)
                    kymo_cell_none(t);
                else
                    kymo_cell_int(t, m->count[p][r][c]);
            rc = kymo_row_end(t, e);
        }
    return rc;
}

static int put_classes(struct kymo_table *t, const struct score_result *all, size_t n, struct kymo_err *e)
{
    struct beatmatch_table sum = {{{0}}};
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < n; i++) {
        beatmatch_add(&sum, &all[i].beats.table);
        rc = put_class_rows(t, all[i].record, &all[i].beats.table, e);
    }
    return rc == 0 && n > 1 ? put_class_rows(t, "gross", &sum, e) : rc;
}

static int put_lengths(struct kymo_table *t, const struct score_result *all, size_t n, size_t n_groups, struct kymo_err *e)
{
    struct runmatch sum[RUNMATCH_TYPES] = {{{{{0}}}}};
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < n; i++) {
        runmatch_add(&sum[i % n_groups], &all[i].runs);
        rc = put_length_rows(t, all[i].record, all[i].group, &all[i].runs, e);
    }
    for (size_t g = 0; rc == 0 && n > n_groups && g < n_groups; g++)
        rc = put_length_rows(t, "gross", all[g].group, &sum[g], e);
    return rc;
}

int score_put_matrix(struct kymo_output *out, enum kymo_table_form form, enum score_what what, const struct score_result *all,
                     size_t n, size_t n_groups, struct kymo_err *e)
{
    static const struct kymo_column classes[] = {{"record", 0}, {"ref", 0}, {"n", 0}, {"s", 0}, {"v", 0}, {"f", 0}, {"q", 0},
                                                 {"o", 0}, {"x", 0}};
    static const struct kymo_column lengths[] = {{"record", 0}, {"runs", 0}, {"pass", 0}, {"ref", 0}, {"0", 0}, {"1", 0},
                                                 {"2", 0}, {"3", 0}, {"4", 0}, {"5", 0}, {">5", 0}};
    struct kymo_table *t = what == SCORE_BEATS ? kymo_table_create(out, form, classes, sizeof classes / sizeof *classes, e)
                                               : kymo_table_create(out, form, lengths, sizeof lengths / sizeof *lengths, e);
    int rc = !t ? e->cause[0].code : what == SCORE_BEATS ? put_classes(t, all, n, e) : put_lengths(t, all, n, n_groups, e);

    if (rc == 0)
        rc = kymo_table_finish(t, e);
    kymo_table_destroy(t);
    return rc;
}
