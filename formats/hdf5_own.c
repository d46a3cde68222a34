/* formats/hdf5_own.c - opens a file of our own layout, kymo-hdf5(5). */
#include "formats/hdf5_reader.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TEXTS_LIMIT 1000000       /* lines of history, notes, tracks */

static int unusable(const struct kymo_reader *r, const char *object, struct kymo_err *e)
{
    return h5_fail_at(e, KYMO_EFORMAT, r->path, object, "unusable");
}

/* ---- header ---- */

static int read_start(hid_t root, struct kymo_header *h, struct kymo_err *e)
{
    struct kymo_start *start = &h->start;
    const char *date = "";
    int64_t ns = -1, y, m, d;
    int rc = h5_get_text(root, "start_date", &date, h, e);

    if (rc == 0)
        rc = h5_get_int(root, "start_time_ns", &ns, e);
    if (rc < 0)
        return rc;
    if (*date) {
        if (strlen(date) != 10 || !kymo_parse_int(date, 4, &y) || !kymo_parse_int(date + 5, 2, &m) ||
            !kymo_parse_int(date + 8, 2, &d) || y < 1 || m < 1 || m > 12 || d < 1 || d > 31)
            return kymo_fail(e, KYMO_EFORMAT, "start_date \"%.20s\" is not YYYY-MM-DD", date);
        start->has_date = true;
        start->year = (int)y, start->month = (int)m, start->day = (int)d;
    }
    if (ns >= 86400 * KYMO_NS_PER_S)
        return kymo_fail(e, KYMO_EFORMAT, "start_time_ns %lld is behind midnight", (long long)ns);
    start->has_time = ns >= 0;
    start->time_ns = ns >= 0 ? ns : 0;
    return 0;
}

static int read_header(hid_t root, struct kymo_header *h, struct kymo_err *e)
{
    int rc;

    if ((rc = h5_get_text(root, "record", &h->record, h, e)) < 0 ||
        (rc = h5_get_text(root, "source_format", &h->format, h, e)) < 0 ||
        (rc = h5_get_text(root, "subject_id", &h->subject.id, h, e)) < 0 ||
        (rc = h5_get_text(root, "subject_name", &h->subject.name, h, e)) < 0 ||
        (rc = h5_get_text(root, "subject_sex", &h->subject.sex, h, e)) < 0 ||
        (rc = h5_get_text(root, "subject_birth", &h->subject.birth, h, e)) < 0 ||
        (rc = h5_get_text(root, "recording", &h->recording, h, e)) < 0 ||
        (rc = h5_get_int(root, "duration_ns", &h->duration_ns, e)) < 0)
        return rc;
    if (h->duration_ns != KYMO_UNKNOWN && !h5_is_time(h->duration_ns))
        return kymo_fail(e, KYMO_EFORMAT, "duration_ns %lld: no recording is so long", (long long)h->duration_ns);
    return read_start(root, h, e);
}

/* The number of items of a 1-D dataset, after checking that as many are stored. */
static int count_items(struct kymo_reader *r, hid_t set, const char *name, int64_t most, hsize_t *n, struct kymo_err *e)
{
    const hid_t space = H5Dget_space(set);
    const hssize_t items = space >= 0 ? H5Sget_simple_extent_npoints(space) : -1;

    if (space >= 0)
        H5Sclose(space);
    if (items < 0)
        return h5_fail(e, r->path, name, "cannot be read");
    if (items > most)
        return h5_fail_at(e, KYMO_EFORMAT, r->path, name, "%lld items, at most %lld", (long long)items, (long long)most);
    if (items > 0 && H5Dget_storage_size(set) == 0)
        return h5_fail_at(e, KYMO_EFORMAT, r->path, name, "%lld items claimed, none stored", (long long)items);
    *n = (hsize_t)items;
    return 0;
}

/* n texts of a list, one after another. */
static int take_texts(struct kymo_reader *r, hid_t set, const char *name, hsize_t n,
                      int (*add)(struct kymo_header *, const char *, struct kymo_err *), struct kymo_err *e)
{
    const hid_t type = H5Dget_type(set);
    const size_t width = type >= 0 && H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) == 0
                             ? H5Tget_size(type) : 0;
    const hid_t mem = h5_text_type(width ? width : 1);
    char *text = width > 0 && width <= H5_TEXT_LIMIT ? calloc(width + 1, 1) : NULL;
    int rc = text ? 0 : h5_fail_at(e, KYMO_EFORMAT, r->path, name, "is not a list of texts");

    for (hsize_t i = 0; rc >= 0 && i < n; i++)
        rc = h5_read_items(set, mem, i, 1, text) ? add(&r->source, text, e) : h5_fail(e, r->path, name, "cannot be read");
    free(text);
    H5Tclose(mem);
    if (type >= 0)
        H5Tclose(type);
    return rc;
}

