/* formats/edf_plan.c - what an EDF file will be like, once all of its samples and events are known; see edf_plan.h. */
#include "formats/edf_event.h"
#include "formats/edf_put.h"
#include "formats/edf_text.h"
#include "lib/date.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANNOTATIONS_A_RECORD 64          /* about, where there are no signals */

int edf_lose(const struct kymo_writer *w, struct kymo_err *e, const char *fmt, ...)
{
    char text[240];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return w->lossy ? kymo_warn(&w->log, e, w->path, -1, "%s", text) : kymo_fail_at(e, KYMO_EDATA, w->path, -1, "%s", text);
}

/* ---- annotations ---- */

static int by_time(const void *va, const void *vb)
{
    const struct annotation *a = va, *b = vb;

    if (a->ev.time_ns != b->ev.time_ns)
        return a->ev.time_ns < b->ev.time_ns ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

/* The texts of all events, whose times and samples count from the file's start in them. */
static int format_annotations(struct kymo_writer *w, struct kymo_err *e)
{
    struct edf_writer *s = w->state;
    const int64_t start_ns = s->n_segments ? s->segment[0].start_ns : 0;

    for (size_t i = 0; i < s->n_annotations; i++) {
        struct annotation *a = &s->annotation[i];
        struct kymo_event ev = a->ev;
        const struct kymo_ratio rate = kymo_event_rate(&w->hdr, ev.signal);
        if (ev.sample != KYMO_UNKNOWN && rate.num > 0)
            ev.sample -= kymo_index_at(rate, start_ns);
        ev.time_ns -= start_ns;
        ev.text = a->text;
        char *text = edf_event_format(&w->hdr, &ev, e);
        if (!text)
            return e->n ? (int)e->cause[0].code : edf_no_memory(e);
        free(a->text);
        a->text = text;
    }
    if (edf_tells_tracks(&w->hdr) && !(s->tracks = edf_tracks_format(&w->hdr)))
        return edf_no_memory(e);
    if (s->n_annotations > 1)
        qsort(s->annotation, s->n_annotations, sizeof *s->annotation, by_time);
    int rc = 0;
    if (s->n_cleaned > 0)
        rc = edf_lose(w, e, "%zu texts of events have control characters: they become blanks", s->n_cleaned);
    if (rc == 0 && s->n_infinite > 0)
        rc = edf_lose(w, e, "%zu events have infinite values, which are left out", s->n_infinite);
    return rc;
}

/* ---- limits of signals ---- */

/* Limits where the integers do not stay what they are. */
static int rescale(const struct kymo_writer *w, size_t i, struct kymo_err *e)
{
    const struct edf_writer *s = w->state;
    const struct kymo_signal *sig = &w->hdr.signal[i];
    struct column *c = &s->column[i];
    double low = c->reals.low, high = c->reals.high;

    if (kymo_storage_is_integer(sig->storage)) {
        low = (c->seen_min - sig->baseline) / sig->gain;
        high = (c->seen_max - sig->baseline) / sig->gain;
    }
    if (low > high && sig->gain < 0) {
        const double swap = low;
        low = high;
        high = swap;
    }
    if (!isfinite(low) || !isfinite(high))
        low = high = 0;   /* no sample at all */
    c->from_values = true;
    edf_limits_spread(low, high, s->least, s->most, &c->limits);
    if (!isnormal(c->limits.gain) || !isfinite(c->limits.baseline))
        return kymo_fail_at(e, KYMO_EDATA, w->path, -1, "values of signal %s, %g..%g, do not fit into numbers of 8 characters",
                            sig->label, low, high);
    return kymo_warn(&w->log, e, w->path, -1, "signal %s, %lld samples in %g..%g %s: scaled to steps of %.3g", sig->label,
                     (long long)c->n_samples, low, high, sig->unit, 1 / c->limits.gain);
}

/* Limits by which decimals are integers, and come back as they were. */
static int choose_decimals(const struct kymo_writer *w, size_t i, struct kymo_err *e)
{
    const struct edf_writer *s = w->state;
    struct column *c = &s->column[i];
    struct kymo_signal like = w->hdr.signal[i];

    if (c->reals.decimals < 0)
        return rescale(w, i, e);
    like.gain = reals_gain(&c->reals);
    like.baseline = 0;
    const bool any = c->reals.low <= c->reals.high;
    const double least = any ? c->reals.low * like.gain : 0, most = any ? c->reals.high * like.gain : 0;
    c->from_values = true;
    if (edf_limits_for(&like, false, (int32_t)nearbyint(least), (int32_t)nearbyint(most), s->least, s->most, &c->limits) &&
        c->limits.gain == like.gain && c->limits.baseline == 0)
        return 0;
    return w->lossy ? rescale(w, i, e)
                    : kymo_fail_at(e, KYMO_EDATA, w->path, -1, "signal %s holds %s values of %d decimals, which limits of 8 "
                                   "characters do not tell; lossy they are scaled", like.label,
                                   kymo_storage_name(like.storage), c->reals.decimals);
}

static int choose_limits_of(const struct kymo_writer *w, size_t i, bool keep, struct kymo_err *e)
{
    const struct edf_writer *s = w->state;
    const struct kymo_signal *sig = &w->hdr.signal[i];
    struct column *c = &s->column[i];
    const bool any = c->seen_min <= c->seen_max;
    const int32_t seen_min = any ? c->seen_min : 0, seen_max = any ? c->seen_max : 0;

    if (!kymo_storage_is_integer(sig->storage))
        return choose_decimals(w, i, e);
    if (seen_min < s->least || seen_max > s->most)
        return rescale(w, i, e);
    if (!edf_limits_for(sig, keep, seen_min, seen_max, s->least, s->most, &c->limits))
        return edf_lose(w, e, "gain %.17g and baseline %.17g of signal %s: limits of 8 characters are off by %.3g steps",
                        sig->gain, sig->baseline, sig->label, c->limits.off_steps);
    if (c->limits.off_steps > 1e-6)
        return kymo_warn(&w->log, e, w->path, -1, "calibration of signal %s is rounded to 8 characters: off by at most %.2g "
                         "steps", sig->label, c->limits.off_steps);
    return 0;
}

/* The integer nearest to 0 units. */
static int32_t padding_for(const struct edf_limits *l)
{
    const int32_t least = l->digital_min < l->digital_max ? l->digital_min : l->digital_max;
    const int32_t most = least == l->digital_min ? l->digital_max : l->digital_min;
    const double zero = nearbyint(l->baseline);

    return zero < least ? least : zero > most ? most : (int32_t)zero;
}

static int choose_limits(const struct kymo_writer *w, struct kymo_err *e)
{
    const struct edf_writer *s = w->state;
    const bool keep = strcmp(w->hdr.format, "edf") == 0 || strcmp(w->hdr.format, "bdf") == 0;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < w->hdr.n_signals; i++) {
        struct column *c = &s->column[i];
        const int64_t n_missing = c->n_missing + c->reals.n_missing;
        rc = choose_limits_of(w, i, keep, e);
        if (rc == 0 && n_missing > 0)
            rc = edf_lose(w, e, "%lld samples of signal %s are missing%s", (long long)n_missing, w->hdr.signal[i].label,
                          w->lossy ? " and become the least integer" : ", which EDF cannot tell");
        c->padding = padding_for(&c->limits);
    }
    return rc;
}

