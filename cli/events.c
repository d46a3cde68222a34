/* cli/events.c - kymo events: the events of recordings as a table, or as a recording of its own. */
#include "lib/command.h"
#include "lib/events.h"
#include "lib/grow.h"
#include "lib/vocabulary.h"

#include <stdlib.h>
#include <string.h>

struct args {
    struct kymo_input_args in;
    struct kymo_output_args out;
    struct kymo_strings types;
    bool all;
};

static const struct kymo_opt options[] = {
    KYMO_OPT_STRINGS('\0', "type", struct args, types, "TYPE",
                     "only events of this type, or these with commas between, or class: beats, normal; may be given again"),
    KYMO_OPTS_RANGE(struct args, in), KYMO_OPTS_ANNOTATOR(struct args, in), KYMO_OPTS_AS(struct args, in),
    KYMO_OPT_FLAG('\0', "all", struct args, all, "more columns: track, subtype, num"),
    KYMO_OPTS_EVENTS(struct args, out, "form of the table; kymo makes a recording of events only"),
    KYMO_OPT_LAST
};

static const struct kymo_column columns[] = {KYMO_EVENT_COLUMNS, {"track", 0}, {"subtype", 0}, {"num", 0}};
#define BASE_COLUMNS (sizeof columns / sizeof *columns - 3)

struct listing {
    const struct args *args;
    struct kymo_header hdr;      /* all tracks, and all signals that events name */
    struct kymo_table *table;    /* events go here, */
    struct kymo_writer *w;       /* or here */
    bool collects;               /* of several recordings: first kept, then sorted */
    struct kept *kept;
    size_t n, cap;
    struct kymo_text_piece *text;
};

struct kept {
    struct kymo_event event;
    size_t order;                /* in which it came: events of the same time stay in it */
};

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory to list events"); }

/* ---- which ---- */

static bool is_of_type(const struct kymo_event *ev, const char *word, size_t n)
{
    return (strlen(ev->type) == n && memcmp(ev->type, word, n) == 0) ||
           (n == 1 && *word == '"' && kymo_code_of(ev->type) == KYMO_NOTE_CODE) ||
           (n == 5 && memcmp(word, "beats", n) == 0 && kymo_is_beat(ev->type)) ||
           (n == 6 && memcmp(word, "normal", n) == 0 && kymo_is_normal_beat(ev->type));
}

static bool is_wanted(const struct args *args, const struct kymo_event *ev)
{
    for (size_t i = 0; i < args->types.n; i++)
        for (const char *word = args->types.text[i]; *word;) {
            const size_t n = strcspn(word, ",");
            if (is_of_type(ev, word, n))
                return true;
            word += n + (word[n] == ',');
        }
    return args->types.n == 0;
}

/* ---- where to ---- */

static int put_event(struct listing *l, const struct kymo_event *ev, struct kymo_err *e)
{
    if (l->w) {
        struct kymo_event alone = *ev;
        alone.signal = -1;       /* the recording has no signals */
        return kymo_write_event(l->w, &alone, e);
    }
    kymo_event_cells(l->table, &l->hdr, ev);
    if (l->args->all) {
        kymo_cell_text(l->table, l->hdr.track[ev->track]);
        kymo_cell_int(l->table, ev->subtype);
        kymo_cell_int(l->table, ev->num);
    }
    return kymo_row_end(l->table, e);
}

static int keep_event(struct listing *l, const struct kymo_event *ev, struct kymo_err *e)
{
    struct kept *const all = kymo_grown(l->kept, l->n, &l->cap, sizeof *all);

    if (!all)
        return out_of_memory(e);
    l->kept = all;
    struct kept *new = &l->kept[l->n];
    *new = (struct kept){*ev, l->n};
    new->event.text = *ev->text ? kymo_text_keep(&l->text, ev->text, strlen(ev->text)) : "";
    l->n++;
    return new->event.text ? 0 : out_of_memory(e);
}

