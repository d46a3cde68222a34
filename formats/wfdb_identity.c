/* formats/wfdb_identity.c - see wfdb_identity.h. */
#include "formats/wfdb_identity.h"

#include "formats/wfdb_check.h"
#include "formats/wfdb_segments.h"
#include "lib/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is hidden ---- */

static int tell(const struct kymo_identity_rules *rules, const char *field, struct wfdb_word word, struct kymo_err *e)
{
    char text[512];

    if (word.n == 0)
        return 0;
    kymo_utf8(word.p, word.n < 160 ? word.n : 160, text, sizeof text);
    return rules->found(rules->to, field, text, NULL, e);
}

/* The next line of w's text, trimmed; false at the end. */
static bool next_line(const struct wfdb_words *w, const char **at, int *number, struct wfdb_word *line)
{
    const char *end = w->text + w->n_text;

    if (*at >= end)
        return false;
    const char *stop = memchr(*at, '\n', (size_t)(end - *at));
    *line = (struct wfdb_word){*at, (size_t)((stop ? stop : end) - *at)};
    *at = stop ? stop + 1 : end;
    line->n = kymo_trim(&line->p, line->n);
    (*number)++;
    return true;
}

/* A comment without its mark; n 0 where the line is none, or one that only tells a baseline. */
static struct wfdb_word comment_of(struct wfdb_word line)
{
    static const char baseline[] = WFDB_BASELINE_NOTE;

    if (line.n == 0 || *line.p != '#')
        return (struct wfdb_word){line.p, 0};
    line.p++;
    line.n = kymo_trim(&line.p, line.n - 1);
    if (line.n >= sizeof baseline - 1 && memcmp(line.p, baseline, sizeof baseline - 1) == 0)
        line.n = 0;
    return line;
}

/* Of comments those before line LIMIT. */
static int tell_lines(const struct wfdb_words *w, int limit, const char *field, const struct kymo_identity_rules *rules,
                      struct kymo_err *e)
{
    const char *at = w->text;
    struct wfdb_word line;
    int number = 0, rc = 0;

    while (rc == 0 && next_line(w, &at, &number, &line)) {
        const bool is_more = w->first_more > 0 && number >= w->first_more && line.n > 0 && *line.p != '#';
        if (is_more)
            rc = tell(rules, "line of the header", line, e);
        else if (number < limit)
            rc = tell(rules, field, comment_of(line), e);
    }
    return rc;
}

static int tell_segment(const struct wfdb_words *whole, struct wfdb_word name, const struct kymo_identity_rules *rules,
                        struct kymo_err *e)
{
    char *text = strndup(name.p, name.n), *path = text ? wfdb_path_beside(whole->path, text, ".hea") : NULL;
    struct kymo_err unread = {0};   /* a segment that is not there tells nothing */
    struct kymo_input *in = path ? kymo_input_open(path, &unread) : NULL;
    struct wfdb_words w = {0};
    char field[120];
    int rc = path ? 0 : kymo_fail(e, KYMO_ENOMEM, "no memory for a segment");

    if (in && (rc = wfdb_words_read(in, path, &w, e)) == 0) {
        snprintf(field, sizeof field, "start date of segment %.80s", text);
        rc = tell(rules, field, w.date, e);
        snprintf(field, sizeof field, "comment of segment %.80s", text);
        if (rc == 0)
            rc = tell_lines(&w, INT32_MAX, field, rules, e);
    }
    if (in)
        wfdb_words_release(&w);
    kymo_input_close(in);
    free(path);
    free(text);
    return rc;
}

static bool is_other_name(const struct wfdb_words *w)
{
    const struct wfdb_word name = wfdb_record_of(w->path);

    return name.n != w->record.n || memcmp(name.p, w->record.p, name.n) != 0;
}

int wfdb_hidden(struct kymo_input *in, const char *path, const struct kymo_identity_rules *rules, struct kymo_err *e)
{
    struct wfdb_words w;
    int rc = wfdb_words_read(in, path, &w, e);

    if (rc == 0 && strcmp(path, "-") != 0 && is_other_name(&w))
        rc = tell(rules, "record name", w.record, e);
    if (rc == 0)
        rc = tell(rules, "record line", w.more, e);
    if (rc == 0)
        rc = tell_lines(&w, w.line, "comment", rules, e);
    for (size_t i = 0; rc == 0 && i < w.n_segment_lines; i++)
        if (w.segment[i].name.n > 0 && *w.segment[i].name.p != '~')
            rc = tell_segment(&w, w.segment[i].name, rules, e);
    wfdb_words_release(&w);
    return rc;
}

