/* cli/hrv_read.c - kymo hrv: where the beats come from. */
#include "cli/atria.h"
#include "cli/hrv.h"
#include "cli/segments.h"
#include "lib/grow.h"
#include "lib/vocabulary.h"

#include <stdlib.h>
#include <string.h>

struct reading {
    struct hrv_beats *b;
    const char *path, *around;
    struct segments segments;
    bool broken;                 /* the next beat comes after a break */
    int64_t noise_to_ns;         /* beats before lie in noise, and are not normal */
    int64_t af_to_ns;            /* beats before lie in atrial fibrillation or flutter, as the track has it */
    size_t n_double, n_in_af;
};

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for the beats of a recording"); }

/* ---- beats ---- */

static int add_beat(struct hrv_beats *b, const struct nn_beat *beat, struct kymo_err *e)
{
    struct nn_beat *const all = kymo_grown(b->beat, b->n, &b->cap, sizeof *all);

    if (!all)
        return out_of_memory(e);
    b->beat = all;
    b->beat[b->n++] = *beat;
    return 0;
}

static int add_time(int64_t **all, size_t *n, int64_t ns, struct kymo_err *e)
{
    if ((*n & (*n - 1)) == 0) {   /* room is for a power of 2 */
        int64_t *const more = realloc(*all, (*n ? 2 * *n : 1) * sizeof *more);
        if (!more)
            return out_of_memory(e);
        *all = more;
    }
    (*all)[(*n)++] = ns;
    return 0;
}

/* ---- beats that are given ---- */

/* A rhythm lasts for its duration, or, as annotations have it, until the next one. */
static void see_rhythm(struct reading *r, const struct kymo_event *ev)
{
    if (strcmp(ev->type, "+") != 0)
        return;
    const bool is_af = strncmp(ev->text, "(AFIB", 5) == 0 || strncmp(ev->text, "(AFL", 4) == 0;
    if (is_af)
        r->af_to_ns = ev->duration_ns > 0 ? ev->time_ns + ev->duration_ns : INT64_MAX;
    else if (r->af_to_ns == INT64_MAX)
        r->af_to_ns = ev->time_ns;
}

static int add_event(struct reading *r, const struct kymo_event *ev, struct kymo_err *e)
{
    struct hrv_beats *const b = r->b;
    const struct nn_beat *const last = b->n ? &b->beat[b->n - 1] : NULL;
    int rc = 0;

    if (r->around && (strcmp(ev->type, r->around) == 0 || strcmp(ev->text, r->around) == 0))
        rc = add_time(&b->around_ns, &b->n_around, ev->time_ns, e);
    r->broken |= kymo_is_break(ev->type);
    see_rhythm(r, ev);
    if (strcmp(ev->type, "noise") == 0 && ev->duration_ns > 0 && ev->time_ns + ev->duration_ns > r->noise_to_ns)
        r->noise_to_ns = ev->time_ns + ev->duration_ns;
    if (rc < 0 || !kymo_is_beat(ev->type))
        return rc;
    if (last && ev->time_ns < last->time_ns)
        return kymo_fail_at(e, KYMO_EDATA, r->path, -1, "beat at %.9g s does not lie behind the one at %.9g s",
                            (double)ev->time_ns / 1e9, (double)last->time_ns / 1e9);
    if (last && ev->time_ns == last->time_ns) {
        r->n_double++;
        return 0;
    }
    const struct nn_beat beat = {
        .time_ns = ev->time_ns, .normal = kymo_is_normal_beat(ev->type) && ev->time_ns >= r->noise_to_ns,
        .ventricular = strcmp(ev->type, "V") == 0,
        .after_break = r->broken || (last && segments_begin_between(&r->segments, last->time_ns, ev->time_ns)),
    };
    r->broken = false;
    r->n_in_af += beat.normal && ev->time_ns < r->af_to_ns;
    return add_beat(b, &beat, e);
}

static int read_events(struct kymo_reader *in, struct reading *r, struct kymo_err *e)
{
    struct kymo_block *block;
    int rc;

    while ((rc = kymo_read(in, &block, e)) > 0) {
        if (block->new_segment && (rc = segments_add(&r->segments, block->segment_ns, e)) < 0)
            return rc;
        for (size_t i = 0; i < block->n_events; i++)
            if ((rc = add_event(r, &block->event[i], e)) < 0)
                return rc;
    }
    return rc;
}

static int read_given(const struct kymo_call *call, struct kymo_reader *in, const char *around, struct hrv_beats *b,
                      struct kymo_err *e)
{
    struct reading r = {.b = b, .path = in->path, .around = around, .noise_to_ns = INT64_MIN,
                        .af_to_ns = INT64_MIN};
    int rc = read_events(in, &r, e);

