/* cli/report_notes.c - kymo report: what was written while it was recorded, among its events: a diary, the patient's button. */
#include "cli/report_parts.h"
#include "lib/vocabulary.h"

#include <math.h>
#include <string.h>

#define MOST_NOTES 200            /* a scored night has thousands */

static bool is_note(const struct kymo_event *ev)
{
    return *ev->text && (strcmp(ev->type, KYMO_NOTE_TYPE) == 0 || strcmp(ev->type, "\"") == 0);
}

static void put_note(struct report *r, const struct kymo_event *ev)
{
    report_cell(r, report_seconds(ev->time_ns));
    report_cell(r, ev->duration_ns > 0 ? report_seconds(ev->duration_ns) : (double)NAN);
    report_cell_identity(r, ev->text);
}

/* Those of a block; *n counts all. */
static void put_notes(struct report *r, const struct kymo_block *b, size_t *n)
{
    static const struct report_column columns[] = {
        {"at_s", "At", 0, true}, {"duration_s", "Duration s", 1, false}, {"note", "Note", 0, false},
    };

    for (size_t i = 0; i < b->n_events; i++) {
        if (!is_note(&b->event[i]))
            continue;
        if (*n == 0)
            report_table(r, "noted", "Notes by time", columns, sizeof columns / sizeof *columns);
        if (++*n <= MOST_NOTES)
            put_note(r, &b->event[i]);
    }
}

int report_fill_notes(struct report_parts *p, struct kymo_err *e)
{
    struct kymo_input_args in = p->args->in;
    struct kymo_block *b;
    size_t n = 0;
    int rc;

    if (p->args->deidentify || (p->hdr.n_tracks == 0 && !in.annotator))
        return 0;
    in.signals = (struct kymo_strings){NULL, 0};
    struct kymo_reader *const reader = kymo_call_open(&p->again, &in, true, e);
    if (!reader)
        return e->cause[0].code;
    while ((rc = kymo_read(reader, &b, e)) > 0)
        put_notes(&p->report, b, &n);
    kymo_close(reader);
    if (n > MOST_NOTES)
        report_text(&p->report, "The first %d of %zu notes are shown.", MOST_NOTES, n);
    return rc;
}
