/* lib/events.c - see events.h. */
#include "lib/events.h"

void kymo_event_cells(struct kymo_table *t, const struct kymo_header *h, const struct kymo_event *ev)
{
    const bool has_signal = ev->signal >= 0 && (size_t)ev->signal < h->n_signals;

    kymo_cell_seconds(t, ev->time_ns);
    if (ev->sample == KYMO_UNKNOWN)
        kymo_cell_none(t);
    else
        kymo_cell_int(t, ev->sample);
    kymo_cell_text(t, has_signal ? h->signal[ev->signal].label : NULL);
    kymo_cell_text(t, ev->type);
    if (ev->duration_ns == KYMO_UNKNOWN || ev->duration_ns == 0)
        kymo_cell_none(t);
    else
        kymo_cell_seconds(t, ev->duration_ns);
    kymo_cell_real(t, ev->value);
    kymo_cell_text(t, ev->text);
}

int kymo_event_error(struct kymo_table *t, const struct kymo_err *why, struct kymo_err *e)
{
    char text[480];

    kymo_err_text(why, 0, text, sizeof text);
    for (int i = 0; i < 3; i++)
        kymo_cell_none(t);
    kymo_cell_text(t, "error");
    kymo_cell_none(t);
    kymo_cell_none(t);
    kymo_cell_text(t, text);
    return kymo_row_end(t, e);
}
