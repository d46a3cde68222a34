/* cli/score_numbers.c - see score_numbers.h. */
#include "cli/score_numbers.h"

#include <math.h>

static const struct score_number of_beats[] = {
    {{"n_ref", 0}, COUNT}, {{"tp", 0}, COUNT}, {{"missed", 0}, COUNT}, {{"false", 0}, COUNT}, {{"se_pct", 3}, PERCENT},
    {{"pp_pct", 3}, PERCENT}, {{"f1_pct", 3}, PERCENT}, {{"n_v", 0}, COUNT}, {{"v_se_pct", 3}, PERCENT},
    {{"v_pp_pct", 3}, PERCENT}, {{"v_fpr_pct", 3}, PERCENT}, {{"n_s", 0}, COUNT}, {{"s_se_pct", 3}, PERCENT},
    {{"s_pp_pct", 3}, PERCENT}, {{"rr_rms_ms", 2}, RMS}, {{"missed_in_shutdown", 0}, COUNT}, {{"shutdown_s", 3}, COUNT},
};
static const struct score_number of_runs[] = {
    {{"couplets_ref", 0}, COUNT}, {{"couplets_test", 0}, COUNT}, {{"couplets_se_pct", 3}, PERCENT},
    {{"couplets_pp_pct", 3}, PERCENT}, {{"short_ref", 0}, COUNT}, {{"short_test", 0}, COUNT}, {{"short_se_pct", 3}, PERCENT},
    {{"short_pp_pct", 3}, PERCENT}, {{"long_ref", 0}, COUNT}, {{"long_test", 0}, COUNT}, {{"long_se_pct", 3}, PERCENT},
    {{"long_pp_pct", 3}, PERCENT},
};
static const struct score_number of_episodes[] = {
    {{"n_ref", 0}, COUNT}, {{"missed", 0}, COUNT}, {{"n_test", 0}, COUNT}, {{"false", 0}, COUNT}, {{"se_pct", 3}, PERCENT},
    {{"pp_pct", 3}, PERCENT}, {{"ref_s", 3}, COUNT}, {{"test_s", 3}, COUNT}, {{"both_s", 3}, COUNT},
    {{"duration_se_pct", 3}, PERCENT}, {{"duration_pp_pct", 3}, PERCENT},
    {{"duration_sp_pct", 3}, PERCENT},
};
static const struct score_number of_measures[] = {
    {{"n", 0}, COUNT}, {{"rms_error", 6}, RMS}, {{"normalised_pct", 4}, NORMALISED}, {{"mean_error", 6}, MEAN},
    {{"mean_ref", 6}, MEAN},
};

_Static_assert(sizeof of_beats / sizeof *of_beats <= SCORE_MOST_NUMBERS, "room for the longest");

#define TABLE_OF(numbers, group) {numbers, sizeof numbers / sizeof *numbers, group}
const struct score_table score_tables[] = {
    [SCORE_BEATS] = TABLE_OF(of_beats, NULL), [SCORE_RUNS] = TABLE_OF(of_runs, "runs"),
    [SCORE_EPISODES] = TABLE_OF(of_episodes, "episodes"), [SCORE_MEASURES] = TABLE_OF(of_measures, NULL),
};

double score_value(enum score_kind kind, struct score_cell c)
{
    if (kind == COUNT)
        return c.part;
    if (c.whole == 0)
        return (double)NAN;
    const double q = c.part / c.whole;
    return kind == PERCENT ? 100 * q : kind == MEAN ? q : kind == RMS ? sqrt(q) :
           c.scale != 0 ? 100 * sqrt(q) / fabs(c.scale / c.whole) : (double)NAN;
}

static struct score_cell count(double n) { return (struct score_cell){n, 0, 0}; }

static struct score_cell ratio(struct beatmatch_ratio r) { return (struct score_cell){(double)r.part, (double)r.whole, 0}; }

