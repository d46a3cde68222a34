/* algorithms/beatmatch.c - see beatmatch.h. */
#include "algorithms/beatmatch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define AFTER_ALL INT64_MAX   /* the time of the beat that a series does not have any more */
#define LATEST (INT64_MAX / 4)         /* so that no sum or difference of times overflows */
#define NO_TIME (-1)

#define SHUTDOWN_BITS 0x30    /* both signals unreadable, in the subtype of a WFDB quality mark */

struct beat {
    int64_t time;
    enum beatmatch_kind kind;   /* N..O; OTHER before the first beat and after the last */
    ptrdiff_t index;
};

struct period {
    int64_t on, off;
};

/* One series being read: the beat under comparison, the one after it, and what was seen on the way to that. */
struct reader {
    const struct beatmatch_mark *mark;
    size_t n, at;
    int is_test;
    const struct beatmatch_options *options;
    struct beat now, next;
    int64_t rr;                           /* now's distance from the beat before, 0 if there is none to speak of */
    struct period vf[2], shutdown[2];     /* the latest, and the one before */
    int64_t shutdown_total, open_since;   /* closed shutdowns; begin of one that does not end, or NO_TIME */
};

static int is_class(enum beatmatch_kind k)
{
    return k <= BEATMATCH_Q;
}

enum beatmatch_kind beatmatch_kind_of(const char *mnemonic, int subtype)
{
    static const struct {
        char mnemonic;
        enum beatmatch_kind kind;
    } known[] = {
        { 'N', BEATMATCH_N }, { 'L', BEATMATCH_N }, { 'R', BEATMATCH_N }, { 'B', BEATMATCH_N },
        { 'A', BEATMATCH_S }, { 'a', BEATMATCH_S }, { 'J', BEATMATCH_S }, { 'S', BEATMATCH_S },
        { 'e', BEATMATCH_S }, { 'j', BEATMATCH_S }, { 'n', BEATMATCH_S },
        { 'V', BEATMATCH_V }, { 'r', BEATMATCH_V }, { 'E', BEATMATCH_V }, { 'F', BEATMATCH_F },
        { 'Q', BEATMATCH_Q }, { '/', BEATMATCH_Q }, { 'f', BEATMATCH_Q }, { '?', BEATMATCH_Q },
        { '!', BEATMATCH_O }, { '[', BEATMATCH_VF_ON }, { ']', BEATMATCH_VF_OFF },
    };

    if (mnemonic[0] == '\0' || mnemonic[1] != '\0')
        return BEATMATCH_OTHER;
    if (mnemonic[0] == '~')
        return (subtype & SHUTDOWN_BITS) == SHUTDOWN_BITS ? BEATMATCH_X : BEATMATCH_READABLE;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].mnemonic == mnemonic[0])
            return known[i].kind;
    return BEATMATCH_OTHER;
}

/* ---- reading one series ---- */

static void begin_period(struct period latest_two[2], int64_t on)
{
    latest_two[1] = latest_two[0];
    latest_two[0].on = on;   /* off stays until the end is read: see the header on periods without an end */
}

/* A lone shutdown mark (AHA database) stands somewhere inside its period, which is taken to reach from one window after
 * the last beat or VF to one window before the next mark. */
static void widen_lone_shutdown(struct reader *r, int64_t next_mark_time)
{
    struct period *const p = &r->shutdown[0];
    const int64_t since = r->vf[0].off > r->now.time ? r->vf[0].off : r->now.time;

    p->off = next_mark_time - r->options->window;
    p->on = since + r->options->window < p->off ? since + r->options->window : p->off;
}

/* r->at is behind a shutdown mark. The mark that follows ends the period, or shows that it was a lone one. */
static void read_shutdown(struct reader *r)
{
    const int64_t on = r->mark[r->at - 1].time;

    begin_period(r->shutdown, on);
    if (r->at == r->n) {
        r->open_since = on;
        if (!r->is_test)
            r->shutdown[0].off = AFTER_ALL;
        return;
    }
    const struct beatmatch_mark *const m = &r->mark[r->at];
    if (m->kind == BEATMATCH_READABLE) {
        r->shutdown[0].off = m->time;
        r->at++;
    } else {
        widen_lone_shutdown(r, m->time);
    }
    r->shutdown_total += r->shutdown[0].off - r->shutdown[0].on;
}

