/* cli/oximetry.c - see oximetry.h. */
#include "cli/oximetry_choose.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_VALUES ((size_t)1 << 24)   /* 194 days at 1 Hz: what a gap in a damaged file may claim */

/* ---- one signal as a series ---- */

struct reading {
    struct oximetry_series *series;
    size_t in_block;              /* the signal in the reader's blocks */
    double *cell;                 /* cell[step]: samples of a value that is not whole yet */
    int64_t n_cell;
    bool begun;
};

static int reserve(struct oximetry_series *s, size_t n, struct kymo_err *e)
{
    size_t cap = s->cap ? s->cap : 4096;

    if (n <= s->cap)
        return 0;
    if (n > MOST_VALUES)
        return kymo_fail(e, KYMO_EDATA, "more than %zu values of SpO2, gaps included: take a part with -f and -t", MOST_VALUES);
    while (cap < n)
        cap += cap / 2;
    double *const x = realloc(s->x, cap * sizeof *x);
    if (!x)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu values", cap);
    s->x = x;
    s->cap = cap;
    return 0;
}

/* The median of cell[n], of two the lower, so that a code stays a code; NaN if there is none. Sorts them. */
static double lower_median(double *cell, int64_t n)
{
    int64_t valid = 0;

    for (int64_t i = 0; i < n; i++) {
        const double v = cell[i];
        int64_t k = valid;
        if (isnan(v))
            continue;
        for (; k > 0 && cell[k - 1] > v; k--)
            cell[k] = cell[k - 1];
        cell[k] = v;
        valid++;
    }
    return valid ? cell[(valid - 1) / 2] : (double)NAN;
}

static int end_cell(struct reading *r, struct kymo_err *e)
{
    struct oximetry_series *const s = r->series;
    const int rc = r->n_cell ? reserve(s, s->n + 1, e) : 0;

    if (rc == 0 && r->n_cell)
        s->x[s->n++] = lower_median(r->cell, r->n_cell);
    r->n_cell = 0;
    return rc;
}

/* A segment begins with that sample: what is missing before it becomes NaN. */
static int begin_segment(struct reading *r, int64_t sample, int64_t ns, struct kymo_err *e)
{
    struct oximetry_series *const s = r->series;
    int rc = end_cell(r, e);

    if (rc < 0)
        return rc;
    struct oximetry_segment *const all = realloc(s->segment, (s->n_segments + 1) * sizeof *all);
    if (!all)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu segments", s->n_segments + 1);
    s->segment = all;
    if (s->n_segments) {
        const int64_t place = (sample - all[0].sample) / s->step;
        const size_t to = place > (int64_t)MOST_VALUES ? MOST_VALUES + 1 : place > (int64_t)s->n ? (size_t)place : s->n;
        if ((rc = reserve(s, to, e)) < 0)
            return rc;
        while (s->n < to)
            s->x[s->n++] = (double)NAN;
    }
    all[s->n_segments++] = (struct oximetry_segment){s->n, ns, sample};
    r->begun = true;
    return 0;
}

static int push(struct reading *r, struct kymo_block *b, struct kymo_err *e)
{
    struct oximetry_series *const s = r->series;
    const struct kymo_span *const span = &b->span[r->in_block];
    int rc = 0;

    if (b->new_segment)
        r->begun = false;
    if (span->n == 0)
        return 0;
    const double *const x = kymo_physical(b, r->in_block);
    if (!r->begun && (rc = begin_segment(r, span->first, kymo_block_time(b, r->in_block, span->first), e)) < 0)
        return rc;
    for (size_t i = 0; rc == 0 && i < span->n; i++) {
        r->cell[r->n_cell++] = x[i];
        if (r->n_cell == s->step)
            rc = end_cell(r, e);
    }
    return rc;
}

static const struct oximetry_segment *segment_of(const struct oximetry_series *s, size_t i)
{
    size_t low = 0, high = s->n_segments;   /* segment[low] begins at or before i, segment[high] behind it */

    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (s->segment[middle].first <= i)
            low = middle;
        else
            high = middle;
    }
    return &s->segment[low];
}

int64_t oximetry_time(const struct oximetry_series *s, size_t i)
{
    const struct oximetry_segment *const g = segment_of(s, i);

    return g->ns + kymo_time_of(s->rate, (int64_t)(i - g->first));
}

