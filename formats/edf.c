/* formats/edf.c - EDF, EDF+C, EDF+D and their 24-bit kin BDF: data records, and the annotations inside them.
 *
 * Time 0 is the start of the first data record, which EDF+ tells to the fraction of a second. In EDF+D and BDF+D each
 * record tells when it begins; one that does not begin where the last ended begins a new segment. */
#include "formats/edf_event.h"
#include "formats/edf_check.h"
#include "formats/edf_header.h"
#include "formats/edf_identity.h"
#include "formats/edf_layout.h"
#include "formats/edf_writer.h"
#include "lib/bytes.h"
#include "lib/reader.h"
#include "lib/vocabulary.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RESERVED_AT 192              /* in the header: EDF+C or EDF+D */
#define COUNT_AT 236                 /* in the header: 8 characters, the number of data records, -1 while it is recorded */
#define BLOCK_SAMPLES 65536          /* of all signals: what was read and unpacked stays in the cache */
#define TIME_LIMIT (INT64_C(1) << 60)

struct edf {
    struct edf_header header;
    size_t block_records;
    int64_t data_offset;
    int64_t record, n_records;       /* next one; how many there are, INT64_MAX: until the input ends */
    int64_t origin_ns;               /* onset of the first record: time 0 */
    int64_t segment_ns, segment_record;
    int64_t from_ns, to_ns;          /* in this segment, what lies outside from <= time < to is padding */
    bool new_segment, onset_told;     /* told: that a record's onset is not believed */
    bool has_events;
};

/* ---- opening ---- */

static int probe_edf(const unsigned char *head, size_t n, const char *path)
{
    (void)path;
    return n >= 8 && memcmp(head, "0       ", 8) == 0 ? 90 : 0;
}

static int probe_bdf(const unsigned char *head, size_t n, const char *path)
{
    (void)path;
    return n >= 8 && memcmp(head, "\xff" "BIOSEMI", 8) == 0 ? 90 : 0;
}

/* Time that k data records take. */
static int64_t records_ns(const struct edf *s, int64_t k)
{
    const struct kymo_ratio per_s = {s->header.duration.den, s->header.duration.num};

    return s->header.duration.num == 0 ? 0 : kymo_time_of(per_s, k);
}

/* Whether who records it has put the count of records into the header, and all of them were read: the file is closed. */
static bool is_completed(void *of)
{
    const struct kymo_reader *const r = of;
    const struct edf *const s = r->state;
    char text[8];
    int64_t n;

    return kymo_input_now(r->in, COUNT_AT, text, sizeof text) == sizeof text && kymo_parse_int(text, sizeof text, &n) &&
           n >= 0 && s->record >= n;
}

/* How many whole records there really are, and what differs from what the header says. */
static int count_records(struct kymo_reader *r, struct kymo_err *e)
{
    struct edf *s = r->state;
    const int64_t size = kymo_input_size(r->in), said = s->header.n_records;
    const int64_t record_bytes = (int64_t)s->header.record_bytes;

    s->n_records = said < 0 ? INT64_MAX : said;
    if (said < 0 && r->want->patience)
        kymo_input_until(r->in, is_completed, r);
    if (size < 0 || r->want->patience)
        return 0;
    const int64_t held = (size - s->data_offset) / record_bytes, rest = (size - s->data_offset) % record_bytes;
    if (said < 0 || held < said)
        s->n_records = held;
    if (said >= 0 && held < said)
        return kymo_warn(&r->want->log, e, r->path, size, "file ends after %lld of %lld data records%s", (long long)held,
                         (long long)said, rest ? " and a piece of one" : "");
    if (said >= 0 && (held > said || rest > 0))
        return kymo_warn(&r->want->log, e, r->path, s->data_offset + said * record_bytes,
                         "%lld bytes behind the last of %lld data records are not read",
                         (long long)(size - s->data_offset - said * record_bytes), (long long)said);
    return 0;
}

static void describe_signals(struct kymo_reader *r)
{
    struct edf *s = r->state;
    const size_t per_record = s->header.record_bytes / (s->header.bdf ? 3 : 2);
    const bool counted = s->n_records != INT64_MAX;

    s->block_records = per_record < BLOCK_SAMPLES ? BLOCK_SAMPLES / per_record : 1;
    if (counted && !s->header.discontinuous)
        r->source.duration_ns = records_ns(s, s->n_records);
    for (size_t i = 0; i < s->header.n_fields; i++) {
        const struct edf_field *field = &s->header.field[i];
        if (field->is_annotations)
            continue;
        if (counted)
            r->source.signal[field->signal].n_samples = s->n_records * (int64_t)field->n;
    }
}

