/* cli/plot_source.c - see plot_source.h. */
#include "cli/plot_source.h"
#include "algorithms/envelope.h"
#include "lib/grow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LATEST_S 180.0             /* no detector tells of a beat later; the block that it is in may be longer */
#define SHORTEST_S 0.001           /* a column of a recording whose length is not known, to begin with */

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory to plot a recording"); }

static double seconds(int64_t ns) { return (double)ns / (double)KYMO_NS_PER_S; }

/* ---- events ---- */

static int add_mark(struct plot_source *s, const struct kymo_event *ev, struct kymo_err *e)
{
    struct chart_mark *const all = kymo_grown(s->mark, s->n_marks, &s->cap_marks, sizeof *all);

    if (!all)
        return out_of_memory(e);
    s->mark = all;
    const char *const type = kymo_text_keep(&s->text, ev->type, strlen(ev->type));
    const bool speaks = *ev->text && (!s->no_notes || *ev->text == '(');
    const char *const text = speaks ? kymo_text_keep(&s->text, ev->text, strlen(ev->text)) : "";
    if (!type || !text)
        return out_of_memory(e);
    size_t at = s->n_marks++;
    for (; at > 0 && s->mark[at - 1].t_s > seconds(ev->time_ns); at--)   /* of two tracks, one may come late */
        s->mark[at] = s->mark[at - 1];
    s->mark[at] = (struct chart_mark){
        seconds(ev->time_ns), ev->duration_ns > 0 ? seconds(ev->duration_ns) : 0, type, text,
    };
    return 0;
}

static int take_events(struct plot_source *s, const struct kymo_block *b, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < b->n_events; i++)
        rc = add_mark(s, &b->event[i], e);
    return rc;
}

static int read_events(const struct kymo_call *call, const struct kymo_input_args *in, struct plot_source *s,
                       struct kymo_err *e)
{
    struct kymo_input_args all = *in;
    struct kymo_block *b;
    int rc;

    all.from.set = false;
    struct kymo_reader *const r = kymo_call_open(call, &all, true, e);
    if (!r)
        return e->cause[0].code;
    while ((rc = kymo_read(r, &b, e)) > 0 && (rc = take_events(s, b, e)) == 0)
        ;
    kymo_close(r);
    return rc;
}

/* ---- open ---- */

int plot_open(const struct kymo_call *call, const struct kymo_input_args *in, struct plot_source *s, struct kymo_err *e)
{
    struct kymo_input_args samples = *in;

    if (in->annotator && strcmp(kymo_operand(call), "-") != 0) {
        const int rc = read_events(call, in, s, e);
        if (rc < 0)
            return rc;
        s->marks_given = true;
        samples.annotator = NULL;
    }
    if (!(s->in = kymo_call_open(call, &samples, false, e)))
        return e->cause[0].code;
    s->has_marks = s->marks_given || s->in->hdr.n_tracks > 0;
    return 0;
}

int plot_read_marks(const struct kymo_call *call, const struct kymo_input_args *in, struct plot_source *s, struct kymo_err *e)
{
    struct kymo_call again = *call;

    if (s->marks_given || !s->has_marks || strcmp(kymo_operand(call), "-") == 0)
        return 0;
    again.log.warn = NULL;        /* what there is to warn of was told */
    again.progress = NULL;
    s->marks_given = true;
    return read_events(&again, in, s, e);
}

void plot_release(struct plot_source *s)
{
    kymo_close(s->in);
    free(s->pick);
    free(s->mark);
    kymo_text_free(&s->text);
}

size_t plot_count(const struct plot_source *s, enum kymo_kind kind)
{
    size_t n = 0;

    for (size_t i = 0; i < s->in->hdr.n_signals; i++)
        n += s->in->hdr.signal[i].kind == kind;
    return n;
}

int plot_pick(struct plot_source *s, enum kymo_kind kind, bool asked, struct kymo_err *e)
{
    const struct kymo_header *const h = &s->in->hdr;

    s->n_pick = 0;
    free(s->pick);
    if (!(s->pick = calloc(h->n_signals + 1, sizeof *s->pick)))
        return out_of_memory(e);
    for (size_t i = 0; i < h->n_signals; i++)
        if (asked || h->signal[i].kind == kind || (kind == KYMO_KINDS && h->signal[i].kind != KYMO_TRIGGER))
            s->pick[s->n_pick++] = i;
    if (s->n_pick > 0)
        return 0;
    return kind == KYMO_KINDS ? kymo_fail_at(e, KYMO_EDATA, s->in->path, -1, "no signal to plot")
                              : kymo_fail_at(e, KYMO_EDATA, s->in->path, -1, "no signal of kind %s; -s names others",
                                             kymo_kind_name(kind));
}

size_t plot_marks(const struct plot_source *s, double from_s, double to_s, const struct chart_mark **mark)
{
    size_t first = SIZE_MAX, rhythm = SIZE_MAX, end = 0;

    for (; end < s->n_marks && s->mark[end].t_s < to_s; end++) {
        const struct chart_mark *const m = &s->mark[end];
        if (first == SIZE_MAX && m->t_s + m->duration_s >= from_s)
            first = end;
        if (m->t_s < from_s && strcmp(m->type, "+") == 0)
            rhythm = end;
    }
    first = rhythm < first ? rhythm : first;
    *mark = first == SIZE_MAX ? NULL : s->mark + first;
    return first == SIZE_MAX ? 0 : end - first;
}

