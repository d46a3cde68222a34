/* cli/score_read.c - kymo score: finds and reads the two series of a record. */
#include "cli/score.h"

#include "formats/wfdb_annot.h"
#include "lib/grow.h"
#include "lib/vocabulary.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct kymo_ratio NANOSECONDS = {KYMO_NS_PER_S, 1};

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for annotations"); }

/* The sample nearest to ns, the later of two. */
static int64_t sample_at(struct kymo_ratio rate, int64_t ns)
{
    const __int128 unit = (__int128)rate.den * KYMO_NS_PER_S, doubled = 2 * (__int128)ns * rate.num + unit;

    return (int64_t)(doubled >= 0 ? doubled / (2 * unit) : (doubled - 2 * unit + 1) / (2 * unit));
}

/* ---- series ---- */

static int add_event(struct score_series *s, const struct score_event *new, const char *text, struct kymo_err *e)
{
    struct score_event *const all = kymo_grown(s->event, s->n, &s->cap, sizeof *all);

    if (!all)
        return out_of_memory(e);
    s->event = all;
    s->event[s->n] = *new;
    s->event[s->n].order = s->n;
    s->event[s->n].text = *text ? kymo_text_keep(&s->text, text, strlen(text)) : "";
    return s->event[s->n++].text ? 0 : out_of_memory(e);
}

