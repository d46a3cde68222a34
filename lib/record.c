/* lib/record.c - see record.h. */
#include "lib/record.h"

#include "lib/clones.h"
#include "lib/grow.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef __int128 wide;

/* Texts: pieces of at least 4 kB, filled one after another, freed together. */
struct kymo_text_piece {
    struct kymo_text_piece *next;
    size_t used, cap;
    char text[];
};

char *kymo_text_keep(struct kymo_text_piece **chain, const char *text, size_t n)
{
    struct kymo_text_piece *p = *chain;

    if (!p || p->cap - p->used < n + 1) {
        const size_t cap = n + 1 > 4000 ? n + 1 : 4000;
        if (!(p = malloc(sizeof *p + cap)))
            return NULL;
        *p = (struct kymo_text_piece){.next = *chain, .cap = cap};
        *chain = p;
    }
    char *kept = p->text + p->used;
    memcpy(kept, text, n);
    kept[n] = '\0';
    p->used += n + 1;
    return kept;
}

void kymo_text_free(struct kymo_text_piece **chain)
{
    while (*chain) {
        struct kymo_text_piece *next = (*chain)->next;
        free(*chain);
        *chain = next;
    }
}

/* ---- header ---- */

void kymo_header_init(struct kymo_header *h)
{
    *h = (struct kymo_header){.record = "", .format = "", .recording = "", .duration_ns = KYMO_UNKNOWN};
    h->subject = (struct kymo_subject){"", "", "", ""};
}

void kymo_header_release(struct kymo_header *h)
{
    free(h->signal);
    free(h->track);
    free(h->history);
    free(h->note);
    kymo_text_free(&h->text);
    kymo_header_init(h);
}

/* Room for one more item behind n items: doubles at powers of two. */
static void *grow(void *items, size_t n, size_t size)
{
    return n & (n - 1) ? items : realloc(items, (n ? 2 * n : 1) * size);
}

struct kymo_signal *kymo_header_signal(struct kymo_header *h, struct kymo_err *e)
{
    if (h->n_signals >= KYMO_MAX_SIGNALS) {
        kymo_fail(e, KYMO_EFORMAT, "more than %d signals", KYMO_MAX_SIGNALS);
        return NULL;
    }
    struct kymo_signal *all = grow(h->signal, h->n_signals, sizeof *all);
    if (!all) {
        kymo_fail(e, KYMO_ENOMEM, "no memory for %zu signals", h->n_signals + 1);
        return NULL;
    }
    h->signal = all;
    all[h->n_signals] = (struct kymo_signal){
        .label = "", .unit = "", .transducer = "", .prefilter = "", .rate = {1, 1}, .storage = KYMO_I16,
        .gain = 1, .digital_min = NAN, .digital_max = NAN, .n_samples = KYMO_UNKNOWN,
    };
    return &all[h->n_signals++];
}

const char *kymo_header_text(struct kymo_header *h, const char *text, size_t n, struct kymo_err *e)
{
    n = kymo_trim(&text, n);
    const size_t cap = 3 * n + 8;
    char *clean = malloc(cap), *kept = NULL;

    if (clean)
        kept = kymo_text_keep(&h->text, clean, kymo_utf8(text, n, clean, cap));
    free(clean);
    if (!kept)
        kymo_fail(e, KYMO_ENOMEM, "no memory for a text of %zu bytes", n);
    return kept;
}

static int add_text(struct kymo_header *h, const char ***list, size_t *n, const char *text, size_t len,
                    struct kymo_err *e)
{
    const char *kept = kymo_header_text(h, text, len, e);
    const char **all = kept ? grow(*list, *n, sizeof *all) : NULL;

    if (!all)
        return kept ? kymo_fail(e, KYMO_ENOMEM, "no memory for %zu texts", *n + 1) : KYMO_ENOMEM;
    *list = all;
    all[(*n)++] = kept;
    return 0;
}

int kymo_header_add_track(struct kymo_header *h, const char *name, struct kymo_err *e)
{
    const int rc = add_text(h, &h->track, &h->n_tracks, name, strlen(name), e);

    return rc < 0 ? rc : (int)h->n_tracks - 1;
}

int kymo_header_add_history(struct kymo_header *h, const char *line, struct kymo_err *e)
{
    return add_text(h, &h->history, &h->n_history, line, strlen(line), e);
}

