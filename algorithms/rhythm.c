/* algorithms/rhythm.c - see rhythm.h. */
#include "algorithms/rhythm.h"

#include <math.h>
#include <stdlib.h>

enum { AF_JOINED = 5, FLUTTER_FEWEST = 24, FLUTTER_CYCLES = 46, RUN = 3, PATTERN = 3, BEFORE = 8, ENOUGH_ALIKE = 3, NEAR = 2 };

#define FLUTTER_SHORTEST_S 0.17
#define FLUTTER_STEP_S 0.002
#define FLUTTER_IN_STEP 0.7
#define FLUTTER_VARIED 0.12        /* mean |difference| of two intervals over their mean: those of regular block tell nothing */
#define LEAST_SILENT (2.0 / 3)     /* of a pause in doubt; the rest is for the waves of the beat before it */
#define DROPPED_LEAST 1.8
#define DROPPED_MOST 2.2
#define DROPPED_STEADY 0.1

static const double PI_2 = 6.283185307179586;

/* What the rules share. */
struct search {
    const struct rhythm_input *in;
    const struct rhythm_limits *limits;
    struct rhythm_list *list;
    unsigned char *in_af;              /* in_af[i]: the interval that ends with beat i is of AF or flutter */
    size_t *n_of_shape;                /* ventricular beats of each shape */
};

int rhythm_add(struct rhythm_list *list, const struct rhythm_episode *new, struct kymo_err *e)
{
    if (list->n == list->cap) {
        const size_t cap = list->cap ? 2 * list->cap : 64;
        struct rhythm_episode *const all = realloc(list->episode, cap * sizeof *all);
        if (!all)
            return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu episodes", cap);
        list->episode = all;
        list->cap = cap;
    }
    list->episode[list->n++] = *new;
    return 0;
}

void rhythm_release(struct rhythm_list *list)
{
    free(list->episode);
    *list = (struct rhythm_list){.n = 0};
}

static bool has_interval(const struct search *s, size_t i) { return i > 0 && i < s->in->n && !s->in->beat[i].after_break; }

/* Length of the interval that ends with beat i. */
static double interval_s(const struct search *s, size_t i)
{
    return (double)(s->in->beat[i].time_ns - s->in->beat[i - 1].time_ns) / 1e9;
}

static double mean_rate(const struct search *s, size_t first, size_t last)
{
    const struct rhythm_beat *const b = s->in->beat;

    return last > first ? 60e9 * (double)(last - first) / (double)(b[last].time_ns - b[first].time_ns) : (double)NAN;
}

/* An episode from beat first to beat last. */
static int add(const struct search *s, enum rhythm_kind kind, size_t first, size_t last, double confidence, struct kymo_err *e)
{
    const struct rhythm_beat *const b = s->in->beat;

    return rhythm_add(s->list, &(struct rhythm_episode){
        .from_ns = b[first].time_ns, .to_ns = b[last].time_ns, .first = first, .n_beats = last - first + 1,
        .rate_per_min = mean_rate(s, first, last), .confidence = confidence, .kind = kind,
    }, e);
}

/* ---- atrial fibrillation and flutter ---- */

/* Whether intervals first+1..last are multiples of one atrial cycle. */
static bool is_flutter(const struct search *s, size_t first, size_t last)
{
    double best = 0, change_s = 0;
    const size_t n = last - first;

    if (n < FLUTTER_FEWEST)
        return false;
    for (size_t i = first + 2; i <= last; i++)
        change_s += fabs(interval_s(s, i) - interval_s(s, i - 1));
    if (change_s / (double)(n - 1) < FLUTTER_VARIED * 60 / mean_rate(s, first, last))
        return false;
    for (int k = 0; k < FLUTTER_CYCLES; k++) {
        const double cycle_s = FLUTTER_SHORTEST_S + FLUTTER_STEP_S * k;
        double re = 0, im = 0;
        for (size_t i = first + 1; i <= last; i++) {
            re += cos(PI_2 * interval_s(s, i) / cycle_s);
            im += sin(PI_2 * interval_s(s, i) / cycle_s);
        }
        best = fmax(best, hypot(re, im) / (double)n);
    }
    return best >= FLUTTER_IN_STEP;
}

static int add_af(struct search *s, size_t first, size_t last, struct kymo_err *e)
{
    double sum = 0;

    if ((double)(s->in->beat[last].time_ns - s->in->beat[first].time_ns) < 1e9 * s->limits->af_s)
        return 0;
    for (size_t i = first + 1; i <= last; i++) {
        s->in_af[i] = 1;
        sum += (double)s->in->beat[i].p_af;
    }
    return add(s, is_flutter(s, first, last) ? RHYTHM_FLUTTER : RHYTHM_AF, first, last, sum / (double)(last - first), e);
}

