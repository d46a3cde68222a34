/* cli/batch_state.c - kymo batch: the folder that remembers what is done, so that it is not done again.
 *
 * A line of manifest.jsonl is an object: record, command (its words), version, inputs (path, bytes, mtime_ns, digest of each
 * file), status, seconds, cpu_s, memory_kb, warnings, and part (digest) or error. A recording is done if any of its lines
 * says so of the inputs, the command, the version and the table that are there: their order does not matter. So tasks of a
 * job write lines of their own, tasks/N.jsonl, under a lock of their own, and the next batch that is alone in the folder
 * moves these to manifest.jsonl. Lines are appended in one write, so that a batch that was killed leaves whole lines, or one
 * that does not end, which is passed over. */
#include "cli/batch.h"

#include "lib/remote.h"

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

/* A pattern that fits text[n] alone; returns its length, at most cap - 4. */
static size_t plain_pattern(const char *text, size_t n, char *pattern, size_t cap)
{
    size_t made = 0;

    for (size_t i = 0; i < n && made + 5 < cap; i++) {
        if (strchr("*?[\\", text[i]))
            pattern[made++] = '\\';
        pattern[made++] = text[i];
    }
    pattern[made] = '\0';
    return made;
}

/* A WFDB record is all files of its name, whatever their ending; others are one file. What a URL names is taken to stay what it
 * is: only the name is remembered. */
