/* cli/beats.c - kymo beats: the class of every heart beat of a recording.
 *
 * The method is in algorithms/beatclass.h, where beats come from in cli/heart.h, the user's view in man/kymo-beats.1. */
#include "cli/heart.h"
#include "lib/events.h"
#include "lib/vocabulary.h"

#include <stdlib.h>
#include <string.h>

struct args {
    struct heart_args heart;
    struct kymo_output_args out;
};

static const struct kymo_opt options[] = {
    HEART_OPTS(struct args, heart),
    KYMO_OPTS_TABLE(struct args, out),
    KYMO_OPT_LAST
};

static const struct kymo_column columns[] = {KYMO_EVENT_COLUMNS, {"quality", 3}};

static int put_beats(const struct heart *h, struct kymo_table *t, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < h->n; i++) {
        struct kymo_event ev = {.time_ns = h->beat[i].time_ns, .sample = h->beat[i].sample, .signal = h->beat[i].signal, .value = (double)h->beat[i].score, .text = ""};
        char name[8];
        strcpy(ev.type, kymo_code_name(h->beat[i].given, name));
        kymo_event_cells(t, &h->hdr, &ev);
        kymo_cell_real(t, (double)h->beat[i].quality);
        rc = kymo_row_end(t, e);
    }
    return rc;
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const struct args *args = call->args;
    struct heart h = {.n = 0};
    int rc = heart_read(call, &args->heart, &h, e);
    struct kymo_output *out = rc == 0 ? kymo_output_open(args->out.path, e) : NULL;
    struct kymo_table *t = out ? kymo_table_create(out, (enum kymo_table_form)args->out.form, columns,
                                                   sizeof columns / sizeof *columns, e) : NULL;

    rc = t ? put_beats(&h, t, e) : e->cause[0].code;
    if (rc == 0)
        rc = kymo_table_finish(t, e);
    if (rc == 0)
        rc = kymo_output_finish(out, e);
    kymo_table_destroy(t);
    kymo_output_destroy(out);
    heart_release(&h);
    return rc;
}

const struct kymo_command kymo_cmd_beats = {
    .name = "beats", .about = "give every heart beat its class", .operands = "[RECORD]", .most = 1,
    .options = options, .args_size = sizeof(struct args), .run = run,
};
