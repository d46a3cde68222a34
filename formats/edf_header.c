/* formats/edf_header.c - see edf_header.h. */
#include "formats/edf_header.h"

#include "lib/date.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIXED_BYTES 256              /* and as many for each signal */
#define MOST_IN_RECORD (1 << 26)     /* samples of one signal in a data record */
#define FIELD_BYTES 8                /* of a field that holds a number */

/* Where a field stands: the fixed part, then for each kind of field one value of every signal. */
enum { PATIENT = 8, RECORDING = 88, DATE = 168, TIME = 176, HEADER_BYTES = 184, RESERVED = 192, RECORDS = 236,
       DURATION = 244, SIGNALS = 252 };
enum column { LABEL, TRANSDUCER, UNIT, PHYS_MIN, PHYS_MAX, DIG_MIN, DIG_MAX, PREFILTER, SAMPLES, COLUMNS };

static const struct {
    const char *name;
    size_t width, at;                /* at: sum of the widths before it */
} column[COLUMNS] = {
    [LABEL] = {"label", 16, 0}, [TRANSDUCER] = {"transducer", 80, 16}, [UNIT] = {"dimension", 8, 96},
    [PHYS_MIN] = {"physical minimum", 8, 104}, [PHYS_MAX] = {"physical maximum", 8, 112},
    [DIG_MIN] = {"digital minimum", 8, 120}, [DIG_MAX] = {"digital maximum", 8, 128},
    [PREFILTER] = {"prefilter", 80, 136}, [SAMPLES] = {"samples per record", 8, 216},
};

struct text {
    const char *p;
    size_t n;
    int64_t offset;
};

struct source {
    const char *name;                /* of the file */
    const char *bytes;
    size_t n_signals;
    const struct kymo_log *log;
};

static struct text fixed(const struct source *s, size_t at, size_t n)
{
    return (struct text){s->bytes + at, n, (int64_t)at};
}

static struct text cell(const struct source *s, enum column c, size_t i)
{
    const size_t at = FIXED_BYTES + column[c].at * s->n_signals + column[c].width * i;

    return fixed(s, at, column[c].width);
}

static int fail_text(const struct source *s, const char *name, struct text t, const char *wanted, struct kymo_err *e)
{
    t.n = kymo_trim(&t.p, t.n);
    return kymo_fail_at(e, KYMO_EFORMAT, s->name, t.offset, "%s \"%.*s\" is not %s", name, (int)(t.n < 40 ? t.n : 40), t.p,
                        wanted);
}

static int read_int(const struct source *s, const char *name, struct text t, int64_t least, int64_t most, int64_t *value,
                    struct kymo_err *e)
{
    char wanted[64];

    if (kymo_parse_int(t.p, t.n, value) && *value >= least && *value <= most)
        return 0;
    snprintf(wanted, sizeof wanted, "an integer in %lld..%lld", (long long)least, (long long)most);
    return fail_text(s, name, t, wanted, e);
}

/* t, which is at most FIELD_BYTES long, with a point where a decimal comma is. Returns whether there was one. */
static bool take_comma(struct text *t, char held[FIELD_BYTES])
{
    const char *const comma = memchr(t->p, ',', t->n);

    if (!comma)
        return false;
    memcpy(held, t->p, t->n);
    held[comma - t->p] = '.';
    t->p = held;
    return true;
}

/* ---- start ---- */

static int two_digits(const char *p)
{
    return p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9' ? -1 : 10 * (p[0] - '0') + p[1] - '0';
}

/* "Startdate 02-MAR-2002 ..." of EDF+, which alone knows years after 2084. */
static bool parse_long_date(struct text t, struct kymo_start *start)
{
    static const char word[] = "Startdate ";
    int64_t year;
    int month = 0;

    if (t.n < 21 || memcmp(t.p, word, 10) != 0 || t.p[12] != '-' || t.p[16] != '-')
        return false;
    while (month < 12 && memcmp(kymo_months + 3 * month, t.p + 13, 3) != 0)
        month++;
    const int day = two_digits(t.p + 10);
    if (month == 12 || !kymo_parse_int(t.p + 17, 4, &year) || !kymo_is_date(year, month + 1, day))
        return false;
    *start = (struct kymo_start){.has_date = true, .year = (int)year, .month = month + 1, .day = day,
                                 .has_time = start->has_time, .time_ns = start->time_ns};
    return true;
}