static int find_af(struct search *s, struct kymo_err *e)
{
    size_t first = 0, last = 0;   /* of the episode so far; last 0: none */
    int rc = 0;

    for (size_t i = 1; rc == 0 && i <= s->in->n; i++) {
        const bool ends = !has_interval(s, i);
        if (last > 0 && (ends || i - last > AF_JOINED)) {
            rc = add_af(s, first, last, e);
            last = 0;
        }
        if (ends || !(s->in->beat[i].p_af > 0.5f))
            continue;
        if (last == 0)
            first = i - 1;
        last = i;
    }
    return rc;
}

/* ---- runs and patterns of beats ---- */

static bool is_class(const struct search *s, size_t i, unsigned char type)
{
    return s->in->beat[i].type == type && !(type == RHYTHM_S && s->in_af[i]);
}

/* Mean sureness of the beats of a class among first..last. */
static double sureness(const struct search *s, size_t first, size_t last, unsigned char type)
{
    double sum = 0, n = 0;

    for (size_t i = first; i <= last; i++)
        if (s->in->beat[i].type == type) {
            sum += (double)s->in->beat[i].sure;
            n++;
        }
    return n > 0 ? sum / n : (double)NAN;
}

/* Whether the ventricular beat at i is like another near it in the run, or like enough others of the recording. */
static bool is_repeated(const struct search *s, size_t first, size_t last, size_t i)
{
    const struct rhythm_beat *const b = s->in->beat;

    if (b[i].shape < 0 || s->n_of_shape[b[i].shape] >= ENOUGH_ALIKE)
        return true;
    for (size_t k = i > first + NEAR ? i - NEAR : first; k <= last && k <= i + NEAR; k++)
        if (k != i && b[k].shape == b[i].shape)
            return true;
    return false;
}

/* The share of beats that are like others. */
static double likeness(const struct search *s, size_t first, size_t last)
{
    size_t n = 0;

    for (size_t i = first; i <= last; i++)
        n += is_repeated(s, first, last, i);
    return (double)n / (double)(last - first + 1);
}

static int add_run(const struct search *s, size_t first, size_t last, unsigned char type, struct kymo_err *e)
{
    const bool v = type == RHYTHM_V;
    const double rate = mean_rate(s, first, last);
    enum rhythm_kind kind;

    if (last - first + 1 < RUN)
        kind = v ? RHYTHM_V_COUPLET : RHYTHM_S_COUPLET;
    else if (v)
        kind = rate > s->limits->vt_per_min ? RHYTHM_VT : RHYTHM_IVR;
    else if (rate > s->limits->svt_per_min)
        kind = RHYTHM_SVT;
    else
        return 0;
    const double alike = kind == RHYTHM_VT || kind == RHYTHM_IVR ? likeness(s, first, last) : 1;
    return add(s, kind, first, last, sureness(s, first, last, type) * alike, e);
}

static int find_runs(const struct search *s, unsigned char type, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < s->in->n; i++) {
        const size_t first = i;
        if (!is_class(s, i, type))
            continue;
        while (has_interval(s, i + 1) && is_class(s, i + 1, type))
            i++;
        if (i > first)
            rc = add_run(s, first, i, type, e);
    }
    return rc;
}

/* Whether the ectopic beat at i is followed by another one after so many others, no break between. */
static bool repeats(const struct search *s, size_t i, size_t others, unsigned char type)
{
    for (size_t k = 1; k <= others + 1; k++)
        if (!has_interval(s, i + k) || is_class(s, i + k, type) != (k == others + 1))
            return false;
    return true;
}

static int find_pattern(const struct search *s, unsigned char type, size_t others, enum rhythm_kind kind, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < s->in->n; i++) {
        const size_t first = i;
        size_t n = 1;
        if (!is_class(s, i, type))
            continue;
        for (; repeats(s, i, others, type); i += others + 1)
            n++;
        if (n >= PATTERN)
            rc = add(s, kind, first, i, sureness(s, first, i, type), e);
    }
    return rc;
}

static int find_paced(const struct search *s, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < s->in->n; i++) {
        const size_t first = i;
        size_t last = i, n = 1;
        if (!is_class(s, i, RHYTHM_PACED))
            continue;
        for (size_t k = i + 1; has_interval(s, k) && k <= last + 2; k++)
            if (is_class(s, k, RHYTHM_PACED)) {
                last = k;
                n++;
            }
        i = last;
        if (n >= RUN)
            rc = add(s, RHYTHM_PACED_RHYTHM, first, last, sureness(s, first, last, RHYTHM_PACED), e);
    }
    return rc;
}