static int read_texts(struct kymo_reader *r, hid_t file, const char *name,
                      int (*add)(struct kymo_header *, const char *, struct kymo_err *), struct kymo_err *e)
{
    hsize_t n;

    if (H5Lexists(file, name, H5P_DEFAULT) == 0)
        return 0;
    const hid_t set = H5Dopen2(file, name, H5P_DEFAULT);
    if (set < 0)
        return h5_fail(e, r->path, name, "cannot be opened");
    int rc = count_items(r, set, name, TEXTS_LIMIT, &n, e);
    if (rc == 0 && n > 0)
        rc = take_texts(r, set, name, n, add, e);
    H5Dclose(set);
    return rc < 0 ? rc : 0;
}

static int add_note(struct kymo_header *h, const char *text, struct kymo_err *e)
{
    return kymo_header_add_note(h, text, strlen(text), e);
}

/* ---- signals ---- */

struct names {
    char **name;
    size_t n, cap;
    bool failed;
};

static herr_t keep_name(hid_t group, const char *name, const H5L_info_t *info, void *to)
{
    struct names *all = to;

    (void)group;
    (void)info;
    if (all->n == all->cap) {
        const size_t cap = all->cap ? 2 * all->cap : 64;
        char **larger = cap <= 2 * KYMO_MAX_SIGNALS ? realloc(all->name, cap * sizeof *larger) : NULL;
        if (!larger) {
            all->failed = true;
            return -1;
        }
        all->name = larger;
        all->cap = cap;
    }
    if (!(all->name[all->n] = strdup(name))) {
        all->failed = true;
        return -1;
    }
    all->n++;
    return 0;
}

static int read_rate(hid_t set, struct kymo_signal *sig, struct kymo_err *e)
{
    int64_t num = 0, den = 0;
    int rc;

    if ((rc = h5_get_int(set, "rate_num", &num, e)) < 0 || (rc = h5_get_int(set, "rate_den", &den, e)) < 0)
        return rc;
    if (num < 1 || den < 1 || num > KYMO_RATIO_LIMIT || den > KYMO_RATIO_LIMIT)
        return kymo_fail(e, KYMO_EFORMAT, "rate %lld/%lld is not two integers in 1..10^12", (long long)num, (long long)den);
    sig->rate = kymo_ratio(num, den);
    return 0;
}

static int read_storage(hid_t set, struct kymo_header *h, struct kymo_signal *sig, struct h5_column *column,
                        struct kymo_err *e)
{
    const char *name = "";
    int64_t missing = KYMO_UNKNOWN, can_miss = 0;
    int k = 0, rc;

    if ((rc = h5_get_text(set, "storage", &name, h, e)) < 0 || (rc = h5_get_int(set, "missing", &missing, e)) < 0 ||
        (rc = h5_get_int(set, "can_miss", &can_miss, e)) < 0)
        return rc;
    while (k < KYMO_STORAGES && strcmp(name, kymo_storage_name((enum kymo_storage)k)) != 0)
        k++;
    if (k == KYMO_STORAGES)
        return kymo_fail(e, KYMO_EFORMAT, "storage \"%.20s\" is none of i16 i24 i32 f32 f64", name);
    if (missing != KYMO_UNKNOWN && (missing < INT32_MIN || missing > INT32_MAX))
        return kymo_fail(e, KYMO_EFORMAT, "missing %lld is no stored integer", (long long)missing);
    sig->storage = (enum kymo_storage)k;
    sig->can_miss = missing != KYMO_UNKNOWN || can_miss != 0;
    column->can_miss = missing != KYMO_UNKNOWN && kymo_storage_is_integer(sig->storage);
    column->missing = (double)missing;
    return 0;
}

bool h5_holds_storage(hid_t set, enum kymo_storage storage)
{
    const hid_t type = H5Dget_type(set), space = H5Dget_space(set);
    const bool integer = kymo_storage_is_integer(storage);
    const size_t width = storage == KYMO_I16 ? 2 : storage == KYMO_F64 ? 8 : 4;
    const bool fits = type >= 0 && space >= 0 && H5Tget_class(type) == (integer ? H5T_INTEGER : H5T_FLOAT) &&
                      H5Tget_size(type) == width && (!integer || H5Tget_sign(type) == H5T_SGN_2) &&
                      H5Sget_simple_extent_ndims(space) == 1;

    if (type >= 0)
        H5Tclose(type);
    if (space >= 0)
        H5Sclose(space);
    return fits;
}

