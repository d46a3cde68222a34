/* formats/rr_layout.c - see rr_layout.h. */
#include "formats/rr_layout.h"

#include "formats/csv_header.h"
#include "formats/csv_number.h"
#include "lib/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MOST_COLUMNS 16
#define LOOK_LINES 64          /* intervals that decide */
#define NEAR 0.02              /* steps of times that are intervals agree to so much, */
#define MOST_OF 0.6            /* in so many of them */

/* ---- lines and cells ---- */

bool rr_is_blank(const char *line, size_t n)
{
    n = kymo_trim(&line, n);
    return n == 0 || *line == '#' || *line == '%';
}

/* What separates the columns of a line, other than blanks; 0: nothing. */
static char separator_of(const char *line, size_t n)
{
    return memchr(line, ';', n) ? ';' : memchr(line, '\t', n) ? '\t' : memchr(line, ',', n) ? ',' : '\0';
}

/* Cell k of the line, trimmed; the number of cells in all. */
static int split(char separator, const char *line, size_t n, const char **cell, size_t *n_cell)
{
    int k = 0;

    n = kymo_trim(&line, n);
    for (size_t at = 0; at <= n && k < MOST_COLUMNS; k++) {
        size_t end = at;
        while (end < n && line[end] != separator)
            end++;
        cell[k] = line + at;
        n_cell[k] = kymo_trim(&cell[k], end - at);
        if (n_cell[k] >= 2 && cell[k][0] == '"' && cell[k][n_cell[k] - 1] == '"')
            cell[k]++, n_cell[k] -= 2;
        for (at = end + 1; separator == ' ' && at < n && line[at] == ' '; at++)
            continue;
    }
    return k;
}

bool rr_split(const struct rr_layout *layout, const char *line, size_t n, struct rr_cells *cells)
{
    const char *cell[MOST_COLUMNS];
    size_t size[MOST_COLUMNS];

    if (split(layout->separator, line, n, cell, size) != layout->columns)
        return false;
    cells->rr = cell[layout->rr_column];
    cells->n_rr = size[layout->rr_column];
    if (layout->time_column >= 0) {
        cells->time = cell[layout->time_column];
        cells->n_time = size[layout->time_column];
    }
    return true;
}

/* A copy with a point for the comma. */
static bool with_point(char separator, const char *cell, size_t n, char out[64])
{
    if (separator == ',' || n >= 64 || !memchr(cell, ',', n))
        return false;
    for (size_t i = 0; i < n; i++)
        out[i] = cell[i] == ',' ? '.' : cell[i];
    return true;
}

bool rr_number(const struct rr_layout *layout, const char *cell, size_t n, double *value)
{
    char text[64];

    return kymo_parse_real(with_point(layout->separator, cell, n, text) ? text : cell, n, value);
}

bool rr_time(const struct rr_layout *layout, const char *cell, size_t n, int64_t *ns)
{
    char text[64];
    struct csv_time t;

    if (!csv_parse_time(with_point(layout->separator, cell, n, text) ? text : cell, n, layout->time_unit_ns, &t))
        return false;
    *ns = t.ns;
    return t.dated == layout->dated;
}

/* ---- names ---- */

/* "RR", "rr_ms", "RR-interval [ms]", "IBI (s)" and their like. Lower case, without what is in brackets, blanks and such. */
static bool names_intervals(const char *name, size_t n, int64_t *unit_ns)
{
    static const char *const known[] = {
        "rr", "rri", "nn", "nni", "ibi", "ppi", "rrinterval", "nninterval", "rrintervals", "interbeatinterval", "rrms", "rrs",
        "nnms", "nns", "ibims", "ibis", "rrintervalms", "rrintervals", "ppims", "interval", "hrv",
    };
    char word[32];
    size_t m = 0;
    bool in_s = false, in_ms = false;

    for (size_t i = 0; i < n && m + 1 < sizeof word; i++) {
        const char c = kymo_lower(name[i]);
        if (c == '[' || c == '(') {
            in_ms = i + 2 < n && name[i + 1] == 'm' && name[i + 2] == 's';
            in_s = i + 1 < n && name[i + 1] == 's';
            break;
        }
        if ((c >= 'a' && c <= 'z') || kymo_is_digit(c))
            word[m++] = c;
    }
    word[m] = '\0';
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(word, known[i]) != 0)
            continue;
        in_ms |= m > 2 && strcmp(word + m - 2, "ms") == 0;
        in_s |= n > 2 && !in_ms && name[n - 2] == '_' && name[n - 1] == 's';
        *unit_ns = in_ms ? 1000000 : in_s ? 1000000000 : 0;
        return true;
    }
    return false;
}

