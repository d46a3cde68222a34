/* algorithms/beatfuse.c - see beatfuse.h. */
#include "algorithms/beatfuse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NS(seconds) ((int64_t)((seconds) * 1e9))

#define CELL_NS      NS(1)        /* trust is decided once for each second */
#define WINDOW_NS    NS(6)
#define FURTHEST_NS  NS(1)        /* longest delay */
#define COVER_NS     NS(2.5)      /* good pulses that lie further apart cover nothing between them */
#define KEEP_NS      NS(12)       /* of the past: a window, and what covers its beginning */
#define CLOSE_NS     NS(0.2)      /* two beats of different sources nearer than this are one */
#define LEAST        0.01        /* quality of what is a pulse at all; less is a weak wave, which may yet be a beat's */
#define GOOD         0.5         /* quality of a pulse that counts */
#define STEADY_NS    NS(0.03)    /* deviation of a delay; more is no delay */
#define SURE         0.999       /* mean of ECG beats that are not doubted whatever the pulse does */
#define SURE_BEAT    0.9996      /* the score of one; of what a detector makes of noise few have more */
#define BIN_NS       NS(0.02)

/* Medians in challenge2015: 0.15 to 0.32 s for pressures, 0.48 to 0.65 s for most photoplethysmograms. */
static const int64_t usual_delay_ns[] = {[BEATFUSE_PRESSURE] = NS(0.21), [BEATFUSE_VOLUME] = NS(0.55)};

enum { HISTORY = 64, LEAST_TAUGHT = 12, BEFORE_MOST = 4, BINS = 50, MOST = 128 };

struct mark {
    int64_t ns, to_ns;           /* to_ns: of blind stretches */
    double sure;
};

struct marks {
    struct mark *mark;
    size_t n, cap, next;         /* those before next are decided */
};

struct channel {
    struct marks at;             /* pulses as they came */
    int64_t usual_ns, delay_ns, deviation_ns;
    bool taught;
    size_t n_seen;               /* pulses of at that have taught */
    struct { int64_t before[BEFORE_MOST]; int n; } history[HISTORY];   /* distances from the ECG beats before each */
    int64_t n_history;
};

struct beatfuse {
    struct marks ecg, blind;
    size_t n_channels;
    struct channel channel[BEATFUSE_MOST_PULSES];
    int64_t cell;                /* that is decided; -1: none yet */
    int best, best_before;       /* pulse signal to compare with in this cell and in the one before, or -1 */
    bool distrust;               /* of the ECG, in this cell */
    struct beatfuse_beat pending;   /* decided but for what may follow it closely */
    bool has_pending;
};

/* ---- lists of marks ---- */

static int add_mark(struct marks *l, struct mark m, struct kymo_err *e)
{
    if (l->n == l->cap) {
        const size_t cap = l->cap ? 2 * l->cap : 256;
        struct mark *const all = realloc(l->mark, cap * sizeof *all);
        if (!all)
            return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu beats", cap);
        l->mark = all;
        l->cap = cap;
    }
    l->mark[l->n++] = m;
    return 0;
}

