/* formats/edf_check.c - judges the header of EDF, EDF+, BDF and BDF+ files, field by field.
 *
 * Sources as in edf_header.h; "EDF+ n" in comments is item n of the list "EDF+ header" of its specification. */
#include "formats/edf_check.h"

#include "lib/date.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_SIGNAL SIZE_MAX

void edf_found(struct edf_checker *k, enum kymo_severity severity, struct edf_text t, const char *fmt, ...)
{
    char field[80];
    va_list ap;

    if (k->rc < 0)
        return;
    if (t.signal == NO_SIGNAL)
        snprintf(field, sizeof field, "%s", t.name);
    else
        snprintf(field, sizeof field, "signal %zu: %s", t.signal, t.name);
    const struct kymo_finding f = {.file = k->path, .offset = t.offset, .field = field, .value = t.p ? t.p : "",
                                   .n_value = t.p ? t.n : 0, .severity = severity};
    va_start(ap, fmt);
    k->rc = kymo_vfound(k->c, &f, k->e, fmt, ap);
    va_end(ap);
}

/* ---- any field ---- */

static bool is_blank(struct edf_text t)
{
    while (t.n > 0 && t.p[t.n - 1] == ' ')
        t.n--;
    return t.n == 0;
}

/* "all header information is printable US-ASCII, byte values 32..126", "left-justified and filled out with spaces". */
static void check_text(struct edf_checker *k, struct edf_text t)
{
    size_t n = t.n, bad = 0;

    while (n > 0 && (t.p[n - 1] == '\0' || t.p[n - 1] == ' '))
        n--;
    if (memchr(t.p + n, '\0', t.n - n))
        edf_found(k, KYMO_WARNING, t, "filled out with zero bytes: fields are filled out with spaces");
    while (bad < n && (unsigned char)t.p[bad] >= 32 && (unsigned char)t.p[bad] < 127)
        bad++;
    if (bad < n) {
        struct edf_text at = t;
        at.offset += (int64_t)bad;
        edf_found(k, KYMO_WARNING, at, "byte %02X: header text is printable ASCII, bytes 20 to 7E", (unsigned char)t.p[bad]);
    }
    if (n > 0 && t.p[0] == ' ')
        edf_found(k, KYMO_WARNING, t, "begins with a space: fields are left-justified");
}

static void check_texts(struct edf_checker *k)
{
    for (int part = EDF_PATIENT; part < EDF_FIXED_PARTS; part++)
        check_text(k, edf_raw_fixed(&k->raw, (enum edf_main)part));
    for (int column = 0; column < EDF_COLUMNS; column++)
        for (size_t i = 0; i < k->raw.n_signals; i++)
            check_text(k, edf_raw_cell(&k->raw, (enum edf_cell)column, i));
}

/* A decimal number, or a finding that says why it is none. */
static bool check_real(struct edf_checker *k, struct edf_text t, double *value)
{
    if (kymo_parse_real(t.p, t.n, value))
        return true;
    edf_found(k, KYMO_ERROR, t, is_blank(t)               ? "empty: a number is required"
                                : memchr(t.p, ',', t.n)    ? "decimal comma: numbers have a decimal point, no grouping"
                                                           : "not a number");
    return false;
}

static bool check_int(struct edf_checker *k, struct edf_text t, int64_t *value)
{
    if (kymo_parse_int(t.p, t.n, value))
        return true;
    edf_found(k, KYMO_ERROR, t, is_blank(t) ? "empty: an integer is required" : "not an integer");
    return false;
}

/* ---- start, patient, recording ---- */

/* dd.mm.yy, or dd.mm.'yy' after 2084 (EDF+ 2). Returns whether it is a date; its year is in 1985..2084, 0 for 'yy'. */
static bool check_date(struct edf_checker *k, int date[3])
{
    const struct edf_text t = edf_raw_fixed(&k->raw, EDF_DATE);
    const bool late = k->raw.plus && memcmp(t.p + 6, "yy", 2) == 0;

    edf_three_numbers(t.p, date);
    date[2] = late ? 0 : date[2] < 0 ? -1 : date[2] < 85 ? 2000 + date[2] : 1900 + date[2];
    if (date[2] < 0 || !kymo_is_date(late ? 2000 : date[2], date[1], date[0])) {
        edf_found(k, KYMO_ERROR, t, "not a date dd.mm.yy; where it is unknown, 01.01.85");
        return false;
    }
    if (t.p[2] != '.' || t.p[5] != '.')
        edf_found(k, KYMO_WARNING, t, "separators other than dots: dd.mm.yy");
    return true;
}

