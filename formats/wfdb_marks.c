/* formats/wfdb_marks.c - see wfdb_marks.h. */
#include "formats/wfdb_marks.h"

#include "formats/wfdb_annot.h"
#include "formats/wfdb_plan.h"
#include "lib/grow.h"
#include "lib/vocabulary.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NOTE = KYMO_NOTE_CODE, LAST_CODE = 58, SKIP = 59, NUM = 60, SUB = 61, CHN = 62, AUX = 63 };
#define LONGEST_INTERVAL 1023
#define LONGEST_SKIP INT32_MAX
#define LONGEST_AUX 255
#define MOST_RATES 12
#define NOTE_ROOM 240            /* for a note of ours */

enum loss { EARLY, RESOLUTION, CHANNEL, NUMBER, LONG_TEXT, LOSSES };

/* An event, ready to be written. */
struct mark {
    int64_t time_ns;
    size_t order;                /* of arrival: decides among events of the same time */
    const char *aux;
    int channel;                 /* -1: none */
    signed char type, subtype, num;
    unsigned char n_aux;
};

struct wfdb_marks {
    struct mark *mark;
    size_t n, cap;
    struct kymo_text_piece *text;
    size_t n_rates;
    struct {
        struct kymo_ratio rate;
        char text[32];
        bool fits;               /* all events so far */
    } rate[MOST_RATES];
    size_t lost[LOSSES];
    int64_t first_lost[LOSSES];
};

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for WFDB annotations"); }

/* ---- time resolutions ---- */

static void add_rate(struct wfdb_marks *m, struct kymo_ratio rate)
{
    struct kymo_ratio back;
    char text[32];

    kymo_format_real(kymo_ratio_real(rate), text);
    for (size_t i = 0; i < m->n_rates; i++)
        if (m->rate[i].rate.num == rate.num && m->rate[i].rate.den == rate.den)
            return;
    const bool exact = kymo_parse_ratio(text, strlen(text), &back) && back.num == rate.num && back.den == rate.den;
    if (m->n_rates > 0 && !exact)   /* the first is the record's own, which nobody has to be told */
        return;
    m->rate[m->n_rates].rate = rate;
    m->rate[m->n_rates].fits = true;
    memcpy(m->rate[m->n_rates++].text, text, sizeof text);
}

struct wfdb_marks *wfdb_marks_create(const struct kymo_writer *w, struct kymo_ratio frame_rate, struct kymo_err *e)
{
    struct wfdb_marks *m = calloc(1, sizeof *m);

    if (!m) {
        out_of_memory(e);
        return NULL;
    }
    add_rate(m, frame_rate);
    for (size_t i = 0; i < w->hdr.n_signals && m->n_rates < MOST_RATES - 3; i++)
        add_rate(m, w->hdr.signal[i].rate);
    add_rate(m, kymo_ratio(1000, 1));
    add_rate(m, kymo_ratio(1000000, 1));
    add_rate(m, kymo_ratio(KYMO_NS_PER_S, 1));
    return m;
}

void wfdb_marks_destroy(struct wfdb_marks *m)
{
    if (!m)
        return;
    free(m->mark);
    kymo_text_free(&m->text);
    free(m);
}

/* ---- texts ---- */

/* What a note says, besides the text. */
struct said {
    bool has_type, has_sample;
    char type[16];
    int64_t duration_ns, sample;
    double value;
};

static bool take_word(const char *word, size_t n, struct said *s)
{
    static const char duration[] = "duration=", value[] = "value=", sample[] = "sample=";
    const size_t n_duration = sizeof duration - 1, n_value = sizeof value - 1, n_sample = sizeof sample - 1;
    const bool negative = n > n_duration && word[n_duration] == '-';

    if (n == n_duration + 1 && memcmp(word, "duration=?", n) == 0) {
        s->duration_ns = KYMO_UNKNOWN;
        return true;
    }
    if (n > n_duration && memcmp(word, duration, n_duration) == 0) {
        if (!kymo_parse_time(word + n_duration + negative, n - n_duration - negative, &s->duration_ns))
            return false;
        s->duration_ns = negative ? -s->duration_ns : s->duration_ns;
        return true;
    }
    if (n > n_sample && memcmp(word, sample, n_sample) == 0) {
        s->has_sample = true;
        s->sample = KYMO_UNKNOWN;
        return (n == n_sample + 1 && word[n_sample] == '?') ||
               kymo_parse_int(word + n_sample, n - n_sample, &s->sample);
    }
    if (n > n_value && memcmp(word, value, n_value) == 0)
        return kymo_parse_real(word + n_value, n - n_value, &s->value);
    if (n == 0 || s->has_type || memchr(word, '=', n))
        return false;
    s->has_type = true;
    return (n == 1 && *word == '%') || kymo_unescape(word, n, s->type, sizeof s->type);   /* %: one without letters */
}

