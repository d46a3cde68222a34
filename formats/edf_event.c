/* formats/edf_event.c - see edf_event.h. */
#include "formats/edf_event.h"

#include "lib/vocabulary.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOTE "note"

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

/* ---- parsing ---- */

static bool parse_number(const char *text, size_t n, int *value)
{
    int64_t v;

    if (!kymo_parse_int(text, n, &v) || v < INT_MIN || v > INT_MAX)
        return false;
    *value = (int)v;
    return true;
}

static bool parse_attribute(const char *p, size_t n, struct kymo_event *ev)
{
    const char *sign = memchr(p, '=', n);

    if (!sign)
        return false;
    const char *value = sign + 1;
    const size_t n_name = (size_t)(sign - p), n_value = n - n_name - 1;
    if (n_name == 3 && memcmp(p, "sub", 3) == 0)
        return parse_number(value, n_value, &ev->subtype);
    if (n_name == 3 && memcmp(p, "num", 3) == 0)
        return parse_number(value, n_value, &ev->num);
    if (n_name == 6 && memcmp(p, "signal", 6) == 0)
        return parse_number(value, n_value, &ev->signal);
    return n_name == 5 && memcmp(p, "value", 5) == 0 && kymo_parse_real(value, n_value, &ev->value);
}

/* "{sub=1,num=2}" from p to end. */
static bool parse_attributes(const char *p, const char *end, struct kymo_event *ev)
{
    if (end - p < 2 || end[-1] != '}')
        return false;
    for (p++, end--; p < end;) {
        const char *comma = memchr(p, ',', (size_t)(end - p));
        const char *stop = comma ? comma : end;
        if (!parse_attribute(p, (size_t)(stop - p), ev))
            return false;
        p = comma ? stop + 1 : end;
    }
    return true;
}

/* The head of text into ev; returns what is behind it, or NULL where there is none. */
static char *parse_head(char *text, size_t n_signals, struct kymo_event *ev, bool *tells_signal)
{
    char *end = text + strcspn(text, " "), *brace = memchr(text, '{', (size_t)(end - text));
    const bool named = *text == '%';
    const char *type = text + named, *type_end = brace ? brace : end;
    char *label = strstr(text, "@@");   /* right behind the head */
    const size_t n = (size_t)(type_end - type);

    *tells_signal = false;
    if (label && label < end)
        return NULL;
    if (n >= sizeof ev->type || (brace && !parse_attributes(brace, end, ev)))
        return NULL;
    *tells_signal = brace && memmem(brace, (size_t)(end - brace), "signal=", 7);
    memcpy(ev->type, type, n);
    ev->type[n] = '\0';
    if ((!named && kymo_code_of(ev->type) < 0) || ev->signal < -1 || ev->signal >= (int)n_signals)
        return NULL;
    return *end ? end + 1 : end;
}

void edf_event_parse(const struct kymo_header *h, char *text, struct kymo_event *ev)
{
    struct kymo_event typed = *ev;
    char *label = NULL;
    bool tells_signal;

    for (char *p = text; (p = strstr(p, "@@")); p++)
        label = p;
    const int signal = label ? signal_of(h, label + 2) : -1;
    if (label && signal >= 0)
        *label = '\0';
    typed.subtype = typed.num = 0;
    typed.value = (double)NAN;
    typed.signal = -1;
    *ev = typed;
    snprintf(ev->type, sizeof ev->type, "%s", NOTE);
    ev->text = text;
    char *rest = parse_head(text, h->n_signals, &typed, &tells_signal);
    if (rest) {
        *ev = typed;
        ev->text = rest;
    }
    if (label && signal >= 0 && rest && tells_signal)
        *label = '@';   /* the text's own */
    else if (label && signal >= 0)
        ev->signal = signal;
}

/* ---- formatting ---- */

