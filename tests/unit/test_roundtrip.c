/* Every format to every other and back. What each can hold stands in two tables: what it keeps, and what it refuses.
 *
 * The property. Let a be any recording read from format A. Copied to format B
 *   - it is refused, with words of the table of refusals and a recording in which there is what they say; or
 *   - it is written, and copied from B to A again it has, of all that both A and B keep, what a has.
 * Integers are the same integers wherever both keep integers. What is refused is done with lossy, and told with a number or,
 * where it is a text that changes, with the text. */
#include "generate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 24
static const int more_rounds[] = {40, 82, 171, 242, 336};   /* of those up to 700: where something went wrong once */

/* ---- what a format keeps ---- */

enum {
    INTEGERS = 1 << 0,    /* samples as integers with gain and baseline; else as values in the unit */
    ZERO = 1 << 1,        /* time 0; else time 0 becomes that of the first sample, and the start moves with it */
    LABELS = 1 << 2,      /* any that is not empty; else those of ASCII */
    SENSORS = 1 << 3,     /* transducers and prefilters */
    START = 1 << 4,       /* date and time of day */
    HEADER = 1 << 5,      /* all the rest: subject, kinds, limits, calibration unknown, notes, history */
    EVENTS = 1 << 6,      /* time, type, subtype, num, signal, value, text, and the duration where it is told */
    TRACKS = 1 << 7,      /* several, with their names */
    INDICES = 1 << 8,     /* the sample that an event tells */
};

struct holder {
    const char *name, *variant, *file;
    int bits;             /* of integers; 0: of those that the source has */
    unsigned keeps;
};

static const struct holder holders[] = {
    {"kymo", NULL, "x.kymo", 32, INTEGERS | ZERO | LABELS | SENSORS | START | HEADER | EVENTS | TRACKS | INDICES},
    {"hdf5", NULL, "x.h5", 32, INTEGERS | ZERO | LABELS | SENSORS | START | HEADER | EVENTS | TRACKS | INDICES},
    {"wfdb", NULL, "x.hea", 0, INTEGERS | ZERO | LABELS | START | EVENTS | TRACKS},
    {"wfdb", "212", "x.hea", 12, INTEGERS | ZERO | LABELS | START | EVENTS | TRACKS},
    {"wfdb", "524", "x.hea", 24, INTEGERS | ZERO | LABELS | START | EVENTS | TRACKS},
    {"edf", NULL, "x.edf", 16, INTEGERS | SENSORS | START | EVENTS | TRACKS},
    {"bdf", NULL, "x.bdf", 24, INTEGERS | SENSORS | START | EVENTS | TRACKS},
    {"csv", NULL, "x.csv", 0, ZERO | LABELS},
    {"tsv", NULL, "x.tsv", 0, ZERO | LABELS},
};

/* ---- what a recording has ---- */

static bool is_real(const struct kymo_signal *s) { return !kymo_storage_is_integer(s->storage); }
static bool is_long(const struct kymo_signal *s) { return strlen(s->label) > 16 || strlen(s->unit) > 8; }
static bool has_blank(const struct kymo_signal *s) { return strchr(s->unit, ' '); }
static bool is_ascii(const char *text)
{
    while (*text && !((unsigned char)*text & 0x80))
        text++;
    return *text == '\0';
}

static bool is_edf_label(const struct kymo_signal *s) { return strcmp(s->label, "EDF Annotations") == 0; }
static bool is_bdf_label(const struct kymo_signal *s) { return strcmp(s->label, "BDF Annotations") == 0; }
static bool is_foreign(const struct kymo_signal *s) { return !is_ascii(s->label) || !is_ascii(s->unit); }

static bool any_signal(const struct taken *t, bool (*is)(const struct kymo_signal *))
{
    for (size_t i = 0; i < t->hdr.n_signals; i++)
        if (is(&t->hdr.signal[i]))
            return true;
    return false;
}

static bool has_reals(const struct taken *t, int bits) { (void)bits; return any_signal(t, is_real); }
static bool has_long_texts(const struct taken *t, int bits) { (void)bits; return any_signal(t, is_long); }
static bool has_blank_units(const struct taken *t, int bits) { (void)bits; return any_signal(t, has_blank); }

