/* lib/table.c - see table.h. */
#include "lib/table.h"

#include "lib/json.h"
#include "lib/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WIDEST_ROW 200           /* characters; a single row that is wider is printed upright */
#define ALIGNED_ROWS 1000
#define REAL_DIGITS 15           /* every decimal number of so many digits survives a double */

enum cell_kind { NONE, TEXT, NUMBER };

struct cell {
    enum cell_kind kind;
    char *text;                  /* as printed, not quoted; own buffer, reused row after row */
    size_t cap;
};

struct kymo_table {
    struct kymo_output *out;
    enum kymo_table_form form;
    const struct kymo_column *column;
    size_t n, at;                /* columns; next cell of the row */
    struct cell *cell;
    bool no_memory;
    int64_t rows;
    char **held;                 /* aligned text: rows kept back, n texts each */
    size_t n_held;
    const char **row;            /* the texts of one row */
    int *width;                  /* columns wide, of column i; < 0 aligns left */
};

struct kymo_table *kymo_table_create(struct kymo_output *out, enum kymo_table_form form, const struct kymo_column *column,
                                     size_t n, struct kymo_err *e)
{
    struct kymo_table *t = calloc(1, sizeof *t);

    if (t) {
        *t = (struct kymo_table){.out = out, .form = form, .column = column, .n = n};
        t->cell = calloc(n, sizeof *t->cell);
        t->width = calloc(n, sizeof *t->width);
        t->row = calloc(n, sizeof *t->row);
        t->held = form == KYMO_TEXT ? calloc(ALIGNED_ROWS * n, sizeof *t->held) : NULL;
    }
    if (t && t->cell && t->width && t->row && (t->held || form != KYMO_TEXT))
        return t;
    kymo_table_destroy(t);
    kymo_fail(e, KYMO_ENOMEM, "no memory for a table of %zu columns", n);
    return NULL;
}

void kymo_table_destroy(struct kymo_table *t)
{
    if (!t)
        return;
    for (size_t i = 0; t->cell && i < t->n; i++)
        free(t->cell[i].text);
    for (size_t i = 0; t->held && i < t->n_held * t->n; i++)
        free(t->held[i]);
    free(t->cell);
    free(t->held);
    free(t->width);
    free(t->row);
    free(t);
}

/* ---- cells ---- */

static void set_cell(struct kymo_table *t, enum cell_kind kind, const char *text, size_t n)
{
    if (t->at == t->n)
        return;
    struct cell *c = &t->cell[t->at++];
    if (c->cap < n + 1) {
        char *larger = realloc(c->text, 2 * n + 32);
        if (!larger) {
            t->no_memory = true;
            return;
        }
        c->text = larger;
        c->cap = 2 * n + 32;
    }
    memcpy(c->text, text, n);
    c->text[n] = '\0';
    c->kind = kind;
}

void kymo_cell_none(struct kymo_table *t) { set_cell(t, NONE, "", 0); }

void kymo_cell_text(struct kymo_table *t, const char *text)
{
    if (text && *text)
        set_cell(t, TEXT, text, strlen(text));
    else
        kymo_cell_none(t);
}

void kymo_cell_int(struct kymo_table *t, int64_t value)
{
    char text[24];

    set_cell(t, NUMBER, text, (size_t)snprintf(text, sizeof text, "%" PRId64, value));
}

/* Without trailing zeros. */
static void cell_decimals(struct kymo_table *t, double value, int decimals)
{
    char text[352];   /* 309 digits before the point, or 0.000 and as many */
    int n;

    if (!isfinite(value)) {
        kymo_cell_none(t);
        return;
    }
    n = snprintf(text, sizeof text, "%.*f", decimals, value);
    while (strchr(text, '.') && (text[n - 1] == '0' || text[n - 1] == '.'))
        if (text[--n] == '.')
            break;
    text[n] = '\0';
    const char *shown = strcmp(text, "-0") == 0 ? "0" : text;
    set_cell(t, NUMBER, shown, strlen(shown));
}

void kymo_cell_real(struct kymo_table *t, double value)
{
    cell_decimals(t, value, t->at < t->n ? t->column[t->at].decimals : 6);
}

void kymo_cell_digits(struct kymo_table *t, double value, int digits)
{
    const double power = value != 0 && isfinite(value) ? floor(log10(fabs(value))) : 0;
    const int decimals = digits - 1 - (int)power;

    cell_decimals(t, value, decimals > 0 ? decimals : 0);
}

void kymo_cell_number(struct kymo_table *t, const char *text)
{
    set_cell(t, *text ? NUMBER : NONE, text, strlen(text));
}

void kymo_cell_seconds(struct kymo_table *t, int64_t ns)
{
    char text[32];

    set_cell(t, NUMBER, text, kymo_format_seconds(ns, text, sizeof text));
}

