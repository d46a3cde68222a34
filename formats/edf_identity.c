/* formats/edf_identity.c - see edf_identity.h. */
#include "formats/edf_identity.h"

#include "formats/edf_raw.h"
#include "formats/edf_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATIENT_WORDS 4          /* id, sex, birth, name: what follows is the laboratory's own */

/* ---- what is hidden ---- */

/* The part of the patient field behind its first words; empty where it is not EDF+. */
static struct edf_text behind_name(const struct edf_raw *r)
{
    struct edf_text t = edf_raw_fixed(r, EDF_PATIENT);

    t.n = r->plus ? kymo_trim(&t.p, t.n) : 0;
    for (int i = 0; i < PATIENT_WORDS && t.n > 0; i++) {
        const char *blank = memchr(t.p, ' ', t.n);
        t.n -= blank ? (size_t)(blank - t.p) : t.n;
        t.p = blank;
        t.n = blank ? kymo_trim(&t.p, t.n) : 0;
    }
    return t;
}

/* The part of the main reserved field behind what says the kind of file: "EDF+C", " kymo", " padded", "24BIT". */
static struct edf_text behind_kind(const struct edf_raw *r)
{
    static const char *const kinds[] = {"EDF+C", "EDF+D", "BDF+C", "BDF+D", "24BIT", "EDF", " kymo", " padded"};
    struct edf_text t = edf_raw_fixed(r, EDF_RESERVED);

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const size_t n = strlen(kinds[i]);
        if (t.n >= n && memcmp(t.p, kinds[i], n) == 0)
            t.p += n, t.n -= n, t.offset += (int64_t)n;
    }
    return t;
}

/* Texts of one kind after another, from number 0 on: false behind the last. */
static bool hidden_text(const struct edf_raw *r, size_t i, struct edf_text *t)
{
    if (i < 2) {
        *t = i == 0 ? behind_name(r) : behind_kind(r);
        return true;
    }
    const size_t signal = (i - 2) / 3;
    static const enum edf_cell columns[] = {EDF_SIGNAL_RESERVED, EDF_TRANSDUCER, EDF_PREFILTER};
    if (signal >= r->n_signals)
        return false;
    *t = edf_raw_cell(r, columns[(i - 2) % 3], signal);
    if ((i - 2) % 3 > 0 && !edf_raw_is_annotations(r, signal))
        t->n = 0;
    return true;
}

/* Its text without blanks and zero bytes at either end, as UTF-8 in out[cap]; the length. */
static size_t readable(struct edf_text t, char *out, size_t cap)
{
    while (t.n > 0 && (*t.p == '\0' || *t.p == ' '))
        t.p++, t.n--;
    while (t.n > 0 && (t.p[t.n - 1] == '\0' || t.p[t.n - 1] == ' '))
        t.n--;
    return kymo_utf8(t.p, t.n, out, cap);
}

int edf_hidden(struct kymo_input *in, const char *path, const struct kymo_identity_rules *rules, struct kymo_err *e)
{
    struct edf_raw r;
    struct edf_text t;
    char text[256], field[64];
    int rc = edf_raw_read(in, &r, e);

    (void)path;
    for (size_t i = 0; rc >= 0 && r.whole && hidden_text(&r, i, &t); i++) {
        if (readable(t, text, sizeof text) == 0)
            continue;
        if (t.signal == SIZE_MAX)
            snprintf(field, sizeof field, "%s field", t.name);
        else
            snprintf(field, sizeof field, "%s field of signal %zu of the file", t.name, t.signal);
        rc = rules->found(rules->to, field, text, NULL, e);
    }
    edf_raw_release(&r);
    return rc < 0 ? rc : 0;
}

/* ---- in place ---- */

static void put_field(struct edf_raw *r, struct edf_text t, const char *text)
{
    char ascii[512];

    edf_ascii(text, ascii, sizeof ascii);
    const size_t n = strnlen(ascii, t.n);
    memset(r->bytes + t.offset, ' ', t.n);
    memcpy(r->bytes + t.offset, ascii, n);
}