static int read_signal(hid_t set, struct kymo_header *h, struct kymo_signal *sig, struct h5_column *column,
                       struct kymo_err *e)
{
    const char *kind = "";
    int64_t calibrated = 0;
    int rc;

    if ((rc = h5_get_text(set, "label", &sig->label, h, e)) < 0 || (rc = h5_get_text(set, "unit", &sig->unit, h, e)) < 0 ||
        (rc = h5_get_text(set, "transducer", &sig->transducer, h, e)) < 0 ||
        (rc = h5_get_text(set, "prefilter", &sig->prefilter, h, e)) < 0 ||
        (rc = h5_get_text(set, "kind", &kind, h, e)) < 0 || (rc = read_rate(set, sig, e)) < 0 ||
        (rc = read_storage(set, h, sig, column, e)) < 0 || (rc = h5_get_int(set, "calibrated", &calibrated, e)) < 0 ||
        (rc = h5_get_real(set, "gain", &sig->gain, e)) < 0 ||
        (rc = h5_get_real(set, "baseline", &sig->baseline, e)) < 0 ||
        (rc = h5_get_real(set, "digital_min", &sig->digital_min, e)) < 0 ||
        (rc = h5_get_real(set, "digital_max", &sig->digital_max, e)) < 0)
        return rc;
    sig->calibrated = calibrated != 0;
    sig->kind = kymo_kind_named(kind);
    if (sig->kind == KYMO_KINDS)
        sig->kind = KYMO_OTHER;
    if (!isfinite(sig->gain) || sig->gain == 0 || !isfinite(sig->baseline))
        return kymo_fail(e, KYMO_EFORMAT, "gain %g, baseline %g are no calibration", sig->gain, sig->baseline);
    if (!h5_holds_storage(set, sig->storage))
        return kymo_fail(e, KYMO_EFORMAT, "the dataset's type is not that of storage %s",
                         kymo_storage_name(sig->storage));
    return 0;
}

/* Whether all n samples can be read, piece by piece. */
static bool reads_whole(const struct h5_set *set, hid_t id)
{
    const size_t piece = h5_piece_of(id);
    void *samples = piece ? malloc(piece * set->width) : NULL;
    bool whole = samples != NULL;

    for (hsize_t at = 0; whole && at < set->n; at += piece)
        whole = h5_read_items(id, set->mem, at, set->n - at < piece ? set->n - at : piece, samples);
    free(samples);
    return whole;
}

/* Samples that are lost have to be told from others: where no integer is kept for that, in a wider storage. */
static void make_room_for_missing(struct kymo_signal *sig)
{
    if (!sig->can_miss && sig->storage <= KYMO_I24)
        sig->storage = sig->storage == KYMO_I16 ? KYMO_I24 : KYMO_I32;
    sig->can_miss = true;
}

/* Opens what holds a signal, reads everything but its samples. */
static int take_signal(struct kymo_reader *r, struct h5_set *set, struct kymo_signal *sig, struct kymo_err *e)
{
    const struct h5_reader *s = r->state;
    const hid_t id = H5Dopen2(s->file, set->path, H5P_DEFAULT);
    int rc;

    if (id < 0)
        return h5_fail(e, r->path, set->path, "cannot be opened");
    rc = read_signal(id, &r->source, sig, set->column, e);
    if (rc < 0)
        unusable(r, set->path, e);
    if (rc == 0)
        rc = count_items(r, id, set->path, H5_INDEX_LIMIT, &set->n, e);
    set->rate = sig->rate;
    sig->n_samples = (int64_t)set->n;
    h5_set_storage(set, sig->storage);
    if (rc == 0 && r->want->salvage && !reads_whole(set, id))
        make_room_for_missing(sig);
    H5Dclose(id);
    return rc;
}

/* The place of a signal in the recording's order. */
static int read_index(struct kymo_reader *r, const char *path, size_t n, int64_t *index, struct kymo_err *e)
{
    const struct h5_reader *s = r->state;
    const hid_t id = H5Dopen2(s->file, path, H5P_DEFAULT);

    *index = -1;
    if (id < 0)
        return h5_fail(e, r->path, path, "cannot be opened");
    const int rc = h5_get_int(id, "index", index, e);
    H5Dclose(id);
    if (rc < 0 || *index < 0 || *index >= (int64_t)n)
        return h5_fail_at(e, KYMO_EFORMAT, r->path, path, "attribute index is not in 0..%zu", n - 1);
    return 0;
}

