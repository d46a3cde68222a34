/* formats/hdf5_check_events.c - judges the events of HDF5 files of our own layout, and the texts, by kymo-hdf5(5). */
#include "formats/hdf5_check.h"

#include <stdio.h>
#include <stdlib.h>

#define EVENTS_LIMIT 100000000        /* more are not looked at */

static bool is_list(hid_t set, H5T_class_t wanted, hsize_t *n)
{
    const hid_t type = H5Dget_type(set), space = H5Dget_space(set);
    const bool fits = type >= 0 && space >= 0 && H5Tget_class(type) == wanted && H5Sget_simple_extent_ndims(space) == 1 &&
                      H5Sget_simple_extent_dims(space, n, NULL) == 1;

    if (type >= 0)
        H5Tclose(type);
    if (space >= 0)
        H5Sclose(space);
    return fits;
}

/* Opens a list, or tells why not; -1 then. */
static hid_t open_list(struct h5_checker *k, const char *path, H5T_class_t wanted, const char *of, hsize_t *n,
                       struct h5_place *at)
{
    const hid_t set = H5Dopen2(k->file, path, H5P_DEFAULT);
    char words[200];

    *at = h5_place_of(k, set, path);
    if (set < 0) {
        h5_words(words, sizeof words);
        h5_found(k, KYMO_ERROR, *at, "", "cannot be opened as a dataset: %s", words);
    } else if (!is_list(set, wanted, n)) {
        h5_found(k, KYMO_ERROR, *at, "", "not a list of %s", of);
        H5Dclose(set);
        return -1;
    }
    return set;
}

/* What is wrong with events, each with its first place. */
enum fault { SIGNAL, TRACK, TIME, LENGTH, WORDS, TYPE, ORDER, OUTSIDE, FAULTS };
static const struct {
    enum kymo_severity severity;
    const char *field, *text;
} fault[FAULTS] = {
    [SIGNAL] = {KYMO_ERROR, "signal", "no signal of that index"},
    [TRACK] = {KYMO_ERROR, "track", "no track of that index"},
    [TIME] = {KYMO_ERROR, "time_ns", "no possible time"},
    [LENGTH] = {KYMO_ERROR, "duration_ns", "no possible duration"},
    [WORDS] = {KYMO_ERROR, "text_at", "the text lies outside /event_texts"},
    [TYPE] = {KYMO_WARNING, "type", "no type"},
    [ORDER] = {KYMO_NOTE, "time_ns", "before the event in front of it"},
    [OUTSIDE] = {KYMO_WARNING, "time_ns", "outside the recording"},
};

struct event_tally {
    hsize_t n[FAULTS], first[FAULTS];
    int64_t value[FAULTS];
};

static void count_fault(struct event_tally *t, enum fault f, bool is, hsize_t at, int64_t value)
{
    if (!is)
        return;
    if (t->n[f]++ == 0) {
        t->first[f] = at;
        t->value[f] = value;
    }
}

/* What events may be of. */
struct limits {
    size_t n_signals;
    int64_t end_ns;
    hsize_t n_tracks, n_text;
};

static void judge_event(const struct limits *l, const struct h5_event *ev, hsize_t at, int64_t before, struct event_tally *t)
{
    count_fault(t, SIGNAL, ev->signal < -1 || ev->signal >= (int64_t)l->n_signals, at, ev->signal);
    count_fault(t, TRACK, ev->track < 0 || ev->track >= (int64_t)l->n_tracks, at, ev->track);
    count_fault(t, TIME, !h5_is_time(ev->time_ns), at, ev->time_ns);
    count_fault(t, LENGTH, ev->duration_ns != KYMO_UNKNOWN && (ev->duration_ns < 0 || !h5_is_time(ev->duration_ns)), at,
                ev->duration_ns);
    count_fault(t, WORDS, ev->text_at < 0 || ev->text_bytes < 0 || (hsize_t)ev->text_at > l->n_text ||
                          (hsize_t)ev->text_bytes > l->n_text - (hsize_t)ev->text_at, at, ev->text_at);
    count_fault(t, TYPE, ev->type[0] == '\0', at, 0);
    count_fault(t, ORDER, at > 0 && ev->time_ns < before, at, ev->time_ns);
    count_fault(t, OUTSIDE, h5_is_time(ev->time_ns) && l->end_ns > 0 && (ev->time_ns < 0 || ev->time_ns > l->end_ns), at,
                ev->time_ns);
}

static void read_events(struct h5_checker *k, const struct limits *l, hid_t set, struct h5_place at, hsize_t n)
{
    struct h5_event *batch = calloc(H5_EVENT_BATCH, sizeof *batch);
    const hid_t mem = h5_event_type(false);
    struct event_tally t = {.n = {0}};
    char words[200], value[24];
    int64_t before = 0;
    bool ok = batch != NULL;

    for (hsize_t done = 0; ok && done < n && n <= EVENTS_LIMIT; done += H5_EVENT_BATCH) {
        const size_t now = n - done < H5_EVENT_BATCH ? (size_t)(n - done) : H5_EVENT_BATCH;
        if (!(ok = h5_read_items(set, mem, done, now, batch))) {
            h5_words(words, sizeof words);
            h5_found(k, KYMO_ERROR, at, "", "cannot be read from event %llu on: %s", (unsigned long long)done, words);
        }
        for (size_t i = 0; ok && i < now; i++) {
            judge_event(l, &batch[i], done + i, before, &t);
            before = batch[i].time_ns;
        }
    }
    for (int f = 0; f < FAULTS; f++) {
        snprintf(value, sizeof value, "%lld", (long long)t.value[f]);
        if (t.n[f] > 0)
            h5_found(k, fault[f].severity, h5_attribute_of(at, fault[f].field), f == TYPE ? "" : value,
                     "%s: event %llu%s", fault[f].text, (unsigned long long)t.first[f], t.n[f] > 1 ? ", and others" : "");
    }
    H5Tclose(mem);
    free(batch);
}

hsize_t h5_check_texts(struct h5_checker *k, const char *path)
{
    struct h5_place at;
    hsize_t n = H5_UNREADABLE;

    if (H5Lexists(k->file, path, H5P_DEFAULT) <= 0)
        return 0;
    const hid_t set = open_list(k, path, H5T_STRING, "texts", &n, &at);
    if (set >= 0)
        H5Dclose(set);
    return n;
}

bool h5_check_events(struct h5_checker *k, size_t n_signals, int64_t end_ns, hsize_t *n)
{
    struct limits l = {n_signals, end_ns, h5_check_texts(k, "/tracks"), H5_UNREADABLE};
    struct h5_place at, texts_at;

    *n = 0;
    const hid_t texts = open_list(k, "/event_texts", H5T_INTEGER, "bytes", &l.n_text, &texts_at);
    const hid_t set = open_list(k, "/events", H5T_COMPOUND, "records", n, &at);
    if (set >= 0 && *n > 0)
        read_events(k, &l, set, at, *n);
    if (set >= 0)
        H5Dclose(set);
    if (texts >= 0)
        H5Dclose(texts);
    return set >= 0;
}
