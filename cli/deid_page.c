/* cli/deid_page.c - kymo deid of pages that kymo report and kymo plot made.
 *
 * These mark what tells whom a recording is of: elements of class "identity", and what stands behind the first " of " of the
 * page's title. Marked elements lose their content and the mark, and words of the marked name and number go wherever else text
 * has them. Nothing else changes. */
#include "cli/deid.h"
#include "lib/draw.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_LIMIT ((size_t)1 << 28)
#define MARK " class=\"identity\""
#define LABEL "aria-label=\""

/* A piece of the page: a tag with its content if it is marked, or text, or another tag. */
struct piece {
    enum { TEXT, TAG, TITLE, MARKED } kind;
    const char *p, *content, *end, *next;    /* content to end: of TITLE and MARKED, behind which next begins */
};

struct page {
    char *text;
    size_t n;
    bool in_style, has_title;
    const struct kymo_deid *deid;            /* NULL: names are not known yet */
    struct kymo_output *out;                 /* NULL: only told of */
    const struct kymo_identity_rules *rules;
};

/* ---- reading ---- */

static bool begins(const unsigned char *head, size_t n, const char *with)
{
    size_t at = 0;

    while (at < n && (head[at] == ' ' || head[at] == '\n' || head[at] == '\r' || head[at] == '\t'))
        at++;
    return n - at >= strlen(with) && memcmp(head + at, with, strlen(with)) == 0;
}

int deid_is_page(const char *path, struct kymo_err *e)
{
    struct kymo_err none = {0};              /* what cannot be opened so may be a record's name */
    struct kymo_input *in = strcmp(path, "-") == 0 ? NULL : kymo_input_open(path, &none);
    const unsigned char *head;
    const ssize_t n = in ? kymo_peek(in, 256, &head, &none) : -1;
    const bool is_page = n > 0 && (begins(head, (size_t)n, "<!DOCTYPE html") || begins(head, (size_t)n, "<svg") ||
                                   begins(head, (size_t)n, "<?xml"));
    const bool is_drawn = n > 0 && (begins(head, (size_t)n, "%PDF") || begins(head, (size_t)n, "\x89PNG"));

    kymo_input_close(in);
    return is_drawn ? kymo_fail_at(e, KYMO_EDATA, path, -1, "a drawn page cannot be changed: make it again with --deidentify")
                    : is_page;
}

static int read_page(const char *path, struct page *page, struct kymo_err *e)
{
    struct kymo_input *in = kymo_input_open(path, e);
    const unsigned char *bytes;
    const ssize_t n = in ? kymo_peek(in, PAGE_LIMIT, &bytes, e) : -1;
    int rc = n < 0 ? (int)e->cause[0].code : 0;

    if (rc == 0 && (size_t)n == PAGE_LIMIT)
        rc = kymo_fail_at(e, KYMO_EDATA, path, -1, "a page of more than %zu MB", PAGE_LIMIT >> 20);
    if (rc == 0 && !(page->text = malloc((size_t)n + 1)))
        rc = kymo_fail(e, KYMO_ENOMEM, "no memory for a page of %zd bytes", n);
    if (rc == 0) {
        memcpy(page->text, bytes, (size_t)n);
        page->text[n] = '\0';
        page->n = (size_t)n;
        if (strlen(page->text) != page->n || (!strstr(page->text, KYMO_PAGE_MARK) && !strstr(page->text, KYMO_SVG_MARK)))
            rc = kymo_fail_at(e, KYMO_EDATA, path, -1, "no page that kymo made: what in it is identity is not marked");
    }
    kymo_input_close(in);
    return rc;
}

/* ---- pieces ---- */

static size_t name_length(const char *name) { return strcspn(name, " \t\r\n/>"); }