/* ---- rates ---- */

static bool is_silent(const struct search *s, int64_t from_ns, int64_t to_ns)
{
    const int64_t silent_ns = rhythm_overlap_ns(s->in->silence, s->in->n_silences, from_ns, to_ns);

    return (double)silent_ns >= LEAST_SILENT * (double)(to_ns - from_ns);
}

/* Whether noise may have hidden beats between one and to_ns: not where the ECG is silent for two thirds of it. */
static bool may_lack_beats(const struct search *s, const struct rhythm_beat *before, int64_t to_ns)
{
    const struct rhythm_input *const in = s->in;

    return rhythm_overlap_ns(in->noise, in->n_noise, before->time_ns, to_ns) > 0 && !is_silent(s, before->time_ns, to_ns);
}

static bool rate_is(const struct search *s, size_t first, size_t last, enum rhythm_kind kind)
{
    const double rate = mean_rate(s, first, last);

    return kind == RHYTHM_TACHYCARDIA ? rate > s->limits->tachy_per_min : rate < s->limits->brady_per_min;
}

/* Whether the n intervals that end with beat i are all there, and their mean is as the kind asks for. */
static bool window_is(const struct search *s, size_t i, enum rhythm_kind kind, size_t n)
{
    if (i < n)
        return false;
    for (size_t k = i - n + 1; k <= i; k++) {
        const struct rhythm_beat *const beat = &s->in->beat[k];
        if (!has_interval(s, k) || (kind == RHYTHM_TACHYCARDIA && is_class(s, k, RHYTHM_V)) ||
            (kind == RHYTHM_BRADYCARDIA && may_lack_beats(s, beat - 1, beat->time_ns)))
            return false;
    }
    return rate_is(s, i - n, i, kind);
}

/* Windows joined, without the intervals at their ends that are not such themselves, but never fewer than n: so one long pause
 * is no rate. */
static int add_rate(const struct search *s, enum rhythm_kind kind, size_t n, size_t first, size_t last, struct kymo_err *e)
{
    while (last - first > n && !rate_is(s, first, first + 1, kind))
        first++;
    while (last - first > n && !rate_is(s, last - 1, last, kind))
        last--;
    return add(s, kind, first, last, 1, e);
}

static int find_rate(const struct search *s, enum rhythm_kind kind, size_t n, struct kymo_err *e)
{
    size_t first = 0, last = 0;   /* last 0: none */
    int rc = 0;

    for (size_t i = 1; rc == 0 && i <= s->in->n; i++) {
        const bool is = i < s->in->n && window_is(s, i, kind, n);
        if (last > 0 && (!has_interval(s, i) || (!is && i >= last + n))) {
            rc = add_rate(s, kind, n, first, last, e);
            last = 0;
        }
        if (!is)
            continue;
        first = last == 0 ? i - n : first;
        last = i;
    }
    return rc;
}

/* ---- pauses ---- */

/* Whether a pause may be one of the ECG's signal instead of the heart's: last may be NULL. */
static bool is_doubtful(const struct search *s, const struct rhythm_beat *before, const struct rhythm_beat *last, int64_t to_ns)
{
    const bool unread = before->from_pulse || (last && last->from_pulse);

    return may_lack_beats(s, before, to_ns) || (unread && !is_silent(s, before->time_ns, to_ns));
}