/* ---- rows ---- */

static int put_quoted(struct kymo_output *out, const char *text, struct kymo_err *e)
{
    int rc = kymo_put_text(out, "\"", e);

    for (const char *p = text; rc == 0 && *p; p++)
        rc = *p == '"' ? kymo_put_text(out, "\"\"", e) : kymo_put(out, p, 1, e);
    return rc < 0 ? rc : kymo_put_text(out, "\"", e);
}

static int put_separated(struct kymo_table *t, size_t i, const char *text, struct kymo_err *e)
{
    const bool csv = t->form == KYMO_CSV;
    const char *end = i + 1 == t->n ? "\n" : csv ? "," : "\t";
    const size_t n = strlen(text);
    const bool blank = n > 0 && (text[0] == ' ' || text[n - 1] == ' ');   /* which many readers take off */
    const bool quote = blank || strpbrk(text, csv ? ",\"\r\n" : "\t\"\r\n");
    const int rc = quote ? put_quoted(t->out, text, e) : kymo_put_text(t->out, text, e);

    return rc < 0 ? rc : kymo_put_text(t->out, end, e);
}

static int put_names(struct kymo_table *t, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < t->n; i++)
        rc = put_separated(t, i, t->column[i].name, e);
    return rc;
}

static int put_separated_row(struct kymo_table *t, struct kymo_err *e)
{
    int rc = t->rows == 0 ? put_names(t, e) : 0;

    for (size_t i = 0; rc == 0 && i < t->n; i++)
        rc = put_separated(t, i, t->cell[i].text, e);
    return rc;
}

static json_t *cell_to_json(const struct cell *c)
{
    int64_t integer;
    double real;

    if (c->kind == NONE)
        return json_null();
    if (c->kind == NUMBER && kymo_parse_int(c->text, strlen(c->text), &integer))
        return json_integer(integer);
    if (c->kind == NUMBER && kymo_parse_real(c->text, strlen(c->text), &real))
        return json_real(real);
    return kymo_json_string(c->text);
}

static int put_json_row(struct kymo_table *t, struct kymo_err *e)
{
    json_t *o = json_object();
    bool ok = o;

    for (size_t i = 0; ok && i < t->n; i++)
        ok = kymo_json_put(o, t->column[i].name, cell_to_json(&t->cell[i]));
    char *text = ok ? json_dumps(o, JSON_COMPACT | JSON_REAL_PRECISION(REAL_DIGITS)) : NULL;
    json_decref(o);
    if (!text)
        return kymo_fail(e, KYMO_EDATA, "a row cannot be written as JSON");
    const char *before = t->form == KYMO_JSONL ? "" : t->rows ? ",\n" : "[\n";
    int rc = kymo_put_text(t->out, before, e);
    if (rc == 0)
        rc = kymo_put_text(t->out, text, e);
    if (rc == 0 && t->form == KYMO_JSONL)
        rc = kymo_put_text(t->out, "\n", e);
    free(text);
    return rc;
}

/* ---- aligned text ---- */

static int shown_width(const char *text)
{
    int n = 0;

    for (; *text; text++)
        n += (*text & 0xc0) != 0x80;   /* characters, not bytes */
    return n;
}

static int put_padded(struct kymo_table *t, size_t i, const char *text, bool last, struct kymo_err *e)
{
    static const char blanks[] = "                                ";
    const int width = abs(t->width[i]), gap = width - shown_width(text);
    const bool left = t->width[i] < 0;
    int rc = left ? kymo_put_text(t->out, text, e) : 0;

    for (int rest = last && left ? 0 : gap; rc == 0 && rest > 0; rest -= 32)
        rc = kymo_put(t->out, blanks, (size_t)(rest < 32 ? rest : 32), e);
    if (rc == 0 && !left)
        rc = kymo_put_text(t->out, text, e);
    return rc < 0 ? rc : kymo_put_text(t->out, last ? "\n" : "  ", e);
}

/* A row of n texts, without blanks behind the last of them. */
static int put_aligned(struct kymo_table *t, const char *const *text, struct kymo_err *e)
{
    size_t n = t->n;
    int rc = 0;

    while (n > 1 && text[n - 1][0] == '\0')
        n--;
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = put_padded(t, i, text[i], i + 1 == n, e);
    return rc;
}

static int put_aligned_names(struct kymo_table *t, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; i < t->n; i++) {
        const int name = shown_width(t->column[i].name), width = abs(t->width[i]);
        t->width[i] = (t->width[i] < 0 || t->n_held == 0 ? -1 : 1) * (name > width ? name : width);
    }
    for (size_t i = 0; rc == 0 && i < t->n; i++)
        rc = put_padded(t, i, t->column[i].name, i + 1 == t->n, e);
    return rc;
}

