/* formats/edf_put.c - see edf_put.h. */
#include "formats/edf_put.h"

#include "formats/edf_event.h"
#include "formats/edf_text.h"

#include <endian.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIXED_BYTES 256
#define LABEL_BYTES 16
#define DEFAULT_TALS 16                  /* bytes for annotations in a data record, at least */

/* ---- header ---- */

static const struct { const char *name; size_t width; } texts[] = {
    {"label", LABEL_BYTES}, {"transducer", 80}, {"unit", 8}, {"prefilter", 80},
};

static const char *text_of(const struct kymo_signal *sig, int k)
{
    const char *const text[] = {sig->label, sig->transducer, sig->calibrated ? sig->unit : "", sig->prefilter};

    return text[k];
}

/* text as ASCII into to[width], padded with blanks. Says what that changes if told is set. */
static int put_text(const struct kymo_writer *w, const char *text, const char *what, const char *of, bool told, char *to,
                    size_t width, struct kymo_err *e)
{
    const size_t cap = 3 * strlen(text) + 8;
    char *ascii = malloc(cap);
    int rc = 0;

    if (!ascii)
        return edf_no_memory(e);
    const size_t changed = edf_ascii(text, ascii, cap), n = strlen(ascii), used = n < width ? n : width;
    if (told && changed > 0)
        rc = edf_lose(w, e, "%s%s%s \"%.60s\" has %zu characters that are not ASCII, as EDF wants%s%.60s", what,
                      *of ? " of " : "", of, text, changed, w->lossy ? ": becomes " : "; lossy it is ", ascii);
    if (rc == 0 && told && n > width)
        rc = edf_lose(w, e, "%s%s%s \"%.90s\" has %zu characters, EDF holds %zu", what, *of ? " of " : "", of, text, n, width);
    memcpy(to, ascii, used);
    memset(to + used, ' ', width - used);
    free(ascii);
    return rc;
}

static const char *annotations_label(const struct edf_writer *s) { return s->bdf ? "BDF Annotations" : "EDF Annotations"; }

/* A signal of that label would be read as a list of annotations. */
static int put_label(const struct kymo_writer *w, bool told, char to[LABEL_BYTES], struct kymo_err *e)
{
    const char *taken = annotations_label(w->state);

    if (memcmp(to, taken, strlen(taken)) != 0)
        return 0;
    to[3] = '_';
    return told ? edf_lose(w, e, "label \"%s\" of a signal is that of the lists of annotations%s%.*s", taken,
                           w->lossy ? ": becomes " : "; lossy it is ", LABEL_BYTES, to) : 0;
}

/* The fields of text, one after another behind at. */
static int put_column_texts(const struct kymo_writer *w, bool told, int k, char *at, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < w->hdr.n_signals; i++) {
        char *to = at + i * texts[k].width;
        rc = put_text(w, text_of(&w->hdr.signal[i], k), texts[k].name, k ? w->hdr.signal[i].label : "", told, to,
                      texts[k].width, e);
        if (rc == 0 && k == 0)
            rc = put_label(w, told, to, e);
    }
    return rc;
}

/* A plain file (no annotations, gaps, fractions) whose source was one too stays plain, and its patient field whole. */
bool edf_was_plain(const struct kymo_header *h)
{
    const bool edf = strcmp(h->format, "edf") == 0 || strcmp(h->format, "bdf") == 0;

    return edf && h->n_tracks == 0 && h->n_signals > 0 && !*h->subject.name && !*h->subject.sex && !*h->subject.birth;
}

static int put_identity(const struct kymo_writer *w, bool plus, bool told, char *to, struct kymo_err *e)
{
    const struct edf_writer *s = w->state;
    char *patient = plus ? edf_patient(&w->hdr.subject) : strdup(w->hdr.subject.id);
    char *recording = plus ? edf_recording(w->hdr.recording, &s->start) : strdup(w->hdr.recording);
    int rc = patient && recording ? 0 : edf_no_memory(e);

    if (rc == 0)
        rc = put_text(w, patient, "patient", "", told, to, 80, e);
    if (rc == 0)
        rc = put_text(w, recording, "recording", "", told, to + 80, 80, e);
    free(patient);
    free(recording);
    return rc;
}

static void put_field(char *to, size_t width, const char *text)
{
    const size_t n = strlen(text);

    memset(to, ' ', width);
    memcpy(to, text, n < width ? n : width);
}

