/* formats/events.c - tables of events, CSV or TSV, kymo-events(5): a recording without signals.
 *
 * The first line names the columns; time_s must be among them, those not known are passed over. */
#include "lib/reader.h"
#include "lib/vocabulary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_LINE 65536
#define EVENTS_A_BLOCK 1024
#define MOST_COLUMNS 256

enum column { TIME, SAMPLE, TYPE, DURATION, VALUE, TEXT, OTHER };
static const char *const column_name[] = {"time_s", "sample", "type", "duration_s", "value", "text"};

struct events {
    char separator;
    size_t n_columns;
    enum column column[MOST_COLUMNS];
    int64_t line;
    char cell[LONGEST_LINE + 1];    /* the cell being read, without its quotes */
};

#define BOM "\xef\xbb\xbf"        /* what some spreadsheets put before the first byte */
#define BOM_BYTES 3

/* Whether a line of column names has this one. */
static bool names_column(const char *line, size_t n, const char *name)
{
    const size_t len = strlen(name);

    for (size_t i = 0; i + len <= n; i++) {
        const bool begins = i == 0 || strchr(",\t\"", line[i - 1]), ends = i + len == n || strchr(",\t\"\r", line[i + len]);
        if (begins && ends && memcmp(line + i, name, len) == 0)
            return true;
    }
    return false;
}

/* The first column is time_s, or time_s and type are among them. */
static int probe_events(const unsigned char *head, size_t n, const char *path)
{
    const size_t bom = n > BOM_BYTES && memcmp(head, BOM, BOM_BYTES) == 0 ? BOM_BYTES : 0;
    const char *line = (const char *)head + bom;
    const char *end = memchr(line, '\n', n - bom);
    const size_t len = end ? (size_t)(end - line) : n - bom;

    (void)path;
    if (len >= 6 && memcmp(line, "time_s", 6) == 0 && names_column(line, len, "time_s"))
        return 80;
    return names_column(line, len, "time_s") && names_column(line, len, "type") ? 80 : 0;
}

static int fail_line(const struct kymo_reader *r, const char *what, const char *cell, struct kymo_err *e)
{
    const struct events *s = r->state;

    return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(r->in), s->line, "%s \"%.60s\"", what, cell);
}

/* The next cell of line[n] from *at into s->cell. Returns 1, 0 behind the last, -1 where a quote does not close. */
static int next_cell(struct events *s, const char *line, size_t n, size_t *at)
{
    size_t made = 0, i = *at;
    const bool quoted = i < n && line[i] == '"';
    bool closed = !quoted;

    if (i > n)
        return 0;
    for (i += quoted; i < n; i++) {
        if (quoted && line[i] == '"') {
            i++;
            closed = i == n || line[i] != '"';
            if (closed)
                break;
        } else if (!quoted && line[i] == s->separator) {
            break;
        }
        s->cell[made++] = line[i];
    }
    s->cell[made] = '\0';
    if (!closed || (i < n && line[i] != s->separator))
        return -1;
    *at = i + 1;
    return 1;
}

static int read_columns(struct kymo_reader *r, struct kymo_err *e)
{
    struct events *s = r->state;
    const char *line;
    size_t n, at = 0;
    int rc = kymo_line(r->in, LONGEST_LINE, &line, &n, e);

    if (rc <= 0)
        return rc < 0 ? rc : fail_line(r, "no line of column names", "", e);
    if (n >= BOM_BYTES && memcmp(line, BOM, BOM_BYTES) == 0)
        line += BOM_BYTES, n -= BOM_BYTES;
    s->line = 1;
    s->separator = memchr(line, '\t', n) ? '\t' : ',';
    while (s->n_columns < MOST_COLUMNS && (rc = next_cell(s, line, n, &at)) > 0) {
        int c = 0;
        while (c < OTHER && strcmp(s->cell, column_name[c]) != 0)
            c++;
        s->column[s->n_columns++] = (enum column)c;
    }
    return rc < 0 ? fail_line(r, "a quote is not closed in", s->cell, e) : 0;
}

static int open_events(struct kymo_reader *r, struct kymo_err *e)
{
    int rc;

    if (!(r->state = calloc(1, sizeof(struct events))))
        return kymo_fail(e, KYMO_ENOMEM, "no memory for a table of events");
    if ((rc = read_columns(r, e)) < 0)
        return rc;
    r->source.record = kymo_header_text(&r->source, r->path, strlen(r->path), e);
    r->source.format = kymo_header_text(&r->source, "events", 6, e);
    if (!r->source.record || !r->source.format)
        return KYMO_ENOMEM;
    return kymo_header_add_track(&r->source, "events", e);
}

