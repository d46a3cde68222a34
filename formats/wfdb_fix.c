/* formats/wfdb_fix.c - writes a copy of a WFDB header with what its signal files prove wrong put right: the number of
 * samples, first samples and checksums; and the record's name, which is that of the copy. Signal files are not touched: the
 * copy names the same ones and belongs beside them. */
#include "formats/wfdb_check.h"
#include "formats/wfdb_signal.h"
#include "lib/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A word of the header, and what stands there instead. */
struct change {
    struct wfdb_word old;
    char text[256];
};

struct changes {
    struct change *change;
    size_t n;
};

static int ignore(void *to, const struct kymo_finding *f, struct kymo_err *e)
{
    (void)to;
    (void)f;
    (void)e;
    return 0;
}

/* Notes a change, in order of place, and tells of it. */
static void add_change(struct wfdb_checker *k, struct changes *all, const struct wfdb_words *w, int line, const char *field,
                       struct wfdb_word old, const char *text, const char *why)
{
    struct change *c = &all->change[all->n++];

    c->old = old;
    snprintf(c->text, sizeof c->text, "%s", text);
    wfdb_found(k, KYMO_FIXED, w->path, line, field, old, "now \"%s\": %s", text + (*text == ' '), why);
}

static void fix_record_line(struct wfdb_checker *k, struct changes *all, const struct wfdb_words *w, const char *copy)
{
    const struct wfdb_word name = wfdb_record_of(copy);
    char text[256];

    if (name.n != w->record.n || memcmp(name.p, w->record.p, name.n) != 0) {
        snprintf(text, sizeof text, "%.*s", (int)name.n, name.p);
        add_change(k, all, w, w->line, "record name", w->record, text, "the name of the file");
    }
    if (w->n_measured > 0 && w->n_measured != w->n_frames) {
        snprintf(text, sizeof text, "%s%s%lld", w->rate.n ? "" : " 250", w->length.n ? "" : " ", (long long)w->n_measured);
        const struct wfdb_word behind = w->rate.n ? w->rate : w->n_signals_word;
        const struct wfdb_word place = w->length.n ? w->length : (struct wfdb_word){behind.p + behind.n, 0};
        add_change(k, all, w, w->line, "number of samples", place, text, "what the signal files hold");
    }
}

static void fix_number(struct wfdb_checker *k, struct changes *all, const struct wfdb_words *w, const struct wfdb_said *s,
                       enum wfdb_number number, const char *field, int64_t value)
{
    char text[24];

    if (!s->measured || s->number[number].n == 0 || (s->has[number] && s->value[number] == value))
        return;
    snprintf(text, sizeof text, "%lld", (long long)value);
    add_change(k, all, w, s->line, field, s->number[number], text, "what the samples give");
}

static int write_changed(const struct wfdb_words *w, const struct changes *all, struct kymo_output *out, struct kymo_err *e)
{
    const char *p = w->text;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < all->n; i++) {
        rc = kymo_put(out, p, (size_t)(all->change[i].old.p - p), e);
        if (rc == 0)
            rc = kymo_put_text(out, all->change[i].text, e);
        p = all->change[i].old.p + all->change[i].old.n;
    }
    if (rc == 0)
        rc = kymo_put(out, p, (size_t)(w->text + w->n_text - p), e);
    return rc < 0 ? rc : kymo_output_finish(out, e);
}

static int fix_words(struct wfdb_checker *k, struct wfdb_words *w, const char *copy, struct kymo_output *out)
{
    struct changes all = {.change = calloc(2 + 2 * w->n_signal_lines, sizeof *all.change)};

    if (!all.change)
        return kymo_fail(k->e, KYMO_ENOMEM, "no memory to repair %s", w->path);
    fix_record_line(k, &all, w, copy);
    for (size_t i = 0; i < w->n_signal_lines; i++) {
        const struct wfdb_said *s = &w->signal[i];
        const bool same = s->has[WFDB_CHECKSUM] && (uint16_t)s->value[WFDB_CHECKSUM] == s->sum;
        if (s->measured && !wfdb_packing_of(s->signal.format)->differences)
            fix_number(k, &all, w, s, WFDB_INITIAL, "initial value", s->first);
        if (!same)
            fix_number(k, &all, w, s, WFDB_CHECKSUM, "checksum", (int16_t)s->sum);
    }
    const int rc = k->rc < 0 ? k->rc : write_changed(w, &all, out, k->e);
    free(all.change);
    return rc;
}

int wfdb_fix(struct kymo_input *in, const char *path, const char *copy, struct kymo_check *c, struct kymo_err *e)
{
    struct kymo_check nobody = {.found = ignore};
    struct wfdb_checker silent = {.c = &nobody, .e = e}, k = {.c = c, .e = e};
    struct kymo_output *out = NULL;
    struct wfdb_words w;
    const size_t n = strlen(copy);
    int rc = wfdb_words_read(in, path, &w, e);

    if (rc == 0 && (n <= 4 || strcmp(copy + n - 4, ".hea") != 0))
        rc = kymo_fail(e, KYMO_EUSAGE, "the copy of a WFDB header needs a name that ends in .hea, not \"%.80s\"", copy);
    if (rc == 0 && (w.line == 0 || w.n_segments != 0))
        rc = kymo_fail_at(e, KYMO_EDATA, path, w.line, "%s", w.line ? "a record of several segments: repair those"
                                                                    : "no record line");
    if (rc == 0) {
        wfdb_check_words(&silent, &w, false);
        wfdb_check_signals(&silent, &w);
        rc = silent.rc;
    }
    if (rc == 0 && !(out = kymo_output_open(copy, e)))
        rc = e->cause[0].code;
    if (rc == 0)
        rc = fix_words(&k, &w, copy, out);
    kymo_output_destroy(out);
    wfdb_words_release(&w);
    return rc;
}
