/* cli/beats.c - kymo beats: the class of every heart beat of a recording.
 *
 * The method is in algorithms/beatclass.h, where beats come from in cli/heart.h, the user's view in man/kymo-beats.1. */
#include "cli/atria.h"
#include "cli/beats_assist.h"
#include "lib/events.h"
#include "lib/spool.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct args {
    struct heart_args heart;
    struct kymo_output_args out;
    const char *assist;
    bool clusters;
};

static const struct kymo_opt options[] = {
    HEART_OPTS(struct args, heart),
    KYMO_OPT_FLAG('\0', "clusters", struct args, clusters, "print a row for each group of beats of one shape instead"),
    KYMO_OPT_STRING('\0', "assist", struct args, assist, "FILE", NULL,
                    "table with the columns type, and cluster or time_s: what the beats of these groups are"),
    KYMO_OPTS_EVENTS(struct args, out, "form of the table; kymo passes the recording on with the beats in it"),
    KYMO_OPT_LAST
};

static const struct kymo_column columns[] = {
    KYMO_EVENT_COLUMNS, {"quality", 3}, {"p_n", 3}, {"p_s", 3}, {"p_v", 3}, {"p_f", 3}, {"p_q", 3}, {"cluster", 0},
};
enum { OWN_COLUMNS = 7 };

static const struct kymo_column cluster_columns[] = {
    {"cluster", 0}, {"type", 0}, {"beats", 0}, {"share_pct", 3}, {"n", 0}, {"s", 0}, {"v", 0}, {"f", 0}, {"q", 0},
    {"mean_rr_s", 6}, {"first_s", 9}, {"example_s", 9},
};

/* ---- events ---- */

static enum beatclass_kind most_likely(const struct beatclass *c)
{
    enum beatclass_kind best = BEATCLASS_N;

    for (int k = 1; k < BEATCLASS_KINDS; k++)
        if (c->chance[k] > c->chance[best])
            best = (enum beatclass_kind)k;
    return best;
}

static struct kymo_event beat_event(const struct heart_beat *b, const struct beatclass *c, int track)
{
    struct kymo_event ev = {
        .time_ns = b->time_ns, .sample = b->sample, .signal = b->signal, .track = track,
        .value = round(1000 * (double)c->chance[most_likely(c)]) / 1000, .text = "",
    };

    ev.type[0] = c->type[0];
    return ev;
}

static struct kymo_event span_event(const struct heart_span *s, int track)
{
    struct kymo_event ev = {
        .time_ns = s->time_ns, .duration_ns = s->duration_ns, .sample = KYMO_UNKNOWN, .signal = -1, .track = track,
        .value = (double)NAN, .text = "",
    };

    memcpy(ev.type, s->type, sizeof ev.type);
    return ev;
}

/* Beats, gaps and stretches of noise in order of time, one after the other. */
struct listing {
    const struct heart *h;
    const struct beatclass *class;
    size_t beat, span;            /* to come */
    int track;
};

/* The next event that begins before ns, of the beat *class or of none. False where there is none. */
static bool next_event(struct listing *l, int64_t ns, struct kymo_event *ev, const struct beatclass **class)
{
    const struct heart *const h = l->h;

    while (l->span < h->n_spans && strcmp(h->span[l->span].type, "gap") != 0 && strcmp(h->span[l->span].type, "noise") != 0)
        l->span++;
    const bool is_span = l->span < h->n_spans && (l->beat == h->n || h->span[l->span].time_ns <= h->beat[l->beat].time_ns);
    if (!is_span && l->beat == h->n)
        return false;
    *class = is_span ? NULL : &l->class[l->beat];
    *ev = is_span ? span_event(&h->span[l->span], l->track) : beat_event(&h->beat[l->beat], *class, l->track);
    if (ev->time_ns >= ns)
        return false;
    if (is_span)
        l->span++;
    else
        l->beat++;
    return true;
}

static void put_own_cells(struct kymo_table *t, const struct heart_beat *b, const struct beatclass *c)
{
    if (!c) {
        for (int k = 0; k < OWN_COLUMNS; k++)
            kymo_cell_none(t);
        return;
    }
    kymo_cell_real(t, (double)b->quality);
    for (int k = 0; k < BEATCLASS_KINDS; k++)
        kymo_cell_real(t, (double)c->chance[k]);
    if (c->cluster >= 0)
        kymo_cell_int(t, c->cluster);
    else
        kymo_cell_none(t);
}

static int put_table(const void *of, struct kymo_table *t, struct kymo_err *e)
{
    struct listing l = *(const struct listing *)of;
    const struct heart *const h = l.h;
    const struct beatclass *c;
    struct kymo_event ev;
    int rc = 0;

    while (rc == 0 && next_event(&l, INT64_MAX, &ev, &c)) {
        kymo_event_cells(t, &h->hdr, &ev);
        put_own_cells(t, c ? &h->beat[l.beat - 1] : NULL, c);
        rc = kymo_row_end(t, e);
    }
    return rc;
}