int kymo_header_add_note(struct kymo_header *h, const char *text, size_t n, struct kymo_err *e)
{
    return add_text(h, &h->note, &h->n_notes, text, n, e);
}

static int copy_signal(struct kymo_header *to, const struct kymo_signal *from, struct kymo_err *e)
{
    struct kymo_signal *s = kymo_header_signal(to, e);

    if (!s)
        return KYMO_ENOMEM;
    *s = *from;
    const char **text[] = {&s->label, &s->unit, &s->transducer, &s->prefilter};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        if (!(*text[i] = kymo_header_text(to, *text[i], strlen(*text[i]), e)))
            return KYMO_ENOMEM;
    return 0;
}

int kymo_header_copy(struct kymo_header *to, const struct kymo_header *from, const size_t *pick, size_t n_pick,
                     struct kymo_err *e)
{
    const size_t n = pick ? n_pick : from->n_signals;
    int rc = 0;

    to->start = from->start;
    to->duration_ns = from->duration_ns;
    to->latency_ns = from->latency_ns;
    to->event_delay_ns = from->event_delay_ns;
    to->record = from->record, to->format = from->format, to->recording = from->recording, to->subject = from->subject;
    const char **text[] = {&to->record, &to->format, &to->recording, &to->subject.id, &to->subject.name,
                           &to->subject.sex, &to->subject.birth};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        if (!(*text[i] = kymo_header_text(to, *text[i], strlen(*text[i]), e)))
            return KYMO_ENOMEM;
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = copy_signal(to, &from->signal[pick ? pick[i] : i], e);
    for (size_t i = 0; rc >= 0 && i < from->n_tracks; i++)
        rc = kymo_header_add_track(to, from->track[i], e);
    for (size_t i = 0; rc >= 0 && i < from->n_history; i++)
        rc = kymo_header_add_history(to, from->history[i], e);
    for (size_t i = 0; rc >= 0 && i < from->n_notes; i++)
        rc = kymo_header_add_note(to, from->note[i], strlen(from->note[i]), e);
    return rc < 0 ? rc : 0;
}

/* ---- names ---- */

static const char *const kind_names[KYMO_KINDS] = {
    [KYMO_OTHER] = "other", [KYMO_ECG] = "ecg", [KYMO_ABP] = "abp", [KYMO_PPG] = "ppg", [KYMO_SPO2] = "spo2",
    [KYMO_RESP] = "resp", [KYMO_EEG] = "eeg", [KYMO_EOG] = "eog", [KYMO_EMG] = "emg", [KYMO_PULSE_RATE] = "pulse-rate",
    [KYMO_PRESSURE] = "pressure", [KYMO_TEMPERATURE] = "temperature", [KYMO_GLUCOSE] = "glucose",
    [KYMO_TRIGGER] = "trigger",
};

const char *kymo_kind_name(enum kymo_kind k) { return kind_names[k]; }

enum kymo_kind kymo_kind_named(const char *name)
{
    int k = 0;

    while (k < KYMO_KINDS && !kymo_same_text(name, kind_names[k]))
        k++;
    return (enum kymo_kind)k;
}

/* The words that labels are made of, in PhysioNet's, NSRR's and the EDF+ texts' habits. A word ends where letters and
 * digits end; one that must be the whole label is marked, since "I" or "PR" inside another label says nothing. */