static bool near_ectopic(const struct search *s, size_t i)
{
    for (size_t k = i > 2 ? i - 2 : 0; k <= i + 1 && k < s->in->n; k++)
        if (s->in->beat[k].type != RHYTHM_N)
            return true;
    return false;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Whether the interval that ends with beat i is as if one beat had not come. */
static bool is_dropped(const struct search *s, size_t i)
{
    double before_s[BEFORE], sorted_s[BEFORE];

    if (i <= BEFORE || !has_interval(s, i + 1) || s->in_af[i] || near_ectopic(s, i))
        return false;
    for (size_t k = 0; k < BEFORE; k++) {
        if (!has_interval(s, i - BEFORE + k))
            return false;
        before_s[k] = sorted_s[k] = interval_s(s, i - BEFORE + k);
    }
    qsort(sorted_s, BEFORE, sizeof *sorted_s, by_size);
    const double median_s = (sorted_s[BEFORE / 2 - 1] + sorted_s[BEFORE / 2]) / 2, times = interval_s(s, i) / median_s;
    for (size_t k = 0; k < BEFORE; k++)
        if (fabs(before_s[k] / median_s - 1) > DROPPED_STEADY)
            return false;
    return times >= DROPPED_LEAST && times <= DROPPED_MOST && fabs(interval_s(s, i + 1) / median_s - 1) <= DROPPED_STEADY;
}

/* Of the interval that ends with beat i, or behind the last beat, with the end of what is known. */
static int find_pause(const struct search *s, size_t i, struct kymo_err *e)
{
    const struct rhythm_beat *const before = &s->in->beat[i - 1], *const last = i < s->in->n ? before + 1 : NULL;
    const int64_t to_ns = last ? last->time_ns : s->in->end_ns;
    const double length_s = (double)(to_ns - before->time_ns) / 1e9;
    const bool pause = length_s >= s->limits->pause_s, asystole = length_s >= s->limits->asystole_s;

    if (is_doubtful(s, before, last, to_ns) || !(pause || asystole || (last && is_dropped(s, i))))
        return 0;
    return rhythm_add(s->list, &(struct rhythm_episode){
        .from_ns = before->time_ns, .to_ns = to_ns, .first = i - 1, .rate_per_min = (double)NAN,
        .confidence = fmin((double)before->sure, last ? (double)last->sure : 1),
        .kind = asystole ? RHYTHM_ASYSTOLE : pause ? RHYTHM_PAUSE : RHYTHM_DROPPED,
    }, e);
}

static int find_pauses(const struct search *s, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 1; rc == 0 && i <= s->in->n; i++)
        if (i == s->in->n || has_interval(s, i))
            rc = find_pause(s, i, e);
    return rc;
}

/* ---- all ---- */

static int by_onset(const void *a, const void *b)
{
    const struct rhythm_episode *const x = a, *const y = b;

    if (x->from_ns != y->from_ns)
        return x->from_ns < y->from_ns ? -1 : 1;
    if (x->to_ns != y->to_ns)
        return x->to_ns > y->to_ns ? -1 : 1;
    return (x->kind > y->kind) - (x->kind < y->kind);
}

static int find_all(struct search *s, struct kymo_err *e)
{
    static const struct {
        unsigned char type, others;
        enum rhythm_kind kind;
    } patterns[] = {
        {RHYTHM_V, 1, RHYTHM_BIGEMINY}, {RHYTHM_V, 2, RHYTHM_TRIGEMINY}, {RHYTHM_S, 1, RHYTHM_S_BIGEMINY},
    };
    int rc;

    if ((rc = find_af(s, e)) < 0 || (rc = find_paced(s, e)) < 0 || (rc = find_runs(s, RHYTHM_V, e)) < 0 ||
        (rc = find_runs(s, RHYTHM_S, e)) < 0)
        return rc;
    for (size_t k = 0; rc == 0 && k < sizeof patterns / sizeof *patterns; k++)
        rc = find_pattern(s, patterns[k].type, patterns[k].others, patterns[k].kind, e);
    if (rc < 0 || (rc = find_rate(s, RHYTHM_BRADYCARDIA, s->limits->brady_beats, e)) < 0 ||
        (rc = find_rate(s, RHYTHM_TACHYCARDIA, s->limits->tachy_beats, e)) < 0)
        return rc;
    return find_pauses(s, e);
}

static int count_shapes(struct search *s, struct kymo_err *e)
{
    const struct rhythm_input *const in = s->in;
    size_t n_shapes = 0;

    for (size_t i = 0; i < in->n; i++)
        if (in->beat[i].shape >= 0 && (size_t)in->beat[i].shape >= n_shapes)
            n_shapes = (size_t)in->beat[i].shape + 1;
    if (!(s->n_of_shape = calloc(n_shapes + 1, sizeof *s->n_of_shape)))
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu shapes of beats", n_shapes);
    for (size_t i = 0; i < in->n; i++)
        if (in->beat[i].shape >= 0 && in->beat[i].type == RHYTHM_V)
            s->n_of_shape[in->beat[i].shape]++;
    return 0;
}

int rhythm_find(const struct rhythm_input *in, const struct rhythm_limits *limits, struct rhythm_list *list, struct kymo_err *e)
{
    struct search s = {.in = in, .limits = limits, .list = list, .in_af = calloc(in->n + 1, 1)};

    if (!s.in_af)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for the rhythm of %zu beats", in->n);
    int rc = count_shapes(&s, e);
    if (rc == 0)
        rc = find_all(&s, e);
    if (list->n > 0)
        qsort(list->episode, list->n, sizeof *list->episode, by_onset);
    free(s.in_af);
    free(s.n_of_shape);
    return rc;
}
