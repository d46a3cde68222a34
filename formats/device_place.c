/* formats/device_place.c - the rows of a wearable's table in order of time, each with its place; see device_load.h.
 *
 * Sensors keep their own clocks, so times lie beside any grid: rows go on as a segment as long as they lie within TOLERANCE of
 * an interval from where its rate puts them; then a new one begins where the row says. A row for which there is no place, at or
 * before the time of the last, becomes a note: nothing is left out. */
#include "formats/csv_number.h"
#include "formats/device_load.h"
#include "formats/device_time.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TOLERANCE 4              /* a quarter of an interval */
#define HOUR_NS (3600 * KYMO_NS_PER_S)
#define LATEST_NS (INT64_C(1) << 59)
#define WARN_BESIDE 10           /* a tenth of an interval */

/* How long the table would be. */
static int64_t span_of(const struct device_table *t, int order)
{
    int64_t first = t->row[0].ns[order], last = first;

    for (size_t i = 1; i < t->n; i++) {
        first = t->row[i].ns[order] < first ? t->row[i].ns[order] : first;
        last = t->row[i].ns[order] > last ? t->row[i].ns[order] : last;
    }
    return last - first;
}

/* Day or month first: what some number tells, else what makes the shorter recording: a night from the 3rd to the 4th of May is
 * none from March to April. Where neither does, it is a guess, and said. */
static int choose_order(struct device_load *l, struct kymo_err *e)
{
    const int64_t day = span_of(l->t, DEVICE_DAY_FIRST), month = span_of(l->t, DEVICE_MONTH_FIRST);
    const bool half_days = l->order == -2;
    bool differ = false;

    for (size_t i = 0; i < l->t->n; i++)
        differ |= l->t->row[i].ns[0] != l->t->row[i].ns[1];
    if (l->order >= 0 || !differ)
        l->order = l->order >= 0 ? l->order : DEVICE_DAY_FIRST;
    else if (day != month)
        l->order = day < month ? DEVICE_DAY_FIRST : DEVICE_MONTH_FIRST;
    else {
        l->order = half_days ? DEVICE_MONTH_FIRST : DEVICE_DAY_FIRST;
        return device_warn(l, l->t->row[0].line, half_days ? DEVICE_GUESSED_MONTH : DEVICE_GUESSED_DAY, e);
    }
    return 0;
}

static int by_time(const void *va, const void *vb)
{
    const struct device_row *const a = va, *const b = vb;

    return a->ns[0] != b->ns[0] ? (a->ns[0] < b->ns[0] ? -1 : 1) : a->line < b->line ? -1 : a->line > b->line;
}

/* Rows that stand in order and go back by an hour: the clock was set back, and goes on as if it had not been. */
static int order_rows(struct device_load *l, struct kymo_err *e)
{
    struct device_table *const t = l->t;
    int rc = 0;

    for (size_t i = 0; i < t->n; i++)
        t->row[i].ns[0] = t->row[i].ns[l->order];
    for (size_t i = 0; l->layout->in_order && i < t->n && rc == 0; i++) {
        t->row[i].ns[0] += l->shift_ns;
        const int64_t back_ns = i > 0 ? t->row[i - 1].ns[0] - t->row[i].ns[0] : 0;
        if (back_ns <= 0)
            continue;
        if (back_ns < HOUR_NS - HOUR_NS / 6 || back_ns > HOUR_NS)
            return kymo_fail_at(e, KYMO_EDATA, kymo_input_name(l->r->in), t->row[i].line, "time runs backwards by %.9g s",
                                (double)back_ns / 1e9);
        l->shift_ns += HOUR_NS;
        t->row[i].ns[0] += HOUR_NS;
        rc = device_warn(l, t->row[i].line, "the clock was set back by an hour: from here on it is an hour ahead", e);
    }
    if (!l->layout->in_order)
        qsort(t->row, t->n, sizeof *t->row, by_time);
    return rc;
}

