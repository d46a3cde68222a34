/* algorithms/desat.c - see desat.h. */
#include "algorithms/desat.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NEAR_BASELINE_PCT 1.0     /* of an onset */
#define LEAST_WINDOW_S 10.0       /* of valid samples in a window that has a baseline */
#define LONGEST_STEP_S 3.0        /* whole per cents rise in steps */
#define LEAST_SEEN 0.25           /* share of an event that is not missing */
#define LEVY_LOWEST_PCT 25.0
#define LEVY_END_S 90
#define LEVY_LAST_S 10             /* an event begins no later before the end */
#define SLACK_PCT 1e-6            /* 96.1 - 93.1 is 3 */

const struct desat_rule desat_rules[] = {
    {.name = "aasm3", .method = DESAT_DROP, .drop_pct = 3, .baseline = DESAT_TOP_FIFTH, .window_s = 120, .share = 0.5,
     .within_pct = -1, .least_s = 10, .most_s = 180, .hole_s = 15, .merge_s = -1},
    {.name = "aasm4", .method = DESAT_DROP, .drop_pct = 4, .baseline = DESAT_TOP_FIFTH, .window_s = 120, .share = 0.5,
     .within_pct = -1, .least_s = 10, .most_s = 180, .hole_s = 15, .merge_s = -1},
    {.name = "levy3", .method = DESAT_LEVY, .drop_pct = 3, .within_pct = -1, .least_s = 10, .most_s = 90, .hole_s = 90,
     .merge_s = -1},
    {.name = "levy4", .method = DESAT_LEVY, .drop_pct = 4, .within_pct = -1, .least_s = 10, .most_s = 90, .hole_s = 90,
     .merge_s = -1},
    {.name = "hard90", .method = DESAT_HARD, .drop_pct = 90, .within_pct = -1, .hole_s = 15, .merge_s = -1},
    {.name = NULL},
};

const struct desat_rule *desat_rule_named(const char *name)
{
    for (const struct desat_rule *r = desat_rules; r->name; r++)
        if (strcmp(r->name, name) == 0)
            return r;
    return NULL;
}

void desat_rule_text(const struct desat_rule *r, char *text, size_t cap)
{
    static const char *const baselines[] = {
        [DESAT_TOP_FIFTH] = "the mean of the highest fifth", [DESAT_MEDIAN] = "the median", [DESAT_MAXIMUM] = "the maximum",
    };
    char from[96] = "", back[96] = "", ends[96], merge[64] = "";

    if (r->method == DESAT_HARD)
        snprintf(from, sizeof from, "below %g %%", r->drop_pct);
    else if (r->method == DESAT_LEVY)
        snprintf(from, sizeof from, "a fall of %g from its first sample that is 1 or more lower", r->drop_pct);
    else if (r->baseline == DESAT_FIXED)
        snprintf(from, sizeof from, "a drop of %g below %g %%", r->drop_pct, r->fixed_pct);
    else
        snprintf(from, sizeof from, "a drop of %g below %s of the %g s before", r->drop_pct, baselines[r->baseline],
                 r->window_s);
    if (r->method == DESAT_LEVY)
        snprintf(back, sizeof back, ", back to 1 below that, or by %g", r->drop_pct);
    else if (r->method == DESAT_DROP && r->within_pct >= 0)
        snprintf(back, sizeof back, ", back to %g below that", r->within_pct);
    else if (r->method == DESAT_DROP)
        snprintf(back, sizeof back, ", back by %g of it", r->share);
    if (r->method == DESAT_HARD)
        snprintf(ends, sizeof ends, ", of any length");
    else
        snprintf(ends, sizeof ends, ", after %g to %g s", r->least_s, r->most_s);
    if (r->merge_s >= 0)
        snprintf(merge, sizeof merge, ", merged up to %g s apart", r->merge_s);
    snprintf(text, cap, "%s%s%s, up to %g s missing%s", from, back, ends, r->hole_s, merge);
}

