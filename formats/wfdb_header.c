/* formats/wfdb_header.c - see wfdb_header.h. */
#include "formats/wfdb_header.h"

#include "lib/date.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_LINE 65536
#define DEFAULT_RATE 250
#define DEFAULT_GAIN 200
#define MOST_FRAMES (INT64_C(1) << 52)
#define MOST_SEGMENTS 1000000

/* A line of the header, its fields taken one after another. */
struct line {
    const char *file;
    int number;
    const char *text;
    size_t n;
};

struct field {
    const char *text;
    size_t n;
};

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

static struct field next_field(struct line *l)
{
    struct field f;

    while (l->n > 0 && is_blank(*l->text))
        l->text++, l->n--;
    f.text = l->text;
    while (l->n > 0 && !is_blank(*l->text))
        l->text++, l->n--;
    f.n = (size_t)(l->text - f.text);
    return f;
}

/* What stands before the first of some characters, which go from f with it. *mark is the character, 0 at the end. */
static struct field split(struct field *f, const char *marks, char *mark)
{
    struct field part = {f->text, 0};

    while (part.n < f->n && !strchr(marks, f->text[part.n]))
        part.n++;
    *mark = part.n < f->n ? f->text[part.n] : '\0';
    const size_t used = part.n + (*mark != '\0');
    f->text += used;
    f->n -= used;
    return part;
}

static int fail_field(const struct line *l, const char *what, struct field f, const char *wanted, struct kymo_err *e)
{
    return kymo_fail_at(e, KYMO_EFORMAT, l->file, l->number, "%s \"%.*s\" is not %s", what, (int)(f.n < 40 ? f.n : 40),
                        f.text, wanted);
}

static int read_int(const struct line *l, const char *what, struct field f, int64_t least, int64_t most, int64_t *value,
                    struct kymo_err *e)
{
    char wanted[64];
    int64_t v;

    if (kymo_parse_int(f.text, f.n, &v) && v >= least && v <= most) {
        *value = v;
        return 0;
    }
    snprintf(wanted, sizeof wanted, "an integer in %lld..%lld", (long long)least, (long long)most);
    return fail_field(l, what, f, wanted, e);
}

/* The next line that says something; comments before the record line are passed over. Returns 1, 0 at the end, < 0. */
static int next_line(struct kymo_input *in, struct line *l, struct kymo_err *e)
{
    int rc;

    do {
        rc = kymo_line(in, LONGEST_LINE, &l->text, &l->n, e);
        l->number++;
        l->n = rc > 0 ? kymo_trim(&l->text, l->n) : 0;
    } while (rc > 0 && (l->n == 0 || *l->text == '#'));
    return rc;
}

/* ---- the record line ---- */

/* "HH:MM:SS.sss": a start that makes no sense is unknown, not fatal. */
static int read_base_time(const struct line *l, struct field f, struct kymo_header *h, const struct kymo_log *log,
                          struct kymo_err *e)
{
    int64_t ns;

    if (f.n == 0)
        return 0;
    if (!kymo_parse_time(f.text, f.n, &ns) || ns >= 86400 * KYMO_NS_PER_S)
        return kymo_warn(log, e, l->file, l->number, "start time \"%.*s\" is no time of day: start unknown",
                         (int)(f.n < 40 ? f.n : 40), f.text);
    h->start.has_time = true;
    h->start.time_ns = ns;
    return 0;
}

static int read_base_date(const struct line *l, struct field f, struct kymo_header *h, const struct kymo_log *log,
                          struct kymo_err *e)
{
    const struct field whole = f;
    char mark;
    int64_t d, m, y;

    if (f.n == 0)
        return 0;
    const struct field day = split(&f, "/-.", &mark), month = split(&f, "/-.", &mark);
    if (!kymo_parse_int(day.text, day.n, &d) || !kymo_parse_int(month.text, month.n, &m) ||
        !kymo_parse_int(f.text, f.n, &y) || !kymo_is_date(y, m, d))
        return kymo_warn(log, e, l->file, l->number, "start date \"%.*s\" is not DD/MM/YYYY: date unknown",
                         (int)(whole.n < 40 ? whole.n : 40), whole.text);
    h->start.has_date = true;
    h->start.year = (int)y, h->start.month = (int)m, h->start.day = (int)d;
    return 0;
}

