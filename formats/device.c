/* formats/device.c - the text files that wearables and their apps give out, read; device_layout.c knows what each looks like.
 *
 * Samples a line at a rate that the file tells (ECG of Apple Health, Empatica's signals, oximeters that print) are read as they
 * come; tables whose rows have times of their own are read whole, by device_table.c. */
#include "formats/csv_header.h"
#include "formats/csv_number.h"
#include "formats/device_table.h"
#include "formats/device_time.h"
#include "lib/vocabulary.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_LINE 4096
#define HEAD_BYTES 512           /* show which layout it is: what prints a line a second need not be waited for longer */
#define FACT_BYTES 65536         /* hold all that stands before an ECG */
#define BLOCK_ROWS 4096
#define LATEST_NS (INT64_C(1) << 59)
#define TRACK "notes"

struct device {
    const struct device_layout *layout;
    int64_t line;
    int64_t next;                /* index of the next row */
    size_t n_values;
    double per_unit;
    bool ended;

    struct device_table table;   /* TABLE */
    size_t at;                   /* the next of its rows */
    int64_t segment_ns, segment_first;

    int64_t first_ns, last_ns;   /* TAGS */
};

static int fail_line(const struct kymo_reader *r, const char *what, const char *line, size_t n, struct kymo_err *e)
{
    const struct device *s = r->state;

    return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(r->in), s->line, "%s \"%.*s\"", what, (int)(n < 60 ? n : 60), line);
}

static int warn_cut(const struct kymo_reader *r, struct kymo_err *e)
{
    const struct device *s = r->state;

    return kymo_warn(&r->want->log, e, kymo_input_name(r->in), s->line, "the last line has no end; taken as it stands");
}

/* ---- opening ---- */

static int probe_device(const unsigned char *head, size_t n, const char *path) { return device_look(head, n, path) ? 95 : 0; }

static int put_text(struct kymo_reader *r, const char **to, const char *text, size_t n, struct kymo_err *e)
{
    return (*to = kymo_header_text(&r->source, text, n, e)) ? 0 : KYMO_ENOMEM;
}

static int add_signal(struct kymo_reader *r, const char *label, const char *unit, size_t n_unit, struct kymo_ratio rate,
                      struct kymo_err *e)
{
    struct kymo_signal *const sig = kymo_header_signal(&r->source, e);

    if (!sig || put_text(r, &sig->label, label, strlen(label), e) < 0 || put_text(r, &sig->unit, unit, n_unit, e) < 0)
        return e->cause[0].code;
    sig->kind = kymo_kind_of(sig->label, sig->unit);
    sig->rate = rate;
    sig->storage = KYMO_F64;
    sig->calibrated = true;
    return 0;
}

static int add_note(struct kymo_reader *r, const char *name, const char *text, size_t n, struct kymo_err *e)
{
    char note[400];
    const int len = snprintf(note, sizeof note, "%s: %.*s", name, (int)(n < 300 ? n : 300), text);

    return n == 0 ? 0 : kymo_header_add_note(&r->source, note, (size_t)len, e);
}

/* "512.5 hertz": also with a comma. */
static bool take_rate(const char *text, size_t n, struct kymo_ratio *rate)
{
    const char *const blank = memchr(text, ' ', n);
    char copy[40];
    const size_t len = blank ? (size_t)(blank - text) : n;

    if (len >= sizeof copy)
        return false;
    for (size_t i = 0; i < len; i++)
        copy[i] = text[i] == ',' ? '.' : text[i];
    return kymo_parse_ratio(copy, len, rate) && rate->num > 0;
}

static int at_most(size_t most, size_t n) { return (int)(n < most ? n : most); }

