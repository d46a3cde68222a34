/* algorithms/spo2_night.c - see spo2_night.h. */
#include "algorithms/spo2_night.h"

#include "algorithms/spo2_complexity.h"
#include "algorithms/spo2_entropy.h"
#include "algorithms/spo2_general.h"
#include "algorithms/spo2_low.h"
#include "algorithms/spo2_prsa.h"
#include "algorithms/spo2_psd.h"
#include "algorithms/spo2_shape.h"

#include <math.h>
#include <stdlib.h>

#define S_PER_H 3600.0

void spo2_set_windows(struct spo2_night *night)
{
    const bool scored = night->respiratory != NULL;
    const struct response_event *const event = scored ? night->respiratory : night->fall;
    const size_t n = scored ? night->n_respiratory : night->n_desats[SPO2_RULE];

    night->burden_window = response_window(night->x_pct, night->n, night->respiratory, night->n_respiratory, false);
    if (night->pulse_per_min)
        night->pulse_window = response_window(night->pulse_per_min, night->n, event, n, true);
}

static bool is_inside(const struct spo2_part *part, size_t second)
{
    return second >= part->from && second < part->to && (!part->group || part->group[second] == part->wanted);
}

/* The part's samples, NaN where a second is not of it; the night's own where they lie in one piece. */
static int take_samples(const struct spo2_night *night, const struct spo2_part *part, const double **x, double **own,
                        struct kymo_err *e)
{
    const size_t n = part->to - part->from;

    *own = NULL;
    *x = night->x_pct + part->from;
    if (!part->group)
        return 0;
    *x = *own = malloc((n + 1) * sizeof **own);
    if (!*own)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu samples", n);
    for (size_t i = 0; i < n; i++)
        (*own)[i] = is_inside(part, part->from + i) ? night->x_pct[part->from + i] : NAN;
    return 0;
}

static void measure_times(const struct spo2_night *night, const struct spo2_part *part, struct spo2_measures *out)
{
    size_t n = 0, n_valid = 0, n_asleep = 0;

    for (size_t i = part->from; i < part->to; i++) {
        const bool inside = is_inside(part, i);
        n += inside;
        n_valid += inside && !isnan(night->x_pct[i]);
        n_asleep += inside && night->asleep && night->asleep[i];
    }
    out->recording_h = (double)n / S_PER_H;
    out->valid_h = (double)n_valid / S_PER_H;
    out->sleep_h = night->asleep ? (double)n_asleep / S_PER_H : NAN;
}

/* ---- desaturations ---- */

struct rates {
    double n, per_h, per_valid_h, per_sleep_h;
};

static double rate(double n, double hours) { return hours > 0 ? n / hours : NAN; }

static struct rates count_desats(const struct spo2_night *night, const struct spo2_part *part, int list,
                                 const struct spo2_measures *times)
{
    double n = 0, asleep = 0;

    for (size_t k = 0; k < night->n_desats[list]; k++) {
        const size_t onset = night->desat[list][k].onset;
        const bool inside = is_inside(part, onset);
        n += inside;
        asleep += inside && night->asleep && night->asleep[onset];
    }
    const bool any = times->valid_h > 0;
    return (struct rates){
        .n = any ? n : NAN, .per_h = any ? rate(n, times->recording_h) : NAN, .per_valid_h = rate(n, times->valid_h),
        .per_sleep_h = any ? rate(asleep, times->sleep_h) : NAN,
    };
}

static void measure_rates(const struct spo2_night *night, const struct spo2_part *part, struct spo2_measures *out)
{
    const struct rates r = count_desats(night, part, SPO2_RULE, out), r2 = count_desats(night, part, SPO2_DROP_2, out),
                       r3 = count_desats(night, part, SPO2_DROP_3, out), r4 = count_desats(night, part, SPO2_DROP_4, out);

    out->n_desats = r.n;
    out->odi = r.per_h;
    out->odi_valid = r.per_valid_h;
    out->odi_sleep = r.per_sleep_h;
    out->odi2 = r2.per_h;
    out->odi3 = r3.per_h;
    out->odi4 = r4.per_h;
    out->odi2_valid = r2.per_valid_h;
    out->odi3_valid = r3.per_valid_h;
    out->odi4_valid = r4.per_valid_h;
    out->odi2_sleep = r2.per_sleep_h;
    out->odi3_sleep = r3.per_sleep_h;
    out->odi4_sleep = r4.per_sleep_h;
}

