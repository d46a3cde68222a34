/* tests/unit/support.c - see support.h. */
#include "support.h"

#include "formats/kymo_header.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- bytes ---- */

void put_bytes(struct bytes *b, const void *p, size_t n)
{
    if (b->n + n > b->cap) {
        b->cap = 2 * (b->n + n);
        b->p = realloc(b->p, b->cap);
        assert_non_null(b->p);
    }
    if (n > 0)
        memcpy(b->p + b->n, p, n);
    b->n += n;
}

void put_text(struct bytes *b, const char *text) { put_bytes(b, text, strlen(text)); }

void put_le(struct bytes *b, uint64_t v, size_t width)
{
    for (size_t i = 0; i < width; i++, v >>= 8) {
        const unsigned char byte = (unsigned char)v;
        put_bytes(b, &byte, 1);
    }
}

void bytes_free(struct bytes *b)
{
    free(b->p);
    *b = (struct bytes){0};
}

/* ---- dice ---- */

/* splitmix64: Steele, Lea and Flood, OOPSLA 2014. */
uint64_t roll(struct dice *d)
{
    uint64_t z = d->state += 0x9e3779b97f4a7c15;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

uint64_t roll_below(struct dice *d, uint64_t n) { return roll(d) % n; }

int64_t roll_between(struct dice *d, int64_t least, int64_t most)
{
    return least + (int64_t)roll_below(d, (uint64_t)(most - least) + 1);
}

/* ---- errors and warnings ---- */

void assert_error(const struct kymo_err *e, int code, const char *part)
{
    char text[2048];

    kymo_err_text(e, 0, text, sizeof text);
    if (e->n == 0 || (int)e->cause[0].code != code || !strstr(text, part))
        fail_msg("error %d \"%s\", wanted %d \"...%s...\"", e->n ? (int)e->cause[0].code : 0, text, code, part);
}

static void keep_warning(void *to, const char *text)
{
    struct warnings *w = to;

    if (w->n < (int)COUNT_OF(w->text))
        snprintf(w->text[w->n], sizeof w->text[0], "%s", text);
    w->n++;
}

struct kymo_log log_to(struct warnings *w, bool strict)
{
    return (struct kymo_log){.warn = keep_warning, .to = w, .strict = strict};
}

void assert_warned(const struct warnings *w, const char *part)
{
    for (int i = 0; i < w->n && i < (int)COUNT_OF(w->text); i++)
        if (strstr(w->text[i], part))
            return;
    fail_msg("no warning \"...%s...\" among %d, first \"%s\"", part, w->n, w->n ? w->text[0] : "");
}

/* ---- recordings ---- */

static void *grown(void *items, size_t cap, size_t size)
{
    void *larger = realloc(items, cap * size);

    assert_non_null(larger);
    return larger;
}

static void take_span(struct trace *t, struct kymo_block *b, size_t s)
{
    const struct kymo_span *span = &b->span[s];
    const bool integer = kymo_storage_is_integer(b->hdr->signal[s].storage);

    if (t->n + span->n > t->cap) {
        t->cap = 2 * (t->n + span->n);
        t->index = grown(t->index, t->cap, sizeof *t->index);
        t->time_ns = grown(t->time_ns, t->cap, sizeof *t->time_ns);
        t->digital = grown(t->digital, t->cap, sizeof *t->digital);
        t->physical = grown(t->physical, t->cap, sizeof *t->physical);
    }
    if (span->n == 0)
        return;
    const double *x = kymo_physical(b, s);
    for (size_t i = 0; i < span->n; i++, t->n++) {
        t->index[t->n] = span->first + (int64_t)i;
        t->time_ns[t->n] = kymo_block_time(b, s, t->index[t->n]);
        t->digital[t->n] = integer ? span->digital[i] : 0;
        t->physical[t->n] = x[i];
    }
}

static void take_event(struct taken *t, const struct kymo_event *ev)
{
    if (t->n_events == t->cap_events) {
        t->cap_events = 2 * t->cap_events + 64;
        t->event = grown(t->event, t->cap_events, sizeof *t->event);
    }
    t->event[t->n_events] = *ev;
    t->event[t->n_events].text = kymo_text_keep(&t->text, ev->text, strlen(ev->text));
    assert_non_null(t->event[t->n_events++].text);
}

int take_recording(struct kymo_reader *r, struct taken *t, struct kymo_err *e)
{
    struct kymo_block *b;
    int rc;

    *t = (struct taken){0};
    kymo_header_init(&t->hdr);
    assert_int_equal(kymo_header_copy(&t->hdr, &r->hdr, NULL, 0, e), 0);
    t->trace = calloc(t->hdr.n_signals + 1, sizeof *t->trace);
    assert_non_null(t->trace);
    for (; (rc = kymo_read(r, &b, e)) > 0; t->n_blocks++) {
        if (b->new_segment && t->n_segments++ < COUNT_OF(t->segment_ns))
            t->segment_ns[t->n_segments - 1] = b->segment_ns;
        for (size_t s = 0; s < t->hdr.n_signals; s++)
            take_span(&t->trace[s], b, s);
        for (size_t i = 0; i < b->n_events; i++)
            take_event(t, &b->event[i]);
    }
    return rc;
}

void taken_free(struct taken *t)
{
    for (size_t s = 0; t->trace && s < t->hdr.n_signals; s++) {
        free(t->trace[s].index);
        free(t->trace[s].time_ns);
        free(t->trace[s].digital);
        free(t->trace[s].physical);
    }
    free(t->trace);
    free(t->event);
    kymo_text_free(&t->text);
    kymo_header_release(&t->hdr);
    *t = (struct taken){0};
}

static bool same_real(double a, double b) { return a == b || (isnan(a) && isnan(b)); }

void assert_same_samples(const struct taken *a, const struct taken *b)
{
    assert_int_equal(a->hdr.n_signals, b->hdr.n_signals);
    for (size_t s = 0; s < a->hdr.n_signals; s++) {
        const struct trace *x = &a->trace[s], *y = &b->trace[s];
        assert_int_equal(x->n, y->n);
        for (size_t i = 0; i < x->n; i++)
            if (x->index[i] != y->index[i] || x->time_ns[i] != y->time_ns[i] || x->digital[i] != y->digital[i] ||
                !same_real(x->physical[i], y->physical[i]))
                fail_msg("signal %zu, sample %zu: index %lld at %lld ns is %d %.17g, not %lld %lld %d %.17g", s, i,
                         (long long)x->index[i], (long long)x->time_ns[i], x->digital[i], x->physical[i],
                         (long long)y->index[i], (long long)y->time_ns[i], y->digital[i], y->physical[i]);
    }
}

void assert_same_events(const struct taken *a, const struct taken *b)
{
    assert_int_equal(a->n_events, b->n_events);
    for (size_t i = 0; i < a->n_events; i++) {
        const struct kymo_event *x = &a->event[i], *y = &b->event[i];
        assert_int_equal(x->time_ns, y->time_ns);
        assert_int_equal(x->duration_ns, y->duration_ns);
        assert_int_equal(x->sample, y->sample);
        assert_int_equal(x->signal, y->signal);
        assert_int_equal(x->track, y->track);
        assert_int_equal(x->subtype, y->subtype);
        assert_int_equal(x->num, y->num);
        assert_string_equal(x->type, y->type);
        assert_string_equal(x->text, y->text);
        assert_true(same_real(x->value, y->value));
    }
}

void assert_same_header(const struct kymo_header *a, const struct kymo_header *b)
{
    struct kymo_err e = {0};
    char *x = kymo_header_to_json(a, &e), *y = kymo_header_to_json(b, &e);

    assert_non_null(x);
    assert_non_null(y);
    assert_string_equal(x, y);
    free(x);
    free(y);
}

struct kymo_reader *open_bytes(const struct bytes *b, const char *name, const struct kymo_want *want, struct kymo_err *e)
{
    struct kymo_input *in = kymo_input_memory(name, b->p ? (const void *)b->p : "", b->n, e);

    assert_non_null(in);
    return kymo_open_input(in, name, want, e);
}

static int read_opened(struct kymo_reader *r, struct taken *t, struct kymo_err *e)
{
    *t = (struct taken){0};
    if (!r) {
        assert_true(e->n > 0);
        return (int)e->cause[0].code;
    }
    const int rc = take_recording(r, t, e);
    kymo_close(r);
    assert_true(rc == 0 || e->n > 0);
    return rc;
}

int read_bytes(const struct bytes *b, const char *name, const struct kymo_want *want, struct taken *t, struct kymo_err *e)
{
    return read_opened(open_bytes(b, name, want, e), t, e);
}

int read_path(const char *path, const struct kymo_want *want, struct taken *t, struct kymo_err *e)
{
    return read_opened(kymo_open(path, want, e), t, e);
}

/* In packet mode (pipe(7)) no read spans two writes. */
static void fill_pipe(int fd, const struct bytes *b, size_t most, struct dice *d)
{
    for (size_t at = 0; at < b->n;) {
        const size_t want = 1 + roll_below(d, most), n = want < b->n - at ? want : b->n - at;
        if (write(fd, b->p + at, n) != (ssize_t)n)
            break;
        at += n;
    }
    _exit(0);
}

int read_piped(const struct bytes *b, size_t most, struct dice *d, const struct kymo_want *want, struct taken *t,
               struct kymo_err *e)
{
    char path[32];
    int fd[2], status;

    assert_int_equal(pipe2(fd, O_DIRECT), 0);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(fd[0]);
        fill_pipe(fd[1], b, most, d);
    }
    close(fd[1]);
    snprintf(path, sizeof path, "/dev/fd/%d", fd[0]);
    struct kymo_reader *r = kymo_open(path, want, e);
    close(fd[0]);
    const int rc = read_opened(r, t, e);
    assert_int_equal(waitpid(child, &status, 0), child);
    return rc;
}