/* "Startdate X" of EDF+: not known. The header then has 01.01.85, and where the time is not known either 00.00.00. */
static bool is_unknown_date(const struct source *s, struct kymo_start *start)
{
    if (memcmp(s->bytes + RECORDING, "Startdate X ", 12) != 0 || memcmp(s->bytes + DATE, "01.01.85", 8) != 0)
        return false;
    start->has_time = start->time_ns != 0;
    return true;
}

/* dd.mm.yy with 1985 as the pivot: 85..99 are of the 20th century. Other separators than a dot are taken. */
static int read_date(const struct source *s, bool plus, struct kymo_start *start, struct kymo_err *e)
{
    const struct text t = fixed(s, DATE, 8);
    const int day = two_digits(t.p), month = two_digits(t.p + 3), year = two_digits(t.p + 6);

    if (plus && (parse_long_date(fixed(s, RECORDING, 80), start) || is_unknown_date(s, start)))
        return 0;
    if (year < 0 || !kymo_is_date(year + (year < 85 ? 2000 : 1900), month, day))
        return kymo_warn(s->log, e, s->name, t.offset, "start date \"%.8s\" is not a day dd.mm.yy: date unknown", t.p);
    start->has_date = true;
    start->year = year + (year < 85 ? 2000 : 1900), start->month = month, start->day = day;
    return 0;
}

static int read_time(const struct source *s, struct kymo_start *start, struct kymo_err *e)
{
    const struct text t = fixed(s, TIME, 8);
    const int hour = two_digits(t.p), minute = two_digits(t.p + 3), second = two_digits(t.p + 6);

    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
        return kymo_warn(s->log, e, s->name, t.offset, "start time \"%.8s\" is not hh.mm.ss: time unknown", t.p);
    start->has_time = true;
    start->time_ns = (hour * 3600 + minute * 60 + second) * KYMO_NS_PER_S;
    return 0;
}

/* ---- subject ---- */

/* EDF+: "code sex birthdate name", X where unknown; underscores are blanks. EDF: all of it is the id. */
static int read_subject(const struct source *s, bool plus, struct kymo_header *h, struct kymo_err *e)
{
    struct text t = fixed(s, PATIENT, 80);
    const char **part[] = {&h->subject.id, &h->subject.sex, &h->subject.birth, &h->subject.name};

    t.n = kymo_trim(&t.p, t.n);
    if (!plus)
        return (h->subject.id = kymo_header_text(h, t.p, t.n, e)) ? 0 : KYMO_ENOMEM;
    for (size_t i = 0; i < 4 && t.n > 0; i++) {
        char word[81];
        size_t n = 0;
        for (; n < t.n && t.p[n] != ' '; n++)
            word[n] = t.p[n] == '_' && i != 0 ? ' ' : t.p[n];
        if (!(n == 1 && word[0] == 'X') && !(*part[i] = kymo_header_text(h, word, n, e)))
            return KYMO_ENOMEM;
        t.p += n;
        t.n -= n;
        t.n = kymo_trim(&t.p, t.n);
    }
    return 0;
}

/* ---- signals ---- */