/* "Phone timestamp", "Date and time": more than csv_role_of knows. */
static bool names_times(const char *name, size_t n)
{
    for (size_t i = 0; i + 4 <= n; i++)
        if ((name[i] | 32) == 't' && (name[i + 1] | 32) == 'i' && (name[i + 2] | 32) == 'm' && (name[i + 3] | 32) == 'e')
            return true;
    return false;
}

static bool take_names(const char *const *cell, const size_t *size, int n, struct rr_layout *layout)
{
    layout->rr_column = layout->time_column = -1;
    for (int k = 0; k < n; k++) {
        int64_t ns = 1000000000;
        if (size[k] == 4 && memcmp(cell[k], "type", 4) == 0)
            return false;        /* a table of events */
        if (layout->rr_column < 0 && names_intervals(cell[k], size[k], &layout->unit_ns)) {
            layout->rr_column = k;
            layout->unit_is_told = layout->unit_ns > 0;
        } else if (layout->time_column < 0 &&
                   (csv_role_of(cell[k], size[k], k == 0, &ns) == CSV_TIME || names_times(cell[k], size[k]))) {
            layout->time_column = k;
            layout->time_unit_ns = ns;
        }
    }
    layout->columns = n;
    return layout->rr_column >= 0;
}

/* ---- numbers ---- */

struct look {
    double value[2][LOOK_LINES];   /* of up to two columns */
    int n;
};

static double median_of(const double *x, int n)
{
    for (int i = 0; i < n; i++) {
        int below = 0, same = 0;
        for (int k = 0; k < n; k++) {
            below += x[k] < x[i];
            same += x[k] == x[i];
        }
        if (below <= n / 2 && n / 2 < below + same)
            return x[i];
    }
    return NAN;
}

/* In how many lines the step of times is scale times the interval, of the same line or of the one before. */
static int count_steps(const double *time, const double *rr, int n, double scale, bool at_begin)
{
    int found = 0;

    for (int i = 1; i < n; i++)
        found += fabs(time[i] - time[i - 1] - scale * rr[i - at_begin]) <= NEAR * scale * rr[i - at_begin];
    return found;
}

/* Whether these are times and intervals: the layout says which, and their units. */
static bool find_times(const double *time, const double *rr, int n, struct rr_layout *layout)
{
    static const double scales[] = {1, 0.001, 1000};
    const int least = (int)ceil(MOST_OF * (n - 1));

    for (int k = 0; n >= 2 && k < 6; k++)
        if (count_steps(time, rr, n, scales[k / 2], k % 2) >= (least > 1 ? least : 1)) {
            layout->of_beats = true;
            layout->at_begin = k % 2;
            if (layout->unit_ns > 0 && layout->time_unit_ns == 0)
                layout->time_unit_ns = (int64_t)((double)layout->unit_ns / scales[k / 2]);
            return true;
        }
    return false;
}

/* By size: 20 ms is 3000 a minute, 10 s is 6. */
static void guess_unit(const double *rr, int n, struct rr_layout *layout)
{
    layout->median = median_of(rr, n);
    if (!layout->unit_is_told)
        layout->unit_ns = layout->median >= 20 ? 1000000 : layout->median <= 10 ? 1000000000 : 0;
}

static bool is_plausible(const struct rr_layout *layout)
{
    const double ms = layout->median * (double)(layout->unit_ns ? layout->unit_ns : 1000000) / 1e6;

    return ms >= 10 && ms <= 20000;
}

/* ---- all ---- */

struct text {
    const char *p, *end;
};

static bool next_line(struct text *t, const char **line, size_t *n)
{
    const char *const stop = t->p < t->end ? memchr(t->p, '\n', (size_t)(t->end - t->p)) : NULL;

    *line = t->p;
    *n = (size_t)((stop ? stop : t->end) - t->p);
    t->p = stop ? stop + 1 : t->end;
    return stop != NULL;
}

