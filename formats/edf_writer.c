/* formats/edf_writer.c - see edf_writer.h.
 *
 * How: the samples go into a spool first, since what the
 * header of an EDF file has to say depends on all of them: the duration of the data records on the lengths of all
 * segments, EDF+C or EDF+D on whether there are gaps, the room for annotations on how many there are, the limits of a
 * signal on its values. At the end the file is written from front to back, header complete, beside its place, synced, and
 * renamed.
 *
 * EDFlib 1.23 does not do the writing (it is the judge in tests/unit/test_edf_writer.c), since it loses data without a
 * word: annotation texts behind their 40th byte; all annotations but one for each data record and annotation signal;
 * digits of onsets behind the 4th. It has no EDF+D, no records longer than 60 s, at most 640 signals, and a start that is
 * the present time where none is known. What it writes, the fields and a list of annotations, is little beside that.
 *
 * Data records: see edf_layout.h. If no duration makes all segments whole records, the last one of a segment has places
 * without a sample; so has the first, where signals of different rates were cut at a time that is not in all of their
 * grids. Such places hold the integer nearest to 0 units, and an annotation "%padding" in the segment's first record tells
 * from when to when they are; our reader leaves them out again. */
#include "formats/edf_writer.h"

#include "formats/edf_put.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_FIELDS 9999
#define TIME_LIMIT (INT64_C(1) << 60)

/* ---- start ---- */

static int check_signals(const struct kymo_writer *w, struct kymo_err *e)
{
    struct edf_writer *s = w->state;
    const struct kymo_header *h = &w->hdr;
    int rc = 0;

    if (h->n_signals + 1 > MOST_FIELDS)
        return kymo_fail_at(e, KYMO_EDATA, w->path, -1, "%zu signals and one of annotations: %s holds %d", h->n_signals,
                            edf_name(s), MOST_FIELDS);
    if (!edf_period(h, &s->period))
        return kymo_fail_at(e, KYMO_EDATA, w->path, -1, "no data record of less than 10^12 s holds whole numbers of samples "
                            "of all signals: their rates are too odd");
    if (rc == 0 && h->start.has_date && !h->start.has_time)
        rc = edf_lose(w, e, "the start has a date, but no time of day: EDF would have it at midnight");
    if (rc == 0 && h->n_notes > 0)
        rc = kymo_warn(&w->log, e, w->path, -1, "%zu notes of the source have no place in EDF", h->n_notes);
    return rc;
}

static int create_columns(struct kymo_writer *w, struct kymo_err *e)
{
    struct edf_writer *s = w->state;

    if (!(s->column = calloc(w->hdr.n_signals + 1, sizeof *s->column)))
        return edf_no_memory(e);
    for (size_t i = 0; i < w->hdr.n_signals; i++) {
        s->column[i] = (struct column){.per_period = edf_per_period(&w->hdr.signal[i], s->period), .seen_min = INT32_MAX,
                                       .seen_max = INT32_MIN};
        reals_init(&s->column[i].reals, s->most, w->hdr.signal[i].storage == KYMO_F32);
    }
    return 0;
}

int edf_create(struct kymo_writer *w, struct kymo_err *e)
{
    struct edf_writer *s = calloc(1, sizeof *s);
    int rc;

    if (!s)
        return edf_no_memory(e);
    w->state = s;
    s->bdf = strcmp(w->format->name, "bdf") == 0;
    s->width = s->bdf ? 3 : 2;
    s->most = s->bdf ? 8388607 : 32767;
    s->least = -s->most - 1;
    if ((rc = check_signals(w, e)) < 0 || (rc = edf_check_texts(w, e)) < 0 || (rc = create_columns(w, e)) < 0)
        return rc;
    s->spool = kymo_spool_create(kymo_output_scratch(w->path, e), &w->hdr, e);
    return s->spool ? 0 : (int)e->cause[0].code;
}

void edf_discard(struct kymo_writer *w)
{
    struct edf_writer *s = w->state;

    if (!s)
        return;
    kymo_spool_destroy(s->spool);
    kymo_output_destroy(s->out);
    for (size_t i = 0; i < s->n_annotations; i++)
        free(s->annotation[i].text);
    free(s->annotation);
    free(s->tracks);
    free(s->segment);
    free(s->column);
    free(s->window);
    free(s->blank);
    free(s->tals);
    free(s);
}

/* ---- what comes in: segments ---- */

