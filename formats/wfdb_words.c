/* formats/wfdb_words.c - a WFDB header as the words that it is; see wfdb_check.h. */
#include "formats/wfdb_check.h"

#include <stdlib.h>
#include <string.h>

#define LONGEST_HEADER (1 << 26)

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }

static struct wfdb_word next_word(struct wfdb_word *line)
{
    struct wfdb_word word;

    while (line->n > 0 && is_blank(*line->p))
        line->p++, line->n--;
    word.p = line->p;
    while (line->n > 0 && !is_blank(*line->p))
        line->p++, line->n--;
    word.n = (size_t)(line->p - word.p);
    return word;
}

static struct wfdb_word trimmed(struct wfdb_word line)
{
    while (line.n > 0 && is_blank(*line.p))
        line.p++, line.n--;
    while (line.n > 0 && is_blank(line.p[line.n - 1]))
        line.n--;
    return line;
}

static void split_record_line(struct wfdb_words *w, struct wfdb_word line)
{
    const struct wfdb_word name = next_word(&line);
    const char *slash = memchr(name.p, '/', name.n);
    int64_t n;

    w->record = (struct wfdb_word){name.p, slash ? (size_t)(slash - name.p) : name.n};
    if (slash)
        w->segments = (struct wfdb_word){slash + 1, name.n - (size_t)(slash - name.p) - 1};
    w->n_signals_word = next_word(&line);
    w->rate = next_word(&line);
    w->length = next_word(&line);
    w->time = next_word(&line);
    w->date = next_word(&line);
    w->more = trimmed(line);
    w->n_signals = kymo_parse_int(w->n_signals_word.p, w->n_signals_word.n, &n) && n >= 0 ? n : -1;
    if (slash)
        w->n_segments = kymo_parse_int(w->segments.p, w->segments.n, &n) && n >= 1 ? n : -1;
}

static void split_signal_line(struct wfdb_said *s, struct wfdb_word line)
{
    s->file = next_word(&line);
    s->format = next_word(&line);
    s->gain = next_word(&line);
    for (int i = 0; i < WFDB_NUMBERS; i++)
        s->number[i] = next_word(&line);
    s->description = trimmed(line);
}

/* Room for item n of an array: doubles at powers of two. */
static void *grow(void *items, size_t n, size_t size)
{
    return n & (n - 1) ? items : realloc(items, (n ? 2 * n : 1) * size);
}

/* A line that is neither empty nor a comment. */
static int take_line(struct wfdb_words *w, struct wfdb_word line, int number, struct kymo_err *e)
{
    if (w->line == 0) {
        w->line = number;
        split_record_line(w, line);
    } else if (w->n_segments != 0 && (int64_t)w->n_segment_lines < w->n_segments) {
        struct wfdb_part *all = grow(w->segment, w->n_segment_lines, sizeof *all);
        if (!all)
            return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu segments", w->n_segment_lines);
        w->segment = all;
        struct wfdb_part *s = &all[w->n_segment_lines++];
        *s = (struct wfdb_part){.line = number};
        s->name = next_word(&line);
        s->length = next_word(&line);
        s->has_length = kymo_parse_int(s->length.p, s->length.n, &s->n_frames) && s->n_frames >= 0;
    } else if (w->n_segments == 0 && (int64_t)w->n_signal_lines < w->n_signals) {
        struct wfdb_said *all = grow(w->signal, w->n_signal_lines, sizeof *all);
        if (!all)
            return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu signals", w->n_signal_lines);
        w->signal = all;
        all[w->n_signal_lines] = (struct wfdb_said){.line = number};
        split_signal_line(&all[w->n_signal_lines++], line);
    } else if (w->n_more_lines++ == 0) {
        w->first_more = number;
    }
    return 0;
}

static int split_lines(struct wfdb_words *w, struct kymo_err *e)
{
    const char *p = w->text, *const end = p + w->n_text;
    int rc = 0, comment = 0;

    for (int number = 1; rc == 0 && p < end; number++) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        stop = stop ? stop : end;
        const struct wfdb_word line = trimmed((struct wfdb_word){p, (size_t)(stop - p)});
        p = stop + 1;
        if (line.n > 0 && *line.p == '#') {
            comment = comment == 0 && w->line > 0 ? number : comment;
            continue;
        }
        if (line.n == 0)
            continue;
        if (comment > 0 && w->early_comment == 0 && w->n_segments == 0)
            w->early_comment = comment;
        rc = take_line(w, line, number, e);
    }
    return rc;
}

int wfdb_words_read(struct kymo_input *in, const char *path, struct wfdb_words *w, struct kymo_err *e)
{
    const unsigned char *p;
    const ssize_t got = kymo_peek(in, LONGEST_HEADER, &p, e);

    *w = (struct wfdb_words){.path = path, .n_signals = -1, .n_measured = -1};
    if (got < 0)
        return (int)got;
    if (!(w->text = malloc((size_t)got + 1)))
        return kymo_fail(e, KYMO_ENOMEM, "no memory for a header of %zd bytes", got);
    w->n_text = (size_t)got;
    memcpy(w->text, p, (size_t)got);
    w->text[got] = '\0';
    return split_lines(w, e);
}

void wfdb_words_release(struct wfdb_words *w)
{
    for (size_t i = 0; i < w->n_signal_lines; i++)
        free((char *)(uintptr_t)w->signal[i].signal.file);
    free(w->signal);
    free(w->segment);
    free(w->text);
    *w = (struct wfdb_words){.n_measured = -1};
}

struct wfdb_word wfdb_record_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const size_t n = strlen(name);

    return (struct wfdb_word){name, n > 4 && strcmp(name + n - 4, ".hea") == 0 ? n - 4 : n};
}
