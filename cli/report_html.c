/* cli/report_html.c - a report as one page of HTML that needs nothing else: no script, no network, drawings inside.
 *
 * On paper it is A4 or Letter, and a strip of ECG has its 25 mm a second; on a telephone wide tables and figures scroll in
 * their own frame. All text goes through put_text, which leaves no character to HTML. */
#include "cli/report.h"

#include <math.h>

static const char style[] =
    "*{box-sizing:border-box}\n"
    "html{-webkit-text-size-adjust:100%}\n"
    "body{margin:0 auto;padding:6mm 4mm;max-width:calc(185mm + 8mm);color:#1a1a1a;background:#fff;"
    "font:10pt/1.4 \"DejaVu Sans\",Verdana,Arial,sans-serif;overflow-wrap:anywhere}\n"
    "h1{font-size:17pt;line-height:1.2;margin:0 0 4mm}\n"
    "h2{font-size:14pt;margin:9mm 0 3mm;padding-bottom:1mm;border-bottom:.4mm solid #0072b2}\n"
    "h3{font-size:11pt;margin:6mm 0 2mm}\n"
    "p{margin:2mm 0}\n"
    ".frame{overflow-x:auto}\n"
    ".frame:focus-visible{outline:.6mm solid #0072b2}\n"
    "table{border-collapse:collapse;width:100%;font-size:8.5pt;font-variant-numeric:tabular-nums}\n"
    "th,td{padding:.7mm 2mm .7mm 0;text-align:left;vertical-align:top;border-bottom:.2mm solid #ccc;overflow-wrap:normal}\n"
    "thead th{border-bottom:.4mm solid #595959;vertical-align:bottom}\n"
    "th{font-weight:600}\n"
    "tbody th{font-weight:400}\n"
    ".n{text-align:right}\n"
    ".values td:nth-child(2){font-weight:600}\n"
    ".values td:nth-child(4){color:#4d4d4d}\n"
    ".values th:first-child{width:28%}.values th:nth-child(2),.values td:nth-child(2){width:27%}"
    ".values th:nth-child(3),.values td:nth-child(3){width:9%}\n"
    "figure{margin:3mm 0}\n"
    "figcaption{font-size:8.5pt;margin-bottom:1mm;max-width:185mm}\n"
    "figure svg{display:block}\n"
    ".values.two td:nth-child(2){width:auto}\n"
    ".row{display:flex;flex-wrap:wrap}.row figure{flex:0 0 auto;width:92.5mm;max-width:100%}\n"
    ".warn{border:.4mm solid #b34700;padding:2mm 3mm;font-weight:600}\n"
    "@media (max-width:640px){body{padding:4mm 3mm}.values thead{display:none}"
    ".values,.values tbody,.values tr{display:block}.values tr{padding:1.2mm 0;border-bottom:.2mm solid #ccc}"
    ".values th,.values td{display:block;width:auto!important;border:0;padding:0}"
    ".values td:nth-child(2),.values td:nth-child(3){display:inline;padding-right:1.5mm}"
    ".frame .wide{min-width:165mm}}\n"
    "@page{margin:12mm}\n"
    "@media print{body{padding:0;max-width:none;width:185mm;font-size:9pt}.frame{overflow:visible}"
    "h2,h3,h2+p{break-after:avoid}figure,tr,.warn{break-inside:avoid}figcaption{break-after:avoid}"
    "thead{display:table-header-group}"
    ".page{break-before:page}a{color:inherit}}\n";

/* ---- text ---- */

/* With what HTML would take for its own written as &lt; and the like; control characters are left out. */
static int put_text(struct kymo_output *out, const char *text, struct kymo_err *e)
{
    int rc = 0;

    for (; rc == 0 && *text; text++) {
        const unsigned char c = (unsigned char)*text;
        const char *const as = c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '"' ? "&quot;"
                             : c == '\'' ? "&#39;" : NULL;
        rc = as ? kymo_put_text(out, as, e) : c >= ' ' && c != 127 ? kymo_put(out, text, 1, e) : 0;
    }
    return rc;
}

/* before and behind are HTML, text is not. */
static int put_between(struct kymo_output *out, const char *before, const char *text, const char *behind, struct kymo_err *e)
{
    int rc = kymo_put_text(out, before, e);

    if (rc == 0 && (rc = put_text(out, text, e)) == 0)
        rc = kymo_put_text(out, behind, e);
    return rc;
}

