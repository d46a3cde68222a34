/* lib/remote.c - see remote.h. */
#include "lib/remote.h"

#include "lib/sums.h"
#include "lib/transfer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PHYSIONET "physionet:"
#define PHYSIONET_URL "https://physionet.org/files/"
#define SUMS "SHA256SUMS.txt"

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for a URL"); }

/* Length of "https://" or "http://" at the beginning of name, or 0. */
static size_t scheme(const char *name)
{
    return strncmp(name, "https://", 8) == 0 ? 8 : strncmp(name, "http://", 7) == 0 ? 7 : 0;
}

bool kymo_is_remote(const char *name) { return scheme(name) > 0 || strncmp(name, PHYSIONET, strlen(PHYSIONET)) == 0; }

/* ---- names ---- */

static const char *physionet_url(void)
{
    const char *const url = getenv("KYMO_PHYSIONET");

    return url && *url ? url : PHYSIONET_URL;
}

/* Of text, how much are its first two parts, "mitdb/1.0.0/": the second begins with a digit. 0: they are not. */
static size_t database_parts(const char *text)
{
    const size_t first = strcspn(text, "/");
    const char *const version = text + first + (text[first] == '/');
    const size_t second = strcspn(version, "/");

    if (first == 0 || *version < '0' || *version > '9' || version[second] != '/')
        return 0;
    return first + 1 + second + 1;
}

size_t kymo_remote_database(const char *url)
{
    const char *const base = physionet_url();
    const size_t n = strlen(base), slash = n > 0 && base[n - 1] != '/';

    if (strncmp(url, base, n) != 0 || (slash && url[n] != '/'))
        return 0;
    const size_t parts = database_parts(url + n + slash);
    return parts ? n + slash + parts : 0;
}

/* "HOST/PATH" of a URL can be a path below the cache; nothing of it is lost on the way there. */
static int check_url(const char *url, struct kymo_err *e)
{
    const char *const rest = url + scheme(url);
    const size_t n = strlen(rest), host = strcspn(rest, "/");

    if (memchr(rest, '@', host))
        return kymo_fail(e, KYMO_EUSAGE, "a URL with a name or password in it is not taken: ~/.netrc can hold them");
    if (strpbrk(rest, "?# "))
        return kymo_fail(e, KYMO_EUSAGE, "%.200s: a URL with \"%c\" is not taken", url, *strpbrk(rest, "?# "));
    if (host == 0 || n == host || !kymo_is_safe_path(rest, n - (rest[n - 1] == '/')))
        return kymo_fail(e, KYMO_EDATA, "%.200s is no URL of a file", url);
    return 0;
}

char *kymo_remote_url(const char *name, struct kymo_err *e)
{
    const char *const base = physionet_url(), *const place = name + strlen(PHYSIONET);
    const size_t n = strlen(base);
    char *url = NULL;

    if (scheme(name) > 0) {
        url = strdup(name);
    } else if (scheme(base) == 0) {
        kymo_fail(e, KYMO_EUSAGE, "KYMO_PHYSIONET=\"%.100s\" is no URL", base);
        return NULL;
    } else if (database_parts(place) == 0) {
        kymo_fail(e, KYMO_EUSAGE, "%.100s has no database and version, as in " PHYSIONET "mitdb/1.0.0/100", name);
        return NULL;
    } else if (asprintf(&url, "%s%s%s", base, base[n - 1] == '/' ? "" : "/", place) < 0) {
        url = NULL;
    }
    if (!url) {
        out_of_memory(e);
    } else if (check_url(url, e) < 0) {
        free(url);
        url = NULL;
    }
    return url;
}

/* ---- the cache ---- */

char *kymo_remote_copy(const char *url, struct kymo_err *e)
{
    const char *const own = getenv("KYMO_CACHE"), *const shared = getenv("XDG_CACHE_HOME"), *const home = getenv("HOME");
    const int n_scheme = (int)strcspn(url, ":");
    const char *const rest = url + scheme(url);
    char *path = NULL;
    int n;

    if (own && *own)
        n = asprintf(&path, "%s/%.*s/%s", own, n_scheme, url, rest);
    else if (shared && *shared == '/')
        n = asprintf(&path, "%s/kymo/%.*s/%s", shared, n_scheme, url, rest);
    else if (home && *home)
        n = asprintf(&path, "%s/.cache/kymo/%.*s/%s", home, n_scheme, url, rest);
    else
        return kymo_fail(e, KYMO_EIO, "no folder for copies of files: set KYMO_CACHE"), NULL;
    if (n < 0) {
        out_of_memory(e);
        return NULL;
    }
    return path;
}

/* What the database of the file says its sum is. Returns 1, 0 where it says nothing, or < 0. *sums is the URL of the list. */
static int known_sum(struct kymo_transfer *t, const char *url, char **sums, char sha256[KYMO_SHA256_TEXT], struct kymo_err *e)
{
    const size_t n = kymo_remote_database(url);
    char *copy = NULL;
    int rc = 0;

    *sums = NULL;
    if (n == 0 || strcmp(url + n, SUMS) == 0)
        return 0;
    if (asprintf(sums, "%.*s" SUMS, (int)n, url) < 0) {
        *sums = NULL;
        return out_of_memory(e);
    }
    if (!(copy = kymo_remote_copy(*sums, e)))
        return e->cause[0].code;
    const struct kymo_wanted w = {.url = *sums, .path = copy, .sealed = true};
    if ((rc = kymo_transfer_get(t, &w, e)) > 0)
        rc = kymo_sums_find(copy, url + n, sha256, e);
    if (rc == 0)
        free(*sums), *sums = NULL;
    free(copy);
    return rc;
}

/* A list that names another sum may be older than the file: both are fetched next time. */
static void forget(const char *url)
{
    struct kymo_err ignored = {0};
    char *const copy = kymo_remote_copy(url, &ignored);

    if (copy)
        unlink(copy);
    free(copy);
}

static int fetch_copy(const char *url, const char *copy, struct kymo_err *e)
{
    struct kymo_wanted w = {.url = url, .path = copy, .sealed = true};
    char sha256[KYMO_SHA256_TEXT], *sums = NULL;

    if (kymo_wanted_is_there(&w))
        return 1;
    struct kymo_transfer *const t = kymo_transfer_create(e);
    int rc = t ? known_sum(t, url, &sums, sha256, e) : e->cause[0].code;
    if (rc > 0) {
        w.sha256 = sha256;
        w.sums = sums;
    }
    if (rc >= 0)
        rc = kymo_transfer_get(t, &w, e);
    if (rc == KYMO_EDATA && sums)
        forget(sums);
    kymo_transfer_destroy(t);
    free(sums);
    return rc > 0 ? 1 : rc;
}

int kymo_remote_fetch(const char *name, char **copy, struct kymo_err *e)
{
    char *const url = kymo_remote_url(name, e);
    int rc = url && (*copy = kymo_remote_copy(url, e)) ? fetch_copy(url, *copy, e) : e->cause[0].code;

    if (url && rc <= 0) {
        free(*copy);
        *copy = NULL;
    }
    free(url);
    return rc;
}
