/* formats/csv_header.c - see csv_header.h. */
#include "formats/csv_header.h"

#include "formats/csv_number.h"

#include <string.h>

#define LONGEST_NAME 64          /* of the names that mean something here */

static const char *const event_columns[] = {"time_s", "sample", "signal", "type", "duration_s", "value", "text", "track",
                                            "subtype", "num", "note"};

/* ---- cells ---- */

/* Behind the quotation mark that closes the one at p, or end. */
static const char *close_quote(const char *p, const char *end)
{
    for (p++; p < end; p++)
        if (*p == '"' && (p + 1 == end || p[1] != '"'))
            return p + 1;
        else if (*p == '"')
            p++;
    return end;
}

void csv_cell(const char **p, const char *end, char separator, const char **cell, size_t *n)
{
    const char *at = *p;

    while (at < end && *at == ' ')
        at++;
    const char *begin = at;
    if (at < end && *at == '"')
        at = close_quote(at, end);
    const char *stop = at < end ? memchr(at, separator, (size_t)(end - at)) : NULL;
    if (!stop)
        stop = end;
    *p = stop;
    *cell = begin;
    *n = kymo_trim(cell, (size_t)(stop - begin));
    if (*n >= 2 && (**cell == '"' || **cell == '\'') && (*cell)[*n - 1] == **cell) {
        (*cell)++;
        *n = kymo_trim(cell, *n - 2);
    }
}

char csv_separator(const char *line, size_t n)
{
    static const char candidates[] = "\t,;";
    size_t count[2][3] = {{0}}, best = 1;   /* outside and inside quotation marks */
    bool inside = false;

    for (size_t i = 0; i < n; i++) {
        inside ^= line[i] == '"';
        for (size_t c = 0; c < 3; c++)
            count[inside][c] += line[i] == candidates[c];
    }
    for (size_t c = 0; c < 3; c++) {
        count[0][c] += inside ? count[1][c] : 0;   /* marks that do not close are none */
        if (count[0][c] > count[0][best])
            best = c;
    }
    return candidates[best];
}

/* ---- names ---- */

/* The part of name[n] in brackets at its end, or 0. */
static size_t bracketed(const char *name, size_t n, const char **inside, size_t *n_inside)
{
    const char open = n > 0 && name[n - 1] == ']' ? '[' : n > 0 && name[n - 1] == ')' ? '(' : '\0';
    const char *begin = open ? memrchr(name, open, n) : NULL;

    if (!begin)
        return 0;
    *inside = begin + 1;
    *n_inside = kymo_trim(inside, (size_t)(name + n - 1 - *inside));
    return kymo_trim(&name, (size_t)(begin - name)) + 1;
}

static bool is_word(const char *text, size_t n, const char *const *words)
{
    char copy[LONGEST_NAME];

    if (n >= sizeof copy)
        return false;
    memcpy(copy, text, n);
    copy[n] = '\0';
    for (; *words; words++)
        if (kymo_same_text(copy, *words))
            return true;
    return false;
}

static int64_t unit_of_time(const char *text, size_t n)
{
    static const char *const s[] = {"s", "sec", "secs", "second", "seconds", "hh:mm:ss", "hh:mm:ss.mmm", NULL};
    static const char *const ms[] = {"ms", "msec", "millisecond", "milliseconds", NULL};
    static const char *const us[] = {"us", "\u00b5s", "\u03bcs", "usec", "microseconds", NULL};
    static const char *const ns[] = {"ns", "nanoseconds", NULL};
    static const char *const min[] = {"min", "minutes", NULL};
    static const struct {
        const char *const *words;
        int64_t ns;
    } units[] = {{s, KYMO_NS_PER_S}, {ms, 1000000}, {us, 1000}, {ns, 1}, {min, 60 * KYMO_NS_PER_S}};

    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (is_word(text, n, units[i].words))
            return units[i].ns;
    return 0;
}

enum csv_role csv_role_of(const char *name, size_t n, bool is_first, int64_t *ns_per_unit)
{
    static const char *const times[] = {"time", "timestamp", "time stamp", "time_stamp", "datetime", "elapsed", "elapsed time",
                                        "elapsed_time", "seconds", "secs", "sec", "milliseconds", "ms", NULL};
    static const char *const numbers[] = {"sample", "sample #", "sample_number", "sample number", "index", NULL};
    const char *unit;
    size_t n_unit, base = bracketed(name, n, &unit, &n_unit);

    *ns_per_unit = KYMO_NS_PER_S;
    if (base > 0) {
        n = base - 1;
        *ns_per_unit = n_unit == 0 ? KYMO_NS_PER_S : unit_of_time(unit, n_unit);
    } else if ((unit = memrchr(name, '_', n)) && unit_of_time(unit + 1, n - (size_t)(unit + 1 - name))) {
        *ns_per_unit = unit_of_time(unit + 1, n - (size_t)(unit + 1 - name));
        n = (size_t)(unit - name);
    } else if (unit_of_time(name, n)) {
        *ns_per_unit = unit_of_time(name, n);
    }
    if (base == 0 && is_word(name, n, numbers))
        return CSV_NUMBER;
    const bool is_t = n == 1 && *name == 't' && is_first;
    return *ns_per_unit > 0 && (is_t || is_word(name, n, times)) ? CSV_TIME : CSV_SIGNAL;
}