/* A frame that scrolls, which the keyboard can reach. */
static int open_frame(struct kymo_output *out, const char *label, struct kymo_err *e)
{
    return put_between(out, "<div class=\"frame\" tabindex=\"0\" role=\"group\" aria-label=\"", label, "\">\n", e);
}

/* ---- values and tables ---- */

static int put_item(const struct report *r, struct kymo_output *out, const struct report_item *m, bool rules,
                    struct kymo_err *e)
{
    char shown[600];
    int rc;

    report_item_text(r, m, shown, sizeof shown);
    rc = put_between(out, "<tr><th scope=\"row\">", m->name, "</th>", e);
    if (rc == 0)
        rc = put_between(out, m->identity ? "<td class=\"identity\">" : "<td>", shown, "</td>", e);
    if (rc == 0 && rules && (rc = put_between(out, "<td>", isnan(m->number) ? "" : m->unit, "</td>", e)) == 0)
        rc = put_between(out, "<td>", m->rule, "</td>", e);
    return rc < 0 ? rc : kymo_put_text(out, "</tr>\n", e);
}

static int put_items(const struct report *r, struct kymo_output *out, const struct report_block *b, struct kymo_err *e)
{
    const bool rules = report_has_rules(b);
    const char *const begin = rules ? "</h3>\n<table class=\"values\">" : "</h3>\n<table class=\"values two\">";
    int rc = put_between(out, "<h3>", b->title, begin, e);

    if (rc == 0)
        rc = kymo_put_text(out, rules ? "<thead><tr><th scope=\"col\">Measure</th><th scope=\"col\">Value</th>"
                           "<th scope=\"col\">Unit</th><th scope=\"col\">Rule</th></tr></thead><tbody>\n" : "<tbody>\n", e);
    for (size_t i = 0; rc == 0 && i < b->n_items; i++)
        rc = put_item(r, out, &b->item[i], rules, e);
    return rc < 0 ? rc : kymo_put_text(out, "</tbody></table>\n", e);
}

/* Whether a column's cells are numbers, which stand at the right. */
static bool is_numeric(const struct report_block *b, size_t column)
{
    for (size_t i = column; i < b->n_cells; i += b->n_columns)
        if (b->cell[i].text)
            return false;
    return true;
}

static int put_row(struct kymo_output *out, const struct report_block *b, size_t first, struct kymo_err *e)
{
    char shown[1200];
    int rc = kymo_put_text(out, "<tr>", e);

    for (size_t c = 0; rc == 0 && c < b->n_columns; c++) {
        const char *const tag = b->cell[first + c].identity ? (c == 0 ? "<th scope=\"row\" class=\"identity\">"
                                                                       : "<td class=\"identity\">")
                              : c == 0 ? (is_numeric(b, c) ? "<th scope=\"row\" class=\"n\">" : "<th scope=\"row\">")
                              : is_numeric(b, c) ? "<td class=\"n\">" : "<td>";
        report_cell_shown(&b->column[c], &b->cell[first + c], shown, sizeof shown);
        rc = put_between(out, tag, shown, c == 0 ? "</th>" : "</td>", e);
    }
    return rc < 0 ? rc : kymo_put_text(out, "</tr>\n", e);
}

static int put_table(struct kymo_output *out, const struct report_block *b, struct kymo_err *e)
{
    int rc = put_between(out, "<h3>", b->title, "</h3>\n", e);

    if (rc == 0 && (rc = open_frame(out, b->title, e)) == 0)
        rc = kymo_put_text(out, b->n_columns > 7 ? "<table class=\"wide\"><thead><tr>" : "<table><thead><tr>", e);
    for (size_t c = 0; rc == 0 && c < b->n_columns; c++)
        rc = put_between(out, is_numeric(b, c) ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">", b->column[c].name,
                         "</th>", e);
    if (rc == 0)
        rc = kymo_put_text(out, "</tr></thead><tbody>\n", e);
    for (size_t i = 0; rc == 0 && i + b->n_columns <= b->n_cells; i += b->n_columns)
        rc = put_row(out, b, i, e);
    return rc < 0 ? rc : kymo_put_text(out, "</tbody></table></div>\n", e);
}

/* ---- figures ---- */