/* Where the element whose content begins at p ends: the beginning of its end tag, or NULL. */
static const char *end_of(const char *p, const char *name, size_t n)
{
    for (int depth = 1; (p = strchr(p, '<')); p++) {
        const bool closes = p[1] == '/';
        const char *word = p + 1 + closes;
        if (name_length(word) != n || strncmp(word, name, n) != 0)
            continue;
        depth += closes ? -1 : 1;
        if (depth == 0)
            return p;
    }
    return NULL;
}

/* The piece at p, which is not the end. */
static struct piece next_piece(struct page *page, const char *p)
{
    struct piece piece = {.kind = TEXT, .p = p, .next = p + strcspn(p, "<")};
    const char *close = *p == '<' ? strchr(p, '>') : NULL, *mark = close ? strstr(p, MARK) : NULL;

    if (*p != '<')
        return piece;
    piece.kind = TAG;
    piece.next = close ? close + 1 : p + strlen(p);
    page->in_style = strncmp(p, "<style", 6) == 0 || (page->in_style && strncmp(p, "</style", 7) != 0);
    const bool is_title = !page->has_title && strncmp(p, "<title>", 7) == 0, is_marked = mark && mark < close;
    piece.end = is_title || is_marked ? end_of(piece.next, p + 1, name_length(p + 1)) : NULL;
    if (piece.end) {
        piece.kind = is_title ? TITLE : MARKED;
        piece.content = piece.next;
        piece.next = piece.end;
        page->has_title |= is_title;
    }
    return piece;
}

/* What a row of a report calls the marked cell at p: the heading before it. */
static const char *field_of(const struct page *page, const char *p, char *text, size_t cap)
{
    static const char behind[] = "</th>";
    const size_t n = sizeof behind - 1;
    const char *begin = p - n;

    text[0] = '\0';
    if (p < page->text + n || strncmp(begin, behind, n) != 0)
        return "text";
    while (begin > page->text && begin[-1] != '>')
        begin--;
    const size_t length = (size_t)(p - n - begin);
    if (length == 0 || length >= cap)
        return "text";
    memcpy(text, begin, length);
    text[length] = '\0';
    return text;
}

/* ---- what becomes of them ---- */

/* Bytes [p, end) without tags, into text: what a person reads of them. */
static void read_text(const char *p, const char *end, char *text, size_t cap)
{
    size_t n = 0;

    for (bool in_tag = false; p < end && n + 1 < cap; p++) {
        if (*p == '<' || *p == '>')
            in_tag = *p == '<';
        else if (!in_tag && (*p != '\n' || n > 0))
            text[n++] = *p == '\n' ? ' ' : *p;
    }
    while (n > 0 && text[n - 1] == ' ')
        n--;
    text[n] = '\0';
}

static int tell(const struct page *page, const struct piece *piece, struct kymo_err *e)
{
    char text[1024], name[80];
    const char *from = piece->content, *field = "title";

    if (piece->kind == TITLE) {
        const char *of = strstr(from, " of ");
        from = of && of < piece->end ? of + 4 : piece->end;
    } else {
        field = field_of(page, piece->p, name, sizeof name);
    }
    read_text(from, piece->end, text, sizeof text);
    return *text ? page->rules->found(page->rules->to, field, text, NULL, e) : 0;
}

/* Text, or a tag's label, without words of the name. */
static int put_without_name(const struct page *page, const char *p, const char *end, struct kymo_err *e)
{
    char *text = strndup(p, (size_t)(end - p));

    if (!text)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for a text of %zu bytes", (size_t)(end - p));
    kymo_deid_leave_out(page->deid, text);
    const int rc = kymo_put_text(page->out, text, e);
    free(text);
    return rc;
}

static int put_tag(const struct page *page, const char *p, const char *end, struct kymo_err *e)
{
    const char *label = strstr(p, LABEL), *stop = label && label < end ? strchr(label + sizeof LABEL - 1, '"') : NULL;

    if (!stop || stop > end)
        return kymo_put(page->out, p, (size_t)(end - p), e);
    label += sizeof LABEL - 1;
    int rc = kymo_put(page->out, p, (size_t)(label - p), e);
    if (rc == 0)
        rc = put_without_name(page, label, stop, e);
    return rc == 0 ? kymo_put(page->out, stop, (size_t)(end - stop), e) : rc;
}

