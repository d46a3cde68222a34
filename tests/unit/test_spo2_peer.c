/* tests/unit/test_spo2_peer.c - the 44 measures of a night of SpO2 against an independent program, pobm 1.0.5, on four nights
 * with and without a median filter, given the events that it found ($KYMO_REFERENCE/spo2).
 *
 * Not compared, each for a defect of the peer:
 *   ZC                counts each sample of a flat stretch on the baseline twice: 127 crossings of 90 % where there are 16
 *   DS of Hard        lines through one sample make all of it NaN there
 *   TD of syn_severe  more than 127 events wrap its counter, and they come out of order; the other measures do not mind
 *   syn_none          has no events: 0 there, no value here
 * Rows "before grouping" are about its detector. ODI, counts and shapes are those of the events that it gives out. */
#include "algorithms/spo2_complexity.h"
#include "algorithms/spo2_entropy.h"
#include "algorithms/spo2_general.h"
#include "algorithms/spo2_low.h"
#include "algorithms/spo2_prsa.h"
#include "algorithms/spo2_psd.h"
#include "algorithms/spo2_shape.h"
#include "tests/unit/support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SAMPLES 30000
#define MAX_EVENTS 400

struct night {
    char series[64], rule[64];    /* rule: "Relative3", or "" */
    bool filtered;
    double x[MAX_SAMPLES];
    size_t n;
    struct desat event[MAX_EVENTS];
    size_t n_events;
    struct spo2_general general;
    struct spo2_complexity complexity;
    struct spo2_entropy entropy;
    struct spo2_prsa prsa;
    struct spo2_psd psd;
    struct spo2_low low;
    struct spo2_shape shape;
};

static FILE *open_reference(const char *name)
{
    const char *folder = getenv("KYMO_REFERENCE");
    char path[1024];

    snprintf(path, sizeof path, "%s/spo2/%s", folder ? folder : "", name);
    return folder ? fopen(path, "r") : NULL;
}

static void read_samples(struct night *t)
{
    char name[128];

    snprintf(name, sizeof name, "%s%s.txt", t->series, t->filtered ? "_prep" : "");
    FILE *f = open_reference(name);
    assert_non_null(f);
    for (t->n = 0; t->n < MAX_SAMPLES && fscanf(f, "%lf", &t->x[t->n]) == 1;)
        t->n++;
    fclose(f);
}

/* The first lowest sample. */
static size_t find_nadir(const double *x, size_t from, size_t to)
{
    size_t at = from;

    for (size_t i = from; i <= to; i++)
        if (x[i] < x[at])
            at = i;
    return at;
}

static void read_events(struct night *t)
{
    char name[256];

    snprintf(name, sizeof name, "%s_%s_%s_pobm_events.csv", t->series, t->filtered ? "prep" : "raw", t->rule);
    FILE *f = open_reference(name);
    assert_non_null(f);
    assert_int_equal(fscanf(f, "begin,end"), 0);
    t->n_events = 0;
    for (size_t from, to; t->n_events < MAX_EVENTS && fscanf(f, "%zu,%zu", &from, &to) == 2;)
        t->event[t->n_events++] = (struct desat){.onset = from, .nadir = find_nadir(t->x, from, to), .end = to};
    fclose(f);
}

static void measure(struct night *t)
{
    struct kymo_err e = {0};

    assert_int_equal(spo2_general(t->x, t->n, &t->general, &e), 0);
    assert_int_equal(spo2_complexity(t->x, t->n, t->general.med_pct, t->general.av_pct, &t->complexity, &e), 0);
    assert_int_equal(spo2_entropy(t->x, t->n, &t->entropy, &e), 0);
    assert_int_equal(spo2_psd(t->x, t->n, &t->psd, &e), 0);
    spo2_prsa(t->x, t->n, &t->prsa);
    t->low = spo2_low(t->x, t->n, 90);
    spo2_shape(t->x, t->event, t->n_events, &t->shape);
}

static bool is_compared(const struct night *t, const char *metric, const char *params)
{
    if (strcmp(metric, "ZC") == 0 || strstr(params, "before grouping"))
        return false;
    if (strncmp(metric, "DS_", 3) == 0 && strcmp(t->rule, "Hard90") == 0)
        return false;
    if (strncmp(metric, "TD_", 3) == 0 && strcmp(t->series, "syn_severe") == 0)
        return false;
    return t->n_events > 0 || !t->rule[0] || strcmp(metric, "ODI") == 0 || strcmp(metric, "CT") == 0;
}