static bool has_edf_label(const struct taken *t, int bits) { (void)bits; return any_signal(t, is_edf_label); }
static bool has_bdf_label(const struct taken *t, int bits) { (void)bits; return any_signal(t, is_bdf_label); }

static bool has_other_letters(const struct taken *t, int bits)
{
    (void)bits;
    return any_signal(t, is_foreign) || !is_ascii(t->hdr.recording);
}

static bool has_events(const struct taken *t, int bits) { (void)bits; return t->n_events > 0; }

static bool has_date_alone(const struct taken *t, int bits)
{
    (void)bits;
    return t->hdr.start.has_date && !t->hdr.start.has_time;
}

static bool has_early_events(const struct taken *t, int bits)
{
    (void)bits;
    for (size_t i = 0; i < t->n_events; i++)
        if (t->event[i].time_ns < 0)
            return true;
    return false;
}

static bool has_rates(const struct taken *t, int bits)
{
    (void)bits;
    for (size_t i = 1; i < t->hdr.n_signals; i++)
        if (kymo_ratio_real(t->hdr.signal[i].rate) != kymo_ratio_real(t->hdr.signal[0].rate))
            return true;
    return false;
}

/* An integer below the limits of so many bits, or, where least is taken for missing, at them. */
static bool has_beyond(const struct taken *t, int bits, bool least_too)
{
    for (size_t s = 0; s < t->hdr.n_signals; s++) {
        const int64_t limit = INT64_C(1) << ((bits ? bits : 8 * (int)kymo_storage_bytes(t->hdr.signal[s].storage)) - 1);
        for (size_t i = 0; i < t->trace[s].n; i++) {
            const int32_t v = t->trace[s].digital[i];
            if (v != KYMO_MISSING && (v < -limit + least_too || v >= limit))
                return true;
        }
    }
    return false;
}

static bool has_wide(const struct taken *t, int bits) { return has_beyond(t, bits, false); }
static bool has_least(const struct taken *t, int bits) { return has_beyond(t, bits, true); }

static bool has_missing(const struct taken *t, int bits)
{
    (void)bits;
    for (size_t s = 0; s < t->hdr.n_signals; s++)
        for (size_t i = 0; i < t->trace[s].n; i++)
            if (isnan(t->trace[s].physical[i]))
                return true;
    return false;
}

/* Limits of all values of so many bits that 8 characters cannot tell. */
static bool has_odd_limits(const struct taken *t, int bits)
{
    for (size_t i = 0; i < t->hdr.n_signals; i++) {
        const struct kymo_signal *s = &t->hdr.signal[i];
        char text[2][40];
        for (int k = 0; k < 2; k++)
            snprintf(text[k], sizeof text[k], "%.15g", (ldexp(k ? 1 : -1, bits - 1) - k - s->baseline) / s->gain);
        if (strlen(text[0]) > 8 || strlen(text[1]) > 8)
            return true;
    }
    return false;
}

/* Where signal s goes on behind its sample i: -1 where sample i + 1 is the next. */
static bool breaks_after(const struct taken *t, size_t s, size_t i)
{
    const struct trace *x = &t->trace[s];
    const int64_t period = kymo_time_of(t->hdr.signal[s].rate, 1);

    return i + 1 == x->n || llabs(x->time_ns[i + 1] - x->time_ns[i] - period) > 1;
}

/* Greatest common divisor of the rates: the frames of WFDB. */
static struct kymo_ratio frame_rate(const struct taken *t)
{
    struct kymo_ratio r = t->hdr.signal[0].rate;

    for (size_t i = 1; i < t->hdr.n_signals; i++) {
        const struct kymo_ratio x = t->hdr.signal[i].rate;
        r = kymo_ratio(kymo_common_divisor(r.num * x.den, x.num * r.den), r.den * x.den);
    }
    return r;
}