/* What its first lines tell of whom, when and with what; what is said of the ECG becomes notes. */
static int tell_facts(struct kymo_reader *r, const struct device_preamble *p, struct kymo_err *e)
{
    static const char *const notes[DEVICE_FACTS] = {[DEVICE_CLASS] = "classification", [DEVICE_SYMPTOMS] = "symptoms"};
    struct kymo_header *const h = &r->source;
    const char *const model = p->fact[DEVICE_MODEL].text, *const software = p->fact[DEVICE_SOFTWARE].text;
    const int n_model = at_most(80, p->fact[DEVICE_MODEL].n), n_software = at_most(80, p->fact[DEVICE_SOFTWARE].n);
    struct device_time t;
    char made[200];
    int rc = 0;

    if (device_parse_time(p->fact[DEVICE_DATE].text, p->fact[DEVICE_DATE].n, &t)) {
        h->start = csv_start_of(t.ns[0]);
        if (t.ns[0] != t.ns[1])
            rc = kymo_warn(&r->want->log, e, kymo_input_name(r->in), -1, DEVICE_GUESSED_DAY);
    }
    if (rc == 0 && p->fact[DEVICE_NAME].text)
        rc = put_text(r, &h->subject.name, p->fact[DEVICE_NAME].text, p->fact[DEVICE_NAME].n, e);
    if (rc == 0 && p->fact[DEVICE_BIRTH].n > 0)
        rc = device_put_birth(h, p->fact[DEVICE_BIRTH].text, p->fact[DEVICE_BIRTH].n, e);
    for (int f = 0; rc == 0 && f < DEVICE_FACTS; f++)
        rc = notes[f] && p->fact[f].text ? add_note(r, notes[f], p->fact[f].text, p->fact[f].n, e) : 0;
    const int n = snprintf(made, sizeof made, "%.*s%s%.*s", n_model, model ? model : "", software ? " software " : "",
                           n_software, software ? software : "");
    return rc < 0 ? rc : put_text(r, &h->recording, made, (size_t)n, e);
}

/* The lead, "Lead I", in its unit. What the file leaves out, the caller may tell. */
static int add_lead(struct kymo_reader *r, const struct device_preamble *p, struct kymo_err *e)
{
    const char *const lead = p->fact[DEVICE_LEAD].text, *const rate_text = p->fact[DEVICE_RATE].text;
    const size_t n_lead = p->fact[DEVICE_LEAD].n, n_rate = p->fact[DEVICE_RATE].n;
    const bool has_unit = p->fact[DEVICE_UNIT].n > 0;
    const char *const unit = has_unit ? p->fact[DEVICE_UNIT].text : r->want->unit ? r->want->unit : "";
    const size_t n_unit = has_unit ? p->fact[DEVICE_UNIT].n : strlen(unit);
    struct kymo_ratio rate = r->want->rate;

    if (rate_text && !take_rate(rate_text, n_rate, &rate))
        return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(r->in), 0, "sample rate \"%.*s\" is none", at_most(60, n_rate),
                            rate_text);
    if (rate.num <= 0)
        return kymo_fail_at(e, KYMO_EDATA, kymo_input_name(r->in), 0, "no sample rate; --rate tells it");
    if (n_unit == 0)
        return kymo_fail_at(e, KYMO_EDATA, kymo_input_name(r->in), 0, "no unit; --unit tells it");
    const bool first = n_lead > 0 && lead[n_lead - 1] == 'I' && (n_lead == 1 || lead[n_lead - 2] == ' ');
    return add_signal(r, first ? "ECG I" : "ECG", unit, n_unit, rate, e);
}

static int open_ecg(struct kymo_reader *r, struct kymo_err *e)
{
    struct device *s = r->state;
    struct device_preamble p;
    const unsigned char *head;
    const ssize_t got = kymo_peek(r->in, FACT_BYTES, &head, e);

    if (got < 0)
        return (int)got;
    if (!device_look_at_ecg((const char *)head, (size_t)got, &p))
        return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(r->in), 0, "no lines that tell what an ECG is of");
    if (!p.ended)
        return kymo_fail_at(e, KYMO_EDATA, kymo_input_name(r->in), p.lines, "no sample");
    s->line = p.lines;
    s->n_values = 1;
    s->per_unit = 1;
    int rc = tell_facts(r, &p, e);
    if (rc == 0)
        rc = add_lead(r, &p, e);
    kymo_skip(r->in, p.bytes);
    return rc;
}

/* The first number of the next line, which says the same of all columns. */
static int take_fact_line(struct kymo_reader *r, const char *what, size_t n_values, const char **cell, size_t *n,
                          struct kymo_err *e)
{
    struct device *s = r->state;
    const char *line, *other;
    size_t n_line, n_other, cells = 0;
    const int rc = kymo_line(r->in, LONGEST_LINE, &line, &n_line, e);

