/* formats/wfdb_plan.c - see wfdb_plan.h. */
#include "formats/wfdb_plan.h"

#include "formats/wfdb_pack.h"
#include "formats/wfdb_signal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_PER_FRAME (1 << 20)
#define RATE_WITHOUT_SIGNALS 1000
#define UNCALIBRATED_GAIN 200    /* what WFDB reads where the header says 0 */
#define SAME_BASELINE 1e-6       /* digital units: less is the rounding of the arithmetic that a baseline comes from */

typedef unsigned __int128 wide;

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory to write a WFDB record"); }

/* ---- frames ---- */

static wide greatest_divisor(wide a, wide b)
{
    while (b > 0) {
        const wide rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* The greatest rate that goes a whole number of times into both; false where no ratio of ours holds it. */
static bool common_rate(struct kymo_ratio a, struct kymo_ratio b, struct kymo_ratio *common)
{
    const wide den = (wide)a.den * (wide)b.den;
    const wide num = greatest_divisor((wide)a.num * (wide)b.den, (wide)b.num * (wide)a.den);
    const wide d = greatest_divisor(num, den);

    if (num / d > KYMO_RATIO_LIMIT || den / d > KYMO_RATIO_LIMIT)
        return false;
    *common = (struct kymo_ratio){(int64_t)(num / d), (int64_t)(den / d)};
    return true;
}

static bool reads_as(const char *text, struct kymo_ratio rate, bool rounded)
{
    struct kymo_ratio back;
    double value;

    if (!kymo_parse_ratio(text, strlen(text), &back) &&
        !(rounded && kymo_parse_real(text, strlen(text), &value) && kymo_ratio_near(value, &back)))
        return false;
    return back.num == rate.num && back.den == rate.den;
}

/* Decimals that are the rate exactly, else (1/30 Hz) those that are the rounding of no simpler rate. */
static int write_rate(struct wfdb_plan *p, const struct kymo_writer *w, struct kymo_err *e)
{
    for (int digits = 12; digits <= 17; digits++) {
        snprintf(p->rate_text, sizeof p->rate_text, "%.*g", digits, kymo_ratio_real(p->frame_rate));
        if (reads_as(p->rate_text, p->frame_rate, digits == 17))
            return 0;
    }
    return kymo_fail_at(e, KYMO_EDATA, w->path, -1, "%lld/%lld frames per second: no decimals in a WFDB header say so",
                        (long long)p->frame_rate.num, (long long)p->frame_rate.den);
}

static int fail_rates(const struct kymo_writer *w, size_t i, struct kymo_err *e)
{
    const struct kymo_signal *sig = &w->hdr.signal[i], *first = &w->hdr.signal[0];

    return kymo_fail_at(e, KYMO_EDATA, w->path, -1, "%.40s has %.12g samples per second, %.40s %.12g: no frame of WFDB, at "
                        "most %d samples of each, holds both; resample one", sig->label, kymo_ratio_real(sig->rate),
                        first->label, kymo_ratio_real(first->rate), MOST_PER_FRAME);
}

/* The greatest common divisor of all rates: the smallest frames there can be, so that the fewest recordings and gaps
 * begin or end inside one. */
static int plan_frames(struct wfdb_plan *p, const struct kymo_writer *w, struct kymo_err *e)
{
    const struct kymo_header *h = &w->hdr;
    struct kymo_ratio rate = h->n_signals ? h->signal[0].rate : kymo_ratio(RATE_WITHOUT_SIGNALS, 1);

    for (size_t i = 1; i < h->n_signals; i++)
        if (!common_rate(rate, h->signal[i].rate, &rate))
            return fail_rates(w, i, e);
    for (size_t i = 0; i < h->n_signals; i++) {
        const struct kymo_ratio r = h->signal[i].rate;
        const wide times = (wide)r.num * (wide)rate.den / ((wide)r.den * (wide)rate.num);
        if (times > MOST_PER_FRAME)
            return fail_rates(w, i, e);
        p->signal[i].per_frame = (size_t)times;
    }
    p->frame_rate = rate;
    return write_rate(p, w, e);
}

/* ---- signal formats and files ---- */

static int read_variant(const struct kymo_writer *w, int *format, struct kymo_err *e)
{
    int64_t v = 0;

    *format = 0;
    if (!w->variant)
        return 0;
    if (!kymo_parse_int(w->variant, strlen(w->variant), &v) || v < 1 || v > 999 || !wfdb_can_pack((int)v))
        return kymo_fail(e, KYMO_EUSAGE, "\"%.20s\" is none of the WFDB signal formats that kymo writes: 16 24 32 212 508 516 "
                         "524", w->variant);
    *format = (int)v;
    return 0;
}

static int usual_format(const struct kymo_signal *sig)
{
    switch (sig->storage) {
    case KYMO_I16: return 16;
    case KYMO_I24: return 24;
    case KYMO_I32: return 32;
    default: break;
    }
    const double far = fmax(-sig->digital_min - 1, sig->digital_max);

    return far <= 32767 ? 16 : far <= 8388607 ? 24 : 32;
}

static void plan_format(struct wfdb_planned *s, int format)
{
    s->format = format;
    const struct wfdb_packing *packing = wfdb_packing_of(s->format);
    const int64_t half = INT64_C(1) << (packing->bits - 1);
    s->missing = (int32_t)-half;
    s->least = (int32_t)(-half + 1);
    s->most = (int32_t)(half - 1);
}

static bool shares_file(const struct wfdb_plan *p, const struct wfdb_group *g, size_t i)
{
    const struct wfdb_planned *a = &p->signal[g->first], *b = &p->signal[i];

    return a->format == b->format &&
           (!wfdb_packs_flac(a->format) || (a->per_frame == b->per_frame && g->n < WFDB_FLAC_CHANNELS));
}

static void plan_files(struct wfdb_plan *p, size_t n_signals)
{
    for (size_t i = 0; i < n_signals; i++) {
        if (p->n_groups == 0 || !shares_file(p, &p->group[p->n_groups - 1], i))
            p->group[p->n_groups++].first = i;
        p->group[p->n_groups - 1].n++;
    }
}

/* ---- calibration ---- */

/* The limits of the converter as bits and a middle, where that is what they are; else the fewest bits that hold them. */
static void plan_limits(struct wfdb_planned *s, const struct kymo_signal *sig, bool *exact)
{
    const double least = sig->digital_min, most = sig->digital_max;

    *exact = true;
    if (!(least < most && least >= INT32_MIN && most <= INT32_MAX) || least != floor(least) || most != floor(most)) {
        *exact = isnan(least) && isnan(most);
        return;
    }
    s->resolution = 1;
    while (ldexp(1, s->resolution) < most - least + 1)
        s->resolution++;
    s->zero = (int64_t)(least + ldexp(1, s->resolution - 1));
    if (ldexp(1, s->resolution) == most - least + 1)
        return;
    *exact = false;
    s->zero = 0;
    while (-ldexp(1, s->resolution - 1) > least || ldexp(1, s->resolution - 1) - 1 < most)
        s->resolution++;
}

/* By how many digital values the rounding of its baseline shifts a signal. Real numbers are rounded by the new one. */
static double shift_of(const struct kymo_signal *sig)
{
    const double shift = sig->baseline - nearbyint(sig->baseline);

    return kymo_storage_is_integer(sig->storage) && fabs(shift) > SAME_BASELINE ? shift : 0;
}

static int plan_baseline(struct wfdb_planned *s, const struct kymo_signal *sig, const struct kymo_writer *w,
                         struct kymo_err *e)
{
    const double whole = nearbyint(sig->baseline);

    if (!(whole >= INT32_MIN && whole <= INT32_MAX))
        return kymo_fail_at(e, KYMO_EDATA, w->path, -1, "%.40s is 0 %.20s at the digital value %.12g: WFDB holds %d..%d",
                            sig->label, sig->unit, sig->baseline, INT32_MIN, INT32_MAX);
    s->baseline = (int32_t)whole;
    s->exact_baseline = shift_of(sig) != 0 ? sig->baseline : (double)NAN;
    return 0;
}

static int plan_unit(struct wfdb_planned *s, const struct kymo_signal *sig, struct kymo_writer *w, struct kymo_err *e)
{
    s->unit = *sig->unit ? sig->unit : "NU";
    if (!strchr(s->unit, ' '))
        return 0;
    char *clean = strdup(sig->unit);
    for (char *c = clean; c && *c; c++)
        *c = *c == ' ' ? '_' : *c;
    s->unit = clean ? kymo_header_text(&w->hdr, clean, strlen(clean), e) : NULL;
    free(clean);
    if (!s->unit)
        return out_of_memory(e);
    return wfdb_lose(w, e, "the unit \"%.40s\" of %.40s has a blank, which WFDB cannot hold%s", sig->unit, sig->label,
                     w->lossy ? ": _ in its place" : "");
}

/* Signals that hold real numbers are rounded to the integers of their converter, if that is known and may be done; else all
 * of their values have to be seen first. */
static void plan_reals(struct wfdb_plan *p, struct wfdb_planned *s, const struct kymo_signal *sig, bool lossy)
{
    if (kymo_storage_is_integer(sig->storage))
        return;
    s->scale = s->gain = sig->gain;
    s->undecided = !lossy || !(sig->digital_min < sig->digital_max && sig->gain != 0 && isfinite(sig->gain));
    p->undecided |= s->undecided;
}

static int plan_signal(struct wfdb_plan *p, struct kymo_writer *w, size_t i, bool *exact, struct kymo_err *e)
{
    const struct kymo_signal *sig = &w->hdr.signal[i];
    struct wfdb_planned *s = &p->signal[i];
    int rc = 0;

    s->label = sig->label;
    s->gain = sig->calibrated ? sig->gain : 0;
    s->exact_baseline = (double)NAN;
    *exact = true;
    plan_reals(p, s, sig, w->lossy);
    if (s->undecided)
        return plan_unit(s, sig, w, e);
    plan_format(s, p->variant ? p->variant : usual_format(sig));
    plan_limits(s, sig, exact);
    if (sig->calibrated && (!isfinite(sig->gain) || sig->gain == 0))
        rc = kymo_fail_at(e, KYMO_EDATA, w->path, -1, "%.40s has a gain of %g: no WFDB header holds it", sig->label, sig->gain);
    if (rc == 0)
        rc = plan_baseline(s, sig, w, e);
    return rc == 0 ? plan_unit(s, sig, w, e) : rc;
}

/* Small things that WFDB cannot hold, each kind told once: how many signals, and which is the first. */
struct losses {
    size_t limits, uncalibrated, unitless, unlabelled, shifted;
    size_t first_limits, first_uncalibrated, first_unitless, first_unlabelled, most_shifted;
};

static void count_loss(size_t *n, size_t *first, size_t i, bool lost)
{
    if (lost && (*n)++ == 0)
        *first = i;
}

static int tell_losses(const struct kymo_writer *w, const struct losses *l, struct kymo_err *e)
{
    const struct kymo_signal *sig = w->hdr.signal;
    const struct kymo_signal *most = &sig[l->most_shifted];
    int rc = 0;

    if (l->shifted > 0)
        rc = kymo_warn(&w->log, e, w->path, -1, "%zu signals are 0 between two digital values, WFDB holds whole ones: "
                       "Kymo reads them right, other programs shift %.40s, which is at %.12g, by %.6g %.20s",
                       l->shifted, most->label, most->baseline, shift_of(most) / most->gain, most->unit);
    if (rc == 0 && l->limits > 0)
        rc = kymo_warn(&w->log, e, w->path, -1, "digital limits of %zu signals (%.40s: %.12g..%.12g) are written as the "
                       "range of bits around them", l->limits, sig[l->first_limits].label, sig[l->first_limits].digital_min,
                       sig[l->first_limits].digital_max);
    if (rc == 0 && l->uncalibrated > 0)
        rc = kymo_warn(&w->log, e, w->path, -1, "%zu signals are not calibrated (%.40s, gain %.12g): WFDB reads them with a "
                       "gain of %d", l->uncalibrated, sig[l->first_uncalibrated].label, sig[l->first_uncalibrated].gain,
                       UNCALIBRATED_GAIN);
    if (rc == 0 && l->unitless > 0)
        rc = kymo_warn(&w->log, e, w->path, -1, "%zu signals have no unit (%.40s): written as NU", l->unitless,
                       sig[l->first_unitless].label);
    if (rc == 0 && l->unlabelled > 0)
        rc = kymo_warn(&w->log, e, w->path, -1, "%zu signals have no label: WFDB reads \"signal %zu\"%s", l->unlabelled,
                       l->first_unlabelled, l->unlabelled > 1 ? " and so on" : "");
    return rc;
}

int wfdb_plan_make(struct wfdb_plan *p, struct kymo_writer *w, struct kymo_err *e)
{
    const size_t n = w->hdr.n_signals;
    struct losses lost = {0};
    int rc = read_variant(w, &p->variant, e);

    if (rc < 0)
        return rc;
    p->signal = calloc(n + 1, sizeof *p->signal);
    p->group = calloc(n + 1, sizeof *p->group);
    if (!p->signal || !p->group)
        return out_of_memory(e);
    rc = plan_frames(p, w, e);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        const struct kymo_signal *sig = &w->hdr.signal[i];
        bool exact;
        rc = plan_signal(p, w, i, &exact, e);
        count_loss(&lost.limits, &lost.first_limits, i, !exact);
        count_loss(&lost.uncalibrated, &lost.first_uncalibrated, i,
                   kymo_storage_is_integer(sig->storage) && !sig->calibrated && sig->gain != UNCALIBRATED_GAIN);
        if (fabs(shift_of(sig)) > fabs(shift_of(&w->hdr.signal[lost.most_shifted])))
            lost.most_shifted = i;
        lost.shifted += shift_of(sig) != 0;
        count_loss(&lost.unitless, &lost.first_unitless, i, !*sig->unit);
        count_loss(&lost.unlabelled, &lost.first_unlabelled, i, !*sig->label);
    }
    if (rc == 0)
        rc = tell_losses(w, &lost, e);
    if (rc == 0 && !p->undecided)
        plan_files(p, n);
    return rc;
}

/* ---- what all samples decide ---- */

static double most_of(int format) { return ldexp(1, wfdb_packing_of(format)->bits - 1) - 1; }

double wfdb_plan_most(const struct wfdb_plan *p) { return most_of(p->variant ? p->variant : 32); }

/* The fewest bits that hold the integers of all decimals; 16 where values are rounded. They share a file. */
static int settled_format(const struct wfdb_plan *p, const struct reals *seen, size_t n_signals)
{
    int format = p->variant ? p->variant : 16;

    for (size_t i = 0; !p->variant && i < n_signals; i++)
        if (p->signal[i].undecided && seen[i].decimals >= 0 && seen[i].low <= seen[i].high) {
            const double far = fmax(fabs(seen[i].low), fabs(seen[i].high)) * reals_gain(&seen[i]);
            while (nearbyint(far) > most_of(format))
                format += 8;
        }
    return format;
}

void wfdb_plan_settle(struct wfdb_plan *p, const struct kymo_writer *w, const struct reals *seen)
{
    const int format = settled_format(p, seen, w->hdr.n_signals);

    for (size_t i = 0; i < w->hdr.n_signals; i++) {
        struct wfdb_planned *s = &p->signal[i];
        double gain, baseline = 0;
        if (!s->undecided)
            continue;
        plan_format(s, format);
        s->exact = seen[i].decimals >= 0;
        if (s->exact)
            gain = reals_gain(&seen[i]);
        else
            reals_spread(&seen[i], s->least, s->most, &gain, &baseline);
        s->scale = s->gain = gain;
        s->baseline = (int32_t)baseline;
    }
    plan_files(p, w->hdr.n_signals);
}

void wfdb_plan_release(struct wfdb_plan *p)
{
    free(p->signal);
    free(p->group);
    *p = (struct wfdb_plan){0};
}
