/* formats/edf_check_records.c - judges the data records of EDF and BDF files: how many there are, samples outside the digital
 * limits, and in EDF+ and BDF+ the annotations: every list, and the time that each record tells.
 *
 * What is wrong in the same way in many records is one finding, at the first of them, with the number of them. */
#include "formats/edf_check.h"
#include "lib/bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READ_BYTES (1 << 18)
#define LEAST_NS 1000                /* onsets are decimal: they differ if by more than half a sample of the fastest signal, */
#define MOST_NS 1000000              /* within these bounds */
#define TIME_LIMIT (INT64_C(1) << 60)

enum rule {
    NO_TIME, TIME_TEXT, TIME_DURATION, ONSET, DURATION_FORM, NO_MARK, UNTERMINATED, TEXT_END, TEXT_UTF8, TEXT_CONTROL,
    FIRST_ONSET, NOT_CONTIGUOUS, NOT_INCREASING, RULES
};

static const struct {
    const char *field;
    enum kymo_severity severity;
    const char *text;
} rules[RULES] = {
    [NO_TIME] = {"time-keeping annotation", KYMO_ERROR, "missing: the first list of every data record tells when it begins"},
    [TIME_TEXT] = {"time-keeping annotation", KYMO_ERROR, "its first text is not empty: onset, 14, 14, 00"},
    [TIME_DURATION] = {"time-keeping annotation", KYMO_WARNING, "it has a duration, which it should not"},
    [ONSET] = {"annotation onset", KYMO_ERROR, "not + or - and a decimal number of seconds"},
    [DURATION_FORM] = {"annotation duration", KYMO_ERROR, "not a decimal number of seconds without sign"},
    [NO_MARK] = {"annotation", KYMO_ERROR, "no list of annotations: there is no byte 14 behind the onset"},
    [UNTERMINATED] = {"annotation", KYMO_ERROR, "a list runs into the end of its signal: it ends with a byte 00 in its record"},
    [TEXT_END] = {"annotation text", KYMO_ERROR, "not ended by a byte 14"},
    [TEXT_UTF8] = {"annotation text", KYMO_WARNING, "not UTF-8"},
    [TEXT_CONTROL] = {"annotation text", KYMO_WARNING, "control character other than TAB, LF, CR"},
    [FIRST_ONSET] = {"time-keeping annotation", KYMO_WARNING,
                     "the first record begins at least 0 s and less than 1 s after the header's start time"},
    [NOT_CONTIGUOUS] = {"time-keeping annotation", KYMO_ERROR,
                        "the record does not begin where the last one ended: files with gaps say D in the reserved field"},
    [NOT_INCREASING] = {"time-keeping annotation", KYMO_ERROR, "the record begins before the last one ended"},
};

/* How often a rule was broken, and the first time. */
struct tally {
    int64_t n, n_records, last_record, offset;
    char value[64];
    size_t n_value;
};

/* Samples of a signal outside its digital limits. */
struct outside {
    bool counts;                     /* the limits can be read and are in order */
    int32_t min, max;
    int64_t n, offset;
    int32_t value;
};

struct records {
    struct edf_checker *k;
    struct tally tally[RULES];
    struct outside *outside;
    size_t *at;                      /* of a signal in a record */
    size_t keeper;                   /* the first annotation signal, SIZE_MAX: none */
    double same_ns;                  /* onsets no further apart are the same */
    int64_t record, offset;          /* the record that is looked at; its first byte */
    bool has_onset;                  /* of the record before (D), or the first since one was out of step (C): */
    int64_t onset_ns, onset_record;
};

static void count(struct records *s, enum rule rule, const unsigned char *at, size_t n, int64_t offset)
{
    struct tally *t = &s->tally[rule];

    if (t->n++ == 0) {
        t->offset = offset;
        t->n_value = n < sizeof t->value ? n : sizeof t->value;
        memcpy(t->value, at, t->n_value);
        t->last_record = -1;
    }
    t->n_records += t->last_record != s->record;
    t->last_record = s->record;
}

/* ---- annotations ---- */

/* Part of a record, [p, end), with the offset in the file of the record. */
struct list {
    const unsigned char *record, *p, *end;
};

static void break_rule(struct records *s, enum rule rule, const struct list *l, const unsigned char *p,
                       const unsigned char *end)
{
    count(s, rule, p, (size_t)(end - p), s->offset + (p - l->record));
}

static const unsigned char *find(const unsigned char *p, const unsigned char *end, int byte)
{
    const unsigned char *at = p < end ? memchr(p, byte, (size_t)(end - p)) : NULL;

    return at ? at : end;
}