int64_t oximetry_sample(const struct oximetry_series *s, size_t i)
{
    const struct oximetry_segment *const g = segment_of(s, i);

    return g->sample + (int64_t)(i - g->first) * s->step;
}

/* ---- at 1 Hz ---- */

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *v, size_t n)
{
    if (n == 0)
        return (double)NAN;
    if (n > 1)
        qsort(v, n, sizeof *v, by_value);
    return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static int64_t second_of(const struct oximetry_series *s, size_t i)
{
    const int64_t ns = oximetry_time(s, i);

    return ns / KYMO_NS_PER_S - (ns % KYMO_NS_PER_S < 0);
}

int oximetry_seconds(const struct oximetry_series *s, double **out, size_t *n, int64_t *first_s, struct kymo_err *e)
{
    double some[(size_t)OXIMETRY_FASTEST_HZ + 2];
    size_t n_some = 0;

    *first_s = s->n ? second_of(s, 0) : 0;
    *n = s->n ? (size_t)((oximetry_time(s, s->n) - 1) / KYMO_NS_PER_S - *first_s) + 1 : 0;
    if (*n > MOST_VALUES)
        return kymo_fail(e, KYMO_EDATA, "%zu seconds, more than %zu: take a part with -f and -t", *n, MOST_VALUES);
    double *const y = *out = malloc((*n + 1) * sizeof *y);
    if (!y)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu seconds", *n);
    for (size_t k = 0; k < *n; k++)
        y[k] = (double)NAN;
    for (size_t i = 0; i < s->n; i++) {
        const int64_t at = second_of(s, i) - *first_s, next = i + 1 < s->n ? second_of(s, i + 1) - *first_s : (int64_t)*n;
        if (!isnan(s->x[i]) && n_some < sizeof some / sizeof *some)
            some[n_some++] = s->x[i];
        if (next == at)
            continue;
        const double value = median(some, n_some);
        n_some = 0;
        for (int64_t k = at; k >= 0 && k < next && k < (int64_t)*n && (s->fs_hz < 1 || k == at); k++)
            y[k] = value;
    }
    return 0;
}

/* ---- the recording ---- */

/* Whether a signal can be asked for by its number: no label looks like one. */
static bool numbers_are_free(const struct kymo_header *h)
{
    for (size_t i = 0; i < h->n_signals; i++)
        if (kymo_is_digit(*h->signal[i].label))
            return false;
    return true;
}

/* Opens the recording for its header, and again for the two signals alone: a polysomnogram has many others. What came through a
 * pipe cannot be opened again. */
static struct kymo_reader *open_recording(const struct kymo_call *call, const struct oximetry_args *args, struct oximetry *o,
                                          bool *all_signals, struct kymo_err *e)
{
    const bool is_pipe = strcmp(kymo_operand(call), "-") == 0;
    struct kymo_call quiet = *call;
    struct kymo_input_args in = args->in;
    char number[2][16];
    const char *text[2] = {number[0], number[1]};

    in.signals = (struct kymo_strings){NULL, 0};
    in.header_only = !is_pipe;
    if (!is_pipe)
        quiet.log = (struct kymo_log){.warn = NULL};   /* the second opening tells */
    struct kymo_reader *r = kymo_call_open(&quiet, &in, false, e);
    if (!r || kymo_header_copy(&o->hdr, &r->hdr, NULL, 0, e) < 0 ||
        oximetry_choose_spo2(o, &args->in.signals, r->path, e) < 0) {
        kymo_close(r);
        return NULL;
    }
    oximetry_choose_pulse(o);
    *all_signals = is_pipe || !numbers_are_free(&o->hdr);
    if (is_pipe)
        return r;
    kymo_close(r);
    snprintf(number[0], sizeof number[0], "%d", o->spo2.signal);
    snprintf(number[1], sizeof number[1], "%d", o->pulse.signal);
    in.header_only = false;
    if (!*all_signals)
        in.signals = (struct kymo_strings){text, o->pulse.signal < 0 ? 1 : 2};
    return kymo_call_open(call, &in, false, e);
}

static int begin_series(struct reading *r, struct oximetry_series *s, const struct kymo_header *h, size_t in_block,
                        struct kymo_err *e)
{
    const struct kymo_ratio rate = h->signal[s->signal].rate;

    s->step = (int64_t)ceil(kymo_ratio_real(rate) / OXIMETRY_FASTEST_HZ);
    s->rate = kymo_ratio(rate.num, rate.den * s->step);
    s->fs_hz = kymo_ratio_real(s->rate);
    *r = (struct reading){.series = s, .in_block = in_block, .cell = malloc((size_t)s->step * sizeof *r->cell)};
    return r->cell ? 0 : kymo_fail(e, KYMO_ENOMEM, "no memory for %lld samples", (long long)s->step);
}

static int give_events(const struct oximetry_args *args, const struct kymo_block *b, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; args->on_event && rc == 0 && i < b->n_events; i++)
        rc = args->on_event(args->context, &b->event[i], e);
    return rc;
}

