/* cli/report_json.c - a report as JSON: an object of sections, each an array of its blocks, a block a line. */
#include "cli/report.h"
#include "lib/json.h"

#include <math.h>
#include <stdlib.h>

static json_t *number_of(double x) { return isfinite(x) ? json_real(x) : json_null(); }

/* Counts come without a point. */
static json_t *value_of(double x, int decimals)
{
    return decimals == 0 && fabs(x) < 1e15 && floor(x) == x ? json_integer((json_int_t)x) : number_of(x);
}

static json_t *items_of(const struct report_block *b)
{
    json_t *const all = json_object();
    bool ok = all != NULL;

    for (size_t i = 0; ok && i < b->n_items; i++) {
        const struct report_item *const m = &b->item[i];
        json_t *const one = json_object();
        ok = one && kymo_json_put(one, "name", json_string(m->name)) &&
             kymo_json_put(one, "value", m->text ? json_string(m->text) : value_of(m->number, m->decimals));
        if (ok && *m->unit)
            ok = kymo_json_put(one, "unit", json_string(m->unit));
        if (ok && *m->rule)
            ok = kymo_json_put(one, "rule", json_string(m->rule));
        if (ok && !isnan(m->at_s))
            ok = kymo_json_put(one, "at_s", json_real(m->at_s));
        if (!ok)
            json_decref(one);
        ok = ok && kymo_json_put(all, m->key, one);
    }
    return all;
}

static json_t *rows_of(const struct report_block *b)
{
    json_t *const rows = json_array();
    bool ok = rows != NULL;

    for (size_t i = 0; ok && b->n_columns && i + b->n_columns <= b->n_cells; i += b->n_columns) {
        json_t *const row = json_object();
        ok = row != NULL;
        for (size_t c = 0; ok && c < b->n_columns; c++) {
            const struct report_cell *const cell = &b->cell[i + c];
            ok = kymo_json_put(row, b->column[c].key, cell->text ? json_string(cell->text)
                                                        : value_of(cell->number, b->column[c].decimals));
        }
        if (!ok)
            json_decref(row);
        ok = ok && json_array_append_new(rows, row) == 0;
    }
    return rows;
}

static json_t *series_of(const struct report_series *s)
{
    json_t *const all = json_array();

    for (size_t i = 0; all && i < s->n; i++)
        if (json_array_append_new(all, number_of(s->x[i])) != 0)
            break;
    return all;
}

static bool put_figure(json_t *o, const struct report_figure *f)
{
    bool ok = kymo_json_put(o, "figure", json_string(f->key)) && kymo_json_put(o, "title", json_string(f->title)) &&
              kymo_json_put(o, "caption", json_string(f->caption));

    if (ok && !isnan(f->at_s))
        ok = kymo_json_put(o, "at_s", json_real(f->at_s));
    for (size_t i = 0; ok && i < f->n_series; i++)
        ok = kymo_json_put(o, f->series[i].key, series_of(&f->series[i]));
    return ok;
}

static json_t *block_of(const struct report_block *b)
{
    json_t *const o = json_object();
    bool ok = o != NULL;

    if (ok && b->kind == REPORT_TEXT)
        ok = kymo_json_put(o, "text", json_string(b->text));
    else if (ok && b->kind == REPORT_FIGURE)
        ok = put_figure(o, &b->figure);
    else if (ok)
        ok = kymo_json_put(o, b->kind == REPORT_ITEMS ? "values" : "table", json_string(b->key)) &&
             kymo_json_put(o, "title", json_string(b->title)) &&
             kymo_json_put(o, b->kind == REPORT_ITEMS ? "items" : "rows", b->kind == REPORT_ITEMS ? items_of(b) : rows_of(b));
    if (ok)
        return o;
    json_decref(o);
    return NULL;
}

/* before: what stands before it on the line. */
static int put_json(struct kymo_output *out, const char *before, json_t *value, const char *behind, struct kymo_err *e)
{
    char *const text = value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(10)) : NULL;
    const int rc = text ? kymo_putf(out, e, "%s%s%s", before, text, behind)
                        : kymo_fail(e, KYMO_ENOMEM, "no memory for a report");

    free(text);
    json_decref(value);
    return rc;
}

static int put_section(struct kymo_output *out, const struct report_section *s, bool is_last, struct kymo_err *e)
{
    int rc = put_json(out, "", json_string(s->key), ": [\n", e);

    for (size_t i = 0; rc == 0 && i < s->n_blocks; i++)
        rc = put_json(out, " ", block_of(&s->block[i]), i + 1 < s->n_blocks ? ",\n" : "\n", e);
    return rc < 0 ? rc : kymo_put_text(out, is_last ? "]\n" : "],\n", e);
}

int report_print_json(const struct report *r, const char *path, struct kymo_err *e)
{
    struct kymo_output *const out = kymo_output_open(path, e);
    int rc = out ? put_json(out, "{\n\"title\": ", json_sprintf("%s%s", r->title, r->of), ",\n", e) : e->cause[0].code;

    for (size_t i = 0; rc == 0 && i < r->n_sections; i++)
        rc = put_section(out, &r->section[i], i + 1 == r->n_sections, e);
    if (rc == 0 && (rc = kymo_put_text(out, "}\n", e)) == 0)
        rc = kymo_output_finish(out, e);
    kymo_output_destroy(out);
    return rc;
}
