/* formats/edf_fix.c - writes a copy of an EDF or BDF file with its header repaired.
 *
 * Samples and annotations are copied as they are; a piece of a data record at the end is left out. What the bytes of the file
 * do not tell is not invented: limits that are no numbers stay, and kymo check says so of the copy. */
#include "formats/edf_check.h"
#include "lib/date.h"
#include "lib/output.h"

#include <stdio.h>
#include <string.h>

#define COPY_BYTES (1 << 18)

struct fixer {
    struct edf_checker k;            /* its raw header is repaired in place */
    int64_t n_records;               /* whole ones in the file */
};

/* Puts text into the field t, where it is not that already. text fits, or else its end is lost. */
static void set_field(struct fixer *x, struct edf_text t, const char *text, const char *why)
{
    char field[96], now[88];
    const size_t n = strnlen(text, t.n);

    memset(field, ' ', sizeof field);
    memcpy(field, text, n);
    if (memcmp(field, t.p, t.n) == 0)
        return;
    kymo_show_bytes(field, t.n, now, sizeof now);
    edf_found(&x->k, KYMO_FIXED, t, "now \"%s\": %s", now, why);
    memcpy(x->k.raw.bytes + t.offset, field, t.n);
}

static void set_int(struct fixer *x, struct edf_text t, int64_t value, const char *why)
{
    char text[24];
    int64_t there;

    if (kymo_parse_int(t.p, t.n, &there) && there == value)
        return;
    snprintf(text, sizeof text, "%lld", (long long)value);
    set_field(x, t, text, why);
}

/* ---- text ---- */

/* A letter of latin-1 without its accent, or the nearest thing that ASCII has. */
static char plain_letter(unsigned char latin)
{
    static const char letters[] = "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty";

    return latin >= 0xc0 ? letters[latin - 0xc0] : latin == 0xb5 ? 'u' : '?';
}

/* The text of a field in printable ASCII, from its first character that is no blank. */
static void make_plain(struct edf_text t, char *out)
{
    size_t n = 0;

    while (t.n > 0 && (t.p[t.n - 1] == '\0' || t.p[t.n - 1] == ' '))
        t.n--;
    for (size_t i = 0; i < t.n; i++) {
        const unsigned char byte = (unsigned char)t.p[i], next = i + 1 < t.n ? (unsigned char)t.p[i + 1] : 0;
        if ((byte == 0xc2 || byte == 0xc3) && next >= 0x80 && next < 0xc0) {   /* the same letters in UTF-8 */
            out[n++] = plain_letter((unsigned char)(next + (byte == 0xc3 ? 0x40 : 0)));
            i++;
        } else if (byte == 0xce && next == 0xbc) {                             /* Greek mu */
            out[n++] = 'u';
            i++;
        } else if (byte < 32 || byte == 127) {
            out[n++] = ' ';
        } else {
            out[n++] = byte < 127 ? (char)byte : plain_letter(byte);
        }
    }
    out[n] = '\0';
    const size_t blank = strspn(out, " ");
    memmove(out, out + blank, n - blank + 1);
}

static void fix_text(struct fixer *x, struct edf_text t)
{
    char plain[96];

    make_plain(t, plain);
    set_field(x, t, plain, "printable ASCII from the left, filled out with spaces");
}

static void fix_texts(struct fixer *x)
{
    const struct edf_raw *raw = &x->k.raw;

    for (int part = EDF_PATIENT; part < EDF_FIXED_PARTS; part++)
        fix_text(x, edf_raw_fixed(raw, (enum edf_main)part));
    for (int column = 0; column < EDF_COLUMNS; column++)
        for (size_t i = 0; i < raw->n_signals; i++)
            fix_text(x, edf_raw_cell(raw, (enum edf_cell)column, i));
}

static void fix_comma(struct fixer *x, struct edf_text t)
{
    char text[16] = "";
    char *comma;
    double value;

    memcpy(text, t.p, t.n < sizeof text ? t.n : sizeof text - 1);
    if (kymo_parse_real(text, t.n, &value) || !(comma = strchr(text, ',')))
        return;
    *comma = '.';
    if (kymo_parse_real(text, t.n, &value))
        set_field(x, t, text, "decimal point instead of a comma");
}

/* ---- start, patient, recording ---- */

static bool has_plus_date(const struct fixer *x, int *day, int *month, int *year)
{
    const struct edf_text t = edf_raw_fixed(&x->k.raw, EDF_RECORDING);

    return x->k.raw.plus && memcmp(t.p, "Startdate ", 10) == 0 && (*month = edf_long_date(t.p + 10, 11, day, year)) > 0;
}