static bool begins_with(const char *line, size_t n, const char *what)
{
    return n >= strlen(what) && memcmp(line, what, strlen(what)) == 0;
}

/* "20310508" and "07:21:39.0" of Date= and StartTime=, as one time. */
static void take_hrm_start(const char *date, size_t n_date, const char *clock, size_t n_clock, struct rr_layout *layout)
{
    char text[40];
    struct csv_time t;

    if (n_date != 8 || n_clock < 8 || n_clock > 12)
        return;
    const int n = snprintf(text, sizeof text, "%.4s-%.2s-%.2sT%.*s", date, date + 4, date + 6, (int)n_clock, clock);
    layout->starts = csv_parse_time(text, (size_t)n, 1000000000, &t) && t.dated;
    layout->start_ns = layout->starts ? t.ns : 0;
}

/* Interval=238 in [Params] stands for R-R intervals, other numbers for heart rates every so many seconds. */
static int look_at_hrm(struct text *t, struct rr_layout *layout)
{
    const char *line, *date = "", *clock = "";
    size_t n, n_date = 0, n_clock = 0;

    *layout = (struct rr_layout){
        .separator = ' ', .columns = 1, .time_column = -1, .unit_ns = 1000000, .unit_is_told = true, .hrm = true,
        .heart_rates = true, .skip = 1,
    };
    while (next_line(t, &line, &n)) {
        layout->skip++;
        if (begins_with(line, n, "Interval="))
            layout->heart_rates = !begins_with(line, n, "Interval=238");
        if (begins_with(line, n, "Date="))
            date = line + 5, n_date = kymo_trim(&date, n - 5);
        if (begins_with(line, n, "StartTime="))
            clock = line + 10, n_clock = kymo_trim(&clock, n - 10);
        if (begins_with(line, n, "[HRData]")) {
            take_hrm_start(date, n_date, clock, n_clock, layout);
            return 95;
        }
    }
    layout->heart_rates = true;   /* no data: nothing to find */
    return 95;
}

static bool take_numbers(const struct rr_layout *layout, const char *line, size_t n, struct look *look, bool times)
{
    struct rr_cells cells;
    int64_t ns;

    if (!rr_split(layout, line, n, &cells) || !rr_number(layout, cells.rr, cells.n_rr, &look->value[0][look->n]))
        return false;
    if (times && !rr_time(layout, cells.time, cells.n_time, &ns))
        return false;
    look->value[1][look->n++] = times ? (double)ns / 1e9 : 0;
    return true;
}

/* Fills *look from the lines, the first of which is line[n], up to one that is none of the layout: the reader will say so.
 * Returns false where that is among the first two. */
static bool take_lines(const struct rr_layout *layout, struct text *t, const char *line, size_t n, bool whole,
                       struct look *look)
{
    do {
        if (!rr_is_blank(line, n) && !take_numbers(layout, line, n, look, layout->time_column >= 0))
            return look->n > (whole ? 1 : 0);
    } while (look->n < LOOK_LINES && whole && (whole = next_line(t, &line, &n), n > 0 || whole));
    return look->n > 0;
}

/* A table with names. */
static int look_at_table(struct text *t, struct rr_layout *layout)
{
    struct look look = {.n = 0};
    const char *line, *cell[MOST_COLUMNS];
    size_t n, size[MOST_COLUMNS];
    struct csv_time first;
    bool whole;

    do
        whole = next_line(t, &line, &n);
    while (whole && rr_is_blank(line, n));
    const int columns = split(layout->separator, line, n, cell, size);
    if (columns != layout->columns)
        return 0;
    if (layout->time_column >= 0) {
        if (!csv_parse_time(cell[layout->time_column], size[layout->time_column], layout->time_unit_ns, &first))
            return 0;
        layout->dated = first.dated;
        layout->first_ns = first.ns;
    }
    if (!take_lines(layout, t, line, n, whole, &look))
        return 0;
    guess_unit(look.value[0], look.n, layout);
    if (!is_plausible(layout))
        return 0;
    if (layout->time_column >= 0 && !layout->dated)
        find_times(look.value[1], look.value[0], look.n, layout);
    return layout->time_column < 0 ? 50 : layout->of_beats || layout->dated ? 90 : 0;
}