/* A piece of a signal that begins or ends off the grid of rate. */
static bool has_off_grid(const struct taken *t, struct kymo_ratio rate)
{
    for (size_t s = 0; s < t->hdr.n_signals; s++) {
        const struct trace *x = &t->trace[s];
        for (size_t i = 0, from = 0; i < x->n; i++)
            if (breaks_after(t, s, i)) {
                const int64_t n = (int64_t)(i + 1 - from);
                const struct kymo_ratio mine = t->hdr.signal[s].rate;
                if (llabs(kymo_time_of(rate, kymo_index_at(rate, x->time_ns[from])) - x->time_ns[from]) > 1 ||
                    n * mine.den * rate.num % (mine.num * rate.den) != 0)
                    return true;
                from = i + 1;
            }
    }
    return false;
}

static bool has_split_frames(const struct taken *t, int bits) { (void)bits; return has_off_grid(t, frame_rate(t)); }

/* Signals of which one begins or ends apart from the others. */
static bool has_ragged_ends(const struct taken *t, int bits)
{
    (void)bits;
    for (size_t s = 1; s < t->hdr.n_signals; s++) {
        const struct trace *x = &t->trace[0], *y = &t->trace[s];
        size_t i = 0, k = 0, i0 = 0, k0 = 0;
        if ((x->n == 0) != (y->n == 0))
            return true;
        for (; i < x->n && k < y->n; i0 = ++i, k0 = ++k) {
            while (!breaks_after(t, 0, i))
                i++;
            while (!breaks_after(t, s, k))
                k++;
            const double a = (double)(i + 1 - i0) / kymo_ratio_real(t->hdr.signal[0].rate);
            const double b = (double)(k + 1 - k0) / kymo_ratio_real(t->hdr.signal[s].rate);
            if (x->time_ns[i0] != y->time_ns[k0] || fabs(a - b) > 1e-9)
                return true;
        }
        if (i < x->n || k < y->n)
            return true;
    }
    return false;
}

static bool has_ragged_frames(const struct taken *t, int bits) { return has_split_frames(t, bits) || has_ragged_ends(t, bits); }

/* ---- what a format refuses ---- */

static const struct {
    const char *formats, *words;
    bool (*has)(const struct taken *t, int bits);
    bool is_text;         /* a text, quoted where it is told of, is what it is about: no number */
} refusals[] = {
    {"csv tsv", "holds one rate", has_rates, false},
    {"csv tsv", "holds samples, not events", has_events, false},
    {"csv tsv", "of less than a sample", has_split_frames, false},
    {"wfdb", "holds real numbers", has_reals, false},
    {"wfdb", "by which format", has_least, false},
    {"wfdb", ", format ", has_wide, false},
    {"wfdb", "has a blank", has_blank_units, true},
    {"wfdb", "lies before the record", has_early_events, false},
    {"wfdb", "two of the record's frames", has_ragged_frames, false},
    {"wfdb", "ends inside a frame, or before the others", has_ragged_frames, false},
    {"wfdb", "begins inside a frame, or behind the others", has_ragged_frames, false},
    {"wfdb edf bdf", "date", has_date_alone, true},
    {"edf bdf", "is missing, which", has_missing, false},
    {"edf bdf", ", EDF holds -32768", has_wide, false},
    {"edf bdf", "BDF holds -8388608", has_wide, false},
    {"edf bdf", "holds f", has_reals, false},
    {"edf bdf", "not ASCII", has_other_letters, true},
    {"edf bdf", "characters, EDF holds", has_long_texts, false},
    {"edf bdf", "do not begin or end at one time", has_ragged_ends, false},
    {"edf", "is that of the lists of annotations", has_edf_label, true},
    {"bdf", "is that of the lists of annotations", has_bdf_label, true},
    {"edf bdf", "limits of 8 characters are off", has_odd_limits, false},
};

/* ---- copies ---- */

struct copy {
    struct warnings told;
    struct kymo_err e;
    char why[2048];
    int rc;
};

/* A WFDB record is read with one track, the first: it has a file for each. */
static struct kymo_want want_of(const struct holder *h, const struct kymo_header *origin)
{
    const bool one = strcmp(h->name, "wfdb") == 0 && origin->n_tracks > 0;

    return (struct kymo_want){.annotator = one ? origin->track[0] : NULL};
}

