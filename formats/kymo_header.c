/* formats/kymo_header.c - see kymo_header.h. */
#include "formats/kymo_header.h"

#include "lib/json.h"

#include <math.h>
#include <string.h>

#define STREAM_VERSION 1

/* ---- to JSON ---- */

static json_t *texts_to_json(const char *const *text, size_t n)
{
    json_t *a = json_array();

    for (size_t i = 0; a && i < n; i++)
        json_array_append_new(a, json_string(text[i]));
    return a;
}

static json_t *start_to_json(const struct kymo_start *s)
{
    const struct kymo_start date_only = {.has_date = s->has_date, .year = s->year, .month = s->month, .day = s->day};
    json_t *o = json_object();
    char date[48];

    kymo_start_text(&date_only, date, sizeof date);
    if (s->has_date)
        kymo_json_put(o, "date", json_string(date));
    if (s->has_time)
        kymo_json_put(o, "time_ns", json_integer(s->time_ns));
    return o;
}

static json_t *signal_to_json(const struct kymo_signal *s)
{
    json_t *o = json_object();
    bool ok = kymo_json_put(o, "label", json_string(s->label)) && kymo_json_put(o, "unit", json_string(s->unit)) &&
              kymo_json_put(o, "kind", json_string(kymo_kind_name(s->kind))) &&
              kymo_json_put(o, "rate", json_pack("[I,I]", (json_int_t)s->rate.num, (json_int_t)s->rate.den)) &&
              kymo_json_put(o, "storage", json_string(kymo_storage_name(s->storage))) &&
              kymo_json_put(o, "can_miss", json_boolean(s->can_miss)) &&
              kymo_json_put(o, "calibrated", json_boolean(s->calibrated)) &&
              kymo_json_put(o, "gain", json_real(s->gain)) && kymo_json_put(o, "baseline", json_real(s->baseline)) &&
              kymo_json_put(o, "transducer", json_string(s->transducer)) &&
              kymo_json_put(o, "prefilter", json_string(s->prefilter));

    if (ok && isfinite(s->digital_min))
        ok = kymo_json_put(o, "digital_min", json_real(s->digital_min));
    if (ok && isfinite(s->digital_max))
        ok = kymo_json_put(o, "digital_max", json_real(s->digital_max));
    if (ok && s->n_samples != KYMO_UNKNOWN)
        ok = kymo_json_put(o, "n_samples", json_integer(s->n_samples));
    if (!ok) {
        json_decref(o);
        return NULL;
    }
    return o;
}

static bool signals_to_json(const struct kymo_header *h, json_t *o)
{
    json_t *a = json_array();

    for (size_t i = 0; i < h->n_signals; i++)
        if (json_array_append_new(a, signal_to_json(&h->signal[i])) < 0) {
            json_decref(a);
            return false;
        }
    return kymo_json_put(o, "signals", a);
}

char *kymo_header_to_json(const struct kymo_header *h, struct kymo_err *e)
{
    const struct kymo_subject *u = &h->subject;
    json_t *o = json_object();
    char *text = NULL;

    const bool ok =
        kymo_json_put(o, "version", json_integer(STREAM_VERSION)) &&
        kymo_json_put(o, "record", json_string(h->record)) && kymo_json_put(o, "format", json_string(h->format)) &&
        kymo_json_put(o, "start", start_to_json(&h->start)) &&
        kymo_json_put(o, "subject", json_pack("{ssssssss}", "id", u->id, "name", u->name, "sex", u->sex, "birth",
                                              u->birth)) &&
        kymo_json_put(o, "recording", json_string(h->recording)) && signals_to_json(h, o) &&
        kymo_json_put(o, "tracks", texts_to_json(h->track, h->n_tracks)) &&
        kymo_json_put(o, "history", texts_to_json(h->history, h->n_history)) &&
        kymo_json_put(o, "notes", texts_to_json(h->note, h->n_notes)) &&
        (h->duration_ns == KYMO_UNKNOWN || kymo_json_put(o, "duration_ns", json_integer(h->duration_ns))) &&
        (h->latency_ns == 0 || kymo_json_put(o, "latency_ns", json_integer(h->latency_ns))) &&
        (h->event_delay_ns == 0 || kymo_json_put(o, "event_delay_ns", json_integer(h->event_delay_ns)));
    if (ok)
        text = json_dumps(o, JSON_COMPACT | JSON_REAL_PRECISION(17));
    if (!text)
        kymo_fail(e, KYMO_ENOMEM, "cannot write the header as JSON");
    json_decref(o);
    return text;
}

/* ---- from JSON ---- */