/* A decimal as short as possible in low < ns <= high, away from both ends if they are apart. */
static int64_t round_between(int64_t low, int64_t high)
{
    const int64_t inside = high - low > 16 ? 4 : 0;

    for (int64_t unit = KYMO_NS_PER_S; unit > 1; unit /= 10) {
        const int64_t ns = floor_divide(high - inside, unit) * unit;
        if (ns > low + inside)
            return ns;
    }
    return high - inside;
}

/* The time before which no signal has a sample and from which on all have, if there is one; likewise the end. */
static void find_ends(const struct kymo_writer *w, struct segment *g)
{
    const struct edf_writer *s = w->state;
    int64_t from_low = -TIME_LIMIT, from_high = TIME_LIMIT, to_low = -TIME_LIMIT, to_high = TIME_LIMIT;

    for (size_t i = 0; i < w->hdr.n_signals; i++) {
        const struct column *c = &s->column[i];
        const struct kymo_ratio rate = w->hdr.signal[i].rate;
        if (c->first == c->next)
            continue;
        from_low = llmax(from_low, kymo_time_of(rate, c->first - 1));
        from_high = llmin(from_high, kymo_time_of(rate, c->first));
        to_low = llmax(to_low, kymo_time_of(rate, c->next - 1));
        to_high = llmin(to_high, kymo_time_of(rate, c->next));
    }
    g->ragged = from_low >= from_high || to_low >= to_high;
    g->from_ns = round_between(from_low, from_high);
    g->to_ns = round_between(to_low, to_high);
    for (size_t i = 0; !g->ragged && i < w->hdr.n_signals; i++) {
        const struct column *c = &s->column[i];
        const struct kymo_ratio rate = w->hdr.signal[i].rate;
        const int64_t first = kymo_index_at(rate, g->from_ns), next = kymo_index_at(rate, g->to_ns);
        g->ragged = c->first == c->next ? first != next : first != c->first || next != c->next;
    }
    g->from_ns += g->origin_ns;
    g->to_ns += g->origin_ns;
    g->last_ns = to_low + g->origin_ns;
}

/* Where a segment that is whole lies on the grid that all signals share. False where it has no samples. */
static bool measure_segment(const struct kymo_writer *w, struct segment *g)
{
    const struct edf_writer *s = w->state;
    int64_t begin = INT64_MAX, end = INT64_MIN;

    for (size_t i = 0; i < w->hdr.n_signals; i++) {
        const struct column *c = &s->column[i];
        if (c->first == c->next)
            continue;
        begin = llmin(begin, floor_divide(c->first, c->per_period));
        end = llmax(end, -floor_divide(-c->next, c->per_period));
        g->n_samples += c->next - c->first;
    }
    if (g->n_samples == 0)
        return false;
    g->skipped = begin;
    g->periods = end - begin;
    g->start_ns = g->origin_ns + edf_periods_ns(s, begin);
    for (size_t i = 0; i < w->hdr.n_signals; i++) {
        const struct column *c = &s->column[i];
        g->late |= c->first == c->next || c->first != begin * c->per_period;
        g->uneven |= c->first == c->next || c->next != end * c->per_period;
    }
    find_ends(w, g);
    return true;
}

/* A segment that begins less than a period behind the last sample of the one before, in the data record of that: told as
 * padding there. */
static int part_segments(const struct kymo_writer *w, struct segment *before, const struct segment *g, struct kymo_err *e)
{
    const int64_t by = before->start_ns + edf_periods_ns(w->state, before->periods) - g->start_ns;

    before->to_ns = llmin(before->to_ns, g->start_ns);
    if (by < EDF_SAME_TIME_NS)
        return 0;
    if (before->ragged || before->to_ns <= before->last_ns)
        return edf_lose(w, e, "the segment at %.6f s needs a data record that begins %.6f s before the last one ends%s",
                        (double)g->origin_ns / 1e9, (double)by / 1e9, w->lossy ? ": it follows it" : "");
    before->uneven = true;
    return 0;
}

static int end_segment(struct kymo_writer *w, struct kymo_err *e)
{
    struct edf_writer *s = w->state;
    int rc = 0;

    if (!s->in_segment)
        return 0;
    s->in_segment = false;
    struct segment *g = last_segment(s);
    if (!measure_segment(w, g)) {
        s->n_segments--;
        return 0;
    }
    if (s->n_segments > 1 && g->from_ns <= g[-1].from_ns)
        return kymo_fail_at(e, KYMO_EDATA, w->path, -1, "the segment at %.6f s comes behind a later one: EDF wants their order",
                            (double)g->origin_ns / 1e9);
    if (s->n_segments > 1 && (rc = part_segments(w, g - 1, g, e)) < 0)
        return rc;
    if (g->ragged && (g->late || g->uneven))
        rc = edf_lose(w, e, "in the segment at %.6f s the signals do not begin or end at one time, as EDF wants%s",
                      (double)g->origin_ns / 1e9, w->lossy ? ": they are filled up" : "");
    if (g->late || g->uneven || (s->n_segments > 1 && g[-1].uneven))
        s->common = -1;
    else if (s->common >= 0)
        s->common = kymo_common_divisor(s->common, g->periods);
    return rc;
}