static void copy_to(const char *from, const struct kymo_want *want, const struct holder *to, const char *path, bool lossy,
                    struct copy *c)
{
    const struct kymo_log log = log_to(&c->told, false);
    struct kymo_reader *r;

    c->told.n = 0;
    c->e = (struct kymo_err){0};
    if (!(r = kymo_open(from, want, &c->e)))
        assert_error(&c->e, 0, "no error at all");
    struct kymo_writer *w = kymo_create_variant(kymo_format_named(to->name), to->variant, path, &r->hdr, 0, lossy, &log, &c->e);
    c->rc = w ? kymo_copy(r, w, &c->e) : (int)c->e.cause[0].code;
    kymo_err_text(&c->e, 0, c->why, sizeof c->why);
    kymo_writer_destroy(w);
    kymo_close(r);
}

/* ---- one pair ---- */

struct pair {
    const struct holder *a, *b;
    const char *path_a, *path_b, *path_c;   /* a, a as b, that as a again */
    int round;
    size_t n_refused, n_same;
};

static bool has_word(const char *list, const char *word)
{
    const char *at = strstr(list, word);

    return at && (at[strlen(word)] == ' ' || at[strlen(word)] == '\0');
}

/* Returns whether it is about a text. */
static bool assert_refusal_is_due(const struct pair *p, const struct holder *to, const struct taken *t, const struct copy *c)
{
    for (size_t i = 0; i < COUNT_OF(refusals); i++)
        if (has_word(refusals[i].formats, to->name) && strstr(c->why, refusals[i].words) && refusals[i].has(t, to->bits))
            return refusals[i].is_text;
    fail_msg("recording %d, %s %s: %s", p->round, p->a->file, to->file, c->why);
    return false;
}

/* It was done, and something was told, with a number in it. */
static void assert_told(const struct pair *p, const struct holder *to, bool in_numbers, const struct copy *c)
{
    bool found = !in_numbers && c->told.n > 0;

    if (c->rc < 0)
        fail_msg("recording %d, %s %s lossy: %s", p->round, p->a->file, to->file, c->why);
    for (int i = 0; i < c->told.n && i < (int)COUNT_OF(c->told.text); i++) {
        const char *text = strstr(c->told.text[i], ": ");
        found |= text && strpbrk(text, "0123456789");
    }
    if (!found)
        fail_msg("recording %d, %s %s: no number in \"%s\"", p->round, p->a->file, to->file, c->told.n ? c->told.text[0] : "");
}

static int64_t begin_of(const struct taken *t)
{
    int64_t least = INT64_MAX;

    for (size_t s = 0; s < t->hdr.n_signals; s++)
        if (t->trace[s].n > 0 && t->trace[s].time_ns[0] < least)
            least = t->trace[s].time_ns[0];
    return least == INT64_MAX ? 0 : least;
}

/* How far values may be apart: a hundredth of a step where a table shows integers, half of one where EDF's limits cannot
 * tell the gain (then the copy says so), else the 1e-9 of one by which a limit is taken for a decimal and what its computation
 * rounds, half of the last bit of a float that a
 * table shows, else not at all. */
static double slack(const struct pair *p, const struct kymo_signal *s, double value, bool told_off)
{
    if (s->storage == KYMO_F64)
        return 0;
    if (s->storage == KYMO_F32)
        return fabs(value) * 0x1p-24;
    if (!(p->a->keeps & p->b->keeps & INTEGERS))
        return 0.01 / fabs(s->gain);
    if (!(p->a->keeps & p->b->keeps & ZERO))
        return told_off ? 0.5000001 / fabs(s->gain) : 1e-9 / fabs(s->gain) + (fabs(value) + fabs(s->baseline / s->gain)) * 0x1p-50;
    return 0;
}

/* A table does not tell a sample that is none from one that is not there. */
static size_t skip_missing(const struct pair *p, const struct trace *x, size_t i)
{
    while (!(p->a->keeps & p->b->keeps & INTEGERS) && i < x->n && isnan(x->physical[i]))
        i++;
    return i;
}