/* ---- what they are looked for in, and where they go ---- */

struct search {
    const double *x, *base;       /* base: NaN where there is no baseline; NULL but for DESAT_DROP */
    size_t n, hole;               /* hole: samples that may be missing in a row */
    double fs_hz;
    const struct desat_rule *rule;
    struct desat *found;
    size_t n_found, cap;
};

static int add(struct search *s, const struct desat *d, struct kymo_err *e)
{
    if (s->n_found == s->cap) {
        const size_t cap = s->cap ? 2 * s->cap : 64;
        struct desat *all = realloc(s->found, cap * sizeof *all);
        if (!all)
            return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu desaturations", cap);
        s->found = all;
        s->cap = cap;
    }
    s->found[s->n_found++] = *d;
    return 0;
}

static double seconds(const struct search *s, size_t from, size_t to) { return (double)(to - from) / s->fs_hz; }

static size_t samples_in(double s, double fs_hz)
{
    const double n = s * fs_hz + 1e-9;

    return n < 1e9 ? (size_t)n : 1000000000;
}

/* ---- baseline ---- */

/* The valid samples of a window, sorted. */
struct window {
    double *v;
    size_t n;
};

/* Number of values below v. */
static size_t place_of(const struct window *w, double v)
{
    size_t low = 0, high = w->n;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (w->v[middle] < v)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void insert(struct window *w, double v)
{
    const size_t at = place_of(w, v);

    memmove(w->v + at + 1, w->v + at, (w->n - at) * sizeof *w->v);
    w->v[at] = v;
    w->n++;
}

static void take_out(struct window *w, double v)
{
    const size_t at = place_of(w, v);

    w->n--;
    memmove(w->v + at, w->v + at + 1, (w->n - at) * sizeof *w->v);
}

static double baseline_of(const struct window *w, enum desat_baseline kind)
{
    const size_t top = (w->n + 4) / 5;
    double sum = 0;

    if (kind == DESAT_MAXIMUM)
        return w->v[w->n - 1];
    if (kind == DESAT_MEDIAN)
        return (w->v[(w->n - 1) / 2] + w->v[w->n / 2]) / 2;
    for (size_t i = w->n - top; i < w->n; i++)
        sum += w->v[i];
    return sum / (double)top;
}

/* base[i] of the window before i. Above 1 Hz it is told once in a second: a baseline does not change faster. */
static int find_baseline(const struct search *s, double *base, struct kymo_err *e)
{
    const struct desat_rule *const r = s->rule;
    size_t width = samples_in(r->window_s, s->fs_hz);
    const size_t least = samples_in(fmin(LEAST_WINDOW_S, r->window_s), s->fs_hz), every = samples_in(1, s->fs_hz);
    double now = (double)NAN;

    width = width < 1 ? 1 : width < s->n ? width : s->n;
    struct window w = {.v = malloc((width + 1) * sizeof *w.v)};
    if (!w.v)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for a window of %zu samples", width);
    for (size_t i = 0; i < s->n; i++) {
        if (every <= 1 || i % every == 0)
            now = w.n > 0 && w.n >= least ? baseline_of(&w, r->baseline) : (double)NAN;
        base[i] = now;
        if (i >= width && !isnan(s->x[i - width]))
            take_out(&w, s->x[i - width]);
        if (!isnan(s->x[i]))
            insert(&w, s->x[i]);
    }
    free(w.v);
    return 0;
}

/* ---- DESAT_DROP ---- */

/* The last sample before i, not before since, that is near the baseline; else the first that leads to i without too long a
 * hole, or a time as low, when the baseline was not yet what it is. */
static size_t onset_before(const struct search *s, size_t i, size_t since, double baseline)
{
    size_t onset = i;

    for (size_t k = i; k > since && onset - k <= s->hole;) {
        k--;
        if (isnan(s->x[k]))
            continue;
        if (s->x[k] <= baseline - s->rule->drop_pct + SLACK_PCT)
            break;
        onset = k;
        if (s->x[k] >= baseline - NEAR_BASELINE_PCT - SLACK_PCT)
            break;
    }
    return onset;
}

/* Whether x falls below b - drop again between i and the sample at which the event is old enough. */
static bool falls_again(const struct search *s, const struct desat *d, size_t i)
{
    for (; i < s->n && seconds(s, d->onset, i) < s->rule->least_s; i++)
        if (s->x[i] <= d->baseline_pct - s->rule->drop_pct + SLACK_PCT)
            return true;
    return false;
}

/* Where what is back at i has come to rest: as long as it rises, up to near the baseline. */
static size_t rest_after(const struct search *s, const struct desat *d, size_t i)
{
    const double near = d->baseline_pct - NEAR_BASELINE_PCT - SLACK_PCT;
    size_t rest = i;

    for (i++; i < s->n && s->x[rest] < near && seconds(s, rest, i) <= LONGEST_STEP_S; i++) {
        if (s->x[i] < s->x[rest] || seconds(s, d->onset, i) > s->rule->most_s)
            break;
        if (s->x[i] > s->x[rest])
            rest = i;
    }
    return rest;
}

/* Follows an event from its crossing at i to its end, a cut, or beyond the most that it may last. */
static void follow(const struct search *s, struct desat *d, size_t i)
{
    const struct desat_rule *const r = s->rule;
    size_t last = i;              /* the last valid sample */

    d->nadir = i, d->nadir_pct = s->x[i];
    d->cut = true;
    for (i++; i < s->n && i - last <= s->hole + 1 && seconds(s, d->onset, i) <= r->most_s; i++) {
        const double x = s->x[i];
        if (isnan(x))
            continue;
        last = i;
        if (x < d->nadir_pct)
            d->nadir = i, d->nadir_pct = x;
        const double back = r->within_pct >= 0 ? d->baseline_pct - r->within_pct
                                               : d->nadir_pct + r->share * (d->baseline_pct - d->nadir_pct);
        if (x >= back - SLACK_PCT && i > d->nadir && !falls_again(s, d, i)) {
            d->cut = false;
            last = rest_after(s, d, i);
            break;
        }
    }
    d->end = last;
    if (d->cut && i < s->n && seconds(s, d->onset, i) > r->most_s)
        d->end = i;               /* too long: told by its length */
}

/* Whether enough of it was seen: not the flank of an artefact, with a hole before. */
static bool is_seen(const struct search *s, const struct desat *d)
{
    size_t valid = 0;

    for (size_t i = d->onset; i <= d->end; i++)
        valid += isnan(s->x[i]) ? 0 : 1;
    return (double)valid > LEAST_SEEN * (double)(d->end - d->onset);
}

static int find_drops(struct search *s, struct kymo_err *e)
{
    const struct desat_rule *const r = s->rule;
    double top = INFINITY;        /* the highest since the last event ended; none has */
    size_t since = 0;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < s->n; i++) {
        if (isnan(s->x[i]))
            continue;
        top = fmax(top, s->x[i]);
        struct desat d = {.baseline_pct = fmin(s->base[i], top)};
        if (isnan(s->base[i]) || !(d.baseline_pct - s->x[i] >= r->drop_pct - SLACK_PCT))
            continue;
        d.onset = onset_before(s, i, since, d.baseline_pct);
        follow(s, &d, i);
        const double length_s = seconds(s, d.onset, d.end);
        if (length_s > r->most_s) {          /* not back: what follows must fall from where it has come to */
            since = i;
            top = s->x[i];
            continue;
        }
        if (length_s >= r->least_s && is_seen(s, &d)) {
            rc = add(s, &d, e);
            since = d.end;
            top = s->x[d.end];
        }
        i = d.end;
    }
    return rc;
}