/* ---- data records ---- */

/* A recording with events alone, or with nothing: a segment without samples, whose data record tells the events, and the
 * start's fraction of a second. */
static int add_empty_segment(struct kymo_writer *w, struct kymo_err *e)
{
    struct edf_writer *s = w->state;
    const bool has_fraction = w->hdr.start.has_time && w->hdr.start.time_ns % KYMO_NS_PER_S != 0;

    if (s->n_segments > 0 || (s->n_annotations == 0 && !has_fraction))
        return 0;
    free(s->segment);
    if (!(s->segment = calloc(1, sizeof *s->segment)))
        return edf_no_memory(e);
    s->n_segments = 1;
    s->segment[0] = (struct segment){.periods = 1, .uneven = true};
    if (w->hdr.n_signals == 0)   /* data records without duration: so many annotations in each */
        s->segment[0].periods = (int64_t)(s->n_annotations / ANNOTATIONS_A_RECORD) + 1;
    return 0;
}

static int choose_duration(struct kymo_writer *w, struct kymo_err *e)
{
    struct edf_writer *s = w->state;
    double bytes = 0;
    int64_t places = 0, samples = 0;
    int rc = 0;

    for (size_t i = 0; i < w->hdr.n_signals; i++)
        bytes += (double)s->column[i].per_period * (double)s->width;
    if (w->hdr.n_signals == 0) {
        s->duration = (struct edf_duration){.text = "0", .periods = 1};
        s->n_records = s->n_segments ? s->segment[0].periods : 0;
        return 0;
    }
    if (!edf_duration_for(s->period, s->common > 0 ? s->common : 0, bytes, &s->duration))
        return kymo_fail_at(e, KYMO_EDATA, w->path, -1, "the rates need data records of %g bytes, EDF readers take %d", bytes,
                            EDF_RECORD_LIMIT);
    if (s->duration.off > 0)
        rc = edf_lose(w, e, "rate %lld/%lld: no data record lasts 8 characters exactly; %s s is off by %.2g",
                  (long long)w->hdr.signal[0].rate.num, (long long)w->hdr.signal[0].rate.den, s->duration.text,
                  s->duration.off);
    s->duration_ns = edf_periods_ns(s, s->duration.periods);
    if (s->duration.off > 0)   /* where other readers will believe the records to be */
        kymo_parse_time(s->duration.text, strlen(s->duration.text), &s->duration_ns);
    for (size_t i = 0; i < w->hdr.n_signals; i++)
        s->column[i].per_record = (size_t)(s->column[i].per_period * s->duration.periods);
    for (size_t k = 0; k < s->n_segments; k++) {
        const int64_t n = edf_records_of(s, &s->segment[k]);
        s->n_records += n;
        samples += s->segment[k].n_samples;
        s->padded |= s->segment[k].late || edf_pads_end(s, &s->segment[k]);
        for (size_t i = 0; i < w->hdr.n_signals; i++)
            places += n * (int64_t)s->column[i].per_record;
    }
    if (rc == 0 && s->n_records > EDF_MOST_RECORDS)
        return kymo_fail_at(e, KYMO_EDATA, w->path, -1, "%lld data records of %s s, EDF counts to %d", (long long)s->n_records,
                            s->duration.text, EDF_MOST_RECORDS);
    if (rc == 0 && s->padded && samples > 0)
        rc = kymo_warn(&w->log, e, w->path, -1, "%lld places in the last data record%s hold no samples: data records of %s s; "
                       "an annotation %%padding tells which", (long long)(places - samples),
                       s->n_segments > 1 ? "s of segments" : "", s->duration.text);
    return rc;
}

/* The start of the file is when its first data record begins. */
static void choose_start(struct kymo_writer *w)
{
    struct edf_writer *s = w->state;

    s->start = w->hdr.start;
    if (!s->start.has_time)
        return;
    if (s->n_segments > 0)
        kymo_move_start(&s->start, s->segment[0].start_ns);
    s->fraction_ns = s->start.time_ns % KYMO_NS_PER_S;
    s->start.time_ns -= s->fraction_ns;
}

int edf_make_plan(struct kymo_writer *w, struct kymo_err *e)
{
    struct edf_writer *s = w->state;
    int rc;

    if ((rc = add_empty_segment(w, e)) < 0 || (rc = format_annotations(w, e)) < 0 || (rc = choose_limits(w, e)) < 0 ||
        (rc = choose_duration(w, e)) < 0)
        return rc;
    choose_start(w);
    s->plus = !edf_was_plain(&w->hdr) || s->n_annotations > 0 || s->n_segments > 1 || s->padded || s->fraction_ns > 0 ||
              !s->start.has_time || !s->start.has_date || !edf_knows_year(&s->start);
    return 0;
}