static void check_time(struct edf_checker *k)
{
    const struct edf_text t = edf_raw_fixed(&k->raw, EDF_TIME);
    int time[3];

    edf_three_numbers(t.p, time);
    if (time[0] < 0 || time[0] > 23 || time[1] < 0 || time[1] > 59 || time[2] < 0 || time[2] > 59)
        edf_found(k, KYMO_ERROR, t, "not a time of day hh.mm.ss");
    else if (t.p[2] != '.' || t.p[5] != '.')
        edf_found(k, KYMO_WARNING, t, "separators other than dots: hh.mm.ss");
}

/* Subfields with one space between, as views of t; at most most. Returns how many there are. */
static size_t split_subfields(struct edf_text t, struct edf_text *part, size_t most)
{
    size_t n = 0;

    while (t.n > 0 && t.p[t.n - 1] == ' ')
        t.n--;
    for (size_t from = 0; from < t.n || (from == t.n && n > 0); n++) {
        const char *space = memchr(t.p + from, ' ', t.n - from);
        const size_t len = space ? (size_t)(space - t.p) - from : t.n - from;
        if (n < most) {
            part[n] = t;
            part[n].p += from;
            part[n].n = len;
            part[n].offset += (int64_t)from;
        }
        if (!space) {
            n++;
            break;
        }
        from += len + 1;
    }
    return n;
}

static bool is_x(struct edf_text t) { return t.n == 1 && *t.p == 'X'; }

/* None empty, and at least four of them (EDF+ 3, 4). */
static bool check_subfields(struct edf_checker *k, struct edf_text t, struct edf_text part[4], const char *wanted)
{
    const size_t n = split_subfields(t, part, 4);

    for (size_t i = 0; i < 4 && i < n; i++)
        if (part[i].n == 0) {
            edf_found(k, KYMO_ERROR, t, "an empty subfield: EDF+ has %s, X where unknown, one space between", wanted);
            return false;
        }
    if (n < 4)
        edf_found(k, KYMO_ERROR, t, "%zu of 4 subfields: EDF+ has %s, X where unknown, _ for spaces", n, wanted);
    return n >= 4;
}

static void check_patient(struct edf_checker *k)
{
    const struct edf_text t = edf_raw_fixed(&k->raw, EDF_PATIENT);
    struct edf_text part[4];
    int day, year;

    if (!check_subfields(k, t, part, "code, sex, birthdate, name"))
        return;
    if (!is_x(part[1]) && !(part[1].n == 1 && (*part[1].p == 'F' || *part[1].p == 'M')))
        edf_found(k, KYMO_ERROR, part[1], "the sex in EDF+ is F, M or X");
    if (!is_x(part[2]) && edf_long_date(part[2].p, part[2].n, &day, &year) == 0)
        edf_found(k, KYMO_ERROR, part[2], "the birthdate in EDF+ is dd-MMM-yyyy with English capitals, or X");
}

static void check_recording(struct edf_checker *k, const int date[3], bool has_date)
{
    const struct edf_text t = edf_raw_fixed(&k->raw, EDF_RECORDING);
    struct edf_text part[4];
    int day, year;

    if (memcmp(t.p, "Startdate ", 10) != 0) {
        edf_found(k, KYMO_ERROR, t, "EDF+ begins it with Startdate and dd-MMM-yyyy or X");
        return;
    }
    struct edf_text rest = t;
    rest.p += 10, rest.n -= 10, rest.offset += 10;
    split_subfields(rest, part, 4);
    const bool has_long = !is_x(part[0]);
    const int month = has_long ? edf_long_date(part[0].p, part[0].n, &day, &year) : 0;
    if (has_long && month == 0)
        edf_found(k, KYMO_ERROR, part[0], "the Startdate of EDF+ is dd-MMM-yyyy with English capitals, or X");
    else if (has_long && has_date && (day != date[0] || month != date[1] || (date[2] != 0 ? year != date[2] : year < 2085)))
        edf_found(k, KYMO_ERROR, part[0], "not the start date %02d.%02d.%.2s of the header", date[0], date[1],
                  edf_raw_fixed(&k->raw, EDF_DATE).p + 6);
    check_subfields(k, rest, part, "Startdate, then date, hospital code, technician, equipment");
}

