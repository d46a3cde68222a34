/* algorithms/nn_select.c - see nn_select.h. */
#include "algorithms/nn_select.h"

#include "algorithms/lipponen.h"

#include <math.h>
#include <stdlib.h>

#define LONGEST_REPAIR 5       /* intervals in a row that are corrected */
#define MALIK_PATIENCE 5       /* intervals in a row that are refused */
#define REPAIR (NN_EXCLUDED + 1)   /* a state on the way: to get a value from its neighbours */

static int out_of_memory(size_t n, struct kymo_err *e)
{
    return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu intervals", n);
}

/* ---- intervals ---- */

static bool is_within(double ms, const struct nn_rules *r) { return ms >= r->least_ms && ms <= r->most_ms; }

static unsigned char refused_state(const struct nn_rules *r) { return r->correct ? REPAIR : NN_EXCLUDED; }

static int take_intervals(const struct nn_beat *beat, size_t n, const struct nn_rules *rules, struct nn_interval *out,
                          size_t *n_out, struct kymo_err *e)
{
    const bool labels = rules->rule == NN_LABEL || rules->rule == NN_MALIK;
    bool broken = true;
    size_t m = 0;

    for (size_t i = 1; i < n; i++) {
        if (beat[i].time_ns <= beat[i - 1].time_ns)
            return kymo_fail(e, KYMO_EDATA, "beat at %.9g s does not lie behind the one at %.9g s",
                             (double)beat[i].time_ns / 1e9, (double)beat[i - 1].time_ns / 1e9);
        broken |= beat[i].after_break;
        if (beat[i].after_break)
            continue;
        const double ms = (double)(beat[i].time_ns - beat[i - 1].time_ns) / 1e6;
        const bool counts = !labels || (beat[i].normal && beat[i - 1].normal);
        out[m++] = (struct nn_interval){
            .ms = ms, .end_s = (double)beat[i].time_ns / 1e9, .after_break = broken,
            .state = !is_within(ms, rules) ? NN_EXCLUDED : counts ? NN_KEPT : refused_state(rules),
        };
        broken = false;
    }
    *n_out = m;
    return 0;
}

/* ---- malik ---- */

static void refuse_jumps(struct nn_interval *x, size_t n, const struct nn_rules *rules)
{
    double last_ms = NAN;
    int refused = 0;

    for (size_t i = 0; i < n; i++) {
        if (x[i].after_break)
            last_ms = NAN;
        if (x[i].state != NN_KEPT)
            continue;
        if (isnan(last_ms) || fabs(x[i].ms - last_ms) <= rules->malik_share * last_ms || refused == MALIK_PATIENCE) {
            last_ms = x[i].ms;
            refused = 0;
        } else {
            x[i].state = refused_state(rules);
            refused++;
        }
    }
}

/* ---- lipponen ---- */

/* The kinds of the intervals of each unbroken run of kept ones. */
static int find_artefacts(const struct nn_interval *x, size_t n, unsigned char *kind, struct kymo_err *e)
{
    double *const rr = malloc((n + 1) * sizeof *rr);
    int rc = rr ? 0 : out_of_memory(n, e);

    for (size_t from = 0, to; rc == 0 && from < n; from = to) {
        for (to = from; to < n && (to == from || !x[to].after_break) && x[to].state == NN_KEPT; to++)
            rr[to] = x[to].ms;
        if (to == from)
            kind[to++] = LIPPONEN_FINE;      /* excluded already */
        else
            rc = lipponen(rr + from, to - from, kind + from, e);
    }
    free(rr);
    return rc;
}

/* Joins and halves; what is to be interpolated is left marked. out has room for twice as many. */
static size_t rebuild(const struct nn_interval *x, const unsigned char *kind, size_t n, struct nn_interval *out)
{
    size_t m = 0;

    for (size_t i = 0; i < n; i++) {
        struct nn_interval v = x[i];
        if (kind[i] == LIPPONEN_EXTRA) {     /* the next is there, in the same run */
            v.ms += x[++i].ms;
            v.end_s = x[i].end_s;
            v.state = NN_CORRECTED;
        } else if (kind[i] == LIPPONEN_MISSED) {
            v.ms /= 2;
            v.end_s -= v.ms / 1000;
            v.state = NN_CORRECTED;
            out[m++] = v;
            v.end_s = x[i].end_s;
            v.after_break = false;
        } else if (kind[i] != LIPPONEN_FINE) {
            v.state = REPAIR;
        }
        out[m++] = v;
    }
    return m;
}

/* Cubic Hermite between (0, a) and (1, b) with slopes per unit. */
static double hermite(double a, double b, double slope_a, double slope_b, double u)
{
    const double c = 3 * (b - a) - 2 * slope_a - slope_b, d = 2 * (a - b) + slope_a + slope_b;

    return a + u * (slope_a + u * (c + u * d));
}

/* Whether x[i] is a good interval of the run that x[of] is in; i beside a good one or beside the stretch. */
static bool is_good(const struct nn_interval *x, size_t i, size_t n)
{
    return i < n && (x[i].state == NN_KEPT || x[i].state == NN_CORRECTED);
}