static void fix_date(struct fixer *x)
{
    const struct edf_text t = edf_raw_fixed(&x->k.raw, EDF_DATE);
    int date[3], day, month, year;
    char text[16];

    edf_three_numbers(t.p, date);
    const bool late = x->k.raw.plus && memcmp(t.p + 6, "yy", 2) == 0;
    const bool ok = kymo_is_date(late || date[2] < 0 ? 2000 : date[2] < 85 ? 2000 + date[2] : 1900 + date[2], date[1], date[0]);
    if (has_plus_date(x, &day, &month, &year) && !(ok && (late || date[2] >= 0))) {
        snprintf(text, sizeof text, year < 1985 || year > 2084 ? "%02d.%02d.yy" : "%02d.%02d.%02d", day % 100, month % 100,
                 year % 100);
        set_field(x, t, text, "the date of the recording field");
    } else if (ok && (late || date[2] >= 0)) {
        snprintf(text, sizeof text, "%.2s.%.2s.%.2s", t.p, t.p + 3, t.p + 6);
        set_field(x, t, text, "dots between");
    } else {
        set_field(x, t, "01.01.85", "no date: the one that stands for unknown");
    }
}

static void fix_time(struct fixer *x)
{
    const struct edf_text t = edf_raw_fixed(&x->k.raw, EDF_TIME);
    int time[3];
    char text[16];

    edf_three_numbers(t.p, time);
    snprintf(text, sizeof text, "%.2s.%.2s.%.2s", t.p, t.p + 3, t.p + 6);
    if (time[0] < 0 || time[0] > 23 || time[1] < 0 || time[1] > 59 || time[2] < 0 || time[2] > 59)
        set_field(x, t, "00.00.00", "no time of day");
    else
        set_field(x, t, text, "dots between");
}

/* What makes text[80] four subfields or more that EDF+ allows: "X X X the_text" where it is something else. */
static void fix_subfields(struct fixer *x, struct edf_text t, const char *before)
{
    char text[96];
    size_t n = t.n;

    while (n > 0 && t.p[n - 1] == ' ')
        n--;
    const int made = snprintf(text, sizeof text, "%s%.*s", before, (int)n, t.p);
    for (int i = (int)strlen(before); i < made && i < (int)sizeof text; i++)
        text[i] = text[i] == ' ' ? '_' : text[i];
    if (n == 0)
        snprintf(text, sizeof text, "%sX", before);
    if (strlen(text) <= t.n)
        set_field(x, t, text, "subfields of EDF+, X where unknown");
}

/* How many subfields, none of them empty; 0 where one is. */
static size_t count_subfields(struct edf_text t)
{
    size_t n = 0;

    while (t.n > 0 && t.p[t.n - 1] == ' ')
        t.n--;
    for (size_t i = 0; i < t.n; i++) {
        if (t.p[i] == ' ' && (i == 0 || t.p[i - 1] == ' '))
            return 0;
        n += i == 0 || t.p[i - 1] == ' ';
    }
    return n;
}

static void fix_patient(struct fixer *x)
{
    const struct edf_text t = edf_raw_fixed(&x->k.raw, EDF_PATIENT);
    char sex = ' ', birth[16] = "";
    int day, year;

    if (count_subfields(t) >= 4) {
        const char *second = (const char *)memchr(t.p, ' ', t.n) + 1, *third = strchr(second, ' ') + 1;
        sex = third - second == 2 ? *second : ' ';
        snprintf(birth, sizeof birth, "%.*s", (int)strcspn(third, " "), third);
    }
    const bool has_birth = strcmp(birth, "X") == 0 || edf_long_date(birth, strlen(birth), &day, &year) > 0;
    if (!has_birth || !(sex == 'F' || sex == 'M' || sex == 'X'))
        fix_subfields(x, t, "X X X ");
}

static void fix_recording(struct fixer *x)
{
    const struct edf_text t = edf_raw_fixed(&x->k.raw, EDF_RECORDING), date = edf_raw_fixed(&x->k.raw, EDF_DATE);
    int day, month, year, number[3];
    char text[96], start[16] = "X";

    edf_three_numbers(date.p, number);
    if (number[2] >= 0 && number[1] >= 1 && memcmp(date.p, "01.01.85", 8) != 0)
        snprintf(start, sizeof start, "%02d-%.3s-%d", number[0] % 100, kymo_months + 3 * (number[1] - 1),
                 number[2] % 100 + (number[2] < 85 ? 2000 : 1900));
    const bool unknown = memcmp(t.p, "Startdate X ", 12) == 0, has_date = has_plus_date(x, &day, &month, &year);
    if (has_date && number[2] >= 0 &&
        (day != number[0] || month != number[1] || year != number[2] + (number[2] < 85 ? 2000 : 1900))) {
        snprintf(text, sizeof text, "Startdate %s%.*s", start, 59, t.p + 21);
        set_field(x, t, text, "the start date of the header");
    }
    if ((unknown || has_date) && count_subfields(t) >= 5)
        return;
    if (unknown || has_date) {   /* too few of them */
        size_t n = t.n;
        while (n > 0 && t.p[n - 1] == ' ')
            n--;
        snprintf(text, sizeof text, "%.*s X X X", (int)n, t.p);
        if (n + 6 <= t.n)
            set_field(x, t, text, "subfields of EDF+, X where unknown");
    } else {
        snprintf(text, sizeof text, "Startdate %s X X ", start);
        fix_subfields(x, t, text);
    }
}