    if (rc < 0)
        return rc;
    s->line++;
    if (rc == 0)
        return fail_line(r, what, "", 0, e);
    for (const char *p = line;; p++) {
        csv_cell(&p, line + n_line, ',', &other, &n_other);
        if (cells++ == 0)
            *cell = other, *n = n_other;
        if (p >= line + n_line)
            break;
    }
    return cells == n_values ? 0 : fail_line(r, what, line, n_line, e);
}

static int open_rated(struct kymo_reader *r, struct kymo_err *e)
{
    struct device *s = r->state;
    const struct device_layout *const l = s->layout;
    struct kymo_ratio rate;
    struct csv_time t;
    const char *cell;
    size_t n;
    int rc;

    if (l->n_values == 0)
        return kymo_fail_at(e, KYMO_EDATA, kymo_input_name(r->in), 0,
                            "one of Empatica's files, but which? --as empatica-eda, empatica-temp ... tells it");
    if ((rc = take_fact_line(r, "no start of each column:", l->n_values, &cell, &n, e)) < 0)
        return rc;
    if (!csv_parse_time(cell, n, KYMO_NS_PER_S, &t) || t.dated || t.ns < 0)
        return fail_line(r, "no start in seconds since 1970:", cell, n, e);
    r->source.start = csv_start_of(t.ns);
    if ((rc = take_fact_line(r, "no rate of each column:", l->n_values, &cell, &n, e)) < 0)
        return rc;
    if (!kymo_parse_ratio(cell, n, &rate) || rate.num <= 0)
        return fail_line(r, "no rate:", cell, n, e);
    for (size_t i = 0; rc == 0 && i < l->n_values; i++)
        rc = add_signal(r, l->label[i], l->unit, strlen(l->unit), rate, e);
    s->n_values = l->n_values;
    s->per_unit = l->per_unit;
    return rc;
}

static int open_printed(struct kymo_reader *r, struct kymo_err *e)
{
    struct device *s = r->state;
    const struct kymo_ratio rate = r->want->rate.num > 0 ? r->want->rate : kymo_ratio(1, 1);
    int rc = add_signal(r, "SpO2", "%", 1, rate, e);

    s->n_values = 2;
    s->per_unit = 1;
    return rc < 0 ? rc : add_signal(r, "Pulse rate", "bpm", 3, rate, e);
}

/* The first time is the start. */
static int open_tags(struct kymo_reader *r, struct kymo_err *e)
{
    struct device *s = r->state;
    const char *p, *line = "";
    const unsigned char *head;
    const ssize_t got = kymo_peek(r->in, HEAD_BYTES, &head, e);
    size_t n = 0;
    struct csv_time t;

    if (got < 0)
        return (int)got;
    p = (const char *)head;
    device_line(&p, p + got, &line, &n);
    if (!csv_parse_time(line, n, KYMO_NS_PER_S, &t) || t.dated || t.ns < 0)
        return fail_line(r, "no time in seconds since 1970:", line, n, e);
    s->first_ns = s->last_ns = t.ns;
    r->source.start = csv_start_of(t.ns);
    return 0;
}

static int open_form(struct kymo_reader *r, struct kymo_err *e)
{
    struct device *s = r->state;

    switch (s->layout->form) {
    case DEVICE_ECG: return open_ecg(r, e);
    case DEVICE_RATED: return open_rated(r, e);
    case DEVICE_TAGS: return open_tags(r, e);
    case DEVICE_PRINTED: return open_printed(r, e);
    default: return device_table_read(r, s->layout, &s->table, e);
    }
}