/* NaN: no such metric. */
static double our_value(const struct night *t, const char *metric)
{
    const struct spo2_shape *const s = &t->shape;
    const double n = (double)t->n;
    const struct { const char *metric; double value; } known[] = {
        {"AV", t->general.av_pct}, {"MED", t->general.med_pct}, {"Min", t->general.min_pct}, {"SD", t->general.sd_pct},
        {"RG", t->general.rg_pct}, {"P", t->general.p_pct}, {"M", t->general.m_pct}, {"DI", t->general.di_pct},
        {"K", t->general.k}, {"SK", t->general.sk}, {"MAD", t->general.mad_pct},
        {"ApEn(m2,r0.25)", t->entropy.apen}, {"SampEn(m3,r0.2)", t->entropy.sampen}, {"LZ", t->complexity.lz},
        {"CTM0.25", t->complexity.ctm}, {"DFA20", t->complexity.dfa_pct},
        {"PRSAc", t->prsa.c_pct}, {"PRSAad", t->prsa.ad_pct}, {"PRSAos", t->prsa.os_pct_per_s},
        {"PRSAsb", t->prsa.sb_pct_per_s}, {"PRSAsa", t->prsa.sa_pct_per_s}, {"AC", t->prsa.ac_pct2},
        {"PSD_total", t->psd.total}, {"PSD_band", t->psd.band}, {"PSD_ratio", t->psd.ratio}, {"PSD_peak", t->psd.peak},
        {"ODI", 3600 * (double)s->n / n}, {"n_events", (double)s->n},
        {"DL_u", s->dl_s.mean}, {"DL_sd", s->dl_s.sd}, {"DA100_u", s->da100_pct_s.mean}, {"DA100_sd", s->da100_pct_s.sd},
        {"DAmax_u", s->damax_pct_s.mean}, {"DAmax_sd", s->damax_pct_s.sd}, {"DD100_u", s->dd100_pct.mean},
        {"DD100_sd", s->dd100_pct.sd}, {"DDmax_u", s->ddmax_pct.mean}, {"DDmax_sd", s->ddmax_pct.sd},
        {"DS_u", s->ds_pct_per_s.mean}, {"DS_sd", s->ds_pct_per_s.sd},
        {"TD_u", s->td_s.mean}, {"TD_sd", s->td_s.sd},
        {"DL_a_u", s->dla_s.mean}, {"DL_a_sd", s->dla_s.sd}, {"DL_b_u", s->dlb_s.mean}, {"DL_b_sd", s->dlb_s.sd},
        {"CA", t->low.ca_pct}, {"CT", t->low.ct_pct}, {"POD", s->sum_dl_s / n}, {"AODmax", s->sum_damax_pct_s / n},
        {"AOD100", s->sum_da100_pct_s / n},
    };

    for (size_t k = 0; k < COUNT_OF(known); k++)
        if (strcmp(known[k].metric, metric) == 0)
            return known[k].value;
    return NAN;
}

/* series,preprocessing,params,metric,value; fields with commas are quoted. Moves *line behind the field. */
static void take_field(char **line, char *field, size_t cap)
{
    const bool quoted = **line == '"';
    char *const from = *line + quoted, *const to = from + strcspn(from, quoted ? "\"" : ",\n");

    snprintf(field, cap, "%.*s", (int)(to - from), from);
    *line = to + quoted + (to[quoted] == ',');
}

/* "Relative{'ODI_Threshold': 3}+burden(CT90,CA90)" -> "Relative3"; others have no events. */
static void rule_of(const char *params, char *rule, size_t cap)
{
    const char *const brace = strchr(params, '{'), *const colon = strchr(params, ':');

    rule[0] = '\0';
    if (brace && colon)
        snprintf(rule, cap, "%.*s%d", (int)(brace - params), params, atoi(colon + 1));
}

static void prepare(struct night *t, const char *series, bool filtered, const char *rule)
{
    const bool same = strcmp(series, t->series) == 0 && filtered == t->filtered;

    if (same && strcmp(rule, t->rule) == 0)
        return;
    snprintf(t->series, sizeof t->series, "%s", series);
    snprintf(t->rule, sizeof t->rule, "%s", rule);
    t->filtered = filtered;
    if (!same)
        read_samples(t);
    t->n_events = 0;
    if (rule[0])
        read_events(t);
    measure(t);
}

/* Both sides do double arithmetic on the same numbers: 1e-6 relative, as the issue asks, is far above rounding and far below
 * any difference of definition; sums that are 0 may be 1e-12 on the other side. */
static void test_agrees_with_pobm(void **state)
{
    static struct night t;
    char line[512];
    size_t n_compared = 0;

    (void)state;
    FILE *f = open_reference("pobm_reference.csv");
    if (!f) {
        print_message("skipped: agreement with pobm (KYMO_REFERENCE unset, or no spo2 there)\n");
        skip();
    }
    while (fgets(line, sizeof line, f)) {
        char series[64], filtered[64], params[128], metric[64], rule[64], *at = line;
        take_field(&at, series, sizeof series);
        take_field(&at, filtered, sizeof filtered);
        take_field(&at, params, sizeof params);
        take_field(&at, metric, sizeof metric);
        const double want = strtod(at, NULL);
        if (strcmp(series, "series") == 0)
            continue;
        rule_of(params, rule, sizeof rule);
        prepare(&t, series, strcmp(filtered, "raw") != 0, rule);
        if (!is_compared(&t, metric, params))
            continue;
        const double got = our_value(&t, metric);
        if (!(fabs(got - want) <= 1e-6 * fabs(want) + 1e-12))
            fail_msg("%s %s %s %s: %.12g is not %.12g", series, filtered, params, metric, got, want);
        n_compared++;
    }
    fclose(f);
    print_message("agreed in %zu values\n", n_compared);
    assert_int_equal(n_compared, 616);   /* of 802 rows */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_agrees_with_pobm)};

    return cmocka_run_group_tests_name("spo2_peer", tests, NULL, NULL);
}