static void cells_of_beats(const struct score_result *r, struct score_cell *c)
{
    const struct beatmatch_table *t = &r->beats.table;
    const struct beatmatch_ratio se = beatmatch_qrs_sensitivity(t), pp = beatmatch_qrs_predictivity(t);
    int64_t in_shutdown = 0;

    for (enum beatmatch_kind k = BEATMATCH_N; k <= BEATMATCH_Q; k++)
        in_shutdown += beatmatch_missed_in_shutdown(t, k).part;
    *c++ = count((double)se.whole);
    *c++ = count((double)se.part);
    *c++ = count((double)(se.whole - se.part));
    *c++ = count((double)(pp.whole - pp.part));
    *c++ = ratio(se);
    *c++ = ratio(pp);
    *c++ = (struct score_cell){2 * (double)se.part, (double)(se.whole + pp.whole), 0};
    *c++ = count((double)beatmatch_v_sensitivity(t).whole);
    *c++ = ratio(beatmatch_v_sensitivity(t));
    *c++ = ratio(beatmatch_v_predictivity(t));
    *c++ = ratio(beatmatch_v_false_positive_rate(t));
    *c++ = count((double)beatmatch_s_sensitivity(t).whole);
    *c++ = ratio(beatmatch_s_sensitivity(t));
    *c++ = ratio(beatmatch_s_predictivity(t));
    *c++ = (struct score_cell){r->beats.rr_square_sum, (double)r->beats.n_rr, 0};
    *c++ = count((double)in_shutdown);
    *c = count(r->beats.shutdown_s);
}

static void cells_of_runs(const struct score_result *r, struct score_cell *c)
{
    for (enum runmatch_class k = 0; k < RUNMATCH_CLASSES; k++) {
        const struct runmatch_tally ref = runmatch_tally(&r->runs, RUNMATCH_SENSITIVITY, k);
        const struct runmatch_tally test = runmatch_tally(&r->runs, RUNMATCH_PREDICTIVITY, k);
        const double n_ref = (double)(ref.found + ref.missed), n_test = (double)(test.found + test.missed);
        *c++ = count(n_ref);
        *c++ = count(n_test);
        *c++ = (struct score_cell){(double)ref.found, n_ref, 0};
        *c++ = (struct score_cell){(double)test.found, n_test, 0};
    }
}

static void cells_of_episodes(const struct score_result *r, struct score_cell *c)
{
    const struct episodematch_side *ref = &r->episodes.ref, *test = &r->episodes.test;
    const double n_ref = (double)(ref->found + ref->missed), n_test = (double)(test->found + test->missed);

    *c++ = count(n_ref);
    *c++ = count((double)ref->missed);
    *c++ = count(n_test);
    *c++ = count((double)test->missed);
    *c++ = (struct score_cell){(double)ref->found, n_ref, 0};
    *c++ = (struct score_cell){(double)test->found, n_test, 0};
    *c++ = count((double)ref->duration / r->rate_hz);
    *c++ = count((double)test->duration / r->rate_hz);
    *c++ = count((double)ref->overlap / r->rate_hz);
    *c++ = (struct score_cell){(double)ref->overlap / r->rate_hz, (double)ref->duration / r->rate_hz, 0};
    *c++ = (struct score_cell){(double)test->overlap / r->rate_hz, (double)test->duration / r->rate_hz, 0};
    *c = (struct score_cell){(double)r->episodes.clear / r->rate_hz, (double)r->episodes.without / r->rate_hz, 0};
}

static void cells_of_measures(const struct score_result *r, struct score_cell *c)
{
    const struct measurematch *m = &r->measures;

    *c++ = count((double)m->n);
    *c++ = (struct score_cell){m->square_sum, (double)m->n, 0};
    *c++ = (struct score_cell){m->square_sum, (double)m->n, m->ref_sum};
    *c++ = (struct score_cell){m->difference_sum, (double)m->n, 0};
    *c = (struct score_cell){m->ref_sum, (double)m->n, 0};
}

void score_cells(enum score_what what, const struct score_result *r, struct score_cell *c)
{
    static void (*const fill[])(const struct score_result *, struct score_cell *) = {
        [SCORE_BEATS] = cells_of_beats, [SCORE_RUNS] = cells_of_runs, [SCORE_EPISODES] = cells_of_episodes,
        [SCORE_MEASURES] = cells_of_measures,
    };

    fill[what](r, c);
}
