/* formats/edf_event.c - see edf_event.h. */
#include "formats/edf_event.h"

#include "lib/vocabulary.h"

#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HELD_LABEL 16            /* characters of a label that EDF holds */
#define WORD 64                  /* room for a type */
#define ATTRIBUTES 256           /* room for all of them */
#define TRACK 1024               /* longest name of a track that is read */
#define TIME_LIMIT (INT64_C(1) << 60)
#define TRACKS "%" EDF_TRACKS " "

/* The one signal of that label, or -1. */
static int signal_of(const struct kymo_header *h, const char *label)
{
    int found = -1;

    for (size_t i = 0; i < h->n_signals; i++)
        if (strcmp(h->signal[i].label, label) == 0) {
            if (found >= 0)
                return -1;
            found = (int)i;
        }
    return *label ? found : -1;
}

/* What the reader takes for the sample of an event whose text does not tell it. */
static int64_t usual_sample(const struct kymo_header *h, const struct kymo_event *ev)
{
    const struct kymo_ratio rate = kymo_event_rate(h, ev->signal);
    const int code = kymo_code_of(ev->type);

    return rate.num == 0 || (ev->signal < 0 && (code < 0 || code == KYMO_NOTE_CODE)) ? KYMO_UNKNOWN
                                                                                     : kymo_index_at(rate, ev->time_ns);
}

/* ---- parsing ---- */

/* What the attributes of a text tell. */
struct told {
    bool signal, sample;
};

static bool parse_number(const char *text, size_t n, int *value)
{
    int64_t v;

    if (!kymo_parse_int(text, n, &v) || v < INT_MIN || v > INT_MAX)
        return false;
    *value = (int)v;
    return true;
}

static bool is_unknown(const char *text, size_t n) { return n == 1 && *text == '?'; }

static bool parse_sample(const char *text, size_t n, int64_t *value)
{
    if (!is_unknown(text, n))
        return kymo_parse_int(text, n, value);
    *value = KYMO_UNKNOWN;
    return true;
}

/* Durations that a list has no place for: unknown ones and negative ones. */
static bool parse_duration(const char *text, size_t n, int64_t *ns)
{
    const bool negative = n > 0 && *text == '-';

    if (is_unknown(text, n)) {
        *ns = KYMO_UNKNOWN;
        return true;
    }
    if (!kymo_parse_time(text + negative, n - negative, ns) || *ns > TIME_LIMIT)
        return false;
    *ns = negative ? -*ns : *ns;
    return true;
}

static bool parse_attribute(const char *p, size_t n, struct kymo_event *ev, struct told *told)
{
    static const char *const names[] = {"sub", "num", "value", "signal", "sample", "duration", "track"};
    const char *sign = memchr(p, '=', n);
    size_t k = 0;

    if (!sign)
        return false;
    const char *value = sign + 1;
    const size_t n_name = (size_t)(sign - p), n_value = n - n_name - 1;
    while (k < sizeof names / sizeof *names && (strlen(names[k]) != n_name || memcmp(p, names[k], n_name) != 0))
        k++;
    told->signal |= k == 3;
    told->sample |= k == 4;
    switch (k) {
    case 0: return parse_number(value, n_value, &ev->subtype);
    case 1: return parse_number(value, n_value, &ev->num);
    case 2: return kymo_parse_real(value, n_value, &ev->value);
    case 3: return parse_number(value, n_value, &ev->signal);
    case 4: return parse_sample(value, n_value, &ev->sample);
    case 5: return parse_duration(value, n_value, &ev->duration_ns);
    case 6: return parse_number(value, n_value, &ev->track);
    default: return false;
    }
}

/* "{sub=1,num=2}" from p to end. */
static bool parse_attributes(const char *p, const char *end, struct kymo_event *ev, struct told *told)
{
    if (end - p < 2 || end[-1] != '}')
        return false;
    for (p++, end--; p < end;) {
        const char *comma = memchr(p, ',', (size_t)(end - p));
        const char *stop = comma ? comma : end;
        if (!parse_attribute(p, (size_t)(stop - p), ev, told))
            return false;
        p = comma ? stop + 1 : end;
    }
    return true;
}

/* word[n] as TYPE{ATTRIBUTES} into ev, a mnemonic or %TYPE. */
static bool parse_word(const struct kymo_header *h, const char *word, size_t n, struct kymo_event *ev, struct told *told)
{
    const char *end = word + n, *brace = memchr(word, '{', n), *type_end = brace ? brace : end;
    const bool named = n > 0 && *word == '%';
    const char *type = word + named;
    const int track = ev->track;

    *told = (struct told){0};
    if (named ? !kymo_unescape(type, (size_t)(type_end - type), ev->type, sizeof ev->type)
              : type_end - type >= (ptrdiff_t)sizeof ev->type)
        return false;
    if (!named) {
        memcpy(ev->type, type, (size_t)(type_end - type));
        ev->type[type_end - type] = '\0';
        const int code = kymo_code_of(ev->type);
        if (code < 0 || code == KYMO_NOTE_CODE)
            return false;
    }
    return (!brace || parse_attributes(brace, end, ev, told)) && ev->signal >= -1 && ev->signal < (int)h->n_signals &&
           (ev->track == track || (ev->track >= 0 && (size_t)ev->track < h->n_tracks));
}