static int order_signals(struct kymo_reader *r, const struct names *all, char **path, struct kymo_err *e)
{
    for (size_t i = 0; i < all->n; i++) {
        char full[512];
        int64_t index;
        if (snprintf(full, sizeof full, "/signals/%s", all->name[i]) >= (int)sizeof full)
            return h5_fail_at(e, KYMO_EFORMAT, r->path, "/signals", "a name of %zu bytes", strlen(all->name[i]));
        const int rc = read_index(r, full, all->n, &index, e);
        if (rc < 0)
            return rc;
        if (path[index])
            return h5_fail_at(e, KYMO_EFORMAT, r->path, full, "signal %lld is there twice", (long long)index);
        if (!(path[index] = strdup(full)))
            return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu signals", all->n);
    }
    return 0;
}

static int take_signals(struct kymo_reader *r, char *const *path, size_t n, struct kymo_err *e)
{
    struct h5_reader *s = r->state;
    const bool one = r->inside && strcmp(r->inside, "/") != 0 && strcmp(r->inside, "/signals") != 0;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < n; i++) {
        if (one && strcmp(r->inside, path[i]) != 0)
            continue;
        struct kymo_signal *sig = kymo_header_signal(&r->source, e);
        struct h5_set *set = sig ? h5_add_set(s, path[i], 1, e) : NULL;
        if (!set)
            return KYMO_ENOMEM;
        set->signal = r->source.n_signals - 1;
        set->table_column = i;
        rc = take_signal(r, set, sig, e);
    }
    if (rc == 0 && one && s->n_sets == 0)
        return h5_fail_at(e, KYMO_EUSAGE, r->path, r->inside, "no signal of this name");
    return rc;
}

static int read_signals(struct kymo_reader *r, size_t *n, struct kymo_err *e)
{
    struct h5_reader *s = r->state;
    struct names all = {0};
    const hid_t group = H5Gopen2(s->file, "signals", H5P_DEFAULT);
    char **path = NULL;
    int rc = 0;

    if (group < 0 || H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, keep_name, &all) < 0)
        rc = all.failed ? kymo_fail(e, KYMO_ENOMEM, "no memory for %zu signals", all.n)
                        : h5_fail(e, r->path, "/signals", "cannot be read");
    if (rc == 0 && !(path = calloc(all.n + 1, sizeof *path)))
        rc = kymo_fail(e, KYMO_ENOMEM, "no memory for %zu signals", all.n);
    if (rc == 0)
        rc = order_signals(r, &all, path, e);
    if (rc == 0)
        rc = take_signals(r, path, all.n, e);
    for (size_t i = 0; i < all.n; i++) {
        free(all.name[i]);
        free(path ? path[i] : NULL);
    }
    *n = all.n;
    free(path);
    free(all.name);
    if (group >= 0)
        H5Gclose(group);
    return rc;
}

/* ---- tables ---- */

static int open_list(struct kymo_reader *r, const char *name, hid_t *set, hsize_t *n, struct kymo_err *e)
{
    const struct h5_reader *s = r->state;

    if ((*set = H5Dopen2(s->file, name, H5P_DEFAULT)) < 0)
        return h5_fail(e, r->path, name, "cannot be opened");
    const hid_t space = H5Dget_space(*set);
    const int rank = H5Sget_simple_extent_ndims(space);
    H5Sclose(space);
    if (rank != 1)
        return h5_fail_at(e, KYMO_EFORMAT, r->path, name, "%d dimensions, not 1", rank);
    return count_items(r, *set, name, H5_INDEX_LIMIT, n, e);
}

static int open_table(struct kymo_reader *r, const char *name, hid_t *set, struct kymo_err *e)
{
    const struct h5_reader *s = r->state;
    hsize_t size[2] = {0, 0};

    if ((*set = H5Dopen2(s->file, name, H5P_DEFAULT)) < 0)
        return h5_fail(e, r->path, name, "cannot be opened");
    const hid_t space = H5Dget_space(*set);
    const bool fits = H5Sget_simple_extent_ndims(space) == 2 && H5Sget_simple_extent_dims(space, size, NULL) == 2 &&
                      size[0] == s->tables.n_segments && size[1] == s->tables.n_columns;
    H5Sclose(space);
    if (!fits)
        return h5_fail_at(e, KYMO_EFORMAT, r->path, name, "is not a table of %llu segments and %llu signals",
                          (unsigned long long)s->tables.n_segments, (unsigned long long)s->tables.n_columns);
    return 0;
}