/* ---- numbers ---- */

static void fix_version(struct fixer *x)
{
    set_field(x, edf_raw_fixed(&x->k.raw, EDF_VERSION), x->k.raw.bdf ? "\xff" "BIOSEMI" : "0", "the mark of the format");
}

static void fix_reserved(struct fixer *x)
{
    const struct edf_raw *raw = &x->k.raw;
    const struct edf_text t = edf_raw_fixed(raw, EDF_RESERVED);

    if (raw->plus && t.p[4] != 'C' && t.p[4] != 'D')
        set_field(x, t, raw->bdf ? "BDF+C" : "EDF+C", "continuous");
    else if (raw->plus && memcmp(t.p, raw->bdf ? "BDF+" : "EDF+", 4) != 0)
        set_field(x, t, raw->bdf ? raw->discontinuous ? "BDF+D" : "BDF+C" : raw->discontinuous ? "EDF+D" : "EDF+C",
                  "the mark of files of so many bits");
    else if (raw->bdf && !raw->plus && memcmp(t.p, "24BIT", 5) != 0)
        set_field(x, t, "24BIT", "what BDF says here");
}

static void fix_counts(struct fixer *x)
{
    const struct edf_raw *raw = &x->k.raw;

    set_int(x, edf_raw_fixed(raw, EDF_HEADER_BYTES), (int64_t)(EDF_FIXED_BYTES * (raw->n_signals + 1)),
            "256 + 256 x number of signals");
    set_int(x, edf_raw_fixed(raw, EDF_RECORDS), x->n_records, "the whole data records that the file holds");
}

/* Minimum above maximum: both pairs of limits change places, which leaves the calibration as it is. */
static void swap_limits(struct fixer *x, size_t i)
{
    static const enum edf_cell pair[][2] = {{EDF_DIG_MIN, EDF_DIG_MAX}, {EDF_PHYS_MIN, EDF_PHYS_MAX}};

    for (int k = 0; k < 2; k++) {
        const struct edf_text low = edf_raw_cell(&x->k.raw, pair[k][0], i), high = edf_raw_cell(&x->k.raw, pair[k][1], i);
        char was_low[16] = "", was_high[16] = "";
        memcpy(was_low, low.p, low.n);
        memcpy(was_high, high.p, high.n);
        set_field(x, low, was_high, "limits in order, with the same calibration");
        set_field(x, high, was_low, "limits in order, with the same calibration");
    }
}

/* Without a gain the values are the stored integers, and an empty dimension says so. */
static void make_uncalibrated(struct fixer *x, size_t i, int64_t min, int64_t max)
{
    const char *const why = "uncalibrated: physical are digital limits, no dimension";

    set_int(x, edf_raw_cell(&x->k.raw, EDF_PHYS_MIN, i), min, why);
    set_int(x, edf_raw_cell(&x->k.raw, EDF_PHYS_MAX, i), max, why);
    set_field(x, edf_raw_cell(&x->k.raw, EDF_UNIT, i), "", why);
}

static void fix_limits(struct fixer *x, size_t i)
{
    const struct edf_raw *raw = &x->k.raw;
    const struct edf_text t[] = {edf_raw_cell(raw, EDF_PHYS_MIN, i), edf_raw_cell(raw, EDF_PHYS_MAX, i),
                                 edf_raw_cell(raw, EDF_DIG_MIN, i), edf_raw_cell(raw, EDF_DIG_MAX, i)};
    const int64_t least = edf_raw_least(raw), most = edf_raw_most(raw);
    double v[4];

    for (int k = 0; k < 4; k++) {
        fix_comma(x, t[k]);
        if (!kymo_parse_real(t[k].p, t[k].n, &v[k]))
            return;
    }
    if (edf_raw_is_annotations(raw, i)) {
        set_int(x, t[2], least, "what annotation signals have");
        set_int(x, t[3], most, "what annotation signals have");
        if (v[0] == v[1])
            set_field(x, t[0], "-1", "different limits"), set_field(x, t[1], "1", "different limits");
        return;
    }
    if (v[2] < (double)least || v[2] > (double)most || v[3] < (double)least || v[3] > (double)most)
        return;   /* no limits that could be kept, or put in their place */
    if (v[2] == v[3]) {
        set_int(x, t[2], least, "all values that a sample can have");
        set_int(x, t[3], most, "all values that a sample can have");
        make_uncalibrated(x, i, least, most);
    } else {
        if (v[2] > v[3])
            swap_limits(x, i);
        if (v[0] == v[1])
            make_uncalibrated(x, i, (int64_t)(v[2] < v[3] ? v[2] : v[3]), (int64_t)(v[2] < v[3] ? v[3] : v[2]));
    }
}