/* ---- DESAT_HARD ---- */

static int find_below(struct search *s, struct kymo_err *e)
{
    const double threshold = s->rule->drop_pct;
    struct desat d = {.baseline_pct = threshold};
    size_t last = 0;
    bool below = false;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < s->n; i++) {
        if (isnan(s->x[i]))
            continue;
        if (below && i - last > s->hole + 1) {
            d.end = last, d.cut = true;
            rc = add(s, &d, e);
            below = false;
        }
        if (!below && s->x[i] < threshold) {
            d.onset = d.nadir = i, d.nadir_pct = s->x[i], d.cut = false;
            below = true;
        } else if (below && s->x[i] >= threshold) {
            d.end = i;
            rc = rc < 0 ? rc : add(s, &d, e);
            below = false;
        } else if (below && s->x[i] < d.nadir_pct) {
            d.nadir = i, d.nadir_pct = s->x[i];
        }
        last = i;
    }
    if (rc == 0 && below) {
        d.end = last, d.cut = true;
        rc = add(s, &d, e);
    }
    return rc;
}

/* ---- DESAT_LEVY ---- */

/* The first sample behind a at which x has fallen by the drop without a rise; n if there is none. */
static size_t levy_fall(const struct search *s, size_t a)
{
    for (size_t b = a + 1; b < s->n && s->x[b] <= s->x[b - 1]; b++)
        if (s->x[a] - s->x[b] >= s->rule->drop_pct - SLACK_PCT)
            return b;
    return s->n;
}

