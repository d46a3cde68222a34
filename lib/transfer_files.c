/* lib/transfer_files.c - see transfer_files.h. */
#include "lib/transfer_files.h"

#include "lib/digest.h"
#include "lib/sha256.h"
#include "lib/transfer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int kymo_fail_file(const char *path, struct kymo_err *e)
{
    return kymo_fail_at(e, KYMO_EIO, path, -1, "%s", strerror(errno));
}

int kymo_put_short_file(const char *path, const char *text, struct kymo_err *e)
{
    char beside[4300];

    if (snprintf(beside, sizeof beside, "%s.new", path) >= (int)sizeof beside)
        return kymo_fail_at(e, KYMO_EIO, path, -1, "too long a name");
    FILE *const f = fopen(beside, "we");
    const bool put = f && fputs(text, f) >= 0;
    if (!f || (fclose(f) != 0) | !put || rename(beside, path) != 0)
        return kymo_fail_file(path, e);
    return 0;
}

void kymo_get_short_file(const char *path, char *text, size_t cap)
{
    FILE *const f = fopen(path, "re");

    if (!f || !fgets(text, (int)cap, f))
        *text = '\0';
    text[strcspn(text, "\n")] = '\0';
    if (f)
        fclose(f);
}

int kymo_make_folders(const char *path, struct kymo_err *e)
{
    char *const folder = strdup(path);
    int rc = folder ? 0 : kymo_fail(e, KYMO_ENOMEM, "no memory for %s", path);

    for (char *slash = folder; rc == 0 && (slash = strchr(slash + 1, '/'));) {
        *slash = '\0';
        if (mkdir(folder, 0777) != 0 && errno != EEXIST)
            rc = kymo_fail_file(folder, e);
        *slash = '/';
    }
    free(folder);
    return rc;
}

/* ---- what is there ---- */

bool kymo_seal_text(const char *path, char *text, size_t cap, struct kymo_err *e)
{
    char digest[KYMO_DIGEST_TEXT];
    struct stat st;

    if (kymo_digest_file(path, digest, e) < 0 || stat(path, &st) != 0)
        return false;
    snprintf(text, cap, "xxh128 %s %lld\n", digest, (long long)st.st_size);
    return true;
}

static bool seal_holds(const char *path)
{
    char now[80], then[80] = "", name[4300];
    struct kymo_err ignored = {0};

    if (snprintf(name, sizeof name, "%s.seal", path) >= (int)sizeof name)
        return false;
    FILE *const f = fopen(name, "re");
    const bool read = f && fgets(then, sizeof then, f);
    if (f)
        fclose(f);
    return read && kymo_seal_text(path, now, sizeof now, &ignored) && strcmp(now, then) == 0;
}

bool kymo_wanted_is_there(const struct kymo_wanted *w)
{
    char sha256[KYMO_SHA256_TEXT];
    struct kymo_err ignored = {0};

    if (w->sealed)
        return seal_holds(w->path);
    if (w->sha256)
        return kymo_sha256_file(w->path, sha256, &ignored) == 0 && strcmp(sha256, w->sha256) == 0;
    return access(w->path, F_OK) == 0;
}