static int put_main(struct edf_raw *r, const struct kymo_header *before, const struct kymo_header *after, struct kymo_err *e)
{
    const struct kymo_start *start = &after->start;
    char *patient = r->plus ? edf_patient(&after->subject) : strdup(after->subject.id);
    char *recording = r->plus ? edf_recording(after->recording, start) : strdup(after->recording);
    char date[16] = "01.01.85";
    const bool fits = patient && recording && strlen(patient) <= 80 && strlen(recording) <= 80;

    if (fits) {
        put_field(r, edf_raw_fixed(r, EDF_PATIENT), patient);
        put_field(r, edf_raw_fixed(r, EDF_RECORDING), recording);
        if (start->has_date && edf_knows_year(start))
            snprintf(date, sizeof date, "%02d.%02d.%02d", start->day, start->month, start->year % 100);
        else if (start->has_date)
            snprintf(date, sizeof date, "%02d.%02d.yy", start->day, start->month);
        if (before->start.has_date)
            put_field(r, edf_raw_fixed(r, EDF_DATE), date);
    }
    free(patient);
    free(recording);
    return fits ? 0 : kymo_fail(e, KYMO_ENOMEM, "no room for the subject in its field");
}

/* Signals of a header are those of the file that are no lists of annotations. */
static void put_signals(struct edf_raw *r, const struct kymo_header *before, const struct kymo_header *after)
{
    static const enum edf_cell columns[] = {EDF_LABEL, EDF_TRANSDUCER, EDF_UNIT, EDF_PREFILTER};
    size_t i = 0;

    for (size_t k = 0; k < r->n_signals && i < after->n_signals; k++) {
        if (edf_raw_is_annotations(r, k))
            continue;
        const struct kymo_signal *b = &before->signal[i], *a = &after->signal[i++];
        const char *const was[] = {b->label, b->transducer, b->unit, b->prefilter};
        const char *const now[] = {a->label, a->transducer, a->unit, a->prefilter};
        for (int c = 0; c < 4; c++)
            if (strcmp(was[c], now[c]) != 0)
                put_field(r, edf_raw_cell(r, columns[c], k), now[c]);
    }
}

static int write_over(const char *path, const struct edf_raw *r, struct kymo_err *e)
{
    const int fd = open(path, O_WRONLY | O_CLOEXEC);
    ssize_t n = -1;

    if (fd >= 0 && (n = pwrite(fd, r->bytes, r->n, 0)) == (ssize_t)r->n && fsync(fd) == 0 && close(fd) == 0)
        return 0;
    const int why = errno;
    if (fd >= 0)
        close(fd);
    return kymo_fail_at(e, KYMO_EIO, path, n >= 0 && n < (ssize_t)r->n ? n : -1, "%s",
                        n >= 0 && n < (ssize_t)r->n ? "the header was written in part" : strerror(why));
}

int edf_put_identity(const char *path, const struct kymo_header *before, const struct kymo_header *after, struct kymo_err *e)
{
    struct kymo_input *in = kymo_input_open(path, e);
    struct edf_raw r = {0};
    struct edf_text t;
    int rc = in ? edf_raw_read(in, &r, e) : e->cause[0].code;

    if (rc >= 0 && !r.whole)
        rc = kymo_fail_at(e, KYMO_EFORMAT, path, (int64_t)r.n, "the header is cut off");
    for (size_t i = 0; rc >= 0 && hidden_text(&r, i, &t); i++)
        memset(r.bytes + (t.p ? t.p - r.bytes : 0), ' ', t.n);
    if (rc >= 0)
        rc = put_main(&r, before, after, e);
    if (rc >= 0) {
        put_signals(&r, before, after);
        rc = write_over(path, &r, e);
    }
    edf_raw_release(&r);
    kymo_input_close(in);
    return rc;
}
