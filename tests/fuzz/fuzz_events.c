/* tests/fuzz/fuzz_events.c - tables of events.
 *
 * Property: fuzz.h's, for the bytes behind a first column named time_s. What was read, printed as CSV and as TSV, reads
 * back as the same times, types and texts. */
#include "fuzz.h"

#include "lib/events.h"

static const struct kymo_column columns[] = {KYMO_EVENT_COLUMNS};

/* Prints all events of p[n] to out; returns whether all could be read. */
static bool print_events(const void *p, size_t n, enum kymo_table_form form, struct kymo_output *out, uint64_t *sum)
{
    struct kymo_err e = {0};
    struct kymo_reader *r = kymo_open_input(kymo_input_memory("x.csv", p, n, &e), "x.csv", NULL, &e);
    struct kymo_table *t = kymo_table_create(out, form, columns, sizeof columns / sizeof *columns, &e);
    struct kymo_block *b;
    int rc = r && t ? 1 : -1;

    *sum = 0;
    while (rc > 0 && (rc = kymo_read(r, &b, &e)) > 0)
        for (size_t i = 0; i < b->n_events; i++) {
            const struct kymo_event *ev = &b->event[i];
            kymo_event_cells(t, &r->hdr, ev);
            must(kymo_row_end(t, &e) == 0, "events can be printed");
            *sum += mix(mix(mix(0, &ev->time_ns, 8), ev->type, strlen(ev->type)), ev->text, strlen(ev->text));
        }
    if (rc == 0)
        must(kymo_table_finish(t, &e) == 0, "events can be printed");
    kymo_table_destroy(t);
    kymo_close(r);
    return rc == 0;
}

static void check_form(const void *p, size_t n, enum kymo_table_form form)
{
    struct kymo_err e = {0};
    struct kymo_output *first = kymo_output_memory(&e), *second = kymo_output_memory(&e);
    uint64_t there, back;

    if (print_events(p, n, form, first, &there)) {
        size_t n_first;
        const unsigned char *bytes = kymo_output_bytes(first, &n_first);
        must(print_events(bytes, n_first, form, second, &back), "a printed table reads back");
        must(there == back, "events survive the table");
    }
    kymo_output_destroy(first);
    kymo_output_destroy(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char *table = malloc(n + 6);

    if (!table)
        return 0;
    memcpy(table, "time_s", 6);
    if (n > 0)
        memcpy(table + 6, data, n);
    if (recording_holds(table, n + 6, "x.csv")) {
        check_form(table, n + 6, KYMO_CSV);
        check_form(table, n + 6, KYMO_TSV);
    }
    free(table);
    return 0;
}