/* A single row that is wider than any window: a line for each of its values is easier to read. */
static bool is_wide_alone(const struct kymo_table *t)
{
    int width = 0;

    for (size_t i = 0; i < t->n; i++) {
        const int name = shown_width(t->column[i].name), value = abs(t->width[i]);
        width += 2 + (name > value ? name : value);
    }
    return t->held && t->n_held == 1 && width > WIDEST_ROW;
}

static int put_upright(struct kymo_table *t, struct kymo_err *e)
{
    int widest = 0, rc = 0;

    for (size_t i = 0; i < t->n; i++)
        widest = shown_width(t->column[i].name) > widest ? shown_width(t->column[i].name) : widest;
    for (size_t i = 0; rc == 0 && i < t->n; i++) {
        const char *const name = t->column[i].name;
        rc = kymo_putf(t->out, e, "%s%*s%s\n", name, t->held[i][0] ? widest - shown_width(name) + 2 : 0, "", t->held[i]);
    }
    return rc;
}

/* Prints names and the rows kept back; from then on rows go straight out. */
static int release_held(struct kymo_table *t, bool upright, struct kymo_err *e)
{
    int rc = 0;

    if (!t->held)
        return 0;
    if (upright)
        rc = put_upright(t, e);
    else
        rc = put_aligned_names(t, e);
    for (size_t k = 0; rc == 0 && !upright && k < t->n_held; k++)
        rc = put_aligned(t, (const char *const *)t->held + k * t->n, e);
    for (size_t k = 0; k < t->n_held * t->n; k++)
        free(t->held[k]);
    free(t->held);
    t->held = NULL;
    t->n_held = 0;
    return rc;
}

static int put_text_row(struct kymo_table *t, struct kymo_err *e)
{
    int rc = t->held && t->n_held == ALIGNED_ROWS ? release_held(t, false, e) : 0;

    if (!t->held) {
        for (size_t i = 0; i < t->n; i++)
            t->row[i] = t->cell[i].text;
        return rc < 0 ? rc : put_aligned(t, t->row, e);
    }
    for (size_t i = 0; i < t->n; i++) {
        const int wide = shown_width(t->cell[i].text), width = abs(t->width[i]);
        const bool left = t->cell[i].kind == TEXT || t->width[i] < 0;
        t->width[i] = (left ? -1 : 1) * (wide > width ? wide : width);
        if (!(t->held[t->n_held * t->n + i] = strdup(t->cell[i].text))) {
            t->no_memory = true;
            for (size_t k = 0; k < i; k++)
                free(t->held[t->n_held * t->n + k]);
            return kymo_fail(e, KYMO_ENOMEM, "no memory for a table");
        }
    }
    t->n_held++;
    return 0;
}

int kymo_row_end(struct kymo_table *t, struct kymo_err *e)
{
    int rc;

    while (t->at < t->n && !t->no_memory)
        kymo_cell_none(t);
    if (t->no_memory)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for a table");
    switch (t->form) {
    case KYMO_CSV:
    case KYMO_TSV: rc = put_separated_row(t, e); break;
    case KYMO_TEXT: rc = put_text_row(t, e); break;
    default: rc = put_json_row(t, e); break;
    }
    t->at = 0;
    t->rows++;
    return rc == 0 && kymo_output_is_live(t->out) ? kymo_output_flush(t->out, e) : rc;
}

int kymo_table_finish(struct kymo_table *t, struct kymo_err *e)
{
    switch (t->form) {
    case KYMO_CSV:
    case KYMO_TSV: return t->rows == 0 ? put_names(t, e) : 0;
    case KYMO_TEXT: return release_held(t, is_wide_alone(t), e);
    case KYMO_JSON: return kymo_put_text(t->out, t->rows ? "\n]\n" : "[]\n", e);
    default: return 0;
    }
}

int kymo_print_table(const char *path, enum kymo_table_form form, const struct kymo_column *column, size_t n,
                     int (*fill)(const void *of, struct kymo_table *t, struct kymo_err *e), const void *of,
                     struct kymo_err *e)
{
    struct kymo_output *const out = kymo_output_open(path, e);
    struct kymo_table *const t = out ? kymo_table_create(out, form, column, n, e) : NULL;
    const int filled = t ? fill(of, t, e) : e->cause[0].code;
    int rc = filled == KYMO_SOME || filled == KYMO_FOUND ? 0 : filled;

    if (rc == 0)
        rc = kymo_table_finish(t, e);
    if (rc == 0)
        rc = kymo_output_finish(out, e);
    kymo_table_destroy(t);
    kymo_output_destroy(out);
    return rc < 0 ? rc : filled;
}
