/* lib/transfer.c - see transfer.h. */
#include "lib/transfer.h"

#include "lib/sha256.h"
#include "lib/text.h"
#include "lib/transfer_files.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MOST_BYTES (INT64_C(1) << 40)   /* of a file: a server that says more is not believed */
#define MOST_REDIRECTS 5L
#define LONGEST_WAIT_S 300        /* that a server may ask for */
#define LONGEST_PAUSE_S 60
#define LONGEST_TAG 256

/* What we call of libcurl. */
struct calls {
    __typeof__(curl_global_init) *global_init;
    __typeof__(curl_easy_init) *init;
    __typeof__(curl_easy_reset) *reset;
    __typeof__(curl_easy_setopt) *set;
    __typeof__(curl_easy_perform) *perform;
    __typeof__(curl_easy_getinfo) *get;
    __typeof__(curl_easy_strerror) *error;
    __typeof__(curl_easy_cleanup) *cleanup;
    __typeof__(curl_slist_append) *append;
    __typeof__(curl_slist_free_all) *free_all;
};

struct kymo_transfer {
    struct calls call;
    CURL *curl;                   /* keeps its connection for the next file */
    double timeout_s, pause_s;
    int64_t tries;
    const char *ca_file;          /* NULL: the system's */
    bool answered;                /* a server did, at some time */
    bool cut_off;
};

/* One file on its way. */
struct job {
    struct kymo_transfer *t;
    const struct kymo_wanted *w;
    char *part, *tag, *seal;      /* paths */
    int fd;                       /* of part, locked */
    int64_t size;                 /* of what we have */
    bool resumed;                 /* part of it from an earlier try */
    bool again;                   /* what failed may go better another time */
    double wait_s;                /* that the server asked for; < 0: it did not */

    /* of the answer that is being read */
    char version[LONGEST_TAG];    /* ETag, else Last-Modified, with which a part can be asked for */
    bool has_etag, chunked, begun;
    int64_t length, first, total; /* Content-Length, Content-Range; -1: not told */
    int write_error;
    bool misplaced, too_large;
};

/* ---- libcurl ---- */

static bool find_calls(void *library, struct calls *c)
{
#define FIND(field, name) (c->field = (__typeof__(c->field))dlsym(library, name))
    return FIND(global_init, "curl_global_init") && FIND(init, "curl_easy_init") && FIND(reset, "curl_easy_reset") &&
           FIND(set, "curl_easy_setopt") && FIND(perform, "curl_easy_perform") && FIND(get, "curl_easy_getinfo") &&
           FIND(error, "curl_easy_strerror") && FIND(cleanup, "curl_easy_cleanup") && FIND(append, "curl_slist_append") &&
           FIND(free_all, "curl_slist_free_all");
#undef FIND
}

/* The library is never let go: it keeps state of its own that cannot be set up twice. */
static int load_calls(struct calls *c, struct kymo_err *e)
{
    static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        void *const library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
        if (library && find_calls(library, c))
            return 0;
    }
    return kymo_fail(e, KYMO_ENET, "recordings by URL need libcurl.so.4 (Debian: libcurl4), which cannot be loaded");
}

/* ---- rules ---- */

static int rule(const char *name, double preset, double least, double most, double *value, struct kymo_err *e)
{
    const char *const text = getenv(name);

    *value = preset;
    if (!text || !*text || (kymo_parse_real(text, strlen(text), value) && *value >= least && *value <= most))
        return 0;
    return kymo_fail(e, KYMO_EUSAGE, "%s=\"%.40s\" is not a number from %g to %g", name, text, least, most);
}

static int read_rules(struct kymo_transfer *t, struct kymo_err *e)
{
    double tries;
    int rc = rule("KYMO_TIMEOUT", 30, 1, 86400, &t->timeout_s, e);

    if (rc == 0)
        rc = rule("KYMO_PAUSE", 1, 0, LONGEST_PAUSE_S, &t->pause_s, e);
    if (rc == 0)
        rc = rule("KYMO_TRIES", 5, 1, 1000, &tries, e);
    if (rc == 0)
        t->tries = (int64_t)tries;
    t->ca_file = getenv("CURL_CA_BUNDLE");
    return rc;
}