static void assert_same_trace(const struct pair *p, size_t s, const struct taken *a, const struct taken *c, bool told_off)
{
    const struct trace *x = &a->trace[s], *y = &c->trace[s];
    const struct kymo_signal *sig = &a->hdr.signal[s];
    const bool zero = p->a->keeps & p->b->keeps & ZERO, integers = p->a->keeps & p->b->keeps & INTEGERS;
    const int64_t shift = zero ? 0 : begin_of(a) - begin_of(c);
    const int64_t slack_ns = zero && integers ? 0 : 1;   /* a table tells segments to the ns, which may be the grid's too */
    size_t i = 0, k = 0;

    for (; (i = skip_missing(p, x, i)) < x->n && (k = skip_missing(p, y, k)) < y->n; i++, k++) {
        const bool same_time = llabs(x->time_ns[i] - y->time_ns[k] - shift) <= slack_ns &&
                               (!zero || x->index[i] == y->index[k]);
        const double u = x->physical[i], v = y->physical[k];
        const bool same_value = isnan(u) ? isnan(v) : !sig->calibrated || fabs(u - v) <= slack(p, sig, u, told_off);
        if (!same_time || !same_value || (integers && !is_real(sig) && x->digital[i] != y->digital[k]))
            fail_msg("recording %d, %s %s: signal %zu, sample %zu: index %lld at %lld ns is %d %.17g, not %lld %lld %d %.17g",
                     p->round, p->a->file, p->b->file, s, i, (long long)y->index[k], (long long)y->time_ns[k], y->digital[k],
                     v, (long long)x->index[i], (long long)x->time_ns[i], x->digital[i], u);
    }
    if (i < x->n || skip_missing(p, y, k) < y->n)
        fail_msg("recording %d, %s %s: signal %zu has %zu samples, not %zu", p->round, p->a->file, p->b->file, s, y->n, x->n);
}

#define SAME(is_same, ...)                                                                                                \
    do {                                                                                                                  \
        if (!(is_same)) {                                                                                                 \
            print_error("recording %d, %s %s: ", p->round, p->a->file, p->b->file);                                      \
            fail_msg(__VA_ARGS__);                                                                                        \
        }                                                                                                                 \
    } while (0)

static void assert_same_signal(const struct pair *p, const struct kymo_signal *x, const struct kymo_signal *y)
{
    const unsigned keeps = p->a->keeps & p->b->keeps;

    SAME(x->rate.num == y->rate.num && x->rate.den == y->rate.den, "%lld/%lld Hz, not %lld/%lld", (long long)y->rate.num,
         (long long)y->rate.den, (long long)x->rate.num, (long long)x->rate.den);
    if (keeps & LABELS || (is_ascii(x->label) && is_ascii(x->unit))) {
        SAME(!*x->label || strcmp(x->label, y->label) == 0, "label \"%s\", not \"%s\"", y->label, x->label);
        SAME(!x->calibrated || strcmp(x->unit, y->unit) == 0, "unit \"%s\", not \"%s\"", y->unit, x->unit);
    }
    if (keeps & SENSORS) {
        SAME(strcmp(x->transducer, y->transducer) == 0, "transducer \"%s\", not \"%s\"", y->transducer, x->transducer);
        SAME(strcmp(x->prefilter, y->prefilter) == 0, "prefilter \"%s\", not \"%s\"", y->prefilter, x->prefilter);
    }
}

/* A note and WFDB's " are one type. */
static bool is_note(const struct kymo_event *ev) { return strcmp(ev->type, "note") == 0 || strcmp(ev->type, "\"") == 0; }

