/* tests/fuzz/fuzz_wfdb_header.c - WFDB header files.
 *
 * Property: a header is read, or refused with a cause; one that is read has a positive rate, calibrations that can be
 * divided by, as many lines as signals, and passes through the header of a kymo stream unchanged. */
#include "fuzz.h"

#include "formats/wfdb_header.h"

static void check_signals(const struct kymo_header *h, const struct wfdb_header *w)
{
    must(w->frame_rate.num > 0 && w->frame_rate.den > 0, "the rate is positive");
    must(w->n_frames == KYMO_UNKNOWN || w->n_frames > 0, "the length is unknown or positive");
    for (size_t i = 0; i < h->n_signals; i++) {
        must(isfinite(h->signal[i].gain) && h->signal[i].gain != 0, "gains can be divided by");
        must(w->signal[i].samples_per_frame >= 1, "frames hold samples");
        must(w->signal[i].byte_offset >= 0 && w->signal[i].file, "signals have a place");
    }
}

static void check_json(const struct kymo_header *h)
{
    struct kymo_header cleaned, back;
    struct kymo_err e = {0};
    struct digest there, again;

    kymo_header_init(&cleaned);
    kymo_header_init(&back);
    must(kymo_header_copy(&cleaned, h, NULL, 0, &e) == 0, "headers can be copied");
    digest_header(&there, &cleaned);
    char *json = kymo_header_to_json(&cleaned, &e);
    must(json && kymo_header_from_json(&back, json, strlen(json), &e) == 0, "a header reads back");
    digest_header(&again, &back);
    must(there.header == again.header, "a header survives the stream");
    free(json);
    kymo_header_release(&cleaned);
    kymo_header_release(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct kymo_err e = {0};
    struct kymo_input *in = kymo_input_memory("x.hea", data, n, &e);
    struct kymo_header h;
    struct wfdb_header w = {.n_frames = 0};
    const struct kymo_log log = {.strict = false};

    kymo_header_init(&h);
    const int rc = wfdb_header_read(in, &h, &w, &log, &e);
    must(rc >= 0 || e.n > 0, "a refusal has a cause");
    if (rc >= 0) {
        check_signals(&h, &w);
        check_json(&h);
    }
    wfdb_header_release(&w);
    kymo_header_release(&h);
    kymo_input_close(in);
    return 0;
}
