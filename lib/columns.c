/* lib/columns.c - see columns.h. */
#include "lib/columns.h"

#include "lib/grow.h"
#include "lib/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READ_BYTES ((size_t)1 << 20)
#define MOST_COLUMNS 100000
#define AHEAD 16                  /* rows */

struct kymo_columns_row {
    uint64_t begin;               /* byte of the file */
    int64_t line;
};

/* Where the parser is. */
struct scan {
    struct kymo_columns *t;
    char *at, *end;               /* next byte; the end, where a terminator fits */
    int64_t line;
    size_t cap_names, cap_rows;
};

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for a table"); }

static int fail_line(const struct scan *s, int64_t line, struct kymo_err *e, const char *what)
{
    return kymo_fail_at(e, KYMO_EFORMAT, s->t->input, line, "%s", what);
}

/* ---- bytes ---- */

/* All of the input, and room for a terminator. */
static int take_bytes(struct kymo_columns *t, struct kymo_input *in, struct kymo_err *e)
{
    size_t cap = 0;
    const unsigned char *p;
    ssize_t got;

    while ((got = kymo_peek(in, READ_BYTES, &p, e)) > 0) {
        const size_t n = (size_t)got, need = t->n_bytes + n + 1;
        if (need > cap) {
            cap = 2 * cap > need ? 2 * cap : need;
            char *const larger = realloc(t->bytes, cap);
            if (!larger)
                return out_of_memory(e);
            t->bytes = larger;
        }
        memcpy(t->bytes + t->n_bytes, p, n);
        t->n_bytes += n;
        kymo_skip(in, n);
    }
    return (int)got;
}

static char separator_of(const char *line, size_t n)
{
    static const char candidates[] = ",\t;";
    size_t count[3] = {0}, best = 0;
    bool inside = false;

    for (size_t i = 0; i < n; i++) {
        inside ^= line[i] == '"';
        for (size_t c = 0; c < 3 && !inside; c++)
            count[c] += line[i] == candidates[c];
    }
    for (size_t c = 1; c < 3; c++)
        best = count[c] > count[best] ? c : best;
    return candidates[best];
}

/* ---- cells ---- */

/* What ended a cell. */
enum cell_end { SEPARATOR, LINE, INPUT };

/* Puts a terminator behind the cell that [from, to) is, goes past what ended it, and says what that was. */
static enum cell_end end_cell(struct scan *s, char *to, char *stop)
{
    const enum cell_end ended = stop == s->end ? INPUT : *stop == '\n' ? LINE : SEPARATOR;

    *to = '\0';
    s->at = stop == s->end ? stop : stop + 1;
    s->line += ended == LINE;
    return ended;
}

/* A cell in quotation marks, which are taken off: *begin becomes its first character. */
static int take_quoted(struct scan *s, char **begin, enum cell_end *ended, struct kymo_err *e)
{
    const int64_t first_line = s->line;
    char *from = s->at + 1, *to = from, *p = from;

    for (;; p++) {
        if (p == s->end)
            return fail_line(s, first_line, e, "quotation marks that do not close");
        if (*p == '"' && (p + 1 == s->end || p[1] != '"'))
            break;
        p += *p == '"';
        s->line += *p == '\n';
        *to++ = *p;
    }
    p++;
    p += p < s->end && *p == '\r' && (p + 1 == s->end || p[1] == '\n');
    if (p < s->end && *p != '\n' && *p != s->t->separator)
        return fail_line(s, s->line, e, "text behind closing quotation marks");
    *begin = from;
    *ended = end_cell(s, to, p);
    return 0;
}

/* The next cell; *begin its text, terminated, without blanks around it unless it is quoted. */
static int take_cell(struct scan *s, char **begin, enum cell_end *ended, struct kymo_err *e)
{
    const char separator = s->t->separator;
    char *p = s->at, *from = p;

    if (p < s->end && *p == '"')
        return take_quoted(s, begin, ended, e);
    while (p < s->end && *p != separator && *p != '\n')
        p++;
    char *const stop = p;
    while (from < p && *from == ' ')
        from++;
    while (p > from && (p[-1] == ' ' || (p[-1] == '\r' && (stop == s->end || *stop == '\n'))))
        p--;
    *begin = from;
    *ended = end_cell(s, p, stop);
    return 0;
}

/* Past lines with nothing in them. */
static void skip_empty(struct scan *s)
{
    while (s->at < s->end && (*s->at == '\n' || (*s->at == '\r' && (s->at + 1 == s->end || s->at[1] == '\n')))) {
        s->line += *s->at == '\n';
        s->at++;
    }
}

/* ---- the line of names ---- */

