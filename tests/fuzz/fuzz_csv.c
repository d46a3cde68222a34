/* tests/fuzz/fuzz_csv.c - tables of samples.
 *
 * The first byte chooses whether the rate is told. Property: fuzz.h's. What was read and can be written as CSV reads back
 * with the same values, and printed again gives the same number of rows. */
#include "fuzz.h"

/* What a table holds, whatever its times: rows, and all values in order. */
struct content {
    uint64_t rows, values;
    bool whole;
};

/* Reads p[n], and writes it as CSV to out as far as that can be. */
static struct content rewrite(const void *p, size_t n, struct kymo_ratio rate, struct kymo_output *out, bool *wrote)
{
    const struct kymo_want want = {.rate = rate};
    struct kymo_err e = {0}, we = {0};
    struct kymo_reader *r = kymo_open_input(kymo_input_memory("x.csv", p, n, &e), "x.csv", &want, &e);
    struct content c = {0};
    struct kymo_block *b;
    int rc = -1;

    *wrote = false;
    if (!r) {
        must(e.n > 0, "a failure to open has a cause");
        return c;
    }
    struct kymo_writer *w = kymo_create(kymo_format_named("csv"), out, &r->hdr, 0, &we);
    *wrote = w;
    while ((rc = kymo_read(r, &b, &e)) > 0) {
        for (size_t s = 0; s < r->hdr.n_signals; s++)
            for (size_t i = 0; i < b->span[s].n; i++) {
                const double x = b->span[s].physical[i], value = isnan(x) ? (double)NAN : x + 0.0;   /* -0 is 0 */
                c.values += mix(s, &value, sizeof value);
                c.rows += s == 0;
            }
        *wrote = *wrote && kymo_write(w, b, &we) == 0;
    }
    must(rc == 0 || e.n > 0, "a failure to read has a cause");
    *wrote = *wrote && rc == 0 && kymo_write_finish(w, &we) == 0;
    must(*wrote || rc < 0 || we.n > 0, "a failure to write has a cause");
    kymo_writer_destroy(w);
    kymo_close(r);
    c.whole = rc == 0;
    return c;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const struct kymo_ratio rate = {n > 0 && data[0] & 1 ? 250 : 0, 1};
    struct kymo_err e = {0};
    struct kymo_output *first = kymo_output_memory(&e), *second = kymo_output_memory(&e);
    bool wrote, again;

    if (n > 1) {
        recording_holds(data + 1, n - 1, "x.csv");
        const struct content there = rewrite(data + 1, n - 1, rate, first, &wrote);
        if (there.whole && wrote && there.rows > 1) {
            size_t n_first;
            const unsigned char *bytes = kymo_output_bytes(first, &n_first);
            const struct content back = rewrite(bytes, n_first, (struct kymo_ratio){250, 1}, second, &again);
            must(back.whole && again, "a table that was written reads back");
            must(back.rows == there.rows && back.values == there.values, "values survive the table");
        }
    }
    kymo_output_destroy(first);
    kymo_output_destroy(second);
    return 0;
}
