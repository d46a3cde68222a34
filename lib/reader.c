/* lib/reader.c - see reader.h. */
#include "lib/progress.h"
#include "lib/reader.h"
#include "lib/writer.h"

#include "lib/remote.h"
#include "lib/writer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROBE_BYTES 512
#define CERTAIN_BYTES 16
#define TIME_LIMIT (INT64_C(1) << 61)

/* ---- which format ---- */

/* "100.dat" beside "100.hea": what the user should have named instead; "" where there is no such thing. */
static void hint_record(const char *path, char *hint, size_t cap)
{
    const char *dot = strrchr(path, '.');
    const size_t n = dot ? (size_t)(dot - path) : 0;

    hint[0] = '\0';
    for (const struct kymo_format *const *f = kymo_formats; n > 0 && *f; f++) {
        char *header = NULL;
        if ((*f)->suffix && asprintf(&header, "%.*s%s", (int)n, path, (*f)->suffix) >= 0 && access(header, F_OK) == 0)
            snprintf(hint, cap, "; it belongs to the record %.*s", (int)(n < 100 ? n : 100), path);
        free(header);
    }
}

const struct kymo_format *kymo_recognise(struct kymo_input *in, const char *path, struct kymo_err *e)
{
    const struct kymo_format *best = NULL;
    const unsigned char *head;
    ssize_t n = kymo_peek(in, CERTAIN_BYTES, &head, e);

    for (const struct kymo_format *const *f = kymo_formats; n > 0 && *f; f++)
        if ((*f)->probe(head, (size_t)n, path) == 100)   /* a live stream may bring the rest much later */
            return *f;
    n = kymo_peek(in, PROBE_BYTES, &head, e);
    int sure = 0;

    if (n < 0)
        return NULL;
    if (n == 0) {
        kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(in), 0, "no data at all");
        return NULL;
    }
    for (const struct kymo_format *const *f = kymo_formats; *f; f++) {
        const int p = (*f)->probe(head, (size_t)n, path);
        if (p > sure) {
            sure = p;
            best = *f;
        }
    }
    if (!best) {
        char hint[128];
        hint_record(path, hint, sizeof hint);
        kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(in), 0,
                     "no recording that kymo knows (it begins %02x %02x %02x %02x; see kymo-formats(7))%s", head[0],
                     n > 1 ? head[1] : 0, n > 2 ? head[2] : 0, n > 3 ? head[3] : 0, hint);
    }
    return best;
}

static bool goes_by(const struct kymo_format *f, const char *name)
{
    bool found = !f->layouts && strcmp(f->name, name) == 0;

    for (const char *const *l = f->layouts; l && *l && !found; l++)
        found = strcmp(*l, name) == 0;
    return found;
}

/* The format that the caller says it is. */
static const struct kymo_format *format_as(const char *name, struct kymo_err *e)
{
    char names[400] = "";

    for (const struct kymo_format *const *f = kymo_formats; *f; f++) {
        if (goes_by(*f, name))
            return *f;
        for (const char *const *l = (*f)->layouts ? (*f)->layouts : (const char *const[]){(*f)->name, NULL}; *l; l++) {
            const size_t n = strlen(names);
            snprintf(names + n, sizeof names - n, " %s", *l);
        }
    }
    kymo_fail(e, KYMO_EUSAGE, "--as \"%.20s\" is none of%s", name, names);
    return NULL;
}

static bool exists(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0;
}

/* A name that a format's files end in is asked for as it is; else the record of that name (100) comes before the file, since a
 * folder may be called so too. */
static int find_suffix(const char *url, char **full, struct kymo_err *e)
{
    int rc = 0;

    if (kymo_format_for(url))
        return 0;
    for (const struct kymo_format *const *f = kymo_formats; rc == 0 && *f; f++) {
        if (!(*f)->suffix)
            continue;
        if (asprintf(full, "%s%s", url, (*f)->suffix) < 0)
            return kymo_fail(e, KYMO_ENOMEM, "no memory to open %s", url);
        if ((rc = kymo_input_exists(*full, e)) <= 0) {
            free(*full);
            *full = NULL;
        }
    }
    return rc;
}