/* Of a WFDB record one track is read. */
static void assert_same_marks(const struct pair *p, const struct taken *a, const struct taken *c)
{
    const unsigned keeps = p->a->keeps & p->b->keeps;
    const int64_t shift = keeps & ZERO ? 0 : begin_of(a) - begin_of(c);
    const bool one_track = strcmp(p->b->name, "wfdb") == 0;
    size_t k = 0;

    for (size_t i = 0; i < a->n_events; i++) {
        const struct kymo_event *x = &a->event[i], *y = &c->event[k];
        if (one_track && x->track != 0)
            continue;
        SAME(k < c->n_events, "%zu events, not %zu", c->n_events, a->n_events);
        SAME(llabs(x->time_ns - y->time_ns - shift) <= !(keeps & ZERO), "event at %lld ns, not %lld", (long long)y->time_ns,
             (long long)x->time_ns);
        SAME((x->duration_ns == KYMO_UNKNOWN && !(keeps & ZERO)) || x->duration_ns == y->duration_ns,
             "duration %lld, not %lld", (long long)y->duration_ns, (long long)x->duration_ns);
        SAME((strcmp(x->type, y->type) == 0 || (is_note(x) && is_note(y))) && x->subtype == y->subtype && x->num == y->num,
             "event %s %d %d, not %s %d %d", y->type, y->subtype, y->num, x->type, x->subtype, x->num);
        SAME(strcmp(x->text, y->text) == 0, "text \"%s\", not \"%s\"", y->text, x->text);
        SAME(x->signal == y->signal, "signal %d, not %d", y->signal, x->signal);
        SAME(x->value == y->value || (isnan(x->value) && isnan(y->value)), "value %.17g, not %.17g", y->value, x->value);
        SAME(!(keeps & TRACKS) || strcmp(a->hdr.track[x->track], c->hdr.track[y->track]) == 0, "another track");
        SAME(!(keeps & INDICES) || x->sample == y->sample, "sample %lld, not %lld", (long long)y->sample, (long long)x->sample);
        k++;
    }
    SAME(k == c->n_events, "%zu events, not %zu", c->n_events, k);
}

static void assert_same_start(const struct pair *p, const struct taken *a, const struct taken *c)
{
    const struct kymo_start *x = &a->hdr.start, *y = &c->hdr.start;
    const int64_t shift = p->a->keeps & p->b->keeps & ZERO ? 0 : begin_of(a) - begin_of(c);

    if (!x->has_time)
        return;
    SAME(y->has_time && llabs(x->time_ns + shift - y->time_ns) % (86400 * KYMO_NS_PER_S) <= 1, "start %lld, not %lld",
         (long long)y->time_ns, (long long)(x->time_ns + shift));
    SAME(x->has_date == y->has_date, "the date");
}

static void assert_kept(const struct pair *p, struct taken *a, struct taken *c, bool told_off)
{
    const unsigned keeps = p->a->keeps & p->b->keeps;

    SAME(a->hdr.n_signals == c->hdr.n_signals, "%zu signals, not %zu", c->hdr.n_signals, a->hdr.n_signals);
    if (keeps & HEADER) {
        c->hdr.record = a->hdr.record;
        assert_same_header(&a->hdr, &c->hdr);
    }
    for (size_t s = 0; s < a->hdr.n_signals; s++) {
        assert_same_signal(p, &a->hdr.signal[s], &c->hdr.signal[s]);
        assert_same_trace(p, s, a, c, told_off);
    }
    if (keeps & EVENTS)
        assert_same_marks(p, a, c);
    if (keeps & START)
        assert_same_start(p, a, c);
}

static void read_whole(const char *path, const struct kymo_want *want, struct taken *t)
{
    struct kymo_err e = {0};

    if (read_path(path, want, t, &e) < 0)
        assert_error(&e, 0, "no error at all");
}

static bool tells(const struct copy *c, const char *words)
{
    for (int i = 0; i < c->told.n && i < (int)COUNT_OF(c->told.text); i++)
        if (strstr(c->told.text[i], words))
            return true;
    return false;
}

/* A table tells its rate by its times: not with rows of several rates, nor with a handful. A signal that has no sample is an
 * empty column, which could be anything. */
static bool is_no_way_back(const struct holder *h, const struct taken *t)
{
    bool few = has_rates(t, 0);

    for (size_t s = 0; s < t->hdr.n_signals; s++)
        few |= t->trace[s].n < 10;
    return few && !(h->keeps & INTEGERS);
}

