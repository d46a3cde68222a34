/* formats/raw.c - see raw.h. A piece of a sample at the end is left out, and told of. */
#include "formats/raw.h"
#include "lib/bytes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SAMPLES 32768       /* of all channels */
#define LONGEST_LINE ((size_t)1 << 20)

static const struct form {
    size_t bytes;                 /* 0: text */
    enum kymo_storage storage;
    bool big, is_signed;
} forms[] = {
    {1, KYMO_I16, false, false}, {1, KYMO_I16, false, true}, {2, KYMO_I16, false, true}, {2, KYMO_I16, true, true},
    {3, KYMO_I24, false, true}, {3, KYMO_I24, true, true}, {4, KYMO_I32, false, true}, {4, KYMO_I32, true, true},
    {4, KYMO_F32, false, true}, {8, KYMO_F64, false, true}, {0, KYMO_F64, false, true},
};

struct raw {
    int64_t next;                 /* sample */
    int64_t line;                 /* of text */
};

/* ---- the header ---- */

/* The i-th part of a list, as text of the header; NULL where there is none or it is empty. */
static const char *part(const char *list, size_t i, size_t *n)
{
    for (; list && i > 0; i--)
        list = strchr(list, ',') ? strchr(list, ',') + 1 : NULL;
    *n = list ? strcspn(list, ",") : 0;
    return *n ? list : NULL;
}

/* The i-th number of a list, or the last there is. */
static int number(const char *list, const char *option, size_t i, double *value, struct kymo_err *e)
{
    for (size_t k = 0; k <= i; k++) {
        size_t n;
        const char *const text = part(list, k, &n);
        if (text && (!kymo_parse_real(text, n, value) || (*value == 0 && strcmp(option, "gain") == 0)))
            return kymo_fail(e, KYMO_EUSAGE, "--%s \"%.*s\" is no number that it can be", option, (int)n, text);
    }
    return 0;
}

static int describe(struct kymo_reader *r, size_t i, struct kymo_err *e)
{
    const struct kymo_raw *const raw = r->want->raw;
    const struct form *const form = &forms[raw->form];
    struct kymo_signal *const s = kymo_header_signal(&r->source, e);
    char usual[32] = "";
    size_t n, n_unit;
    const char *label = part(raw->labels, i, &n), *const unit = part(raw->units, i, &n_unit);
    int rc;

    if (!s)
        return e->cause[0].code;
    if (!label)
        n = (size_t)snprintf(usual, sizeof usual, "ch%zu", i + 1);
    if (!(s->label = kymo_header_text(&r->source, label ? label : usual, n, e)) ||
        !(s->unit = kymo_header_text(&r->source, unit ? unit : "", n_unit, e)))
        return KYMO_ENOMEM;
    s->kind = kymo_kind_of(s->label, s->unit);
    s->rate = r->want->rate;
    s->storage = form->storage;
    s->can_miss = form->storage == KYMO_I32;   /* the least of 32 bits has to stand for a missing one */
    if ((rc = number(raw->gains, "gain", i, &s->gain, e)) < 0 ||
        (rc = number(raw->baselines, "baseline", i, &s->baseline, e)) < 0)
        return rc;
    s->calibrated = raw->gains != NULL || !kymo_storage_is_integer(s->storage);
    return 0;
}

static int open_raw(struct kymo_reader *r, struct kymo_err *e)
{
    struct raw *const s = calloc(1, sizeof *s);
    int rc = 0;

    r->state = s;
    if (!s)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for bare samples");
    if (!r->want->raw)
        return kymo_fail(e, KYMO_EUSAGE, "bare samples do not tell their form: kymo read --raw does");
    if (r->want->rate.num <= 0)
        return kymo_fail(e, KYMO_EUSAGE, "bare samples do not tell their rate: give --rate");
    if (r->want->raw->n < 1 || r->want->raw->n > KYMO_MAX_SIGNALS)
        return kymo_fail(e, KYMO_EUSAGE, "%zu channels, not 1..%d", r->want->raw->n, KYMO_MAX_SIGNALS);
    if (!kymo_storage_is_integer(forms[r->want->raw->form].storage) && (r->want->raw->gains || r->want->raw->baselines))
        return kymo_fail(e, KYMO_EUSAGE, "--gain and --baseline are for integers: these samples have their values");
    for (size_t i = 0; rc == 0 && i < r->want->raw->n; i++)
        rc = describe(r, i, e);
    if (rc == 0 && !(r->source.format = kymo_header_text(&r->source, "raw", 3, e)))
        rc = KYMO_ENOMEM;
    return rc;
}

static void close_raw(struct kymo_reader *r) { free(r->state); }

/* ---- samples ---- */

/* The integer of form->bytes bytes at p. */
static int32_t integer(const struct form *form, const unsigned char *p)
{
    uint32_t v = 0;

    for (size_t k = 0; k < form->bytes; k++)
        v |= (uint32_t)p[form->big ? form->bytes - 1 - k : k] << 8 * k;
    const int unused = 32 - 8 * (int)form->bytes;
    return form->is_signed ? (int32_t)(v << unused) >> unused : (int32_t)v;
}

