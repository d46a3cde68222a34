/* tests/fuzz/fuzz.h - what the fuzz targets share.
 *
 * recording_holds is the property of every format: a recording in memory opens and reads, or fails with an error that
 * names a cause; whatever reads to its end without error, and can be written as a kymo stream, reads back from that
 * stream as the same header, samples and events. */
#ifndef KYMO_FUZZ_H
#define KYMO_FUZZ_H

#include "formats/kymo_header.h"
#include "lib/writer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define MOST_TRACED 256

/* What was read, whatever the blocks: a hash for each signal in order, a sum for events, whose order may change. */
struct digest {
    uint64_t signal[MOST_TRACED], events, header;
};

static inline void must(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "does not hold: %s\n", what);
    abort();
}

static inline uint64_t mix(uint64_t before, const void *p, size_t n) { return XXH3_64bits_withSeed(p, n, before); }

static inline void digest_block(struct digest *d, struct kymo_block *b)
{
    for (size_t s = 0; s < b->hdr->n_signals; s++) {
        const double *x = b->span[s].n > 0 ? kymo_physical(b, s) : NULL;
        for (size_t i = 0; i < b->span[s].n; i++) {
            const int64_t index = b->span[s].first + (int64_t)i, t = kymo_block_time(b, s, index);
            const double value = isnan(x[i]) ? (double)NAN : x[i];
            uint64_t h = d->signal[s % MOST_TRACED];
            h = mix(h, &index, sizeof index);
            h = mix(h, &t, sizeof t);
            d->signal[s % MOST_TRACED] = mix(h, &value, sizeof value);
        }
    }
    for (size_t i = 0; i < b->n_events; i++) {
        const struct kymo_event *ev = &b->event[i];
        const int64_t numbers[] = {ev->time_ns, ev->duration_ns, ev->sample, ev->signal, ev->track, ev->subtype, ev->num};
        const uint64_t h = mix(mix(mix(0, numbers, sizeof numbers), ev->type, strlen(ev->type)), ev->text, strlen(ev->text));
        d->events += mix(h, "", 0);
    }
}

static inline void digest_header(struct digest *d, const struct kymo_header *h)
{
    struct kymo_err e = {0};
    char *json = kymo_header_to_json(h, &e);

    must(json, "a header that was read can be written");
    d->header = mix(0, json, strlen(json));
    free(json);
}

/* Reads in to its end into d, and to w as far as w can. Returns 1 if all was read, 2 if all was written too. */
static inline int digest_recording(const void *p, size_t n, const char *name, struct kymo_output *out, struct digest *d)
{
    struct kymo_err e = {0}, we = {0};
    struct kymo_input *in = kymo_input_memory(name, p, n, &e);
    struct kymo_reader *r = kymo_open_input(in, name, NULL, &e);
    struct kymo_block *b;
    int rc;

    *d = (struct digest){.events = 0};
    if (!r) {
        must(e.n > 0, "a failure to open has a cause");
        return 0;
    }
    struct kymo_writer *w = out ? kymo_create(kymo_format_named("kymo"), out, &r->hdr, 0, &we) : NULL;
    bool wrote = w;
    digest_header(d, &r->hdr);
    while ((rc = kymo_read(r, &b, &e)) > 0) {
        digest_block(d, b);
        wrote = wrote && kymo_write(w, b, &we) == 0;
    }
    must(rc == 0 || e.n > 0, "a failure to read has a cause");
    wrote = wrote && rc == 0 && kymo_write_finish(w, &we) == 0;
    must(wrote || rc < 0 || !out || we.n > 0, "a failure to write has a cause");
    kymo_writer_destroy(w);
    kymo_close(r);
    return rc < 0 ? 0 : wrote ? 2 : 1;
}

static inline bool recording_holds(const void *p, size_t n, const char *name)
{
    struct kymo_err e = {0};
    struct kymo_output *out = kymo_output_memory(&e);
    struct digest there, back;

    const int done = digest_recording(p, n, name, out, &there);
    if (done == 2) {
        size_t n_out;
        const unsigned char *bytes = kymo_output_bytes(out, &n_out);
        must(digest_recording(bytes, n_out, "stream", NULL, &back) > 0, "what was written reads back");
        must(memcmp(there.signal, back.signal, sizeof there.signal) == 0, "samples survive the stream");
        must(there.events == back.events, "events survive the stream");
        must(there.header == back.header, "the header survives the stream");
    }
    kymo_output_destroy(out);
    return done > 0;
}

#endif