/* Where the note at the end of text begins, blank before it included, and what it says; NULL: there is none. */
static const char *find_note(const char *text, struct said *s)
{
    static const char open[] = "{kymo";
    const size_t n = strlen(text);
    const char *brace = strrchr(text, '{');

    *s = (struct said){.value = (double)NAN};
    if (!brace || text[n - 1] != '}' || strncmp(brace, open, sizeof open - 1) != 0)
        return NULL;
    const char *p = brace + sizeof open - 1, *end = text + n - 1;
    while (p < end) {
        if (*p++ != ' ')
            return NULL;
        const size_t n_word = strcspn(p, " }");
        if (!take_word(p, n_word, s))
            return NULL;
        p += n_word;
    }
    if (brace == text)
        return text;
    return brace[-1] == ' ' ? brace - 1 : NULL;
}

void wfdb_take_note(char *text, struct kymo_event *ev)
{
    struct said s;
    const char *at = find_note(text, &s);

    if (!at || (s.has_type && strcmp(ev->type, KYMO_NOTE_TYPE) != 0))
        return;
    text[at - text] = '\0';
    ev->duration_ns = s.duration_ns;
    ev->value = s.value;
    if (s.has_sample)
        ev->sample = s.sample;
    if (s.has_type)
        memcpy(ev->type, s.type, sizeof s.type);
}

/* The sample that a reader takes an event for. */
static int64_t usual_sample(const struct wfdb_marks *m, const struct kymo_writer *w, const struct kymo_event *ev)
{
    return kymo_index_at(ev->signal < 0 ? m->rate[0].rate : w->hdr.signal[ev->signal].rate, ev->time_ns);
}

/* The note that an event needs, with a blank before it if there is a text; "" where none is needed. */
static void write_note(const struct kymo_event *ev, int code, int64_t usual_sample, char note[NOTE_ROOM])
{
    const bool lasts = ev->duration_ns != 0, has_value = isfinite(ev->value), has_sample = ev->sample != usual_sample;
    const bool names = code == NOTE && kymo_code_of(ev->type) != NOTE;
    struct said s;
    char type[64] = "", duration[48] = "?", value[32] = "", sample[32] = "?";

    note[0] = '\0';
    if (!lasts && !has_value && !has_sample && !names && !find_note(ev->text, &s))
        return;
    if (names && kymo_escape(ev->type, "={}", type, sizeof type) == 0)
        memcpy(type, "%", 2);
    if (lasts && ev->duration_ns != KYMO_UNKNOWN)
        kymo_format_seconds(ev->duration_ns, duration, sizeof duration);
    if (has_value)
        kymo_format_real(ev->value, value);
    if (has_sample && ev->sample != KYMO_UNKNOWN)
        snprintf(sample, sizeof sample, "%lld", (long long)ev->sample);
    snprintf(note, NOTE_ROOM, "%s{kymo%s%s%s%s%s%s%s%s}", *ev->text ? " " : "", names ? " " : "", type,
             lasts ? " duration=" : "", lasts ? duration : "", has_value ? " value=" : "", value,
             has_sample ? " sample=" : "", has_sample ? sample : "");
}

/* ---- events ---- */

/* The code of a type, also of those that a file has but the vocabulary does not; NOTE for words. */
static int code_of(const char *type)
{
    const int known = kymo_code_of(type);
    int64_t code = 0;

    if (known > 0)
        return known;
    if (type[0] == '[' && type[1] && kymo_parse_int(type + 1, strcspn(type + 1, "]"), &code) && code > 0 && code <= LAST_CODE)
        return (int)code;
    return NOTE;
}