static int by_time(const void *a, const void *b)
{
    const struct score_event *x = a, *y = b;

    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

/* An event in units of 1/rate. What is on before time 0 is on at 0. */
static struct score_event event_at(struct kymo_ratio rate, const struct kymo_event *ev)
{
    struct score_event new = {.time = sample_at(rate, ev->time_ns), .subtype = ev->subtype, .value = ev->value};
    int64_t end_ns;

    if (ev->duration_ns > 0 && !__builtin_add_overflow(ev->time_ns, ev->duration_ns, &end_ns))
        new.duration = sample_at(rate, end_ns) - new.time;
    if (new.time < 0) {
        new.duration = new.duration + new.time > 0 ? new.duration + new.time : 0;
        new.time = 0;
    }
    memcpy(new.type, ev->type, sizeof new.type);
    return new;
}

static void sort_events(struct score_series *s)
{
    if (s->n > 0)
        qsort(s->event, s->n, sizeof *s->event, by_time);
}

static int read_events(struct kymo_reader *r, struct kymo_ratio rate, struct score_series *s, struct kymo_err *e)
{
    struct kymo_block *b;
    int rc;

    while ((rc = kymo_read(r, &b, e)) > 0)
        for (size_t i = 0; i < b->n_events; i++) {
            const struct kymo_event *ev = &b->event[i];
            const struct score_event new = event_at(rate, ev);
            if (ev->time_ns < 0 && kymo_is_beat(ev->type))
                continue;             /* no such time counts */
            if ((rc = add_event(s, &new, ev->text, e)) < 0)
                return rc;
        }
    sort_events(s);
    return rc;
}

/* A WFDB annotation file by itself, which does not tell its rate: mostly the record's. */
static int read_annotations(struct kymo_input *in, struct kymo_ratio rate, struct score_series *s, struct kymo_err *e)
{
    struct wfdb_annotations file;
    struct wfdb_annotation a;
    int rc;

    wfdb_annotations_init(&file, in, rate);
    while ((rc = wfdb_annotation_next(&file, &a, e)) > 0) {
        struct score_event new = {.subtype = a.subtype, .value = (double)NAN};
        char name[8];
        snprintf(new.type, sizeof new.type, "%s", kymo_code_name(a.type, name));
        new.time = file.own_rate ? sample_at(rate, kymo_time_of(file.rate, a.time)) : a.time;
        if ((rc = add_event(s, &new, a.aux, e)) < 0)
            return rc;
    }
    sort_events(s);
    return rc;
}

static int read_opened(struct kymo_reader *r, const char *path, const char *track, struct kymo_ratio rate,
                       struct score_series *s, struct kymo_err *e)
{
    if (!r)
        return e->cause[0].code;
    if (r->hdr.n_tracks > 1 && !track)
        return kymo_fail_at(e, KYMO_EUSAGE, path, -1, "%zu event tracks, %s and others: choose with -a or --test",
                            r->hdr.n_tracks, r->hdr.track[0]);
    return read_events(r, rate, s, e);
}

static int read_file(const struct kymo_call *call, const char *path, const char *track, struct kymo_ratio rate,
                     struct score_series *s, struct kymo_err *e)
{
    const struct kymo_want want = {.no_samples = true, .annotator = track, .log = call->log};
    struct kymo_err unknown = {0};
    struct kymo_input *in = kymo_input_open(path, e);
    struct kymo_reader *r = NULL;
    int rc;

    if (!in)
        return e->cause[0].code;
    if (kymo_recognise(in, path, &unknown)) {
        r = kymo_open_input(in, path, &want, e);
        rc = read_opened(r, path, track, rate, s, e);
        kymo_close(r);
    } else {
        rc = read_annotations(in, rate, s, e);
        if (rc < 0)
            kymo_during(e, "neither a recording nor a table of events, and no whole WFDB annotation file");
        kymo_input_close(in);
    }
    return rc;
}

/* ---- where the test series is ---- */

const char *score_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* Length of the record's name: without the folder and, of a file, without its ending. */
static size_t stem(const char *path)
{
    const char *base = score_base_name(path), *dot = strrchr(base, '.');
    struct stat st;

    return dot && dot > base && stat(path, &st) == 0 && S_ISREG(st.st_mode) ? (size_t)(dot - base) : strlen(base);
}

static bool is_regular(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && !S_ISDIR(st.st_mode);
}

static bool is_folder(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The only file FOLDER/NAME.ENDING that can hold events: any ending but those of WFDB headers and signals. */
static int find_only(const char *folder, const char *name, size_t n, char **path, struct kymo_err *e)
{
    DIR *dir = opendir(folder);
    char found[256] = "";
    bool several = false;

    if (!dir)
        return kymo_fail_at(e, KYMO_EIO, folder, -1, "cannot be listed");
    for (struct dirent *d; (d = readdir(dir));) {
        const char *ending = d->d_name + n + 1;
        if (strncmp(d->d_name, name, n) != 0 || d->d_name[n] != '.' || strchr(ending, '.') || strcmp(ending, "hea") == 0 ||
            strcmp(ending, "dat") == 0)
            continue;
        several |= *found != '\0';
        if (!*found || strcmp(d->d_name, found) < 0)
            snprintf(found, sizeof found, "%s", d->d_name);
    }
    closedir(dir);
    if (several)
        return kymo_fail_at(e, KYMO_EUSAGE, folder, -1, "%s and others are named for the record: choose the ending with --test",
                            found);
    if (!*found)
        return kymo_fail_at(e, KYMO_EIO, folder, -1, "no file %.*s.* to score", (int)n, name);
    return asprintf(path, "%s/%s", folder, found) < 0 ? out_of_memory(e) : 0;
}

static int find_in_folder(const char *folder, const char *record, const char *ending, char **path, struct kymo_err *e)
{
    const char *name = score_base_name(record);
    const size_t n = stem(record);

    if (!ending)
        return find_only(folder, name, n, path, e);
    return asprintf(path, "%s/%.*s.%s", folder, (int)n, name, ending) < 0 ? out_of_memory(e) : 0;
}

static int read_test(const struct kymo_call *call, const char *test, struct score_record *r, struct kymo_err *e)
{
    const struct score_args *args = call->args;
    char *path = NULL;
    int rc;

    if (is_folder(test)) {
        if ((rc = find_in_folder(test, r->path, args->test, &path, e)) == 0)
            rc = read_file(call, path, NULL, r->rate, &r->test, e);
        free(path);
        return rc;
    }
    if (strcmp(test, "-") == 0 || is_regular(test)) {
        if (call->n_operands > 2)
            return kymo_fail(e, KYMO_EUSAGE, "\"%s\" is one series: for several records name a folder or an annotator", test);
        if (strcmp(test, "-") == 0 && isatty(STDIN_FILENO))
            return kymo_fail(e, KYMO_EUSAGE, "nothing to score: send events through a pipe");
        return read_file(call, test, args->test, r->rate, &r->test, e);
    }
    if (strchr(test, '/'))
        return kymo_fail_at(e, KYMO_EIO, test, -1, "no such file or folder");
    const struct kymo_want want = {.no_samples = true, .annotator = test, .log = call->log};
    struct kymo_reader *reader = kymo_open(r->path, &want, e);
    rc = read_opened(reader, r->path, test, r->rate, &r->test, e);
    kymo_close(reader);
    return rc;
}

/* ---- the reference ---- */

static int read_reference(const struct kymo_call *call, struct score_record *r, struct kymo_err *e)
{
    const struct score_args *args = call->args;
    struct kymo_want want = {.no_samples = true, .annotator = args->ref, .log = call->log};
    struct kymo_reader *reader;
    int rc;

    if (!want.annotator) {            /* of a WFDB record it is atr */
        const struct kymo_want quiet = {.no_samples = true};
        if (!(reader = kymo_open(r->path, &quiet, e)))
            return e->cause[0].code;
        if (strcmp(reader->format->name, "wfdb") == 0)
            want.annotator = "atr";
        kymo_close(reader);
    }
    if (!(reader = kymo_open(r->path, &want, e)))
        return e->cause[0].code;
    r->rate = NANOSECONDS;
    r->end = -1;
    if (reader->source.n_signals > 0) {
        r->rate = reader->source.signal[0].rate;
        if (reader->source.signal[0].n_samples != KYMO_UNKNOWN)
            r->end = reader->source.signal[0].n_samples;
    }
    if (reader->hdr.n_tracks == 0)
        rc = kymo_fail_at(e, KYMO_EDATA, r->path, -1, "no reference annotations: name their track with -a");
    else
        rc = read_opened(reader, r->path, want.annotator, r->rate, &r->ref, e);
    kymo_close(reader);
    return rc;
}

static int set_period(const struct score_args *args, struct score_record *r, struct kymo_err *e)
{
    const double fs = kymo_ratio_real(r->rate);

    if (!(args->window_s >= 0 && args->window_s <= 3600))
        return kymo_fail(e, KYMO_EUSAGE, "--window %g is not 0..3600 s", args->window_s);
    if (args->to.set && args->to.ns <= args->from.ns)
        return kymo_fail(e, KYMO_EUSAGE, "--to is not after --from");
    r->window = (int64_t)(args->window_s * fs + 0.5);
    r->start = sample_at(r->rate, args->from.ns);
    if (args->to.set && (r->end < 0 || sample_at(r->rate, args->to.ns) < r->end))
        r->end = sample_at(r->rate, args->to.ns);
    return 0;
}

/* ---- what lasts ---- */

static int add_episode(struct episode **all, size_t *n, struct episode new, struct kymo_err *e)
{
    if ((*n & (*n - 1)) == 0) {       /* full, or empty */
        struct episode *more = realloc(*all, (*n ? 2 * *n : 1) * sizeof *more);
        if (!more)
            return out_of_memory(e);
        *all = more;
    }
    (*all)[(*n)++] = new;
    return 0;
}

/* Where an event stands to episodes called NAME: 1 it begins one, -1 it ends one, 0 neither. A rhythm change that has a
 * duration ends nothing but itself. */
static int turn(const struct score_event *ev, const char *name)
{
    const bool is_vf = strcmp(name, "VF") == 0, is_rhythm = strcmp(ev->type, "+") == 0;
    const char *text = ev->text + (*ev->text == '(' && *name != '(');

    if (is_vf)
        return strcmp(ev->type, "[") == 0 ? 1 : strcmp(ev->type, "]") == 0 ? -1 : 0;
    if (!is_rhythm)
        return ev->duration > 0 && strcmp(ev->type, name) == 0;
    if (strcmp(name, "AF") == 0 ? strncmp(ev->text, "(AFIB", 5) == 0 : strcmp(text, name) == 0)
        return 1;
    return ev->duration > 0 ? 0 : -1;
}

int score_episodes(const struct score_series *s, const char *name, int64_t end, struct episode **all, size_t *n,
                   struct kymo_err *e)
{
    int64_t on = -1;
    int rc = 0;

    *all = NULL;
    *n = 0;
    for (size_t i = 0; rc == 0 && i < s->n; i++) {
        const struct score_event *ev = &s->event[i];
        const int t = turn(ev, name);
        if (t > 0 && ev->duration > 0) {
            const struct episode new = {ev->time, ev->time + ev->duration};
            struct episode *last = *n > 0 ? &(*all)[*n - 1] : NULL;
            if (last && new.on <= last->off)
                last->off = new.off > last->off ? new.off : last->off;
            else
                rc = add_episode(all, n, new, e);
        } else if (t > 0 && on < 0) {
            on = ev->time;
        } else if (t < 0 && on >= 0) {
            rc = add_episode(all, n, (struct episode){on, ev->time}, e);
            on = -1;
        }
    }
    if (rc == 0 && on >= 0) {
        const int64_t last = s->event[s->n - 1].time;
        rc = add_episode(all, n, (struct episode){on, end > last ? end : last}, e);
    }
    return rc;
}

const char *score_rhythm(const struct score_record *r, const char *name)
{
    const struct score_series *const both[] = {&r->ref, &r->test};

    if (strcmp(name, "AF") == 0 || strcmp(name, "VF") == 0)
        return *name == 'A' ? "(AFIB" : "(VF";
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < both[k]->n; i++)
            if (strcmp(both[k]->event[i].type, "+") == 0 && turn(&both[k]->event[i], name) > 0)
                return both[k]->event[i].text;
    return NULL;
}

/* ---- what is left out ---- */

static int add_spans(struct score_record *r, const struct episode *all, size_t n, struct kymo_err *e)
{
    struct beatmatch_span *more = realloc(r->ignore, (r->n_ignore + n + 1) * sizeof *more);

    if (!more)
        return out_of_memory(e);
    r->ignore = more;
    for (size_t i = 0; i < n; i++)
        r->ignore[r->n_ignore++] = (struct beatmatch_span){all[i].on, all[i].off - 1};   /* both ends in it */
    return 0;
}

static int by_onset(const void *a, const void *b)
{
    const struct beatmatch_span *x = a, *y = b;

    return (x->on > y->on) - (x->on < y->on);
}

static void join_spans(struct score_record *r)
{
    size_t n = 0;

    if (r->n_ignore > 0)
        qsort(r->ignore, r->n_ignore, sizeof *r->ignore, by_onset);
    for (size_t i = 0; i < r->n_ignore; i++)
        if (n > 0 && r->ignore[i].on <= r->ignore[n - 1].off)
            r->ignore[n - 1].off = r->ignore[i].off > r->ignore[n - 1].off ? r->ignore[i].off : r->ignore[n - 1].off;
        else
            r->ignore[n++] = r->ignore[i];
    r->n_ignore = n;
}

/* Every event of the mask that lasts. */
static int read_mask(const struct kymo_call *call, const char *mask, struct score_record *r, struct kymo_err *e)
{
    struct score_series s = {.n = 0};
    char *path = NULL;
    int rc = is_folder(mask) ? find_in_folder(mask, r->path, NULL, &path, e) : 0;

    if (rc == 0)
        rc = read_file(call, path ? path : mask, NULL, r->rate, &s, e);
    for (size_t i = 0; rc == 0 && i < s.n; i++)
        if (s.event[i].duration > 0)
            rc = add_spans(r, &(struct episode){s.event[i].time, s.event[i].time + s.event[i].duration}, 1, e);
    free(s.event);
    kymo_text_free(&s.text);
    free(path);
    return rc;
}

static int read_ignored(const struct kymo_call *call, struct score_record *r, struct kymo_err *e)
{
    const struct score_args *args = call->args;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < args->ignore.n; i++) {
        struct episode *all = NULL;
        size_t n = 0;
        if ((rc = score_episodes(&r->ref, args->ignore.text[i], r->end, &all, &n, e)) == 0)
            rc = add_spans(r, all, n, e);
        free(all);
    }
    if (rc == 0 && args->mask)
        rc = read_mask(call, args->mask, r, e);
    join_spans(r);
    return rc;
}

int score_read(const struct kymo_call *call, const char *test_operand, const char *path, struct score_record *r,
               struct kymo_err *e)
{
    int rc;

    *r = (struct score_record){.path = path};
    if ((rc = read_reference(call, r, e)) < 0 || (rc = set_period(call->args, r, e)) < 0 ||
        (rc = read_test(call, test_operand, r, e)) < 0)
        return rc;
    return read_ignored(call, r, e);
}

void score_release(struct score_record *r)
{
    free(r->ref.event);
    free(r->test.event);
    kymo_text_free(&r->ref.text);
    kymo_text_free(&r->test.text);
    free(r->ignore);
}
