/* tests/fuzz/fuzz_rr.c - lists of intervals between beats.
 *
 * Property: fuzz.h's, for a file named x.txt; and where it is such a list, beats come in order of time, each later than the one
 * before, with gaps between them that begin at a beat. */
#include "fuzz.h"

static bool is_list(const void *p, size_t n)
{
    struct kymo_err e = {0};
    struct kymo_input *in = kymo_input_memory("x.txt", p, n, &e);
    const struct kymo_format *const f = kymo_recognise(in, "x.txt", &e);

    kymo_input_close(in);
    return f && strcmp(f->name, "rr") == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct kymo_err e = {0};
    struct kymo_block *b;
    int64_t last_ns = -1;

    if (!recording_holds(data, n, "x.txt") || !is_list(data, n))
        return 0;
    struct kymo_reader *const r = kymo_open_input(kymo_input_memory("x.txt", data, n, &e), "x.txt", NULL, &e);
    while (r && kymo_read(r, &b, &e) > 0)
        for (size_t i = 0; i < b->n_events; i++) {
            const struct kymo_event *const ev = &b->event[i];
            const bool beat = strcmp(ev->type, "N") == 0;
            must(beat ? ev->time_ns > last_ns : ev->time_ns == last_ns && ev->duration_ns > 0, "beats are in order of time");
            last_ns = beat ? ev->time_ns : last_ns;
        }
    kymo_close(r);
    return 0;
}