/* Digits, and behind a point at least one more. */
static bool is_decimal(const unsigned char *p, const unsigned char *end)
{
    const unsigned char *from = p;

    while (p < end && *p >= '0' && *p <= '9')
        p++;
    if (p == from || p == end)
        return p > from;
    if (*p++ != '.' || p == end)
        return false;
    while (p < end && *p >= '0' && *p <= '9')
        p++;
    return p == end;
}

static bool read_onset(const unsigned char *p, const unsigned char *end, int64_t *ns)
{
    if (end - p < 2 || (*p != '+' && *p != '-') || !is_decimal(p + 1, end) ||
        !kymo_parse_time((const char *)p + 1, (size_t)(end - p) - 1, ns) || *ns > TIME_LIMIT)
        return false;
    *ns = *p == '-' ? -*ns : *ns;
    return true;
}

static bool has_control(const unsigned char *p, const unsigned char *end)
{
    while (p < end && (*p >= 32 || *p == '\t' || *p == '\n' || *p == '\r'))
        p++;
    return p < end;
}

static void check_list_texts(struct records *s, const struct list *l, const unsigned char *p)
{
    while (p < l->end) {
        const unsigned char *end = find(p, l->end, 0x14);
        if (end == l->end)
            break_rule(s, TEXT_END, l, p, end);
        if (!kymo_is_utf8((const char *)p, (size_t)(end - p)))
            break_rule(s, TEXT_UTF8, l, p, end);
        if (has_control(p, end))
            break_rule(s, TEXT_CONTROL, l, p, end);
        p = end + (end < l->end);
    }
}

/* One list, without its final 00. Returns whether its onset could be read. */
static bool check_list(struct records *s, const struct list *l, bool keeps_time, int64_t *onset_ns)
{
    const unsigned char *mark = find(l->p, l->end, 0x14), *duration = find(l->p, mark, 0x15);

    if (mark == l->end) {
        break_rule(s, NO_MARK, l, l->p, l->end);
        return false;
    }
    const bool ok = read_onset(l->p, duration, onset_ns);
    if (!ok)
        break_rule(s, ONSET, l, l->p, duration);
    if (duration < mark && !is_decimal(duration + 1, mark))
        break_rule(s, DURATION_FORM, l, duration + 1, mark);
    if (keeps_time && duration < mark)
        break_rule(s, TIME_DURATION, l, l->p, mark);
    if (keeps_time && (mark + 1 == l->end || mark[1] != 0x14))
        break_rule(s, TIME_TEXT, l, l->p, l->end);
    check_list_texts(s, l, mark + 1);
    return ok;
}

/* When the record begins, as against when the last one ended. */
static void check_onset(struct records *s, const struct list *l, const unsigned char *end, int64_t onset_ns)
{
    const struct kymo_ratio d = s->k->raw.duration;
    const int64_t passed = s->record - s->onset_record;

    if (s->record == 0 && (onset_ns < 0 || onset_ns >= INT64_C(1000000000)))
        break_rule(s, FIRST_ONSET, l, l->p, end);
    if (s->has_onset && s->k->raw.has_duration) {
        const double expected = (double)passed * (double)d.num / (double)d.den * 1e9;
        const double early = expected - (double)(onset_ns - s->onset_ns);
        const bool broken = early > s->same_ns || (!s->k->raw.discontinuous && early < -s->same_ns);
        if (broken)
            break_rule(s, s->k->raw.discontinuous ? NOT_INCREASING : NOT_CONTIGUOUS, l, l->p, end);
        else if (!s->k->raw.discontinuous)
            return;   /* so that small differences add up, and drift is found */
    }
    s->has_onset = true;
    s->onset_ns = onset_ns;
    s->onset_record = s->record;
}

static void check_annotations(struct records *s, const unsigned char *record, size_t i)
{
    const unsigned char *p = record + s->at[i], *end = p + s->k->raw.samples[i] * edf_raw_width(&s->k->raw);
    const bool is_keeper = i == s->keeper;
    int64_t onset_ns;

    if (is_keeper && *p == 0)
        count(s, NO_TIME, p, 0, s->offset + (p - record));
    for (bool first = is_keeper; p < end; first = false) {
        if (*p == 0) {
            p++;
            continue;
        }
        const unsigned char *list_end = find(p, end, 0);
        const struct list l = {record, p, list_end};
        if (list_end == end)
            break_rule(s, UNTERMINATED, &l, p, list_end);
        const bool keeps_time = first && p == record + s->at[i];
        if (check_list(s, &l, keeps_time, &onset_ns) && keeps_time)
            check_onset(s, &l, find(p, list_end, 0x14), onset_ns);
        p = list_end;
    }
}