/* The same of a URL. Which place inside a container is meant, its name alone must tell, behind "https:" or "physionet:". */
static char *find_remote(const char *path, const char **inside, struct kymo_err *e)
{
    const char *const colon = strstr(strchr(path, ':') + 1, ":/");
    char *const name = colon ? strndup(path, (size_t)(colon - path)) : strdup(path);
    char *url = name ? kymo_remote_url(name, e) : NULL, *full = NULL;

    if (!name)
        kymo_fail(e, KYMO_ENOMEM, "no memory to open %s", path);
    *inside = colon ? colon + 1 : NULL;
    if (url && !colon && find_suffix(url, &full, e) < 0) {
        free(url);
        url = NULL;
    }
    free(name);
    if (!full)
        return url;
    free(url);
    return full;
}

char *kymo_find_file(const char *path, const char **inside, struct kymo_err *e)
{
    if (kymo_is_remote(path))
        return find_remote(path, inside, e);
    const char *colon = strstr(path, ":/");
    char *full = NULL;

    *inside = NULL;
    if (strcmp(path, "-") != 0 && !exists(path))
        for (const struct kymo_format *const *f = kymo_formats; *f && !full; f++)
            if ((*f)->suffix && asprintf(&full, "%s%s", path, (*f)->suffix) >= 0 && !exists(full)) {
                free(full);
                full = NULL;
            }
    if (!full && colon && colon > path && !exists(path)) {
        full = strndup(path, (size_t)(colon - path));
        if (full && exists(full)) {
            *inside = colon + 1;
            return full;
        }
        free(full);
        full = NULL;
    }
    if (!full && !(full = strdup(path)))
        kymo_fail(e, KYMO_ENOMEM, "no memory to open %s", path);
    return full;
}

/* ---- which signals ---- */

static bool is_index(const char *text, const struct kymo_header *h, size_t *index)
{
    int64_t i;

    if (*text < '0' || *text > '9' || !kymo_parse_int(text, strlen(text), &i) || i >= (int64_t)h->n_signals)
        return false;
    *index = (size_t)i;
    return true;
}

/* How text names signal i: 4 exact label, 3 label, 2 index, 1 kind, 0 not at all. */
static int match_signal(const struct kymo_header *h, size_t i, const char *text)
{
    size_t index;

    if (strcmp(h->signal[i].label, text) == 0)
        return 4;
    if (kymo_same_text(h->signal[i].label, text))
        return 3;
    if (is_index(text, h, &index) && index == i)
        return 2;
    return kymo_kind_named(text) == h->signal[i].kind;
}

static size_t add_matches(const struct kymo_header *h, const char *text, size_t *pick, size_t n_pick, bool *taken)
{
    int best = 0;

    for (size_t i = 0; i < h->n_signals; i++)
        if (match_signal(h, i, text) > best)
            best = match_signal(h, i, text);
    for (size_t i = 0; best > 0 && i < h->n_signals; i++)
        if (!taken[i] && match_signal(h, i, text) == best) {
            taken[i] = true;
            pick[n_pick++] = i;
        }
    return best > 0 ? n_pick : SIZE_MAX;
}

static int fail_no_signal(const struct kymo_header *h, const char *text, struct kymo_err *e)
{
    char labels[160] = "";

    for (size_t i = 0; i < h->n_signals && strlen(labels) < sizeof labels - 32; i++) {
        const size_t n = strlen(labels);
        snprintf(labels + n, sizeof labels - n, "%s%.24s", i ? ", " : "", h->signal[i].label);
    }
    if (h->n_signals == 0)
        return kymo_fail(e, KYMO_EDATA, "no signal \"%.40s\": the recording has no signals", text);
    if (kymo_kind_named(text) != KYMO_KINDS)
        return kymo_fail(e, KYMO_EUSAGE, "no signal of kind %s by its label among 0..%zu (%s): choose with -s", text,
                         h->n_signals - 1, labels);
    return kymo_fail(e, KYMO_EUSAGE, "no signal \"%.40s\" among 0..%zu (%s)", text, h->n_signals - 1, labels);
}