static int lose(struct wfdb_marks *m, const struct kymo_writer *w, enum loss kind, const struct kymo_event *ev,
                const char *what, struct kymo_err *e)
{
    char at[48];

    kymo_format_seconds(ev->time_ns, at, sizeof at);
    if (!w->lossy)
        return kymo_fail_at(e, KYMO_EDATA, w->path, -1, "the event %.15s at %s s %s: no WFDB annotation holds that", ev->type,
                            at, what);
    if (m->lost[kind]++ == 0)
        m->first_lost[kind] = ev->time_ns;
    return 0;
}

/* Text and note into aux; a text that is too long is cut between characters. */
static int keep_aux(struct wfdb_marks *m, const struct kymo_writer *w, const struct kymo_event *ev, struct mark *k,
                    struct kymo_err *e)
{
    char note[NOTE_ROOM], aux[LONGEST_AUX + 1], what[64];
    size_t n = strlen(ev->text);

    write_note(ev, k->type, usual_sample(m, w, ev), note);
    const size_t n_note = strlen(note), room = LONGEST_AUX - n_note;
    if (n > room) {
        snprintf(what, sizeof what, "has a text of %zu bytes, more than %zu", n, room);
        const int rc = lose(m, w, LONG_TEXT, ev, what, e);
        if (rc < 0)
            return rc;
        for (n = room; n > 0 && ((unsigned char)ev->text[n] & 0xc0) == 0x80;)
            n--;
    }
    memcpy(aux, ev->text, n);
    memcpy(aux + n, note, n_note);
    k->n_aux = (unsigned char)(n + n_note);
    return (k->aux = kymo_text_keep(&m->text, aux, n + n_note)) ? 0 : out_of_memory(e);
}

static bool is_byte(int v) { return v >= -128 && v <= 127; }

static int fill_mark(struct wfdb_marks *m, const struct kymo_writer *w, const struct kymo_event *ev, struct mark *k,
                     struct kymo_err *e)
{
    int rc = 0;

    *k = (struct mark){.time_ns = ev->time_ns, .order = m->n, .channel = ev->signal, .type = (signed char)code_of(ev->type)};
    if (ev->signal >= WFDB_NO_CHANNEL) {
        rc = lose(m, w, CHANNEL, ev, "belongs to a signal above 254", e);
        k->channel = -1;
    }
    if (is_byte(ev->subtype) && is_byte(ev->num)) {
        k->subtype = (signed char)ev->subtype;
        k->num = (signed char)ev->num;
    } else if (rc == 0) {
        rc = lose(m, w, NUMBER, ev, "has a subtype or a number beyond -128..127", e);
    }
    return rc < 0 ? rc : keep_aux(m, w, ev, k, e);
}

int wfdb_marks_add(struct wfdb_marks *m, const struct kymo_writer *w, const struct kymo_event *ev, struct kymo_err *e)
{
    struct mark *const all = kymo_grown(m->mark, m->n, &m->cap, sizeof *all);

    if (!all)
        return out_of_memory(e);
    m->mark = all;
    if (ev->time_ns < 0)
        return lose(m, w, EARLY, ev, "lies before the record", e);
    if (ev->time_ns == 0 && kymo_code_of(ev->type) == NOTE && strncmp(ev->text, WFDB_TIME_UNIT, sizeof WFDB_TIME_UNIT - 1) == 0)
        return lose(m, w, RESOLUTION, ev, "says \"" WFDB_TIME_UNIT "\", which changes all times", e);
    const int rc = fill_mark(m, w, ev, &m->mark[m->n], e);
    if (rc < 0)
        return rc;
    m->n++;
    for (size_t i = 0; i < m->n_rates; i++)
        if (m->rate[i].fits)
            m->rate[i].fits = kymo_time_of(m->rate[i].rate, kymo_index_at(m->rate[i].rate, ev->time_ns)) == ev->time_ns;
    return 0;
}

/* ---- the file ---- */

static int put_word(struct kymo_output *out, int type, int64_t value, struct kymo_err *e)
{
    const unsigned word = (unsigned)type << 10 | ((unsigned)value & 0x3ff);
    const unsigned char bytes[] = {(unsigned char)word, (unsigned char)(word >> 8)};

    return kymo_put(out, bytes, 2, e);
}

