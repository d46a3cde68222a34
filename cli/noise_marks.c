/* cli/noise_marks.c - marks the noisy segments of a recording. */
#include "cli/noise.h"

#include <math.h>

/* Which of the first four signals are noisy, as WFDB has it in the subtype of "~". */
static int noisy_bits(const struct noise_targets *targets)
{
    int bits = 0;

    for (size_t k = 0; k < targets->n; k++)
        if (targets->signal[k] < 4)
            bits |= 1 << targets->signal[k];
    return bits;
}

static int put_mark(const struct noise_marks *m, const struct noise_targets *targets, int64_t ns, struct kymo_writer *out,
                    const struct kymo_header *h, struct kymo_err *e)
{
    const bool begins = m->next % 2 == 0, lasts = stress_lasts(m->course);
    struct kymo_event ev = {
        .time_ns = ns, .sample = kymo_index_at(h->signal[targets->signal[0]].rate, ns), .signal = (int)targets->signal[0],
        .track = m->track, .type = "~", .value = (double)NAN, .text = begins ? "noise" : "clean",
    };

    if (begins) {
        int64_t end_ns = lasts ? KYMO_UNKNOWN : stress_change_ns(m->course, m->next + 1);
        if (h->duration_ns > ns && (lasts || end_ns > h->duration_ns))
            end_ns = h->duration_ns;
        ev.duration_ns = end_ns == KYMO_UNKNOWN ? KYMO_UNKNOWN : end_ns - ns;
        ev.subtype = noisy_bits(targets);
        ev.value = m->snr_db;
    }
    return kymo_write_event(out, &ev, e);
}

/* Times of the first and the last of the block's samples; whether there are any. */
static bool find_ends(const struct noise_targets *targets, const struct kymo_block *b, int64_t *begin_ns, int64_t *end_ns)
{
    *begin_ns = INT64_MAX;
    *end_ns = INT64_MIN;
    for (size_t k = 0; k < targets->n; k++) {
        const size_t s = targets->signal[k];
        const struct kymo_span *span = &b->span[s];
        if (span->n == 0)
            continue;
        const int64_t first_ns = kymo_block_time(b, s, span->first);
        const int64_t last_ns = kymo_block_time(b, s, span->first + (int64_t)span->n - 1);
        *begin_ns = first_ns < *begin_ns ? first_ns : *begin_ns;
        *end_ns = last_ns > *end_ns ? last_ns : *end_ns;
    }
    return *end_ns != INT64_MIN;
}

int noise_marks_put(struct noise_marks *m, const struct noise_targets *targets, const struct kymo_block *b,
                    struct kymo_writer *out, struct kymo_err *e)
{
    int64_t begin_ns, end_ns;
    int rc = 0;

    if (!find_ends(targets, b, &begin_ns, &end_ns))
        return 0;
    if (!m->begun)
        m->next = stress_change_at(m->course, begin_ns);
    for (; rc == 0 && !(stress_lasts(m->course) && m->next > 0) && stress_change_ns(m->course, m->next) <= end_ns; m->next++) {
        const int64_t ns = stress_change_ns(m->course, m->next);
        rc = put_mark(m, targets, !m->begun && ns < begin_ns ? begin_ns : ns, out, b->hdr, e);
    }
    m->begun = true;
    return rc;
}