static bool has_annotations(const struct edf_header *f)
{
    for (size_t i = 0; i < f->n_fields; i++)
        if (f->field[i].is_annotations)
            return true;
    return false;
}


static int find_origin(struct kymo_reader *r, struct kymo_err *e);

static int open_edf(struct kymo_reader *r, struct kymo_err *e)
{
    struct edf *s = calloc(1, sizeof *s);
    int rc;

    r->state = s;
    if (!s)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for an EDF file");
    s->from_ns = -TIME_LIMIT;
    s->to_ns = TIME_LIMIT;
    if ((rc = edf_header_read(r->in, &r->source, &s->header, &r->want->log, e)) < 0)
        return rc;
    s->data_offset = kymo_offset(r->in);
    if (!(r->source.record = kymo_header_text(&r->source, r->path, strlen(r->path), e)))
        return KYMO_ENOMEM;
    if ((rc = count_records(r, e)) < 0)
        return rc;
    describe_signals(r);
    if ((rc = find_origin(r, e)) < 0)
        return rc;
    s->has_events = has_annotations(&s->header);
    if (s->header.discontinuous && !s->has_events &&
        (rc = kymo_warn(&r->want->log, e, r->path, RESERVED_AT, "EDF+D without annotations, which would tell where its gaps "
                        "are: read as if it had none")) < 0)
        return rc;
    return s->has_events && r->source.n_tracks == 0 ? kymo_header_add_track(&r->source, r->source.format, e) : 0;
}

static void close_edf(struct kymo_reader *r)
{
    struct edf *s = r->state;

    if (!s)
        return;
    edf_header_release(&s->header);
    free(s);
}

/* ---- annotations: time-stamped annotation lists, TALs ---- */

struct tal {
    const unsigned char *p, *end;    /* what is left of the annotation signal */
    int64_t onset_ns, duration_ns;
};

/* "+12.5" or "-3" in ns. */
static bool parse_onset(const unsigned char *p, const unsigned char *end, int64_t *ns)
{
    const bool negative = p < end && *p == '-';
    int64_t size;

    if (p == end || (*p != '+' && *p != '-') || !kymo_parse_time((const char *)p + 1, (size_t)(end - p) - 1, &size) ||
        size > TIME_LIMIT)
        return false;
    *ns = negative ? -size : size;
    return true;
}

static const unsigned char *find(const unsigned char *p, const unsigned char *end, int byte)
{
    const unsigned char *at = p < end ? memchr(p, byte, (size_t)(end - p)) : NULL;

    return at ? at : end;
}

/* The head of the next list: onset and duration, which may be left empty; t->p then is at its texts. Returns 1, 0 where no more
 * comes, -1 where what comes is no list. */
static int next_tal(struct tal *t)
{
    while (t->p < t->end && *t->p == 0)
        t->p++;
    if (t->p == t->end)
        return 0;
    const unsigned char *texts = find(t->p, t->end, 0x14), *duration = find(t->p, texts, 0x15);
    t->duration_ns = KYMO_UNKNOWN;
    if (texts == t->end || !parse_onset(t->p, duration, &t->onset_ns))
        return -1;
    if (texts - duration > 1 && !kymo_parse_time((const char *)duration + 1, (size_t)(texts - duration) - 1, &t->duration_ns))
        return -1;
    t->p = texts + 1;
    return 1;
}

static int warn_record(const struct kymo_reader *r, ptrdiff_t at, const char *what, struct kymo_err *e)
{
    const struct edf *const s = r->state;

    return kymo_warn(&r->want->log, e, r->path, s->data_offset + s->record * (int64_t)s->header.record_bytes + at, "%s", what);
}

/* A text of a file that kymo wrote. False where it is no event, but a mark. */
static bool take_form(const struct kymo_reader *r, char *text, struct kymo_event *ev)
{
    if (edf_is_mark(text))
        return false;
    edf_event_parse(&r->source, text, ev);
    const size_t slot = ev->signal < 0 ? KYMO_SKIP : r->slot[ev->signal];
    ev->signal = slot == KYMO_SKIP ? -1 : (int)slot;
    return true;
}

