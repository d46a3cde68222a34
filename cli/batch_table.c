/* cli/batch_table.c - kymo batch: many tables with the same columns become one. */
#include "cli/batch.h"

#include "lib/input.h"

#include <stdlib.h>
#include <string.h>

#define LONGEST_LINE ((size_t)1 << 24)

struct merge {
    struct kymo_output *out;
    char *columns;                /* the first line of the first table; NULL: none yet */
    char separator;
    bool has_record;              /* its first column is record: taken over from there */
    const char *first;            /* the recording that it came from */
};

/* A cell as it must stand in a table: in quotes where it holds a separator or quotes. */
static int put_cell(const struct merge *m, const char *text, struct kymo_err *e)
{
    const char odd[] = {m->separator, '"', '\n', '\r', '\0'};
    int rc = 0;

    if (!strpbrk(text, odd))
        return kymo_put_text(m->out, text, e);
    rc = kymo_put_text(m->out, "\"", e);
    for (; rc == 0 && *text; text++)
        rc = kymo_put(m->out, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1, e);
    return rc < 0 ? rc : kymo_put_text(m->out, "\"", e);
}

/* Where the first cell ends: at its separator, or at the end. */
static size_t first_cell(const struct merge *m, const char *line, size_t n)
{
    bool quoted = false;

    for (size_t i = 0; i < n; i++) {
        quoted ^= line[i] == '"';
        if (!quoted && line[i] == m->separator)
            return i;
    }
    return n;
}

static int put_line(const struct merge *m, const char *record, const char *line, size_t n, struct kymo_err *e)
{
    const size_t skip = m->has_record ? first_cell(m, line, n) : 0;
    int rc = put_cell(m, record, e);

    if (rc == 0 && !m->has_record)
        rc = kymo_put(m->out, &m->separator, 1, e);
    if (rc == 0)
        rc = kymo_put(m->out, line + skip, n - skip, e);
    return rc < 0 ? rc : kymo_put_text(m->out, "\n", e);
}

static int take_columns(struct merge *m, const char *record, const char *line, size_t n, struct kymo_err *e)
{
    if (m->columns)
        return strlen(m->columns) == n && memcmp(m->columns, line, n) == 0 ? 0
             : kymo_fail_at(e, KYMO_EDATA, record, -1, "its table has other columns than that of %s", m->first);
    m->columns = strndup(line, n);
    if (!m->columns)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for the names of columns");
    m->first = record;
    m->separator = memchr(line, '\t', n) ? '\t' : ',';
    m->has_record = first_cell(m, line, n) == 6 && memcmp(line, "record", 6) == 0;
    return put_line(m, "record", line, n, e);
}

static bool is_inside_quotes(const char *line, size_t n, bool inside)
{
    for (size_t i = 0; i < n; i++)
        inside ^= line[i] == '"';
    return inside;
}

/* Rows of one recording; a line that begins inside of quotes goes on with the row before. */
static int put_part(struct merge *m, const char *record, const char *path, struct kymo_err *e)
{
    struct kymo_input *const in = kymo_input_open(path, e);
    const char *line;
    size_t n, number = 0;
    bool inside = false;
    int rc = in ? 1 : e->cause[0].code;

    while (rc > 0 && (rc = kymo_line(in, LONGEST_LINE, &line, &n, e)) > 0) {
        int put;
        if (number++ == 0)
            put = take_columns(m, record, line, n, e);
        else if (inside)
            put = (put = kymo_put(m->out, line, n, e)) < 0 ? put : kymo_put_text(m->out, "\n", e);
        else
            put = put_line(m, record, line, n, e);
        inside = is_inside_quotes(line, n, inside);
        rc = put < 0 ? put : rc;
    }
    kymo_input_close(in);
    return rc;
}

int batch_put_table(const struct batch_state *s, const struct batch_list *list, const bool *done, struct kymo_output *out,
                    struct kymo_err *e)
{
    struct merge m = {.out = out};
    char path[4300];
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < list->n; i++) {
        if (!done[i])
            continue;
        batch_part(s, list->name[i], "csv", path, sizeof path);
        rc = put_part(&m, list->name[i], path, e);
    }
    free(m.columns);
    return rc;
}