/* r->at is behind a VF mark. Whatever stands before its end is passed over. */
static void read_vf(struct reader *r)
{
    begin_period(r->vf, r->mark[r->at - 1].time);
    while (r->at < r->n)
        if (r->mark[r->at++].kind == BEATMATCH_VF_OFF) {
            r->vf[0].off = r->mark[r->at - 1].time;
            return;
        }
}

static struct beat read_beat(struct reader *r)
{
    while (r->at < r->n) {
        const size_t i = r->at++;
        const struct beatmatch_mark *const m = &r->mark[i];

        if (m->kind <= BEATMATCH_O)
            return (struct beat){ m->time, m->kind, (ptrdiff_t)i };
        if (m->kind == BEATMATCH_X)
            read_shutdown(r);
        else if (m->kind == BEATMATCH_VF_ON)
            read_vf(r);
    }
    return (struct beat){ AFTER_ALL, BEATMATCH_OTHER, -1 };
}

static int begins_between(const struct period latest_two[2], int64_t from, int64_t to)
{
    return (from <= latest_two[0].on && latest_two[0].on < to) || (from <= latest_two[1].on && latest_two[1].on < to);
}

static void advance(struct reader *r)
{
    const int64_t before = r->now.time;

    r->now = r->next;
    if (before == 0 || r->now.time == AFTER_ALL || begins_between(r->vf, before, r->now.time) ||
        begins_between(r->shutdown, before, r->now.time))
        r->rr = 0;
    else
        r->rr = r->now.time - before;
    r->next = read_beat(r);
}

static struct reader open_reader(const struct beatmatch_series *series, int is_test,
                                 const struct beatmatch_options *options)
{
    const struct beat none = { 0, BEATMATCH_OTHER, -1 };
    const struct period never = { NO_TIME, NO_TIME };

    return (struct reader){
        .mark = series->mark, .n = series->n, .is_test = is_test, .options = options, .now = none, .next = none,
        .vf = { never, never }, .shutdown = { never, never }, .open_since = NO_TIME,
    };
}

/* ---- pairing ---- */

static int lies_in(const struct period latest_two[2], int64_t time)
{
    const struct period *const a = &latest_two[0], *const b = &latest_two[1];

    return (a->on != NO_TIME && a->on <= time && (time <= a->off || a->off == NO_TIME)) ||
           (b->on != NO_TIME && b->on <= time && time <= b->off);
}

static int64_t distance(int64_t a, int64_t b)
{
    return a < b ? b - a : a - b;
}