/* C of the fall from a to b; n if there is none. */
static size_t levy_recovery(const struct search *s, size_t a, size_t b)
{
    const double drop = s->rule->drop_pct - SLACK_PCT;

    for (size_t c = b + 1; c < s->n; c++) {
        if ((s->x[a] - s->x[c] <= 1 + SLACK_PCT || s->x[c] - s->x[b] >= drop) && seconds(s, a, c) >= s->rule->least_s)
            return c;
        if (s->x[c] <= s->x[b])
            b = c;
    }
    return s->n;
}

static size_t levy_end(const struct search *s, size_t a, size_t c)
{
    for (size_t k = c; k < s->n && k < a + LEVY_END_S; k++)
        if (s->x[k] >= s->x[a] - 1 - SLACK_PCT)
            return k;
    return a + LEVY_END_S < s->n ? a + LEVY_END_S : s->n - 1;
}

/* Ends are valid samples, and no hole in between is too long. */
static bool settle(const struct search *s, struct desat *d)
{
    size_t last = d->onset;

    d->nadir = d->onset;
    for (size_t i = d->onset; i <= d->end; i++) {
        if (isnan(s->x[i]))
            continue;
        if (i - last > s->hole + 1)
            return false;
        last = i;
        if (s->x[i] < s->x[d->nadir])
            d->nadir = i;
    }
    d->end = last;
    d->nadir_pct = s->x[d->nadir];
    return true;
}

static int find_levy(struct search *s, struct kymo_err *e)
{
    const double *const x = s->x, drop = s->rule->drop_pct;
    size_t next;
    int rc = 0;

    for (size_t a = 1; rc == 0 && a + LEVY_LAST_S <= s->n; a = next) {
        const double fall = x[a - 1] - x[a];
        next = a + 1;
        if (!(x[a] > LEVY_LOWEST_PCT && fall >= 1 - SLACK_PCT && fall <= drop + SLACK_PCT))
            continue;
        const size_t b = levy_fall(s, a);
        if (b == s->n)
            continue;
        const size_t c = levy_recovery(s, a, b);
        if (c == s->n)
            break;
        next = c + 1;
        struct desat d = {.onset = a, .end = levy_end(s, a, c), .baseline_pct = x[a]};
        if (seconds(s, a, c) <= s->rule->most_s && settle(s, &d))
            rc = add(s, &d, e);
    }
    return rc;
}

/* ---- all of them ---- */

static void merge(struct search *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n_found; i++) {
        struct desat *const last = n ? &s->found[n - 1] : NULL, *const d = &s->found[i];
        if (!last || last->cut || d->onset < last->end || seconds(s, last->end, d->onset) > s->rule->merge_s) {
            s->found[n++] = *d;
            continue;
        }
        if (d->nadir_pct < last->nadir_pct)
            last->nadir = d->nadir, last->nadir_pct = d->nadir_pct;
        last->end = d->end;
        last->cut = d->cut;
    }
    s->n_found = n;
}