static double real(const struct form *form, const unsigned char *p)
{
    const uint32_t bits = kymo_le32(p);
    float f;

    if (form->bytes == 8)
        return kymo_le_f64(p);
    memcpy(&f, &bits, sizeof f);
    return f;
}

/* Room for n samples of each signal that is wanted, which come next. */
static int begin_block(const struct kymo_reader *r, struct kymo_block *b, size_t n, struct kymo_err *e)
{
    const struct raw *const s = r->state;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < b->hdr->n_signals; i++) {
        if ((rc = kymo_block_reserve(b, i, n, e)) == 0)
            b->span[i].first = s->next;
    }
    return rc;
}

static int read_binary(struct kymo_reader *r, struct kymo_block *b, struct kymo_err *e)
{
    const struct form *const form = &forms[r->want->raw->form];
    const size_t channels = r->want->raw->n, sample = channels * form->bytes;
    const size_t most = BLOCK_SAMPLES / channels > 0 ? BLOCK_SAMPLES / channels : 1;
    struct raw *const s = r->state;
    const unsigned char *p;
    const ssize_t got = kymo_peek_ready(r->in, sample, most * sample, &p, e);

    if (got <= 0)
        return (int)got;
    const size_t n = (size_t)got / sample;
    if (n == 0) {
        kymo_skip(r->in, (size_t)got);
        return kymo_warn(&r->want->log, e, kymo_input_name(r->in), kymo_offset(r->in),
                         "input ends %zd bytes into a sample of %zu bytes: they are left out", got, sample);
    }
    const int rc = begin_block(r, b, n, e);
    if (rc < 0)
        return rc;
    for (size_t c = 0; c < channels; c++) {
        struct kymo_span *const span = r->slot[c] == KYMO_SKIP ? NULL : &b->span[r->slot[c]];
        for (size_t i = 0; span && i < n; i++) {
            const unsigned char *const at = p + i * sample + c * form->bytes;
            if (kymo_storage_is_integer(form->storage))
                span->digital[i] = integer(form, at);
            else
                span->physical[i] = real(form, at);
        }
        if (span)
            span->n = n;
    }
    kymo_skip(r->in, n * sample);
    s->next += (int64_t)n;
    return 1;
}

/* A line's numbers, those that are wanted, behind the block's samples. */
static int take_line(const struct kymo_reader *r, const char *p, size_t n, struct kymo_block *b, struct kymo_err *e)
{
    const struct raw *const s = r->state;
    const char *const end = p + n;
    const size_t channels = r->want->raw->n;
    size_t c = 0;

    while (p < end) {
        size_t length = 0;
        while (p + length < end && !strchr(" \t,;", p[length]))
            length++;
        double value = (double)NAN;
        if (length > 0 && c < channels && !kymo_is_missing(p, length) && !kymo_parse_real(p, length, &value))
            return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(r->in), s->line, "\"%.*s\" is no number",
                                length < 40 ? (int)length : 40, p);
        if (length > 0 && c < channels && r->slot[c] != KYMO_SKIP)
            b->span[r->slot[c]].physical[b->span[r->slot[c]].n++] = value;
        c += length > 0;
        p += length + (p + length < end);
    }
    if (c != channels)
        return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(r->in), s->line, "%zu numbers for %zu channels", c, channels);
    return 0;
}

static int read_text(struct kymo_reader *r, struct kymo_block *b, struct kymo_err *e)
{
    const size_t share = BLOCK_SAMPLES / r->want->raw->n, most = share > 0 ? share : 1;
    struct raw *const s = r->state;
    size_t rows = 0;
    int rc = begin_block(r, b, most, e);

    while (rc == 0 && rows < most && (rows == 0 || kymo_line_ready(r->in))) {
        const char *line;
        size_t n;
        const int got = kymo_line(r->in, LONGEST_LINE, &line, &n, e);
        if (got <= 0)
            return got < 0 ? got : rows > 0;
        s->line++;
        if (got == 2) {
            rc = kymo_warn(&r->want->log, e, kymo_input_name(r->in), s->line,
                           "the last line has no end: it may be a piece of one, and is left out");
            return rc < 0 ? rc : rows > 0;
        }
        if (n == 0)
            continue;
        if ((rc = take_line(r, line, n, b, e)) == 0) {
            s->next++;
            rows++;
        }
    }
    return rc < 0 ? rc : 1;
}

static int read_raw(struct kymo_reader *r, struct kymo_block *b, struct kymo_err *e)
{
    return forms[r->want->raw->form].bytes == 0 ? read_text(r, b, e) : read_binary(r, b, e);
}

static int probe_raw(const unsigned char *head, size_t n, const char *path)
{
    (void)head, (void)n, (void)path;
    return 0;
}

const struct kymo_format kymo_format_raw = {
    .name = "raw", .about = "bare samples of a device: kymo read --raw", .probe = probe_raw, .open = open_raw, .read = read_raw,
    .close = close_raw,
};
