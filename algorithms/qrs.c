/* algorithms/qrs.c - samples in, beats out: holes and gaps, windows, segments. See qrs.h; the choice is in qrs_choice.c.
 *
 * Everything is said window by window (1.5 s): when the energy of window w is measured, the one QRS_LAG before it has levels
 * from both its sides, so its detection function is made, its candidates are found, and the three choices run after each
 * other, each CONTEXT_LAG_S behind the one before, so that they have seen what follows. Online a window has its levels before
 * it comes, from those that were, and is said in pieces. */
#include "algorithms/qrs.h"

#include "algorithms/qrs_choice.h"
#include "algorithms/qrs_few.h"
#include "algorithms/ready.h"
#include "lib/clones.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CONTEXT_LAG_S 2.0        /* of each choice behind the one before */
#define PIECE_S 0.05             /* of a window that is said at a time, online */
#define SHORTEST_SEGMENT_S 0.3   /* less holds no whole beat with its surroundings */
#define FIRST_RR_S 0.8           /* until the segment tells its own */

enum {
    CHUNK = 512, READY = 8 * DOUBT_ROOM,   /* input samples in one go; findings */
    ROUNDING = 3,                /* grid samples by which whole numbers of them may be late */
};

/* ---- the detection function ---- */

/* Adds half a window of one lead's energy, in units of its scale, which runs in a straight line from window a's centre to
 * window b's. */
CLONED_FOR_AVX2
static void add_half(const struct qrs *s, const struct qrs_lead *l, float clarity, int64_t a, int64_t b, int from, int to,
                     float start, const float *e, float *g)
{
    const float T = (float)s->grid.window;
    const float s0 = l->scale[a % QRS_LEVELS], n0 = l->noise[a % QRS_LEVELS];
    const float ds = (l->scale[b % QRS_LEVELS] - s0) / T, dn = (l->noise[b % QRS_LEVELS] - n0) / T;
    const float sb = s0 + (l->scale[b % QRS_LEVELS] - s0) * start, nb = n0 + (l->noise[b % QRS_LEVELS] - n0) * start;

    const lanes count = {0, 1, 2, 3, 4, 5, 6, 7};
    for (int i = from; i < to; i += LANES) {
        const lanes at = count + (float)(i - from), scale = sb + ds * at, noise = nb + dn * at;
        lanes v, sum;
        memcpy(&v, e + i, sizeof v);
        memcpy(&sum, g + i, sizeof sum);
        v = (v - noise) / (scale - noise + 1e-30f);
        v = (lanes)((masks)v & (v > 0));
        sum += clarity * v / (1 + 0.25f * v);   /* bounded: one giant beat in one lead is not four */
        if (i + LANES <= to)
            memcpy(g + i, &sum, sizeof sum);
        else
            memcpy(g + i, &sum, (size_t)(to - i) * sizeof *g);
    }
}

static void add_lead(struct qrs *s, const struct qrs_lead *l, int64_t w, int64_t last)
{
    const int half = s->grid.window / 2, T = s->grid.window;
    const int64_t from = w * T, before = w > 0 ? w - 1 : w, after = w < last ? w + 1 : w;
    const float *const e = l->energy + (from - l->base);
    float *const g = s->g + (from - l->base), *const weight = s->weight + (from - l->base);
    const float clarity = qrs_lead_clarity(l->scale[w % QRS_LEVELS], l->noise[w % QRS_LEVELS]);
    const bool has_blind = l->blind_end + s->grid.margin > from;

    if (clarity <= 0)
        return;
    add_half(s, l, clarity, before, w, 0, half, 0.5f, e, g);
    add_half(s, l, clarity, w, after, half, T, 0, e, g);
    for (int i = 0; i < T; i++)
        weight[i] += has_blind && e[i] == 0 ? 0 : clarity;
}