static int add_name(struct scan *s, const char *name, struct kymo_err *e)
{
    struct kymo_columns *const t = s->t;

    if (t->n == MOST_COLUMNS)
        return kymo_fail_at(e, KYMO_EFORMAT, t->input, s->line, "more than %d columns", MOST_COLUMNS);
    const char **const larger = kymo_grown(t->name, t->n, &s->cap_names, sizeof *larger);
    if (!larger)
        return out_of_memory(e);
    t->name = larger;
    t->name[t->n++] = name;
    return 0;
}

static int by_text(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

/* Columns without a name get one; none may have that of another. */
static int check_names(struct scan *s, int64_t line, struct kymo_err *e)
{
    struct kymo_columns *const t = s->t;
    const char **const sorted = malloc(t->n * sizeof *sorted);
    int rc = sorted ? 0 : out_of_memory(e);

    if (sorted) {
        memcpy(sorted, t->name, t->n * sizeof *sorted);
        qsort(sorted, t->n, sizeof *sorted, by_text);
    }
    for (size_t i = 1; rc == 0 && i < t->n; i++)
        if (strcmp(sorted[i - 1], sorted[i]) == 0)
            rc = kymo_fail_at(e, KYMO_EFORMAT, t->input, line, "two columns are called \"%.60s\"", sorted[i]);
    free(sorted);
    return rc;
}

/* Names that were not there: as many as there are, in one piece of memory that the table's name ends with. */
static int name_nameless(struct kymo_columns *t, struct kymo_err *e)
{
    enum { ROOM = 28 };           /* for "column_" and any number */
    size_t n_bytes = strlen(t->input) + 1, nameless = 0;

    for (size_t i = 0; i < t->n; i++)
        nameless += *t->name[i] == '\0';
    char *const larger = nameless ? realloc(t->input, n_bytes + nameless * ROOM) : NULL;
    if (nameless && !larger)
        return out_of_memory(e);
    t->input = larger ? larger : t->input;
    for (size_t i = 0; i < t->n; i++)
        if (*t->name[i] == '\0') {
            t->name[i] = t->input + n_bytes;
            snprintf(t->input + n_bytes, ROOM, "column_%zu", i + 1);
            n_bytes += ROOM;
        }
    return 0;
}

static char *line_end(const struct scan *s)
{
    char *const stop = memchr(s->at, '\n', (size_t)(s->end - s->at));

    return stop ? stop : s->end;
}

static int take_names(struct scan *s, struct kymo_err *e)
{
    enum cell_end ended;
    char *begin;
    int rc;

    if (s->end - s->at >= 3 && memcmp(s->at, "\xef\xbb\xbf", 3) == 0)
        s->at += 3;
    for (skip_empty(s); s->at < s->end && *s->at == '#'; skip_empty(s))
        s->at = line_end(s);
    if (s->at == s->end)
        return fail_line(s, s->line, e, "no line of column names");
    const int64_t line = s->line;
    s->t->separator = separator_of(s->at, (size_t)(line_end(s) - s->at));
    do {
        rc = take_cell(s, &begin, &ended, e);
        if (rc == 0)
            rc = add_name(s, begin, e);
    } while (rc == 0 && ended == SEPARATOR);
    if (rc == 0)
        rc = name_nameless(s->t, e);
    return rc < 0 ? rc : check_names(s, line, e);
}

/* ---- rows ---- */

static int room_for_row(struct scan *s, struct kymo_err *e)
{
    struct kymo_columns *const t = s->t;

    if (t->n_rows < s->cap_rows)
        return 0;
    const size_t cap = s->cap_rows ? 2 * s->cap_rows : 256;
    struct kymo_columns_row *const row = realloc(t->row, cap * sizeof *row);
    if (row)
        t->row = row;
    uint32_t *const cell = row ? realloc(t->cell, cap * t->n * sizeof *cell) : NULL;
    if (!cell)
        return out_of_memory(e);
    t->cell = cell;
    s->cap_rows = cap;
    return 0;
}

static int take_row(struct scan *s, struct kymo_err *e)
{
    struct kymo_columns *const t = s->t;
    struct kymo_columns_row *const row = &t->row[t->n_rows];
    uint32_t *const cell = t->cell + t->n_rows * t->n;
    enum cell_end ended = SEPARATOR;
    size_t n = 0;
    char *begin;

    *row = (struct kymo_columns_row){(uint64_t)(s->at - t->bytes), s->line};
    for (; ended == SEPARATOR; n++) {
        const int rc = take_cell(s, &begin, &ended, e);
        if (rc < 0)
            return rc;
        const uint64_t place = (uint64_t)(begin - t->bytes) - row->begin;
        if (place > UINT32_MAX)
            return fail_line(s, row->line, e, "a row of more than 4 GB");
        if (n < t->n)
            cell[n] = (uint32_t)place;
    }
    if (n != t->n)
        return kymo_fail_at(e, KYMO_EFORMAT, t->input, row->line, "%zu cells, where the line of names has %zu", n, t->n);
    t->n_rows++;
    return 0;
}

static int parse(struct kymo_columns *t, struct kymo_err *e)
{
    struct scan s = {.t = t, .at = t->bytes, .end = t->bytes + t->n_bytes, .line = 1};
    const char *const zero = t->n_bytes ? memchr(t->bytes, '\0', t->n_bytes) : NULL;

    if (zero) {
        for (const char *p = t->bytes; p < zero; p++)
            s.line += *p == '\n';
        return fail_line(&s, s.line, e, "a byte of zero: this is no table of text in UTF-8");
    }
    int rc = take_names(&s, e);
    for (; rc == 0; rc = rc == 0 ? take_row(&s, e) : rc) {
        skip_empty(&s);
        if (s.at == s.end)
            break;
        rc = room_for_row(&s, e);
    }
    return rc;
}

/* ---- the whole ---- */

struct kymo_columns *kymo_columns_read(struct kymo_input *in, struct kymo_err *e)
{
    struct kymo_columns *const t = calloc(1, sizeof *t);
    int rc = t && (t->input = strdup(kymo_input_name(in))) ? 0 : out_of_memory(e);

    if (rc == 0)
        rc = take_bytes(t, in, e);
    if (rc == 0 && !t->bytes)
        rc = kymo_fail_at(e, KYMO_EFORMAT, t->input, -1, "nothing in it: no line of column names");
    if (rc == 0)
        rc = parse(t, e);
    if (rc == 0)
        return t;
    kymo_columns_close(t);
    return NULL;
}

struct kymo_columns *kymo_columns_open(const char *path, struct kymo_err *e)
{
    struct kymo_input *const in = kymo_input_open(path, e);
    struct kymo_columns *const t = in ? kymo_columns_read(in, e) : NULL;

    kymo_input_close(in);
    return t;
}

void kymo_columns_close(struct kymo_columns *t)
{
    if (!t)
        return;
    free(t->input);
    free(t->name);
    free(t->bytes);
    free(t->row);
    free(t->cell);
    free(t);
}

const char *kymo_columns_cell(const struct kymo_columns *t, size_t row, size_t column)
{
    return t->bytes + t->row[row].begin + t->cell[row * t->n + column];
}

int64_t kymo_columns_line(const struct kymo_columns *t, size_t row) { return t->row[row].line; }

size_t kymo_columns_find(const struct kymo_columns *t, const char *name)
{
    size_t i = 0;

    while (i < t->n && strcmp(t->name[i], name) != 0)
        i++;
    return i;
}

/* ---- numbers ---- */

/* "12,5" as 12.5. */
static bool parse_comma(const char *text, size_t n, double *value)
{
    char copy[64];
    const char *const comma = memchr(text, ',', n);

    if (!comma || n >= sizeof copy || memchr(text, '.', n) || memchr(comma + 1, ',', n - (size_t)(comma + 1 - text)))
        return false;
    memcpy(copy, text, n);
    copy[comma - text] = '.';
    return kymo_parse_real(copy, n, value);
}

/* Asks for the cell of a row to come: each lies a row further on in memory, and waiting for them took most of the time. */
static void ask_ahead(const struct kymo_columns *t, size_t row, size_t column)
{
    if (t->n_rows - row > 2 * AHEAD) {
        __builtin_prefetch(&t->cell[(row + 2 * AHEAD) * t->n + column]);
        __builtin_prefetch(kymo_columns_cell(t, row + AHEAD, column));
    }
}

struct kymo_columns_count kymo_columns_numbers(const struct kymo_columns *t, size_t column, double *x)
{
    struct kymo_columns_count c = {0};

    for (size_t i = 0; i < t->n_rows; i++) {
        const char *const text = kymo_columns_cell(t, i, column);
        const size_t n = strlen(text);
        double value = NAN;
        ask_ahead(t, i, column);
        if (n > 0 && kymo_parse_real(text, n, &value)) {
            c.numbers++;
        } else if (kymo_is_missing(text, n)) {
            c.missing++;
        } else if (parse_comma(text, n, &value)) {
            c.numbers++;
            c.commas++;
        } else {
            c.first_other = c.others++ == 0 ? i : c.first_other;
        }
        if (x)
            x[i] = value;
    }
    return c;
}