static int by_time(const void *a, const void *b)
{
    const struct kept *x = a, *y = b;

    if (x->event.time_ns != y->event.time_ns)
        return x->event.time_ns < y->event.time_ns ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

static int put_kept(struct listing *l, struct kymo_err *e)
{
    int rc = 0;

    if (l->n > 0)
        qsort(l->kept, l->n, sizeof *l->kept, by_time);
    for (size_t i = 0; rc == 0 && i < l->n; i++)
        rc = put_event(l, &l->kept[i].event, e);
    return rc;
}

/* ---- headers ---- */

static int add_track(struct kymo_header *h, const char *name, struct kymo_err *e)
{
    for (size_t i = 0; i < h->n_tracks; i++)
        if (strcmp(h->track[i], name) == 0)
            return (int)i;
    return kymo_header_add_track(h, name, e);
}

static int add_signal(struct kymo_header *h, const char *label, struct kymo_err *e)
{
    for (size_t i = 0; i < h->n_signals; i++)
        if (strcmp(h->signal[i].label, label) == 0)
            return (int)i;
    struct kymo_signal *s = kymo_header_signal(h, e);
    if (!s || !(s->label = kymo_header_text(h, label, strlen(label), e)))
        return KYMO_ENOMEM;
    return (int)h->n_signals - 1;
}

/* Where the tracks and signals of one recording are in the listing's header. */
struct map {
    int *track, *signal;
};

static int make_map(struct listing *l, const struct kymo_header *h, struct map *m, struct kymo_err *e)
{
    int rc = 0;

    m->track = calloc(h->n_tracks + 1, sizeof *m->track);
    m->signal = calloc(h->n_signals + 1, sizeof *m->signal);
    if (!m->track || !m->signal)
        return out_of_memory(e);
    for (size_t i = 0; rc >= 0 && i < h->n_tracks; i++)
        rc = m->track[i] = add_track(&l->hdr, h->track[i], e);
    for (size_t i = 0; rc >= 0 && i < h->n_signals; i++)
        rc = m->signal[i] = add_signal(&l->hdr, h->signal[i].label, e);
    return rc < 0 ? rc : 0;
}

/* ---- one recording ---- */

static int list_events(struct listing *l, struct kymo_reader *r, const struct map *m, struct kymo_err *e)
{
    struct kymo_block *b;
    int rc;

    while ((rc = kymo_read(r, &b, e)) > 0)
        for (size_t i = 0; i < b->n_events; i++) {
            struct kymo_event ev = b->event[i];
            if (!is_wanted(l->args, &ev))
                continue;
            ev.track = m->track[ev.track];
            ev.signal = ev.signal >= 0 ? m->signal[ev.signal] : -1;
            if ((rc = l->collects ? keep_event(l, &ev, e) : put_event(l, &ev, e)) < 0)
                return rc;
        }
    return rc;
}

/* With its signals, which events may name; where their files are missing, without. */
static struct kymo_reader *open_record(const struct kymo_call *call, struct kymo_err *e)
{
    const struct args *args = call->args;
    struct kymo_reader *r = kymo_call_open(call, &args->in, false, e);

    if (!r && e->cause[0].code == KYMO_EIO && strcmp(kymo_operand(call), "-") != 0) {
        struct kymo_err again = {0};
        if ((r = kymo_call_open(call, &args->in, true, &again)))
            *e = (struct kymo_err){0};
    }
    return r;
}

static int open_output(const struct kymo_call *call, struct listing *l, struct kymo_output *out, struct kymo_err *e)
{
    struct kymo_header alone;
    int rc = 0;

    kymo_output_be_live(out, l->hdr.latency_ns > 0);
    if (l->args->out.form != KYMO_FORM_STREAM) {
        l->table = kymo_table_create(out, (enum kymo_table_form)l->args->out.form, columns,
                                     BASE_COLUMNS + (l->args->all ? 3 : 0), e);
        return l->table ? 0 : e->cause[0].code;
    }
    kymo_header_init(&alone);
    rc = kymo_header_copy(&alone, &l->hdr, (const size_t[]){0}, 0, e);
    if (rc == 0)
        l->w = kymo_call_stream(call, out, &alone, 0, e);
    kymo_header_release(&alone);
    return l->w ? 0 : e->cause[0].code;
}

/* The start, duration and subject of the first recording are those of the list. */
static int describe(struct listing *l, const struct kymo_header *first, struct kymo_err *e)
{
    return kymo_header_copy(&l->hdr, first, NULL, 0, e);
}

static int list_record(const struct kymo_call *call, struct listing *l, const char *path, struct kymo_output *out,
                       struct kymo_err *e)
{
    struct kymo_call one = *call;
    struct map m = {NULL, NULL};

    one.operand = &path;
    one.n_operands = 1;
    struct kymo_reader *r = open_record(&one, e);
    if (!r)
        return e->cause[0].code;
    const bool is_first = l->hdr.n_tracks == 0 && l->hdr.n_signals == 0 && !*l->hdr.record;
    int rc = is_first ? describe(l, &r->hdr, e) : 0;
    if (rc == 0)
        rc = make_map(l, &r->hdr, &m, e);
    if (rc == 0 && !l->collects)
        rc = open_output(call, l, out, e);
    if (rc == 0)
        rc = list_events(l, r, &m, e);
    free(m.track);
    free(m.signal);
    kymo_close(r);
    return rc;
}

static int list_all(const struct kymo_call *call, struct listing *l, struct kymo_output *out, struct kymo_err *e)
{
    int rc = 0;

    if (!l->collects)
        rc = list_record(call, l, kymo_operand(call), out, e);
    for (size_t i = 0; l->collects && rc == 0 && i < call->n_operands; i++)
        rc = list_record(call, l, call->operand[i], out, e);
    if (rc == 0 && l->collects)
        rc = open_output(call, l, out, e);
    if (rc == 0)
        rc = put_kept(l, e);
    if (rc == 0)
        rc = l->w ? kymo_write_finish(l->w, e) : kymo_table_finish(l->table, e);
    return rc < 0 ? rc : kymo_output_finish(out, e);
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const struct args *args = call->args;
    struct listing l = {.args = args, .collects = call->n_operands > 1};
    struct kymo_output *out = kymo_output_open(args->out.path, e);

    kymo_header_init(&l.hdr);
    const int rc = out ? list_all(call, &l, out, e) : e->cause[0].code;
    if (rc < 0 && l.table) {     /* so that nobody takes what came for all */
        struct kymo_err ignored = {0};
        if (kymo_event_error(l.table, e, &ignored) == 0)
            kymo_output_flush(out, &ignored);
    }
    kymo_table_destroy(l.table);
    kymo_writer_destroy(l.w);
    kymo_output_destroy(out);
    kymo_header_release(&l.hdr);
    kymo_text_free(&l.text);
    free(l.kept);
    return rc;
}

const struct kymo_command kymo_cmd_events = {
    .name = "events", .about = "list, choose, merge and convert events", .operands = "[RECORD]...",
    .most = SIZE_MAX, .options = options, .args_size = sizeof(struct args), .run = run,
};