__attribute__((format(printf, 3, 4)))
static void putf_field(char *to, size_t width, const char *fmt, ...)
{
    char text[96];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    put_field(to, width, text);
}

static void put_start(const struct edf_writer *s, char *to)
{
    const int64_t t = s->start.has_time ? s->start.time_ns / KYMO_NS_PER_S : 0;

    if (s->start.has_date && edf_knows_year(&s->start))
        putf_field(to, 8, "%02d.%02d.%02d", s->start.day, s->start.month, s->start.year % 100);
    else if (s->start.has_date)
        putf_field(to, 8, "%02d.%02d.yy", s->start.day, s->start.month);
    else
        put_field(to, 8, "01.01.85");
    putf_field(to + 8, 8, "%02d.%02d.%02d", (int)(t / 3600), (int)(t / 60 % 60), (int)(t % 60));
}

static int put_fixed(const struct kymo_writer *w, char *h, struct kymo_err *e)
{
    const struct edf_writer *s = w->state;
    const size_t n = w->hdr.n_signals + s->plus;

    memset(h, ' ', FIXED_BYTES);
    put_field(h, 8, s->bdf ? "\xff" "BIOSEMI" : "0");
    put_start(s, h + 168);
    putf_field(h + 184, 8, "%zu", FIXED_BYTES * (n + 1));
    if (s->plus)
        putf_field(h + 192, 44, "%s+%c kymo%s", edf_name(s), s->n_segments > 1 ? 'D' : 'C', s->padded ? " padded" : "");
    else
        put_field(h + 192, 44, s->bdf ? "24BIT" : "");
    putf_field(h + 236, 8, "%lld", (long long)s->n_records);
    put_field(h + 244, 8, s->duration.text);
    putf_field(h + 252, 4, "%zu", n);
    return put_identity(w, s->plus, false, h + 8, e);
}

/* The numbers of signal i; those of the annotation signal behind the last. at: where the column begins. */
static void put_numbers(const struct kymo_writer *w, size_t i, size_t n, char *at)
{
    const struct edf_writer *s = w->state;
    const bool annotations = i == w->hdr.n_signals;
    const struct column *c = &s->column[i];

    put_field(at + 8 * i, 8, annotations ? "-1" : c->limits.physical_min);
    put_field(at + 8 * (n + i), 8, annotations ? "1" : c->limits.physical_max);
    putf_field(at + 8 * (2 * n + i), 8, "%d", annotations ? s->least : c->limits.digital_min);
    putf_field(at + 8 * (3 * n + i), 8, "%d", annotations ? s->most : c->limits.digital_max);
}

static int put_header(const struct kymo_writer *w, struct kymo_err *e)
{
    const struct edf_writer *s = w->state;
    const size_t n = w->hdr.n_signals + s->plus;
    char *h = malloc(FIXED_BYTES * (n + 1));
    static const size_t at[] = {0, 16, 96, 136};   /* label, transducer, unit, prefilter */

    if (!h)
        return edf_no_memory(e);
    memset(h, ' ', FIXED_BYTES * (n + 1));
    int rc = put_fixed(w, h, e);
    for (int k = 0; rc == 0 && k < 4; k++)
        rc = put_column_texts(w, false, k, h + FIXED_BYTES + n * at[k], e);
    for (size_t i = 0; i < n; i++) {
        const bool annotations = i == w->hdr.n_signals;
        put_numbers(w, i, n, h + FIXED_BYTES + n * 104);
        if (annotations)
            put_field(h + FIXED_BYTES + LABEL_BYTES * i, LABEL_BYTES, annotations_label(s));
        putf_field(h + FIXED_BYTES + n * 216 + 8 * i, 8, "%zu",
                   annotations ? s->tal_bytes / s->width : s->column[i].per_record);
    }
    if (rc == 0)
        rc = kymo_put(s->out, h, FIXED_BYTES * (n + 1), e);
    free(h);
    return rc;
}

/* A unit would be believed. */
static int tell_uncalibrated(const struct kymo_writer *w, struct kymo_err *e)
{
    const struct kymo_signal *first = NULL;
    size_t n = 0;

    for (size_t i = w->hdr.n_signals; i-- > 0;)
        if (!w->hdr.signal[i].calibrated && *w->hdr.signal[i].unit) {
            first = &w->hdr.signal[i];
            n++;
        }
    return n == 0 ? 0 : kymo_warn(&w->log, e, w->path, -1, "%zu signals are not calibrated (%.40s, %.20s): their units "
                                  "are left out", n, first->label, first->unit);
}