static void try_pair(struct pair *p, const struct kymo_want *want, struct taken *a)
{
    const struct kymo_want back = want_of(p->b, &a->hdr);
    struct taken b, c;
    struct copy x;

    copy_to(p->path_a, want, p->b, p->path_b, false, &x);
    if (x.rc < 0) {
        const bool is_text = assert_refusal_is_due(p, p->b, a, &x);
        copy_to(p->path_a, want, p->b, p->path_b, true, &x);
        assert_told(p, p->b, !is_text, &x);
        p->n_refused++;
        return;
    }
    if (is_no_way_back(p->b, a))
        return;
    const bool told_off = tells(&x, "off by");
    read_whole(p->path_b, &back, &b);
    copy_to(p->path_b, &back, p->a, p->path_c, false, &x);
    if (x.rc < 0) {
        assert_refusal_is_due(p, p->a, &b, &x);
        p->n_refused++;
    } else {
        read_whole(p->path_c, want, &c);
        assert_kept(p, a, &c, told_off || tells(&x, "off by"));
        taken_free(&c);
        p->n_same++;
    }
    taken_free(&b);
}

/* ---- all pairs ---- */

static const char *place(const struct folder *f, char which, const struct holder *h, char path[160])
{
    char name[64];

    snprintf(name, sizeof name, "%c%s", which, h->file);
    return folder_path(f, name, path);
}

static void try_all(const struct folder *f, const struct made *m, int round, size_t count[2])
{
    struct pair p = {.round = round};
    char r[160], a[160], b[160], c[160];
    struct taken t;
    struct copy x;

    folder_path(f, "r.kymo", r);
    read_whole(r, NULL, &t);
    const size_t n_first = t.hdr.n_signals < 100 ? COUNT_OF(holders) : 1;   /* else it takes too long */
    for (size_t i = 0; i < n_first; i++) {
        const struct kymo_want want = want_of(&holders[i], &m->hdr);
        struct taken from;
        p.path_a = place(f, 'a', &holders[i], a);
        copy_to(r, NULL, &holders[i], a, true, &x);
        if (is_no_way_back(&holders[i], &t))
            continue;
        if (x.rc < 0)
            fail_msg("recording %d, %s lossy: %s", round, holders[i].file, x.why);
        p.a = &holders[i];
        read_whole(a, &want, &from);
        for (size_t k = 0; k < COUNT_OF(holders); k++) {
            p.b = &holders[k];
            p.path_b = place(f, 'b', p.b, b);
            p.path_c = place(f, 'c', p.a, c);
            try_pair(&p, &want, &from);
        }
        taken_free(&from);
    }
    taken_free(&t);
    count[0] += p.n_refused;
    count[1] += p.n_same;
}

/* In memory where there is such a place: thousands of files would wait for the disk. */
static void make_fast_folder(struct folder *f)
{
    strcpy(f->path, "/dev/shm/kymo-test-XXXXXX");
    if (!mkdtemp(f->path))
        folder_make(f);
}

static void every_pair_keeps_what_both_can_hold(void **state)
{
    const char *only = getenv("ROUND");   /* to look at one of them, or at one beyond them */
    const int n = only ? 1 : ROUNDS + (int)COUNT_OF(more_rounds);
    size_t count[2] = {0};
    struct folder f;

    (void)state;
    make_fast_folder(&f);
    for (int k = 0; k < n; k++) {
        const int round = only ? atoi(only) : k < ROUNDS ? k : more_rounds[k - ROUNDS];
        struct dice d = {(uint64_t)round};
        struct bytes stream = {0};
        struct made m;
        struct recipe r = {.n_segments = 1 + roll_below(&d, 3), .n_events = roll_below(&d, 2) * roll_below(&d, 20)};
        r.n_signals = round == 7 ? 500 : 1 + roll_below(&d, 4);
        r.may = (unsigned)(roll(&d) & roll(&d)) & MADE_ANYTHING;
        made_make(&m, &r, &d);
        made_stream(&m, &stream, &d);
        folder_put(&f, "r.kymo", stream.p, stream.n);
        try_all(&f, &m, round, count);
        bytes_free(&stream);
        made_free(&m);
    }
    assert_true(only || (count[0] > 500 && count[1] > 500));   /* neither everything nor nothing is refused */
    folder_remove(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_keeps_what_both_can_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