static int put_figure(struct kymo_output *out, struct kymo_draw *d, const struct report_figure *f, struct kymo_err *e)
{
    const struct chart_place place = {0, 0, f->width_mm, f->height_mm};
    int rc = put_between(out, f->whole_page ? "<figure class=\"page\"><figcaption><strong>" : "<figure><figcaption><strong>",
                         f->title, "</strong>", e);

    if (rc == 0 && *f->caption)
        rc = put_between(out, ". ", f->caption, "", e);
    if (rc == 0 && (rc = kymo_put_text(out, "</figcaption>\n", e)) == 0 && (rc = open_frame(out, f->title, e)) == 0) {
        kymo_draw_title(d, f->title);
        kymo_draw_page(d, f->width_mm, f->height_mm);
        rc = f->draw(d, &place, f->chart, e);
    }
    kymo_draw_end_page(d);
    return rc < 0 ? rc : kymo_put_text(out, "</div></figure>\n", e);
}

/* ---- all of it ---- */

static bool is_beside(const struct report_section *s, size_t i)
{
    return i < s->n_blocks && s->block[i].kind == REPORT_FIGURE && s->block[i].figure.beside;
}

static int put_block(const struct report *r, struct kymo_output *out, struct kymo_draw *d, const struct report_section *s,
                     size_t i, struct kymo_err *e)
{
    const struct report_block *const b = &s->block[i];
    int rc = is_beside(s, i + 1) && !is_beside(s, i) ? kymo_put_text(out, "<div class=\"row\">\n", e) : 0;

    if (rc == 0)
        rc = b->kind == REPORT_TEXT ? put_between(out, "<p>", b->text, "</p>\n", e)
           : b->kind == REPORT_ITEMS ? put_items(r, out, b, e)
           : b->kind == REPORT_TABLE ? put_table(out, b, e) : put_figure(out, d, &b->figure, e);
    if (rc == 0 && is_beside(s, i) && !is_beside(s, i + 1))
        rc = kymo_put_text(out, "</div>\n", e);
    return rc;
}

static int put_section(const struct report *r, struct kymo_output *out, struct kymo_draw *d, size_t at, struct kymo_err *e)
{
    const struct report_section *const s = &r->section[at];
    int rc = kymo_putf(out, e, "<section id=\"%s\"%s>\n<h2>", s->key, at + 1 == r->n_sections ? " class=\"page\"" : "");

    if (rc == 0)
        rc = put_between(out, "", s->title, "</h2>\n", e);
    for (size_t i = 0; rc == 0 && i < s->n_blocks; i++)
        rc = put_block(r, out, d, s, i, e);
    return rc < 0 ? rc : kymo_put_text(out, "</section>\n", e);
}

static int put_page(const struct report *r, struct kymo_output *out, struct kymo_draw *d, struct kymo_err *e)
{
    int rc = put_between(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
                         "content=\"width=device-width, initial-scale=1\">\n" KYMO_PAGE_MARK "\n<title>", r->title, "", e);

    if (rc == 0)
        rc = put_between(out, "", r->of, "</title>\n<style>\n", e);
    if (rc == 0 && (rc = kymo_put_text(out, style, e)) == 0 &&
        (rc = put_between(out, "</style>\n</head>\n<body>\n<main>\n<h1>", r->title, "<span class=\"identity\">", e)) == 0 &&
        (rc = put_between(out, "", r->of, "</span></h1>\n", e)) == 0)
        rc = kymo_put_text(out, "<p class=\"warn\">For research and quality review; not for clinical decisions.</p>\n", e);
    for (size_t i = 0; rc == 0 && i < r->n_sections; i++)
        rc = put_section(r, out, d, i, e);
    if (rc == 0)
        rc = kymo_put_text(out, "</main>\n</body>\n</html>\n", e);
    return rc < 0 ? rc : kymo_draw_finish(d, NULL, e);
}

int report_print_html(const struct report *r, const char *path, struct kymo_err *e)
{
    struct kymo_output *const out = kymo_output_open(path, e);
    struct kymo_draw *const d = out ? kymo_draw_create_inside(out, e) : NULL;
    int rc = d ? put_page(r, out, d, e) : e->cause[0].code;

    if (rc == 0)
        rc = kymo_output_finish(out, e);
    kymo_draw_destroy(d);
    kymo_output_destroy(out);
    return rc;
}