/* Index of the first mark at or behind ns. */
static size_t find_mark(const struct marks *l, int64_t ns)
{
    size_t lo = 0, hi = l->n;

    while (lo < hi) {
        const size_t mid = (lo + hi) / 2;
        if (l->mark[mid].ns < ns)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* Forgets the decided marks before ns; returns how many. */
static size_t forget(struct marks *l, int64_t ns)
{
    size_t n = find_mark(l, ns);

    n = n < l->next ? n : l->next;
    if (n < l->n / 2 || n == 0)   /* seldom, so that moving costs little */
        return 0;
    memmove(l->mark, l->mark + n, (l->n - n) * sizeof *l->mark);
    l->n -= n;
    l->next -= n;
    return n;
}

static bool is_blind(const struct beatfuse *s, int64_t ns)
{
    for (size_t i = 0; i < s->blind.n && s->blind.mark[i].ns <= ns; i++)
        if (ns < s->blind.mark[i].to_ns)
            return true;
    return false;
}

static int by_time(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static int64_t median(int64_t *v, size_t n)
{
    qsort(v, n, sizeof *v, by_time);
    return v[n / 2];
}

/* ---- delay ---- */

static int64_t tolerance(const struct channel *c)
{
    const int64_t t = c->taught ? NS(0.06) + 3 * c->deviation_ns : NS(0.12);

    return t < NS(0.12) ? t : NS(0.12);
}

/* How many of the pulses of the history have a beat within reach of delay before them; those distances go to near. */
static size_t count_near(const struct channel *c, int64_t delay, int64_t reach, int64_t near[HISTORY])
{
    const int64_t n = c->n_history < HISTORY ? c->n_history : HISTORY;
    size_t n_near = 0;

    for (int64_t i = 0; i < n; i++)
        for (int k = 0; k < c->history[i].n; k++)
            if (llabs(c->history[i].before[k] - delay) <= reach) {
                near[n_near++] = c->history[i].before[k];
                break;
            }
    return n_near;
}

static void learn_delay(struct channel *c)
{
    const size_t n = c->n_history < HISTORY ? (size_t)c->n_history : HISTORY;
    size_t count[BINS], most = 0;
    int64_t near[HISTORY], best = -1;

    if (n < LEAST_TAUGHT)
        return;
    for (int b = 0; b < BINS; b++) {
        count[b] = count_near(c, b * BIN_NS, 2 * BIN_NS, near);
        most = count[b] > most ? count[b] : most;
    }
    /* In a steady rhythm the beat before, or after, does as well: of such the one that is nearest to the usual delay. */
    for (int b = 2; b < BINS; b++)
        if (10 * count[b] >= 9 * most && (best < 0 || llabs(b * BIN_NS - c->usual_ns) < llabs(best - c->usual_ns)))
            best = b * BIN_NS;
    if (best < 0 || 10 * most < (c->taught ? 6 : 8) * n)
        return;
    const size_t n_near = count_near(c, best, NS(0.1), near);
    c->delay_ns = median(near, n_near);
    for (size_t i = 0; i < n_near; i++)
        near[i] = llabs(near[i] - c->delay_ns);
    c->deviation_ns = median(near, n_near);
    c->taught = true;
}

/* Takes the good pulses before ns that have ECG beats before them into the history. */
static void learn(const struct beatfuse *s, struct channel *c, int64_t ns)
{
    bool more = false;

    for (; c->n_seen < c->at.n && c->at.mark[c->n_seen].ns < ns; c->n_seen++) {
        const struct mark *const p = &c->at.mark[c->n_seen];
        size_t i = find_mark(&s->ecg, p->ns);
        int n = 0;
        if (p->sure < GOOD)
            continue;
        for (; i > 0 && n < BEFORE_MOST && p->ns - s->ecg.mark[i - 1].ns < FURTHEST_NS; i--)
            if (!is_blind(s, s->ecg.mark[i - 1].ns))
                c->history[c->n_history % HISTORY].before[n++] = p->ns - s->ecg.mark[i - 1].ns;
        if (n > 0) {
            c->history[c->n_history++ % HISTORY].n = n;
            more = true;
        }
    }
    if (more)
        learn_delay(c);
}

/* ---- a window of the ECG and of one pulse signal ---- */

/* The marks of l from from_ns to to_ns, moved by delay: pulses of at least that quality, or ECG beats that are not blind.
 * Returns how many went to at[MOST]; *sure: their mean. */
static size_t collect(const struct beatfuse *s, const struct marks *l, int64_t delay, double least, int64_t from_ns,
                      int64_t to_ns, int64_t at[MOST], double *sure)
{
    const bool is_ecg = l == &s->ecg;
    size_t n = 0;
    double sum = 0;

    for (size_t i = find_mark(l, from_ns + delay); i < l->n && l->mark[i].ns < to_ns + delay && n < MOST; i++) {
        const struct mark *const m = &l->mark[i];
        if (is_ecg ? is_blind(s, m->ns) : m->sure < least)
            continue;
        /* An ECG score of 0.9997 and more is wholly sure; noise has many of 0.99. */
        const double odds = is_ecg ? log((m->sure + 1e-9) / (1 - m->sure + 1e-9)) / 8 : m->sure;
        sum += odds < 0 ? 0 : odds > 1 ? 1 : odds;
        at[n++] = m->ns - delay;
    }
    *sure = n > 0 ? sum / (double)n : 0;
    return n;
}

static int64_t usual_interval(const int64_t *at, size_t n)
{
    int64_t d[MOST];

    for (size_t i = 1; i < n; i++)
        d[i - 1] = at[i] - at[i - 1];
    return n > 1 ? median(d, n - 1) : 0;
}

static double disorder(const int64_t *at, size_t n, double sure)
{
    const int64_t usual = usual_interval(at, n);
    size_t off = 0;

    if (n < 4)
        return 2;
    for (size_t i = 1; i < n; i++)
        off += 100 * llabs(at[i] - at[i - 1] - usual) > 15 * usual;
    return (double)off / (double)(n - 1) + 1 - sure;
}

static bool is_near(const int64_t *at, size_t n, int64_t t, int64_t reach)
{
    for (size_t i = 0; i < n; i++)
        if (llabs(at[i] - t) <= reach)
            return true;
    return false;
}

/* The interval between the good pulses round t, or 0 where there is none on a side, or they are too far apart. */
static int64_t cover(const int64_t *pulse, size_t n, int64_t t)
{
    for (size_t i = 1; i < n; i++)
        if (pulse[i - 1] <= t && t < pulse[i])
            return pulse[i] - pulse[i - 1] <= COVER_NS ? pulse[i] - pulse[i - 1] : 0;
    return 0;
}

/* ECG beats of a window and the good pulses round it. */
struct window {
    int64_t beat[MOST], pulse[MOST], reach;
    size_t n_beats, n_pulses;
    double sure;
};

static void look_at(const struct beatfuse *s, const struct channel *c, int64_t from_ns, int64_t to_ns, struct window *w)
{
    double any;

    w->n_beats = collect(s, &s->ecg, 0, 0, from_ns, to_ns, w->beat, &w->sure);
    w->n_pulses = collect(s, &c->at, c->delay_ns, GOOD, from_ns - COVER_NS, to_ns + COVER_NS, w->pulse, &any);
    w->reach = tolerance(c);
}

/* Whether ECG beat i has no pulse where there should be one. */
static bool is_extra(const struct window *w, size_t i)
{
    const int64_t gap = cover(w->pulse, w->n_pulses, w->beat[i]);

    return gap > 0 && 10 * gap < 13 * usual_interval(w->pulse, w->n_pulses)
           && !is_near(w->pulse, w->n_pulses, w->beat[i], w->reach);
}

/* Whether ECG beat i is extra and does not explain itself by following the one before it as others do. */
static bool is_odd(const struct window *w, size_t i)
{
    size_t n = 0, alike = 0;

    if (!is_extra(w, i))
        return false;
    if (i == 0 || is_extra(w, i - 1))
        return true;
    for (size_t j = 1; j < w->n_beats; j++)
        if (is_extra(w, j)) {
            n++;
            alike += llabs(w->beat[i] - w->beat[i - 1] - w->beat[j] + w->beat[j - 1]) < NS(0.06);
        }
    return n < 4 || 3 * alike < 2 * n;
}

/* Whether between from_ns and to_ns the ECG is to be distrusted for pulse signal c. */
static bool disagrees(const struct beatfuse *s, const struct channel *c, int64_t from_ns, int64_t to_ns)
{
    struct window w;
    int64_t pulse[MOST];
    double quality, any;
    const size_t n_all = collect(s, &c->at, c->delay_ns, LEAST, from_ns, to_ns, pulse, &any);
    const size_t n_pulses = collect(s, &c->at, c->delay_ns, GOOD, from_ns, to_ns, pulse, &quality);
    size_t odd = 0;

    if (n_pulses < 4 || 5 * n_pulses < 4 * n_all || c->deviation_ns > STEADY_NS
        || 2 * usual_interval(pulse, n_pulses) * (int64_t)n_pulses < to_ns - from_ns)
        return false;
    look_at(s, c, from_ns, to_ns, &w);
    if (!c->taught || (w.n_beats > 3 && w.sure > SURE))
        return w.n_beats == 0;
    for (size_t i = 0; i < n_pulses; i++)
        odd += !is_near(w.beat, w.n_beats, pulse[i], w.reach);
    for (size_t i = 0; i < w.n_beats; i++)
        odd += is_odd(&w, i);
    return 4 * odd >= n_pulses && disorder(w.beat, w.n_beats, w.sure) > disorder(pulse, n_pulses, quality) + 0.1;
}

/* ---- cells ---- */

/* The pulse signal that is best round ns: the most good pulses, and the least spread of their delay. */
static int choose_channel(const struct beatfuse *s, int64_t ns)
{
    double most = 0;
    int best = -1;

    for (size_t k = 0; k < s->n_channels; k++) {
        const struct channel *const c = &s->channel[k];
        int64_t at[MOST];
        double quality;
        const size_t n = collect(s, &c->at, c->delay_ns, GOOD, ns - WINDOW_NS / 2, ns + WINDOW_NS / 2, at, &quality);
        if (n < 2)
            continue;
        const double part = (double)(at[n - 1] - at[0]) / WINDOW_NS;   /* that they cover */
        const double worth = part * quality * quality * (c->taught ? 1 : 0.1) / (1 + (double)c->deviation_ns / 2e7);
        if (worth > most) {
            most = worth;
            best = (int)k;
        }
    }
    return best;
}

static void enter_cell(struct beatfuse *s, int64_t cell)
{
    const int64_t ns = cell * CELL_NS, mid = ns + CELL_NS / 2, oldest = ns - KEEP_NS;

    s->cell = cell;
    s->best_before = s->best;
    forget(&s->ecg, oldest);
    for (s->blind.next = 0; s->blind.next < s->blind.n && s->blind.mark[s->blind.next].to_ns < oldest; s->blind.next++)
        ;
    forget(&s->blind, oldest);
    for (size_t k = 0; k < s->n_channels; k++) {
        struct channel *const c = &s->channel[k];
        c->n_seen -= forget(&c->at, oldest);
        learn(s, c, ns + CELL_NS + WINDOW_NS);
    }
    s->best = choose_channel(s, mid);
    s->distrust = false;
    if (s->best >= 0) {
        const struct channel *const c = &s->channel[s->best];
        s->distrust = disagrees(s, c, mid - WINDOW_NS, mid) || disagrees(s, c, mid - WINDOW_NS / 2, mid + WINDOW_NS / 2)
                      || disagrees(s, c, mid, mid + WINDOW_NS);
    }
}

/* ---- beats ---- */

static bool keeps_ecg(const struct beatfuse *s, const struct mark *m)
{
    struct window w;
    int64_t pulse[MOST];
    double quality;

    if (s->best < 0)
        return true;
    const struct channel *const c = &s->channel[s->best];
    look_at(s, c, m->ns - WINDOW_NS, m->ns + WINDOW_NS, &w);
    if (is_blind(s, m->ns))
        return cover(w.pulse, w.n_pulses, m->ns) == 0;
    if (!s->distrust || m->sure > SURE_BEAT)
        return true;
    const size_t n = collect(s, &c->at, c->delay_ns, 0, m->ns - w.reach, m->ns + w.reach, pulse, &quality);
    if (is_near(pulse, n, m->ns, w.reach))
        return true;
    for (size_t i = 0; i < w.n_beats; i++)
        if (w.beat[i] == m->ns)
            return !is_odd(&w, i);
    return true;
}

/* Whether most good pulses round t, but for those between before and after, have an ECG beat. */
static bool tells_beats(const struct beatfuse *s, const struct channel *c, int64_t t, int64_t before, int64_t after)
{
    struct window w;
    size_t n = 0, met = 0;

    look_at(s, c, t - WINDOW_NS, t + WINDOW_NS, &w);
    for (size_t i = 0; i < w.n_pulses; i++)
        if (llabs(w.pulse[i] - t) < WINDOW_NS && (w.pulse[i] < before + CLOSE_NS || w.pulse[i] > after - CLOSE_NS)) {
            n++;
            met += is_near(w.beat, w.n_beats, w.pulse[i], w.reach);
        }
    return 10 * met >= 7 * n;
}

/* Whether a pulse at t, its delay taken off, is a beat. */
static bool keeps_pulse(const struct beatfuse *s, int k, int64_t t, double quality)
{
    const struct channel *const c = &s->channel[k];
    /* Where the best changes, one may have a beat just behind the border and the other just before: neither is lost. */
    const bool at_border = k == s->best_before && t - s->cell * CELL_NS < CLOSE_NS;
    int64_t beat[MOST], before = INT64_MIN, after = INT64_MAX;
    double sure;

    if (quality < GOOD || !(k == s->best || at_border))
        return false;
    const size_t n = collect(s, &s->ecg, 0, 0, t - WINDOW_NS, t + WINDOW_NS, beat, &sure);
    if (is_near(beat, n, t, tolerance(c)))
        return false;
    if (s->distrust)
        return true;
    for (size_t i = 0; i < n; i++) {
        before = beat[i] <= t ? beat[i] : before;
        after = beat[i] > t && beat[i] < after ? beat[i] : after;
    }
    if (before == INT64_MIN || after == INT64_MAX)
        return (c->taught || n == 0) && (before == INT64_MIN || t - before > NS(0.4))
               && (after == INT64_MAX || after - t > NS(0.4));
    const int64_t usual = usual_interval(beat, n);
    return c->taught && 2 * (after - before) > 3 * usual && 5 * (t - before) > 2 * usual && 5 * (after - t) > 2 * usual
           && tells_beats(s, c, t, before, after);
}

/* The earliest undecided mark: *source and its time, the delay taken off; false if there is none. */
static bool earliest(const struct beatfuse *s, int *source, int64_t *ns)
{
    bool any = s->ecg.next < s->ecg.n;

    *source = BEATFUSE_ECG;
    *ns = any ? s->ecg.mark[s->ecg.next].ns : INT64_MAX;
    for (size_t k = 0; k < s->n_channels; k++) {
        const struct channel *const c = &s->channel[k];
        if (c->at.next == c->at.n)
            continue;
        int64_t t = c->at.mark[c->at.next].ns - c->delay_ns;
        t = t > 0 ? t : 0;
        if (!any || t < *ns) {
            *ns = t;
            *source = (int)k;
        }
        any = true;
    }
    return any;
}

/* Puts a decided beat behind the pending one. Returns true with *out set if that is then certain. */
static bool put(struct beatfuse *s, const struct beatfuse_beat *b, struct beatfuse_beat *out)
{
    const struct beatfuse_beat old = s->pending;

    if (s->has_pending && b->time_ns - old.time_ns < CLOSE_NS && (b->source != BEATFUSE_ECG || old.source != BEATFUSE_ECG)) {
        if (b->source == BEATFUSE_ECG)
            s->pending = *b;
        return false;
    }
    const bool certain = s->has_pending;
    s->pending = *b;
    s->has_pending = true;
    if (certain)
        *out = old;
    return certain;
}

bool beatfuse_next(struct beatfuse *s, int64_t until_ns, struct beatfuse_beat *out)
{
    const int64_t ahead = NS(BEATFUSE_LOOK_AHEAD_S);
    int source;
    int64_t ns;

    while (earliest(s, &source, &ns) && (until_ns == INT64_MAX || ns < until_ns - ahead + CELL_NS)) {
        const int64_t cell = ns / CELL_NS;
        if (until_ns != INT64_MAX && (cell + 1) * CELL_NS > until_ns - ahead + CELL_NS)
            break;
        if (cell > s->cell) {
            enter_cell(s, cell);
            continue;   /* a delay may have changed */
        }
        struct marks *const l = source == BEATFUSE_ECG ? &s->ecg : &s->channel[source].at;
        const struct mark *const m = &l->mark[l->next++];
        const struct beatfuse_beat b = {ns, m->sure, source};
        const bool keep = source == BEATFUSE_ECG ? keeps_ecg(s, m)
                          : keeps_pulse(s, source, ns, m->sure);
        if (keep && put(s, &b, out))
            return true;
    }
    if (!s->has_pending || (until_ns != INT64_MAX && s->pending.time_ns >= until_ns - ahead - CLOSE_NS))
        return false;
    *out = s->pending;
    s->has_pending = false;
    return true;
}

/* ---- what is handed over, birth and death ---- */

int beatfuse_ecg(struct beatfuse *s, int64_t time_ns, double score, struct kymo_err *e)
{
    return add_mark(&s->ecg, (struct mark){time_ns, time_ns, score}, e);
}

int beatfuse_pulse(struct beatfuse *s, size_t k, int64_t time_ns, double quality, struct kymo_err *e)
{
    return add_mark(&s->channel[k].at, (struct mark){time_ns, time_ns, quality}, e);
}

int beatfuse_blind(struct beatfuse *s, int64_t from_ns, int64_t to_ns, struct kymo_err *e)
{
    return add_mark(&s->blind, (struct mark){from_ns, to_ns, 0}, e);
}

struct beatfuse *beatfuse_create(const enum beatfuse_kind *kind, size_t n_pulses, struct kymo_err *e)
{
    if (n_pulses > BEATFUSE_MOST_PULSES) {
        kymo_fail(e, KYMO_EUSAGE, "%zu pulse signals, not 0..%d", n_pulses, BEATFUSE_MOST_PULSES);
        return NULL;
    }
    struct beatfuse *const s = calloc(1, sizeof *s);
    if (!s) {
        kymo_fail(e, KYMO_ENOMEM, "no memory to join beats with pulses");
        return NULL;
    }
    s->n_channels = n_pulses;
    s->cell = -1;
    s->best = s->best_before = -1;
    for (size_t k = 0; k < n_pulses; k++)
        s->channel[k].usual_ns = s->channel[k].delay_ns = usual_delay_ns[kind[k]];
    return s;
}

void beatfuse_destroy(struct beatfuse *s)
{
    if (!s)
        return;
    for (size_t k = 0; k < s->n_channels; k++)
        free(s->channel[k].at.mark);
    free(s->ecg.mark);
    free(s->blind.mark);
    free(s);
}
