/* algorithms/qrs_doubt.c - see qrs_doubt.h. */
#include "algorithms/qrs_doubt.h"

#include <math.h>
#include <string.h>

static int64_t samples(const struct qrs_doubt *d, double seconds) { return (int64_t)(seconds * d->rate_hz); }

/* Quality at candidate i, by those within reach of it. */
static double quality(const struct qrs_doubt *d, int64_t i)
{
    const int64_t reach = samples(d, DOUBT_REACH_S), first = d->n > DOUBT_ROOM ? d->n - DOUBT_ROOM : 0;
    const int64_t at = d->cand[i % DOUBT_ROOM].at;
    double doubts = 0;
    int beats = 0;

    for (int64_t j = i; j >= first && at - d->cand[j % DOUBT_ROOM].at <= reach; j--) {
        doubts += (double)d->cand[j % DOUBT_ROOM].doubt;
        beats += d->cand[j % DOUBT_ROOM].in;
    }
    for (int64_t j = i + 1; j < d->n && d->cand[j % DOUBT_ROOM].at - at <= reach; j++) {
        doubts += (double)d->cand[j % DOUBT_ROOM].doubt;
        beats += d->cand[j % DOUBT_ROOM].in;
    }
    return fmax(0, 1 - doubts / (beats ? beats : 1));
}

/* Gives out the beats held, behind the noise that they lie in if it is long enough. */
static int release(struct qrs_doubt *d, struct qrs_beat *out)
{
    int n = 0;

    if (d->noise_from >= 0 && d->noise_to - d->noise_from >= samples(d, DOUBT_SHORTEST_S))
        out[n++] = (struct qrs_beat){.sample = d->noise_from, .noise = d->noise_to - d->noise_from};
    memcpy(out + n, d->held, (size_t)d->n_held * sizeof *out);
    n += d->n_held;
    d->n_held = 0;
    d->noise_from = -1;
    return n;
}

static int judge(struct qrs_doubt *d, int64_t i, struct qrs_beat *out)
{
    const double q = quality(d, i);
    const int64_t at = d->cand[i % DOUBT_ROOM].at;
    const bool noise = q < DOUBT_NOISE && !d->online;
    int n = 0;

    if (d->noise_from >= 0 && (!noise || at - d->noise_from >= samples(d, DOUBT_PIECE_S))) {
        if (noise)
            d->noise_to = at;   /* the next piece begins here */
        n = release(d, out);
    }
    if (noise && d->noise_from < 0)
        d->noise_from = at;
    d->noise_to = at;
    if (d->cand[i % DOUBT_ROOM].in)
        d->held[d->n_held++] = (struct qrs_beat){.sample = at, .score = d->cand[i % DOUBT_ROOM].score, .quality = q};
    return noise ? n : n + release(d, out + n);
}

static int judge_until(struct qrs_doubt *d, int64_t below, struct qrs_beat *out)
{
    int n = 0;

    for (; d->n_judged < d->n && d->cand[d->n_judged % DOUBT_ROOM].at < below; d->n_judged++)
        n += judge(d, d->n_judged, out + n);
    return n;
}

void qrs_doubt_init(struct qrs_doubt *d, double rate_hz, bool online)
{
    d->rate_hz = rate_hz;
    d->online = online;
    d->n = d->n_judged = 0;
    d->n_held = 0;
    d->noise_from = -1;
}

int qrs_doubt_push(struct qrs_doubt *d, int64_t at, bool in, double score, struct qrs_beat *out)
{
    const double p = 1 / (1 + exp(-score));

    d->cand[d->n % DOUBT_ROOM].at = at;
    d->cand[d->n % DOUBT_ROOM].in = in;
    d->cand[d->n % DOUBT_ROOM].doubt = (float)(2 * fmin(p, 1 - p));
    d->cand[d->n++ % DOUBT_ROOM].score = p;
    return judge_until(d, d->online ? at + 1 : at - samples(d, DOUBT_REACH_S), out);
}

int qrs_doubt_advance(struct qrs_doubt *d, int64_t now, struct qrs_beat *out)
{
    const int64_t below = now - samples(d, DOUBT_REACH_S);
    const int n = judge_until(d, below, out);

    if (d->noise_from >= 0 && d->n_judged == d->n && below - d->noise_from >= samples(d, DOUBT_PIECE_S))
        return n + release(d, out + n);
    return n;
}

int qrs_doubt_flush(struct qrs_doubt *d, struct qrs_beat *out)
{
    int n = judge_until(d, INT64_MAX, out);

    n += release(d, out + n);
    qrs_doubt_init(d, d->rate_hz, d->online);
    return n;
}