static int read_text(const json_t *o, const char *name, const char **text, struct kymo_header *h, struct kymo_err *e)
{
    const char *view = "";
    const int rc = kymo_json_text(o, name, &view, e);

    if (rc < 0)
        return rc;
    return (*text = kymo_header_text(h, view, strlen(view), e)) ? 0 : KYMO_ENOMEM;
}

static int read_rate(const json_t *o, struct kymo_ratio *rate, struct kymo_err *e)
{
    const json_t *a = json_object_get(o, "rate"), *num = json_array_get(a, 0), *den = json_array_get(a, 1);
    const int64_t n = json_integer_value(num), d = json_integer_value(den);

    if (!json_is_integer(num) || !json_is_integer(den) || n < 1 || d < 1 || n > KYMO_RATIO_LIMIT || d > KYMO_RATIO_LIMIT)
        return kymo_fail(e, KYMO_EFORMAT, "\"rate\" is not two integers in 1..10^12");
    *rate = kymo_ratio(n, d);
    return 0;
}

static int read_storage(const json_t *o, enum kymo_storage *storage, struct kymo_err *e)
{
    const char *name = "";
    const int rc = kymo_json_text(o, "storage", &name, e);
    int s = 0;

    while (s < KYMO_STORAGES && strcmp(name, kymo_storage_name((enum kymo_storage)s)) != 0)
        s++;
    if (rc < 0 || s == KYMO_STORAGES)
        return rc < 0 ? rc : kymo_fail(e, KYMO_EFORMAT, "storage \"%.20s\" is none of i16 i24 i32 f32 f64", name);
    *storage = (enum kymo_storage)s;
    return 0;
}

static int check_signal(const struct kymo_signal *s, struct kymo_err *e)
{
    if (!isfinite(s->gain) || s->gain == 0 || !isfinite(s->baseline))
        return kymo_fail(e, KYMO_EFORMAT, "gain %g, baseline %g are no calibration", s->gain, s->baseline);
    if (s->n_samples != KYMO_UNKNOWN && s->n_samples < 0)
        return kymo_fail(e, KYMO_EFORMAT, "%lld samples", (long long)s->n_samples);
    return 0;
}

static int read_signal(const json_t *o, struct kymo_header *h, struct kymo_err *e)
{
    struct kymo_signal *s = kymo_header_signal(h, e);
    const char *kind = "other";
    int rc;

    if (!s)
        return KYMO_EFORMAT;
    if ((rc = read_text(o, "label", &s->label, h, e)) < 0 || (rc = read_text(o, "unit", &s->unit, h, e)) < 0 ||
        (rc = read_text(o, "transducer", &s->transducer, h, e)) < 0 ||
        (rc = read_text(o, "prefilter", &s->prefilter, h, e)) < 0 || (rc = kymo_json_text(o, "kind", &kind, e)) < 0 ||
        (rc = read_rate(o, &s->rate, e)) < 0 || (rc = read_storage(o, &s->storage, e)) < 0 ||
        (rc = kymo_json_bool(o, "can_miss", &s->can_miss, e)) < 0 ||
        (rc = kymo_json_bool(o, "calibrated", &s->calibrated, e)) < 0 ||
        (rc = kymo_json_real(o, "gain", &s->gain, e)) < 0 || (rc = kymo_json_real(o, "baseline", &s->baseline, e)) < 0 ||
        (rc = kymo_json_real(o, "digital_min", &s->digital_min, e)) < 0 ||
        (rc = kymo_json_real(o, "digital_max", &s->digital_max, e)) < 0 ||
        (rc = kymo_json_int(o, "n_samples", &s->n_samples, e)) < 0)
        return rc;
    s->kind = kymo_kind_named(kind);
    if (s->kind == KYMO_KINDS)
        s->kind = KYMO_OTHER;
    return check_signal(s, e);
}

static int read_signals(const json_t *o, struct kymo_header *h, struct kymo_err *e)
{
    const json_t *a;
    size_t n;
    int rc = kymo_json_array(o, "signals", &a, &n, e);

    if (rc == 0 && !a)
        return kymo_fail(e, KYMO_EFORMAT, "no \"signals\"");
    for (size_t i = 0; rc == 0 && i < n; i++)
        if ((rc = read_signal(json_array_get(a, i), h, e)) < 0)
            kymo_during(e, "signal %zu", i);
    return rc;
}

static int read_list(const json_t *o, const char *name, int (*add)(struct kymo_header *, const char *, struct kymo_err *),
                     struct kymo_header *h, struct kymo_err *e)
{
    const json_t *a;
    size_t n;
    int rc = kymo_json_array(o, name, &a, &n, e);