static int select_text(const struct kymo_header *h, const char *text, size_t *pick, size_t *n_pick, bool *taken,
                       struct kymo_err *e)
{
    size_t n = add_matches(h, text, pick, *n_pick, taken);

    if (n == SIZE_MAX && strchr(text, ',')) {
        char *copy = strdup(text), *rest = NULL;
        if (!copy)
            return kymo_fail(e, KYMO_ENOMEM, "no memory to select signals");
        for (char *part = strtok_r(copy, ",", &rest); part; part = strtok_r(NULL, ",", &rest))
            if ((n = add_matches(h, part, pick, n == SIZE_MAX ? *n_pick : n, taken)) == SIZE_MAX)
                break;
        free(copy);
    }
    if (n == SIZE_MAX)
        return fail_no_signal(h, text, e);
    *n_pick = n;
    return 0;
}

int kymo_select(const struct kymo_header *h, const char *const *text, size_t n, size_t **pick, size_t *n_pick,
                struct kymo_err *e)
{
    bool *taken = calloc(h->n_signals + 1, sizeof *taken);
    int rc = 0;

    *n_pick = 0;
    *pick = calloc(h->n_signals + 1, sizeof **pick);
    if (!taken || !*pick)
        rc = kymo_fail(e, KYMO_ENOMEM, "no memory to select among %zu signals", h->n_signals);
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = select_text(h, text[i], *pick, n_pick, taken, e);
    free(taken);
    if (rc < 0) {
        free(*pick);
        *pick = NULL;
    }
    return rc;
}

/* The delivered header and the map to it, from what is wanted. */
static int apply_selection(struct kymo_reader *r, struct kymo_err *e)
{
    const size_t n_source = r->source.n_signals;
    size_t *pick = NULL, n_pick = n_source;
    int rc = 0;

    if (!(r->slot = malloc((n_source + 1) * sizeof *r->slot)))
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu signals", n_source);
    if (r->want->no_samples || r->want->signal)
        rc = kymo_select(&r->source, r->want->signal, r->want->no_samples ? 0 : r->want->n_signals, &pick, &n_pick, e);
    for (size_t i = 0; i < n_source; i++)
        r->slot[i] = pick ? KYMO_SKIP : i;
    for (size_t i = 0; pick && i < n_pick; i++)
        r->slot[pick[i]] = i;
    if (rc == 0)
        rc = kymo_header_copy(&r->hdr, &r->source, pick, n_pick, e);
    kymo_block_init(&r->block, &r->hdr);
    for (size_t i = 0; rc == 0 && i < n_pick; i++)
        rc = kymo_block_reserve(&r->block, i, 0, e);   /* the format makes room, for what it really finds */
    free(pick);
    return rc;
}

/* ---- opening ---- */

static int check_track(const struct kymo_reader *r, struct kymo_err *e)
{
    const char *wanted = r->want->annotator;
    char names[120] = "";

    for (size_t i = 0; wanted && i < r->hdr.n_tracks; i++) {
        const size_t n = strlen(names);
        if (strcmp(r->hdr.track[i], wanted) == 0)
            return 0;
        snprintf(names + n, sizeof names - n, "%s%.40s", i ? ", " : "", r->hdr.track[i]);
    }
    return wanted ? kymo_fail_at(e, KYMO_EUSAGE, r->path, -1, "no event track \"%.40s\"; there is %s", wanted,
                                 *names ? names : "none")
                  : 0;
}

/* The header of a part: it ends where the part does, and how many samples that makes is known when they were read. */
static void tell_part(struct kymo_reader *r)
{
    const int64_t whole = r->hdr.duration_ns;
    const bool ends_early = r->want->to_set && (whole == KYMO_UNKNOWN || r->want->to_ns < whole);

    if (ends_early && whole != KYMO_UNKNOWN)
        r->hdr.duration_ns = r->want->to_ns > 0 ? r->want->to_ns : 0;
    for (size_t i = 0; i < r->hdr.n_signals; i++)
        if (ends_early || (r->want->from_set && r->want->from_ns > 0))
            r->hdr.signal[i].n_samples = KYMO_UNKNOWN;
}