int edf_check_texts(struct kymo_writer *w, struct kymo_err *e)
{
    struct edf_writer *s = w->state;
    char *unused = malloc(80 * w->hdr.n_signals + 160);
    int rc = unused ? 0 : edf_no_memory(e);

    s->start = w->hdr.start;
    if (rc == 0)
        rc = put_identity(w, !edf_was_plain(&w->hdr), true, unused, e);
    for (int k = 0; rc == 0 && k < 4; k++)
        rc = put_column_texts(w, true, k, unused, e);
    free(unused);
    return rc == 0 ? tell_uncalibrated(w, e) : rc;
}

/* ---- annotations ---- */

/* Onset of what is at ns. */
static int64_t onset_of(const struct edf_writer *s, int64_t ns)
{
    return ns - (s->n_segments ? s->segment[0].start_ns : 0) + s->fraction_ns;
}

/* "+12.5^3|text|" behind out[n], terminated by 0; returns the length with it. */
static size_t put_tal(char *out, size_t n, size_t cap, int64_t onset, int64_t duration, const char *text)
{
    const bool fits = out != NULL;
    char head[80];
    size_t k = 0;

    if (onset >= 0)
        head[k++] = '+';
    k += kymo_format_seconds(onset, head + k, sizeof head - k);
    if (duration > 0) {
        head[k++] = 0x15;
        k += kymo_format_seconds(duration, head + k, sizeof head - k);
    }
    head[k++] = 0x14;
    const size_t n_text = strlen(text), all = k + n_text + 2;
    if (n + all > cap)
        return 0;
    if (fits) {
        memcpy(out + n, head, k);
        memcpy(out + n + k, text, n_text);
        out[n + all - 2] = 0x14;
        out[n + all - 1] = 0;
    }
    return all;
}

/* The lists of record r of a segment into out (NULL: only count), at most cap bytes, taking annotations that are due, all
 * that fit in the last record. Returns the length, or 0 where not even what must be there fits. */
static size_t fill_tals(struct edf_writer *s, const struct segment *g, int64_t r, char *out, size_t cap)
{
    const int64_t begin = g->start_ns + r * s->duration_ns, n_records = edf_records_of(s, g);
    const bool last = r == n_records - 1 && g == last_segment(s);
    const int64_t end = g->start_ns + n_records * s->duration_ns;
    size_t n = put_tal(out, 0, cap, onset_of(s, begin), 0, ""), more = 1;

    if (r == 0 && n > 0 && s->tracks && g == s->segment)
        n += more = put_tal(out, n, cap, onset_of(s, begin), 0, s->tracks);
    if (r == 0 && n > 0 && more > 0 && g->late && !g->ragged)
        n += more = put_tal(out, n, cap, onset_of(s, begin), g->from_ns - g->start_ns, "%" EDF_PADDING);
    if (r == 0 && n > 0 && more > 0 && edf_pads_end(s, g) && !g->ragged && s->duration_ns > 0)
        n += more = put_tal(out, n, cap, onset_of(s, g->to_ns), end - g->to_ns, "%" EDF_PADDING);
    if (n == 0 || more == 0)
        return 0;
    for (; s->next_annotation < s->n_annotations; s->next_annotation++, n += more) {
        const struct annotation *a = &s->annotation[s->next_annotation];
        if ((!last && s->duration_ns > 0 && a->ev.time_ns >= begin + s->duration_ns) ||
            !(more = put_tal(out, n, cap, onset_of(s, a->ev.time_ns), a->ev.duration_ns, a->text)))
            break;
    }
    return n;
}

/* Whether all annotations find room in data records with cap bytes for them. */
static bool is_enough(struct edf_writer *s, size_t cap)
{
    s->next_annotation = 0;
    for (size_t k = 0; k < s->n_segments; k++)
        for (int64_t r = 0, n = edf_records_of(s, &s->segment[k]); r < n; r++)
            if (fill_tals(s, &s->segment[k], r, NULL, cap) == 0)
                return false;
    return s->next_annotation == s->n_annotations;
}

/* Without annotations: the longest of what tells the time. */
static size_t longest_lists(struct edf_writer *s)
{
    size_t longest = 0;

    for (size_t k = 0; k < s->n_segments; k++)
        for (int64_t r = 0, n = edf_records_of(s, &s->segment[k]); r < n; r++) {
            const size_t n_bytes = fill_tals(s, &s->segment[k], r, NULL, SIZE_MAX / 2);
            longest = n_bytes > longest ? n_bytes : longest;
        }
    return longest;
}