static int compare_ns(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

/* The median of the steps, as a whole multiple. */
static int find_interval(struct device_load *l, struct kymo_err *e)
{
    const struct device_row *before = NULL;
    int64_t *step = malloc((l->t->n + 1) * sizeof *step);
    size_t n = 0;

    if (!step)
        return device_no_memory(e);
    for (size_t i = 0; i < l->t->n; i++) {
        const struct device_row *const row = &l->t->row[i];
        if (row->is_sample && before && row->ns[0] > before->ns[0])
            step[n++] = row->ns[0] - before->ns[0];
        before = row->is_sample ? row : before;
    }
    qsort(step, n, sizeof *step, compare_ns);
    const int64_t unit = l->layout->round_ns, median = n > 0 ? step[n / 2] : l->layout->usual_ns;
    l->interval_ns = median < unit ? unit : (median + unit / 2) / unit * unit;
    free(step);
    if (l->interval_ns >= LATEST_NS / 4)
        return kymo_fail_at(e, KYMO_EDATA, kymo_input_name(l->r->in), 0, "years between samples");
    return 0;
}

/* A row that has no place: its values as a note. */
static int move_to_note(struct device_load *l, struct device_row *row, struct kymo_err *e)
{
    char text[DEVICE_LONGEST_NOTE] = "", value[32];

    for (size_t i = 0; i < l->n_values; i++)
        if (!isnan(row->value[i])) {
            kymo_format_real(row->value[i], value);
            device_append(text, sizeof text, ", ", l->label[i], value, strlen(value));
        }
    if (l->n_values == 1)
        row->note_value = row->value[0];
    row->is_sample = false;
    l->n_moved++;
    return device_keep_note(l, row, *text ? text : "no value", e);
}

/* Where the rows stand so far. */
struct place {
    struct kymo_ratio rate;
    int64_t segment_ns, segment_first, next;   /* index that the next row has, if it goes on */
    int64_t last_ns;             /* of the last row, as the file or the grid has it, whichever is later */
    int64_t beside_ns;           /* the most that a row lay beside its place */
    size_t n;
};

static int64_t due_ns(const struct place *p) { return p->segment_ns + kymo_time_of(p->rate, p->next - p->segment_first); }

static int place_row(struct device_load *l, struct place *p, struct device_row *row, struct kymo_err *e)
{
    const int64_t off_ns = llabs(row->time_ns - due_ns(p));
    const bool goes_on = p->n > 0 && (off_ns <= l->interval_ns / TOLERANCE || off_ns < l->step_ns);

    if (!goes_on && row->time_ns <= p->last_ns)
        return move_to_note(l, row, e);
    if (!goes_on) {
        const int64_t index = kymo_index_at(p->rate, row->time_ns);
        p->next = p->segment_first = index > p->next ? index : p->next;
        p->segment_ns = row->time_ns;
    }
    p->beside_ns = goes_on && off_ns > p->beside_ns ? off_ns : p->beside_ns;
    p->last_ns = due_ns(p) > row->time_ns ? due_ns(p) : row->time_ns;
    row->new_segment = !goes_on;
    row->index = p->next++;
    p->n++;
    return 0;
}

/* What the header tells of them, and the user of what had to give. */
static int describe(struct device_load *l, const struct place *p, int64_t latest_ns, struct kymo_err *e)
{
    struct kymo_header *const h = &l->r->source;
    const char *const name = kymo_input_name(l->r->in);
    int rc = 0;

    h->start = csv_start_of(l->t->row[0].ns[0]);
    h->duration_ns = due_ns(p) > latest_ns ? due_ns(p) : latest_ns;
    for (size_t i = 0; i < h->n_signals; i++) {
        h->signal[i].rate = p->rate;
        h->signal[i].n_samples = (int64_t)p->n;
    }
    if (l->n_moved > 0)
        rc = kymo_warn(&l->r->want->log, e, name, -1, "%zu rows have the time of rows before them: notes", l->n_moved);
    if (rc == 0 && p->beside_ns > l->interval_ns / WARN_BESIDE && p->beside_ns >= l->step_ns)
        rc = kymo_warn(&l->r->want->log, e, name, -1, "times lie up to %.9g s beside samples each %.9g s",
                       (double)p->beside_ns / 1e9, (double)l->interval_ns / 1e9);
    return rc;
}

static int place_rows(struct device_load *l, struct kymo_err *e)
{
    struct place p = {.rate = kymo_ratio(KYMO_NS_PER_S, l->interval_ns), .last_ns = -1};
    const int64_t base_ns = l->t->row[0].ns[0];
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < l->t->n; i++) {
        struct device_row *const row = &l->t->row[i];
        row->time_ns = row->ns[0] - base_ns;
        if (row->time_ns > LATEST_NS)
            return kymo_fail_at(e, KYMO_EDATA, kymo_input_name(l->r->in), row->line, "a time 18 years from the start");
        rc = row->is_sample ? place_row(l, &p, row, e) : 0;
    }
    if (rc == 0 && p.n == 0)
        return kymo_fail_at(e, KYMO_EDATA, kymo_input_name(l->r->in), l->line, "no row with samples");
    return rc < 0 ? rc : describe(l, &p, l->t->row[l->t->n - 1].time_ns, e);
}

int device_place_rows(struct device_load *l, struct kymo_err *e)
{
    int rc = choose_order(l, e);

    if (rc == 0)
        rc = order_rows(l, e);
    if (rc == 0)
        rc = find_interval(l, e);
    return rc < 0 ? rc : place_rows(l, e);
}
