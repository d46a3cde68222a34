/* formats/wfdb_check_data.c - compares the signal files of a WFDB record with what its header says of them. */
#include "formats/wfdb_check.h"
#include "formats/wfdb_file.h"
#include "formats/wfdb_segments.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_SAMPLES 32768      /* of all signals of a file */

/* Signals [first, first + n) of the record are in one file. */
struct group {
    size_t first, n;
    char *path;
    struct wfdb_signal *signal;
    int64_t frame_samples, per_frame_most;
    int64_t held;                /* frames in the file, KYMO_UNKNOWN: only reading tells (compressed) */
};

static struct wfdb_word word_of(const char *text) { return (struct wfdb_word){text, strlen(text)}; }

/* The signals of one file that follow each other, from first on. Returns whether they can be read. */
static bool find_group(struct wfdb_checker *k, const struct wfdb_words *w, size_t first, struct group *g)
{
    const struct wfdb_said *s = w->signal;
    bool usable = true;

    *g = (struct group){.first = first};
    while (first + g->n < w->n_signal_lines && s[first + g->n].file.n == s[first].file.n &&
           memcmp(s[first + g->n].file.p, s[first].file.p, s[first].file.n) == 0) {
        const struct wfdb_said *t = &s[first + g->n++];
        usable = usable && t->usable;
        if (t->usable && s[first].usable && t->signal.format != s[first].signal.format) {
            wfdb_found(k, KYMO_ERROR, w->path, t->line, "format", t->format, "the file's first signal has format %d",
                       s[first].signal.format);
            usable = false;
        }
        g->frame_samples += t->signal.samples_per_frame;
        if (t->signal.samples_per_frame > g->per_frame_most)
            g->per_frame_most = t->signal.samples_per_frame;
    }
    for (size_t i = 0; usable && i < first; i++)
        if (s[i].usable && strcmp(s[i].signal.file, s[first].signal.file) == 0) {
            wfdb_found(k, KYMO_ERROR, w->path, s[first].line, "file", s[first].file,
                       "the file of signal %zu again: signals of one file stand together", i);
            return false;
        }
    return usable;
}

/* Opens the group's file and sees how long it is. NULL where it is not there, which is told. */
static struct wfdb_file *open_group(struct wfdb_checker *k, const struct wfdb_words *w, struct group *g, bool tell)
{
    const struct wfdb_said *s = &w->signal[g->first];
    struct kymo_err why = {0};

    if (!g->path)
        g->path = wfdb_path_beside(w->path, s->signal.file, "");
    if (!g->signal)
        g->signal = calloc(g->n, sizeof *g->signal);
    if (!g->path || !g->signal) {
        k->rc = kymo_fail(k->e, KYMO_ENOMEM, "no memory to check %s", w->path);
        return NULL;
    }
    for (size_t i = 0; i < g->n; i++)
        g->signal[i] = w->signal[g->first + i].signal;
    struct kymo_input *in = kymo_input_open(g->path, &why);
    struct wfdb_file *f = in ? wfdb_file_open(in, g->signal, g->n, &why) : NULL;
    if (!f && tell)
        wfdb_found(k, KYMO_ERROR, w->path, s->line, "file", s->file, "%s: %s", in ? "cannot be read" : "no such signal file",
                   why.cause[0].msg);
    return f;
}

/* Bytes that n frames take at the most: some writers fill the last unit up. */
static int64_t most_bytes(const struct group *g, const struct wfdb_packing *p, int64_t n)
{
    const int64_t unit = (int64_t)p->n_unit, samples = n * g->frame_samples;

    return g->signal[0].byte_offset + (samples + unit - 1) / unit * (int64_t)p->bytes_unit;
}

static void check_file_length(struct wfdb_checker *k, const struct wfdb_words *w, const struct group *g,
                              const struct wfdb_file *f)
{
    const struct wfdb_packing *p = wfdb_packing_of(g->signal[0].format);
    const int64_t size = wfdb_file_size(f);

    if (g->held == KYMO_UNKNOWN || w->n_frames == 0)
        return;
    if (g->held < w->n_frames) {
        wfdb_found(k, KYMO_ERROR, g->path, size, "length", (struct wfdb_word){0}, "the file ends after %lld of %lld samples",
                   (long long)g->held, (long long)w->n_frames);
    } else if (w->n_frames <= INT64_MAX / 64 / g->frame_samples && size > most_bytes(g, p, w->n_frames)) {
        const int64_t end = most_bytes(g, p, w->n_frames);
        wfdb_found(k, KYMO_WARNING, g->path, end, "length", (struct wfdb_word){0},
                   "%lld byte%s behind the last of %lld samples", (long long)(size - end), size - end == 1 ? "" : "s",
                   (long long)w->n_frames);
    }
}

/* ---- what the signals really are ---- */

static void add_block(struct wfdb_words *w, const struct group *g, const struct wfdb_file *f, size_t n, bool first, int32_t *x)
{
    const int32_t missing = wfdb_packing_of(g->signal[0].format)->missing;

    for (size_t i = 0; i < g->n; i++) {
        struct wfdb_said *s = &w->signal[g->first + i];
        s->sum = (uint16_t)(s->sum + wfdb_file_signal(f, i, n, x));
        if (first)
            s->first = x[0] == KYMO_MISSING ? missing : x[0];
    }
}

