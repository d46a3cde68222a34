/* cli/rhythm_read.c - kymo rhythm: beats, their classes and what the samples tell, made ready for the rules of the rhythm. */
#include "cli/rhythm.h"

#include "algorithms/af.h"
#include "cli/atria.h"
#include "cli/watch.h"
#include "lib/vocabulary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define VF_PULSES_PER_MIN 30.0   /* beats that a pulse signal gives; more speak against fibrillation, */
#define VF_DOUBT 0.5             /* times this its confidence: then it is no longer that of the samples alone, 0.77 and more */

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for the rhythm of a recording"); }

/* ---- what samples tell ---- */

static int take_fibrillation(const struct watch *w, struct rhythm_record *r, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < w->fibrillation.n; i++) {
        const struct watch_span *const span = &w->fibrillation.span[i];
        rc = rhythm_add(&r->list, &(struct rhythm_episode){
            .from_ns = span->from_ns, .to_ns = span->to_ns, .rate_per_min = (double)NAN, .confidence = span->confidence,
            .kind = RHYTHM_VF,
        }, e);
    }
    return rc;
}

static int take_silence(const struct watch *w, struct rhythm_record *r, struct kymo_err *e)
{
    r->silence = malloc((w->silence.n + 1) * sizeof *r->silence);
    if (!r->silence)
        return out_of_memory(e);
    r->n_silences = w->silence.n;
    for (size_t i = 0; i < w->silence.n; i++)
        r->silence[i] = (struct rhythm_span){w->silence.span[i].from_ns, w->silence.span[i].to_ns};
    return 0;
}

/* ---- stretches ---- */

static int by_from(const void *a, const void *b)
{
    const struct rhythm_span *const x = a, *const y = b;

    return (x->from_ns > y->from_ns) - (x->from_ns < y->from_ns);
}

/* The heart's spans of a type, joined where they touch. */
static int take_spans(const struct heart *h, const char *type, struct rhythm_span **all, size_t *n, struct kymo_err *e)
{
    struct rhythm_span *const s = malloc((h->n_spans + 1) * sizeof *s);
    size_t m = 0;

    if (!s)
        return out_of_memory(e);
    *all = s;
    for (size_t i = 0; i < h->n_spans; i++)
        if (strcmp(h->span[i].type, type) == 0 && h->span[i].duration_ns > 0)
            s[m++] = (struct rhythm_span){h->span[i].time_ns, h->span[i].time_ns + h->span[i].duration_ns};
    qsort(s, m, sizeof *s, by_from);
    *n = 0;
    for (size_t i = 0; i < m; i++)
        if (*n > 0 && s[i].from_ns <= s[*n - 1].to_ns)
            s[*n - 1].to_ns = s[i].to_ns > s[*n - 1].to_ns ? s[i].to_ns : s[*n - 1].to_ns;
        else
            s[(*n)++] = s[i];
    return 0;
}

/* Fibrillation that a given track marks from [ to ]. */
static int take_marked(struct rhythm_record *r, struct kymo_err *e)
{
    const struct heart *const h = &r->heart;
    int64_t on_ns = KYMO_UNKNOWN;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i <= h->n_spans; i++) {
        const bool off = i == h->n_spans || strcmp(h->span[i].type, "]") == 0;
        const int64_t at_ns = i == h->n_spans ? h->end_ns : h->span[i].time_ns;
        if (off && on_ns != KYMO_UNKNOWN && at_ns > on_ns)
            rc = rhythm_add(&r->list, &(struct rhythm_episode){
                .from_ns = on_ns, .to_ns = at_ns, .rate_per_min = (double)NAN, .confidence = 1, .kind = RHYTHM_VF,
            }, e);
        if (off)
            on_ns = KYMO_UNKNOWN;
        else if (strcmp(h->span[i].type, "[") == 0 && on_ns == KYMO_UNKNOWN)
            on_ns = at_ns;
    }
    return rc;
}

/* ---- beats ---- */

unsigned char rhythm_type_of(const char *mnemonic)
{
    if (strchr("/f", *mnemonic))
        return RHYTHM_PACED;
    if (strchr("VEFr", *mnemonic))
        return RHYTHM_V;
    if (strchr("AaJS", *mnemonic))
        return RHYTHM_S;
    return strchr("Q?", *mnemonic) ? RHYTHM_UNSURE : RHYTHM_N;
}

/* Whether classes are to be told, as kymo beats does: there are portraits, and nobody has told any. A series that is all N, as
 * detectors give it, tells none. */
static bool needs_classes(const struct heart *h)
{
    if (!h->portrait || h->n_leads == 0)
        return false;
    for (size_t i = 0; i < h->n; i++)
        if (h->beat[i].given != 1)
            return false;
    return true;
}

