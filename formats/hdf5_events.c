/* formats/hdf5_events.c - events of an HDF5 file of our own layout, into a block; see hdf5_reader.h. */
#include "formats/hdf5_reader.h"

#include <stdlib.h>
#include <string.h>

#define EVENTS_A_BLOCK 4096

/* The next batch; of damaged chunks, which a batch is as long as, to the next one that is not. */
static int load_events(struct kymo_reader *r, struct kymo_err *e)
{
    struct h5_reader *s = r->state;
    int rc = 0;

    s->n_event = s->at_event = 0;
    while (rc == 0 && s->n_event == 0 && s->next_event < s->tables.n_events) {
        const hsize_t left = s->tables.n_events - s->next_event;
        const size_t n = left < H5_EVENT_BATCH ? (size_t)left : H5_EVENT_BATCH;
        if (h5_read_items(s->tables.events, s->event_mem, s->next_event, n, s->event))
            s->n_event = n;
        else if (r->want->salvage)
            rc = kymo_warn(&r->want->log, e, r->path, -1, "/events: %zu events of a damaged chunk are left out", n);
        else
            rc = h5_fail(e, r->path, "/events", "cannot be read");
        s->next_event += n;
    }
    return rc < 0 ? rc : s->n_event > 0;
}

static bool text_fits(const struct h5_tables *t, const struct h5_event *ev)
{
    return ev->text_bytes >= 0 && (size_t)ev->text_bytes <= H5_TEXT_LIMIT && ev->text_at >= 0 &&
           (hsize_t)ev->text_at <= t->n_text_bytes && (hsize_t)ev->text_bytes <= t->n_text_bytes - (hsize_t)ev->text_at;
}

static int add_event(const struct kymo_reader *r, const struct h5_event *from, struct kymo_block *b, struct kymo_err *e)
{
    const struct kymo_header *h = &r->source;
    struct kymo_event ev = {
        .time_ns = from->time_ns, .duration_ns = from->duration_ns, .sample = from->sample, .signal = -1,
        .track = from->track, .subtype = from->subtype, .num = from->num, .value = from->value,
    };
    const struct h5_reader *s = r->state;

    if (from->signal < -1 || from->signal >= (int64_t)s->tables.n_columns || from->track < 0 ||
        from->track >= (int64_t)h->n_tracks || !h5_is_time(from->time_ns) ||
        (from->duration_ns != KYMO_UNKNOWN && !h5_is_time(from->duration_ns)) || !text_fits(&s->tables, from))
        return h5_fail_at(e, KYMO_EFORMAT, r->path, "/events", "an event at %lld ns of signal %d, track %d: damaged",
                          (long long)from->time_ns, from->signal, from->track);
    memcpy(ev.type, from->type, sizeof ev.type - 1);
    for (size_t i = 0; from->signal >= 0 && i < s->n_wanted; i++)
        if (s->set[i].table_column == (size_t)from->signal)
            ev.signal = (int)r->slot[s->set[i].signal];
    char *text = calloc((size_t)from->text_bytes + 1, 1);
    if (!text)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for an event's text");
    int rc = 0;
    if (from->text_bytes > 0 && !h5_read_items(s->tables.texts, H5T_NATIVE_UINT8, (hsize_t)from->text_at,
                                               (hsize_t)from->text_bytes, text))
        rc = h5_fail(e, r->path, "/event_texts", "cannot be read");
    ev.text = text;
    if (rc == 0)
        rc = kymo_block_event(b, &ev, e);
    free(text);
    return rc;
}

int h5_take_events(struct kymo_reader *r, int64_t ns, struct kymo_block *b, struct kymo_err *e)
{
    struct h5_reader *s = r->state;

    while (b->n_events < EVENTS_A_BLOCK) {
        if (s->at_event == s->n_event) {
            const int rc = load_events(r, e);
            if (rc <= 0)
                return rc < 0 ? rc : (int)b->n_events;
        }
        const struct h5_event *next = &s->event[s->at_event];
        if (next->time_ns >= ns)
            break;
        struct kymo_err why = {0};
        int rc = add_event(r, next, b, &why);
        if (rc == KYMO_EFORMAT && r->want->salvage)
            rc = kymo_warn(&r->want->log, e, r->path, -1, "left out: %s", why.cause[0].msg);
        else if (rc < 0)
            *e = why;
        if (rc < 0)
            return rc;
        s->at_event++;
    }
    return (int)b->n_events;
}