/* The annotation's own word, behind as many SKIPs as its interval needs. */
static int put_interval(struct kymo_output *out, int type, int64_t interval, struct kymo_err *e)
{
    int rc = 0;

    while (rc == 0 && interval > LONGEST_INTERVAL) {
        const uint32_t skip = interval > LONGEST_SKIP ? (uint32_t)LONGEST_SKIP : (uint32_t)interval;
        const unsigned char bytes[] = {(unsigned char)(skip >> 16), (unsigned char)(skip >> 24), (unsigned char)skip,
                                       (unsigned char)(skip >> 8)};   /* high word first, as on the PDP-11 */
        rc = put_word(out, SKIP, 0, e);
        if (rc == 0)
            rc = kymo_put(out, bytes, sizeof bytes, e);
        interval -= skip;
    }
    return rc == 0 ? put_word(out, type, interval, e) : rc;
}

static int put_aux(struct kymo_output *out, const char *text, size_t n, struct kymo_err *e)
{
    int rc = n > 0 ? put_word(out, AUX, (int64_t)n, e) : 0;

    if (rc == 0 && n > 0)
        rc = kymo_put(out, text, n, e);
    return rc == 0 && n % 2 ? kymo_put(out, "", 1, e) : rc;
}

/* What NUM and CHN said last; they hold on. */
struct state {
    int64_t time;
    int num, channel;
};

static int put_mark(struct kymo_output *out, const struct mark *k, struct kymo_ratio rate, struct state *s, struct kymo_err *e)
{
    const int64_t time = kymo_index_at(rate, k->time_ns);
    const int channel = k->channel < 0 && s->channel >= 0 ? WFDB_NO_CHANNEL : k->channel;
    int rc = put_interval(out, k->type, time - s->time, e);

    if (rc == 0 && k->subtype != 0)
        rc = put_word(out, SUB, k->subtype & 0xff, e);
    if (rc == 0 && channel != s->channel)
        rc = put_word(out, CHN, channel, e);
    if (rc == 0 && k->num != s->num)
        rc = put_word(out, NUM, k->num & 0xff, e);
    *s = (struct state){time, k->num, channel};
    return rc == 0 ? put_aux(out, k->aux, k->n_aux, e) : rc;
}

static int in_time(const void *pa, const void *pb)
{
    const struct mark *a = pa, *b = pb;

    if (a->time_ns != b->time_ns)
        return a->time_ns < b->time_ns ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static int put_marks(struct wfdb_marks *m, struct kymo_output *out, struct kymo_err *e)
{
    struct state s = {.channel = -1};
    size_t r = 0;
    int rc = 0;

    while (!m->rate[r].fits && r + 1 < m->n_rates)
        r++;
    if (r > 0) {
        char text[64];
        const int n = snprintf(text, sizeof text, WFDB_TIME_UNIT " %s", m->rate[r].text);
        rc = put_word(out, NOTE, 0, e);
        if (rc == 0)
            rc = put_aux(out, text, (size_t)n, e);
    }
    if (m->n > 1)
        qsort(m->mark, m->n, sizeof *m->mark, in_time);
    for (size_t i = 0; rc == 0 && i < m->n; i++)
        rc = put_mark(out, &m->mark[i], m->rate[r].rate, &s, e);
    return rc == 0 ? put_word(out, 0, 0, e) : rc;
}

static int tell_losses(const struct wfdb_marks *m, const struct kymo_writer *w, const char *path, struct kymo_err *e)
{
    static const char *const what[LOSSES] = {
        [EARLY] = "events before the record left out", [RESOLUTION] = "notes that would be a time resolution left out",
        [CHANNEL] = "events without their signals, which are above 254",
        [NUMBER] = "events with subtypes or numbers beyond -128..127 written without", [LONG_TEXT] = "texts cut to 255 bytes",
    };
    int rc = 0;

    for (int i = 0; rc == 0 && i < LOSSES; i++)
        if (m->lost[i] > 0) {
            char at[48];
            kymo_format_seconds(m->first_lost[i], at, sizeof at);
            rc = kymo_warn(&w->log, e, path, -1, "%zu %s (the first at %s s)", m->lost[i], what[i], at);
        }
    return rc;
}

struct kymo_output *wfdb_marks_end(struct wfdb_marks *m, const struct kymo_writer *w, const char *path, struct kymo_err *e)
{
    struct kymo_output *out = kymo_output_open(path, e);

    if (out && put_marks(m, out, e) == 0 && tell_losses(m, w, path, e) == 0 && kymo_output_sync(out, e) == 0)
        return out;
    kymo_output_destroy(out);
    return NULL;
}