static int classify(const struct heart *h, struct beatclass **class, struct kymo_err *e)
{
    *class = calloc(h->n + 1, sizeof **class);
    return *class ? atria_classes(h, *class, e) : out_of_memory(e);
}

/* How sure it is that there is a beat, and of its class. In a quick ventricular run every beat makes the detector doubt its
 * neighbours: whether such beats are noise is told by their shapes (rhythm.h), not by its doubts. */
static float sureness(const struct heart_beat *b, const struct beatclass *c)
{
    const float quality = isnan(b->quality) || (c && rhythm_type_of(c->type) == RHYTHM_V) ? 1 : b->quality;
    float most = 0;

    for (size_t k = 0; c && k < BEATCLASS_KINDS; k++)
        most = fmaxf(most, c->chance[k]);
    return quality * (c ? most : 1);
}

/* A heart that fibrillates makes no pulse: where pulses go on, something shakes the leads, or somebody presses the chest. */
static void doubt_vf(struct rhythm_episode *vf, const struct heart *h)
{
    size_t pulses = 0;

    for (size_t i = 0; i < h->n; i++)
        pulses += h->beat[i].from_pulse && h->beat[i].time_ns >= vf->from_ns && h->beat[i].time_ns < vf->to_ns;
    if ((double)pulses * 60e9 >= VF_PULSES_PER_MIN * (double)(vf->to_ns - vf->from_ns))
        vf->confidence *= VF_DOUBT;
}

static bool in_vf(const struct rhythm_list *vf, size_t *at, int64_t ns)
{
    while (*at < vf->n && vf->episode[*at].to_ns <= ns)
        ++*at;
    return *at < vf->n && vf->episode[*at].from_ns <= ns && vf->episode[*at].confidence > VF_DOUBT;
}

/* The beats outside ventricular fibrillation, which is in the list in order of time, but for what is in doubt. class NULL: as
 * given. */
static int take_beats(struct rhythm_record *r, const struct beatclass *class, struct kymo_err *e)
{
    const struct heart *const h = &r->heart;
    size_t at = 0;
    bool broken = true;

    r->beat = malloc((h->n + 1) * sizeof *r->beat);
    r->of_heart = malloc((h->n + 1) * sizeof *r->of_heart);
    if (!r->beat || !r->of_heart)
        return out_of_memory(e);
    for (size_t i = 0; i < r->list.n; i++)
        doubt_vf(&r->list.episode[i], h);
    for (size_t i = 0; i < h->n; i++) {
        const struct heart_beat *const b = &h->beat[i];
        char name[8];
        const bool lost = in_vf(&r->list, &at, b->time_ns);
        broken |= b->after_break || lost;
        if (lost)
            continue;
        r->of_heart[r->n] = i;
        r->beat[r->n++] = (struct rhythm_beat){
            .time_ns = b->time_ns, .sure = sureness(b, class ? &class[i] : NULL), .shape = class ? class[i].cluster : -1,
            .type = rhythm_type_of(class ? class[i].type : kymo_code_name(b->given, name)), .after_break = broken,
            .from_pulse = b->from_pulse,
        };
        broken = false;
    }
    return 0;
}

/* The detector is at a loss where the ventricles fibrillate: that is no noise. The list has fibrillation alone, in order. */
static int clear_noise(struct rhythm_record *r, struct kymo_err *e)
{
    struct rhythm_span *const vf = malloc((r->list.n + 1) * sizeof *vf);
    struct rhythm_span *const left = malloc((r->n_noise + r->list.n + 1) * sizeof *left);

    for (size_t i = 0; vf && i < r->list.n; i++)
        vf[i] = (struct rhythm_span){r->list.episode[i].from_ns, r->list.episode[i].to_ns};
    if (!vf || !left) {
        free(vf);
        free(left);
        return out_of_memory(e);
    }
    r->n_noise = rhythm_without(r->noise, r->n_noise, vf, r->list.n, left);
    free(vf);
    free(r->noise);
    r->noise = left;
    return 0;
}

/* ---- atrial fibrillation ---- */

static int find_af(struct rhythm_record *r, struct kymo_err *e)
{
    unsigned char *const flags = malloc(r->n + 1);
    float *const p = malloc((r->n + 1) * sizeof *p);
    int rc = flags && p ? 0 : out_of_memory(e);

    for (size_t i = 0; rc == 0 && i < r->n; i++)
        flags[i] = (unsigned char)((r->beat[i].type == RHYTHM_V ? AF_VENTRICULAR : 0) |
                                   (r->beat[i].after_break ? AF_AFTER_BREAK : 0));
    if (rc == 0)
        rc = atria_fibrillate(&r->heart, r->of_heart, flags, r->n, p, e);
    for (size_t i = 0; rc == 0 && i < r->n; i++)
        r->beat[i].p_af = p[i];
    free(flags);
    free(p);
    return rc;
}