/* "TEXT %TYPE{ATTRIBUTES}" or "MNEMONIC{ATTRIBUTES} TEXT" into ev; false where it is neither. */
static bool parse_typed(const struct kymo_header *h, char *text, struct kymo_event *ev, struct told *told)
{
    char *blank = strrchr(text, ' '), *last = blank ? blank + 1 : text, *end = text + strcspn(text, " ");
    struct kymo_event typed = *ev;

    if (*last == '%' && parse_word(h, last, strlen(last), &typed, told)) {
        *(blank ? blank : last) = '\0';
        typed.text = text;
    } else {
        typed = *ev;
        if (*text == '%' || !parse_word(h, text, (size_t)(end - text), &typed, told))
            return false;
        typed.text = *end ? end + 1 : end;
    }
    *ev = typed;
    return true;
}

void edf_event_parse(const struct kymo_header *h, char *text, struct kymo_event *ev)
{
    struct told told;
    char *label = NULL;

    for (char *p = text; (p = strstr(p, "@@")); p++)
        label = p;
    const int signal = label ? signal_of(h, label + 2) : -1;
    if (signal >= 0)
        *label = '\0';
    ev->subtype = ev->num = 0;
    ev->value = (double)NAN;
    ev->signal = -1;
    ev->text = text;
    snprintf(ev->type, sizeof ev->type, "%s", KYMO_NOTE_TYPE);
    if (!parse_typed(h, text, ev, &told))
        told = (struct told){0};
    if (signal >= 0 && told.signal)
        *label = '@';   /* the text's own */
    else if (signal >= 0)
        ev->signal = signal;
    if (!told.sample)
        ev->sample = usual_sample(h, ev);
}

/* ---- formatting ---- */

__attribute__((format(printf, 3, 4)))
static size_t add_attribute(char *out, size_t n, const char *fmt, ...)
{
    va_list ap;

    out[n] = n ? ',' : '{';
    va_start(ap, fmt);
    n += 1 + (size_t)vsnprintf(out + n + 1, ATTRIBUTES - n - 1, fmt, ap);
    va_end(ap);
    return n;
}

static void format_attributes(const struct kymo_header *h, const struct kymo_event *ev, bool with_signal,
                              char out[ATTRIBUTES])
{
    char text[32];
    size_t n = 0;

    if (ev->subtype)
        n = add_attribute(out, n, "sub=%d", ev->subtype);
    if (ev->num)
        n = add_attribute(out, n, "num=%d", ev->num);
    if (!isnan(ev->value)) {
        kymo_format_real(ev->value, text);
        n = add_attribute(out, n, "value=%s", text);
    }
    if (with_signal)
        n = add_attribute(out, n, "signal=%d", ev->signal);
    if (ev->sample != usual_sample(h, ev)) {
        snprintf(text, sizeof text, "%lld", (long long)ev->sample);
        n = add_attribute(out, n, "sample=%s", ev->sample == KYMO_UNKNOWN ? "?" : text);
    }
    if (ev->duration_ns < 0) {
        kymo_format_seconds(ev->duration_ns == KYMO_UNKNOWN ? 0 : ev->duration_ns, text, sizeof text);
        n = add_attribute(out, n, "duration=%s", ev->duration_ns == KYMO_UNKNOWN ? "?" : text);
    }
    if (ev->track)
        n = add_attribute(out, n, "track=%d", ev->track);
    snprintf(out + n, ATTRIBUTES - n, "%s", n ? "}" : "");
}

static bool is_same(const struct kymo_event *a, const struct kymo_event *b)
{
    return a->signal == b->signal && a->subtype == b->subtype && a->num == b->num && a->sample == b->sample &&
           a->duration_ns == b->duration_ns && a->track == b->track && strcmp(a->type, b->type) == 0 &&
           strcmp(a->text, b->text) == 0 && (a->value == b->value || (isnan(a->value) && isnan(b->value)));
}

/* Whether text is read back as ev; takes the text away where not. */
static char *if_read_back(const struct kymo_header *h, const struct kymo_event *ev, char *text)
{
    struct kymo_event back = {.time_ns = ev->time_ns, .duration_ns = ev->duration_ns > 0 ? ev->duration_ns : 0};
    char *copy = text ? strdup(text) : NULL;

    if (copy)
        edf_event_parse(h, copy, &back);
    if (!copy || !*text || !is_same(ev, &back)) {
        free(text);
        text = NULL;
    }
    free(copy);
    return text;
}

