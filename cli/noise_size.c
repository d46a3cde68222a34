/* cli/noise_size.c - the size of the beats of a recording: reads it for its beats, and again for what it is at them. */
#include "cli/detector.h"
#include "cli/noise.h"
#include "lib/vocabulary.h"

#include <stdlib.h>
#include <string.h>

struct beats {
    int64_t ns[SNR_MOST];
    size_t n;
};

/* The recording with all signals, or those of a kind. */
static struct kymo_reader *reopen(const struct kymo_call *call, const struct kymo_input_args *args, const char *kind,
                                  bool no_samples, struct kymo_err *e)
{
    struct kymo_input_args in = *args;
    struct kymo_call silent = *call;

    silent.log = (struct kymo_log){0};   /* what there is to say is said when it passes on */
    in.signals = (struct kymo_strings){kind ? &kind : NULL, kind != NULL};
    return kymo_call_open(&silent, &in, no_samples, e);
}

/* What nst takes for normal: not ventricular, not a fusion, not a learning detector's. */
static bool has_usual_size(const char *type) { return kymo_is_beat(type) && !strpbrk(type, "VEFr?"); }

/* The first marked beats, of one track. */
static int read_beats(struct kymo_reader *r, struct beats *beats, struct kymo_err *e)
{
    struct kymo_block *b;
    int track = -1, rc = 0;

    while (beats->n < SNR_MOST && (rc = kymo_read(r, &b, e)) > 0)
        for (size_t i = 0; i < b->n_events && beats->n < SNR_MOST; i++) {
            const struct kymo_event *ev = &b->event[i];
            if (!has_usual_size(ev->type) || (track >= 0 && ev->track != track))
                continue;
            track = ev->track;
            beats->ns[beats->n++] = ev->time_ns;
        }
    return rc < 0 ? rc : 0;
}

static void take_beats(const struct detector *d, struct beats *beats)
{
    size_t n;
    const struct finding *found = detector_found(d, &n);

    for (size_t i = 0; i < n && beats->n < SNR_MOST; i++)
        if (kymo_is_beat(found[i].event.type))
            beats->ns[beats->n++] = found[i].event.time_ns;
}

/* The first beats that our detector finds in r, all of whose signals are ECGs. */
static int detect_beats(struct kymo_reader *r, struct beats *beats, struct kymo_err *e)
{
    const struct kymo_log silent = {0};
    struct detector *d = detector_create(&r->hdr, NULL, NULL, &silent, e);
    struct kymo_block *b;
    int rc = d ? 0 : e->cause[0].code;

    while (rc >= 0 && beats->n < SNR_MOST && (rc = kymo_read(r, &b, e)) > 0)
        if ((rc = detector_push(d, b, e)) == 0)
            take_beats(d, beats);
    if (rc == 0 && (rc = detector_flush(d, e)) == 0)
        take_beats(d, beats);
    detector_destroy(d);
    return rc;
}

static int find_beats(const struct kymo_call *call, const struct kymo_input_args *in, struct beats *beats, struct kymo_err *e)
{
    struct kymo_reader *r = reopen(call, in, NULL, true, e);
    int rc = r ? read_beats(r, beats, e) : e->cause[0].code;

    kymo_close(r);
    if (rc == 0 && beats->n == 0 && in->annotator)
        return kymo_fail(e, KYMO_EDATA, "no normal beats in %.40s to measure the signals by", in->annotator);
    if (rc < 0 || beats->n > 0)
        return rc;
    r = reopen(call, in, "ecg", false, e);
    rc = r ? detect_beats(r, beats, e) : e->cause[0].code;
    kymo_close(r);
    if (rc == 0 && beats->n == 0)
        return kymo_fail(e, KYMO_EDATA, "no beats found to measure the signals by: give --amplitude");
    return rc;
}

static void look_at(struct snr_signal *s, struct kymo_ratio rate, const struct beats *beats)
{
    int64_t at[SNR_MOST];

    for (size_t i = 0; i < beats->n; i++)   /* the nearest sample */
        at[i] = kymo_index_at(rate, beats->ns[i] - kymo_time_of(rate, 1) / 2);
    snr_signal_init(s, kymo_ratio_real(rate), at, beats->n);
}

/* Whether any of them wants more. */
static bool look(struct snr_signal *s, const struct noise_targets *targets, struct kymo_block *b)
{
    bool wanted = false;

    for (size_t k = 0; k < targets->n; k++) {
        const struct kymo_span *span = &b->span[targets->signal[k]];
        snr_signal_push(&s[k], span->first, kymo_physical(b, targets->signal[k]), span->n);
        wanted |= s[k].first < s[k].n;
    }
    return wanted;
}

static int measure(struct kymo_reader *r, const struct noise_targets *targets, const struct beats *beats,
                   struct snr_signal *s, struct kymo_err *e)
{
    struct kymo_block *b;
    int rc;

    for (size_t k = 0; k < targets->n; k++)
        look_at(&s[k], r->hdr.signal[targets->signal[k]].rate, beats);
    while ((rc = kymo_read(r, &b, e)) > 0)
        if (!look(s, targets, b))
            return 0;
    return rc;
}

int noise_measure(const struct kymo_call *call, const struct kymo_input_args *in, const struct noise_targets *targets,
                  double *size, struct kymo_err *e)
{
    struct beats beats = {.n = 0};
    struct snr_signal *s = calloc(targets->n, sizeof *s);
    int rc = s ? find_beats(call, in, &beats, e) : kymo_fail(e, KYMO_ENOMEM, "no memory for %zu signals", targets->n);
    struct kymo_reader *r = rc == 0 ? reopen(call, in, NULL, false, e) : NULL;

    if (rc == 0)
        rc = r ? measure(r, targets, &beats, s, e) : e->cause[0].code;
    for (size_t k = 0; rc == 0 && k < targets->n; k++)
        size[k] = snr_signal_peak_to_peak(&s[k]);
    kymo_close(r);
    free(s);
    return rc;
}