/* The texts at t->p, which moves behind them. *cut: the last one runs into the end of the list. */
static int add_texts(struct kymo_reader *r, struct tal *t, struct kymo_block *b, bool *cut, struct kymo_err *e)
{
    const struct edf *s = r->state;
    struct kymo_event ev = {.time_ns = t->onset_ns - s->origin_ns, .duration_ns = t->duration_ns, .sample = KYMO_UNKNOWN,
                            .signal = -1, .type = KYMO_NOTE_TYPE, .value = (double)NAN};
    int rc = 0;

    if (ev.duration_ns == KYMO_UNKNOWN)
        ev.duration_ns = 0;
    while (rc == 0 && t->p < t->end && *t->p != 0) {
        const unsigned char *end = find(t->p, find(t->p, t->end, 0), 0x14);
        if (end > t->p) {   /* an empty text is the time-keeper's */
            char *text = strndup((const char *)t->p, (size_t)(end - t->p));
            struct kymo_event each = ev;
            each.text = text;
            if (!text)
                rc = kymo_fail(e, KYMO_ENOMEM, "no memory for an annotation");
            else if (!s->header.ours || take_form(r, text, &each))
                rc = kymo_block_event(b, &each, e);
            free(text);
        }
        *cut |= end == t->end || *end != 0x14;
        t->p = end < t->end && *end == 0x14 ? end + 1 : end;
    }
    return rc;
}

static int read_tals(struct kymo_reader *r, const unsigned char *record, struct kymo_block *b, struct kymo_err *e)
{
    const struct edf *s = r->state;
    const size_t width = s->header.bdf ? 3 : 2;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < s->header.n_fields; i++) {
        const struct edf_field *f = &s->header.field[i];
        struct tal t = {.p = record + f->at, .end = record + f->at + f->n * width};
        ptrdiff_t strange = -1;
        bool cut = false;
        int found;
        while (rc == 0 && f->is_annotations && (found = next_tal(&t)) != 0) {
            if (found > 0) {
                rc = add_texts(r, &t, b, &cut, e);
                continue;
            }
            strange = strange < 0 ? t.p - record : strange;
            t.p = find(t.p, t.end, 0);
        }
        if (rc == 0 && strange >= 0)
            rc = warn_record(r, strange, "no annotation list here: not read", e);
        if (rc == 0 && cut)
            rc = warn_record(r, (ptrdiff_t)f->at, "an annotation in this record has no end: its text may be cut", e);
    }
    return rc;
}

/* When a record says that it begins: the onset of the first list of its first annotation signal. */
static bool record_onset(const struct edf_header *f, const unsigned char *record, int64_t *ns)
{
    for (size_t i = 0; i < f->n_fields; i++)
        if (f->field[i].is_annotations) {
            struct tal t = {.p = record + f->field[i].at,
                            .end = record + f->field[i].at + f->field[i].n * (f->bdf ? 3 : 2)};
            if (next_tal(&t) <= 0)
                return false;
            *ns = t.onset_ns;
            return true;
        }
    return false;
}

/* The marks at padding in the first record of a segment: one that begins with the record is before the samples, any other
 * behind them. */
static void find_padding(struct edf *s, const unsigned char *record)
{
    int64_t begin = 0;

    s->from_ns = -TIME_LIMIT;
    s->to_ns = TIME_LIMIT;
    if (!s->header.padded || !record_onset(&s->header, record, &begin))
        return;
    for (size_t i = 0; i < s->header.n_fields; i++) {
        const struct edf_field *f = &s->header.field[i];
        struct tal t = {.p = record + f->at, .end = record + f->at + f->n * (s->header.bdf ? 3 : 2)};
        while (f->is_annotations && next_tal(&t) > 0) {
            static const char mark[] = "%" EDF_PADDING "\x14";
            const bool is_mark = (size_t)(t.end - t.p) >= sizeof mark - 1 && memcmp(t.p, mark, sizeof mark - 1) == 0;
            if (is_mark && t.onset_ns == begin && t.duration_ns >= 0 && t.duration_ns <= TIME_LIMIT)
                s->from_ns = t.onset_ns + t.duration_ns - s->origin_ns;
            else if (is_mark)
                s->to_ns = t.onset_ns - s->origin_ns;
            t.p = find(t.p, t.end, 0);   /* behind its texts */
        }
    }
}