static int read_series(struct kymo_reader *in, const struct oximetry_args *args, struct oximetry *o, bool all_signals,
                       struct kymo_err *e)
{
    struct reading r[2] = {{.cell = NULL}, {.cell = NULL}};
    const int n = o->pulse.signal < 0 ? 1 : 2;
    struct kymo_block *b;
    int rc = begin_series(&r[0], &o->spo2, &o->hdr, all_signals ? (size_t)o->spo2.signal : 0, e);

    if (rc == 0 && n == 2)
        rc = begin_series(&r[1], &o->pulse, &o->hdr, all_signals ? (size_t)o->pulse.signal : 1, e);
    while (rc == 0 && (rc = kymo_read(in, &b, e)) > 0) {
        rc = give_events(args, b, e);
        for (int i = 0; rc == 0 && i < n; i++)
            rc = push(&r[i], b, e);
        if (rc < 0)
            break;
    }
    for (int i = 0; i < n; i++) {
        if (rc == 0)
            rc = end_cell(&r[i], e);
        free(r[i].cell);
    }
    return rc;
}

/* Fractions are told by the readings: none lies in 1..100, and most that are above 0 in 0.5..1. */
static bool are_fractions(const double *x, size_t n)
{
    size_t positive = 0, likely = 0;
    bool below_one = false;

    for (size_t i = 0; i < n; i++) {
        if (x[i] > 1 && x[i] <= 100)
            return false;
        positive += x[i] > 0 && x[i] <= 1;
        likely += x[i] >= 0.5 && x[i] <= 1;
        below_one = below_one || (x[i] >= 0.5 && x[i] < 1);
    }
    return below_one && 2 * likely > positive;
}

static int scale_fractions(const struct kymo_call *call, struct oximetry *o, const char *path, struct kymo_err *e)
{
    struct oximetry_series *const s = &o->spo2;
    const struct kymo_signal *const signal = &o->hdr.signal[s->signal];

    if (strchr(signal->unit, '%') || !are_fractions(s->x, s->n))
        return 0;
    o->was_fraction = true;
    for (size_t i = 0; i < s->n; i++)
        if (s->x[i] > 0 && s->x[i] <= 1)
            s->x[i] *= 100;
    return kymo_warn(&call->log, e, path, -1, "signal \"%.40s\" holds fractions of 1: taken times 100, as per cent",
                     signal->label);
}

/* The pulse rate at each value of SpO2: that which is valid when it begins; malloc'ed. */
static double *pulse_beside(const struct oximetry *o, struct kymo_err *e)
{
    const struct oximetry_series *const s = &o->spo2, *const p = &o->pulse;
    double *const beside = malloc((s->n + 1) * sizeof *beside);
    size_t k = 0;

    if (!beside) {
        kymo_fail(e, KYMO_ENOMEM, "no memory for %zu values", s->n);
        return NULL;
    }
    for (size_t i = 0; i < s->n; i++) {
        const int64_t ns = oximetry_time(s, i);
        while (k < p->n && oximetry_time(p, k + 1) <= ns)
            k++;
        beside[i] = k < p->n && oximetry_time(p, k) <= ns ? p->x[k] : (double)NAN;
    }
    return beside;
}