void draw_event(struct kymo_event *ev, const struct kymo_header *h, int64_t time_ns, struct dice *d)
{
    static const char *const texts[] = {
        "", "(AFIB", "N", "Schlaf \xc3\xa4 \xe2\x82\xac", "@@ECG II", "%x", "R", "a b", "%note",
        "x %tracks a", "{kymo}", "note", "x {kymo gap duration=3 sample=?}", "%padding", "V{sub=1} x", "a, \"b\"",
        "odd@@SpO2 %note{signal=-1}", "{", "}", "100 %",
    };
    static const char *const types[] = {
        "N", "V", "+", "note", "note", "note", "desat", "[42]", "[58]", "~", "@", "padding", "tracks", "a%b", "a{b}", "a@@b",
        "x=y", "", "%", "fifteen_letters",
    };

    *ev = (struct kymo_event){.time_ns = time_ns, .sample = KYMO_UNKNOWN, .value = (double)NAN};
    snprintf(ev->type, sizeof ev->type, "%s", types[roll_below(d, COUNT_OF(types))]);
    ev->text = texts[roll_below(d, COUNT_OF(texts))];
    ev->duration_ns = roll_below(d, 2) ? 0 : roll_below(d, 3) ? roll_between(d, 1, KYMO_NS_PER_S)
                      : roll_below(d, 2) ? KYMO_UNKNOWN : roll_between(d, -KYMO_NS_PER_S, -1);
    ev->signal = roll_below(d, 3) ? -1 : (int)roll_below(d, h->n_signals + 1) - 1;
    ev->track = h->n_tracks ? (int)roll_below(d, h->n_tracks) : 0;
    ev->subtype = roll_below(d, 4) ? 0 : (int)roll_between(d, -128, 127);
    ev->num = roll_below(d, 4) ? 0 : (int)roll_between(d, -128, 127);
    ev->value = roll_below(d, 4) ? (double)NAN : (double)roll_between(d, -1000, 1000) / 7;
    if (roll_below(d, 4) == 0)
        ev->sample = roll_between(d, -1000, INT64_C(1) << 40);
    else if (h->n_signals > 0 && roll_below(d, 2))
        ev->sample = kymo_index_at(kymo_event_rate(h, ev->signal), time_ns);
}