static void make_function(struct qrs *s, int64_t w, int64_t last)
{
    const int64_t from = w * s->grid.window - s->lead[0].base;
    float *const g = s->g + from, *const weight = s->weight + from;

    for (int i = 0; i < s->grid.window; i++)
        g[i] = weight[i] = 0;
    for (size_t c = 0; c < s->n_leads; c++)
        add_lead(s, &s->lead[c], w, last);
    for (int i = 0; i < s->grid.window; i++)
        g[i] /= weight[i] > 1e-6f ? weight[i] : INFINITY;
}

/* ---- windows ---- */

/* A candidate at grid position p, of a segment that ends before input sample end, is decided. */
static void decide(struct qrs *s, double p, bool in, double score, int64_t end)
{
    const int64_t at = s->origin + llround(p * s->grid.thin) + s->grid.thin - 1;

    if (at >= s->origin && at < end && s->n_ready + DOUBT_ROOM <= s->cap_ready)
        s->n_ready += (size_t)qrs_doubt_push(&s->doubt, at, in, score, s->ready + s->n_ready);
}

/* The beats before grid index below, of which nothing can change any more; end: input sample behind the segment. Online it is
 * the beat, not its candidate, that must not be late. */
static void decide_beats(struct qrs *s, int64_t below, int64_t end)
{
    for (; s->n_out < s->n_scored[2]; s->n_out++) {
        struct qrs_cand *const k = &s->cand[s->n_out % QRS_CANDS];
        if ((s->online ? k->at : (double)k->n) >= (double)below)
            break;
        if (s->online && k->in && k->at - s->last_at < QRS_REFRACTORY_S * s->grid.rate_hz)
            k->in = false;   /* what is given out stands, though a better chain passes it by */
        if (k->in)
            s->last_at = k->at;
        if (s->review)
            qrs_review_decided(s->review, k->in, k->first_score, k->score);
        else
            decide(s, k->at, k->in, k->score, end);
    }
}

/* What the review decides for good when the first choices have told all before grid index known; returns up to where. */
static int64_t review_beats(struct qrs *s, int64_t known, bool done, int64_t end)
{
    const double rate = s->grid.rate_hz, known_s = done ? (double)INFINITY : (double)known / rate;
    double at_s;
    float score;
    bool in;

    while (qrs_review_next(s->review, known_s, &at_s, &in, &score))
        decide(s, at_s * rate, in, score, end);
    return done ? known : (int64_t)(qrs_review_done_s(s->review, known_s) * rate);
}

/* All that can be said when window w has its levels, up to grid index TO in it; last: newest window that has levels. done: w is
 * the segment's last. */
static void finish_window(struct qrs *s, int64_t w, int64_t to, int64_t last, bool done, int64_t end)
{
    const double rate = s->grid.rate_hz;
    const int64_t lag = s->lag, seen = done ? to : to - (int64_t)(QRS_SIDE_S * rate) - 1;
    const int64_t first = s->n_cand;

    make_function(s, w, last);
    qrs_find_candidates(s, seen, w, end == INT64_MAX ? end : (end - s->origin) / s->grid.thin);
    qrs_choose_first(s, first);
    qrs_choose_again(s, 1, done ? INT64_MAX : seen - lag);
    qrs_choose_again(s, 2, done ? INT64_MAX : seen - 2 * lag);
    int64_t known = seen - 2 * lag - s->wait;
    decide_beats(s, done ? INT64_MAX : known, end);
    if (s->review)
        known = review_beats(s, known, done, end);
    s->n_ready += (size_t)(done ? qrs_doubt_flush(&s->doubt, s->ready + s->n_ready)
                                : qrs_doubt_advance(&s->doubt, s->origin + known * s->grid.thin, s->ready + s->n_ready));
}

/* Makes room for the next window in all that is stored on the grid. */
static void move_on(struct qrs *s)
{
    const int64_t base = s->lead[0].base;

    for (size_t c = 0; c < s->n_leads; c++)
        qrs_lead_make_room(&s->lead[c], &s->grid);
    const int64_t cut = s->lead[0].base - base;
    const size_t keep = (size_t)(s->grid.n_store - cut);
    if (cut > 0) {
        memmove(s->g, s->g + cut, keep * sizeof *s->g);
        memmove(s->weight, s->weight + cut, keep * sizeof *s->weight);
    }
}