static int open_tables(struct kymo_reader *r, struct kymo_err *e)
{
    struct h5_reader *s = r->state;
    struct h5_tables *t = &s->tables;
    int rc = open_list(r, "/segments/time_ns", &t->time, &t->n_segments, e);

    if (rc == 0)
        rc = open_list(r, "/events", &t->events, &t->n_events, e);
    if (rc == 0)
        rc = open_list(r, "/event_texts", &t->texts, &t->n_text_bytes, e);
    if (rc < 0 || t->n_columns == 0)
        return rc;
    if ((rc = open_table(r, "/segments/index", &t->origin, e)) < 0 ||
        (rc = open_table(r, "/segments/first", &t->first, e)) < 0)
        return rc;
    return open_table(r, "/segments/offset", &t->offset, e);
}

/* Compares what is there with what the end mark says there is. */
static int check_counts(struct kymo_reader *r, hid_t root, struct kymo_err *e)
{
    const struct h5_reader *s = r->state;
    int64_t segments = -1, samples = -1, events = -1, found = 0;
    int rc;

    if ((rc = h5_get_int(root, "n_segments", &segments, e)) < 0 ||
        (rc = h5_get_int(root, "n_samples", &samples, e)) < 0 || (rc = h5_get_int(root, "n_events", &events, e)) < 0)
        return rc;
    for (size_t i = 0; i < s->n_sets; i++)
        found += (int64_t)s->set[i].n;
    if (r->want->salvage)
        return 0;
    if (segments != (int64_t)s->tables.n_segments ||
        events != (int64_t)s->tables.n_events || (s->n_sets == s->tables.n_columns && samples != found))
        return h5_fail_at(e, KYMO_EFORMAT, r->path, "/", "holds %lld samples, %lld segments and %lld events where %lld, "
                          "%lld and %lld were written", (long long)found, (long long)s->tables.n_segments,
                          (long long)s->tables.n_events, (long long)samples, (long long)segments, (long long)events);
    return 0;
}

static int check_signals(struct kymo_reader *r, hid_t root, size_t n, struct kymo_err *e)
{
    int64_t written = -1;
    const int rc = h5_get_int(root, "n_signals", &written, e);

    if (rc < 0 || written == (int64_t)n || r->want->salvage)
        return rc;
    return h5_fail_at(e, KYMO_EFORMAT, r->path, "/signals", "%zu signals where %lld were written", n, (long long)written);
}

static int check_end_mark(struct kymo_reader *r, hid_t root, struct kymo_err *e)
{
    int64_t version = 0, complete = 0;
    int rc;

    if ((rc = h5_get_int(root, "version", &version, e)) < 0 || (rc = h5_get_int(root, "complete", &complete, e)) < 0)
        return rc;
    if (version != H5_VERSION_OURS)
        return h5_fail_at(e, KYMO_EFORMAT, r->path, "/", "layout version %lld, this kymo reads %d", (long long)version,
                          H5_VERSION_OURS);
    if (complete != 1 && !r->want->salvage)
        return h5_fail_at(e, KYMO_EFORMAT, r->path, "/", "no end mark: writing it was interrupted");
    return 0;
}

static int open_all(struct kymo_reader *r, hid_t root, struct kymo_err *e)
{
    struct h5_reader *s = r->state;
    size_t n = 0;
    int rc;

    if ((rc = check_end_mark(r, root, e)) < 0 || (rc = read_header(root, &r->source, e)) < 0 ||
        (rc = read_texts(r, s->file, "tracks", kymo_header_add_track, e)) < 0 ||
        (rc = read_texts(r, s->file, "history", kymo_header_add_history, e)) < 0 ||
        (rc = read_texts(r, s->file, "notes", add_note, e)) < 0 || (rc = read_signals(r, &n, e)) < 0)
        return rc;
    s->tables.n_columns = n;
    if ((rc = check_signals(r, root, n, e)) < 0 || (rc = open_tables(r, e)) < 0)
        return rc;
    return check_counts(r, root, e);
}

int h5_open_own(struct kymo_reader *r, struct kymo_err *e)
{
    struct h5_reader *s = r->state;
    const hid_t root = H5Gopen2(s->file, "/", H5P_DEFAULT);
    const int rc = root >= 0 ? open_all(r, root, e) : h5_fail(e, r->path, "/", "cannot be opened");

    if (rc < 0 && e->n > 0 && e->cause[e->n - 1].input[0] == '\0')
        unusable(r, NULL, e);
    if (root >= 0)
        H5Gclose(root);
    return rc;
}