static int open_reader(struct kymo_reader *r, const char *path, struct kymo_err *e)
{
    if (!(r->path = strdup(strcmp(path, "-") == 0 ? kymo_input_name(r->in) : path)))
        return kymo_fail(e, KYMO_ENOMEM, "no memory to open %s", path);
    const struct kymo_format *const format = r->want->raw ? kymo_format_named("raw")
                                             : r->want->as ? format_as(r->want->as, e) : kymo_recognise(r->in, path, e);
    if (!format)
        return e->cause[0].code;
    r->format = format;
    kymo_input_be_patient(r->in, r->want->patience);
    int rc = format->open(r, e);
    if (rc >= 0)
        rc = apply_selection(r, e);
    if (rc >= 0)
        rc = check_track(r, e);
    if (rc >= 0 && r->want->from_set && r->hdr.duration_ns != KYMO_UNKNOWN && r->want->from_ns >= r->hdr.duration_ns)
        rc = kymo_warn(&r->want->log, e, r->path, -1, "nothing from %.9g s on: it is %.9g s long",
                       (double)r->want->from_ns / 1e9, (double)r->hdr.duration_ns / 1e9);
    if (rc >= 0 && format->start)
        rc = format->start(r, e);
    if (rc >= 0)
        tell_part(r);
    if (rc >= 0 && r->want->from_set && format->seek)
        rc = format->seek(r, r->want->from_ns, e);
    return rc < 0 ? rc : 0;
}

/* Within what times in recordings can be, so that a difference of two cannot overflow. */
static int64_t hold(int64_t ns) { return ns > TIME_LIMIT ? TIME_LIMIT : ns < -TIME_LIMIT ? -TIME_LIMIT : ns; }

static struct kymo_reader *open_inside(struct kymo_input *in, const char *path, const char *inside,
                                       const struct kymo_want *want, struct kymo_err *e)
{
    struct kymo_reader *r = calloc(1, sizeof *r);

    if (!r) {
        kymo_input_close(in);
        kymo_fail(e, KYMO_ENOMEM, "no memory to open %s", path);
        return NULL;
    }
    kymo_header_init(&r->hdr);
    kymo_header_init(&r->source);
    r->in = in;
    r->inside = inside;
    r->want_copy = want ? *want : (struct kymo_want){0};
    r->want = &r->want_copy;
    r->want_copy.from_ns = hold(r->want_copy.from_ns);
    r->want_copy.to_ns = hold(r->want_copy.to_ns);
    if (open_reader(r, path, e) < 0) {
        kymo_close(r);
        return NULL;
    }
    return r;
}

struct kymo_reader *kymo_open_input(struct kymo_input *in, const char *path, const struct kymo_want *want,
                                    struct kymo_err *e)
{
    return open_inside(in, path, NULL, want, e);
}

struct kymo_reader *kymo_open(const char *path, const struct kymo_want *want, struct kymo_err *e)
{
    struct kymo_reader *r = NULL;
    const char *inside;
    char *full = kymo_find_file(path, &inside, e);
    struct kymo_input *in = full ? kymo_input_open(full, e) : NULL;

    if (in)
        r = open_inside(in, full, inside, want, e);
    free(full);
    return r;
}

void kymo_close(struct kymo_reader *r)
{
    if (!r)
        return;
    if (r->format)
        r->format->close(r);
    kymo_block_release(&r->block);
    kymo_header_release(&r->hdr);
    kymo_header_release(&r->source);
    kymo_input_close(r->in);
    free(r->slot);
    free(r->path);
    free(r);
}

/* ---- reading ---- */