static int open_device(struct kymo_reader *r, struct kymo_err *e)
{
    const unsigned char *head;
    const ssize_t n = kymo_peek(r->in, HEAD_BYTES, &head, e);
    struct device *s = n < 0 ? NULL : calloc(1, sizeof *s);

    if (!s)
        return n < 0 ? (int)n : kymo_fail(e, KYMO_ENOMEM, "no memory for what a device wrote");
    r->state = s;
    s->layout = r->want->as ? device_layout_named(r->want->as) : device_look(head, (size_t)n, r->path);
    if (!s->layout)
        return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(r->in), 0, "the text of no device that kymo knows");
    if (strcmp(s->layout->name, "empatica") == 0 && r->want->as) {   /* named for all of them: the file says which */
        const struct device_layout *const which = device_look(head, (size_t)n, r->path);
        s->layout = which && which->form == DEVICE_RATED ? which : s->layout;
    }
    r->source.duration_ns = KYMO_UNKNOWN;
    int rc = put_text(r, &r->source.record, r->path, strlen(r->path), e);
    if (rc == 0)
        rc = put_text(r, &r->source.format, s->layout->name, strlen(s->layout->name), e);
    if (rc == 0)
        rc = open_form(r, e);
    bool has_notes = s->layout->form == DEVICE_TAGS || s->layout->form == DEVICE_PRINTED;
    for (size_t i = 0; i < s->table.n && !has_notes; i++)
        has_notes = s->table.row[i].note;
    return rc < 0 || !has_notes ? rc : kymo_header_add_track(&r->source, TRACK, e) < 0 ? e->cause[0].code : 0;
}

static void close_device(struct kymo_reader *r)
{
    struct device *s = r->state;

    if (s)
        device_table_release(&s->table);
    free(s);
}

/* ---- rows at a rate ---- */

static int put_event(struct kymo_block *b, int64_t time_ns, const char *text, double value, struct kymo_err *e)
{
    const struct kymo_event ev = {
        .time_ns = time_ns, .sample = KYMO_UNKNOWN, .signal = -1, .type = KYMO_NOTE_TYPE, .value = value, .text = text,
    };

    return kymo_block_event(b, &ev, e);
}

/* "SPO2=097 HR=072 F", dashes where there is none; a star where someone pressed the button. */
static int take_printed(struct kymo_reader *r, const char *line, size_t n, double *value, bool *marked, struct kymo_err *e)
{
    *marked = n > 0 && memchr(line, '*', n);
    if (n < 15 || memcmp(line, "SPO2=", 5) != 0 || memcmp(line + 8, " HR=", 4) != 0)
        return fail_line(r, "no SPO2=NNN HR=NNN:", line, n, e);
    for (int i = 0; i < 2; i++) {
        const char *const cell = line + (i ? 12 : 5);
        if (memcmp(cell, "---", 3) == 0)
            value[i] = (double)NAN;
        else if (!kymo_parse_real(cell, 3, &value[i]))
            return fail_line(r, "no number:", cell, 3, e);
    }
    return 0;
}

static int take_cells(struct kymo_reader *r, const char *line, size_t n, double *value, struct kymo_err *e)
{
    const struct device *s = r->state;
    const char *p = line, *cell = line;
    size_t n_cell = n;

    for (size_t i = 0; i < s->n_values; i++) {
        if (s->n_values > 1) {
            if (i > 0 && p++ >= line + n)
                return fail_line(r, "too few numbers:", line, n, e);
            csv_cell(&p, line + n, ',', &cell, &n_cell);
        }
        if (kymo_is_missing(cell, n_cell))
            value[i] = (double)NAN;
        else if (!device_number(cell, n_cell, &value[i]))
            return fail_line(r, "no number:", cell, n_cell, e);
        value[i] /= s->per_unit;
    }
    return s->n_values > 1 && p < line + n ? fail_line(r, "too many numbers:", line, n, e) : 0;
}

static int begin_block(const struct kymo_reader *r, struct kymo_block *b, int64_t next, struct kymo_err *e)
{
    const struct device *s = r->state;
    int rc = 0;

    b->segment_ns = s->segment_ns;
    for (size_t i = 0; rc == 0 && i < b->hdr->n_signals; i++) {
        b->span[i].first = next;
        b->span[i].segment_first = s->segment_first;
        rc = kymo_block_reserve(b, i, BLOCK_ROWS, e);
    }
    return rc;
}

static void add_row(const struct kymo_reader *r, const double *value, size_t n, struct kymo_block *b)
{
    for (size_t i = 0; i < n; i++)
        if (r->slot[i] != KYMO_SKIP)
            b->span[r->slot[i]].physical[b->span[r->slot[i]].n++] = value[i];
}