/* ---- the fixed part ---- */

static void check_version(struct edf_checker *k)
{
    const struct edf_text t = edf_raw_fixed(&k->raw, EDF_VERSION);

    if (k->raw.bdf ? memcmp(t.p, "\xff" "BIOSEMI", 8) != 0 : memcmp(t.p, "0       ", 8) != 0)
        edf_found(k, KYMO_ERROR, t, "not the mark of %s", k->raw.bdf ? "BDF, FF BIOSEMI" : "EDF, 0 and seven spaces");
}

static void check_reserved(struct edf_checker *k)
{
    const struct edf_text t = edf_raw_fixed(&k->raw, EDF_RESERVED);
    const char *const own = k->raw.bdf ? "BDF+" : "EDF+";

    if (k->raw.plus && t.p[4] != 'C' && t.p[4] != 'D')
        edf_found(k, KYMO_ERROR, t, "neither %sC (continuous) nor %sD (with gaps)", own, own);
    else if (k->raw.bdf && memcmp(t.p, k->raw.plus ? "BDF+" : "24BIT", 4) != 0)
        edf_found(k, KYMO_WARNING, t, "a BDF file says 24BIT, BDF+C or BDF+D here");
    else if (!k->raw.bdf && k->raw.plus && memcmp(t.p, "EDF+", 4) != 0)
        edf_found(k, KYMO_WARNING, t, "a file of 16 bits says EDF+C or EDF+D here");
    else if (!k->raw.bdf && !k->raw.plus && !is_blank(t))
        edf_found(k, KYMO_NOTE, t, "not empty, and neither EDF+C nor EDF+D");
}

static void check_header_bytes(struct edf_checker *k)
{
    const struct edf_text t = edf_raw_fixed(&k->raw, EDF_HEADER_BYTES);
    const int64_t real = (int64_t)(EDF_FIXED_BYTES * (k->raw.n_signals + 1));
    int64_t said;

    if (check_int(k, t, &said) && k->raw.n_signals > 0 && said != real)
        edf_found(k, KYMO_ERROR, t, "not 256 + 256 x number of signals = %lld", (long long)real);
}

static void check_duration(struct edf_checker *k)
{
    const struct edf_text t = edf_raw_fixed(&k->raw, EDF_DURATION);
    double seconds;
    size_t ordinary = 0;

    for (size_t i = 0; i < k->raw.n_signals; i++)
        ordinary += !edf_raw_is_annotations(&k->raw, i);
    if (!check_real(k, t, &seconds))
        return;
    if (seconds < 0)
        edf_found(k, KYMO_ERROR, t, "negative");
    else if (seconds == 0 && ordinary > 0)
        edf_found(k, KYMO_ERROR, t, "0 s, but there are signals: only files of nothing but annotations may have 0");
}

static void check_counts(struct edf_checker *k)
{
    const struct edf_text records = edf_raw_fixed(&k->raw, EDF_RECORDS), signals = edf_raw_fixed(&k->raw, EDF_SIGNALS);
    int64_t n;

    if (check_int(k, records, &n)) {
        if (n < -1)
            edf_found(k, KYMO_ERROR, records, "negative");
        else if (n == -1)
            edf_found(k, KYMO_WARNING, records, "-1 is for files that are still being recorded");
    }
    if (check_int(k, signals, &n) && n < 1)
        edf_found(k, KYMO_ERROR, signals, "no signals: there is at least one");
}

/* ---- signals ---- */