static const struct {
    const char *word;
    enum kymo_kind kind;
    bool whole;
} kind_words[] = {
    {"ecg", KYMO_ECG, false}, {"ekg", KYMO_ECG, false}, {"ecg1", KYMO_ECG, false}, {"ecg2", KYMO_ECG, false},
    {"ecg3", KYMO_ECG, false}, {"ekg1", KYMO_ECG, false}, {"ekg2", KYMO_ECG, false}, {"ecgl", KYMO_ECG, false},
    {"ecgr", KYMO_ECG, false}, {"i", KYMO_ECG, true}, {"ii", KYMO_ECG, true}, {"iii", KYMO_ECG, true},
    {"avr", KYMO_ECG, true}, {"avl", KYMO_ECG, true}, {"avf", KYMO_ECG, true}, {"v", KYMO_ECG, true},
    {"v1", KYMO_ECG, true}, {"v2", KYMO_ECG, true}, {"v3", KYMO_ECG, true}, {"v4", KYMO_ECG, true},
    {"v5", KYMO_ECG, true}, {"v6", KYMO_ECG, true}, {"mcl", KYMO_ECG, true}, {"mcl1", KYMO_ECG, true},
    {"mcl6", KYMO_ECG, true}, {"ml2", KYMO_ECG, true}, {"ml5", KYMO_ECG, true}, {"mli", KYMO_ECG, true},
    {"mlii", KYMO_ECG, true}, {"mliii", KYMO_ECG, true}, {"mv2", KYMO_ECG, true}, {"cm5", KYMO_ECG, true},
    {"d3", KYMO_ECG, true}, {"d4", KYMO_ECG, true}, {"vx", KYMO_ECG, true}, {"vy", KYMO_ECG, true},
    {"vz", KYMO_ECG, true}, {"abp", KYMO_ABP, false}, {"art", KYMO_ABP, true}, {"ibp", KYMO_ABP, false},
    {"ppg", KYMO_PPG, false}, {"bvp", KYMO_PPG, true}, {"pleth", KYMO_PPG, false}, {"plethysmogram", KYMO_PPG, false},
    {"pleth1", KYMO_PPG, false}, {"spo2", KYMO_SPO2, false}, {"sao2", KYMO_SPO2, false}, {"so2", KYMO_SPO2, false},
    {"osat", KYMO_SPO2, false}, {"o2sat", KYMO_SPO2, false}, {"sato2", KYMO_SPO2, false}, {"spo\u2082", KYMO_SPO2, false},
    {"sat", KYMO_SPO2, true}, {"o2 sat", KYMO_SPO2, true}, {"o2-sat", KYMO_SPO2, true}, {"oxygen level", KYMO_SPO2, true},
    {"oxygen saturation", KYMO_SPO2, true}, {"saturation", KYMO_SPO2, true}, {"resp", KYMO_RESP, false},
    {"respiration", KYMO_RESP, false}, {"flow", KYMO_RESP, false}, {"airflow", KYMO_RESP, false}, {"thor", KYMO_RESP, false},
    {"thorax", KYMO_RESP, false}, {"abdo", KYMO_RESP, false}, {"abdomen", KYMO_RESP, false},
    {"eeg", KYMO_EEG, false}, {"eog", KYMO_EOG, false}, {"emg", KYMO_EMG, false}, {"chin", KYMO_EMG, true},
    {"pr", KYMO_PULSE_RATE, true}, {"pulse", KYMO_PULSE_RATE, true}, {"hr", KYMO_PULSE_RATE, true},
    {"pulserate", KYMO_PULSE_RATE, false}, {"pulse rate", KYMO_PULSE_RATE, true}, {"pulse.1s", KYMO_PULSE_RATE, true},
    {"heart rate", KYMO_PULSE_RATE, true}, {"bp", KYMO_ABP, true}, {"bp", KYMO_PRESSURE, false}, {"pap", KYMO_PRESSURE, true},
    {"cvp", KYMO_PRESSURE, true}, {"icp", KYMO_PRESSURE, true}, {"press", KYMO_PRESSURE, false},
    {"temp", KYMO_TEMPERATURE, false}, {"temperature", KYMO_TEMPERATURE, false}, {"glucose", KYMO_GLUCOSE, false},
    {"cgm", KYMO_GLUCOSE, false}, {"status", KYMO_TRIGGER, true}, {"trigger", KYMO_TRIGGER, false},
};

static const struct {
    const char *unit;
    enum kymo_kind kind;
} kind_units[] = {
    {"mmHg", KYMO_PRESSURE}, {"degC", KYMO_TEMPERATURE}, {"\u00b0C", KYMO_TEMPERATURE},
    {"mg/dL", KYMO_GLUCOSE}, {"mmol/L", KYMO_GLUCOSE},
};

static bool is_word_char(char c)
{
    return kymo_is_digit(c) || kymo_is_letter(c) || (unsigned char)c >= 0x80;
}

static enum kymo_kind kind_of_word(const char *word, bool whole)
{
    for (size_t i = 0; i < sizeof kind_words / sizeof *kind_words; i++)
        if ((whole || !kind_words[i].whole) && kymo_same_text(word, kind_words[i].word))
            return kind_words[i].kind;
    return KYMO_OTHER;
}

enum kymo_kind kymo_kind_of(const char *label, const char *unit)
{
    enum kymo_kind kind = kind_of_word(label, true);
    char word[32];