static int read_frame_rate(const struct line *l, struct field f, struct kymo_ratio *rate, struct kymo_err *e)
{
    const struct field whole = f;
    char mark;

    *rate = (struct kymo_ratio){DEFAULT_RATE, 1};
    if (f.n == 0)
        return 0;
    const struct field frames = split(&f, "/", &mark);   /* behind it the counter frequency, of use to nobody */
    double value;
    const bool exact = kymo_parse_ratio(frames.text, frames.n, rate);
    if (!exact && !(kymo_parse_real(frames.text, frames.n, &value) && kymo_ratio_near(value, rate)))   /* 0.0166666666667 */
        return fail_field(l, "sampling frequency", whole, "a number above 0", e);
    if (rate->num < 1)
        return fail_field(l, "sampling frequency", whole, "a number above 0", e);
    return 0;
}

static int read_record_line(struct line *l, struct kymo_header *h, struct wfdb_header *w, int64_t *n_signals,
                            int64_t *n_segments, const struct kymo_log *log, struct kymo_err *e)
{
    const struct field name = next_field(l), count = next_field(l), rate = next_field(l), frames = next_field(l);
    const struct field time = next_field(l), date = next_field(l);
    int rc;

    char mark;
    struct field segments = name;
    const struct field record = split(&segments, "/", &mark);
    if (mark && (rc = read_int(l, "number of segments", segments, 1, MOST_SEGMENTS, n_segments, e)) < 0)
        return rc;
    if (!(h->record = kymo_header_text(h, record.text, record.n, e)))
        return KYMO_ENOMEM;
    if ((rc = read_int(l, "number of signals", count, 0, KYMO_MAX_SIGNALS, n_signals, e)) < 0 ||
        (rc = read_frame_rate(l, rate, &w->frame_rate, e)) < 0)
        return rc;
    w->n_frames = KYMO_UNKNOWN;
    if (frames.n > 0 && (rc = read_int(l, "number of samples", frames, 0, MOST_FRAMES, &w->n_frames, e)) < 0)
        return rc;
    if (w->n_frames == 0)   /* 0 and nothing mean the same */
        w->n_frames = KYMO_UNKNOWN;
    if ((rc = read_base_time(l, time, h, log, e)) < 0)
        return rc;
    return read_base_date(l, date, h, log, e);
}

/* ---- a signal line ---- */

/* FORMAT[xSAMPLES][:SKEW][+OFFSET] */
static int read_format(const struct line *l, struct field f, struct wfdb_signal *s, struct kymo_err *e)
{
    char mark;
    int64_t value = 0;
    const struct field first = split(&f, "x:+", &mark);
    int rc = read_int(l, "signal format", first, 0, 9999, &value, e);

    s->format = (int)(rc == 0 ? value : 0);
    s->samples_per_frame = 1;
    s->skew = s->byte_offset = 0;
    while (rc == 0 && mark) {
        const char what = mark;
        const struct field part = split(&f, "x:+", &mark);
        if (what == 'x')
            rc = read_int(l, "samples per frame", part, 1, 1 << 20, &s->samples_per_frame, e);
        else if (what == ':')
            rc = read_int(l, "skew", part, 0, INT32_MAX, &s->skew, e);
        else
            rc = read_int(l, "byte offset", part, 0, INT64_MAX / 2, &s->byte_offset, e);
    }
    return rc;
}