static int begin_segment(struct kymo_writer *w, const struct kymo_block *b, struct kymo_err *e)
{
    struct edf_writer *s = w->state;
    const int rc = end_segment(w, e);

    if (rc < 0)
        return rc;
    if (llabs(b->segment_ns) > TIME_LIMIT)
        return kymo_fail(e, KYMO_EDATA, "a segment at %lld ns: no recording is so long", (long long)b->segment_ns);
    if ((s->n_segments & (s->n_segments - 1)) == 0) {   /* full at each power of two */
        struct segment *all = realloc(s->segment, (s->n_segments ? 2 * s->n_segments : 1) * sizeof *all);
        if (!all)
            return edf_no_memory(e);
        s->segment = all;
    }
    s->segment[s->n_segments++] = (struct segment){.origin_ns = b->segment_ns};
    for (size_t i = 0; i < w->hdr.n_signals; i++) {
        s->column[i].segment_first = b->span[i].segment_first;
        s->column[i].first = s->column[i].next = 0;
    }
    s->in_segment = true;
    return 0;
}

/* ---- what comes in: samples ---- */

static int fail_missing(const struct kymo_writer *w, size_t i, int64_t sample, struct kymo_err *e)
{
    return kymo_fail_at(e, KYMO_EDATA, w->path, -1, "sample %lld of signal %s is missing, which %s cannot tell",
                        (long long)sample, w->hdr.signal[i].label, edf_name(w->state));
}

static int check_integers(const struct kymo_writer *w, size_t i, const struct kymo_span *span, struct kymo_err *e)
{
    const struct edf_writer *s = w->state;
    struct column *c = &s->column[i];
    int32_t least = INT32_MAX, most = INT32_MIN;
    int64_t missing = 0;

    for (size_t k = 0; k < span->n; k++) {
        const int32_t v = span->digital[k], other = v == KYMO_MISSING ? INT32_MAX : v;
        least = other < least ? other : least;
        most = v > most ? v : most;
        missing += v == KYMO_MISSING;
    }
    if (missing == (int64_t)span->n)
        least = INT32_MAX, most = INT32_MIN;
    c->n_missing += missing;
    c->seen_min = least < c->seen_min ? least : c->seen_min;
    c->seen_max = most > c->seen_max ? most : c->seen_max;
    if (w->lossy || (missing == 0 && least >= s->least && most <= s->most))
        return 0;
    size_t k = 0;
    while (span->digital[k] >= s->least && span->digital[k] <= s->most)
        k++;
    if (span->digital[k] == KYMO_MISSING)
        return fail_missing(w, i, span->first + (int64_t)k, e);
    return kymo_fail_at(e, KYMO_EDATA, w->path, -1, "sample %lld of signal %s is %d, %s holds %d..%d%s",
                        (long long)span->first + (long long)k, w->hdr.signal[i].label, span->digital[k], edf_name(s), s->least,
                        s->most, s->bdf ? "" : " (BDF has 24 bits)");
}

static int check_reals(const struct kymo_writer *w, size_t i, const struct kymo_span *span, struct kymo_err *e)
{
    const struct edf_writer *s = w->state;
    const struct kymo_signal *sig = &w->hdr.signal[i];
    const size_t k = reals_see(&s->column[i].reals, span->physical, span->n);

    for (size_t m = 0; !w->lossy && s->column[i].reals.n_missing > 0 && m < span->n; m++)
        if (!isfinite(span->physical[m]))
            return fail_missing(w, i, span->first + (int64_t)m, e);
    if (k == span->n || w->lossy)
        return 0;
    return kymo_fail_at(e, KYMO_EDATA, w->path, -1, "signal %s holds %s values, %s integers of %zu bits, and those no decimals "
                        "like sample %lld, %.17g; lossy they are scaled to them", sig->label, kymo_storage_name(sig->storage),
                        edf_name(s), 8 * s->width, (long long)span->first + (long long)k, span->physical[k]);
}

