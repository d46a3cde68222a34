/* formats/wfdb_annot.c - see wfdb_annot.h. */
#include "formats/wfdb_annot.h"

#include "lib/bytes.h"
#include "lib/vocabulary.h"

#include <string.h>

enum { NOTE = KYMO_NOTE_CODE, SKIP = 59, NUM = 60, SUB = 61, CHN = 62, AUX = 63 };
#define TIME_LIMIT (INT64_C(1) << 52)

void wfdb_annotations_init(struct wfdb_annotations *s, struct kymo_input *in, struct kymo_ratio rate)
{
    *s = (struct wfdb_annotations){.in = in, .rate = rate};
}

/* The next word without moving; returns 1, or 0 and a word of 0 where the file ends. */
static int peek_word(struct wfdb_annotations *s, unsigned *word, struct kymo_err *e)
{
    const unsigned char *p;
    const ssize_t got = kymo_peek(s->in, 2, &p, e);

    if (got < 0)
        return (int)got;
    if (got < 2)
        return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(s->in), kymo_offset(s->in),
                            "annotations stop without an end mark");
    *word = kymo_le16(p);
    return 1;
}

static int take_skip(struct wfdb_annotations *s, struct kymo_err *e)
{
    unsigned char p[4];
    const ssize_t got = kymo_take(s->in, p, sizeof p, e);

    if (got != sizeof p)
        return got < 0 ? (int)got : kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(s->in), kymo_offset(s->in),
                                                 "annotations stop inside a SKIP");
    s->time += (int32_t)((uint32_t)kymo_le16(p) << 16 | kymo_le16(p + 2));   /* high word first, as on the PDP-11 */
    return 0;
}

static int take_aux(struct wfdb_annotations *s, struct wfdb_annotation *a, size_t n, struct kymo_err *e)
{
    const unsigned char *p;
    const ssize_t got = kymo_peek(s->in, n + (n & 1), &p, e);

    if (got < (ssize_t)n)
        return got < 0 ? (int)got : kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(s->in), kymo_offset(s->in),
                                                 "annotations stop inside a text of %zu bytes", n);
    a->n_aux = n < sizeof a->aux ? n : sizeof a->aux - 1;
    memcpy(a->aux, p, a->n_aux);
    a->aux[a->n_aux] = '\0';
    kymo_skip(s->in, (size_t)got);
    return 0;
}

/* The modifiers behind an annotation. */
static int take_modifiers(struct wfdb_annotations *s, struct wfdb_annotation *a, struct kymo_err *e)
{
    unsigned word = 0;
    int rc;

    while ((rc = peek_word(s, &word, e)) > 0 && word >> 10 > SKIP) {
        const int value = (int)(signed char)(word & 0xff);
        kymo_skip(s->in, 2);
        switch (word >> 10) {
        case NUM: s->num = value; break;
        case SUB: a->subtype = value; break;
        case CHN: s->channel = (int)(word & 0xff), s->has_channel = true; break;
        default: rc = take_aux(s, a, word & 0x3ff, e); break;
        }
        if (rc < 0)
            return rc;
    }
    a->num = s->num;
    a->channel = s->channel;
    a->has_channel = s->has_channel;
    return rc;
}

/* "## time resolution: 1000" in a note at time 0 changes what times mean. */
static bool take_resolution(struct wfdb_annotations *s, const struct wfdb_annotation *a)
{
    static const char words[] = WFDB_TIME_UNIT;
    struct kymo_ratio rate;

    if (a->type != NOTE || a->time != 0 || a->n_aux < sizeof words || memcmp(a->aux, words, sizeof words - 1) != 0 ||
        !kymo_parse_ratio(a->aux + sizeof words - 1, a->n_aux - (sizeof words - 1), &rate) || rate.num < 1)
        return false;
    s->rate = rate;
    s->own_rate = true;
    return true;
}

int wfdb_annotation_next(struct wfdb_annotations *s, struct wfdb_annotation *a, struct kymo_err *e)
{
    while (!s->at_end) {
        unsigned word = 0;
        int rc = peek_word(s, &word, e);
        if (rc < 0)
            return rc;
        kymo_skip(s->in, 2);
        if (word == 0) {
            s->at_end = true;
            break;
        }
        *a = (struct wfdb_annotation){.type = (int)(word >> 10)};
        if (a->type == SKIP) {
            rc = take_skip(s, e);
        } else if (a->type < SKIP) {
            s->time += word & 0x3ff;
            a->time = s->time;
            rc = take_modifiers(s, a, e);
            if (rc >= 0 && a->type > 0 && !take_resolution(s, a))
                return s->time < TIME_LIMIT && s->time > -TIME_LIMIT
                           ? 1
                           : kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(s->in), kymo_offset(s->in),
                                          "an annotation at no possible time");
        } else {   /* a modifier of nothing */
            rc = kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(s->in), kymo_offset(s->in) - 2,
                              "no annotation here: damaged, or no annotation file");
        }
        if (rc < 0)
            return rc;
    }
    return 0;
}