/* The least room for which that is so, to one part in 16. */
static int choose_tal_bytes(const struct kymo_writer *w, struct kymo_err *e)
{
    struct edf_writer *s = w->state;
    size_t least = DEFAULT_TALS, most = least;
    const size_t unit = s->width == 3 ? 6 : 2;

    if (s->n_records == 0) {
        s->tal_bytes = 5 * unit;
        return 0;
    }
    if (s->n_annotations == 0) {
        s->tal_bytes = (longest_lists(s) + unit - 1) / unit * unit;
        return 0;
    }
    while (!is_enough(s, most)) {
        least = most;
        most *= 2;
        if (most > SIZE_MAX / 4 || most > (size_t)1 << 30)
            return kymo_fail_at(e, KYMO_EDATA, w->path, -1, "annotations of more than 1 GB in one data record");
    }
    while (most - least > most / 16 + unit) {
        const size_t middle = least + (most - least) / 2;
        if (is_enough(s, middle))
            most = middle;
        else
            least = middle;
    }
    s->tal_bytes = (most + unit - 1) / unit * unit;
    if (s->tal_bytes + s->record_bytes > EDF_RECORD_LIMIT)
        return kymo_warn(&w->log, e, w->path, -1, "data records of %zu bytes, %zu of them for annotations: some readers take "
                         "%d", s->tal_bytes + s->record_bytes, s->tal_bytes, EDF_RECORD_LIMIT);
    return 0;
}

/* ---- data records ---- */

static void pack(const int32_t *x, size_t n, int32_t missing, size_t width, unsigned char *to)
{
    if (width == 2)
        for (size_t i = 0; i < n; i++) {
            const uint16_t v = htole16((uint16_t)(x[i] == KYMO_MISSING ? missing : x[i]));
            memcpy(to + 2 * i, &v, sizeof v);
        }
    else
        for (size_t i = 0; i < n; i++) {
            const uint32_t v = (uint32_t)(x[i] == KYMO_MISSING ? missing : x[i]);
            to[3 * i] = (unsigned char)v;
            to[3 * i + 1] = (unsigned char)(v >> 8);
            to[3 * i + 2] = (unsigned char)(v >> 16);
        }
}

/* Values to the nearest integer of the scale that was chosen. */
static void pack_scaled(const struct column *c, const double *x, size_t n, size_t width, unsigned char *to)
{
    for (size_t i = 0; i < n; i++) {
        const double v = nearbyint(x[i] * c->limits.gain + c->limits.baseline);
        const int32_t d = !isfinite(x[i])              ? c->limits.digital_min
                          : v < c->limits.digital_min ? c->limits.digital_min
                          : v > c->limits.digital_max ? c->limits.digital_max
                                                      : (int32_t)v;
        pack(&d, 1, 0, width, to + width * i);
    }
}

/* Room in the window for record r of the segment; new ones hold padding. */
static int widen_window(struct edf_writer *s, int64_t r, struct kymo_err *e)
{
    const size_t need = (size_t)(r - s->window_first) + 1;

    if (need > s->cap_window) {
        const size_t cap = 2 * s->cap_window > need ? 2 * s->cap_window : need;
        unsigned char *larger = realloc(s->window, cap * s->record_bytes);
        if (!larger)
            return edf_no_memory(e);
        s->window = larger;
        s->cap_window = cap;
    }
    for (; s->n_window < need; s->n_window++)
        memcpy(s->window + s->n_window * s->record_bytes, s->blank, s->record_bytes);
    return 0;
}

static int place_span(struct kymo_writer *w, size_t i, struct kymo_block *b, const struct segment *g, struct kymo_err *e)
{
    struct edf_writer *s = w->state;
    struct column *c = &s->column[i];
    const struct kymo_span *span = &b->span[i];
    const int64_t per = (int64_t)c->per_record;

    if (span->n == 0)
        return 0;
    const double *x = c->from_values ? kymo_physical(b, i) : NULL;
    c->pos = span->first - span->segment_first - g->skipped * c->per_period;
    for (size_t done = 0; done < span->n;) {
        const int64_t r = c->pos / per;
        const size_t at = (size_t)(c->pos % per), left = span->n - done;
        const size_t n = left < c->per_record - at ? left : c->per_record - at;
        const int rc = widen_window(s, r, e);
        if (rc < 0)
            return rc;
        unsigned char *to = s->window + (size_t)(r - s->window_first) * s->record_bytes + c->at + at * s->width;
        if (x)
            pack_scaled(c, x + done, n, s->width, to);
        else
            pack(span->digital + done, n, c->limits.digital_min, s->width, to);
        done += n;
        c->pos += (int64_t)n;
    }
    return 0;
}

