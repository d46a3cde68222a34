/* lib/err.c - see err.h. */
#include "lib/err.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void copy_text(char *to, size_t cap, const char *from)
{
    const size_t n = strnlen(from, cap - 1);

    memcpy(to, from, n);
    to[n] = '\0';
}

int kymo_err_push(struct kymo_err *e, enum kymo_code code, const char *src, int line, const char *input, int64_t offset,
                  const char *fmt, ...)
{
    const int room = (int)(sizeof e->cause / sizeof *e->cause);
    struct kymo_cause *c = &e->cause[e->n < room ? e->n++ : room - 1];   /* a full chain keeps root and outermost */
    va_list ap;

    c->code = code;
    c->src = src;
    c->line = line;
    c->offset = offset;
    copy_text(c->input, sizeof c->input, input ? input : "");
    va_start(ap, fmt);
    vsnprintf(c->msg, sizeof c->msg, fmt, ap);
    va_end(ap);
    return code;
}

static void append(char *text, size_t cap, const char *piece)
{
    const size_t n = strlen(text);

    for (size_t i = 0; n + i + 1 < cap && piece[i]; i++) {
        const unsigned char byte = (unsigned char)piece[i];
        text[n + i] = byte < 0x20 || byte == 0x7f ? '?' : piece[i];
        text[n + i + 1] = '\0';
    }
}

void kymo_err_text(const struct kymo_err *e, int with_source, char *text, size_t cap)
{
    if (cap == 0)
        return;
    text[0] = '\0';
    for (int i = e->n - 1; i >= 0; i--) {
        const struct kymo_cause *c = &e->cause[i];
        char place[64];

        if (c->input[0]) {
            append(text, cap, c->input);
            if (c->offset >= 0)
                snprintf(place, sizeof place, ":%" PRId64 ": ", c->offset);
            append(text, cap, c->offset >= 0 ? place : ": ");
        }
        append(text, cap, c->msg);
        if (with_source) {
            snprintf(place, sizeof place, " [%.40s:%d]", c->src, c->line);
            append(text, cap, place);
        }
        if (i > 0)
            append(text, cap, ": ");
    }
}