    for (const char *p = label; kind == KYMO_OTHER && *p;) {
        size_t n = 0;
        while (*p && !is_word_char(*p))
            p++;
        for (; is_word_char(*p); p++)
            if (n + 1 < sizeof word)
                word[n++] = *p;
        word[n] = '\0';
        kind = kind_of_word(word, false);
    }
    for (size_t i = 0; kind == KYMO_OTHER && i < sizeof kind_units / sizeof *kind_units; i++)
        if (kymo_same_text(unit, kind_units[i].unit))
            kind = kind_units[i].kind;
    return kind;
}

static const struct {
    const char *name;
    size_t bytes;
} storages[KYMO_STORAGES] = {
    [KYMO_I16] = {"i16", 2}, [KYMO_I24] = {"i24", 3}, [KYMO_I32] = {"i32", 4},
    [KYMO_F32] = {"f32", 4}, [KYMO_F64] = {"f64", 8},
};

/* A unit that is no voltage counts as mV: most often the file does not tell. */
double kymo_millivolts(const char *unit)
{
    static const struct { const char *unit; double mv; } units[] = {
        {"V", 1e3}, {"uV", 1e-3}, {"\u00b5V", 1e-3}, {"\u03bcV", 1e-3}, {"nV", 1e-6},
    };

    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(unit, units[i].unit) == 0)
            return units[i].mv;
    return 1;
}

const char *kymo_storage_name(enum kymo_storage s) { return storages[s].name; }
size_t kymo_storage_bytes(enum kymo_storage s) { return storages[s].bytes; }
bool kymo_storage_is_integer(enum kymo_storage s) { return s <= KYMO_I32; }

void kymo_start_text(const struct kymo_start *s, char *out, size_t cap)
{
    char seconds[32];
    int n = 0;

    if (cap > 0)
        out[0] = '\0';
    if (s->has_date)
        n = snprintf(out, cap, "%04d-%02d-%02d", s->year, s->month, s->day);
    if (s->has_time && n >= 0 && (size_t)n < cap) {
        const int64_t minutes = s->time_ns / KYMO_NS_PER_S / 60, rest = s->time_ns % (60 * KYMO_NS_PER_S);
        kymo_format_seconds(rest, seconds, sizeof seconds);
        snprintf(out + n, cap - (size_t)n, "%s%02d:%02d:%s%s", n ? "T" : "", (int)(minutes / 60), (int)(minutes % 60),
                 rest < 10 * KYMO_NS_PER_S ? "0" : "", seconds);
    }
}

/* ---- time ---- */

/* floor(a / b), held to what can be added to another such without overflow. */
static int64_t floor_divide(wide a, wide b)
{
    const wide limit = INT64_MAX / 4, q = a / b - (a % b != 0 && (a < 0) != (b < 0));

    return (int64_t)(q > limit ? limit : q < -limit ? -limit : q);
}

int64_t kymo_time_of(struct kymo_ratio rate, int64_t i)
{
    return floor_divide(2 * (wide)i * rate.den * KYMO_NS_PER_S + rate.num, 2 * (wide)rate.num);
}

int64_t kymo_index_at(struct kymo_ratio rate, int64_t ns)
{
    /* The smallest i whose time, rounded as above, is >= ns: i >= (ns - 1/2) rate. */
    return -floor_divide(-(2 * (wide)ns - 1) * rate.num, 2 * (wide)rate.den * KYMO_NS_PER_S);
}

bool kymo_has_track(const struct kymo_header *h, const char *name)
{
    for (size_t i = 0; i < h->n_tracks; i++)
        if (strcmp(h->track[i], name) == 0)
            return true;
    return false;
}

bool kymo_has_kind(const struct kymo_header *h, enum kymo_kind kind)
{
    for (size_t i = 0; i < h->n_signals; i++)
        if (h->signal[i].kind == kind)
            return true;
    return false;
}

size_t kymo_slowest_signal(const struct kymo_header *h)
{
    size_t slowest = 0;

    for (size_t i = 1; i < h->n_signals; i++)
        if (kymo_ratio_real(h->signal[i].rate) < kymo_ratio_real(h->signal[slowest].rate))
            slowest = i;
    return slowest;
}

struct kymo_ratio kymo_event_rate(const struct kymo_header *h, int signal)
{
    if (h->n_signals == 0)
        return (struct kymo_ratio){0, 1};
    return h->signal[signal >= 0 && (size_t)signal < h->n_signals ? (size_t)signal : kymo_slowest_signal(h)].rate;
}