static void fix_annotation_texts(struct fixer *x, size_t i)
{
    static const enum edf_cell empty[] = {EDF_TRANSDUCER, EDF_UNIT, EDF_PREFILTER};

    for (size_t c = 0; c < sizeof empty / sizeof *empty && edf_raw_is_annotations(&x->k.raw, i); c++)
        set_field(x, edf_raw_cell(&x->k.raw, empty[c], i), "", "empty in annotation signals");
}

/* ---- all ---- */

static void fix_header(struct fixer *x)
{
    fix_version(x);
    fix_texts(x);
    fix_date(x);
    fix_time(x);
    fix_reserved(x);
    if (x->k.raw.plus) {
        fix_patient(x);
        fix_recording(x);
    }
    fix_comma(x, edf_raw_fixed(&x->k.raw, EDF_DURATION));
    fix_counts(x);
    for (size_t i = 0; i < x->k.raw.n_signals; i++) {
        fix_limits(x, i);
        fix_annotation_texts(x, i);
    }
}

static int copy_records(struct fixer *x, struct kymo_input *in, struct kymo_output *out)
{
    int64_t left = x->n_records * (int64_t)x->k.raw.record_bytes;
    const unsigned char *p;

    while (left > 0) {
        const ssize_t got = kymo_peek(in, left < COPY_BYTES ? (size_t)left : COPY_BYTES, &p, x->k.e);
        if (got <= 0)
            return got < 0 ? (int)got : kymo_fail_at(x->k.e, KYMO_EIO, x->k.path, kymo_offset(in),
                                                     "the file became shorter while it was read");
        const int rc = kymo_put(out, p, (size_t)got, x->k.e);
        if (rc < 0)
            return rc;
        kymo_skip(in, (size_t)got);
        left -= got;
    }
    return 0;
}

static void tell_of_rest(struct fixer *x, struct kymo_input *in)
{
    const int64_t end = kymo_offset(in), rest = kymo_input_size(in) - end;
    const struct edf_text t = {.name = "data records", .offset = end, .signal = SIZE_MAX};

    if (rest > 0)
        edf_found(&x->k, KYMO_FIXED, t, "%lld byte%s behind the last whole data record left out", (long long)rest,
                  rest == 1 ? "" : "s");
}

static int write_copy(struct fixer *x, struct kymo_input *in, struct kymo_output *out)
{
    const int64_t from = kymo_offset(in);

    x->n_records = (kymo_input_size(in) - from) / (int64_t)x->k.raw.record_bytes;
    fix_header(x);
    int rc = x->k.rc;
    if (rc == 0)
        rc = kymo_put(out, x->k.raw.bytes, x->k.raw.n, x->k.e);
    if (rc == 0)
        rc = copy_records(x, in, out);
    if (rc == 0) {
        tell_of_rest(x, in);
        rc = x->k.rc;
    }
    return rc < 0 ? rc : kymo_output_finish(out, x->k.e);
}

int edf_fix(struct kymo_input *in, const char *path, const char *copy, struct kymo_check *c, struct kymo_err *e)
{
    struct fixer x = {.k = {.path = path, .c = c, .e = e}};
    struct kymo_output *out = NULL;
    int rc = edf_raw_read(in, &x.k.raw, e);

    if (rc == 0 && kymo_input_size(in) < 0)
        rc = kymo_fail_at(e, KYMO_EUSAGE, path, -1, "only a file can be repaired: its length must be known");
    if (rc == 0 && x.k.raw.record_bytes == 0)
        rc = kymo_fail_at(e, KYMO_EDATA, path, x.k.raw.whole ? -1 : (int64_t)x.k.raw.n,
                          "beyond repair: the size of a data record cannot be told");
    if (rc == 0 && !(out = kymo_output_open(copy, e)))
        rc = e->cause[0].code;
    if (rc == 0)
        rc = write_copy(&x, in, out);
    kymo_output_destroy(out);
    edf_raw_release(&x.k.raw);
    return rc;
}