/* Scale and noise of window w: from both its sides, as far as LAST; online from those before it, and where most of these were
 * flat, as before. */
static void level_window(struct qrs *s, int64_t w, int64_t last)
{
    const int64_t half = QRS_MEDIAN / 2, newest = s->online ? w - 1 : w + half, oldest = s->online ? w - QRS_MEDIAN : w - half;
    const int64_t from = oldest > 0 ? oldest : 0, to = newest < last ? newest : last;

    for (size_t c = 0; c < s->n_leads; c++) {
        struct qrs_lead *const l = &s->lead[c];
        qrs_lead_level(l, w, from, to > 0 ? to : 0);   /* the first has none before it */
        if (s->online && w > 0 && l->scale[w % QRS_LEVELS] <= 0) {
            l->scale[w % QRS_LEVELS] = l->scale[(w - 1) % QRS_LEVELS];
            l->noise[w % QRS_LEVELS] = l->noise[(w - 1) % QRS_LEVELS];
        }
    }
}

static bool has_level(const struct qrs *s, int64_t w)
{
    for (size_t c = 0; c < s->n_leads; c++)
        if (s->lead[c].scale[w % QRS_LEVELS] > 0)
            return true;
    return false;
}

/* Levels of a window with none before it: its own. */
static void level_alone(struct qrs *s, int64_t w)
{
    for (size_t c = 0; c < s->n_leads; c++)
        qrs_lead_level(&s->lead[c], w, w, w);
}

/* Window w is there as a whole. */
static void take_window(struct qrs *s, int64_t w)
{
    for (size_t c = 0; c < s->n_leads; c++)
        qrs_lead_measure(&s->lead[c], &s->grid, w, s->grid.window);
    s->n_windows++;
    if (!s->online && w + 1 >= QRS_LAG)
        level_window(s, w + 1 - QRS_LAG, w);
    if (!s->online && w >= QRS_LAG)
        finish_window(s, w - QRS_LAG, (w - QRS_LAG + 1) * s->grid.window, w, false, INT64_MAX);
    if (s->online && !s->has_level)
        level_alone(s, w);
}

/* Online, what is known of a window leaves piece by piece; but of the first in which the heart is heard, when it is there as a
 * whole and gives its own levels. */
static void advance_windows(struct qrs *s)
{
    const int64_t T = s->grid.window, beyond = s->grid.margin + (s->online ? 0 : QRS_STRIP);

    for (;;) {
        const int64_t w = s->n_windows, left = (w + 1) * T - s->measured, n = left < s->piece ? left : s->piece;
        if (s->lead[0].n < s->measured + n + beyond)
            break;
        for (size_t c = 0; c < s->n_leads; c++)
            qrs_lead_energy(&s->lead[c], &s->grid, s->measured, (int)n);
        s->measured += n;
        if (n == left)
            take_window(s, w);
        if (s->online && (s->has_level || n == left))
            finish_window(s, w, s->measured, w, false, INT64_MAX);
        if (s->online && n == left) {
            level_window(s, w + 1, w);
            s->has_level = has_level(s, w + 1);
        }
        move_on(s);
    }
}

/* ---- segments ---- */

static void start_segment(struct qrs *s)
{
    for (size_t c = 0; c < s->n_leads; c++)
        qrs_lead_reset(&s->lead[c], &s->grid);
    memset(s->g, 0, (size_t)s->grid.n_store * sizeof *s->g);
    memset(s->weight, 0, (size_t)s->grid.n_store * sizeof *s->weight);
    memset(s->n_scored, 0, sizeof s->n_scored);
    s->n_windows = s->measured = s->n_cand = s->n_out = s->searched = 0;
    s->filled = 0;
    s->last_at = -(double)INFINITY;
    s->has_level = false;
    s->rr = FIRST_RR_S;
    if (s->review)
        qrs_review_reset(s->review);
    s->origin = s->clock;
    s->live = true;
}