static void close_events(struct kymo_reader *r) { free(r->state); }

/* "-12.25" seconds in ns. */
static bool parse_seconds(const char *cell, int64_t *ns)
{
    const bool negative = *cell == '-';
    const char *digits = cell + negative;
    int64_t size;

    if (strchr(digits, ':') || strchr(digits, '-') || !kymo_parse_time(digits, strlen(digits), &size))
        return false;
    *ns = negative ? -size : size;
    return *ns > -(INT64_C(1) << 60) && *ns < INT64_C(1) << 60;
}

/* A cell into the event; an empty one says nothing. text is kept apart, since the next cell overwrites s->cell. */
static int take_cell(const struct kymo_reader *r, enum column c, const char *cell, struct kymo_event *ev, bool *has_time,
                     struct kymo_err *e)
{
    const size_t n = strlen(cell);

    if (n == 0)
        return 0;
    switch (c) {
    case TIME:
        *has_time = parse_seconds(cell, &ev->time_ns);
        return *has_time ? 0 : fail_line(r, "time_s is no number of seconds:", cell, e);
    case SAMPLE: return kymo_parse_int(cell, n, &ev->sample) ? 0 : fail_line(r, "sample is no integer:", cell, e);
    case DURATION:
        return parse_seconds(cell, &ev->duration_ns) ? 0 : fail_line(r, "duration_s is no number of seconds:", cell, e);
    case VALUE: return kymo_parse_real(cell, n, &ev->value) ? 0 : fail_line(r, "value is no number:", cell, e);
    case TYPE:
        if (n >= sizeof ev->type)
            return fail_line(r, "type is longer than 15 bytes:", cell, e);
        memcpy(ev->type, cell, n + 1);
        if (kymo_code_of(cell) == KYMO_NOTE_CODE)
            memcpy(ev->type, KYMO_NOTE_TYPE, sizeof KYMO_NOTE_TYPE);
        return 0;
    default: return 0;
    }
}

static int take_line(struct kymo_reader *r, const char *line, size_t n, struct kymo_block *b, struct kymo_err *e)
{
    struct events *s = r->state;
    struct kymo_event ev = {.sample = KYMO_UNKNOWN, .signal = -1, .value = (double)NAN, .text = ""};
    bool has_time = false;
    char *text = NULL;
    size_t at = 0, k = 0;
    int rc = 0, more = 1;

    for (; rc == 0 && (more = next_cell(s, line, n, &at)) > 0 && k < s->n_columns; k++) {
        if (s->column[k] == TEXT && *s->cell) {
            free(text);
            text = strdup(s->cell);
            rc = text ? 0 : kymo_fail(e, KYMO_ENOMEM, "no memory for a text");
        } else {
            rc = take_cell(r, s->column[k], s->cell, &ev, &has_time, e);
        }
    }
    ev.text = text ? text : "";
    if (rc == 0 && more < 0)
        rc = fail_line(r, "a quote is not closed in", s->cell, e);
    else if (rc == 0 && strcmp(ev.type, "error") == 0)
        rc = kymo_fail_at(e, KYMO_EDATA, kymo_input_name(r->in), s->line, "whoever made this table failed: %s", ev.text);
    else if (rc == 0 && (k < s->n_columns || more > 0))
        rc = kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(r->in), s->line, "%s than the %zu columns of the first line",
                          more > 0 ? "more cells" : "fewer cells", s->n_columns);
    else if (rc == 0 && !has_time)
        rc = fail_line(r, "no time in an event of type", ev.type, e);
    if (rc == 0)
        rc = kymo_block_event(b, &ev, e);
    free(text);
    return rc;
}

static int read_events(struct kymo_reader *r, struct kymo_block *b, struct kymo_err *e)
{
    struct events *s = r->state;

    while (b->n_events < EVENTS_A_BLOCK) {
        const char *line;
        size_t n;
        int rc = kymo_line(r->in, LONGEST_LINE, &line, &n, e);
        if (rc < 0)
            return rc;
        if (rc == 0)
            break;
        s->line++;
        if (rc == 2)
            return fail_line(r, "the last line is cut off:", "", e);
        if (n > 0 && (rc = take_line(r, line, n, b, e)) < 0)
            return rc;
    }
    return b->n_events > 0;
}

const struct kymo_format kymo_format_events = {
    .name = "events", .about = "table of events, CSV or TSV, see kymo-events(5)",
    .probe = probe_events, .open = open_events, .read = read_events, .close = close_events,
};