    for (size_t i = 0; rc >= 0 && i < n; i++) {
        const char *text = json_string_value(json_array_get(a, i));
        rc = text ? add(h, text, e) : kymo_fail(e, KYMO_EFORMAT, "\"%s\" holds something that is no text", name);
    }
    return rc < 0 ? rc : 0;
}

static int add_note(struct kymo_header *h, const char *text, struct kymo_err *e)
{
    return kymo_header_add_note(h, text, strlen(text), e);
}

static bool parse_date(const char *text, struct kymo_start *s)
{
    int64_t y, m, d;

    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' || !kymo_parse_int(text, 4, &y) ||
        !kymo_parse_int(text + 5, 2, &m) || !kymo_parse_int(text + 8, 2, &d) || y < 1 || m < 1 || m > 12 || d < 1 || d > 31)
        return false;
    s->has_date = true;
    s->year = (int)y, s->month = (int)m, s->day = (int)d;
    return true;
}

static int read_start(const json_t *o, struct kymo_start *s, struct kymo_err *e)
{
    const char *date = NULL;
    int64_t time_ns = -1;
    int rc;

    if ((rc = kymo_json_text(o, "date", &date, e)) < 0 || (rc = kymo_json_int(o, "time_ns", &time_ns, e)) < 0)
        return rc;
    if (date && !parse_date(date, s))
        return kymo_fail(e, KYMO_EFORMAT, "start date \"%.20s\" is not YYYY-MM-DD", date);
    if (time_ns >= 86400 * KYMO_NS_PER_S)
        return kymo_fail(e, KYMO_EFORMAT, "start %lld ns after midnight", (long long)time_ns);
    s->has_time = time_ns >= 0;
    s->time_ns = s->has_time ? time_ns : 0;
    return 0;
}

static int read_members(const json_t *o, struct kymo_header *h, struct kymo_err *e)
{
    const json_t *subject = json_object_get(o, "subject");
    int64_t version = 0;
    int rc;

    if ((rc = kymo_json_int(o, "version", &version, e)) < 0)
        return rc;
    if (version != STREAM_VERSION)
        return kymo_fail(e, KYMO_EFORMAT, "stream version %lld, this kymo reads %d", (long long)version, STREAM_VERSION);
    if ((rc = read_text(o, "record", &h->record, h, e)) < 0 || (rc = read_text(o, "format", &h->format, h, e)) < 0 ||
        (rc = read_text(o, "recording", &h->recording, h, e)) < 0 ||
        (rc = read_text(subject, "id", &h->subject.id, h, e)) < 0 ||
        (rc = read_text(subject, "name", &h->subject.name, h, e)) < 0 ||
        (rc = read_text(subject, "sex", &h->subject.sex, h, e)) < 0 ||
        (rc = read_text(subject, "birth", &h->subject.birth, h, e)) < 0 ||
        (rc = read_start(json_object_get(o, "start"), &h->start, e)) < 0 ||
        (rc = kymo_json_int(o, "duration_ns", &h->duration_ns, e)) < 0 ||
        (rc = kymo_json_int(o, "latency_ns", &h->latency_ns, e)) < 0 ||
        (rc = kymo_json_int(o, "event_delay_ns", &h->event_delay_ns, e)) < 0 || (rc = read_signals(o, h, e)) < 0 ||
        (rc = read_list(o, "tracks", kymo_header_add_track, h, e)) < 0 ||
        (rc = read_list(o, "history", kymo_header_add_history, h, e)) < 0)
        return rc;
    if (h->latency_ns != 0 && (h->latency_ns < KYMO_LEAST_LATENCY_NS || h->latency_ns > KYMO_MOST_LATENCY_NS))
        return kymo_fail(e, KYMO_EFORMAT, "a latency of %lld ns, not 10 ms to an hour", (long long)h->latency_ns);
    if (h->event_delay_ns < 0 || h->event_delay_ns > KYMO_MOST_LATENCY_NS)
        return kymo_fail(e, KYMO_EFORMAT, "events %lld ns behind their samples, not 0 to an hour",
                         (long long)h->event_delay_ns);
    return read_list(o, "notes", add_note, h, e);
}

int kymo_header_from_json(struct kymo_header *h, const char *text, size_t n, struct kymo_err *e)
{
    json_error_t where;
    json_t *o = json_loadb(text, n, JSON_REJECT_DUPLICATES, &where);

    if (!o)
        return kymo_fail(e, KYMO_EFORMAT, "header is no JSON at its byte %d: %s", where.position, where.text);
    const int rc = read_members(o, h, e);
    json_decref(o);
    return rc;
}