/* ---- all ---- */

/* Beats that are given may end before the signals do; and fibrillation and gaps behind the last beat are no pause. */
static int64_t end_of_beats(const struct rhythm_record *r)
{
    const int64_t last_ns = r->n ? r->beat[r->n - 1].time_ns : 0;
    bool silent = r->heart.found;

    for (size_t i = 0; i < r->n_gaps; i++)
        silent = silent && r->gap[i].to_ns <= last_ns;
    for (size_t i = 0; i < r->list.n; i++)
        silent = silent && r->list.episode[i].to_ns <= last_ns;
    return silent ? r->heart.end_ns : last_ns;
}

static int find_episodes(const struct rhythm_args *args, struct rhythm_record *r, struct kymo_err *e)
{
    const struct rhythm_limits limits = {
        .af_s = args->af_s, .vt_per_min = args->vt_per_min, .svt_per_min = args->svt_per_min,
        .brady_per_min = args->brady_per_min, .tachy_per_min = args->tachy_per_min, .pause_s = args->pause_s,
        .asystole_s = args->asystole_s, .brady_beats = (size_t)args->brady_beats, .tachy_beats = (size_t)args->tachy_beats,
    };
    struct beatclass *class = NULL;
    int rc = needs_classes(&r->heart) ? classify(&r->heart, &class, e) : 0;

    if (rc == 0)
        rc = take_spans(&r->heart, "noise", &r->noise, &r->n_noise, e);
    if (rc == 0)
        rc = take_spans(&r->heart, "gap", &r->gap, &r->n_gaps, e);
    if (rc == 0 && (rc = take_marked(r, e)) == 0 && (rc = clear_noise(r, e)) == 0 && (rc = take_beats(r, class, e)) == 0)
        rc = find_af(r, e);
    free(class);
    if (rc < 0)
        return rc;
    const struct rhythm_input in = {
        .beat = r->beat, .n = r->n, .noise = r->noise, .n_noise = r->n_noise, .silence = r->silence,
        .n_silences = r->n_silences, .end_ns = end_of_beats(r),
    };
    return rhythm_find(&in, &limits, &r->list, e);
}

/* Where no ECG is seen to be silent, an interval without a beat may be one that nobody looked at. */
static int tell_pauses(const struct kymo_call *call, const struct rhythm_record *r, struct kymo_err *e)
{
    const char *const path = kymo_operand(call);
    int64_t longest_ns = 0;
    size_t n = 0;

    for (size_t i = 0; i < r->list.n; i++) {
        const struct rhythm_episode *const p = &r->list.episode[i];
        if (p->kind != RHYTHM_PAUSE && p->kind != RHYTHM_ASYSTOLE)
            continue;
        n++;
        longest_ns = p->to_ns - p->from_ns > longest_ns ? p->to_ns - p->from_ns : longest_ns;
    }
    return n == 0 ? 0 : kymo_warn(&call->log, e, strcmp(path, "-") == 0 ? "stdin" : path, -1, "pauses told from beats "
                                  "alone, without an ECG: %zu, up to %.4g s; they may be gaps", n, (double)longest_ns / 1e9);
}

int rhythm_read(const struct kymo_call *call, const struct rhythm_args *args, struct rhythm_record *r, struct kymo_err *e)
{
    struct watch watch = {.names = &args->heart.in.signals};
    const struct heart_tap tap = {watch_block, &watch};
    struct heart_args heart = args->heart;

    heart.tap = &tap;
    int rc = heart_read(call, &heart, &r->heart, e);
    if (rc == 0 && (rc = watch_end(&watch, e)) == 0 && (rc = take_fibrillation(&watch, r, e)) == 0)
        rc = take_silence(&watch, r, e);
    const bool saw_ecg = watch.n_leads > 0;
    watch_release(&watch);
    r->from_ns = args->heart.in.from.set ? args->heart.in.from.ns : 0;
    r->end_ns = r->heart.end_ns;
    if (rc == 0)
        rc = find_episodes(args, r, e);
    return rc < 0 || saw_ecg ? rc : tell_pauses(call, r, e);
}

void rhythm_record_release(struct rhythm_record *r)
{
    heart_release(&r->heart);
    rhythm_release(&r->list);
    free(r->beat);
    free(r->of_heart);
    free(r->noise);
    free(r->gap);
    free(r->silence);
}
