/* cli/plot_spo2.c - kymo plot: a night of oximetry, read and cleaned as kymo desat has it unless told, with its
 * desaturations. */
#include "cli/chart_spo2.h"
#include "cli/desat_rule.h"
#include "cli/oximetry_curves.h"
#include "cli/plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define WIDTH_MM 260.0
#define HEIGHT_MM 110.0

struct night_args {
    struct oximetry_args oximetry;
    struct desat_rule_args rule;
};

static const struct kymo_opt night_options[] = {
    OXIMETRY_OPTS(struct night_args, oximetry), DESAT_RULE_OPTS(struct night_args, rule), KYMO_OPT_LAST
};

struct night {
    struct oximetry o;
    struct desat_rule rule;
    char rule_text[DESAT_RULE_TEXT];
    struct desat_night desats;
    struct chart_mark *mark;
    struct oximetry_curves curves;
    double from_s, to_s;
};

/* ---- what is drawn ---- */

/* What the options of kymo desat are where nobody says otherwise. */
static int usual_args(const struct plot_args *given, struct night_args *args, struct kymo_err *e)
{
    static const struct kymo_command none = {.name = "plot", .options = night_options, .args_size = sizeof *args};
    char name[] = "plot", *argv[] = {name, NULL};
    struct kymo_shared shared = {.quiet = false};
    size_t n;
    const int rc = kymo_parse_options(&none, 1, argv, &shared, args, &n, e);

    args->oximetry.in = given->in;
    return rc;
}

static double seconds(int64_t ns) { return (double)ns / (double)KYMO_NS_PER_S; }

static int read_night(const struct plot *p, struct night *n, struct kymo_err *e)
{
    struct night_args args = {.rule = {.rule = 0}};
    int rc = usual_args(p->args, &args, e);

    if (rc == 0 && (rc = oximetry_read(p->call, &args.oximetry, &n->o, e)) == 0 &&
        (rc = desat_rule_of(&args.rule, &n->rule, n->rule_text, e)) == 0)
        rc = desat_night_find(&n->o, &n->rule, &n->desats, e);
    if (rc < 0)
        return rc;
    n->from_s = plot_from_s(p);
    n->to_s = n->o.spo2.n ? seconds(oximetry_time(&n->o.spo2, n->o.spo2.n)) : n->from_s + 1;
    if (!(n->mark = calloc(n->desats.n_found + 1, sizeof *n->mark)))
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu desaturations", n->desats.n_found);
    for (size_t i = 0; i < n->desats.n_found; i++) {
        const double onset_s = seconds(desat_night_time(&n->desats, n->desats.found[i].onset));
        n->mark[i] = (struct chart_mark){
            onset_s, seconds(desat_night_time(&n->desats, n->desats.found[i].end)) - onset_s, "desat", "",
        };
    }
    return 0;
}

/* ---- the page ---- */

static void describe(const struct night *n, char *what, size_t cap)
{
    double sum = 0, valid = 0, low = 0;
    char from[48], to[48];

    for (size_t i = 0; i < n->o.spo2.n; i++)
        if (!isnan(n->o.spo2.x[i])) {
            valid++;
            sum += n->o.spo2.x[i];
            low += n->o.spo2.x[i] < 90 ? 1 : 0;
        }
    const double valid_h = valid / n->o.spo2.fs_hz / 3600;
    chart_time_text(n->from_s, 1, from, sizeof from);
    chart_time_text(n->to_s, 1, to, sizeof to);
    if (valid == 0)
        snprintf(what, cap, "%s to %s   no valid reading", from, to);
    else
        snprintf(what, cap, "%s to %s   valid %.2f h   %zu desaturations by %s, %.1f per valid h   mean %.1f %%   "
                 "below 90 %%: %.1f %% of valid time", from, to, valid_h, n->desats.n_found, n->rule_text,
                 (double)n->desats.n_found / valid_h, sum / valid, 100 * low / valid);
}

static int draw_night(struct plot *p, struct night *n, struct kymo_err *e)
{
    const size_t columns = (size_t)(WIDTH_MM / CHART_COLUMN_MM);
    double width = WIDTH_MM + 2 * PLOT_MARGIN_MM, height = HEIGHT_MM + 2 * PLOT_MARGIN_MM + PLOT_HEAD_MM, y;
    char what[400];

    const int rc = oximetry_curves_make(&n->curves, &n->o, n->from_s, n->to_s, columns, e);
    if (rc < 0)
        return rc;
    const struct chart_spo2 chart = {&n->curves.spo2, n->curves.has_pulse ? &n->curves.pulse : NULL, n->mark,
                                     n->desats.n_found, n->from_s, n->to_s};
    if (!p->fits)
        plot_paper_size(p, false, &width, &height);
    describe(n, what, sizeof what);
    plot_page(p, width, height, what, &y);
    chart_spo2(p->draw, &(struct chart_place){PLOT_MARGIN_MM, y, width - 2 * PLOT_MARGIN_MM, height - y - PLOT_MARGIN_MM},
               &chart);
    return 0;
}

int plot_spo2(struct plot *p, enum plot_kind kind, struct kymo_err *e)
{
    struct night n = {.mark = NULL};
    int rc = read_night(p, &n, e);

    (void)kind;
    if (rc == 0)
        rc = draw_night(p, &n, e);
    oximetry_curves_release(&n.curves);
    free(n.mark);
    desat_night_release(&n.desats);
    oximetry_release(&n.o);
    return rc;
}