/* Measures window w, of which n grid samples are real; a short piece takes its levels from the window before. */
static void measure_last(struct qrs *s, int64_t w, int64_t n)
{
    const int64_t T = s->grid.window;

    for (size_t c = 0; c < s->n_leads; c++) {
        struct qrs_lead *const l = &s->lead[c];
        qrs_lead_energy(l, &s->grid, w * T, (int)T);
        qrs_lead_measure(l, &s->grid, w, (int)(n < T ? n : T));
        if (n < T / 3 && w > 0) {
            l->peak[w % QRS_LEVELS] = l->peak[(w - 1) % QRS_LEVELS];
            l->floor[w % QRS_LEVELS] = l->floor[(w - 1) % QRS_LEVELS];
        }
    }
}

/* The segment ends before input sample end: its last value is held, and what is left is said. */
static void finish_segment(struct qrs *s, int64_t end)
{
    const int64_t T = s->grid.window, n = (end - s->origin) / s->grid.thin, n_windows = (n + T - 1) / T;
    const int64_t measured = s->n_windows;

    s->live = false;
    if (n < (int64_t)(SHORTEST_SEGMENT_S * s->grid.rate_hz))
        return;
    for (size_t c = 0; c < s->n_leads; c++)
        while (s->lead[c].n < n_windows * T + s->grid.margin + 2 * QRS_STRIP)
            qrs_lead_take(&s->lead[c], &s->grid, &s->lead[c].last, 1, 0);
    for (int64_t w = measured; w < n_windows; w++)
        measure_last(s, w, n - w * T);
    const int64_t lag = s->online ? 0 : QRS_LAG;
    for (int64_t u = measured > lag ? measured - lag : 0; u < n_windows; u++) {
        for (int64_t v = u; v <= u + 1 && v < n_windows; v++)
            level_window(s, v, n_windows - 1);
        if (s->online && !s->has_level)
            level_alone(s, u);
        finish_window(s, u, (u + 1) * T, n_windows - 1, u == n_windows - 1, end);
    }
}

/* Behind the last sample that any lead had. */
static int64_t last_sample(const struct qrs *s)
{
    int64_t shortest = INT64_MAX;

    for (size_t c = 0; c < s->n_leads; c++)
        shortest = s->lead[c].hole < shortest ? s->lead[c].hole : shortest;
    return s->clock - shortest;
}

/* ---- holes ---- */

static bool is_hole(double v) { return !(fabs(v) <= 1e300); }

/* Looks at the exponents only: what has the largest (NaN, infinity) makes the sum's top bit 1. May say yes too often. */
static bool has_hole(const double *x, size_t n)
{
    uint64_t any = 0;

    for (size_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, x + i, sizeof bits);
        any |= (bits & UINT64_C(0x7ff0000000000000)) + UINT64_C(0x0010000000000000);
    }
    return any >> 63;
}

/* Takes n samples with holes: the last value is held, and a hole too long for that is marked and joined without a step. */
static void take_holed(struct qrs *s, struct qrs_lead *l, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (is_hole(x[i])) {
            l->hole++;
            if (l->hole > s->max_hold) {
                const int64_t at = l->n - l->base + (l->phase + (int64_t)i) / s->grid.thin;
                l->blind[at] = 1;
                l->blind_end = at + l->base + 1;
            }
        } else {
            if (l->hole > s->max_hold)
                l->offset = x[i] - l->last;
            l->hole = 0;
            l->last = x[i] - l->offset;
        }
        s->hold[i] = l->last;
    }
    qrs_lead_take(l, &s->grid, s->hold, n, 0);
}

/* How many of n samples come before every lead has been silent for longer than is bridged. */
static size_t count_until_gap(const struct qrs *s, const double *const x[], size_t i0, size_t n)
{
    unsigned char silent[CHUNK] = {0};

    for (size_t c = 0; c < s->n_leads; c++) {
        int64_t hole = s->lead[c].hole;
        for (size_t i = 0; i < n; i++) {
            hole = is_hole(x[c][i0 + i]) ? hole + 1 : 0;
            silent[i] = (unsigned char)(silent[i] + (hole > s->max_hold));
        }
    }
    for (size_t i = 0; i < n; i++)
        if (silent[i] == s->n_leads)
            return i;
    return n;
}