/* ---- groups ---- */

struct group {
    size_t n, kind[BEATCLASS_KINDS], n_rr;
    double rr_s;
    size_t first, middle, n_seen; /* beats */
};

static void count_groups(const struct heart *h, const struct beatclass *class, struct group *group)
{
    for (size_t i = 0; i < h->n; i++) {
        struct group *const g = class[i].cluster >= 0 ? &group[class[i].cluster] : NULL;
        if (!g)
            continue;
        g->first = g->n++ ? g->first : i;
        g->kind[most_likely(&class[i])]++;
        if (i > 0 && !h->beat[i].after_break) {
            g->rr_s += (double)(h->beat[i].time_ns - h->beat[i - 1].time_ns) / 1e9;
            g->n_rr++;
        }
    }
    for (size_t i = 0; i < h->n; i++) {
        struct group *const g = class[i].cluster >= 0 ? &group[class[i].cluster] : NULL;
        if (g && g->n_seen++ == g->n / 2)
            g->middle = i;
    }
}

static int put_groups(const void *of, struct kymo_table *t, struct kymo_err *e)
{
    const struct heart *const h = ((const struct listing *)of)->h;
    const struct beatclass *const class = ((const struct listing *)of)->class;
    static const char *const names[] = {"N", "S", "V", "F", "Q"};
    size_t n = 0;
    int rc = 0;

    for (size_t i = 0; i < h->n; i++)
        n = class[i].cluster >= 0 && (size_t)class[i].cluster >= n ? (size_t)class[i].cluster + 1 : n;
    struct group *const group = calloc(n + 1, sizeof *group);
    if (!group)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu groups of beats", n);
    count_groups(h, class, group);
    for (size_t k = 0; rc == 0 && k < n; k++) {
        const struct group *const g = &group[k];
        int most = 0;
        for (int c = 1; c < BEATCLASS_KINDS; c++)
            most = g->kind[c] > g->kind[most] ? c : most;
        kymo_cell_int(t, (int64_t)k);
        kymo_cell_text(t, names[most]);
        kymo_cell_int(t, (int64_t)g->n);
        kymo_cell_real(t, 100.0 * (double)g->n / (double)h->n);
        for (int c = 0; c < BEATCLASS_KINDS; c++)
            kymo_cell_int(t, (int64_t)g->kind[c]);
        kymo_cell_real(t, g->n_rr ? g->rr_s / (double)g->n_rr : (double)NAN);
        kymo_cell_seconds(t, h->beat[g->first].time_ns);
        kymo_cell_seconds(t, h->beat[g->middle].time_ns);
        rc = kymo_row_end(t, e);
    }
    free(group);
    return rc;
}

/* ---- output ---- */

static int print_table(const struct kymo_call *call, const struct heart *h, const struct beatclass *class, struct kymo_err *e)
{
    const struct args *args = call->args;
    const struct kymo_column *const column = args->clusters ? cluster_columns : columns;
    const size_t n = args->clusters ? sizeof cluster_columns / sizeof *cluster_columns : sizeof columns / sizeof *columns;
    const struct listing l = {.h = h, .class = class};

    return kymo_print_table(args->out.path, (enum kymo_table_form)args->out.form, column, n,
                            args->clusters ? put_groups : put_table, &l, e);
}

/* When the block's samples end; events before that go out with it. */
static int64_t end_of(const struct kymo_block *b, size_t n_signals)
{
    int64_t end_ns = INT64_MIN;

    for (size_t c = 0; c < n_signals; c++) {
        const int64_t ns = b->span[c].n ? kymo_block_time(b, c, b->span[c].first + (int64_t)b->span[c].n) : INT64_MIN;
        end_ns = ns > end_ns ? ns : end_ns;
    }
    return end_ns;
}

static int put_events(struct listing *l, int64_t before_ns, struct kymo_writer *w, struct kymo_err *e)
{
    const struct beatclass *c;
    struct kymo_event ev;
    int rc = 0;

    while (rc == 0 && next_event(l, before_ns, &ev, &c))
        rc = kymo_write_event(w, &ev, e);
    return rc;
}

static int copy_with_beats(struct kymo_reader *in, struct kymo_writer *w, struct listing *l, struct kymo_err *e)
{
    struct kymo_block *b;
    int rc;

    while ((rc = kymo_read(in, &b, e)) > 0)
        if ((rc = put_events(l, end_of(b, in->hdr.n_signals), w, e)) < 0 || (rc = kymo_write(w, b, e)) < 0)
            return rc;
    if (rc == 0 && (rc = put_events(l, INT64_MAX, w, e)) == 0)
        rc = kymo_write_finish(w, e);
    return rc;
}