/* The tag without its mark, and a word where a cell would be empty. */
static int put_marked(const struct page *page, const struct piece *piece, struct kymo_err *e)
{
    const char *mark = strstr(piece->p, MARK), *behind = mark + sizeof MARK - 1;
    int rc = kymo_put(page->out, piece->p, (size_t)(mark - piece->p), e);

    if (rc == 0)
        rc = kymo_put(page->out, behind, (size_t)(piece->content - behind), e);
    return rc == 0 && strncmp(piece->p, "<t", 2) == 0 ? kymo_put_text(page->out, "left out", e) : rc;
}

static int put_piece(const struct page *page, const struct piece *piece, struct kymo_err *e)
{
    const char *of;
    int rc;

    switch (piece->kind) {
    case TEXT: return page->in_style ? kymo_put(page->out, piece->p, (size_t)(piece->next - piece->p), e)
                                     : put_without_name(page, piece->p, piece->next, e);
    case TAG: return put_tag(page, piece->p, piece->next, e);
    case MARKED: return put_marked(page, piece, e);
    default: break;
    }
    of = strstr(piece->content, " of ");
    rc = kymo_put(page->out, piece->p, (size_t)(piece->content - piece->p), e);
    return rc < 0 ? rc : put_without_name(page, piece->content, of && of < piece->end ? of : piece->end, e);
}

static int each_piece(struct page *page, int (*take)(const struct page *, const struct piece *, struct kymo_err *),
                      bool marked_only, struct kymo_err *e)
{
    int rc = 0;

    page->in_style = page->has_title = false;
    for (const char *p = page->text; rc == 0 && *p;) {
        const struct piece piece = next_piece(page, p);
        if (!marked_only || piece.kind == MARKED || piece.kind == TITLE)
            rc = take(page, &piece, e);
        p = piece.next;
    }
    return rc;
}

/* ---- whole pages ---- */

int deid_audit_page(const char *path, const struct kymo_identity_rules *rules, struct kymo_err *e)
{
    struct page page = {.rules = rules};
    int rc = read_page(path, &page, e);

    if (rc == 0)
        rc = each_piece(&page, tell, true, e);
    free(page.text);
    return rc;
}

/* Puts what a page says of whom it is of into a header. */
static int take_name(void *to, const char *field, const char *was, const char *now, struct kymo_err *e)
{
    struct kymo_header *h = to;
    const char **place = strcmp(field, "Name") == 0 ? &h->subject.name : strcmp(field, "Number") == 0 ? &h->subject.id : NULL;

    (void)now;
    return place && !(*place = kymo_header_text(h, was, strlen(was), e)) ? KYMO_ENOMEM : 0;
}

int deid_copy_page(const struct kymo_call *call, const char *path, struct kymo_err *e)
{
    const struct deid_args *args = call->args;
    const struct kymo_identity_rules nothing = {.subject = args->subject};
    struct kymo_identity_rules names = {.found = take_name};
    struct page page = {.rules = &names};
    struct kymo_deid *d = NULL;
    struct kymo_header h;
    int rc = read_page(path, &page, e);

    kymo_header_init(&h);
    names.to = &h;
    if (rc == 0)
        rc = each_piece(&page, tell, true, e);
    if (rc == 0 && !(d = kymo_deid_create(&h, &nothing, e)))
        rc = e->cause[0].code;
    page.deid = d;
    if (rc == 0 && !(page.out = kymo_output_open(args->out.path, e)))
        rc = e->cause[0].code;
    if (rc == 0)
        rc = each_piece(&page, put_piece, false, e);
    if (rc == 0)
        rc = kymo_output_finish(page.out, e);
    kymo_output_destroy(page.out);
    kymo_deid_destroy(d);
    kymo_header_release(&h);
    free(page.text);
    return rc;
}