/* ---- stretches ---- */

int plot_view_make(struct plot_view *v, const struct plot_source *s, double column_s, size_t n_columns, struct kymo_err *e)
{
    v->curve = calloc(s->n_pick, sizeof *v->curve);
    v->envelope = calloc(s->n_pick, sizeof *v->envelope);
    if (!v->curve || !v->envelope)
        return out_of_memory(e);
    v->column_s = column_s;
    v->n_columns = column_s > 0 ? n_columns : 2 * n_columns;   /* joined in pairs, at the end half of them may be in use */
    for (; v->n < s->n_pick; v->n++) {
        if (!(v->envelope[v->n] = envelope_create(0, column_s > 0 ? column_s : SHORTEST_S, v->n_columns, e)))
            return e->cause[0].code;
        if (column_s == 0)
            envelope_grow(v->envelope[v->n]);
    }
    const size_t bound = v->n ? envelope_bound(v->envelope[0]) : 0;
    if (!(v->room = malloc((2 * v->n * bound + 1) * sizeof *v->room)))
        return out_of_memory(e);
    for (size_t i = 0; i < v->n; i++)
        v->curve[i] = (struct chart_curve){
            .label = s->in->hdr.signal[s->pick[i]].label, .unit = s->in->hdr.signal[s->pick[i]].unit,
            .t_s = v->room + 2 * i * bound, .y = v->room + (2 * i + 1) * bound,
        };
    return 0;
}

void plot_view_release(struct plot_view *v)
{
    for (size_t i = 0; v->envelope && i < v->n; i++)
        envelope_destroy(v->envelope[i]);
    free(v->envelope);
    free(v->curve);
    free(v->room);
}

static void push_block(struct plot_source *s, struct plot_view *v)
{
    struct kymo_block *const b = s->block;

    for (size_t i = 0; i < v->n; i++) {
        const size_t signal = s->pick[i];
        const struct kymo_span *const span = &b->span[signal];
        if (span->n == 0)
            continue;
        envelope_push(v->envelope[i], seconds(kymo_block_time(b, signal, span->first)),
                      1 / kymo_ratio_real(b->hdr->signal[signal].rate), kymo_physical(b, signal), span->n);
    }
}

/* When the block ends, of all signals the latest. */
static int64_t block_end(const struct kymo_block *b)
{
    int64_t end = INT64_MIN;

    for (size_t i = 0; i < b->hdr->n_signals; i++)
        if (b->span[i].n > 0) {
            const int64_t t = kymo_block_time(b, i, b->span[i].first + (int64_t)b->span[i].n);
            end = t > end ? t : end;
        }
    return end;
}

static void take_points(struct plot_source *s, struct plot_view *v, bool in_mv)
{
    const size_t bound = v->n ? envelope_bound(v->envelope[0]) : 0;

    for (size_t i = 0; i < v->n; i++) {
        double *const t = v->room + 2 * i * bound, *const y = t + bound;
        const double unit = in_mv ? kymo_millivolts(s->in->hdr.signal[s->pick[i]].unit) : 1;
        v->curve[i].n = envelope_points(v->envelope[i], t, y);
        for (size_t k = 0; k < v->curve[i].n; k++)
            y[k] *= unit;
    }
}

/* Whether all is read that belongs to a stretch that ends at to_s. */
static bool has_all(const struct plot_source *s, double to_s)
{
    const bool waits = s->is_one && s->has_marks && !s->marks_given;

    return s->block && seconds(s->end_ns) >= to_s &&
           (!waits || seconds(s->before_ns) >= to_s + LATEST_S || (s->n_marks > 0 && s->mark[s->n_marks - 1].t_s >= to_s));
}

int plot_view_read(struct plot_source *s, struct plot_view *v, double from_s, bool in_mv, struct kymo_err *e)
{
    const double to_s = v->column_s > 0 ? from_s + (double)v->n_columns * v->column_s : (double)INFINITY;
    int rc = 1;

    for (size_t i = 0; i < v->n; i++)
        envelope_reset(v->envelope[i], from_s);
    if (s->block)
        push_block(s, v);
    while (rc > 0 && !s->ended && !has_all(s, to_s)) {
        rc = kymo_read(s->in, &s->block, e);
        if (rc <= 0) {
            s->ended = true;
            s->block = NULL;
            break;
        }
        if (seconds(s->end_ns) < to_s)
            push_block(s, v);
        const int64_t end = block_end(s->block);
        if (end > s->end_ns) {
            s->before_ns = s->end_ns;
            s->end_ns = end;
        }
        if (!s->marks_given && take_events(s, s->block, e) < 0)
            rc = e->cause[0].code;
    }
    take_points(s, v, in_mv);
    return rc < 0 ? rc : 0;
}

bool plot_view_has_data(const struct plot_view *v)
{
    size_t n = 0;

    for (size_t i = 0; i < v->n; i++)
        n += v->curve[i].n;
    return n > 0;
}