/* ---- files ---- */

void folder_make(struct folder *f)
{
    strcpy(f->path, "/tmp/kymo-test-XXXXXX");
    assert_non_null(mkdtemp(f->path));
}

const char *folder_path(const struct folder *f, const char *name, char path[160])
{
    snprintf(path, 160, "%s/%s", f->path, name);
    return path;
}

void folder_remove(struct folder *f)
{
    DIR *dir = opendir(f->path);
    char path[400];

    assert_non_null(dir);
    for (struct dirent *d; (d = readdir(dir));) {
        snprintf(path, sizeof path, "%s/%s", f->path, d->d_name);
        if (d->d_name[0] != '.')
            unlink(path);
    }
    closedir(dir);
    assert_int_equal(rmdir(f->path), 0);
}

void folder_put(const struct folder *f, const char *name, const void *p, size_t n)
{
    char path[160];
    FILE *file = fopen(folder_path(f, name, path), "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(p, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

/* ---- EDF ---- */

static void put_field(struct bytes *b, const char *text, size_t width)
{
    const size_t n = strlen(text);

    put_bytes(b, text, n < width ? n : width);
    for (size_t i = n; i < width; i++)
        put_text(b, " ");
}

static const char *or(const char *text, const char *preset) { return text ? text : preset; }

void put_edf_header(struct bytes *b, const struct edf_spec *s)
{
    char length[16], count[16];

    snprintf(length, sizeof length, "%zu", 256 * (s->n + 1));
    snprintf(count, sizeof count, "%zu", s->n);
    put_field(b, s->bdf ? "\xff" "BIOSEMI" : "0", 8);
    put_field(b, or(s->patient, "X X X X"), 80);
    put_field(b, or(s->recording, "Startdate X X X X"), 80);
    put_field(b, or(s->date, "01.02.03"), 8);
    put_field(b, or(s->time, "04.05.06"), 8);
    put_field(b, or(s->header_bytes, length), 8);
    put_field(b, or(s->reserved, s->bdf ? "24BIT" : ""), 44);
    put_field(b, or(s->records, "1"), 8);
    put_field(b, or(s->duration, "1"), 8);
    put_field(b, or(s->n_signals, count), 4);
#define PUT_COLUMN(member, preset, width) \
    for (size_t i = 0; i < s->n; i++) \
        put_field(b, or(s->column[i].member, preset), width)
    PUT_COLUMN(label, "ECG", 16);
    PUT_COLUMN(transducer, "", 80);
    PUT_COLUMN(unit, "mV", 8);
    PUT_COLUMN(phys_min, s->bdf ? "-8388608" : "-32768", 8);
    PUT_COLUMN(phys_max, s->bdf ? "8388607" : "32767", 8);
    PUT_COLUMN(dig_min, s->bdf ? "-8388608" : "-32768", 8);
    PUT_COLUMN(dig_max, s->bdf ? "8388607" : "32767", 8);
    PUT_COLUMN(prefilter, "", 80);
    PUT_COLUMN(samples, "4", 8);
#undef PUT_COLUMN
    for (size_t i = 0; i < s->n; i++)
        put_field(b, "", 32);
}

void put_tals(struct bytes *b, const char *text, size_t size)
{
    const size_t n = strlen(text);

    assert_true(n <= size);
    for (size_t i = 0; i < size; i++) {
        const char c = i < n ? text[i] : '~';
        put_bytes(b, c == '|' ? "\x14" : c == '^' ? "\x15" : c == '~' ? "" : &text[i], 1);
    }
}
