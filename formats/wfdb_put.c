/* formats/wfdb_put.c - see wfdb_put.h. */
#include "formats/wfdb_put.h"

#include "formats/wfdb_header.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>

#define LONGEST_LINE 65000       /* of a header: what readers take */

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory to write a WFDB record"); }

static int put_line(struct kymo_output *out, struct kymo_err *e, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static int put_line(struct kymo_output *out, struct kymo_err *e, const char *fmt, ...)
{
    char *text = NULL;
    va_list ap;

    va_start(ap, fmt);
    const int n = vasprintf(&text, fmt, ap);
    va_end(ap);
    if (n < 0)
        return out_of_memory(e);
    int rc = kymo_put_text(out, text, e);
    if (n > LONGEST_LINE)
        rc = kymo_fail_at(e, KYMO_EDATA, kymo_output_name(out), -1, "a text of %d bytes, at most %d fit into a WFDB header", n,
                          LONGEST_LINE);
    if (rc == 0)
        rc = kymo_put_text(out, "\n", e);
    free(text);
    return rc;
}

/* Baselines that are not whole, which WFDB has no field for. */
static int put_baselines(const struct wfdb_writer *s, struct kymo_output *out, struct kymo_err *e)
{
    int rc = 0;

    for (size_t g = 0; g < s->plan.n_groups; g++)
        for (size_t i = s->plan.group[g].first; rc == 0 && i < s->plan.group[g].first + s->plan.group[g].n; i++) {
            char text[32];
            if (isnan(s->plan.signal[i].exact_baseline))
                continue;
            kymo_format_real(s->plan.signal[i].exact_baseline, text);
            rc = put_line(out, e, "# " WFDB_BASELINE_NOTE " %zu: %s", i, text);
        }
    return rc;
}

static int put_signal_lines(const struct wfdb_writer *s, struct kymo_output *out, const char *name, struct kymo_err *e)
{
    int rc = 0;

    for (size_t g = 0; g < s->plan.n_groups; g++)
        for (size_t i = s->plan.group[g].first; rc == 0 && i < s->plan.group[g].first + s->plan.group[g].n; i++) {
            const struct wfdb_planned *p = &s->plan.signal[i];
            const struct lane *l = &s->lane[i];
            char ending[32], per_frame[24] = "", gain[32];
            if (p->per_frame != 1)
                snprintf(per_frame, sizeof per_frame, "x%zu", p->per_frame);
            kymo_format_real(p->gain, gain);
            rc = put_line(out, e, "%s%s %d%s %s(%d)/%s %d %lld %d %d 0 %s", name, wfdb_ending_of(s, g, ending), p->format,
                          per_frame, gain, p->baseline, p->unit, p->resolution, (long long)p->zero, l->initial,
                          (int16_t)l->sum, p->label);
        }
    return rc < 0 ? rc : put_baselines(s, out, e);
}

/* " HH:MM:SS[.sss] DD/MM/YYYY", as far as it is known. */
static int start_text(const struct kymo_writer *w, char text[128], struct kymo_err *e)
{
    const struct kymo_start *t = &w->hdr.start;
    char seconds[48], date[32] = "";
    const int64_t minute = 60 * KYMO_NS_PER_S;

    text[0] = '\0';
    if (!t->has_time)
        return t->has_date ? wfdb_lose(w, e, "the start has a date and no time of day: WFDB cannot hold that") : 0;
    const size_t n = kymo_format_seconds(t->time_ns % minute, seconds, sizeof seconds);
    if (t->has_date)
        snprintf(date, sizeof date, " %02d/%02d/%04d", t->day, t->month, t->year);
    const bool one_digit = n == 1 || seconds[1] == '.';
    snprintf(text, 128, " %02d:%02d:%s%s%s", (int)(t->time_ns / (60 * minute)), (int)(t->time_ns / minute % 60),
             one_digit ? "0" : "", seconds, date);
    return 0;
}

/* "# key: text", if there is a text. */
static int put_info(struct kymo_output *out, const char *key, const char *of, const char *text, bool *any, struct kymo_err *e)
{
    if (!*text)
        return 0;
    *any = true;
    return put_line(out, e, "# %s%s%s: %s", key, *of ? " of " : "", of, text);
}

/* The texts that WFDB has no place for, as info lines. */
static int put_texts(const struct kymo_writer *w, struct kymo_output *out, struct kymo_err *e)
{
    const struct kymo_header *h = &w->hdr;
    bool any = false;
    int rc = put_info(out, "subject", "", h->subject.id, &any, e);

    if (rc == 0)
        rc = put_info(out, "name", "", h->subject.name, &any, e);
    if (rc == 0)
        rc = put_info(out, "sex", "", h->subject.sex, &any, e);
    if (rc == 0)
        rc = put_info(out, "birth", "", h->subject.birth, &any, e);
    if (rc == 0)
        rc = put_info(out, "recording", "", h->recording, &any, e);
    for (size_t i = 0; rc == 0 && i < h->n_signals; i++) {
        rc = put_info(out, "transducer", h->signal[i].label, h->signal[i].transducer, &any, e);
        if (rc == 0)
            rc = put_info(out, "prefilter", h->signal[i].label, h->signal[i].prefilter, &any, e);
    }
    if (rc == 0 && any)
        rc = kymo_warn(&w->log, e, w->path, -1, "WFDB has no fields for the subject, who recorded, transducers and "
                       "prefilters: they are written as info lines");
    return rc;
}

static int put_notes(const struct kymo_writer *w, struct kymo_output *out, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < w->hdr.n_notes; i++)
        rc = put_line(out, e, "# %s", w->hdr.note[i]);
    if (rc == 0)
        rc = put_texts(w, out, e);
    for (size_t i = 0; rc == 0 && i < w->hdr.n_history; i++)
        rc = put_line(out, e, "# history: %s", w->hdr.history[i]);
    return rc;
}