size_t csv_unquote(char *name, size_t n)
{
    size_t made = 0;

    for (size_t i = 0; i < n; i++) {
        name[made++] = name[i];
        i += name[i] == '"' && i + 1 < n && name[i + 1] == '"';
    }
    return made;
}

size_t csv_split_label(const char *name, size_t n, const char **unit, size_t *n_unit)
{
    static const char *const units[] = {"nV", "uV", "\u00b5V", "\u03bcV", "mV", "V", "mmHg", "cmH2O", "kPa", "bpm", "pct",
                                        "percent", "degC", "Hz", "mL", NULL};
    const size_t base = bracketed(name, n, unit, n_unit);
    const char *mark = memrchr(name, '_', n);

    if (base > 0)
        return base - 1;
    if (mark && mark > name && is_word(mark + 1, n - (size_t)(mark + 1 - name), units)) {
        *unit = mark + 1;
        *n_unit = n - (size_t)(*unit - name);
        if (is_word(*unit, *n_unit, (const char *const[]){"pct", "percent", NULL}))
            *unit = "%", *n_unit = 1;
        return (size_t)(mark - name);
    }
    *unit = "";
    *n_unit = 0;
    return n;
}

static bool is_event_column(const char *name, size_t n)
{
    for (size_t i = 0; i < sizeof event_columns / sizeof *event_columns; i++)
        if (strlen(event_columns[i]) == n && memcmp(event_columns[i], name, n) == 0)
            return true;
    return false;
}

bool csv_needs_brackets(const char *label)
{
    const size_t n = strlen(label);
    const char *unit;
    size_t n_unit;
    int64_t ns;

    return n == 0 || csv_split_label(label, n, &unit, &n_unit) != n || is_event_column(label, n) ||
           csv_role_of(label, n, false, &ns) != CSV_SIGNAL;
}

/* ---- probe ---- */

/* What stands in a line: cells, numbers among them, and, of a first line, columns that tables of events do not have. */
struct line_look {
    size_t cells, numbers, missing, unknown;
    bool has_type, has_time;
};

static struct line_look look_at(const char *p, const char *end, char separator)
{
    struct line_look look = {0};
    const char *cell;
    size_t n;
    double x;
    struct csv_time t;
    int64_t ns;

    for (;; p++) {
        csv_cell(&p, end, separator, &cell, &n);
        look.numbers += kymo_parse_real(cell, n, &x) || csv_parse_time(cell, n, KYMO_NS_PER_S, &t);
        look.missing += kymo_is_missing(cell, n);
        look.unknown += !is_event_column(cell, n);
        look.has_type |= n == 4 && memcmp(cell, "type", 4) == 0;
        look.has_time |= csv_role_of(cell, n, look.cells == 0, &ns) == CSV_TIME;
        look.cells++;
        if (p >= end)
            return look;
    }
}

bool csv_is_text(const unsigned char *head, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (head[i] < ' ' && head[i] != '\t' && head[i] != '\r' && head[i] != '\n')
            return false;
    return n > 0;
}

/* The second line may be cut where the head ends: its last cell is then not counted. */
static int judge(const struct line_look *first, const struct line_look *second, bool whole, bool named_so)
{
    const bool same = whole ? second->cells == first->cells : second->cells <= first->cells;

    if (first->has_type && first->has_time)
        return 0;                /* a table of events */
    if (named_so && first->has_time && first->unknown > 0)
        return 85;               /* events.c takes what begins with time_s for 80 */
    if (first->cells > 1 && second->cells > 0 && same && second->numbers > 0 && first->numbers == 0)
        return first->unknown > 0 ? 85 : 40;
    if (first->cells == 1 && first->numbers == 0 && second->cells == 1 && second->numbers == 1)
        return 20;               /* one column of numbers below a name */
    return named_so ? 30 : 0;
}

int csv_probe(const unsigned char *head, size_t n, bool named_so, char separator)
{
    const char *p = (const char *)head, *end = p + n;
    struct line_look second = {0};

    if (!csv_is_text(head, n))
        return 0;
    if (n >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0)
        p += 3;
    const char *stop = memchr(p, '\n', (size_t)(end - p));
    const size_t n_line = (size_t)((stop ? stop : end) - p);
    const char found = csv_separator(p, n_line);
    if ((found == '\t') != (separator == '\t') || (!stop && !named_so && n < 512))
        return 0;
    const struct line_look first = look_at(p, p + n_line, found);
    if (!stop)                   /* a line of names longer than the head: many columns, or a long text */
        return named_so || (first.has_time && first.cells > 8) ? (first.has_type && first.has_time ? 0 : 85) : 0;
    const char *next = stop + 1, *next_end = next < end ? memchr(next, '\n', (size_t)(end - next)) : NULL;
    if (next < end)
        second = look_at(next, next_end ? next_end : end, found);
    return judge(&first, &second, next_end, named_so);
}