/* The padding of a file without gaps is known at once; that of others as their segments come. */
static void count_padding(struct kymo_reader *r)
{
    const struct edf *s = r->state;

    if (s->header.padded)
        r->source.duration_ns = KYMO_UNKNOWN;
    for (size_t i = 0; s->header.padded && i < r->source.n_signals; i++) {
        struct kymo_signal *sig = &r->source.signal[i];
        if (s->header.discontinuous || sig->n_samples == KYMO_UNKNOWN) {
            sig->n_samples = KYMO_UNKNOWN;
            continue;
        }
        const int64_t from = kymo_index_at(sig->rate, s->from_ns), to = kymo_index_at(sig->rate, s->to_ns);
        const int64_t end = to < 0 ? 0 : to < sig->n_samples ? to : sig->n_samples;
        const int64_t begin = from < 0 ? 0 : from < end ? from : end;
        const int64_t end_ns = kymo_time_of(sig->rate, end);
        sig->n_samples = end - begin;
        if (r->source.duration_ns == KYMO_UNKNOWN || end_ns < r->source.duration_ns)
            r->source.duration_ns = end_ns;
    }
}

/* The mark in the first record that names them. */
static int find_tracks(struct kymo_reader *r, const unsigned char *record, struct kymo_err *e)
{
    const struct edf *s = r->state;
    int rc = 0;

    for (size_t i = 0; s->header.ours && i < s->header.n_fields; i++) {
        const struct edf_field *f = &s->header.field[i];
        struct tal t = {.p = record + f->at, .end = record + f->at + f->n * (s->header.bdf ? 3 : 2)};
        while (rc == 0 && f->is_annotations && r->source.n_tracks == 0 && next_tal(&t) > 0) {
            const unsigned char *end = find(t.p, find(t.p, t.end, 0), 0x14);
            rc = edf_tracks_parse(&r->source, (const char *)t.p, (size_t)(end - t.p), e);
            t.p = find(t.p, t.end, 0);
        }
    }
    return rc;
}

/* How long a file with gaps is, its last record tells; of a pipe that is not known. */
static int find_end(struct kymo_reader *r, struct kymo_err *e)
{
    const struct edf *s = r->state;
    const size_t n = s->header.record_bytes;
    int64_t onset;

    if (!s->header.discontinuous || s->header.padded || s->n_records == INT64_MAX || kymo_input_size(r->in) < 0)
        return 0;
    unsigned char *const last = malloc(n);
    if (!last)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for a data record of %zu bytes", n);
    if (kymo_input_now(r->in, s->data_offset + (s->n_records - 1) * (int64_t)n, last, n) == n &&
        record_onset(&s->header, last, &onset)) {
        const int64_t gaps_ns = onset - s->origin_ns - records_ns(s, s->n_records - 1);
        if (gaps_ns > -EDF_SAME_TIME_NS)   /* else records overlap: reading tells */
            r->source.duration_ns = records_ns(s, s->n_records) + (gaps_ns < EDF_SAME_TIME_NS ? 0 : gaps_ns);
    }
    free(last);
    return 0;
}

/* Time 0 is when the first record begins; the start moves with it. */
static int find_origin(struct kymo_reader *r, struct kymo_err *e)
{
    struct edf *s = r->state;
    const unsigned char *p;

    if (!s->header.plus || s->n_records == 0)
        return 0;
    const ssize_t got = kymo_peek(r->in, s->header.record_bytes, &p, e);
    if (got < 0)
        return (int)got;
    if ((size_t)got < s->header.record_bytes || !record_onset(&s->header, p, &s->origin_ns))
        return 0;
    const int rc = find_tracks(r, p, e);
    if (rc < 0)
        return rc;
    const int64_t start = r->source.start.time_ns + s->origin_ns;
    if (r->source.start.has_time && start >= 0 && start < 86400 * KYMO_NS_PER_S)
        r->source.start.time_ns = start;
    find_padding(s, p);
    count_padding(r);
    return find_end(r, e);
}

/* ---- samples ---- */

static void unpack(const unsigned char *p, size_t n, bool bdf, int32_t *x)
{
    if (bdf)
        for (size_t i = 0; i < n; i++)
            x[i] = kymo_le24s(p + 3 * i);
    else
        for (size_t i = 0; i < n; i++)
            x[i] = kymo_le16s(p + 2 * i);
}