/* ---- in place ---- */

/* The record line with the name of the file and the date of after. */
static int put_record_line(struct kymo_output *out, const struct wfdb_words *w, const struct kymo_header *after,
                           struct kymo_err *e)
{
    const struct wfdb_word name = wfdb_record_of(w->path), *last = &w->n_signals_word;
    const struct wfdb_word *const words[] = {&w->rate, &w->length, &w->time};
    const char *behind_name = w->record.p + w->record.n;
    int rc = kymo_putf(out, e, "%.*s", (int)name.n, name.p);

    for (int i = 0; i < 3; i++)
        last = words[i]->n > 0 ? words[i] : last;
    if (rc == 0)
        rc = kymo_put(out, behind_name, (size_t)(last->p + last->n - behind_name), e);
    if (rc == 0 && w->date.n > 0 && after->start.has_date)
        rc = kymo_putf(out, e, " %02d/%02d/%04d", after->start.day, after->start.month, after->start.year);
    return rc == 0 ? kymo_put_text(out, "\n", e) : rc;
}

static int put_comments(struct kymo_output *out, const struct kymo_header *h, struct kymo_err *e)
{
    const struct { const char *key, *text; } field[] = {
        {"subject", h->subject.id}, {"sex", h->subject.sex}, {"birth", h->subject.birth}, {"recording", h->recording},
    };
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < h->n_notes; i++)
        rc = kymo_putf(out, e, "# %s\n", h->note[i]);
    for (size_t i = 0; rc == 0 && i < sizeof field / sizeof *field; i++)
        if (*field[i].text)
            rc = kymo_putf(out, e, "# %s: %s\n", field[i].key, field[i].text);
    for (size_t i = 0; rc == 0 && i < h->n_history; i++)
        rc = kymo_putf(out, e, "# history: %s\n", h->history[i]);
    return rc;
}

static int put_header(struct kymo_output *out, const struct wfdb_words *w, const struct kymo_header *after, struct kymo_err *e)
{
    const char *at = w->text;
    struct wfdb_word line;
    int number = 0, rc = 0;

    while (rc == 0 && next_line(w, &at, &number, &line)) {
        const bool is_comment = line.n > 0 && *line.p == '#', is_more = w->first_more > 0 && number >= w->first_more;
        if (number == w->line)
            rc = put_record_line(out, w, after, e);
        else if (line.n > 0 && (is_comment ? comment_of(line).n == 0 && line.n > 1 : !is_more))
            rc = kymo_putf(out, e, "%.*s\n", (int)line.n, line.p);
    }
    return rc == 0 ? put_comments(out, after, e) : rc;
}

int wfdb_put_identity(const char *path, const struct kymo_header *before, const struct kymo_header *after, struct kymo_err *e)
{
    struct kymo_input *in = kymo_input_open(path, e);
    struct kymo_output *out = NULL;
    struct wfdb_words w = {0};
    int rc = in ? wfdb_words_read(in, path, &w, e) : e->cause[0].code;

    if (rc == 0 && w.n_segments != 0)
        rc = kymo_fail_at(e, KYMO_EDATA, path, -1, "each segment of the record has a header of its own: write a copy instead");
    for (size_t i = 0; rc == 0 && i < after->n_signals; i++)
        if (strcmp(before->signal[i].label, after->signal[i].label) != 0)
            rc = kymo_fail_at(e, KYMO_EDATA, path, w.signal[i].line, "the label of signal %zu names the subject: write a copy "
                              "instead", i);
    if (rc == 0 && !(out = kymo_output_open(path, e)))
        rc = e->cause[0].code;
    if (rc == 0)
        rc = put_header(out, &w, after, e);
    if (rc == 0)
        rc = kymo_output_finish(out, e);
    kymo_output_destroy(out);
    if (in)
        wfdb_words_release(&w);
    kymo_input_close(in);
    return rc;
}