/* The word behind or before the text, and the label behind all. */
static char *format_with(const struct kymo_event *ev, const char *word, const char *attributes, const char *label)
{
    const char *at = *label ? "@@" : "", *blank = *ev->text && *word ? " " : "";
    char *out = NULL;
    int n;

    if (*word == '%' || !*word)
        n = asprintf(&out, "%s%s%s%s%s%s", ev->text, blank, word, attributes, at, label);
    else
        n = asprintf(&out, "%s%s%s%s%s%s", word, attributes, *label && !*ev->text ? " " : blank, ev->text, at, label);
    return n < 0 ? NULL : out;
}

/* Whether the file tells the labels of all signals as they are. */
static bool keeps_labels(const struct kymo_header *h)
{
    for (size_t i = 0; i < h->n_signals; i++) {
        const char *p = h->signal[i].label;
        while (*p > ' ' - 1 && *p < 0x7f)
            p++;
        if (*p || p - h->signal[i].label > HELD_LABEL)
            return false;
    }
    return true;
}

/* A mnemonic as it is, or named as any other type. */
static void format_type(const char *type, bool named, char out[WORD])
{
    const int code = kymo_code_of(type);
    const bool ours = strcmp(type, EDF_PADDING) == 0 || strcmp(type, EDF_TRACKS) == 0;

    if (!named && code >= 0 && code != KYMO_NOTE_CODE) {
        snprintf(out, WORD, "%s", type);
        return;
    }
    size_t n = (size_t)snprintf(out, WORD, ours ? "%%%%%02X" : "%%", *type);   /* no mark of the writer's */
    kymo_escape(type + ours, "{}@", out + n, WORD - n);
}

char *edf_event_format(const struct kymo_header *h, const struct kymo_event *ev, struct kymo_err *e)
{
    struct kymo_event clean = *ev;
    char word[WORD], attributes[ATTRIBUTES], *text;
    const char *label = "";

    if (clean.signal < 0 || clean.signal >= (int)h->n_signals)
        clean.signal = -1;
    if (clean.signal >= 0 && keeps_labels(h) && signal_of(h, h->signal[clean.signal].label) == clean.signal)
        label = h->signal[clean.signal].label;
    if (kymo_code_of(clean.type) == KYMO_NOTE_CODE)
        memcpy(clean.type, KYMO_NOTE_TYPE, sizeof KYMO_NOTE_TYPE);
    format_attributes(h, &clean, clean.signal >= 0 && !*label, attributes);
    if (strcmp(clean.type, KYMO_NOTE_TYPE) == 0 && !*attributes &&
        (text = if_read_back(h, &clean, format_with(&clean, "", "", label))))
        return text;
    for (int way = 0; way < 4; way++) {   /* the last ones for texts with a @@ or a %TYPE of their own */
        if (way % 2 == 0)
            format_attributes(h, &clean, way > 0 || (clean.signal >= 0 && !*label), attributes);
        format_type(clean.type, way % 2 > 0, word);
        if ((text = if_read_back(h, &clean, format_with(&clean, word, attributes, way < 2 ? label : ""))))
            return text;
    }
    kymo_fail(e, KYMO_EDATA, "an event of type \"%s\" at %lld ns has no form as an EDF annotation", clean.type,
              (long long)clean.time_ns);
    return NULL;
}

/* ---- tracks ---- */

bool edf_tells_tracks(const struct kymo_header *h)
{
    return h->n_tracks > 1 || (h->n_tracks == 1 && strcmp(h->track[0], "edf") != 0 && strcmp(h->track[0], "bdf") != 0);
}

char *edf_tracks_format(const struct kymo_header *h)
{
    size_t cap = sizeof TRACKS, n = sizeof TRACKS - 1;

    for (size_t i = 0; i < h->n_tracks; i++)
        cap += 3 * strlen(h->track[i]) + 4;
    char *text = malloc(cap);
    if (!text)
        return NULL;
    memcpy(text, TRACKS, sizeof TRACKS);
    for (size_t i = 0; i < h->n_tracks; i++) {
        if (i > 0)
            text[n++] = ' ';
        n += kymo_escape(h->track[i], "", text + n, cap - n);
    }
    return text;
}

bool edf_is_mark(const char *text)
{
    return strcmp(text, "%" EDF_PADDING) == 0 || strncmp(text, TRACKS, sizeof TRACKS - 1) == 0;
}

int edf_tracks_parse(struct kymo_header *h, const char *text, size_t n, struct kymo_err *e)
{
    const char *p = text + sizeof TRACKS - 1, *end = text + n;
    char name[TRACK];
    int rc = 0;

    if (n < sizeof TRACKS || memcmp(text, TRACKS, sizeof TRACKS - 1) != 0)
        return 0;
    while (rc >= 0 && p <= end) {
        const char *blank = memchr(p, ' ', (size_t)(end - p)), *stop = blank ? blank : end;
        if (!kymo_unescape(p, (size_t)(stop - p), name, sizeof name))
            snprintf(name, sizeof name, "%.*s", (int)(stop - p), p);
        rc = kymo_header_add_track(h, name, e);
        p = stop + 1;
    }
    return rc < 0 ? rc : 0;
}