/* GAIN[(BASELINE)][/UNITS]; *has_baseline tells whether the baseline was there. */
static int read_gain(const struct line *l, struct field f, struct kymo_header *h, struct kymo_signal *s,
                     bool *has_baseline, struct kymo_err *e)
{
    char mark = '\0';
    const struct field gain = split(&f, "(/", &mark);
    const char *unit = "mV";
    size_t n_unit = 2;
    double g = 0;
    int64_t baseline = 0;
    int rc;

    *has_baseline = mark == '(';
    if (gain.n > 0 && !kymo_parse_real(gain.text, gain.n, &g))
        return fail_field(l, "gain", gain, "a number", e);
    s->calibrated = g != 0;
    s->gain = g != 0 ? g : DEFAULT_GAIN;
    if (*has_baseline) {
        const struct field part = split(&f, ")", &mark);
        if ((rc = read_int(l, "baseline", part, INT32_MIN, INT32_MAX, &baseline, e)) < 0)
            return rc;
        s->baseline = (double)baseline;
        mark = '\0';
        if (f.n > 0 && *f.text == '/')
            split(&f, "/", &mark);
    }
    if (mark == '/' && f.n > 0)
        unit = f.text, n_unit = f.n;
    if (n_unit == 2 && memcmp(unit, "NU", 2) == 0)   /* the way to say that there is none: header(5) would take mV */
        n_unit = 0;
    return (s->unit = kymo_header_text(h, unit, n_unit, e)) ? 0 : KYMO_ENOMEM;
}

/* ADC resolution, ADC zero, initial value, checksum, block size: each may be missing from some place on. */
static int read_numbers(struct line *l, struct kymo_signal *s, struct wfdb_signal *w, bool has_baseline,
                        struct kymo_err *e)
{
    static const char *const what[] = {"ADC resolution", "ADC zero", "initial value", "checksum", "block size"};
    int64_t value[5] = {0};
    int rc = 0;

    for (int i = 0; rc == 0 && i < 5; i++) {
        const struct field f = next_field(l);
        if (f.n == 0)
            break;
        rc = read_int(l, what[i], f, INT32_MIN, INT32_MAX, &value[i], e);
        if (i == 2)
            w->initial = value[i];
        if (i == 3) {
            w->has_checksum = true;
            w->checksum = (int)value[i];
        }
    }
    if (!has_baseline)
        s->baseline = (double)value[1];
    if (value[0] > 0 && value[0] <= 32) {
        s->digital_min = (double)value[1] - ldexp(1, (int)value[0] - 1);
        s->digital_max = (double)value[1] + ldexp(1, (int)value[0] - 1) - 1;
    }
    return rc;
}

static int read_signal_line(struct line *l, struct kymo_header *h, struct wfdb_signal *w, struct kymo_err *e)
{
    struct kymo_signal *s = kymo_header_signal(h, e);
    bool has_baseline;
    char number[32];
    int rc;

    if (!s)
        return KYMO_ENOMEM;
    const struct field file = next_field(l), format = next_field(l), gain = next_field(l);
    w->line = l->number;
    if (!(w->file = kymo_header_text(h, file.text, file.n, e)))
        return KYMO_ENOMEM;
    if ((rc = read_format(l, format, w, e)) < 0 || (rc = read_gain(l, gain, h, s, &has_baseline, e)) < 0 ||
        (rc = read_numbers(l, s, w, has_baseline, e)) < 0)
        return rc;
    snprintf(number, sizeof number, "signal %zu", h->n_signals - 1);
    const size_t n = kymo_trim(&l->text, l->n);
    s->label = n > 0 ? kymo_header_text(h, l->text, n, e) : kymo_header_text(h, number, strlen(number), e);
    if (!s->label)
        return KYMO_ENOMEM;
    s->kind = kymo_kind_of(s->label, s->unit);
    return 0;
}

/* Whether an info line is a baseline of ours; then the signal has it. */
static bool take_baseline(const char *text, size_t n, struct kymo_header *h)
{
    const size_t word = sizeof WFDB_BASELINE_NOTE - 1;
    const char *colon = memchr(text, ':', n);
    int64_t i;
    double baseline;

    if (n <= word || memcmp(text, WFDB_BASELINE_NOTE, word) != 0 || !colon ||
        !kymo_parse_int(text + word, (size_t)(colon - text) - word, &i) || i < 0 || i >= (int64_t)h->n_signals ||
        !kymo_parse_real(colon + 1, n - (size_t)(colon + 1 - text), &baseline) || fabs(baseline) > INT32_MAX)
        return false;
    h->signal[i].baseline = baseline;
    return true;
}