/* Values for x[from] .. x[to - 1], from the good ones around them. */
static void repair(struct nn_interval *x, size_t n, size_t from, size_t to)
{
    const size_t k = to - from;
    const double span = (double)k + 1, a = x[from - 1].ms, b = x[to].ms;
    const bool has_before = from >= 2 && is_good(x, from - 2, n) && !x[from - 1].after_break;
    const bool has_after = is_good(x, to + 1, n) && !x[to + 1].after_break;
    const double slope_a = has_before ? span * (b - x[from - 2].ms) / (span + 1) : b - a;
    const double slope_b = has_after ? span * (x[to + 1].ms - a) / (span + 1) : b - a;
    const double begin_s = x[from - 1].end_s, length_s = x[to - 1].end_s - begin_s;

    for (size_t i = 0; i < k; i++) {
        const double value = hermite(a, b, slope_a, slope_b, ((double)i + 1) / span);
        x[from + i].ms = value > 0 ? value : a + (b - a) * ((double)i + 1) / span;
        x[from + i].end_s = begin_s + length_s * ((double)i + 1) / (double)k;
        x[from + i].state = NN_CORRECTED;
    }
}

static void repair_all(struct nn_interval *x, size_t n)
{
    for (size_t from = 0, to; from < n; from = to) {
        if (x[from].state != REPAIR) {
            to = from + 1;
            continue;
        }
        for (to = from + 1; to < n && x[to].state == REPAIR && !x[to].after_break; to++)
            continue;
        const bool after_good = from > 0 && is_good(x, from - 1, n) && !x[from].after_break;
        if (after_good && is_good(x, to, n) && !x[to].after_break && to - from <= LONGEST_REPAIR)
            repair(x, n, from, to);
        else
            for (size_t i = from; i < to; i++)
                x[i].state = NN_EXCLUDED;
    }
}

static void exclude_artefacts(struct nn_interval *x, const unsigned char *kind, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (kind[i] != LIPPONEN_FINE || (i > 0 && kind[i - 1] == LIPPONEN_EXTRA))
            x[i].state = NN_EXCLUDED;
}

static int treat_artefacts(struct nn_interval **interval, size_t *n, bool correct, struct kymo_err *e)
{
    unsigned char *const kind = malloc(*n + 1);
    int rc = kind ? find_artefacts(*interval, *n, kind, e) : out_of_memory(*n, e);

    if (rc == 0 && !correct) {
        exclude_artefacts(*interval, kind, *n);
    } else if (rc == 0) {
        struct nn_interval *const out = malloc((2 * *n + 1) * sizeof *out);
        if (out) {
            *n = rebuild(*interval, kind, *n, out);
            free(*interval);
            *interval = out;
        } else {
            rc = out_of_memory(*n, e);
        }
    }
    free(kind);
    return rc;
}

/* ---- all ---- */

int nn_select(const struct nn_beat *beat, size_t n, const struct nn_rules *rules, struct nn_interval **interval,
              size_t *n_intervals, struct kymo_err *e)
{
    *n_intervals = 0;
    *interval = malloc((n + 1) * sizeof **interval);
    int rc = *interval ? take_intervals(beat, n, rules, *interval, n_intervals, e) : out_of_memory(n, e);

    if (rc == 0 && rules->rule == NN_MALIK)
        refuse_jumps(*interval, *n_intervals, rules);
    if (rc == 0 && rules->rule == NN_LIPPONEN)
        rc = treat_artefacts(interval, n_intervals, rules->correct, e);
    if (rc == 0 && rules->correct)
        repair_all(*interval, *n_intervals);
    if (rc < 0) {
        free(*interval);
        *interval = NULL;
        *n_intervals = 0;
    }
    return rc;
}

int nn_room_make(struct nn_room *room, size_t n, struct kymo_err *e)
{
    room->nn_ms = malloc((n + 1) * sizeof *room->nn_ms);
    room->end_s = malloc((n + 1) * sizeof *room->end_s);
    room->follows = malloc(n + 1);
    if (room->nn_ms && room->end_s && room->follows)
        return 0;
    nn_room_release(room);
    return out_of_memory(n, e);
}

void nn_room_release(struct nn_room *room)
{
    free(room->nn_ms);
    free(room->end_s);
    free(room->follows);
    *room = (struct nn_room){0};
}

struct nn_series nn_take(const struct nn_interval *interval, size_t n, struct nn_room *room)
{
    bool joined = false;
    size_t m = 0;

    for (size_t i = 0; i < n; i++) {
        joined = joined && !interval[i].after_break;
        if (interval[i].state != NN_EXCLUDED) {
            room->nn_ms[m] = interval[i].ms;
            room->end_s[m] = interval[i].end_s;
            room->follows[m++] = joined;
        }
        joined = interval[i].state != NN_EXCLUDED;
    }
    return (struct nn_series){.nn_ms = room->nn_ms, .end_s = room->end_s, .follows = room->follows, .n = m};
}
