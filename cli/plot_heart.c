/* cli/plot_heart.c - kymo plot: what the intervals between beats show. Beats are given or found as kymo hrv has it, and those
 * intervals count that lie between normal beats. */
#include "cli/chart_histogram.h"
#include "cli/chart_poincare.h"
#include "cli/chart_psd.h"
#include "cli/chart_tachogram.h"
#include "cli/hrv.h"
#include "cli/hrv_measures.h"
#include "cli/plot.h"

#include <stdio.h>
#include <stdlib.h>

struct intervals {
    struct nn_interval *all;
    size_t n, n_beats;
    struct nn_room room;
    struct nn_series nn;
    struct hrv_recipe recipe;         /* what kymo hrv counts and gives unless told */
    struct hrv_span span;
};

/* ---- intervals ---- */

static int make_intervals(const struct hrv_beats *b, struct intervals *v, struct kymo_err *e)
{
    int rc = hrv_usual_recipe(&v->recipe, e);

    if (rc == 0)
        rc = nn_select(b->beat, b->n, &v->recipe.nn, &v->all, &v->n, e);
    if (rc == 0 && (rc = nn_room_make(&v->room, v->n, e)) == 0)
        v->nn = nn_take(v->all, v->n, &v->room);
    v->n_beats = b->n;
    v->span = (struct hrv_span){
        .from_s = (double)b->from_ns / (double)KYMO_NS_PER_S, .to_s = (double)b->end_ns / (double)KYMO_NS_PER_S,
    };
    if (rc == 0)
        hrv_count_intervals(v->all, v->n, &v->span);
    return rc;
}

static int read_intervals(const struct plot *p, struct intervals *v, struct kymo_err *e)
{
    struct hrv_beats b = {.n = 0};
    int rc = hrv_read(p->call, &p->args->in, NULL, &b, e);

    if (rc == 0)
        rc = make_intervals(&b, v, e);
    hrv_beats_release(&b);
    return rc;
}

static void release_intervals(struct intervals *v)
{
    nn_room_release(&v->room);
    free(v->all);
}

/* ---- charts ---- */

static int draw_spectrum(struct kymo_draw *d, const struct chart_place *place, const struct intervals *v, struct kymo_err *e)
{
    const struct hrv_spectra_recipe *const recipe = &v->recipe.spectra;
    const char *withheld[CHART_POWERS];
    struct hrv_spectra s = {.recipe = NULL};
    char words[160];
    int rc = hrv_spectra_make(&s, recipe, e);

    hrv_spectra_words(recipe, words, sizeof words);
    for (int i = 0; i < CHART_POWERS; i++)
        withheld[i] = hrv_withheld(chart_power_measure[i], &v->recipe, &v->span);
    if (rc == 0 && v->nn.n > 0)
        rc = hrv_spectra_measure(&s, &v->nn, e);
    if (rc == 0)
        rc = chart_psd(d, place, &s.spectrum, &recipe->bands, words, withheld, e);
    hrv_spectra_release(&s);
    return rc;
}

static int draw_chart(struct plot *p, enum plot_kind kind, const struct chart_place *place, const struct intervals *v,
                      struct kymo_err *e)
{
    const struct chart_tachogram t = {v->all, v->n, v->span.from_s, v->span.to_s};

    switch (kind) {
    case PLOT_TACHOGRAM: return chart_tachogram(p->draw, place, &t, e);
    case PLOT_HISTOGRAM:
        return chart_histogram(p->draw, place, &v->nn, hrv_withheld("sdnn_ms", &v->recipe, &v->span), e);
    case PLOT_PSD: return draw_spectrum(p->draw, place, v, e);
    default:
        chart_poincare(p->draw, place, v->all, v->n, &v->nn, hrv_withheld("sd1_ms", &v->recipe, &v->span));
        return 0;
    }
}

/* Width and height of a picture, without head and margins. */
static const struct {
    double width_mm, height_mm;
} sizes[PLOT_KINDS] = {
    [PLOT_TACHOGRAM] = {260, 80}, [PLOT_POINCARE] = {120, 120}, [PLOT_HISTOGRAM] = {140, 90}, [PLOT_PSD] = {150, 100},
};

int plot_heart(struct plot *p, enum plot_kind kind, struct kymo_err *e)
{
    struct intervals v = {.n = 0};
    double width = sizes[kind].width_mm + 2 * PLOT_MARGIN_MM, y;
    double height = sizes[kind].height_mm + 2 * PLOT_MARGIN_MM + PLOT_HEAD_MM;
    char what[160], from[48], to[48];
    int rc = read_intervals(p, &v, e);

    if (rc == 0) {
        chart_time_text(v.span.from_s, 1, from, sizeof from);
        chart_time_text(v.span.to_s, 1, to, sizeof to);
        snprintf(what, sizeof what, "%s to %s   %zu beats, %zu intervals between normal ones", from, to, v.n_beats, v.nn.n);
        if (!p->fits)
            plot_paper_size(p, false, &width, &height);
        plot_page(p, width, height, what, &y);
        const struct chart_place place = {PLOT_MARGIN_MM, y, width - 2 * PLOT_MARGIN_MM, height - y - PLOT_MARGIN_MM};
        rc = draw_chart(p, kind, &place, &v, e);
    }
    release_intervals(&v);
    return rc;
}