    if (rc == 0 && r.n_double)
        rc = kymo_warn(&call->log, e, in->path, -1, "%zu beats at the time of the beat before: left out", r.n_double);
    if (rc == 0 && r.n_in_af)
        rc = kymo_warn(&call->log, e, in->path, -1, "%zu of %zu beats lie in atrial fibrillation or flutter, by the track: "
                       "what their intervals tell is not of the sinus", r.n_in_af, b->n);
    b->end_ns = b->n ? b->beat[b->n - 1].time_ns : 0;
    if (in->hdr.duration_ns != KYMO_UNKNOWN && in->hdr.duration_ns > b->end_ns)
        b->end_ns = in->hdr.duration_ns;
    segments_release(&r.segments);
    return rc;
}

/* ---- beats that are found ---- */

/* Beats in noise are not normal. */
static int take_heart(const struct heart *h, const struct beatclass *class, struct hrv_beats *b, struct kymo_err *e)
{
    int64_t noise_to_ns = INT64_MIN;
    size_t at = 0;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < h->n; i++) {
        for (; at < h->n_spans && h->span[at].time_ns <= h->beat[i].time_ns; at++)
            if (strcmp(h->span[at].type, "noise") == 0 && h->span[at].time_ns + h->span[at].duration_ns > noise_to_ns)
                noise_to_ns = h->span[at].time_ns + h->span[at].duration_ns;
        rc = add_beat(b, &(struct nn_beat){
            .time_ns = h->beat[i].time_ns, .after_break = h->beat[i].after_break,
            .normal = kymo_is_normal_beat(class[i].type) && h->beat[i].time_ns >= noise_to_ns,
            .ventricular = strcmp(class[i].type, "V") == 0,
        }, e);
    }
    b->end_ns = h->end_ns;
    b->found = true;
    return rc;
}

/* opened: the operand, which becomes the heart's; NULL: it is to be opened. */
static int read_found(const struct kymo_call *call, const struct kymo_input_args *in, struct kymo_reader *opened,
                      struct hrv_beats *b, struct kymo_err *e)
{
    const struct heart_args args = {.in = *in, .opened = opened};
    struct heart h = {.n = 0};
    struct beatclass *class = NULL;
    int rc = heart_read(call, &args, &h, e);

    if (rc == 0 && !(class = calloc(h.n + 1, sizeof *class)))
        rc = out_of_memory(e);
    if (rc == 0 && (rc = atria_classes(&h, class, e)) == 0)
        rc = take_heart(&h, class, b, e);
    free(class);
    heart_release(&h);
    return rc;
}

/* ---- which ---- */

/* Of several tracks the user says which, unless ours are among them. */
static int check_tracks(struct kymo_reader *r, const struct kymo_input_args *in, struct kymo_err *e)
{
    if (r->hdr.n_tracks > 1 && !in->annotator && !heart_takes_own_track(r))
        return kymo_fail_at(e, KYMO_EUSAGE, r->path, -1, "%zu event tracks, %s and others: choose with -a", r->hdr.n_tracks,
                            r->hdr.track[0]);
    if (r->hdr.n_tracks == 0 && !kymo_has_kind(&r->source, KYMO_ECG))
        return kymo_fail_at(e, KYMO_EDATA, r->path, -1, "no beats, and no ECG to find them in");
    return 0;
}

int hrv_read(const struct kymo_call *call, const struct kymo_input_args *in, const char *around, struct hrv_beats *b,
             struct kymo_err *e)
{
    const bool piped = strcmp(kymo_operand(call), "-") == 0;   /* to be read once: with samples, which may be needed */
    struct kymo_reader *const r = kymo_call_open(call, in, !piped, e);
    int rc = r ? check_tracks(r, in, e) : e->cause[0].code;
    const bool given = rc == 0 && r->hdr.n_tracks > 0;
    bool find = rc == 0 && !given;

    b->from_ns = in->from.set ? in->from.ns : 0;
    if (find && piped)
        return read_found(call, in, r, b, e);
    if (given)
        rc = read_given(call, r, around, b, e);
    if (given && rc == 0 && b->n == 0 && !in->annotator && kymo_has_kind(&r->source, KYMO_ECG)) {
        if (piped)
            rc = kymo_fail_at(e, KYMO_EDATA, r->path, -1, "no beats among the events of the stream: kymo beats finds them");
        find = !piped;
    }
    kymo_close(r);
    return rc == 0 && find ? read_found(call, in, NULL, b, e) : rc;
}

void hrv_beats_release(struct hrv_beats *b)
{
    free(b->beat);
    free(b->around_ns);
}