static int read_notes(struct kymo_input *in, struct line *l, struct kymo_header *h, struct kymo_err *e)
{
    int rc;

    while ((rc = kymo_line(in, LONGEST_LINE, &l->text, &l->n, e)) > 0) {
        const size_t n = kymo_trim(&l->text, l->n);
        if (n < 2 || *l->text != '#')
            continue;
        const char *note = l->text + 1;
        const size_t length = kymo_trim(&note, n - 1);
        if (!take_baseline(note, length, h) && (rc = kymo_header_add_note(h, note, length, e)) < 0)
            return rc;
    }
    return rc;
}

/* Room for item i behind i items: doubles at powers of two. */
static void *grow(void *items, int64_t i, size_t size)
{
    return i & (i - 1) ? items : realloc(items, (size_t)(i ? 2 * i : 1) * size);
}

static int read_signals(struct kymo_input *in, struct line *l, int64_t n, struct kymo_header *h, struct wfdb_header *w,
                        struct kymo_err *e)
{
    int rc = 1;

    for (int64_t i = 0; rc > 0 && i < n; i++) {
        struct wfdb_signal *all = grow(w->signal, i, sizeof *all);
        if (!all)
            return kymo_fail(e, KYMO_ENOMEM, "no memory for %lld signals", (long long)n);
        w->signal = all;
        all[i] = (struct wfdb_signal){0};
        if ((rc = next_line(in, l, e)) == 0)
            return kymo_fail_at(e, KYMO_EFORMAT, l->file, l->number, "%lld signals announced, %lld described", (long long)n,
                                (long long)i);
        if (rc > 0)
            rc = read_signal_line(l, h, &all[i], e) < 0 ? e->cause[0].code : 1;
    }
    return rc;
}

/* Fewer segments than announced are told of and read. */
static int read_segments(struct kymo_input *in, struct line *l, int64_t n, struct kymo_header *h, struct wfdb_header *w,
                         const struct kymo_log *log, struct kymo_err *e)
{
    int rc = 1;

    for (int64_t i = 0; rc > 0 && i < n; i++) {
        struct wfdb_segment *all = grow(w->segment, i, sizeof *all);
        if (!all)
            return kymo_fail(e, KYMO_ENOMEM, "no memory for %lld segments", (long long)n);
        w->segment = all;
        if ((rc = next_line(in, l, e)) < 0)
            return rc;
        if (rc == 0)
            return kymo_warn(log, e, l->file, l->number, "%lld segments announced, %lld listed", (long long)n, (long long)i);
        const struct field name = next_field(l), frames = next_field(l);
        all[i] = (struct wfdb_segment){.name = kymo_header_text(h, name.text, name.n, e), .line = l->number};
        if (!all[i].name || read_int(l, "length of a segment", frames, 0, MOST_FRAMES, &all[i].n_frames, e) < 0)
            return e->cause[0].code;
        w->n_segments = (size_t)i + 1;
    }
    return rc;
}

int wfdb_header_read(struct kymo_input *in, struct kymo_header *h, struct wfdb_header *w, const struct kymo_log *log,
                     struct kymo_err *e)
{
    struct line l = {.file = kymo_input_name(in)};
    int64_t n_signals = 0, n_segments = 0;
    int rc = next_line(in, &l, e);

    if (rc == 0)
        return kymo_fail_at(e, KYMO_EFORMAT, l.file, l.number, "no record line");
    if (rc > 0)
        rc = read_record_line(&l, h, w, &n_signals, &n_segments, log, e);
    if (rc >= 0)
        rc = n_segments > 0 ? read_segments(in, &l, n_segments, h, w, log, e) : read_signals(in, &l, n_signals, h, w, e);
    return rc < 0 ? rc : read_notes(in, &l, h, e);
}

void wfdb_header_release(struct wfdb_header *w)
{
    free(w->signal);
    free(w->segment);
    w->signal = NULL;
    w->segment = NULL;
}