static size_t format_attributes(const struct kymo_event *ev, bool with_signal, char *out, size_t cap)
{
    size_t n = 0;

    if (ev->subtype)
        n += (size_t)snprintf(out + n, cap - n, ",sub=%d", ev->subtype);
    if (ev->num)
        n += (size_t)snprintf(out + n, cap - n, ",num=%d", ev->num);
    if (isfinite(ev->value))
        n += (size_t)snprintf(out + n, cap - n, ",value=%.17g", ev->value);
    if (with_signal)
        n += (size_t)snprintf(out + n, cap - n, ",signal=%d", ev->signal);
    if (n > 0) {
        out[0] = '{';
        snprintf(out + n, cap - n, "}");
    } else {
        out[0] = '\0';
    }
    return n;
}

/* The shortest value that is read back as the same number. */
static void shorten(struct kymo_event *ev, char *attributes, size_t cap, bool with_signal)
{
    char text[40];

    if (isfinite(ev->value))
        for (int digits = 1; digits < 17; digits++) {
            const int n = snprintf(text, sizeof text, "%.*g", digits, ev->value);
            double back = 0;
            if (kymo_parse_real(text, (size_t)n, &back) && back == ev->value) {
                struct kymo_event rest = *ev;
                rest.value = (double)NAN;
                rest.signal = ev->signal;
                char others[96];
                format_attributes(&rest, with_signal, others, sizeof others);
                snprintf(attributes, cap, others[0] ? "{value=%s,%s" : "{value=%s}%s", text, others[0] ? others + 1 : "");
                return;
            }
        }
    format_attributes(ev, with_signal, attributes, cap);
}

static bool is_same(const struct kymo_event *a, const struct kymo_event *b)
{
    return a->signal == b->signal && a->subtype == b->subtype && a->num == b->num && strcmp(a->type, b->type) == 0 &&
           strcmp(a->text, b->text) == 0 && (a->value == b->value || (isnan(a->value) && isnan(b->value)));
}

/* Whether text is read back as ev; takes the text away where not. */
static char *if_read_back(const struct kymo_header *h, const struct kymo_event *ev, char *text)
{
    struct kymo_event back = *ev;
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

static char *format_with(const struct kymo_event *ev, const char *head, const char *attributes, const char *label)
{
    char *out = NULL;
    const bool blank = *head && *ev->text;

    return asprintf(&out, "%s%s%s%s%s%s", head, attributes, blank ? " " : *head && *label ? " " : "", ev->text,
                    *label ? "@@" : "", label) < 0 ? NULL : out;
}

char *edf_event_format(const struct kymo_header *h, const struct kymo_event *ev, struct kymo_err *e)
{
    struct kymo_event clean = *ev;
    char head[24], attributes[128], *text;
    const char *label = "";

    if (clean.signal < 0 || clean.signal >= (int)h->n_signals)
        clean.signal = -1;
    if (!isfinite(clean.value))
        clean.value = (double)NAN;
    if (clean.signal >= 0 && signal_of(h, h->signal[clean.signal].label) == clean.signal)
        label = h->signal[clean.signal].label;
    if (strcmp(clean.type, NOTE) == 0 && clean.subtype == 0 && clean.num == 0 && isnan(clean.value) &&
        (text = if_read_back(h, &clean, format_with(&clean, "", "", label))))
        return text;
    snprintf(head, sizeof head, "%s%s", kymo_code_of(clean.type) < 0 ? "%" : "", clean.type);
    shorten(&clean, attributes, sizeof attributes, clean.signal >= 0 && !*label);
    if ((text = if_read_back(h, &clean, format_with(&clean, head, attributes, label))))
        return text;
    shorten(&clean, attributes, sizeof attributes, true);   /* a text with @@ of its own */
    if ((text = if_read_back(h, &clean, format_with(&clean, head, attributes, ""))))
        return text;
    kymo_fail(e, KYMO_EDATA, "an event of type \"%s\" at %lld ns has no form as an EDF annotation", clean.type,
              (long long)clean.time_ns);
    return NULL;
}