static int clean(const struct oximetry_args *args, struct oximetry *o, const char *path, struct kymo_err *e)
{
    const struct spo2_clean_options none = {.codes = false}, asked = {
        .codes = !args->codes_kept, .motion = args->motion, .low_pct = args->low_pct, .high_pct = args->high_pct,
        .edge_s = args->edge_s, .steepest_pct_per_s = args->steepest_pct_per_s, .longest_flat_s = args->longest_flat_s,
    };
    double *pulse = NULL;

    if (args->motion && o->pulse.signal < 0)
        return kymo_fail_at(e, KYMO_EDATA, path, -1, "no pulse rate to tell motion by (--motion)");
    if (args->motion && !args->raw && !(pulse = pulse_beside(o, e)))
        return KYMO_ENOMEM;
    unsigned char *const why = malloc(o->spo2.n + 1);
    if (why)
        spo2_clean(o->spo2.x, o->spo2.n, o->spo2.fs_hz, pulse, args->raw ? &none : &asked, why, o->count);
    free(pulse);
    free(why);
    return why ? 0 : kymo_fail(e, KYMO_ENOMEM, "no memory for %zu values", o->spo2.n);
}

static int check_args(const struct oximetry_args *args, struct kymo_err *e)
{
    const struct {
        const char *name;
        double value, most;
    } limits[] = {
        {"low", args->low_pct, 100}, {"high", args->high_pct, 1000}, {"edge", args->edge_s, 3600},
        {"steepest", args->steepest_pct_per_s, 1000}, {"longest-flat", args->longest_flat_s, 1e6},
    };

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (!(limits[i].value >= 0 && limits[i].value <= limits[i].most))
            return kymo_fail(e, KYMO_EUSAGE, "--%s %g is not 0..%g", limits[i].name, limits[i].value, limits[i].most);
    if (!(args->low_pct < args->high_pct))
        return kymo_fail(e, KYMO_EUSAGE, "--low %g is not below --high %g", args->low_pct, args->high_pct);
    return 0;
}

int oximetry_read(const struct kymo_call *call, const struct oximetry_args *args, struct oximetry *o, struct kymo_err *e)
{
    const char *const operand = kymo_operand(call);
    bool all_signals = false;
    int rc = check_args(args, e);

    kymo_header_init(&o->hdr);
    o->name = strcmp(operand, "-") == 0 ? "stdin" : operand;
    struct kymo_reader *const in = rc == 0 ? open_recording(call, args, o, &all_signals, e) : NULL;
    if (!in)
        return e->cause[0].code;
    rc = read_series(in, args, o, all_signals, e);
    if (rc == 0)
        rc = scale_fractions(call, o, in->path, e);
    if (rc == 0)
        rc = clean(args, o, in->path, e);
    kymo_close(in);
    return rc;
}

void oximetry_release(struct oximetry *o)
{
    if (o->hdr.record)
        kymo_header_release(&o->hdr);
    free(o->spo2.x);
    free(o->spo2.segment);
    free(o->pulse.x);
    free(o->pulse.segment);
}

/* ---- what is said of it ---- */

const char *oximetry_why_none(const struct oximetry *o)
{
    int most = SPO2_MISSING;

    if (o->count[SPO2_KEPT] > 0)
        return NULL;
    for (int rule = SPO2_MISSING; rule < SPO2_RULES; rule++)
        if (o->count[rule] > o->count[most])
            most = rule;
    static const char *const words[SPO2_RULES] = {
        [SPO2_MISSING] = "no valid data: the signal has no samples",
        [SPO2_CODE] = "no valid data: all readings are codes of an oximeter that has none",
        [SPO2_RANGE] = "no valid data: no reading lies in the range of a saturation (--low, --high)",
        [SPO2_FLAT] = "no valid data: the readings never change (--longest-flat)",
        [SPO2_MOTION] = "no valid data: the pulse rate is never steady (--motion)",
    };
    return words[most] ? words[most] : "no valid data";
}

void oximetry_tell_cleaning(const struct oximetry *o, char *text, size_t cap)
{
    size_t used = 0;

    snprintf(text, cap, "nothing");
    for (int rule = SPO2_MISSING; rule < SPO2_RULES && used < cap; rule++)
        if (o->count[rule] > 0)
            used += (size_t)snprintf(text + used, cap - used, "%s%s %.9g s", used ? ", " : "",
                                     spo2_rule_name((enum spo2_rule)rule), (double)o->count[rule] / o->spo2.fs_hz);
}