static void put_shape(const struct spo2_shape *s, double valid_s, struct spo2_measures *out)
{
    const struct {
        double *mean, *sd;
        const struct spo2_spread *of;
    } both[] = {
        {&out->dl_u, &out->dl_sd, &s->dl_s}, {&out->dla_u, &out->dla_sd, &s->dla_s}, {&out->dlb_u, &out->dlb_sd, &s->dlb_s},
        {&out->da100_u, &out->da100_sd, &s->da100_pct_s}, {&out->damax_u, &out->damax_sd, &s->damax_pct_s},
        {&out->dd100_u, &out->dd100_sd, &s->dd100_pct}, {&out->ddmax_u, &out->ddmax_sd, &s->ddmax_pct},
        {&out->ds_u, &out->ds_sd, &s->ds_pct_per_s}, {&out->td_u, &out->td_sd, &s->td_s},
    };

    for (size_t k = 0; k < sizeof both / sizeof *both; k++) {
        *both[k].mean = both[k].of->mean;
        *both[k].sd = both[k].of->sd;
    }
    out->pod = s->sum_dl_s / valid_s;   /* 0 / 0 is NaN, as wanted; so in the next three */
    out->aodmax = s->sum_damax_pct_s / valid_s;
    out->aod100 = s->sum_da100_pct_s / valid_s;
    out->burden_desat = s->sum_burden_pct_s / 60 / (valid_s / S_PER_H);
}

static int measure_shapes(const struct spo2_night *night, const struct spo2_part *part, struct spo2_measures *out,
                          struct kymo_err *e)
{
    const size_t n_all = night->n_desats[SPO2_RULE];
    struct desat *const event = malloc((n_all + 1) * sizeof *event);
    struct spo2_shape shape;
    size_t n = 0;

    if (!event)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu desaturations", n_all);
    for (size_t k = 0; k < n_all; k++)
        if (is_inside(part, night->desat[SPO2_RULE][k].onset))
            event[n++] = night->desat[SPO2_RULE][k];
    spo2_shape(night->x_pct, event, n, &shape);
    put_shape(&shape, out->valid_h * S_PER_H, out);
    free(event);
    return 0;
}

/* ---- responses ---- */

/* The events that begin in the part, and asleep if that is asked for, to kept. */
static size_t keep_events(const struct spo2_part *part, const unsigned char *asleep, const struct response_event *event,
                          size_t n, struct response_event *kept)
{
    size_t n_kept = 0;

    for (size_t k = 0; k < n; k++)
        if (is_inside(part, event[k].onset) && (!asleep || asleep[event[k].onset]))
            kept[n_kept++] = event[k];
    return n_kept;
}

/* Valid hours of the part, asleep where that is known. */
static double burden_hours(const struct spo2_night *night, const struct spo2_part *part)
{
    size_t n = 0;

    for (size_t i = part->from; i < part->to; i++)
        n += is_inside(part, i) && !isnan(night->x_pct[i]) && (!night->asleep || night->asleep[i]);
    return (double)n / S_PER_H;
}

static int measure_responses(const struct spo2_night *night, const struct spo2_part *part, struct spo2_measures *out,
                             struct kymo_err *e)
{
    const bool scored = night->respiratory != NULL;
    const size_t n_all = scored ? night->n_respiratory : night->n_desats[SPO2_RULE];
    struct response_event *const event = malloc((n_all + 1) * sizeof *event);