static bool is_piped(const struct kymo_call *call) { return strcmp(kymo_operand(call), "-") == 0; }

/* What a pipe brings, put aside while it is read: the whole is judged before it is passed on. */
struct kept {
    const char *output;
    struct kymo_spool *spool;
};

static int begin_keeping(struct kept *k, const struct kymo_header *h, struct kymo_err *e)
{
    k->spool = kymo_spool_create(kymo_output_scratch_for(k->output, "kymo-beats", e), h, e);
    return k->spool ? 0 : kymo_during(e, "cannot keep what the pipe brings");
}

/* A block for struct heart_tap. */
static int keep(void *self, struct kymo_block *b, struct kymo_err *e)
{
    struct kept *const k = self;
    const int rc = k->spool ? 0 : begin_keeping(k, b->hdr, e);

    return rc < 0 ? rc : kymo_spool_write(k->spool, b, e);
}

static struct kymo_reader *open_again(const struct kymo_call *call, const struct heart *h, struct kept *k, struct kymo_err *e)
{
    const struct args *args = call->args;
    struct kymo_input_args in = args->heart.in;

    in.signals = (struct kymo_strings){NULL, 0};
    if (!is_piped(call))
        return kymo_call_open(call, &in, h->hdr.n_signals == 0, e);
    return k->spool || begin_keeping(k, &h->hdr, e) == 0 ? kymo_spool_read(k->spool, e) : NULL;
}

/* Reads the recording once more, and passes it on. */
static int pass_on(const struct kymo_call *call, const struct heart *h, const struct beatclass *class, struct kept *kept,
                   struct kymo_err *e)
{
    const struct args *args = call->args;
    struct listing l = {.h = h, .class = class};
    struct kymo_writer *w = NULL;
    struct kymo_header hdr;
    struct kymo_reader *in = open_again(call, h, kept, e);
    struct kymo_output *out = in ? kymo_output_open(args->out.path, e) : NULL;
    kymo_header_init(&hdr);
    if (out && kymo_header_copy(&hdr, &in->hdr, NULL, 0, e) == 0 && (l.track = kymo_header_add_track(&hdr, "beats", e)) >= 0)
        w = kymo_call_stream(call, out, &hdr, 0, e);
    int rc = w ? copy_with_beats(in, w, &l, e) : e->cause[0].code;
    if (rc == 0)
        rc = kymo_output_finish(out, e);
    kymo_writer_destroy(w);
    kymo_output_destroy(out);
    kymo_header_release(&hdr);
    kymo_close(in);
    return rc;
}

/* ---- all ---- */

static int check_args(const struct kymo_call *call, struct kymo_err *e)
{
    const struct args *args = call->args;

    if (args->clusters && args->out.form == KYMO_FORM_STREAM)
        return kymo_fail(e, KYMO_EUSAGE, "--clusters prints a table: -O kymo is for beats");
    return 0;
}

/* Reads the heart; what comes through a pipe and is to be passed on is kept. */
static int read_heart(const struct kymo_call *call, struct kept *kept, struct heart *h, struct kymo_err *e)
{
    const struct args *args = call->args;
    struct heart_args asked = args->heart;
    const struct heart_tap tap = {keep, kept};

    if (args->out.form == KYMO_FORM_STREAM && is_piped(call)) {
        asked.tap = &tap;
        asked.all_signals = true;
    }
    return heart_read(call, &asked, h, e);
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const struct args *args = call->args;
    struct kept kept = {.output = args->out.path};
    struct beatclass *class = NULL;
    struct heart h = {.n = 0};
    int rc = check_args(call, e);

    if (rc == 0)
        rc = read_heart(call, &kept, &h, e);
    if (rc == 0 && !(class = calloc(h.n + 1, sizeof *class)))
        rc = kymo_fail(e, KYMO_ENOMEM, "no memory for the classes of %zu beats", h.n);
    if (rc == 0)
        rc = atria_classes(&h, class, e);
    if (rc == 0 && args->clusters && h.n > 0 && h.n_leads == 0)
        rc = kymo_fail(e, KYMO_EDATA, "beats without signals have no shape to be grouped by");
    if (rc == 0 && args->assist)
        rc = beats_assist(args->assist, &h, class, e);
    if (rc == 0)
        rc = args->out.form == KYMO_FORM_STREAM ? pass_on(call, &h, class, &kept, e) : print_table(call, &h, class, e);
    free(class);
    heart_release(&h);
    kymo_spool_destroy(kept.spool);
    return rc;
}

const struct kymo_command kymo_cmd_beats = {
    .name = "beats", .about = "give every heart beat its class", .operands = "[RECORD]", .most = 1,
    .options = options, .args_size = sizeof(struct args), .run = run,
};