/* First samples and checksums of a group over most frames, fewer where the file ends: returns how many, or < 0. */
static int64_t measure_group(struct wfdb_checker *k, struct wfdb_words *w, const struct group *g, struct wfdb_file *f,
                             int64_t most)
{
    const int64_t units = BLOCK_SAMPLES / g->frame_samples / WFDB_LARGEST_UNIT;
    const size_t block = (size_t)(units ? units : 1) * WFDB_LARGEST_UNIT;
    int32_t *x = malloc(block * (size_t)g->per_frame_most * sizeof *x);
    struct kymo_err why = {0};
    int64_t done = 0;

    if (!x)
        return k->rc = kymo_fail(k->e, KYMO_ENOMEM, "no memory to check %s", g->path);
    for (size_t i = 0; i < g->n; i++)
        w->signal[g->first + i].sum = 0;
    while (done < most) {
        const size_t wanted = most - done < (int64_t)block ? (size_t)(most - done) : block;
        const ssize_t got = wfdb_file_fetch(f, wanted, &why);
        if (got <= 0)
            break;
        add_block(w, g, f, (size_t)got, done == 0, x);
        wfdb_file_advance(f, (size_t)got);
        done += got;
        if ((size_t)got < wanted)
            break;
    }
    free(x);
    if (why.n > 0)
        wfdb_found(k, KYMO_ERROR, g->path, why.cause[0].offset, "samples", (struct wfdb_word){0}, "%s", why.cause[0].msg);
    return done;
}

/* A first sample that the header can be held to: of differences it is part of the code, of missing ones writers differ. */
static bool has_start(const struct wfdb_said *s)
{
    return s->measured && s->has[WFDB_INITIAL] && !wfdb_packing_of(s->signal.format)->differences &&
           s->first != wfdb_packing_of(s->signal.format)->missing;
}

static void compare_signals(struct wfdb_checker *k, const struct wfdb_words *w)
{
    for (size_t i = 0; i < w->n_signal_lines; i++) {
        const struct wfdb_said *s = &w->signal[i];
        if (has_start(s) && s->value[WFDB_INITIAL] != s->first)
            wfdb_found(k, KYMO_WARNING, w->path, s->line, "initial value", s->number[WFDB_INITIAL], "the first sample is %lld",
                       (long long)s->first);
        if (s->measured && s->has[WFDB_CHECKSUM] && w->n_frames > 0 && w->n_measured == w->n_frames &&
            s->sum != (uint16_t)s->value[WFDB_CHECKSUM])
            wfdb_found(k, KYMO_ERROR, w->path, s->line, "checksum", s->number[WFDB_CHECKSUM],
                       "the sum of the samples is %d: they were changed, or the header is not theirs", (int16_t)s->sum);
    }
}

/* All groups over as many frames as the shortest file has. */
static void measure_groups(struct wfdb_checker *k, struct wfdb_words *w, struct group *group, size_t n)
{
    int64_t most = w->n_frames > 0 ? w->n_frames : INT64_MAX;
    bool again = true;

    for (size_t i = 0; i < n; i++)
        if (group[i].held != KYMO_UNKNOWN && group[i].held < most)
            most = group[i].held;
    while (again && k->rc == 0) {   /* once more where a compressed file turned out to be shorter than others */
        const int64_t wanted = most;
        again = false;
        for (size_t i = 0; k->rc == 0 && i < n; i++) {
            struct wfdb_file *f = open_group(k, w, &group[i], false);
            const int64_t done = f ? measure_group(k, w, &group[i], f, wanted) : -1;
            wfdb_file_close(f);
            for (size_t j = 0; done > 0 && j < group[i].n; j++)
                w->signal[group[i].first + j].measured = true;
            again |= done >= 0 && done < wanted && i > 0 && wanted != INT64_MAX;
            if (done >= 0 && done < most)
                most = done;
        }
        again = again && most > 0;
    }
    w->n_measured = most == INT64_MAX ? -1 : most;
    for (size_t i = 0; i < n; i++)
        if (group[i].held == KYMO_UNKNOWN && w->n_frames > 0 && w->n_measured >= 0 && w->n_measured < w->n_frames)
            wfdb_found(k, KYMO_ERROR, group[i].path, -1, "length", word_of(""), "the file ends after %lld of %lld samples",
                       (long long)w->n_measured, (long long)w->n_frames);
}

void wfdb_check_signals(struct wfdb_checker *k, struct wfdb_words *w)
{
    struct group *group = calloc(w->n_signal_lines + 1, sizeof *group);
    size_t n = 0;

    if (!group) {
        k->rc = kymo_fail(k->e, KYMO_ENOMEM, "no memory for %zu signals", w->n_signal_lines);
        return;
    }
    for (size_t i = 0; k->rc == 0 && i < w->n_signal_lines; i += group[n].n, n += group[n].path != NULL) {
        struct group *g = &group[n];
        if (!find_group(k, w, i, g))
            continue;
        struct wfdb_file *f = open_group(k, w, g, true);
        if (f) {
            g->held = wfdb_file_frames(f);
            check_file_length(k, w, g, f);
        } else {
            free(g->path);
            free(g->signal);
            g->path = NULL, g->signal = NULL;
        }
        wfdb_file_close(f);
    }
    measure_groups(k, w, group, n);
    compare_signals(k, w);
    for (size_t i = 0; i < n; i++) {
        free(group[i].path);
        free(group[i].signal);
    }
    free(group);
}