json_t *batch_inputs(const char *record, struct kymo_err *e)
{
    const size_t n = strlen(record);
    const bool named = n > 4 && strcmp(record + n - 4, ".hea") == 0;
    json_t *const all = json_array();
    char pattern[8400];
    glob_t found = {0};
    struct stat st;
    int rc = all ? 0 : out_of_memory(e);

    if (rc == 0 && kymo_is_remote(record)) {
        if (json_array_append_new(all, json_pack("{s:s}", "path", record)) != 0)
            rc = out_of_memory(e);
    } else if (rc == 0 && !named && stat(record, &st) == 0 && S_ISREG(st.st_mode)) {
        rc = add_input(all, record, e);
    } else if (rc == 0) {
        memcpy(pattern + plain_pattern(record, named ? n - 4 : n, pattern, sizeof pattern), ".*", sizeof ".*");
        if (glob(pattern, 0, NULL, &found) != 0)
            rc = kymo_fail(e, KYMO_EIO, "no such recording");
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

    if (path && kymo_is_remote(path))
        return true;
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

/* The first line of a recording, or where it would be. */
static size_t first_entry(const struct batch_state *s, const char *record)
{
    size_t low = 0, high = s->n;

    while (low < high) {
        const size_t mid = (low + high) / 2;
        if (strcmp(s->entry[mid].of, record) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static bool is_of(const struct batch_state *s, size_t i, const char *record)
{
    return i < s->n && strcmp(s->entry[i].of, record) == 0;
}

static bool is_status(const json_t *line, bool zero)
{
    const json_t *const status = json_object_get(line, "status");

    return json_is_integer(status) && (json_integer_value(status) == 0) == zero;
}

/* Whether this line is of a run that would be the same now. */
static bool is_done(const struct batch_state *s, const char *record, const json_t *line)
{
    const char *const version = json_string_value(json_object_get(line, "version"));

    return is_status(line, true) && version && strcmp(version, KYMO_VERSION) == 0 &&
           json_equal(json_object_get(line, "command"), s->command) && batch_inputs_same(json_object_get(line, "inputs")) &&
           part_is_there(s, record, line);
}

bool batch_is_done(const struct batch_state *s, const char *record)
{
    bool done = false;

    for (size_t i = first_entry(s, record); !done && is_of(s, i, record); i++) {
        json_t *const line = json_loads(s->entry[i].line, 0, NULL);
        done = is_done(s, record, line);
        json_decref(line);
    }
    return done;
}

bool batch_failure(const struct batch_state *s, const char *record, bool of_task, char *text, size_t cap)
{
    bool failed = false;

    for (size_t i = first_entry(s, record); is_of(s, i, record); i++) {
        json_t *const line = of_task && !s->entry[i].of_task ? NULL : json_loads(s->entry[i].line, 0, NULL);
        const char *const why = json_string_value(json_object_get(line, "error"));
        if (why && is_status(line, false)) {
            snprintf(text, cap, "%s", why);
            failed = true;
        }
        json_decref(line);
    }
    return failed;
}

static int by_record(const void *a, const void *b)
{
    const struct batch_entry *const x = a, *const y = b;
    const int way = strcmp(x->of, y->of);

    return way ? way : (x->number > y->number) - (x->number < y->number);
}

/* A line that is no object with a record is one that a killed batch did not end: passed over. */
static int take_entry(struct batch_state *s, const char *line, size_t n_line, bool of_task, struct kymo_err *e)
{
    json_t *const object = json_loadb(line, n_line, 0, NULL);
    const char *const record = json_string_value(json_object_get(object, "record"));
    struct batch_entry *more = NULL;
    int rc = 0;

    if (record) {
        more = (s->n & (s->n - 1)) == 0 ? realloc(s->entry, (s->n ? 2 * s->n : 1) * sizeof *more) : s->entry;
        if (more) {
            s->entry = more;
            more[s->n] = (struct batch_entry){strdup(record), strndup(line, n_line), s->n, of_task};
            rc = more[s->n].of && more[s->n].line ? 0 : out_of_memory(e);
            s->n++;
        } else {
            rc = out_of_memory(e);
        }
    }
    json_decref(object);
    return rc;
}

static int read_manifest(struct batch_state *s, const char *path, bool of_task, struct kymo_err *e)
{
    struct stat st;
    const char *line;
    size_t n_line;

    if (stat(path, &st) != 0)
        return 0;
    struct kymo_input *const in = kymo_input_open(path, e);
    int rc = in ? 1 : e->cause[0].code;
    while (rc > 0 && (rc = kymo_line(in, LONGEST_LINE, &line, &n_line, e)) > 0) {
        const int bad = take_entry(s, line, n_line, of_task, e);
        rc = bad < 0 ? bad : rc;
    }
    kymo_input_close(in);
    return rc;
}

/* The manifest that this batch, or this task, writes. */
static void own_manifest(const struct batch_state *s, char *path, size_t cap)
{
    if (s->role == BATCH_TASK)
        snprintf(path, cap, "%s/tasks/%lld.jsonl", s->folder, (long long)s->task);
    else
        snprintf(path, cap, "%s/manifest.jsonl", s->folder);
}

static void release_entries(struct batch_state *s)
{
    for (size_t i = 0; i < s->n; i++) {
        free(s->entry[i].of);
        free(s->entry[i].line);
    }
    free(s->entry);
    s->entry = NULL;
    s->n = 0;
}

/* All of it at once at the end of the manifest; a newline first where a killed batch left none. */
static int append_line(const char *path, const char *text, size_t n, struct kymo_err *e)
{
    char last = '\n';
    const int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);

    if (fd < 0)
        return kymo_fail_at(e, KYMO_EIO, path, -1, "%s", strerror(errno));
    const off_t size = lseek(fd, 0, SEEK_END);
    if (size > 0 && pread(fd, &last, 1, size - 1) != 1)
        last = '\n';
    errno = ENOSPC;   /* what less than all of it means */
    bool fine = last == '\n' || write(fd, "\n", 1) == 1;
    fine = fine && write(fd, text, n) == (ssize_t)n;
    const int why = errno;
    fine = close(fd) == 0 && fine;
    return fine ? 0 : kymo_fail_at(e, KYMO_EIO, path, -1, "cannot be written: %s", strerror(why));
}

/* Whether manifest.jsonl has this line of a task: it was moved before by a batch that was killed at it. */
static bool is_moved(const struct batch_state *s, size_t at)
{
    for (size_t i = first_entry(s, s->entry[at].of); is_of(s, i, s->entry[at].of); i++)
        if (!s->entry[i].of_task && strcmp(s->entry[i].line, s->entry[at].line) == 0)
            return true;
    return false;
}

static int move_entries(struct batch_state *s, const glob_t *tasks, struct kymo_err *e)
{
    char path[4200], *text = NULL;
    size_t n = 0;
    int rc = 0;

    FILE *const lines = open_memstream(&text, &n);
    if (!lines)
        return out_of_memory(e);
    for (size_t i = 0; i < s->n; i++)
        if (s->entry[i].of_task && !is_moved(s, i))
            fprintf(lines, "%s\n", s->entry[i].line);
    rc = fclose(lines) == 0 ? 0 : out_of_memory(e);
    own_manifest(s, path, sizeof path);
    if (rc == 0 && n > 0)
        rc = append_line(path, text, n, e);
    for (size_t i = 0; rc == 0 && i < tasks->gl_pathc; i++)
        remove(tasks->gl_pathv[i]);
    free(text);
    return rc;
}

int batch_state_read(struct batch_state *s, struct kymo_err *e)
{
    char path[8500], pattern[8600];
    glob_t tasks = {0};
    int rc;

    release_entries(s);
    snprintf(path, sizeof path, "%s/manifest.jsonl", s->folder);
    rc = read_manifest(s, path, false, e);
    own_manifest(s, path, sizeof path);
    if (rc == 0 && s->role == BATCH_TASK)
        rc = read_manifest(s, path, true, e);
    plain_pattern(s->folder, strlen(s->folder), path, sizeof path);
    snprintf(pattern, sizeof pattern, "%s/tasks/*.jsonl", path);
    if (rc == 0 && s->role != BATCH_TASK)
        glob(pattern, 0, NULL, &tasks);
    for (size_t i = 0; rc == 0 && i < tasks.gl_pathc; i++)
        rc = read_manifest(s, tasks.gl_pathv[i], true, e);
    if (s->n > 0)
        qsort(s->entry, s->n, sizeof *s->entry, by_record);
    if (rc == 0 && s->role == BATCH_ALONE && tasks.gl_pathc > 0)
        rc = move_entries(s, &tasks, e);
    globfree(&tasks);
    return rc;
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
        own_manifest(s, path, sizeof path);
        rc = append_line(path, whole, strlen(whole), e);
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

/* Opens and locks a file, or says that it is locked already. The system frees the lock of whoever is killed, on NFS too. */
static int lock_file(const char *path, int how, const char *who, const struct batch_state *s, int *fd, struct kymo_err *e)
{
    if (*fd < 0)
        *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (*fd < 0)
        return kymo_fail_at(e, KYMO_EIO, path, -1, "%s", strerror(errno));
    if (flock(*fd, how | LOCK_NB) == 0)
        return 0;
    return errno == EWOULDBLOCK ? kymo_fail_at(e, KYMO_EIO, s->folder, -1, "another %s works in this folder", who)
                                : kymo_fail_at(e, KYMO_EIO, path, -1, "no lock: %s", strerror(errno));
}

int batch_state_share(struct batch_state *s, struct kymo_err *e)
{
    s->role = BATCH_WAIT;
    return lock_file(s->folder, LOCK_SH, "batch", s, &s->lock, e);
}

int batch_state_retake(struct batch_state *s, struct kymo_err *e)
{
    s->role = BATCH_ALONE;
    return lock_file(s->folder, LOCK_EX, "batch, or a task of one,", s, &s->lock, e);
}

static int take_locks(struct batch_state *s, struct kymo_err *e)
{
    char path[4200];
    int rc;

    snprintf(path, sizeof path, "%s/lock", s->folder);
    rc = lock_file(path, s->role == BATCH_ALONE ? LOCK_EX : LOCK_SH, "batch", s, &s->lock, e);
    if (rc < 0 || s->role != BATCH_TASK)
        return rc;
    snprintf(path, sizeof path, "%s/tasks/%lld.lock", s->folder, (long long)s->task);
    return lock_file(path, LOCK_EX, "run of this task", s, &s->task_lock, e);
}

static int make_folders(const struct batch_state *s, struct kymo_err *e)
{
    static const char *const names[] = {"", "/parts", "/tasks"};
    char path[4200];
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s%s", s->folder, names[i]);
        rc = make_folder(path, e);
    }
    return rc;
}

int batch_state_open(struct batch_state *s, const char *path, json_t *command, enum batch_role role, int64_t task,
                     struct kymo_err *e)
{
    char text[4096];
    const char *const tmp = getenv("TMPDIR");
    int rc = 0;

    s->lock = s->task_lock = -1;
    s->role = role;
    s->task = task;
    s->command = command;
    s->temporary = !path;
    snprintf(text, sizeof text, "%s/kymo-batch-XXXXXX", tmp ? tmp : "/tmp");
    if (!path && !mkdtemp(text))
        return kymo_fail_at(e, KYMO_EIO, text, -1, "%s", strerror(errno));
    s->folder = strdup(path ? path : text);
    if (!s->folder || !s->command)
        return out_of_memory(e);
    if (strlen(s->folder) >= sizeof text)
        return kymo_fail(e, KYMO_EUSAGE, "name of the folder is too long");
    if (role != BATCH_LOOK && ((rc = make_folders(s, e)) < 0 || (rc = take_locks(s, e)) < 0))
        return rc;
    return batch_state_read(s, e);
}

static void remove_all(const struct batch_state *s)
{
    static const char *const patterns[] = {"parts/*", "parts", "tasks/*", "tasks", "manifest.jsonl", "lock"};
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
    if (s->task_lock >= 0)
        close(s->task_lock);
    release_entries(s);
    free(s->folder);
    json_decref(s->command);
}