struct kymo_transfer *kymo_transfer_create(struct kymo_err *e)
{
    struct kymo_transfer *t = calloc(1, sizeof *t);
    int rc = t ? read_rules(t, e) : kymo_fail(e, KYMO_ENOMEM, "no memory for a transfer");

    if (rc == 0)
        rc = load_calls(&t->call, e);
    if (rc == 0 && (t->call.global_init(CURL_GLOBAL_DEFAULT) != 0 || !(t->curl = t->call.init())))
        rc = kymo_fail(e, KYMO_ENET, "libcurl cannot begin");
    if (rc == 0)
        return t;
    kymo_transfer_destroy(t);
    return NULL;
}

void kymo_transfer_destroy(struct kymo_transfer *t)
{
    if (t && t->curl)
        t->call.cleanup(t->curl);
    free(t);
}

bool kymo_transfer_is_cut_off(const struct kymo_transfer *t) { return t->cut_off; }

/* ---- files ---- */

/* The part, ours alone. One that was renamed while we waited is not the part any more. */
static int lock_part(struct job *j, struct kymo_err *e)
{
    struct stat ours, named;

    for (;;) {
        j->fd = open(j->part, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (j->fd < 0)
            return kymo_fail_file(j->part, e);
        while (flock(j->fd, LOCK_EX) != 0)
            if (errno != EINTR)
                return kymo_fail_file(j->part, e);
        if (fstat(j->fd, &ours) != 0)
            return kymo_fail_file(j->part, e);
        if (stat(j->part, &named) == 0 && named.st_ino == ours.st_ino && named.st_dev == ours.st_dev) {
            j->size = ours.st_size;
            return 0;
        }
        close(j->fd);
        j->fd = -1;
    }
}

static int cut_part(struct job *j)
{
    j->size = 0;
    j->resumed = false;
    return ftruncate(j->fd, 0) == 0 && lseek(j->fd, 0, SEEK_SET) == 0 ? 0 : -1;
}

/* ---- the answer ---- */

/* Whether a header line[n] is NAME: value; *value is then trimmed. */
static bool is_field(const char *line, size_t n, const char *name, const char **value, size_t *n_value)
{
    const size_t len = strlen(name);

    if (n <= len || !kymo_begins(line, name) || line[len] != ':')
        return false;
    *value = line + len + 1;
    *n_value = kymo_trim(value, n - len - 1);
    return true;
}

/* "bytes 100-199/200" */
static void take_range(struct job *j, const char *text, size_t n)
{
    char copy[80];
    long long first, last, total;

    snprintf(copy, sizeof copy, "%.*s", (int)n, text);
    if (sscanf(copy, "bytes %lld-%lld/%lld", &first, &last, &total) == 3) {
        j->first = first;
        j->total = total;
    }
}

static size_t take_header(char *line, size_t one, size_t n, void *to)
{
    struct job *const j = to;
    const char *value;
    size_t n_value;
    int64_t number;

    if (n > 5 && strncmp(line, "HTTP/", 5) == 0) {   /* of the next answer, where one led elsewhere */
        *j->version = '\0';
        j->has_etag = j->chunked = false;
        j->length = j->first = j->total = -1;
        j->wait_s = -1;
    } else if (is_field(line, n, "ETag", &value, &n_value) && n_value < LONGEST_TAG && strncmp(value, "W/", 2) != 0) {
        snprintf(j->version, sizeof j->version, "%.*s", (int)n_value, value);
        j->has_etag = true;
    } else if (!j->has_etag && is_field(line, n, "Last-Modified", &value, &n_value) && n_value < LONGEST_TAG) {
        snprintf(j->version, sizeof j->version, "%.*s", (int)n_value, value);
    } else if (is_field(line, n, "Content-Length", &value, &n_value) && kymo_parse_int(value, n_value, &number)) {
        j->length = number;
    } else if (is_field(line, n, "Content-Range", &value, &n_value)) {
        take_range(j, value, n_value);
    } else if (is_field(line, n, "Retry-After", &value, &n_value) && kymo_parse_int(value, n_value, &number)) {
        j->wait_s = (double)number;   /* the form with a date is left to our own pauses */
    } else if (is_field(line, n, "Transfer-Encoding", &value, &n_value)) {
        j->chunked = true;
    }
    return n * one;
}

/* Before the first byte: is it the whole file, or the part that we asked for? False: neither, or more than can be. */
static bool begin_body(struct job *j, long status)
{
    j->begun = true;
    if (status == 206 && j->first != j->size) {
        j->misplaced = true;
        return false;
    }
    if (j->length > MOST_BYTES || j->total > MOST_BYTES) {
        j->too_large = true;
        return false;
    }
    if (status == 200) {
        struct kymo_err ignored = {0};
        if (cut_part(j) != 0)
            j->write_error = errno;
        /* Without a name for its version it cannot be gone on with: no harm but time. */
        if (*j->version == '\0' || kymo_put_short_file(j->tag, j->version, &ignored) < 0)
            unlink(j->tag);
    }
    return j->write_error == 0;
}

static size_t take_body(char *bytes, size_t one, size_t n, void *to)
{
    struct job *const j = to;
    long status = 0;
    size_t put = 0;

    j->t->call.get(j->t->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200 && status != 206)
        return n * one;           /* what a server says in the place of a file */
    if (!j->begun && !begin_body(j, status))
        return 0;
    if (j->size + (int64_t)n > MOST_BYTES) {
        j->too_large = true;
        return 0;
    }
    while (put < n) {
        const ssize_t made = write(j->fd, bytes + put, n - put);
        if (made < 0 && errno != EINTR) {
            j->write_error = errno;
            return 0;
        }
        put += made > 0 ? (size_t)made : 0;
    }
    j->size += (int64_t)n;
    return n * one;
}

/* ---- one try ---- */

static bool is_passing(CURLcode code)
{
    switch (code) {
    case CURLE_PARTIAL_FILE: case CURLE_RECV_ERROR: case CURLE_SEND_ERROR: case CURLE_GOT_NOTHING:
    case CURLE_OPERATION_TIMEDOUT: case CURLE_HTTP2: case CURLE_HTTP2_STREAM: return true;
    default: return false;
    }
}

static bool is_nobody(CURLcode code)
{
    return code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY;
}

static void set_options(struct job *j, struct curl_slist *headers, const char *range, char *message)
{
    const struct calls *const c = &j->t->call;
    CURL *const curl = j->t->curl;
    const bool is_secure = strncmp(j->w->url, "https:", 6) == 0;

    c->reset(curl);               /* options, not the connection; TLS certificates are verified, as libcurl does by itself */
    c->set(curl, CURLOPT_URL, j->w->url);
    c->set(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    c->set(curl, CURLOPT_REDIR_PROTOCOLS_STR, is_secure ? "https" : "http,https");
    c->set(curl, CURLOPT_FOLLOWLOCATION, 1L);
    c->set(curl, CURLOPT_MAXREDIRS, MOST_REDIRECTS);
    c->set(curl, CURLOPT_NETRC, (long)CURL_NETRC_OPTIONAL);
    c->set(curl, CURLOPT_USERAGENT, "kymo");
    c->set(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)(j->t->timeout_s * 1000));
    c->set(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    c->set(curl, CURLOPT_LOW_SPEED_TIME, (long)j->t->timeout_s);
    c->set(curl, CURLOPT_HEADERFUNCTION, take_header);
    c->set(curl, CURLOPT_HEADERDATA, j);
    c->set(curl, CURLOPT_WRITEFUNCTION, take_body);
    c->set(curl, CURLOPT_WRITEDATA, j);
    c->set(curl, CURLOPT_ERRORBUFFER, message);
    if (j->t->ca_file)
        c->set(curl, CURLOPT_CAINFO, j->t->ca_file);
    if (*range)
        c->set(curl, CURLOPT_RANGE, range);
    if (headers)
        c->set(curl, CURLOPT_HTTPHEADER, headers);
}

static int fail_status(struct job *j, long status, struct kymo_err *e)
{
    j->again = status >= 500 || status == 408 || status == 429;
    return kymo_fail_at(e, KYMO_ENET, j->w->url, -1, "the server answers %ld%s", status,
                        status == 401 ? ": it wants a name and a password, which ~/.netrc can hold"
                        : status == 403 ? ": this file is not for everybody; ~/.netrc can hold a name and a password"
                        : status == 429 ? ", too many requests" : "");
}

static int fail_try(struct job *j, CURLcode code, const char *message, struct kymo_err *e)
{
    if (j->write_error)
        return kymo_fail_at(e, KYMO_EIO, j->part, j->size, "%s", strerror(j->write_error));
    if (j->too_large)
        return kymo_fail_at(e, KYMO_ENET, j->w->url, -1, "more than %lld bytes: not believed", (long long)MOST_BYTES);
    j->again = is_passing(code) || (is_nobody(code) && j->t->answered);
    j->t->cut_off = is_nobody(code);
    if (code == CURLE_PEER_FAILED_VERIFICATION)
        return kymo_fail_at(e, KYMO_ENET, j->w->url, -1, "not the server that it says: %s", message);
    return kymo_fail_at(e, KYMO_ENET, j->w->url, j->begun ? j->size : -1, "%s", message);
}

/* What came is of the length that was told. */
static int check_length(struct job *j, long status, long version, struct kymo_err *e)
{
    const int64_t total = status == 206 ? j->total : j->length;

    if (total >= 0 && total != j->size) {
        j->again = true;
        return kymo_fail_at(e, KYMO_ENET, j->w->url, j->size, "ends there, and has %lld bytes", (long long)total);
    }
    if (total < 0 && !j->chunked && version < CURL_HTTP_VERSION_2_0 && !j->w->sha256)
        return kymo_fail_at(e, KYMO_ENET, j->w->url, -1, "the server does not tell how long it is, nor where it ends");
    return 0;
}

static int judge(struct job *j, CURLcode code, const char *message, struct kymo_err *e)
{
    const struct calls *const c = &j->t->call;
    long status = 0, version = 0;

    c->get(j->t->curl, CURLINFO_RESPONSE_CODE, &status);
    c->get(j->t->curl, CURLINFO_HTTP_VERSION, &version);
    j->t->answered |= status > 0;
    if (status == 404 || status == 410)
        return KYMO_NOT_THERE;
    if (status == 416 || j->misplaced) {   /* our part is of no use */
        j->again = cut_part(j) == 0;
        return kymo_fail_at(e, KYMO_ENET, j->w->url, -1, "the server has no such part of it");
    }
    if (status >= 400)
        return fail_status(j, status, e);
    if (code == CURLE_OK && !j->begun && status == 200)
        begin_body(j, status);    /* an empty file */
    if (code != CURLE_OK || j->write_error || j->too_large)
        return fail_try(j, code, *message ? message : c->error(code), e);
    if (status != 200 && status != 206)
        return fail_status(j, status, e);
    const int rc = check_length(j, status, version, e);
    return rc < 0 ? rc : KYMO_FETCHED;
}

static int try_once(struct job *j, struct kymo_err *e)
{
    const struct calls *const c = &j->t->call;
    struct curl_slist *headers = NULL;
    char range[32] = "", version[LONGEST_TAG] = "", field[LONGEST_TAG + 16], message[CURL_ERROR_SIZE] = "";

    kymo_get_short_file(j->tag, version, sizeof version);
    j->again = j->begun = j->misplaced = j->too_large = j->t->cut_off = false;
    j->write_error = 0;
    j->wait_s = -1;
    if ((*version == '\0' && cut_part(j) != 0) || lseek(j->fd, j->size, SEEK_SET) != j->size)
        return kymo_fail_file(j->part, e);
    if (j->size > 0) {
        snprintf(range, sizeof range, "%lld-", (long long)j->size);
        snprintf(field, sizeof field, "If-Range: %s", version);
        if (!(headers = c->append(NULL, field)))
            return kymo_fail(e, KYMO_ENOMEM, "no memory for a transfer");
        j->resumed = true;
    }
    set_options(j, headers, range, message);
    const CURLcode code = c->perform(j->t->curl);
    const int rc = judge(j, code, message, e);
    c->free_all(headers);
    return rc;
}

/* ---- until it is whole ---- */

/* Another one than it should be is of no use, unless only our part of it was. */
static int check_sum(struct job *j, struct kymo_err *e)
{
    char sha256[KYMO_SHA256_TEXT];
    const bool resumed = j->resumed;

    if (!j->w->sha256)
        return KYMO_FETCHED;
    const int rc = kymo_sha256_file(j->part, sha256, e);
    if (rc < 0 || strcmp(sha256, j->w->sha256) == 0)
        return rc < 0 ? rc : KYMO_FETCHED;
    j->again = resumed && cut_part(j) == 0;
    if (!j->again) {
        unlink(j->part);
        unlink(j->tag);
    }
    return kymo_fail_at(e, KYMO_EDATA, j->w->url, -1, "sha256 %s, which %s says is %s: removed", sha256, j->w->sums,
                        j->w->sha256);
}

/* Before try number n + 1 after a failure. */
static int pause_try(const struct job *j, int64_t n, struct kymo_err *e)
{
    double s = j->t->pause_s;

    for (int64_t i = 0; i < n && s < LONGEST_PAUSE_S; i++)
        s *= 2;
    if (s > LONGEST_PAUSE_S)
        s = LONGEST_PAUSE_S;
    if (j->wait_s >= 0)
        s = j->wait_s;
    if (s > LONGEST_WAIT_S)
        return kymo_during(e, "it asks to wait for %.0f s, more than %d: try later", s, LONGEST_WAIT_S);
    struct timespec left = {.tv_sec = (time_t)s, .tv_nsec = (long)((s - (double)(time_t)s) * 1e9)};
    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        continue;
    return 0;
}

static int fetch(struct job *j, struct kymo_err *e)
{
    int64_t furthest = j->size, failed = 0;

    for (;;) {
        struct kymo_err why = {0};
        int rc = try_once(j, &why);
        if (rc == KYMO_FETCHED)
            rc = check_sum(j, &why);
        if (rc >= 0)
            return rc;
        failed = j->size > furthest ? 0 : failed + 1;
        furthest = j->size > furthest ? j->size : furthest;
        if (j->again && failed < j->t->tries) {
            if (pause_try(j, failed > 0 ? failed - 1 : 0, &why) == 0)
                continue;
        } else if (failed > 1) {
            kymo_during(&why, "given up after %lld tries", (long long)failed);
        }
        *e = why;
        return rc;
    }
}

/* Seal first: one without its file does no harm. */
static int put_in_place(const struct job *j, struct kymo_err *e)
{
    char text[80];

    if (j->w->sealed && (!kymo_seal_text(j->part, text, sizeof text, e) || kymo_put_short_file(j->seal, text, e) < 0))
        return e->cause[0].code;
    if (rename(j->part, j->w->path) != 0)
        return kymo_fail_file(j->w->path, e);
    unlink(j->tag);
    return 0;
}

static int get_locked(struct job *j, struct kymo_err *e)
{
    if (!j->w->renewed && kymo_wanted_is_there(j->w)) {   /* another process was faster */
        unlink(j->part);
        unlink(j->tag);
        return KYMO_KEPT;
    }
    const int got = fetch(j, e);
    if (got == KYMO_FETCHED)
        return put_in_place(j, e) < 0 ? e->cause[0].code : KYMO_FETCHED;
    if (j->size == 0 || access(j->tag, F_OK) != 0) {   /* nothing to go on with */
        unlink(j->part);
        unlink(j->tag);
    }
    return got;
}

int kymo_transfer_get(struct kymo_transfer *t, const struct kymo_wanted *w, struct kymo_err *e)
{
    struct job j = {.t = t, .w = w, .fd = -1};
    int rc;

    if (!w->renewed && kymo_wanted_is_there(w))
        return KYMO_KEPT;
    if (asprintf(&j.part, "%s.part", w->path) < 0 || asprintf(&j.tag, "%s.part.tag", w->path) < 0 ||
        asprintf(&j.seal, "%s.seal", w->path) < 0)
        rc = kymo_fail(e, KYMO_ENOMEM, "no memory for %s", w->path);
    else if ((rc = kymo_make_folders(w->path, e)) == 0 && (rc = lock_part(&j, e)) == 0)
        rc = get_locked(&j, e);
    if (j.fd >= 0)
        close(j.fd);
    free(j.part);
    free(j.tag);
    free(j.seal);
    return rc;
}