static int check_rule(const struct desat_rule *r, double fs_hz, struct kymo_err *e)
{
    const bool drops = r->method == DESAT_DROP, limited = r->method != DESAT_HARD;
    const struct {
        const char *name;
        double value, least, most;
        bool used;
    } limits[] = {
        {"drop (%)", r->drop_pct, 0.1, 100, true}, {"window of the baseline (s)", r->window_s, 1, 86400, drops},
        {"fixed baseline (%)", r->fixed_pct, 1, 100, drops && r->baseline == DESAT_FIXED},
        {"recovery (share)", r->share, 0.01, 1, drops && r->within_pct < 0},
        {"recovery (% below baseline)", r->within_pct, 0, r->drop_pct, drops && r->within_pct >= 0},
        {"least duration (s)", r->least_s, 0, 86400, limited}, {"most duration (s)", r->most_s, r->least_s, 86400, limited},
        {"hole (s)", r->hole_s, 0, 86400, true}, {"merging (s)", r->merge_s, 0, 86400, r->merge_s >= 0},
    };

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (limits[i].used && !(limits[i].value >= limits[i].least && limits[i].value <= limits[i].most))
            return kymo_fail(e, KYMO_EUSAGE, "%s %g is not %g..%g", limits[i].name, limits[i].value, limits[i].least,
                             limits[i].most);
    if (r->method == DESAT_LEVY && fs_hz != 1)
        return kymo_fail(e, KYMO_EUSAGE, "rule %s is for 1 sample per second, not %g", r->name, fs_hz);
    return 0;
}

int desat_find(const double *x, size_t n, double fs_hz, const struct desat_rule *r, struct desat **out, size_t *n_out,
               struct kymo_err *e)
{
    struct search s = {.x = x, .n = n, .fs_hz = fs_hz, .rule = r, .hole = samples_in(r->hole_s, fs_hz)};
    double *base = NULL;
    int rc = check_rule(r, fs_hz, e);

    *out = NULL;
    *n_out = 0;
    if (rc == 0 && r->method == DESAT_DROP && !(base = malloc((n + 1) * sizeof *base)))
        rc = kymo_fail(e, KYMO_ENOMEM, "no memory for the baseline of %zu samples", n);
    for (size_t i = 0; base && r->baseline == DESAT_FIXED && i < n; i++)
        base[i] = r->fixed_pct;
    if (rc == 0 && base && r->baseline != DESAT_FIXED)
        rc = find_baseline(&s, base, e);
    s.base = base;
    if (rc == 0)
        rc = r->method == DESAT_DROP ? find_drops(&s, e) : r->method == DESAT_HARD ? find_below(&s, e) : find_levy(&s, e);
    free(base);
    if (rc < 0) {
        free(s.found);
        return rc;
    }
    if (r->merge_s >= 0)
        merge(&s);
    *out = s.found;
    *n_out = s.n_found;
    return 0;
}

struct desat_shape desat_measure(const double *x, double fs_hz, const struct desat *d)
{
    struct desat_shape m = {.depth_pct = d->baseline_pct - d->nadir_pct, .fall_pct_per_s = (double)NAN,
                            .recovery_pct_per_s = (double)NAN};

    if (d->nadir > d->onset)
        m.fall_pct_per_s = m.depth_pct * fs_hz / (double)(d->nadir - d->onset);
    if (d->end > d->nadir && !d->cut)
        m.recovery_pct_per_s = (x[d->end] - d->nadir_pct) * fs_hz / (double)(d->end - d->nadir);
    for (size_t i = d->onset; i < d->end; i++)
        if (x[i] < d->baseline_pct)
            m.area_pct_s += (d->baseline_pct - x[i]) / fs_hz;
    return m;
}