/* Lines of the segments, and of the gaps between them. */
static int put_segment_lines(const struct wfdb_writer *s, struct kymo_output *out, struct kymo_err *e)
{
    int64_t frame = 0;
    int rc = 0;

    for (size_t k = 0; rc == 0 && k < s->n_segments; k++) {
        const struct segment *seg = &s->segment[k];
        if (seg->frame > frame)
            rc = put_line(out, e, "~ %lld", (long long)(seg->frame - frame));
        if (rc == 0)
            rc = put_line(out, e, "%s_%04zu %lld", s->name, k + 1, (long long)seg->n_frames);
        frame = seg->frame + seg->n_frames;
    }
    return rc;
}

/* "3" is put behind the name of a record of segments. */
static size_t n_segment_lines(const struct wfdb_writer *s)
{
    size_t n = 0;
    int64_t frame = 0;

    for (size_t k = 0; k < s->n_segments; k++) {
        n += s->segment[k].frame > frame ? 2 : 1;
        frame = s->segment[k].frame + s->segment[k].n_frames;
    }
    return n;
}

int wfdb_put_record(struct kymo_writer *w, struct kymo_output *out, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;
    const size_t n = w->hdr.n_signals;
    char start[128], segments[32] = "", frames[32] = "";
    int64_t end = 0;

    for (size_t k = 0; k < s->n_segments; k++)
        end = s->segment[k].frame + s->segment[k].n_frames;
    if (s->several)
        snprintf(segments, sizeof segments, "/%zu", n_segment_lines(s));
    int rc = start_text(w, start, e);
    if (end > 0 || *start)
        snprintf(frames, sizeof frames, " %lld", (long long)end);
    if (rc == 0)
        rc = put_line(out, e, "%s%s %zu %s%s%s", s->name, segments, n, s->plan.rate_text, frames, start);
    if (rc == 0)
        rc = s->several ? put_segment_lines(s, out, e) : put_signal_lines(s, out, s->name, e);
    return rc == 0 ? put_notes(w, out, e) : rc;
}

int wfdb_put_segment(const struct wfdb_writer *s, size_t n_signals, struct kymo_output *out, const char *name,
                     struct kymo_err *e)
{
    const int rc = put_line(out, e, "%s %zu %s %lld", name, n_signals, s->plan.rate_text, (long long)s->n_frames);

    return rc == 0 ? put_signal_lines(s, out, name, e) : rc;
}
