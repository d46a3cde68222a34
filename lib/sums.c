/* lib/sums.c - see sums.h. */
#include "lib/sums.h"

#include "lib/text.h"

#include <string.h>

#define LONGEST_LINE 2048
#define LONGEST_PART 200          /* of a path, in bytes: file systems take 255, and what is kept beside has longer names */

static bool is_safe_part(const char *text, size_t n)
{
    if (n == 0 || n > LONGEST_PART || (n == 1 && text[0] == '.') || (n == 2 && memcmp(text, "..", 2) == 0))
        return false;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f || text[i] == '\\')
            return false;
    return true;
}

bool kymo_is_safe_path(const char *text, size_t n)
{
    for (;;) {
        const char *const slash = memchr(text, '/', n);
        const size_t part = slash ? (size_t)(slash - text) : n;
        if (!is_safe_part(text, part))
            return false;
        if (!slash)
            return true;
        text += part + 1;
        n -= part + 1;
    }
}

/* text[n], which lies in the last line of in, as the name of an entry. */
static int take_name(struct kymo_input *in, int64_t line, const char *text, size_t n, bool folders, struct kymo_sum *sum,
                     struct kymo_err *e)
{
    while (n > 2 && memcmp(text, "./", 2) == 0) {
        text += 2;
        n -= 2;
    }
    const bool folder = folders && n > 1 && text[n - 1] == '/';
    if (n >= sizeof sum->name || !kymo_is_safe_path(text, n - folder))
        return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(in), line, "\"%.*s\" is no path within a folder",
                            (int)(n < 100 ? n : 100), text);
    memcpy(sum->name, text, n);
    sum->name[n] = '\0';
    return 1;
}

/* The next line that is not blank. */
static int next_line(struct kymo_input *in, int64_t *line, const char **text, size_t *n, struct kymo_err *e)
{
    int rc;

    do {
        if ((rc = kymo_line(in, LONGEST_LINE, text, n, e)) <= 0)
            return rc;
        ++*line;
        *n = kymo_trim(text, *n);
    } while (*n == 0);
    return 1;
}

/* 64 hexadecimal digits at the beginning of text[n]. */
static bool take_digits(const char *text, size_t n, char sha256[KYMO_SHA256_TEXT])
{
    if (n < KYMO_SHA256_TEXT - 1)
        return false;
    for (size_t i = 0; i < KYMO_SHA256_TEXT - 1; i++) {
        const char c = text[i];
        sha256[i] = c >= 'A' && c <= 'F' ? (char)(c - 'A' + 'a') : c;
        if (!(kymo_is_digit(c) || (sha256[i] >= 'a' && sha256[i] <= 'f')))
            return false;
    }
    sha256[KYMO_SHA256_TEXT - 1] = '\0';
    return true;
}

int kymo_sums_next(struct kymo_input *in, int64_t *line, struct kymo_sum *sum, struct kymo_err *e)
{
    const char *text;
    size_t n;
    const int rc = next_line(in, line, &text, &n, e);
    const size_t digits = KYMO_SHA256_TEXT - 1;

    if (rc <= 0)
        return rc;
    /* Blank or "*" (read as binary) before the name, after a blank; some write just one blank. */
    if (!take_digits(text, n, sum->sha256) || n < digits + 2 || text[digits] != ' ')
        return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(in), *line, "\"%.*s\" is no SHA-256 sum with a name behind it",
                            (int)(n < 60 ? n : 60), text);
    const size_t skip = digits + 1 + (text[digits + 1] == ' ' || text[digits + 1] == '*');
    return take_name(in, *line, text + skip, n - skip, false, sum, e);
}

int kymo_names_next(struct kymo_input *in, int64_t *line, struct kymo_sum *sum, struct kymo_err *e)
{
    const char *text;
    size_t n;
    const int rc = next_line(in, line, &text, &n, e);

    sum->sha256[0] = '\0';
    return rc <= 0 ? rc : take_name(in, *line, text, n, true, sum, e);
}

int kymo_sums_find(const char *path, const char *name, char sha256[KYMO_SHA256_TEXT], struct kymo_err *e)
{
    struct kymo_input *const in = kymo_input_open(path, e);
    struct kymo_sum sum;
    int64_t line = 0;
    int rc = in ? 1 : e->cause[0].code;

    while (rc > 0 && (rc = kymo_sums_next(in, &line, &sum, e)) > 0)
        if (strcmp(sum.name, name) == 0) {
            memcpy(sha256, sum.sha256, sizeof sum.sha256);
            break;
        }
    kymo_input_close(in);
    return rc;
}