/* Writes the first n records of the window, each with its annotations. */
static int send_records(struct edf_writer *s, const struct segment *g, int64_t n, struct kymo_err *e)
{
    int rc = 0;

    for (int64_t k = 0; rc == 0 && k < n; k++) {
        rc = kymo_put(s->out, s->window + (size_t)k * s->record_bytes, s->record_bytes, e);
        if (rc < 0 || !s->plus)
            continue;
        const size_t used = fill_tals(s, g, s->window_first + k, (char *)s->tals, s->tal_bytes);
        memset(s->tals + used, 0, s->tal_bytes - used);
        rc = kymo_put(s->out, s->tals, s->tal_bytes, e);
    }
    s->n_window -= (size_t)n;
    memmove(s->window, s->window + (size_t)n * s->record_bytes, s->n_window * s->record_bytes);
    s->window_first += n;
    return rc;
}

/* Those that no later block can reach. */
static int send_full(struct kymo_writer *w, const struct segment *g, struct kymo_err *e)
{
    struct edf_writer *s = w->state;
    int64_t full = INT64_MAX;

    for (size_t i = 0; i < w->hdr.n_signals; i++)
        full = llmin(full, s->column[i].pos / (int64_t)s->column[i].per_record);
    full = llmin(full - s->window_first, (int64_t)s->n_window);
    return full > 0 ? send_records(s, g, full, e) : 0;
}

static int send_rest(struct kymo_writer *w, const struct segment *g, struct kymo_err *e)
{
    struct edf_writer *s = w->state;
    const int64_t n = edf_records_of(s, g);
    int rc = n > s->window_first ? widen_window(s, n - 1, e) : 0;

    if (rc == 0)
        rc = send_records(s, g, (int64_t)s->n_window, e);
    s->window_first = 0;
    for (size_t i = 0; i < w->hdr.n_signals; i++)
        s->column[i].pos = 0;
    return rc;
}

static int copy_samples(struct kymo_writer *w, struct kymo_reader *r, struct kymo_err *e)
{
    struct edf_writer *s = w->state;
    const struct segment *g = s->segment;
    struct kymo_block *b;
    bool any = false;
    int rc;

    while ((rc = kymo_read(r, &b, e)) > 0) {
        if (!kymo_block_has_samples(b))
            continue;
        if (b->new_segment && any) {
            if ((rc = send_rest(w, g, e)) < 0)
                return rc;
            g++;
        }
        any = true;
        for (size_t i = 0; i < w->hdr.n_signals; i++)
            if ((rc = place_span(w, i, b, g, e)) < 0)
                return rc;
        if ((rc = send_full(w, g, e)) < 0)
            return rc;
    }
    return rc < 0 || s->n_segments == 0 ? rc : send_rest(w, g, e);
}

static int prepare_records(struct kymo_writer *w, struct kymo_err *e)
{
    struct edf_writer *s = w->state;

    for (size_t i = 0; i < w->hdr.n_signals; i++) {
        s->column[i].at = s->record_bytes;
        s->record_bytes += s->column[i].per_record * s->width;
    }
    const int rc = s->plus ? choose_tal_bytes(w, e) : 0;
    if (rc < 0)
        return rc;
    s->blank = malloc(s->record_bytes + 1);
    s->tals = malloc(s->tal_bytes + 1);
    if (!s->blank || !s->tals)
        return edf_no_memory(e);
    for (size_t i = 0; i < w->hdr.n_signals; i++)
        for (size_t k = 0; k < s->column[i].per_record; k++)
            pack(&s->column[i].padding, 1, 0, s->width, s->blank + s->column[i].at + k * s->width);
    s->next_annotation = 0;
    return 0;
}

int edf_put_file(struct kymo_writer *w, struct kymo_reader *r, struct kymo_err *e)
{
    struct edf_writer *s = w->state;
    int rc = prepare_records(w, e);

    if (rc < 0)
        return rc;
    if (!(s->out = kymo_output_open(w->path, e)))
        return e->cause[0].code;
    if ((rc = put_header(w, e)) < 0 || (rc = copy_samples(w, r, e)) < 0)
        return rc;
    return kymo_output_finish(s->out, e);
}