/* The same for all annotation signals (EDF+ 2.2.1): what stands where, so that old readers survive. */
static void check_annotation_signal(struct edf_checker *k, size_t i)
{
    static const enum edf_cell empty[] = {EDF_TRANSDUCER, EDF_UNIT, EDF_PREFILTER};
    const struct edf_text low = edf_raw_cell(&k->raw, EDF_DIG_MIN, i), high = edf_raw_cell(&k->raw, EDF_DIG_MAX, i);
    int64_t v;

    for (size_t c = 0; c < sizeof empty / sizeof *empty; c++)
        if (!is_blank(edf_raw_cell(&k->raw, empty[c], i)))
            edf_found(k, KYMO_WARNING, edf_raw_cell(&k->raw, empty[c], i), "of an annotation signal it is empty");
    if (check_int(k, low, &v) && v != edf_raw_least(&k->raw))
        edf_found(k, KYMO_ERROR, low, "of an annotation signal it is %lld", (long long)edf_raw_least(&k->raw));
    if (check_int(k, high, &v) && v != edf_raw_most(&k->raw))
        edf_found(k, KYMO_ERROR, high, "of an annotation signal it is %lld", (long long)edf_raw_most(&k->raw));
}

static void check_digital(struct edf_checker *k, size_t i)
{
    const struct edf_text low = edf_raw_cell(&k->raw, EDF_DIG_MIN, i), high = edf_raw_cell(&k->raw, EDF_DIG_MAX, i);
    const int bits = k->raw.bdf ? 24 : 16;
    int64_t min = 0, max = 0;
    const bool has_min = check_int(k, low, &min), has_max = check_int(k, high, &max);

    if (has_min && (min < edf_raw_least(&k->raw) || min > edf_raw_most(&k->raw)))
        edf_found(k, KYMO_ERROR, low, "no integer of %d bits", bits);
    if (has_max && (max < edf_raw_least(&k->raw) || max > edf_raw_most(&k->raw)))
        edf_found(k, KYMO_ERROR, high, "no integer of %d bits", bits);
    if (has_min && has_max && min >= max)
        edf_found(k, KYMO_ERROR, high, "not above the digital minimum %lld", (long long)min);
}

static void check_physical(struct edf_checker *k, size_t i)
{
    const struct edf_text low = edf_raw_cell(&k->raw, EDF_PHYS_MIN, i), high = edf_raw_cell(&k->raw, EDF_PHYS_MAX, i);
    double min, max;
    const bool has_min = check_real(k, low, &min), has_max = check_real(k, high, &max);

    if (has_min && has_max && min == max)
        edf_found(k, KYMO_ERROR, high, "equal to the physical minimum: no gain; of an uncalibrated signal only the dimension "
                  "is empty");
}

/* BioSemi: Status is a signal of 24 bits, triggers in the lowest 16. */
static void check_status(struct edf_checker *k, size_t i)
{
    const struct edf_text low = edf_raw_cell(&k->raw, EDF_DIG_MIN, i), high = edf_raw_cell(&k->raw, EDF_DIG_MAX, i);
    int64_t min, max;

    if (!kymo_parse_int(low.p, low.n, &min) || !kymo_parse_int(high.p, high.n, &max))
        return;
    if (min != -8388608 || max != 8388607)
        edf_found(k, KYMO_WARNING, min != -8388608 ? low : high, "Status has all 24 bits: -8388608..8388607");
}

static void check_signal(struct edf_checker *k, size_t i)
{
    const struct edf_text label = edf_raw_cell(&k->raw, EDF_LABEL, i), samples = edf_raw_cell(&k->raw, EDF_SAMPLES, i);
    int64_t n;

    check_physical(k, i);
    if (edf_raw_is_annotations(&k->raw, i)) {
        check_annotation_signal(k, i);
    } else {
        check_digital(k, i);
        if (is_blank(label))
            edf_found(k, KYMO_NOTE, label, "no label");
        if (is_blank(edf_raw_cell(&k->raw, EDF_UNIT, i)))
            edf_found(k, KYMO_NOTE, edf_raw_cell(&k->raw, EDF_UNIT, i), "no dimension: the signal is uncalibrated");
        if (k->raw.bdf && memcmp(label.p, "Status  ", 8) == 0)
            check_status(k, i);
    }
    if (check_int(k, samples, &n) && n < 1)
        edf_found(k, KYMO_ERROR, samples, "less than 1");
}