/* Limits that cannot be are no reason not to read: the signal is then raw. */
static int read_calibration(const struct source *s, size_t i, struct kymo_signal *sig, struct kymo_err *e)
{
    const struct text t[] = {cell(s, PHYS_MIN, i), cell(s, PHYS_MAX, i), cell(s, DIG_MIN, i), cell(s, DIG_MAX, i)};
    char held[FIELD_BYTES];
    bool comma = false;
    double v[4];

    for (int k = 0; k < 4; k++) {
        struct text number = t[k];
        comma |= take_comma(&number, held);
        if (!kymo_parse_real(number.p, number.n, &v[k]))
            return kymo_warn(s->log, e, s->name, t[k].offset, "%s of %s \"%.8s\" is not a number: raw values",
                             column[PHYS_MIN + k].name, sig->label, t[k].p);
    }
    if (comma && kymo_warn(s->log, e, s->name, t[0].offset, "limits of %s have a decimal comma, taken for a point",
                           sig->label) < 0)
        return e->cause[0].code;
    if (v[2] != v[3]) {
        sig->digital_min = v[2];
        sig->digital_max = v[3];
    }
    if (v[0] == v[1] || v[2] == v[3])
        return kymo_warn(s->log, e, s->name, t[v[0] == v[1] ? 0 : 2].offset,
                         "%s minimum and maximum of %s are both %g: raw values", v[0] == v[1] ? "physical" : "digital",
                         sig->label, v[0] == v[1] ? v[0] : v[2]);
    const double gain = (v[3] - v[2]) / (v[1] - v[0]), baseline = v[2] - v[0] * gain;
    if (!isnormal(gain) || !isfinite(baseline))
        return kymo_warn(s->log, e, s->name, t[0].offset, "limits of %s make no gain: raw values", sig->label);
    sig->calibrated = true;
    sig->gain = gain;
    sig->baseline = baseline;
    return 0;
}

static int read_signal(const struct source *s, size_t i, const struct edf_header *f, int64_t n, struct kymo_header *h,
                       struct kymo_err *e)
{
    struct kymo_signal *sig = kymo_header_signal(h, e);

    if (!sig)
        return KYMO_ENOMEM;
    const char **text[] = {&sig->label, &sig->transducer, &sig->unit, &sig->prefilter};
    static const enum column from[] = {LABEL, TRANSDUCER, UNIT, PREFILTER};
    for (int k = 0; k < 4; k++)
        if (!(*text[k] = kymo_header_text(h, cell(s, from[k], i).p, cell(s, from[k], i).n, e)))
            return KYMO_ENOMEM;
    sig->kind = kymo_kind_of(sig->label, sig->unit);
    sig->storage = f->bdf ? KYMO_I24 : KYMO_I16;
    if (f->duration.num == 0)
        return kymo_fail_at(e, KYMO_EFORMAT, s->name, DURATION, "data records of 0 s, but signal %s has samples",
                            sig->label);
    int64_t samples;   /* in duration.num seconds */
    if (__builtin_mul_overflow(n, f->duration.den, &samples) ||
        (sig->rate = kymo_ratio(samples, f->duration.num)).num > KYMO_RATIO_LIMIT)
        return fail_text(s, column[SAMPLES].name, cell(s, SAMPLES, i), "possible in records so short", e);
    return read_calibration(s, i, sig, e);
}

static int read_signals(const struct source *s, struct kymo_header *h, struct edf_header *f, struct kymo_err *e)
{
    const size_t width = f->bdf ? 3 : 2;
    int rc = 0;

    f->n_fields = s->n_signals;
    if (!(f->field = calloc(s->n_signals + 1, sizeof *f->field)))
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu signals", s->n_signals);
    for (size_t i = 0; rc == 0 && i < s->n_signals; i++) {
        struct edf_field *field = &f->field[i];
        const struct text label = cell(s, LABEL, i);
        int64_t n;
        field->is_annotations = memcmp(label.p, f->bdf ? "BDF Annotations" : "EDF Annotations", 15) == 0;
        if ((rc = read_int(s, column[SAMPLES].name, cell(s, SAMPLES, i), 1, MOST_IN_RECORD, &n, e)) < 0)
            break;
        field->n = (size_t)n;
        field->at = f->record_bytes;
        f->record_bytes += field->n * width;
        field->signal = h->n_signals;
        if (!field->is_annotations)
            rc = read_signal(s, i, f, n, h, e);
    }
    return rc;
}

/* ---- all ---- */

/* A number of records that is none is unknown, as -1 is: the file's length tells. */
static int read_records(const struct source *s, int64_t *n, struct kymo_err *e)
{
    const struct text t = fixed(s, RECORDS, 8);

    if (kymo_parse_int(t.p, t.n, n) && *n >= -1)
        return 0;
    *n = -1;
    return kymo_warn(s->log, e, s->name, t.offset, "number of data records \"%.8s\" is not a number: all that the file holds "
                     "are read", t.p);
}