/* Past the samples from i on that no lead has. */
static size_t skip_gap(const struct qrs *s, const double *const x[], size_t i, size_t n)
{
    for (; i < n; i++)
        for (size_t c = 0; c < s->n_leads; c++)
            if (!is_hole(x[c][i]))
                return i;
    return n;
}

/* ---- samples in, beats out ---- */

static size_t give_ready(struct qrs *s, struct qrs_beat *out, size_t cap)
{
    return ready_give(s->ready, sizeof *out, &s->n_ready, &s->given, out, cap);
}

/* Takes up to n samples from x[][i] on, to the next gap; returns how many. */
static size_t take_chunk(struct qrs *s, const double *const x[], size_t i, size_t n)
{
    const size_t room = (size_t)s->grid.window < CHUNK ? (size_t)s->grid.window : CHUNK;   /* what a lead has room for */
    size_t m = n < room ? n : room;
    bool hole = false, gap = false;

    for (size_t c = 0; c < s->n_leads; c++)
        hole = hole || s->lead[c].hole > 0 || has_hole(x[c] + i, m);
    if (hole) {
        const size_t until = count_until_gap(s, x, i, m);
        gap = until < m;
        m = until;
    }
    for (size_t c = 0; c < s->n_leads && m > 0; c++) {
        struct qrs_lead *const l = &s->lead[c];
        if (hole) {
            take_holed(s, l, x[c] + i, m);
        } else {
            qrs_lead_take(l, &s->grid, x[c] + i, m, l->offset);
            l->last = x[c][i + m - 1] - l->offset;
        }
    }
    s->clock += (int64_t)m;
    advance_windows(s);
    if (gap)
        finish_segment(s, last_sample(s));
    return m;
}

size_t qrs_push(struct qrs *s, const double *const x[], size_t n, struct qrs_beat *out)
{
    size_t made = 0;

    for (size_t i = 0; i < n;) {
        if (!s->live) {
            const size_t to = skip_gap(s, x, i, n);
            s->clock += (int64_t)(to - i);
            if ((i = to) == n)
                break;
            start_segment(s);
        }
        i += take_chunk(s, x, i, n - i);
        made += give_ready(s, out + made, s->n_ready);
    }
    return made;
}

size_t qrs_flush(struct qrs *s, struct qrs_beat *out, size_t cap)
{
    if (s->live)
        finish_segment(s, last_sample(s));
    const size_t n = give_ready(s, out, cap);
    if (s->n_ready == 0)
        s->clock = 0;
    return n;
}

size_t qrs_bound(const struct qrs *s, size_t n)
{
    const double held_s = QRS_LOOK_AHEAD_S + 5;   /* and the pieces of windows at either end */
    const double per_s = 1 / QRS_REFRACTORY_S + 1 / DOUBT_SHORTEST_S;   /* beats, and stretches of noise */

    return s->n_ready + (size_t)((held_s + (double)n / s->fs_hz) * per_s) + 2;
}

/* ---- birth and death ---- */

void qrs_destroy(struct qrs *s)
{
    if (!s)
        return;
    for (size_t c = 0; s->lead && c < s->n_leads; c++)
        qrs_lead_release(&s->lead[c]);
    qrs_grid_release(&s->grid);
    free(s->lead);
    free(s->g);
    free(s->weight);
    free(s->height);
    free(s->clear);
    free(s->bank);
    free(s->shape);
    free(s->raw);
    qrs_review_destroy(s->review);
    free(s->hold);
    free(s->ready);
    free(s);
}