/* Labels in order of their text, equal ones in that of the file. */
static int compare_labels(const void *a, const void *b)
{
    const struct edf_text *x = a, *y = b;
    const int order = memcmp(x->p, y->p, x->n);

    return order ? order : (x->signal > y->signal) - (x->signal < y->signal);
}

static int check_duplicates(struct edf_checker *k)
{
    const size_t n = k->raw.n_signals;
    struct edf_text *label = calloc(n, sizeof *label);

    if (!label)
        return kymo_fail(k->e, KYMO_ENOMEM, "no memory for %zu labels", n);
    for (size_t i = 0; i < n; i++)
        label[i] = edf_raw_cell(&k->raw, EDF_LABEL, i);
    qsort(label, n, sizeof *label, compare_labels);
    for (size_t i = 1; i < n; i++)
        if (memcmp(label[i].p, label[i - 1].p, label[i].n) == 0 && !is_blank(label[i]) &&
            !edf_raw_is_annotations(&k->raw, label[i].signal))
            edf_found(k, KYMO_NOTE, label[i], "also the label of signal %zu", label[i - 1].signal);
    free(label);
    return 0;
}

/* What EDF+ asks of a file with annotations, and of one that says that it is such. */
static void check_annotations(struct edf_checker *k)
{
    const struct edf_text reserved = edf_raw_fixed(&k->raw, EDF_RESERVED);
    const char *const own = k->raw.bdf ? "BDF" : "EDF";
    size_t n = 0, first = NO_SIGNAL;

    for (size_t i = 0; i < k->raw.n_signals; i++)
        if (edf_raw_is_annotations(&k->raw, i)) {
            first = first == NO_SIGNAL ? i : first;
            n++;
        }
    if (k->raw.plus && n == 0)
        edf_found(k, KYMO_ERROR, reserved, "%s+ has at least one signal labelled %s Annotations", own, own);
    if (!k->raw.plus && n > 0)
        edf_found(k, KYMO_WARNING, reserved, "signal %zu has annotations: the file says %s+C or %s+D here", first, own, own);
}

/* ---- all ---- */

static int check_header(struct edf_checker *k)
{
    int date[3];

    check_version(k);
    check_texts(k);
    const bool has_date = check_date(k, date);
    check_time(k);
    if (k->raw.plus) {
        check_patient(k);
        check_recording(k, date, has_date);
    }
    check_header_bytes(k);
    check_reserved(k);
    check_counts(k);
    check_duration(k);
    for (size_t i = 0; i < k->raw.n_signals; i++)
        check_signal(k, i);
    if (k->raw.record_bytes > EDF_RECORD_BYTES)
        edf_found(k, KYMO_NOTE, (struct edf_text){.name = "data record", .offset = -1, .signal = NO_SIGNAL},
                  "%zu bytes: the specification recommends at most %d", k->raw.record_bytes, EDF_RECORD_BYTES);
    check_annotations(k);
    return k->raw.n_signals > 0 ? check_duplicates(k) : 0;
}

/* Whether it is, as far as can be told. */
static void check_is_whole(struct edf_checker *k)
{
    struct edf_text at = {.name = "header", .offset = (int64_t)k->raw.n, .signal = NO_SIGNAL};
    int64_t n;

    if (k->raw.whole)
        return;
    if (k->raw.n < EDF_FIXED_BYTES) {
        edf_found(k, KYMO_ERROR, at, "the file ends inside the header of 256 bytes");
    } else {
        const struct edf_text signals = edf_raw_fixed(&k->raw, EDF_SIGNALS);
        if (kymo_parse_int(signals.p, signals.n, &n) && n > 0)
            edf_found(k, KYMO_ERROR, at, "the file ends inside the header of %lld signals", (long long)n);
    }
}

int edf_check(struct kymo_input *in, const char *path, struct kymo_check *c, struct kymo_err *e)
{
    struct edf_checker k = {.path = path, .c = c, .e = e};
    int rc = edf_raw_read(in, &k.raw, e);

    if (rc == 0)
        check_is_whole(&k);
    if (rc == 0 && k.raw.n >= EDF_FIXED_BYTES)
        rc = check_header(&k);
    if (rc == 0 && k.raw.record_bytes > 0)
        edf_check_records(&k, in);
    edf_raw_release(&k.raw);
    return rc < 0 ? rc : k.rc;
}