/* A record of which it is not believed when it begins: told once. */
__attribute__((format(printf, 4, 5)))
static int warn_onset(struct kymo_reader *r, int64_t record, struct kymo_err *e, const char *fmt, ...)
{
    struct edf *s = r->state;
    char what[160];
    va_list ap;

    if (s->onset_told)
        return 0;
    s->onset_told = true;
    va_start(ap, fmt);
    vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    return kymo_warn(&r->want->log, e, r->path, s->data_offset + record * (int64_t)s->header.record_bytes,
                     "data record %lld %s: taken as following the last one", (long long)record, what);
}

/* EDF+C says that there are no gaps; the onsets of its records may say that there are. Half a record is no rounding. */
static int check_onset(struct kymo_reader *r, const unsigned char *record, struct kymo_err *e)
{
    struct edf *s = r->state;
    int64_t onset;

    if (!s->header.plus || s->header.discontinuous || s->header.duration.num == 0 || !record_onset(&s->header, record, &onset))
        return 0;
    const int64_t off_ns = onset - s->origin_ns - records_ns(s, s->record), half_ns = records_ns(s, 1) / 2;
    if (off_ns > -half_ns && off_ns < half_ns)
        return 0;
    return warn_onset(r, s->record, e, "of EDF+C, which has no gaps, says that it begins %.9g s too %s",
                      (double)(off_ns < 0 ? -off_ns : off_ns) / 1e9, off_ns < 0 ? "early" : "late");
}

/* How many of the n records at p go on without a gap; where the first of them begins is set. EDF+D only. */
static ssize_t count_unbroken(struct kymo_reader *r, const unsigned char *p, size_t n, struct kymo_err *e)
{
    struct edf *s = r->state;
    size_t k = 0;

    for (; k < n; k++) {
        const int64_t record = s->record + (int64_t)k;
        const int64_t expected = s->segment_ns + records_ns(s, record - s->segment_record);
        int64_t onset;
        if (!record_onset(&s->header, p + k * s->header.record_bytes, &onset)) {
            const int rc = s->has_events ? warn_onset(r, record, e, "does not tell when it begins") : 0;
            if (rc < 0)
                return rc;
            continue;
        }
        const int64_t gap_ns = onset - s->origin_ns - expected;
        const bool is_behind_padding = onset - s->origin_ns >= s->to_ns;   /* which may overlap the next segment */
        if (gap_ns <= -EDF_SAME_TIME_NS && !is_behind_padding) {
            const int rc = warn_onset(r, record, e, "says that it begins %.9g s before the last one ends",
                                      (double)-gap_ns / 1e9);
            if (rc < 0)
                return rc;
        } else if (gap_ns >= EDF_SAME_TIME_NS || is_behind_padding) {
            if (k > 0)
                break;
            s->segment_ns = onset - s->origin_ns;
            s->segment_record = s->record;
            s->new_segment = true;
            find_padding(s, p);
        }
    }
    return (ssize_t)k;
}

/* Leaves out samples that are padding. */
static void cut_padding(const struct edf *s, struct kymo_ratio rate, struct kymo_span *span)
{
    const int64_t from = span->segment_first + kymo_index_at(rate, s->from_ns - s->segment_ns) - span->first;
    const int64_t to = span->segment_first + kymo_index_at(rate, s->to_ns - s->segment_ns) - span->first;
    const int64_t n = (int64_t)span->n, end = to < 0 ? 0 : to < n ? to : n, begin = from < 0 ? 0 : from < end ? from : end;

    if (begin > 0)
        memmove(span->digital, span->digital + begin, (size_t)(end - begin) * sizeof *span->digital);
    span->first += begin;
    span->n = (size_t)(end - begin);
}

/* Room is made for what has arrived: the size of a record is only what the header claims. */
static int fill_block(struct kymo_reader *r, const unsigned char *p, size_t records, struct kymo_block *b,
                      struct kymo_err *e)
{
    const struct edf *s = r->state;

    b->new_segment = s->new_segment;
    b->segment_ns = s->segment_ns;
    for (size_t i = 0; i < s->header.n_fields; i++) {
        const struct edf_field *f = &s->header.field[i];
        const size_t slot = f->is_annotations ? KYMO_SKIP : r->slot[f->signal];
        if (slot == KYMO_SKIP)
            continue;
        const int rc = kymo_block_reserve(b, slot, records * f->n, e);
        if (rc < 0)
            return rc;
        struct kymo_span *span = &b->span[slot];
        span->segment_first = kymo_index_at(b->hdr->signal[slot].rate, s->segment_ns);
        span->first = span->segment_first + (s->record - s->segment_record) * (int64_t)f->n;
        span->n = records * f->n;
        for (size_t k = 0; k < records; k++)
            unpack(p + k * s->header.record_bytes + f->at, f->n, s->header.bdf, span->digital + k * f->n);
        if (s->header.padded)
            cut_padding(s, b->hdr->signal[slot].rate, span);
    }
    return 0;
}

