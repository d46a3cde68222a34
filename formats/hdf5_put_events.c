/* formats/hdf5_put_events.c - the events of an HDF5 file that is being written; see hdf5_state.h.
 *
 * They wait until no earlier one can come, so that they stand in order of time. */
#include "formats/hdf5_state.h"
#include "lib/grow.h"

#include <stdlib.h>
#include <string.h>

/* The texts of n events, one after another; to[n] are told where. */
static bool write_texts(struct h5_writer *s, const struct kymo_event *ev, struct h5_event *to, size_t n)
{
    size_t bytes = 0, at = 0;

    for (size_t i = 0; i < n; i++) {
        to[i].text_at = (int64_t)(s->n_text_bytes + bytes);
        to[i].text_bytes = (int32_t)strlen(ev[i].text);
        bytes += strlen(ev[i].text);
    }
    char *all = malloc(bytes + 1);
    if (!all)
        return false;
    for (size_t i = 0; i < n; at += strlen(ev[i].text), i++)
        memcpy(all + at, ev[i].text, strlen(ev[i].text));
    const bool ok = h5_append_items(s->texts, H5T_NATIVE_UINT8, s->n_text_bytes, bytes, all);
    s->n_text_bytes += bytes;
    free(all);
    return ok;
}

static bool write_batch(struct h5_writer *s, const struct kymo_event *ev, struct h5_event *batch, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        batch[i] = (struct h5_event){
            .time_ns = ev[i].time_ns, .duration_ns = ev[i].duration_ns, .sample = ev[i].sample, .value = ev[i].value,
            .signal = ev[i].signal, .track = ev[i].track, .subtype = ev[i].subtype, .num = ev[i].num,
        };
        memcpy(batch[i].type, ev[i].type, strnlen(ev[i].type, sizeof batch[i].type - 1));
    }
    const bool ok = write_texts(s, ev, batch, n) && h5_append_items(s->events, s->event_mem, s->n_events, n, batch);
    s->n_events += n;
    return ok;
}

int h5_write_events(struct kymo_writer *w, size_t n, struct kymo_err *e)
{
    struct h5_writer *s = w->state;
    struct h5_event *batch = n ? calloc(n < H5_EVENT_BATCH ? n : H5_EVENT_BATCH, sizeof *batch) : NULL;
    bool ok = true;

    if (n == 0)
        return 0;
    if (!batch)
        return h5_no_memory(e);
    for (size_t done = 0; ok && done < n; done += H5_EVENT_BATCH)
        ok = write_batch(s, s->waiting + done, batch, n - done < H5_EVENT_BATCH ? n - done : H5_EVENT_BATCH);
    free(batch);
    for (size_t i = 0; i < n; i++)
        free((char *)(uintptr_t)s->waiting[i].text);
    memmove(s->waiting, s->waiting + n, (s->n_waiting - n) * sizeof *s->waiting);
    s->n_waiting -= n;
    return ok ? 0 : h5_cannot_write(w, "/events", e);
}

int h5_write_due_events(struct kymo_writer *w, struct kymo_err *e)
{
    const struct h5_writer *s = w->state;
    int64_t ns = INT64_MAX;
    size_t due = 0;

    for (size_t i = 0; i < w->hdr.n_signals; i++) {
        const struct h5_pack *p = &s->pack[i];
        const int64_t next = s->segment_ns + kymo_time_of(w->hdr.signal[i].rate, p->next - p->origin);
        if (p->began && next < ns)
            ns = next;
    }
    if (ns == INT64_MAX)
        return w->hdr.n_signals == 0 && s->n_waiting >= H5_EVENTS_WAITING ? h5_write_events(w, s->n_waiting, e) : 0;
    while (due < s->n_waiting && s->waiting[due].time_ns < ns - w->event_delay_ns)
        due++;
    return due >= H5_EVENT_BATCH ? h5_write_events(w, due, e) : 0;
}

int h5_keep_event(struct kymo_writer *w, const struct kymo_event *ev, struct kymo_err *e)
{
    struct h5_writer *s = w->state;
    size_t at = s->n_waiting;

    if (!h5_is_time(ev->time_ns) || (ev->duration_ns != KYMO_UNKNOWN && !h5_is_time(ev->duration_ns)))
        return kymo_fail(e, KYMO_EDATA, "an event at %lld ns of %lld ns: no recording is so long", (long long)ev->time_ns,
                         (long long)ev->duration_ns);
    struct kymo_event *const all = kymo_grown(s->waiting, at, &s->cap_waiting, sizeof *all);
    if (!all)
        return h5_no_memory(e);
    s->waiting = all;
    if (ev->text && strlen(ev->text) > H5_TEXT_LIMIT)
        return kymo_fail(e, KYMO_EDATA, "an event's text of %zu bytes, at most %zu", strlen(ev->text), H5_TEXT_LIMIT);
    char *text = strdup(ev->text ? ev->text : "");
    if (!text)
        return h5_no_memory(e);
    for (; at > 0 && s->waiting[at - 1].time_ns > ev->time_ns; at--)
        s->waiting[at] = s->waiting[at - 1];
    s->waiting[at] = *ev;
    s->waiting[at].text = text;
    s->n_waiting++;
    return 0;
}
