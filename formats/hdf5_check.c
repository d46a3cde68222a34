/* formats/hdf5_check.c - judges HDF5 files: the superblock and the length here, what they hold by whose layout it is.
 *
 * Source: HDF5 File Format Specification, version 3.0, II.A (superblock). The library judges everything else that is HDF5's
 * own, and its words are the finding. */
#include "formats/hdf5_check.h"
#include "lib/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SUPERBLOCK_BYTES 48
#define LAST_USER_BLOCK (INT64_C(1) << 30)   /* no superblock is looked for behind it */

static const unsigned char signature[8] = "\x89HDF\r\n\x1a\n";

void h5_found(struct h5_checker *k, enum kymo_severity severity, struct h5_place at, const char *value, const char *fmt, ...)
{
    char field[200];
    va_list ap;

    if (k->rc < 0)
        return;
    snprintf(field, sizeof field, "%.120s%s%.60s", at.object, *at.object && *at.attribute ? ": " : "", at.attribute);
    const struct kymo_finding f = {.file = k->path, .offset = at.offset, .field = field, .value = value,
                                   .n_value = strlen(value), .severity = severity};
    va_start(ap, fmt);
    k->rc = kymo_vfound(k->c, &f, k->e, fmt, ap);
    va_end(ap);
}

void h5_found_warning(struct h5_checker *k, enum kymo_severity severity, const char *text)
{
    const size_t n = strlen(k->path);

    if (strncmp(text, k->path, n) == 0 && strncmp(text + n, ": ", 2) == 0)
        text += n + 2;            /* a finding names its file itself */
    h5_found(k, severity, (struct h5_place){"", -1, ""}, "", "%s", text);
}

struct h5_place h5_place_of(const struct h5_checker *k, hid_t object, const char *path)
{
    H5O_info_t info;
    const bool known = object >= 0 && H5Oget_info2(object, &info, H5O_INFO_BASIC) >= 0 && info.addr != HADDR_UNDEF;

    return (struct h5_place){path, known ? k->base + (int64_t)info.addr : -1, ""};
}

struct h5_place h5_attribute_of(struct h5_place object, const char *name)
{
    object.attribute = name;
    return object;
}

void h5_words(char *text, size_t cap)
{
    struct kymo_err why = {0};

    h5_fail(&why, "", NULL, "");
    snprintf(text, cap, "%s", strncmp(why.cause[0].msg, ": ", 2) == 0 ? why.cause[0].msg + 2 : "the library says no more");
}

/* ---- superblock ---- */

/* At byte 0, 512, 1024, 2048 ...: what stands before it is the user's. Returns its n bytes there at *at, or 0 where there is
 * none. */
static size_t find_superblock(struct h5_checker *k, unsigned char *block, int64_t *at)
{
    const int64_t size = kymo_input_size(k->in);

    for (*at = 0; *at < size && *at <= LAST_USER_BLOCK; *at = *at ? 2 * *at : 512) {
        const unsigned char *p;
        if (kymo_seek(k->in, *at, k->e) < 0)
            return 0;
        const ssize_t n = kymo_peek(k->in, SUPERBLOCK_BYTES, &p, k->e);
        if (n >= (ssize_t)sizeof signature && memcmp(p, signature, sizeof signature) == 0) {
            memcpy(block, p, (size_t)n);
            return (size_t)n;
        }
        if (n < 0)
            k->rc = (int)n;
    }
    return 0;
}

static void check_length(struct h5_checker *k, int64_t field_at, const unsigned char *field)
{
    const struct h5_place place = {"", field_at, "end of file address"};
    const uint64_t told = kymo_le64(field);
    const int64_t size = kymo_input_size(k->in);
    char value[24];

    snprintf(value, sizeof value, "%llu", (unsigned long long)told);
    if (told > (uint64_t)size)
        h5_found(k, KYMO_ERROR, place, value, "the file ends at byte %lld, %llu bytes too early", (long long)size,
                 (unsigned long long)(told - (uint64_t)size));
    else if (told < (uint64_t)size)
        h5_found(k, KYMO_WARNING, (struct h5_place){"", (int64_t)told, "end of file address"}, value,
                 "%lld bytes behind the end of the HDF5 data", (long long)(size - (int64_t)told));
}

/* Returns whether there is a superblock. */
static bool check_superblock(struct h5_checker *k)
{
    static const struct {
        size_t sizes, end;
    } fields[] = {{13, 40}, {13, 44}, {9, 28}, {9, 28}};   /* by version; of 64-bit addresses */
    unsigned char b[SUPERBLOCK_BYTES + 8] = {0};
    int64_t at;
    const size_t n = find_superblock(k, b, &at);
    char value[24];

    if (n == 0) {
        h5_found(k, KYMO_ERROR, (struct h5_place){"", 0, "signature"}, "", "no HDF5 superblock at byte 0, 512, 1024 and so on");
        return false;
    }
    snprintf(value, sizeof value, "%u", b[8]);
    if (b[8] > 3) {
        h5_found(k, KYMO_ERROR, (struct h5_place){"", at + 8, "superblock version"}, value, "not 0 to 3");
        return true;
    }
    if (n < fields[b[8]].end + 8) {
        h5_found(k, KYMO_ERROR, (struct h5_place){"", at + (int64_t)n, "superblock"}, "", "the file ends inside it");
        return true;
    }
    k->base = at;
    if (b[fields[b[8]].sizes] != 8)
        return true;                       /* short addresses: where the end is told depends on them */
    if (b[8] == 3 && (b[11] & 1))
        h5_found(k, KYMO_ERROR, (struct h5_place){"", at + 11, "consistency flags"}, "",
                 "still open for writing: its writer was interrupted, or has not finished");
    check_length(k, at + (int64_t)fields[b[8]].end, b + fields[b[8]].end);
    return true;
}

/* ---- the whole ---- */

static void check_content(struct h5_checker *k)
{
    char words[200];

    k->file = h5_open_input(k->in, k->path);
    if (k->file < 0) {
        h5_words(words, sizeof words);
        h5_found(k, KYMO_ERROR, (struct h5_place){"", k->base, "superblock"}, "", "HDF5 cannot open it: %s", words);
        return;
    }
    const htri_t told = H5Aexists_by_name(k->file, "/", "format", H5P_DEFAULT);
    if (told < 0) {
        h5_words(words, sizeof words);
        h5_found(k, KYMO_ERROR, (struct h5_place){"/", -1, ""}, "", "cannot be read: %s", words);
    } else if (h5_is_ours(k->file)) {
        h5_check_own(k);
    } else {
        h5_check_foreign(k);
    }
    H5Fclose(k->file);
}

int hdf5_check(struct kymo_input *in, const char *path, struct kymo_check *c, struct kymo_err *e)
{
    struct h5_checker k = {.path = path, .in = in, .c = c, .e = e};
    struct h5_quiet q;

    if (kymo_input_size(in) < 0) {
        h5_found(&k, KYMO_ERROR, (struct h5_place){"", -1, ""}, "", "HDF5 cannot be read from a pipe: name the file");
        return k.rc;
    }
    h5_quiet(&q);
    const size_t before = c->n[KYMO_ERROR];
    if (check_superblock(&k) && k.rc == 0 && c->n[KYMO_ERROR] == before)
        check_content(&k);                 /* what is cut off, or still being written, the library does not open */
    h5_loud(&q);
    return k.rc;
}