static int read_edf(struct kymo_reader *r, struct kymo_block *b, struct kymo_err *e)
{
    struct edf *s = r->state;
    const size_t record_bytes = s->header.record_bytes;
    const int64_t left = s->n_records - s->record;
    size_t n = left < (int64_t)s->block_records ? (size_t)left : s->block_records;
    const unsigned char *p;

    if (n == 0)
        return 0;
    const ssize_t got = kymo_peek_ready(r->in, record_bytes, n * record_bytes, &p, e);
    if (got < 0)
        return (int)got;
    if ((size_t)got / record_bytes < n)
        n = (size_t)got / record_bytes;
    if (n == 0) {
        if (s->n_records != INT64_MAX || (size_t)got % record_bytes != 0) {
            char of[32] = "";
            if (s->header.n_records >= 0)
                snprintf(of, sizeof of, " of %lld", (long long)s->header.n_records);
            const int told = kymo_warn(&r->want->log, e, r->path, kymo_offset(r->in) + got,
                                       "input ends after %lld%s data records%s", (long long)(s->record + (int64_t)n), of,
                                       (size_t)got % record_bytes ? " and a piece of one" : "");
            if (told < 0)
                return told;
        }
        s->n_records = s->record + (int64_t)n;
    }
    if (s->header.discontinuous && n > 0) {
        const ssize_t unbroken = count_unbroken(r, p, n, e);
        if (unbroken < 0)
            return (int)unbroken;
        n = (size_t)unbroken;
    }
    int rc = fill_block(r, p, n, b, e);
    s->new_segment = false;
    for (size_t k = 0; rc == 0 && k < n; k++, s->record++)
        if (s->has_events && (rc = check_onset(r, p + k * record_bytes, e)) == 0)
            rc = read_tals(r, p + k * record_bytes, b, e);
    kymo_skip(r->in, n * record_bytes);
    return rc < 0 ? rc : n > 0;
}

/* Files without gaps only: where a record of EDF+D lies, only those before it tell. */
static int seek_edf(struct kymo_reader *r, int64_t ns, struct kymo_err *e)
{
    struct edf *s = r->state;
    const struct kymo_ratio per_s = {s->header.duration.den, s->header.duration.num};
    const int64_t block = (int64_t)s->block_records;

    if (s->header.discontinuous || s->has_events || ns <= 0)   /* annotations of any time may stand in any record */
        return 0;
    int64_t record = kymo_index_at(per_s, ns) / block * block;   /* a record that begins before ns comes in its block, */
    if (record > 0 && kymo_time_of(per_s, record) > ns)          /* or in the one before */
        record -= block;
    if (record > s->n_records)
        record = s->n_records / block * block;
    s->record = record;
    return kymo_seek(r->in, s->data_offset + record * (int64_t)s->header.record_bytes, e);
}

const struct kymo_format kymo_format_edf = {
    .name = "edf", .about = "EDF and EDF+ files", .check = edf_check, .fix = edf_fix, .hidden = edf_hidden,
    .put_identity = edf_put_identity, .endings = ".edf",
    .probe = probe_edf, .open = open_edf, .read = read_edf, .seek = seek_edf, .close = close_edf,
    .makes_files = true, .create = edf_create, .write = edf_write, .write_event = edf_write_event,
    .finish = edf_finish, .discard = edf_discard,
};

const struct kymo_format kymo_format_bdf = {
    .name = "bdf", .about = "BDF and BDF+ files, 24 bits", .check = edf_check, .fix = edf_fix, .hidden = edf_hidden,
    .put_identity = edf_put_identity, .endings = ".bdf",
    .probe = probe_bdf, .open = open_edf, .read = read_edf, .seek = seek_edf, .close = close_edf,
    .makes_files = true, .create = edf_create, .write = edf_write, .write_event = edf_write_event,
    .finish = edf_finish, .discard = edf_discard,
};