static int read_rated(struct kymo_reader *r, struct kymo_block *b, struct kymo_err *e)
{
    struct device *s = r->state;
    const bool printed = s->layout->form == DEVICE_PRINTED;
    const struct kymo_ratio rate = r->source.signal[0].rate;
    double value[DEVICE_MOST_VALUES];
    int rc = begin_block(r, b, s->next, e);
    size_t rows = 0;

    while (rc == 0 && rows < BLOCK_ROWS) {
        const char *line;
        bool marked = false;
        size_t n;
        const int got = kymo_line(r->in, LONGEST_LINE, &line, &n, e);
        if (got <= 0)
            return got < 0 ? got : rows > 0;
        s->line++;
        n = kymo_trim(&line, n);
        if (n == 0 || (printed && s->next == 0 && (n < 5 || memcmp(line, "SPO2=", 5) != 0)))
            continue;            /* what the oximeter prints when it is switched on */
        rc = printed ? take_printed(r, line, n, value, &marked, e) : take_cells(r, line, n, value, e);
        if (rc == 0 && got == 2)
            rc = warn_cut(r, e);
        if (rc == 0 && kymo_time_of(rate, s->next) > LATEST_NS)
            return kymo_fail_at(e, KYMO_EDATA, kymo_input_name(r->in), s->line, "rows for 18 years and more");
        if (rc == 0 && marked)
            rc = put_event(b, kymo_time_of(rate, s->next), "event marker", (double)NAN, e);
        if (rc == 0)
            add_row(r, value, s->n_values, b);
        rows++;
        s->next++;
    }
    return rc < 0 ? rc : 1;
}

/* ---- rows with times ---- */

static int read_table(struct kymo_reader *r, struct kymo_block *b, struct kymo_err *e)
{
    struct device *s = r->state;
    size_t samples = 0, rows = 0;
    int rc = begin_block(r, b, s->next, e);

    for (; rc == 0 && s->at < s->table.n && rows < BLOCK_ROWS; s->at++, rows++) {
        const struct device_row *const row = &s->table.row[s->at];
        if (row->is_sample && row->new_segment && samples > 0)
            break;
        if (row->is_sample && row->new_segment) {
            b->new_segment = s->next > 0;
            s->segment_ns = row->time_ns;
            s->segment_first = row->index;
            rc = begin_block(r, b, row->index, e);
        }
        if (row->is_sample && rc == 0) {
            add_row(r, row->value, r->source.n_signals, b);
            s->next = row->index + 1;
            samples++;
        }
        if (row->note && rc == 0)
            rc = put_event(b, row->time_ns, row->note, row->note_value, e);
    }
    return rc < 0 ? rc : rows > 0;
}

static int read_tags(struct kymo_reader *r, struct kymo_block *b, struct kymo_err *e)
{
    struct device *s = r->state;

    while (b->n_events < BLOCK_ROWS) {
        const char *line;
        struct csv_time t;
        size_t n;
        int rc = kymo_line(r->in, LONGEST_LINE, &line, &n, e);
        if (rc <= 0)
            return rc < 0 ? rc : b->n_events > 0;
        s->line++;
        if ((n = kymo_trim(&line, n)) == 0)
            continue;
        if (!csv_parse_time(line, n, KYMO_NS_PER_S, &t) || t.dated)
            return fail_line(r, "no time in seconds since 1970:", line, n, e);
        if (t.ns < s->last_ns || t.ns - s->first_ns > LATEST_NS)
            return fail_line(r, "time runs backwards, or on for 18 years:", line, n, e);
        s->last_ns = t.ns;
        if (rc == 2 && (rc = warn_cut(r, e)) < 0)
            return rc;
        if ((rc = put_event(b, t.ns - s->first_ns, "tag", (double)NAN, e)) < 0)
            return rc;
    }
    return 1;
}

static int read_device(struct kymo_reader *r, struct kymo_block *b, struct kymo_err *e)
{
    const struct device *s = r->state;

    switch (s->layout->form) {
    case DEVICE_TABLE:
    case DEVICE_EXPORT: return read_table(r, b, e);
    case DEVICE_TAGS: return read_tags(r, b, e);
    default: return read_rated(r, b, e);
    }
}

const struct kymo_format kymo_format_device = {
    .name = "device", .about = "text of wearables and their apps: kymo-devices(7)", .layouts = device_layouts,
    .probe = probe_device, .open = open_device, .read = read_device, .close = close_device,
};