static bool allocate(struct qrs *s)
{
    const size_t n_store = (size_t)s->grid.n_store;
    bool ok = true;

    s->lead = calloc(s->n_leads, sizeof *s->lead);
    for (size_t c = 0; s->lead && c < s->n_leads; c++)
        ok = qrs_lead_init(&s->lead[c], &s->grid) == 0 && ok;
    s->g = calloc(n_store, sizeof *s->g);
    s->weight = calloc(n_store, sizeof *s->weight);
    s->height = calloc(QRS_CANDS * s->n_leads, sizeof *s->height);
    s->clear = calloc(QRS_CANDS * s->n_leads, sizeof *s->clear);
    s->bank = calloc(s->n_leads * QRS_SHAPE * QRS_SHAPES, sizeof *s->bank);
    s->shape = calloc(s->n_leads * QRS_SHAPE, sizeof *s->shape);
    s->raw = calloc(s->n_leads * QRS_RAW, sizeof *s->raw);
    s->hold = calloc(CHUNK, sizeof *s->hold);
    s->cap_ready = READY;
    s->ready = calloc(READY, sizeof *s->ready);
    return ok && s->lead && s->g && s->weight && s->height && s->clear && s->bank && s->shape && s->raw && s->hold && s->ready;
}

/* How long the choices wait for each other. Online they share what the look-ahead leaves when a candidate has its surroundings:
 * first, that a better one within the refractory time is seen; then what comes behind. */
static void share_time(struct qrs *s, double look_ahead_s)
{
    const double rate = s->grid.rate_hz;

    s->piece = s->grid.window;
    s->lag = (int64_t)(CONTEXT_LAG_S * rate);
    s->wait = (int64_t)(QRS_REFRACTORY_S * rate) + 1;
    if (!s->online)
        return;
    s->piece = (int64_t)(PIECE_S * rate);
    s->wait += (int64_t)(QRS_EARLIEST_S * rate);
    const int64_t all = (int64_t)((look_ahead_s - QRS_SIDE_S) * rate), left = all - s->grid.margin - s->piece - ROUNDING;
    if (s->wait > left)
        s->wait = left;
    s->lag = (left - s->wait) / 2;
}

struct qrs *qrs_create(double fs_hz, size_t n_leads, const struct qrs_options *options, struct kymo_err *e)
{
    if (!(fs_hz >= QRS_SLOWEST_HZ && fs_hz <= QRS_FASTEST_HZ)) {
        kymo_fail(e, KYMO_EUSAGE, "%g samples per second, not %g..%g", fs_hz, QRS_SLOWEST_HZ, QRS_FASTEST_HZ);
        return NULL;
    }
    if (n_leads < 1 || n_leads > QRS_MOST_LEADS) {
        kymo_fail(e, KYMO_EUSAGE, "%zu leads, not 1..%d", n_leads, QRS_MOST_LEADS);
        return NULL;
    }
    const struct qrs_options o = options ? *options : (struct qrs_options){.model = NULL};
    if (o.online && !(o.look_ahead_s >= QRS_ONLINE_LEAST_S && o.look_ahead_s <= QRS_ONLINE_MOST_S)) {
        kymo_fail(e, KYMO_EUSAGE, "a look-ahead of %g s, not %g..%g", o.look_ahead_s, QRS_ONLINE_LEAST_S, QRS_ONLINE_MOST_S);
        return NULL;
    }
    struct qrs *const s = calloc(1, sizeof *s);
    if (s) {
        s->fs_hz = fs_hz;
        s->n_leads = n_leads;
        s->max_hold = (int64_t)(QRS_BRIDGED_S * fs_hz);
        s->online = o.online;
        qrs_doubt_init(&s->doubt, fs_hz, s->online);
        if (o.model && !s->online)
            s->review = qrs_review_create(n_leads, QRS_SHAPE, QRS_TAIL, o.model);
        if ((s->review || !o.model || s->online) && qrs_grid_init(&s->grid, fs_hz) == 0 && allocate(s)) {
            share_time(s, o.look_ahead_s);
            return s;
        }
    }
    qrs_destroy(s);
    kymo_fail(e, KYMO_ENOMEM, "no memory to find beats in %zu leads", n_leads);
    return NULL;
}