/* Whether an ignored span has a part of FROM..TO. */
static int is_ignored(const struct beatmatch_options *o, int64_t from, int64_t to)
{
    size_t low = 0, high = o->n_ignore;   /* the first span that does not end before FROM */

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (o->ignore[middle].off < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low < o->n_ignore && o->ignore[low].on <= to;
}

static void count_step(struct beatmatch *m, const struct reader *ref, const struct reader *test, struct beatmatch_pair p)
{
    const int64_t time = p.ref >= 0 ? ref->now.time : test->now.time;

    if (is_ignored(ref->options, time, time))
        return;
    const int fits_table = p.ref_kind < BEATMATCH_CLASSES && p.test_kind < BEATMATCH_CLASSES;

    if (fits_table && (is_class(p.ref_kind) || is_class(p.test_kind)))
        m->table.count[p.ref_kind][p.test_kind]++;
    if (ref->rr > 0 && test->rr > 0 && !is_ignored(ref->options, ref->now.time - ref->rr, ref->now.time)) {
        const double error = (double)(ref->rr - test->rr);
        m->rr_square_sum += error * error;
        m->n_rr++;
    }
    if (p.ref >= 0 || p.test >= 0)
        m->pair[m->n_pairs++] = p;
}

static void take_pair(struct beatmatch *m, struct reader *ref, struct reader *test)
{
    count_step(m, ref, test,
               (struct beatmatch_pair){ ref->now.index, test->now.index, ref->now.kind, test->now.kind });
    advance(ref);
    advance(test);
}

static void take_extra(struct beatmatch *m, struct reader *ref, struct reader *test)
{
    const int64_t t = test->now.time;
    const enum beatmatch_kind there = lies_in(ref->vf, t) ? BEATMATCH_VF_ON :
                                      lies_in(ref->shutdown, t) ? BEATMATCH_X : BEATMATCH_O;

    count_step(m, ref, test, (struct beatmatch_pair){ -1, test->now.index, there, test->now.kind });
    advance(test);
}

static void take_missed(struct beatmatch *m, struct reader *ref, struct reader *test)
{
    const enum beatmatch_kind there = lies_in(test->shutdown, ref->now.time) ? BEATMATCH_X : BEATMATCH_O;

    count_step(m, ref, test, (struct beatmatch_pair){ ref->now.index, -1, ref->now.kind, there });
    advance(ref);
}

/* Whether the earlier beat is to be paired with the later one, rather than wait for it to meet the beat after itself. */
static int belongs(const struct reader *earlier, const struct reader *later)
{
    const int64_t gap = later->now.time - earlier->now.time;
    const int64_t rival = distance(later->now.time, earlier->next.time);

    return gap <= earlier->options->window && (gap < rival || distance(later->next.time, earlier->next.time) < rival);
}

/* Brings both series to START. The reference stands at its first beat there, the test series one beat earlier: that one
 * may still belong to the reference beat. If not, an unpaired test beat just behind START is forgiven. */
static void enter(struct beatmatch *m, struct reader *ref, struct reader *test, int64_t start)
{
    do
        advance(ref);
    while (ref->now.time < start);
    do
        advance(test);
    while (test->next.time < start);

    const int64_t gap = ref->now.time - test->now.time;
    if (gap < distance(ref->now.time, test->next.time) && gap <= ref->options->window) {
        if (ref->now.index >= 0 || test->now.index >= 0) {
            take_pair(m, ref, test);
            return;
        }
        advance(ref);   /* START is 0, and neither series has begun */
        advance(test);
        return;
    }
    advance(test);
    if (test->now.time - start <= ref->options->window &&
        distance(ref->now.time, test->next.time) < distance(ref->now.time, test->now.time))
        advance(test);
}

static int is_inside(const struct reader *ref, const struct reader *test, int64_t end)
{
    if (end == BEATMATCH_END_OF_REFERENCE)
        return ref->now.time != AFTER_ALL;
    if (end == BEATMATCH_END_OF_EITHER)
        return ref->now.time != AFTER_ALL && test->now.time != AFTER_ALL;
    return ref->now.time <= end || test->now.time <= end;
}

static void compare(struct beatmatch *m, struct reader *ref, struct reader *test, const struct beatmatch_options *o)
{
    enter(m, ref, test, o->start);
    while (is_inside(ref, test, o->end)) {
        const int test_first = test->now.time < ref->now.time;

        if (test_first ? belongs(test, ref) : belongs(ref, test))
            take_pair(m, ref, test);
        else if (test_first)
            take_extra(m, ref, test);
        else
            take_missed(m, ref, test);
    }
    m->test_shutdown = test->shutdown_total;
    if (test->open_since != NO_TIME && o->end > 0)
        m->test_shutdown += o->end - test->open_since;
    m->test_shutdown_open = test->open_since != NO_TIME && o->end <= 0;
}

/* ---- the outside ---- */

static int check_options(const struct beatmatch_options *o, struct kymo_err *e)
{
    if (o->window < 0 || o->window > LATEST)
        return kymo_fail(e, KYMO_EUSAGE, "match window %lld, not 0..%lld", (long long)o->window, (long long)LATEST);
    if (o->start < 0 || o->start > LATEST)
        return kymo_fail(e, KYMO_EUSAGE, "comparison from %lld, not 0..%lld", (long long)o->start, (long long)LATEST);
    if (o->end < BEATMATCH_END_OF_REFERENCE || (o->end > 0 && o->end < o->start))
        return kymo_fail(e, KYMO_EUSAGE, "comparison to %lld, before its start at %lld", (long long)o->end,
                         (long long)o->start);
    return 0;
}

static int check_series(const struct beatmatch_series *s, const char *name, struct kymo_err *e)
{
    int64_t before = 0;

    for (size_t i = 0; i < s->n; i++) {
        const int64_t time = s->mark[i].time;
        if (time < before || time > LATEST)
            return kymo_fail(e, KYMO_EDATA, "%s annotation %zu at %lld, not %lld..%lld", name, i, (long long)time,
                             (long long)before, (long long)LATEST);
        before = time;
    }
    return 0;
}

int beatmatch_compare(const struct beatmatch_series *ref, const struct beatmatch_series *test,
                      const struct beatmatch_options *options, struct beatmatch *out, struct kymo_err *e)
{
    struct reader ref_reader = open_reader(ref, 0, options), test_reader = open_reader(test, 1, options);
    int rc;

    memset(out, 0, sizeof *out);
    if ((rc = check_options(options, e)) < 0 || (rc = check_series(ref, "reference", e)) < 0 ||
        (rc = check_series(test, "test", e)) < 0)
        return rc;
    out->pair = calloc(ref->n + test->n + 1, sizeof *out->pair);   /* each step uses up at least one beat */
    if (!out->pair)
        return kymo_fail(e, KYMO_ENOMEM, "no memory to pair %zu and %zu annotations", ref->n, test->n);
    compare(out, &ref_reader, &test_reader, options);
    return 0;
}

void beatmatch_release(struct beatmatch *m)
{
    free(m->pair);
    m->pair = NULL;
    m->n_pairs = 0;
}

/* ---- statistics ---- */

void beatmatch_add(struct beatmatch_table *sum, const struct beatmatch_table *from)
{
    for (int r = 0; r < BEATMATCH_CLASSES; r++)
        for (int c = 0; c < BEATMATCH_CLASSES; c++)
            sum->count[r][c] += from->count[r][c];
}

/* Sets of classes as strings of "NSVFQOX"; the sum over rows in REF and columns in TEST. */
static int64_t sum_cells(const struct beatmatch_table *t, const char *ref, const char *test)
{
    static const char LETTERS[] = "NSVFQOX";
    int64_t sum = 0;

    for (int r = 0; r < BEATMATCH_CLASSES; r++)
        for (int c = 0; c < BEATMATCH_CLASSES; c++)
            if (strchr(ref, LETTERS[r]) && strchr(test, LETTERS[c]))
                sum += t->count[r][c];
    return sum;
}

struct beatmatch_ratio beatmatch_qrs_sensitivity(const struct beatmatch_table *t)
{
    return (struct beatmatch_ratio){ sum_cells(t, "NSVFQ", "NSVFQ"), sum_cells(t, "NSVFQ", "NSVFQOX") };
}

struct beatmatch_ratio beatmatch_qrs_predictivity(const struct beatmatch_table *t)
{
    return (struct beatmatch_ratio){ sum_cells(t, "NSVFQ", "NSVFQ"), sum_cells(t, "NSVFQOX", "NSVFQ") };
}

struct beatmatch_ratio beatmatch_v_sensitivity(const struct beatmatch_table *t)
{
    return (struct beatmatch_ratio){ sum_cells(t, "V", "V"), sum_cells(t, "V", "NSVFQOX") };
}

struct beatmatch_ratio beatmatch_v_predictivity(const struct beatmatch_table *t)
{
    return (struct beatmatch_ratio){ sum_cells(t, "V", "V"), sum_cells(t, "NSVOX", "V") };
}

struct beatmatch_ratio beatmatch_v_false_positive_rate(const struct beatmatch_table *t)
{
    const int64_t called_v = sum_cells(t, "NSOX", "V");

    return (struct beatmatch_ratio){ called_v, called_v + sum_cells(t, "NSFQOX", "NSFQ") };
}

struct beatmatch_ratio beatmatch_s_sensitivity(const struct beatmatch_table *t)
{
    return (struct beatmatch_ratio){ sum_cells(t, "S", "S"), sum_cells(t, "S", "NSVFQOX") };
}

struct beatmatch_ratio beatmatch_s_predictivity(const struct beatmatch_table *t)
{
    return (struct beatmatch_ratio){ sum_cells(t, "S", "S"), sum_cells(t, "NSVFOX", "S") };
}

struct beatmatch_ratio beatmatch_missed_in_shutdown(const struct beatmatch_table *t, enum beatmatch_kind kind)
{
    struct beatmatch_ratio r = { t->count[kind][BEATMATCH_X], 0 };

    for (int c = 0; c < BEATMATCH_CLASSES; c++)
        r.whole += t->count[kind][c];
    return r;
}

double beatmatch_percent(struct beatmatch_ratio r)
{
    return r.whole > 0 ? 100.0 * (double)r.part / (double)r.whole : NAN;
}

double beatmatch_rr_error_ms(const struct beatmatch *m, double rate_hz)
{
    return m->n_rr > 0 ? sqrt(m->rr_square_sum / (double)m->n_rr) * 1000 / rate_hz : NAN;
}
