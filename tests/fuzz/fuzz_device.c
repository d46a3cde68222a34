/* tests/fuzz/fuzz_device.c - the text files of wearables.
 *
 * The first byte says what the file is called, or which layout it is said to be. Property: fuzz.h's, for what is recognised; and
 * samples come in order of time, their segments too, and notes between the first and the last moment of the recording. */
#include "formats/device_layout.h"
#include "fuzz.h"

/* Called so, since Empatica's files are told apart by their names. */
static const char *const names[] = {"x.csv", "EDA.csv", "TEMP.csv", "tags.csv", "a_ACC.csv"};

#define N_NAMES (sizeof names / sizeof *names)

/* The time of the first sample of a block, or before where it has none. */
static int64_t begin_of(const struct kymo_block *b, int64_t before)
{
    for (size_t s = 0; s < b->hdr->n_signals; s++)
        if (b->span[s].n > 0)
            return kymo_block_time(b, s, b->span[s].first);
    return before;
}

static int64_t end_of(const struct kymo_block *b, int64_t before)
{
    for (size_t s = 0; s < b->hdr->n_signals; s++)
        if (b->span[s].n > 0)
            return kymo_block_time(b, s, b->span[s].first + (int64_t)b->span[s].n - 1);
    return before;
}

static void must_be_in_order(struct kymo_reader *r)
{
    struct kymo_err e = {0};
    struct kymo_block *b;
    int64_t last_ns = -1, event_ns = -1;

    while (kymo_read(r, &b, &e) > 0) {
        must(last_ns < 0 || begin_of(b, last_ns + 1) > last_ns, "samples are in order of time");
        for (size_t s = 1; s < b->hdr->n_signals; s++)
            must(b->span[s].n == b->span[0].n, "signals of one table have as many samples");
        last_ns = end_of(b, last_ns);
        for (size_t i = 0; i < b->n_events; i++) {
            must(b->event[i].time_ns >= event_ns && b->event[i].time_ns >= 0, "notes are in order of time");
            event_ns = b->event[i].time_ns;
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    size_t n_layouts = 0;
    struct kymo_err e = {0};

    while (device_layouts[n_layouts])
        n_layouts++;
    if (n < 1)
        return 0;
    const size_t pick = data[0] % (N_NAMES + n_layouts);
    const char *const name = names[pick < N_NAMES ? pick : 0];
    const struct kymo_want want = {.as = pick < N_NAMES ? NULL : device_layouts[pick - N_NAMES]};
    if (!want.as && (!device_look(data + 1, n - 1 < 512 ? n - 1 : 512, name) || !recording_holds(data + 1, n - 1, name)))
        return 0;
    struct kymo_reader *const r = kymo_open_input(kymo_input_memory(name, data + 1, n - 1, &e), name, &want, &e);
    must(r || e.n > 0, "a failure to open has a cause");
    if (r)
        must_be_in_order(r);
    kymo_close(r);
    return 0;
}