/* Drops the samples of a span outside from <= time < to. */
static void trim_span(const struct kymo_reader *r, struct kymo_block *b, size_t s)
{
    const struct kymo_ratio rate = b->hdr->signal[s].rate;
    struct kymo_span *span = &b->span[s];
    int64_t begin = span->first, end = span->first + (int64_t)span->n;

    if (r->want->from_set) {
        const int64_t from = kymo_index_at(rate, r->want->from_ns - b->segment_ns) + span->segment_first;
        begin = from < begin ? begin : from < end ? from : end;
    }
    if (r->want->to_set) {
        const int64_t to = kymo_index_at(rate, r->want->to_ns - b->segment_ns) + span->segment_first;
        end = to > end ? end : to > begin ? to : begin;
    }
    const size_t drop = (size_t)(begin - span->first);
    span->n = (size_t)(end - begin);
    span->first = begin;
    if (drop > 0 && kymo_storage_is_integer(b->hdr->signal[s].storage))
        memmove(span->digital, span->digital + drop, span->n * sizeof *span->digital);
    else if (drop > 0)
        memmove(span->physical, span->physical + drop, span->n * sizeof *span->physical);
}

void kymo_take_track(struct kymo_reader *r, const char *track) { r->want_copy.annotator = track; }

/* Drops the events outside the wanted time and of other tracks. */
static void trim_events(const struct kymo_reader *r, struct kymo_block *b)
{
    const char *track = r->want->annotator;
    size_t kept = 0;

    for (size_t i = 0; i < b->n_events; i++) {
        const int64_t t = b->event[i].time_ns;
        const bool in_track = !track || strcmp(b->hdr->track[b->event[i].track], track) == 0;
        if (in_track && (!r->want->from_set || t >= r->want->from_ns) && (!r->want->to_set || t < r->want->to_ns))
            b->event[kept++] = b->event[i];
    }
    b->n_events = kept;
}

/* Whether a block lies wholly at or behind the wanted end; one without samples cannot tell. */
static bool is_behind(const struct kymo_reader *r, const struct kymo_block *b)
{
    bool any = false;

    for (size_t s = 0; s < b->hdr->n_signals; s++)
        if (b->span[s].n > 0) {
            any = true;
            if (kymo_block_time(b, s, b->span[s].first) < r->want->to_ns)
                return false;
        }
    return any;
}

static bool is_empty(const struct kymo_block *b)
{
    for (size_t s = 0; s < b->hdr->n_signals; s++)
        if (b->span[s].n > 0)
            return false;
    return b->n_events == 0;
}

static void tell_progress(const struct kymo_reader *r, const struct kymo_block *b)
{
    const int64_t from_ns = r->want->from_set && r->want->from_ns > 0 ? r->want->from_ns : 0;
    int64_t end_ns = b->n_events > 0 ? b->event[b->n_events - 1].time_ns : 0;

    for (size_t i = 0; i < r->hdr.n_signals; i++)
        if (b->span[i].n > 0) {
            const int64_t t = kymo_block_time(b, i, b->span[i].first + (int64_t)b->span[i].n);
            end_ns = t > end_ns ? t : end_ns;
        }
    kymo_progress_read(r->want->progress, end_ns - from_ns,
                       r->hdr.duration_ns == KYMO_UNKNOWN ? 0 : r->hdr.duration_ns - from_ns, kymo_clock_ns());
}

static int read_block(struct kymo_reader *r, struct kymo_block **b, struct kymo_err *e)
{
    struct kymo_block *block = *b = &r->block;
    const bool trims = r->want->from_set || r->want->to_set;
    bool new_segment = false;

    if (r->done)
        return 0;
    do {
        kymo_block_clear(block);
        const int rc = r->format->read(r, block, e);
        if (rc <= 0) {
            r->done = true;
            return rc;
        }
        if (r->want->to_set && r->hdr.n_tracks == 0 && is_behind(r, block)) {   /* events may come late: read on */
            kymo_block_clear(block);
            r->done = true;
            return 0;
        }
        new_segment |= block->new_segment;
        for (size_t s = 0; trims && s < r->hdr.n_signals; s++)
            trim_span(r, block, s);
        trim_events(r, block);
    } while (is_empty(block));
    block->new_segment = new_segment;
    return 1;
}

int kymo_read(struct kymo_reader *r, struct kymo_block **b, struct kymo_err *e)
{
    const int rc = read_block(r, b, e);

    if (rc > 0 && r->want->progress)
        tell_progress(r, *b);
    else
        kymo_progress_clear(r->want->progress);
    return rc;
}