/* "0,8" may be two columns to somebody: as a decimal comma it is only believed of a second or so. */
static bool all_are_seconds(const struct look *look)
{
    for (int i = 0; i < look->n; i++)
        if (!(look->value[0][i] >= 0.2 && look->value[0][i] <= 3))
            return false;
    return true;
}

/* Numbers alone, in one column or two. */
static int look_at_numbers(struct text *t, const char *line, size_t n, bool whole, struct rr_layout *layout)
{
    struct look look = {.n = 0}, other = {.n = 0};
    struct text again = *t;

    layout->rr_column = layout->columns - 1;
    if (!take_lines(layout, t, line, n, whole, &look))
        return 0;
    if (layout->columns == 1) {
        guess_unit(look.value[0], look.n, layout);
        return is_plausible(layout) && (!memchr(line, ',', n) || all_are_seconds(&look)) ? 60 : 0;
    }
    layout->rr_column = 0;
    if (!take_lines(layout, &again, line, n, whole, &other) || other.n != look.n)
        return 0;
    for (int swapped = 0; swapped < 2; swapped++) {
        const struct look *const rr = swapped ? &other : &look, *const time = swapped ? &look : &other;
        layout->rr_column = !swapped;
        layout->time_column = swapped;
        guess_unit(rr->value[0], rr->n, layout);
        if (is_plausible(layout) && find_times(time->value[0], rr->value[0], rr->n, layout) && layout->time_unit_ns > 0)
            return 60;
    }
    return 0;
}

/* "1935991299.000000, IBI": the start, then times from it on and intervals that end there, in seconds: Empatica's E4. */
static bool is_ibi(const char *const *cell, const size_t *size, int columns, struct rr_layout *layout)
{
    struct csv_time t;

    if (columns != 2 || size[1] != 3 || memcmp(cell[1], "IBI", 3) != 0 || !csv_parse_time(cell[0], size[0], 1000000000, &t) ||
        t.dated || t.ns < 0)
        return false;
    *layout = (struct rr_layout){
        .skip = layout->skip + 1, .separator = ',', .columns = 2, .rr_column = 1, .unit_ns = 1000000000,
        .time_unit_ns = 1000000000, .unit_is_told = true, .of_beats = true, .starts = true, .start_ns = t.ns,
    };
    return true;
}

/* From the first line that says something: numbers, or names of columns. */
static int look_at_lines(struct text t, const char *line, size_t n, bool whole, char separator, struct rr_layout *layout)
{
    const char *cell[MOST_COLUMNS];
    size_t size[MOST_COLUMNS];
    double x;

    layout->separator = separator;
    layout->columns = split(separator, line, n, cell, size);
    if (separator == ',' && whole && is_ibi(cell, size, layout->columns, layout))
        return 95;
    if (rr_number(layout, cell[0], size[0], &x))
        return layout->columns <= 2 ? look_at_numbers(&t, line, n, whole, layout) : 0;
    layout->skip++;
    return whole && take_names(cell, size, layout->columns, layout) ? look_at_table(&t, layout) : 0;
}

int rr_look(const unsigned char *head, size_t n, struct rr_layout *layout)
{
    struct text t = {(const char *)head, (const char *)head + n};
    const char *line;
    size_t n_line;
    int64_t skip = 0;
    bool whole;

    *layout = (struct rr_layout){.time_column = -1};
    if (!csv_is_text(head, n))
        return 0;
    if (n >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0)
        t.p += 3;
    if (begins_with(t.p, (size_t)(t.end - t.p), "[Params]")) {
        next_line(&t, &line, &n_line);
        return look_at_hrm(&t, layout);
    }
    for (; (whole = next_line(&t, &line, &n_line), rr_is_blank(line, n_line)) && whole; skip++)
        continue;

    /* What the line shows; else blanks; else it is one column, and a comma is a decimal one. */
    const char tries[] = {separator_of(line, n_line), ' ', ';'};
    int sure = 0;
    for (size_t i = 0; sure == 0 && i < sizeof tries; i++) {
        if (tries[i] == '\0')
            continue;
        *layout = (struct rr_layout){.time_column = -1, .skip = skip};
        sure = look_at_lines(t, line, n_line, whole, tries[i], layout);
    }
    return sure;
}