/* ---- samples ---- */

static void find_range_16(const unsigned char *p, size_t n, int32_t *min, int32_t *max)
{
    int16_t low = INT16_MAX, high = INT16_MIN;

    for (size_t i = 0; i < n; i++) {
        const int16_t v = kymo_le16s(p + 2 * i);
        low = v < low ? v : low;
        high = v > high ? v : high;
    }
    *min = low;
    *max = high;
}

static void find_range_24(const unsigned char *p, size_t n, int32_t *min, int32_t *max)
{
    int32_t low = INT32_MAX, high = INT32_MIN;

    for (size_t i = 0; i < n; i++) {
        const int32_t v = kymo_le24s(p + 3 * i);
        low = v < low ? v : low;
        high = v > high ? v : high;
    }
    *min = low;
    *max = high;
}

static void count_outside(struct records *s, const unsigned char *record, size_t i)
{
    const size_t width = edf_raw_width(&s->k->raw);
    struct outside *o = &s->outside[i];

    for (size_t j = 0; j < s->k->raw.samples[i]; j++) {
        const unsigned char *p = record + s->at[i] + j * width;
        const int32_t v = width == 3 ? kymo_le24s(p) : kymo_le16s(p);
        if (v >= o->min && v <= o->max)
            continue;
        if (o->n++ == 0) {
            o->offset = s->offset + (p - record);
            o->value = v;
        }
    }
}

static void check_samples(struct records *s, const unsigned char *record, size_t i)
{
    int32_t min, max;

    if (!s->outside[i].counts)
        return;
    if (s->k->raw.bdf)
        find_range_24(record + s->at[i], s->k->raw.samples[i], &min, &max);
    else
        find_range_16(record + s->at[i], s->k->raw.samples[i], &min, &max);
    if (min < s->outside[i].min || max > s->outside[i].max)
        count_outside(s, record, i);
}

/* ---- all records ---- */

static void check_record(struct records *s, const unsigned char *p)
{
    for (size_t i = 0; i < s->k->raw.n_signals; i++)
        if (s->k->raw.plus && edf_raw_is_annotations(&s->k->raw, i))
            check_annotations(s, p, i);
        else
            check_samples(s, p, i);
}

/* What onsets may differ by, when n samples of a signal are the most in a record. */
static double tolerance_ns(const struct edf_raw *raw, size_t n)
{
    const double half = n > 0 && raw->has_duration ? kymo_ratio_real(raw->duration) / (double)n * 0.5e9 : LEAST_NS;

    return half < LEAST_NS ? LEAST_NS : half > MOST_NS ? MOST_NS : half;
}

static int prepare(struct records *s)
{
    const struct edf_raw *raw = &s->k->raw;
    size_t at = 0, most = 0;

    s->keeper = SIZE_MAX;
    if (!(s->outside = calloc(raw->n_signals, sizeof *s->outside)) || !(s->at = calloc(raw->n_signals, sizeof *s->at)))
        return kymo_fail(s->k->e, KYMO_ENOMEM, "no memory for %zu signals", raw->n_signals);
    for (size_t i = 0; i < raw->n_signals; i++) {
        const struct edf_text low = edf_raw_cell(raw, EDF_DIG_MIN, i), high = edf_raw_cell(raw, EDF_DIG_MAX, i);
        const bool annotations = edf_raw_is_annotations(raw, i);
        const bool status = raw->bdf && memcmp(edf_raw_cell(raw, EDF_LABEL, i).p, "Status  ", 8) == 0;
        int64_t min, max;
        s->at[i] = at;
        at += raw->samples[i] * edf_raw_width(raw);
        if (annotations && s->keeper == SIZE_MAX)
            s->keeper = i;
        if (!annotations && raw->samples[i] > most)
            most = raw->samples[i];
        if (annotations || status || !kymo_parse_int(low.p, low.n, &min) || !kymo_parse_int(high.p, high.n, &max) ||
            min >= max || min < INT32_MIN || max > INT32_MAX)
            continue;
        s->outside[i] = (struct outside){.counts = true, .min = (int32_t)min, .max = (int32_t)max};
    }
    s->same_ns = tolerance_ns(raw, most);
    return 0;
}