static int take_span(struct kymo_writer *w, size_t i, const struct kymo_span *span, struct kymo_err *e)
{
    struct edf_writer *s = w->state;
    struct column *c = &s->column[i];
    const int64_t at = span->first - span->segment_first;

    if (span->n == 0)
        return 0;
    if (c->first == c->next)
        c->first = c->next = at;
    if (at != c->next)
        return kymo_fail_at(e, KYMO_EDATA, w->path, -1, "samples %lld to %lld of signal %s are missing on the way",
                            (long long)(span->segment_first + c->next), (long long)span->first - 1, w->hdr.signal[i].label);
    c->next += (int64_t)span->n;
    c->n_samples += (int64_t)span->n;
    if (kymo_storage_is_integer(w->hdr.signal[i].storage))
        return check_integers(w, i, span, e);
    return check_reals(w, i, span, e);
}

static bool is_other_segment(const struct edf_writer *s, const struct kymo_block *b)
{
    if (!s->in_segment || b->new_segment || b->segment_ns != s->segment[s->n_segments - 1].origin_ns)
        return true;
    for (size_t i = 0; i < b->hdr->n_signals; i++)
        if (b->span[i].segment_first != s->column[i].segment_first)
            return true;
    return false;
}

int edf_write(struct kymo_writer *w, struct kymo_block *b, struct kymo_err *e)
{
    struct edf_writer *s = w->state;
    int rc = 0;

    if (w->hdr.n_signals > 0 && b->span && is_other_segment(s, b))
        rc = begin_segment(w, b, e);
    for (size_t i = 0; rc == 0 && b->span && i < w->hdr.n_signals; i++)
        rc = take_span(w, i, &b->span[i], e);
    for (size_t i = 0; rc == 0 && i < b->n_events; i++)
        rc = edf_write_event(w, &b->event[i], e);
    return rc < 0 || !b->span ? rc : kymo_spool_write_samples(s->spool, b, e);
}

/* ---- what comes in: events ---- */

/* Control characters are the marks of the lists: only a tab and line ends may stand in a text. True where it had others. */
static bool clean_text(char *text)
{
    bool changed = false;

    for (char *p = text; *p; p++)
        if ((unsigned char)*p < ' ' && *p != '\t' && *p != '\n' && *p != '\r') {
            changed = true;
            *p = ' ';
        }
    return changed;
}

/* What an annotation cannot hold is refused here, or counted. */
static int check_event(struct kymo_writer *w, struct annotation *a, struct kymo_err *e)
{
    struct edf_writer *s = w->state;
    const bool cleaned = clean_text(a->text), infinite = isinf(a->ev.value);
    const double at_s = (double)a->ev.time_ns / 1e9;

    if (llabs(a->ev.time_ns) > TIME_LIMIT || (a->ev.duration_ns != KYMO_UNKNOWN && llabs(a->ev.duration_ns) > TIME_LIMIT))
        return kymo_fail_at(e, KYMO_EDATA, w->path, -1, "an event at %lld ns of %lld ns: no recording is so long",
                            (long long)a->ev.time_ns, (long long)a->ev.duration_ns);
    if (cleaned && !w->lossy)
        return edf_lose(w, e, "the text of the event at %.6f s has control characters", at_s);
    if (infinite && !w->lossy)
        return edf_lose(w, e, "the value of the event at %.6f s is infinite", at_s);
    if (infinite)
        a->ev.value = (double)NAN;
    s->n_cleaned += cleaned;
    s->n_infinite += infinite;
    return 0;
}

int edf_write_event(struct kymo_writer *w, const struct kymo_event *ev, struct kymo_err *e)
{
    struct edf_writer *s = w->state;
    const size_t n = s->n_annotations;

    if ((n & (n - 1)) == 0) {   /* full at each power of two */
        struct annotation *all = realloc(s->annotation, (n ? 2 * n : 1) * sizeof *all);
        if (!all)
            return edf_no_memory(e);
        s->annotation = all;
    }
    struct annotation *a = &s->annotation[n];
    *a = (struct annotation){.ev = *ev, .order = n, .text = strdup(ev->text)};
    if (!a->text)
        return edf_no_memory(e);
    s->n_annotations++;
    return check_event(w, a, e);
}

/* ---- the end ---- */

int edf_finish(struct kymo_writer *w, struct kymo_err *e)
{
    struct edf_writer *s = w->state;
    int rc = end_segment(w, e);

    if (rc == 0)
        rc = edf_make_plan(w, e);
    if (rc < 0)
        return rc;
    struct kymo_reader *r = kymo_spool_read(s->spool, e);
    rc = r ? edf_put_file(w, r, e) : (int)e->cause[0].code;
    kymo_close(r);
    return rc;
}