static int read_fixed(struct source *s, struct kymo_header *h, struct edf_header *f, struct kymo_err *e)
{
    const struct text said = fixed(s, DURATION, 8), recording = fixed(s, RECORDING, 80);
    struct text duration = said;
    char held[FIELD_BYTES];
    int64_t n_signals;
    int rc;

    f->bdf = (unsigned char)s->bytes[0] == 0xff;
    f->plus = memcmp(s->bytes + RESERVED, "EDF+", 4) == 0 ||
              memcmp(s->bytes + RESERVED, "BDF+", 4) == 0;   /* in either kind of file: some writers mix them up */
    f->discontinuous = f->plus && s->bytes[RESERVED + 4] == 'D';
    f->ours = f->plus && memcmp(s->bytes + RESERVED + 5, " kymo ", 6) == 0;
    f->padded = f->ours && memcmp(s->bytes + RESERVED + 10, " padded ", 8) == 0;
    if ((rc = read_int(s, "number of signals", fixed(s, SIGNALS, 4), 1, 9999, &n_signals, e)) < 0 ||
        (rc = read_records(s, &f->n_records, e)) < 0)
        return rc;
    if (take_comma(&duration, held))
        rc = kymo_warn(s->log, e, s->name, said.offset, "duration of a data record \"%.8s\" has a decimal comma, taken for a "
                       "point", said.p);
    if (rc < 0)
        return rc;
    if (!kymo_parse_ratio(duration.p, duration.n, &f->duration) || f->duration.num < 0)
        return fail_text(s, "duration of a data record", said, "a number of seconds", e);
    s->n_signals = (size_t)n_signals;
    if ((rc = read_time(s, &h->start, e)) < 0 || (rc = read_date(s, f->plus, &h->start, e)) < 0 ||
        (rc = read_subject(s, f->plus, h, e)) < 0)
        return rc;
    h->recording = kymo_header_text(h, recording.p, recording.n, e);
    h->format = kymo_header_text(h, f->bdf ? "bdf" : "edf", 3, e);
    return h->recording && h->format ? 0 : KYMO_ENOMEM;
}

static int check_header_bytes(const struct source *s, size_t n, struct kymo_err *e)
{
    const struct text t = fixed(s, HEADER_BYTES, 8);
    int64_t said;

    if (kymo_parse_int(t.p, t.n, &said) && said == (int64_t)n)
        return 0;
    return kymo_warn(s->log, e, s->name, t.offset, "header length \"%.8s\" is not %zu, which %zu signals take: %zu is used",
                     t.p, n, s->n_signals, n);
}

int edf_header_read(struct kymo_input *in, struct kymo_header *h, struct edf_header *f, const struct kymo_log *log,
                    struct kymo_err *e)
{
    struct source s = {.name = kymo_input_name(in), .log = log};
    const unsigned char *p;
    ssize_t got = kymo_peek(in, FIXED_BYTES, &p, e);
    size_t n;
    int rc;

    if (got < 0)
        return (int)got;
    s.bytes = (const char *)p;
    if (got < FIXED_BYTES)
        return kymo_fail_at(e, KYMO_EFORMAT, s.name, got, "file ends inside the header");
    if ((rc = read_fixed(&s, h, f, e)) < 0)
        return rc;
    n = FIXED_BYTES * (s.n_signals + 1);
    if ((got = kymo_peek(in, n, &p, e)) < 0)
        return (int)got;
    s.bytes = (const char *)p;
    if ((size_t)got < n)
        return kymo_fail_at(e, KYMO_EFORMAT, s.name, got, "file ends inside the header of %zu signals", s.n_signals);
    if ((rc = check_header_bytes(&s, n, e)) == 0)
        rc = read_signals(&s, h, f, e);
    kymo_skip(in, n);
    return rc;
}

void edf_header_release(struct edf_header *f)
{
    free(f->field);
    f->field = NULL;
}