/* Whole records, at most as many as the header says. Returns 0 or a negative code. */
static int read_records(struct records *s, struct kymo_input *in, int64_t most)
{
    const size_t bytes = s->k->raw.record_bytes, batch = bytes < READ_BYTES ? READ_BYTES / bytes : 1;
    const int64_t size = kymo_input_size(in);
    const unsigned char *p;

    if (size >= 0 && size - kymo_offset(in) < (int64_t)bytes)   /* not one: what a header claims costs no memory */
        return 0;
    while (s->record < most) {
        const size_t wanted = most - s->record < (int64_t)batch ? (size_t)(most - s->record) : batch;
        s->offset = kymo_offset(in);
        const ssize_t got = kymo_peek(in, wanted * bytes, &p, s->k->e);
        if (got < 0)
            return (int)got;
        const size_t n = (size_t)got / bytes;
        for (size_t i = 0; i < n; i++, s->record++, s->offset += (int64_t)bytes)
            check_record(s, p + i * bytes);
        kymo_skip(in, n * bytes);
        if (n < wanted)
            break;
    }
    return 0;
}

/* How many bytes come from here on. */
static int64_t count_rest(struct kymo_input *in, struct kymo_err *e)
{
    const int64_t size = kymo_input_size(in), from = kymo_offset(in);
    const unsigned char *p;
    ssize_t got;

    if (size >= 0)
        return size > from ? size - from : 0;
    while ((got = kymo_peek(in, READ_BYTES, &p, e)) > 0)
        kymo_skip(in, (size_t)got);
    return got < 0 ? got : kymo_offset(in) - from;
}

/* Whether there is less, or more, than the header says. */
static int check_length(struct records *s, struct kymo_input *in)
{
    const struct edf_raw *raw = &s->k->raw;
    struct edf_text t = edf_raw_fixed(raw, EDF_RECORDS);
    const int64_t end = kymo_offset(in), rest = count_rest(in, s->k->e), bytes = (int64_t)raw->record_bytes;

    if (rest < 0)
        return (int)rest;
    if (raw->has_records && raw->n_records >= 0 && s->record < raw->n_records)
        edf_found(s->k, KYMO_ERROR, t, "the file ends at byte %lld, after %lld data records%s", (long long)(end + rest),
                  (long long)s->record, rest ? " and a piece of one" : "");
    else if (raw->has_records && raw->n_records >= 0 && rest >= bytes)
        edf_found(s->k, KYMO_ERROR, t, "the file holds %lld data records%s", (long long)(s->record + rest / bytes),
                  rest % bytes ? " and a piece of one" : "");
    t = (struct edf_text){.name = "data records", .offset = end + rest / bytes * bytes, .signal = SIZE_MAX};
    if (rest % bytes)
        edf_found(s->k, KYMO_ERROR, t, "%lld byte%s behind the last whole data record of %lld bytes", (long long)(rest % bytes),
                  rest % bytes == 1 ? "" : "s", (long long)bytes);
    return 0;
}

static void tell(struct records *s)
{
    for (int i = 0; i < RULES; i++) {
        const struct tally *t = &s->tally[i];
        const struct edf_text at = {rules[i].field, t->value, t->n_value, t->offset, SIZE_MAX};
        if (t->n_records > 1)
            edf_found(s->k, rules[i].severity, at, "%s (%lld times in %lld records)", rules[i].text, (long long)t->n,
                      (long long)t->n_records);
        else if (t->n > 0)
            edf_found(s->k, rules[i].severity, at, "%s", rules[i].text);
    }
    for (size_t i = 0; i < s->k->raw.n_signals; i++) {
        const struct outside *o = &s->outside[i];
        char value[16];
        const int n = snprintf(value, sizeof value, "%d", (int)o->value);
        const struct edf_text at = {"samples", value, (size_t)n, o->offset, i};
        if (o->n > 0)
            edf_found(s->k, KYMO_WARNING, at, "outside the digital limits %d..%d: %lld sample%s", (int)o->min, (int)o->max,
                      (long long)o->n, o->n == 1 ? "" : "s, the first of them here");
    }
}

void edf_check_records(struct edf_checker *k, struct kymo_input *in)
{
    struct records s = {.k = k};
    int rc = prepare(&s);

    if (rc == 0)
        rc = read_records(&s, in, k->raw.has_records && k->raw.n_records >= 0 ? k->raw.n_records : INT64_MAX);
    if (rc == 0)
        rc = check_length(&s, in);
    if (rc == 0)
        tell(&s);
    free(s.outside);
    free(s.at);
    k->rc = k->rc < 0 ? k->rc : rc;
}