/* ---- blocks ---- */

void kymo_block_init(struct kymo_block *b, const struct kymo_header *h) { *b = (struct kymo_block){.hdr = h}; }

void kymo_block_release(struct kymo_block *b)
{
    for (size_t s = 0; b->span && s < b->hdr->n_signals; s++) {
        free(b->span[s].digital);
        free(b->span[s].physical);
    }
    free(b->span);
    free(b->event);
    kymo_text_free(&b->text);
    *b = (struct kymo_block){0};
}

int kymo_block_reserve(struct kymo_block *b, size_t signal, size_t n, struct kymo_err *e)
{
    if (!b->span && !(b->span = calloc(b->hdr->n_signals ? b->hdr->n_signals : 1, sizeof *b->span)))
        return kymo_fail(e, KYMO_ENOMEM, "no memory for blocks of %zu signals", b->hdr->n_signals);
    struct kymo_span *s = &b->span[signal];
    if (n <= s->cap)
        return 0;
    free(s->digital);
    free(s->physical);
    s->cap = 0;
    s->digital = calloc(n, sizeof *s->digital);
    s->physical = calloc(n, sizeof *s->physical);
    if (!s->digital || !s->physical)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for blocks of %zu samples", n);
    s->cap = n;
    return 0;
}

void kymo_block_clear(struct kymo_block *b)
{
    b->new_segment = false;
    b->n_events = 0;
    kymo_text_free(&b->text);
    for (size_t s = 0; b->span && s < b->hdr->n_signals; s++) {
        b->span[s].n = 0;
        b->span[s].has_physical = false;
    }
}

/* A copy of text, owned by the block, as UTF-8 without control characters. */
static int keep_event_text(struct kymo_block *b, const char **kept, const char *text)
{
    const size_t n = strlen(text), cap = 3 * n + 8;

    *kept = "";
    if (n == 0)
        return 0;
    char *clean = malloc(cap);
    *kept = clean ? kymo_text_keep(&b->text, clean, kymo_utf8(text, n, clean, cap)) : NULL;
    free(clean);
    return *kept ? 0 : KYMO_ENOMEM;
}

int kymo_block_event(struct kymo_block *b, const struct kymo_event *ev, struct kymo_err *e)
{
    struct kymo_event *const all = kymo_grown(b->event, b->n_events, &b->cap_events, sizeof *all);

    if (!all)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu events", b->n_events + 1);
    b->event = all;
    struct kymo_event *new = &b->event[b->n_events];
    *new = *ev;
    for (char *c = new->type; *c; c++)
        *c = *c > ' ' && *c < 0x7f ? *c : '?';
    if (keep_event_text(b, &new->text, ev->text ? ev->text : "") < 0)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for an event's text");
    b->n_events++;
    return 0;
}

#define CALIBRATED_AT_ONCE 512

CLONED_FOR_AVX2 void kymo_calibrate(const struct kymo_signal *s, const int32_t *digital, size_t n, double *physical)
{
    const double gain = s->gain, baseline = s->baseline;

    /* Two loops: in one, missing samples would keep the divisions from being done side by side. */
    for (size_t at = 0; at < n; at += CALIBRATED_AT_ONCE) {
        const size_t end = n - at < CALIBRATED_AT_ONCE ? n : at + CALIBRATED_AT_ONCE;
        for (size_t i = at; i < end; i++)
            physical[i] = (digital[i] - baseline) / gain;
        for (size_t i = at; i < end; i++)
            physical[i] = digital[i] == KYMO_MISSING ? (double)NAN : physical[i];
    }
}

const double *kymo_physical(struct kymo_block *b, size_t signal)
{
    const struct kymo_signal *s = &b->hdr->signal[signal];
    struct kymo_span *span = &b->span[signal];

    if (!span->has_physical && kymo_storage_is_integer(s->storage))
        kymo_calibrate(s, span->digital, span->n, span->physical);
    span->has_physical = true;
    return span->physical;
}

int64_t kymo_block_time(const struct kymo_block *b, size_t signal, int64_t sample)
{
    return b->segment_ns + kymo_time_of(b->hdr->signal[signal].rate, sample - b->span[signal].segment_first);
}

bool kymo_block_has_samples(const struct kymo_block *b)
{
    for (size_t i = 0; i < b->hdr->n_signals; i++)
        if (b->span[i].n > 0)
            return true;
    return false;
}
