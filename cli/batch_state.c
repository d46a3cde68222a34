/* cli/batch_state.c - kymo batch: the folder that remembers what is done, so that it is not done again.
 *
 * A line of manifest.jsonl is an object: record, command (its words), version, inputs (path, bytes, mtime_ns, digest of each
 * file), status, seconds, cpu_s, memory_kb, warnings, and part (digest) or error. The last line of a recording counts. Lines
 * are appended in one write, so that a batch that was killed leaves whole lines, or one that does not end, which is passed
 * over. */
#include "cli/batch.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LONGEST_LINE ((size_t)1 << 20)

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for the manifest of a batch"); }

/* ---- inputs ---- */

static int64_t mtime_ns(const struct stat *st) { return (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec; }

static int add_input(json_t *all, const char *path, struct kymo_err *e)
{
    char digest[KYMO_DIGEST_TEXT];
    struct stat st;
    int rc = stat(path, &st) == 0 ? 0 : kymo_fail_at(e, KYMO_EIO, path, -1, "%s", strerror(errno));

    if (rc < 0 || !S_ISREG(st.st_mode) || (rc = kymo_digest_file(path, digest, e)) < 0)
        return rc;
    json_t *const one = json_pack("{s:s, s:I, s:I, s:s}", "path", path, "bytes", (json_int_t)st.st_size, "mtime_ns",
                                  (json_int_t)mtime_ns(&st), "digest", digest);
    return one && json_array_append_new(all, one) == 0 ? 0 : out_of_memory(e);
}

/* A pattern that fits record[n] and any ending. */
static void make_pattern(const char *record, size_t n, char *pattern, size_t cap)
{
    size_t made = 0;

    for (size_t i = 0; i < n && made + 4 < cap; i++) {
        if (strchr("*?[\\", record[i]))
            pattern[made++] = '\\';
        pattern[made++] = record[i];
    }
    memcpy(pattern + made, ".*", sizeof ".*");
}

/* A WFDB record is all files of its name, whatever their ending; others are one file. */
json_t *batch_inputs(const char *record, struct kymo_err *e)
{
    const size_t n = strlen(record);
    const bool named = n > 4 && strcmp(record + n - 4, ".hea") == 0;
    json_t *const all = json_array();
    char pattern[8400];
    glob_t found = {0};
    struct stat st;
    int rc = all ? 0 : out_of_memory(e);

    if (rc == 0 && !named && stat(record, &st) == 0 && S_ISREG(st.st_mode)) {
        rc = add_input(all, record, e);
    } else if (rc == 0) {
        make_pattern(record, named ? n - 4 : n, pattern, sizeof pattern);
        if (glob(pattern, 0, NULL, &found) != 0)
            rc = kymo_fail_at(e, KYMO_EIO, record, -1, "no such recording");
        for (size_t i = 0; rc == 0 && i < found.gl_pathc; i++)
            rc = add_input(all, found.gl_pathv[i], e);
        globfree(&found);
    }
    if (rc == 0)
        return all;
    json_decref(all);
    return NULL;
}

static bool is_same(const json_t *input)
{
    const char *const path = json_string_value(json_object_get(input, "path"));
    const char *const was = json_string_value(json_object_get(input, "digest"));
    char digest[KYMO_DIGEST_TEXT];
    struct kymo_err ignored = {0};
    struct stat st;

    if (!path || !was || stat(path, &st) != 0 || st.st_size != json_integer_value(json_object_get(input, "bytes")))
        return false;
    if (mtime_ns(&st) == json_integer_value(json_object_get(input, "mtime_ns")))
        return true;
    return kymo_digest_file(path, digest, &ignored) == 0 && strcmp(digest, was) == 0;
}

bool batch_inputs_same(const json_t *inputs)
{
    for (size_t i = 0; i < json_array_size(inputs); i++)
        if (!is_same(json_array_get(inputs, i)))
            return false;
    return json_array_size(inputs) > 0;
}

/* ---- parts ---- */

void batch_part(const struct batch_state *s, const char *record, const char *ending, char *text, size_t cap)
{
    const XXH128_hash_t h = XXH3_128bits(record, strlen(record));

    snprintf(text, cap, "%s/parts/%016llx%016llx.%s", s->folder, (unsigned long long)h.high64, (unsigned long long)h.low64,
             ending);
}

static bool part_is_there(const struct batch_state *s, const char *record, const json_t *line)
{
    const char *const was = json_string_value(json_object_get(line, "part"));
    char path[4300], digest[KYMO_DIGEST_TEXT];
    struct kymo_err ignored = {0};

    batch_part(s, record, "csv", path, sizeof path);
    return was && kymo_digest_file(path, digest, &ignored) == 0 && strcmp(digest, was) == 0;
}

/* ---- the manifest ---- */

static const char *last_line(const struct batch_state *s, const char *record)
{
    size_t low = 0, high = s->n;

    while (low < high) {
        const size_t mid = (low + high) / 2;
        const int way = strcmp(s->of[mid], record);
        if (way == 0)
            return s->line[mid];
        if (way < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

bool batch_is_done(const struct batch_state *s, const char *record)
{
    const char *const text = last_line(s, record);
    json_t *const line = text ? json_loads(text, 0, NULL) : NULL;
    const char *const version = json_string_value(json_object_get(line, "version"));
    const json_t *const status = json_object_get(line, "status");
    const bool done = json_is_integer(status) && json_integer_value(status) == 0 && version &&
                      strcmp(version, KYMO_VERSION) == 0 && json_equal(json_object_get(line, "command"), s->command) &&
                      batch_inputs_same(json_object_get(line, "inputs")) && part_is_there(s, record, line);

    json_decref(line);
    return done;
}

struct entry {
    char *of, *line;
    size_t number;
};

static int by_record(const void *a, const void *b)
{
    const struct entry *const x = a, *const y = b;
    const int way = strcmp(x->of, y->of);

    return way ? way : (x->number > y->number) - (x->number < y->number);
}

/* A line that is no object with a record is one that a killed batch did not end: passed over. */
static int take_entry(struct entry **all, size_t *n, const char *line, size_t n_line, struct kymo_err *e)
{
    json_t *const object = json_loadb(line, n_line, 0, NULL);
    const char *const record = json_string_value(json_object_get(object, "record"));
    struct entry *more = NULL;
    int rc = 0;

    if (record) {
        more = (*n & (*n - 1)) == 0 ? realloc(*all, (*n ? 2 * *n : 1) * sizeof **all) : *all;
        if (more) {
            *all = more;
            more[*n] = (struct entry){strdup(record), strndup(line, n_line), *n};
            rc = more[*n].of && more[*n].line ? 0 : out_of_memory(e);
            ++*n;
        } else {
            rc = out_of_memory(e);
        }
    }
    json_decref(object);
    return rc;
}

/* Keeps the last line of each recording. */
static int index_entries(struct batch_state *s, struct entry *all, size_t n, struct kymo_err *e)
{
    qsort(all, n, sizeof *all, by_record);
    s->line = calloc(n + 1, sizeof *s->line);
    s->of = calloc(n + 1, sizeof *s->of);
    if (!s->line || !s->of)
        return out_of_memory(e);
    for (size_t i = 0; i < n; i++) {
        if (i + 1 < n && strcmp(all[i].of, all[i + 1].of) == 0)
            continue;
        s->of[s->n] = all[i].of;
        s->line[s->n++] = all[i].line;
        all[i].of = all[i].line = NULL;
    }
    return 0;
}

static int read_manifest(struct batch_state *s, struct kymo_err *e)
{
    char path[4200];
    struct stat st;
    struct entry *all = NULL;
    const char *line;
    size_t n = 0, n_line;
    int rc = 1;

    snprintf(path, sizeof path, "%s/manifest.jsonl", s->folder);
    if (stat(path, &st) != 0)
        return 0;
    struct kymo_input *const in = kymo_input_open(path, e);
    rc = in ? 1 : e->cause[0].code;
    while (rc > 0 && (rc = kymo_line(in, LONGEST_LINE, &line, &n_line, e)) > 0) {
        const int bad = take_entry(&all, &n, line, n_line, e);
        rc = bad < 0 ? bad : rc;
    }
    kymo_input_close(in);
    if (rc == 0)
        rc = index_entries(s, all, n, e);
    for (size_t i = 0; i < n; i++) {
        free(all[i].of);
        free(all[i].line);
    }
    free(all);
    return rc;
}

/* All of it at once at the end of the manifest; a newline first where a killed batch left none. */
static int append_line(const struct batch_state *s, const char *text, struct kymo_err *e)
{
    char path[4200], last = '\n';
    const size_t n = strlen(text);

    snprintf(path, sizeof path, "%s/manifest.jsonl", s->folder);
    const int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (fd < 0)
        return kymo_fail_at(e, KYMO_EIO, path, -1, "%s", strerror(errno));
    const off_t size = lseek(fd, 0, SEEK_END);
    if (size > 0 && pread(fd, &last, 1, size - 1) != 1)
        last = '\n';
    bool fine = last == '\n' || write(fd, "\n", 1) == 1;
    fine = fine && write(fd, text, n) == (ssize_t)n;
    const int why = errno;
    fine = close(fd) == 0 && fine;
    return fine ? 0 : kymo_fail_at(e, KYMO_EIO, path, -1, "cannot be written: %s", strerror(why));
}

int batch_remember(struct batch_state *s, const struct batch_run *run, json_t *inputs, struct kymo_err *e)
{
    char path[4300], digest[KYMO_DIGEST_TEXT];
    json_t *const line = json_pack("{s:s, s:O, s:s, s:O, s:i, s:f, s:f, s:I, s:I}", "record", run->record, "command",
                                   s->command, "version", KYMO_VERSION, "inputs", inputs, "status", run->status, "seconds",
                                   run->seconds, "cpu_s", run->cpu_s, "memory_kb", (json_int_t)run->memory_kb, "warnings",
                                   (json_int_t)run->warnings);
    int rc = line ? 0 : out_of_memory(e);

    if (rc == 0 && run->error && !kymo_json_put(line, "error", json_string(run->error)))
        rc = out_of_memory(e);
    if (rc == 0 && !run->error) {
        batch_part(s, run->record, "csv", path, sizeof path);
        rc = kymo_digest_file(path, digest, e);
        if (rc == 0 && !kymo_json_put(line, "part", json_string(digest)))
            rc = out_of_memory(e);
    }
    char *const text = rc == 0 ? json_dumps(line, JSON_COMPACT | JSON_REAL_PRECISION(6)) : NULL;
    char *whole = NULL;
    if (text && asprintf(&whole, "%s\n", text) >= 0) {
        rc = append_line(s, whole, e);
        free(whole);
    } else if (rc == 0) {
        rc = out_of_memory(e);
    }
    free(text);
    json_decref(line);
    return rc;
}

/* ---- the folder ---- */

static int make_folder(const char *path, struct kymo_err *e)
{
    return mkdir(path, 0777) == 0 || errno == EEXIST ? 0 : kymo_fail_at(e, KYMO_EIO, path, -1, "%s", strerror(errno));
}

static int lock_folder(struct batch_state *s, struct kymo_err *e)
{
    char path[4200];

    snprintf(path, sizeof path, "%s/lock", s->folder);
    s->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (s->lock < 0)
        return kymo_fail_at(e, KYMO_EIO, path, -1, "%s", strerror(errno));
    if (flock(s->lock, LOCK_EX | LOCK_NB) != 0)
        return kymo_fail_at(e, KYMO_EIO, s->folder, -1, "another batch works in this folder");
    return 0;
}

static json_t *array_of(const char *const *word, size_t n)
{
    json_t *const all = json_array();

    for (size_t i = 0; all && i < n; i++)
        json_array_append_new(all, json_string(word[i]));
    return all;
}

int batch_state_open(struct batch_state *s, const char *path, const char *const *word, size_t n_words, struct kymo_err *e)
{
    char text[4096];
    const char *const tmp = getenv("TMPDIR");
    int rc;

    s->lock = -1;
    s->temporary = !path;
    snprintf(text, sizeof text, "%s/kymo-batch-XXXXXX", tmp ? tmp : "/tmp");
    if (!path && !mkdtemp(text))
        return kymo_fail_at(e, KYMO_EIO, text, -1, "%s", strerror(errno));
    s->folder = strdup(path ? path : text);
    s->command = array_of(word, n_words);
    if (!s->folder || !s->command)
        return out_of_memory(e);
    if (strlen(s->folder) >= sizeof text)
        return kymo_fail(e, KYMO_EUSAGE, "name of the folder is too long");
    snprintf(text, sizeof text, "%.4000s/parts", s->folder);
    if ((rc = make_folder(s->folder, e)) < 0 || (rc = lock_folder(s, e)) < 0 || (rc = make_folder(text, e)) < 0)
        return rc;
    return read_manifest(s, e);
}

static void remove_all(const struct batch_state *s)
{
    static const char *const patterns[] = {"parts/*", "parts", "manifest.jsonl", "lock"};
    char path[4200];

    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        glob_t found = {0};
        snprintf(path, sizeof path, "%s/%s", s->folder, patterns[i]);
        if (glob(path, 0, NULL, &found) == 0)
            for (size_t k = 0; k < found.gl_pathc; k++)
                remove(found.gl_pathv[k]);
        globfree(&found);
    }
    remove(s->folder);
}

void batch_state_close(struct batch_state *s)
{
    if (s->temporary && s->folder)
        remove_all(s);
    if (s->lock >= 0)
        close(s->lock);
    for (size_t i = 0; i < s->n; i++) {
        free(s->of[i]);
        free(s->line[i]);
    }
    free(s->of);
    free(s->line);
    free(s->folder);
    json_decref(s->command);
}