    out->n_respiratory = out->burden = out->burden_from_s = out->burden_to_s = out->pulse_rise = NAN;
    if (!event)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu events", n_all);
    const size_t n = keep_events(part, NULL, scored ? night->respiratory : night->fall, n_all, event);
    if (night->pulse_per_min)
        out->pulse_rise = response_rise(night->pulse_per_min, night->n, event, n, night->pulse_window);
    if (scored) {
        const size_t n_asleep = keep_events(part, night->asleep, night->respiratory, n_all, event);
        const double sum = response_burden(night->x_pct, night->n, event, n_asleep, night->burden_window);
        out->n_respiratory = (double)n;
        out->burden = rate(sum, burden_hours(night, part));
        out->burden_from_s = night->burden_window.from_s;
        out->burden_to_s = night->burden_window.to_s;
    }
    free(event);
    return 0;
}

/* ---- values ---- */

static int measure_values(const double *x, size_t n, struct spo2_measures *out, struct kymo_err *e)
{
    struct spo2_general g;
    struct spo2_complexity c;
    struct spo2_entropy h;
    struct spo2_psd psd;
    struct spo2_prsa prsa;
    int rc;

    if ((rc = spo2_general(x, n, &g, e)) < 0 || (rc = spo2_complexity(x, n, g.med_pct, g.av_pct, &c, e)) < 0 ||
        (rc = spo2_entropy(x, n, &h, e)) < 0 || (rc = spo2_psd(x, n, &psd, e)) < 0)
        return rc;
    spo2_prsa(x, n, &prsa);
    out->av = g.av_pct;
    out->med = g.med_pct;
    out->min = g.min_pct;
    out->sd = g.sd_pct;
    out->rg = g.rg_pct;
    out->p1 = g.p_pct;
    out->p5 = g.p5_pct;
    out->p25 = g.p25_pct;
    out->p75 = g.p75_pct;
    out->p95 = g.p95_pct;
    out->m = g.m_pct;
    out->zc = g.zc;
    out->di = g.di_pct;
    out->k = g.k;
    out->sk = g.sk;
    out->mad = g.mad_pct;
    out->apen = h.apen;
    out->sampen = h.sampen;
    out->lz = c.lz;
    out->ctm = c.ctm;
    out->dfa = c.dfa_pct;
    out->prsac = prsa.c_pct;
    out->prsaad = prsa.ad_pct;
    out->prsaos = prsa.os_pct_per_s;
    out->prsasb = prsa.sb_pct_per_s;
    out->prsasa = prsa.sa_pct_per_s;
    out->ac = prsa.ac_pct2;
    out->psd_total = psd.total;
    out->psd_band = psd.band;
    out->psd_ratio = psd.ratio;
    out->psd_peak = psd.peak;
    return 0;
}

static void measure_levels(const double *x, size_t n, double level_pct, struct spo2_measures *out)
{
    const struct spo2_low low = spo2_low(x, n, level_pct);

    out->ct = low.ct_pct;
    out->ca = low.ca_pct;
    out->t95 = spo2_low(x, n, 95).t_pct;
    out->t90 = spo2_low(x, n, 90).t_pct;
    out->t88 = spo2_low(x, n, 88).t_pct;
    out->t85 = spo2_low(x, n, 85).t_pct;
    out->t80 = spo2_low(x, n, 80).t_pct;
}

int spo2_measure(const struct spo2_night *night, const struct spo2_part *part, struct spo2_measures *out, struct kymo_err *e)
{
    const size_t n = part->to - part->from;
    const double *x;
    double *own;
    int rc = take_samples(night, part, &x, &own, e);

    if (rc < 0)
        return rc;
    measure_times(night, part, out);
    measure_rates(night, part, out);
    measure_levels(x, n, night->level_pct, out);
    if ((rc = measure_values(x, n, out, e)) == 0 && (rc = measure_shapes(night, part, out, e)) == 0)
        rc = measure_responses(night, part, out, e);
    free(own);
    return rc;
}
