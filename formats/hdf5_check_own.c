/* formats/hdf5_check_own.c - judges HDF5 files of our own layout by kymo-hdf5(5). */
#include "formats/hdf5_check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CELLS_LIMIT 16000000          /* of a segment table: more are not looked at */

#define NS 1152921504606846976.0      /* H5_TIME_LIMIT */
#define MOST_OF_ALL INFINITY

enum { VERSION, COMPLETE, N_SIGNALS, N_SEGMENTS, N_SAMPLES, N_EVENTS, DURATION, START_TIME, START_DATE, ROOT_NUMBERS };
static const struct h5_rule root_rules[] = {
    [VERSION] = {"version", H5_RULE_INTEGER, true, H5_VERSION_OURS, H5_VERSION_OURS},
    [COMPLETE] = {"complete", H5_RULE_INTEGER, true, 1, 1},
    [N_SIGNALS] = {"n_signals", H5_RULE_INTEGER, true, 0, KYMO_MAX_SIGNALS},
    [N_SEGMENTS] = {"n_segments", H5_RULE_INTEGER, true, 0, MOST_OF_ALL},
    [N_SAMPLES] = {"n_samples", H5_RULE_INTEGER, true, 0, MOST_OF_ALL},
    [N_EVENTS] = {"n_events", H5_RULE_INTEGER, true, 0, MOST_OF_ALL},
    [DURATION] = {"duration_ns", H5_RULE_INTEGER, false, 0, NS},
    [START_TIME] = {"start_time_ns", H5_RULE_INTEGER, false, 0, 86400e9 - 1},
    [START_DATE] = {"start_date", H5_RULE_TEXT, false, 0, 0},
    {"format", H5_RULE_TEXT, true, 0, 0},
    {"record", H5_RULE_TEXT, false, 0, 0},
    {"source_format", H5_RULE_TEXT, false, 0, 0},
    {"start", H5_RULE_TEXT, false, 0, 0},
    {"subject_id", H5_RULE_TEXT, false, 0, 0},
    {"subject_name", H5_RULE_TEXT, false, 0, 0},
    {"subject_sex", H5_RULE_TEXT, false, 0, 0},
    {"subject_birth", H5_RULE_TEXT, false, 0, 0},
    {"recording", H5_RULE_TEXT, false, 0, 0},
};
#define ROOT_RULES (sizeof root_rules / sizeof *root_rules)

enum {
    INDEX, RATE_NUM, RATE_DEN, RATE, GAIN, BASELINE, CALIBRATED, DIGITAL_MIN, DIGITAL_MAX, MISSING, CAN_MISS, STORAGE, KIND
};
static const struct h5_rule signal_rules[] = {
    [INDEX] = {"index", H5_RULE_INTEGER, true, 0, KYMO_MAX_SIGNALS - 1},
    [RATE_NUM] = {"rate_num", H5_RULE_INTEGER, true, 1, KYMO_RATIO_LIMIT},
    [RATE_DEN] = {"rate_den", H5_RULE_INTEGER, true, 1, KYMO_RATIO_LIMIT},
    [RATE] = {"rate", H5_RULE_NUMBER, true, 0, MOST_OF_ALL},
    [GAIN] = {"gain", H5_RULE_NUMBER, true, -MOST_OF_ALL, MOST_OF_ALL},
    [BASELINE] = {"baseline", H5_RULE_NUMBER, true, -MOST_OF_ALL, MOST_OF_ALL},
    [CALIBRATED] = {"calibrated", H5_RULE_INTEGER, true, 0, 1},
    [DIGITAL_MIN] = {"digital_min", H5_RULE_NUMBER, false, -MOST_OF_ALL, MOST_OF_ALL},
    [DIGITAL_MAX] = {"digital_max", H5_RULE_NUMBER, false, -MOST_OF_ALL, MOST_OF_ALL},
    [MISSING] = {"missing", H5_RULE_INTEGER, false, INT32_MIN, INT32_MAX},
    [CAN_MISS] = {"can_miss", H5_RULE_INTEGER, false, 0, 1},
    [STORAGE] = {"storage", H5_RULE_TEXT, true, 0, 0},
    [KIND] = {"kind", H5_RULE_TEXT, true, 0, 0},
    {"label", H5_RULE_TEXT, false, 0, 0},
    {"unit", H5_RULE_TEXT, false, 0, 0},
    {"transducer", H5_RULE_TEXT, false, 0, 0},
    {"prefilter", H5_RULE_TEXT, false, 0, 0},
};
#define SIGNAL_RULES (sizeof signal_rules / sizeof *signal_rules)

struct signal {
    bool there;
    char object[300];
    struct h5_place place;            /* names object: only while the signal itself is looked at */
    struct kymo_ratio rate;           /* num 0: not to be used */
    hsize_t n;
};

struct own {
    struct h5_checker *k;
    struct h5_got root[ROOT_RULES];
    struct h5_place place;            /* of the root */
    struct signal *signal;            /* n_signals of them, by index */
    size_t n_signals;                 /* links in /signals */
    int64_t n_samples, end_ns;        /* of all signals; of the last sample */
    hsize_t n_segments;
    bool damaged;                     /* not all signals, or no segments, could be read: their numbers are not known */
};

/* ---- samples ---- */

/* What was found among the samples of one signal. */
struct tally {
    hsize_t n_bad, n_bad_samples, n_out;
    hsize_t first_bad, first_out;
    int64_t bad_at;                   /* byte of the first damaged chunk, or -1 */
    double out;                       /* the first sample outside */
    char words[160];
};

static void note_damage(const struct h5_checker *k, hid_t set, hsize_t at, hsize_t n, struct tally *t)
{
    unsigned mask;
    haddr_t addr = HADDR_UNDEF;
    hsize_t size;

    if (t->n_bad++ == 0) {
        h5_words(t->words, sizeof t->words);
        t->first_bad = at;
        t->bad_at = H5Dget_chunk_info_by_coord(set, &at, &mask, &addr, &size) >= 0 && addr != HADDR_UNDEF
                        ? k->base + (int64_t)addr : -1;
    }
    t->n_bad_samples += n;
}

static void count_outside(const double *x, size_t n, hsize_t at, double least, double most, const struct h5_got *missing,
                          struct tally *t)
{
    for (size_t i = 0; i < n; i++) {
        if ((x[i] >= least && x[i] <= most) || isnan(x[i]) || (missing->there && x[i] == missing->x))
            continue;
        if (t->n_out++ == 0) {
            t->first_out = at + i;
            t->out = x[i];
        }
    }
}

static void tell_tally(struct h5_checker *k, const struct signal *s, const struct tally *t, double least, double most)
{
    struct h5_place at = h5_attribute_of(s->place, "samples");
    char value[40];

    if (t->n_bad > 0) {
        at.offset = t->bad_at >= 0 ? t->bad_at : s->place.offset;
        h5_found(k, KYMO_ERROR, at, "", "%llu chunk%s of samples damaged, %llu samples, the first from sample %llu on: %s",
                 (unsigned long long)t->n_bad, t->n_bad == 1 ? "" : "s", (unsigned long long)t->n_bad_samples,
                 (unsigned long long)t->first_bad, t->words);
    }
    at.offset = s->place.offset;
    if (t->n_out > 0)
        h5_found(k, KYMO_WARNING, at, h5_show_number(t->out, value, sizeof value),
                 "outside %.10g..%.10g: %llu sample%s, the first is number %llu", least, most, (unsigned long long)t->n_out,
                 t->n_out == 1 ? "" : "s", (unsigned long long)t->first_out);
}

/* Where chunks are missing, there is nothing to read: zeros stand for them. */
static bool is_stored(struct h5_checker *k, hid_t set, const struct signal *s, size_t piece)
{
    const hsize_t needed = (s->n + piece - 1) / piece;
    hsize_t stored = 0;

    if (H5Dget_num_chunks(set, H5S_ALL, &stored) < 0 || stored >= needed)
        return true;
    h5_found(k, KYMO_ERROR, h5_attribute_of(s->place, "samples"), "", "%llu of %llu chunks are not stored",
             (unsigned long long)(needed - stored), (unsigned long long)needed);
    return false;
}

static void read_samples(struct h5_checker *k, hid_t set, const struct signal *s, enum kymo_storage storage,
                         const struct h5_got *got)
{
    const bool integer = kymo_storage_is_integer(storage);
    const double width = storage == KYMO_I16 ? 32768 : storage == KYMO_I24 ? 8388608 : 2147483648.0;
    const double least = fmax(integer ? -width : -INFINITY, got[DIGITAL_MIN].there ? got[DIGITAL_MIN].x : -INFINITY);
    const double most = fmin(integer ? width - 1 : INFINITY, got[DIGITAL_MAX].there ? got[DIGITAL_MAX].x : INFINITY);
    const size_t piece = h5_piece_of(set);
    struct tally t = {.n_bad = 0};

    if (piece == 0 || s->n > (hsize_t)H5_INDEX_LIMIT) {
        h5_found(k, KYMO_ERROR, h5_attribute_of(s->place, "samples"), "", piece ? "no recording is so long"
                                                                              : "chunks of more than 1 GB");
        return;
    }
    if (s->n > 0 && H5Dget_storage_size(set) == 0) {
        h5_found(k, KYMO_ERROR, h5_attribute_of(s->place, "samples"), "", "%llu samples, none of them stored",
                 (unsigned long long)s->n);
        return;
    }
    double *x = is_stored(k, set, s, piece) && s->n > 0 ? malloc(piece * sizeof *x) : NULL;
    for (hsize_t at = 0; x && at < s->n; at += piece) {
        const size_t n = s->n - at < piece ? (size_t)(s->n - at) : piece;
        if (!h5_read_items(set, H5T_NATIVE_DOUBLE, at, n, x))
            note_damage(k, set, at, n, &t);
        else if (integer)
            count_outside(x, n, at, least, most, &got[MISSING], &t);
    }
    free(x);
    tell_tally(k, s, &t, least, most);
}

/* Deflate and fletcher32 notice damage. */
static void check_filters(struct h5_checker *k, hid_t set, const struct signal *s)
{
    const hid_t how = H5Dget_create_plist(set);
    bool checked = false;

    for (int i = 0; how >= 0 && i < H5Pget_nfilters(how); i++) {
        unsigned flags, config;
        size_t n_values = 0;
        const H5Z_filter_t filter = H5Pget_filter2(how, (unsigned)i, &flags, &n_values, NULL, 0, NULL, &config);
        checked |= filter == H5Z_FILTER_DEFLATE || filter == H5Z_FILTER_FLETCHER32;
    }
    if (how >= 0)
        H5Pclose(how);
    if (!checked)
        h5_found(k, KYMO_NOTE, h5_attribute_of(s->place, "samples"), "", "no checksum: damage to them cannot be noticed");
}

/* ---- signals ---- */

static void check_rate(struct h5_checker *k, struct signal *s, const struct h5_got *got)
{
    char value[40];

    if (!got[RATE_NUM].there || !got[RATE_DEN].there)
        return;
    s->rate = kymo_ratio(got[RATE_NUM].i, got[RATE_DEN].i);
    const double exact = kymo_ratio_real(s->rate);
    if (got[RATE].there && fabs(got[RATE].x - exact) > 1e-12 * exact)   /* a double has 16 digits */
        h5_found(k, KYMO_WARNING, h5_attribute_of(s->place, "rate"), h5_show_number(got[RATE].x, value, sizeof value),
                 "rate_num / rate_den is %.10g", exact);
}

static void check_calibration(struct h5_checker *k, const struct signal *s, bool integer, struct h5_got *got)
{
    char value[40];

    if (got[GAIN].there && got[GAIN].x == 0)
        h5_found(k, KYMO_ERROR, h5_attribute_of(s->place, "gain"), "0", "no calibration: values would be infinite");
    if (!integer && got[GAIN].there && got[BASELINE].there && (got[GAIN].x != 1 || got[BASELINE].x != 0))
        h5_found(k, KYMO_WARNING, h5_attribute_of(s->place, "gain"), h5_show_number(got[GAIN].x, value, sizeof value),
                 "floats are values already: gain 1, baseline 0");
    if (got[DIGITAL_MIN].there && got[DIGITAL_MAX].there && got[DIGITAL_MIN].x >= got[DIGITAL_MAX].x) {
        h5_found(k, KYMO_WARNING, h5_attribute_of(s->place, "digital_min"),
                 h5_show_number(got[DIGITAL_MIN].x, value, sizeof value), "not below digital_max %.10g", got[DIGITAL_MAX].x);
        got[DIGITAL_MIN].there = got[DIGITAL_MAX].there = false;   /* no samples are judged by them */
    }
}

/* The storage of that name if the dataset's own type agrees, or KYMO_STORAGES. */
static enum kymo_storage check_storage(struct h5_checker *k, hid_t set, const struct signal *s, const struct h5_got *got)
{
    const struct h5_place at = h5_attribute_of(s->place, "storage");
    int i = 0;

    if (!got[STORAGE].there)
        return KYMO_STORAGES;
    while (i < KYMO_STORAGES && strcmp(got[STORAGE].text, kymo_storage_name((enum kymo_storage)i)) != 0)
        i++;
    if (i == KYMO_STORAGES)
        h5_found(k, KYMO_ERROR, at, got[STORAGE].text, "none of i16 i24 i32 f32 f64");
    else if (!h5_holds_storage(set, (enum kymo_storage)i))
        h5_found(k, KYMO_ERROR, at, got[STORAGE].text, "the dataset is of another type, or not a list");
    else
        return (enum kymo_storage)i;
    return KYMO_STORAGES;
}

static void check_samples(struct h5_checker *k, hid_t set, struct signal *s, struct h5_got *got)
{
    const enum kymo_storage storage = check_storage(k, set, s, got);
    const hid_t space = H5Dget_space(set);
    const hssize_t n = space >= 0 ? H5Sget_simple_extent_npoints(space) : -1;

    if (space >= 0)
        H5Sclose(space);
    s->n = n > 0 ? (hsize_t)n : 0;
    if (storage == KYMO_STORAGES)
        return;
    check_calibration(k, s, kymo_storage_is_integer(storage), got);
    check_filters(k, set, s);
    read_samples(k, set, s, storage, got);
}

static void check_signal(struct own *o, const char *name)
{
    struct h5_checker *k = o->k;
    struct h5_got got[SIGNAL_RULES];
    struct signal s = {.there = true};
    char words[200], value[24];

    snprintf(s.object, sizeof s.object, "/signals/%s", name);
    const hid_t set = H5Dopen2(k->file, s.object, H5P_DEFAULT);
    s.place = h5_place_of(k, set, s.object);
    if (set < 0) {
        h5_words(words, sizeof words);
        h5_found(k, KYMO_ERROR, s.place, "", "cannot be opened as a dataset: %s", words);
        o->damaged = true;
        return;
    }
    if (!h5_check_attributes(k, set, s.place, signal_rules, SIGNAL_RULES, got)) {
        o->damaged = true;
        H5Dclose(set);
        return;
    }
    check_rate(k, &s, got);
    if (got[KIND].there && kymo_kind_named(got[KIND].text) == KYMO_KINDS)
        h5_found(k, KYMO_WARNING, h5_attribute_of(s.place, "kind"), got[KIND].text, "no kind of signal: read as other");
    check_samples(k, set, &s, got);
    H5Dclose(set);
    o->n_samples += (int64_t)(s.n < (hsize_t)H5_INDEX_LIMIT ? s.n : 0);
    if (!got[INDEX].there)
        return;
    snprintf(value, sizeof value, "%lld", (long long)got[INDEX].i);
    if (got[INDEX].i >= (int64_t)o->n_signals)
        h5_found(k, KYMO_ERROR, h5_attribute_of(s.place, "index"), value, "there are %zu signals", o->n_signals);
    else if (o->signal[got[INDEX].i].there)
        h5_found(k, KYMO_ERROR, h5_attribute_of(s.place, "index"), value, "that of %s, too", o->signal[got[INDEX].i].object);
    else
        o->signal[got[INDEX].i] = s;
}

static herr_t each_signal(hid_t group, const char *name, const H5L_info_t *info, void *to)
{
    struct own *o = to;

    (void)group;
    (void)info;
    check_signal(o, name);
    return o->k->rc < 0 ? -1 : 0;
}

static void check_signals(struct own *o)
{
    struct h5_checker *k = o->k;
    const hid_t group = H5Gopen2(k->file, "/signals", H5P_DEFAULT);
    H5G_info_t info;
    char words[200];

    if (group < 0 || H5Gget_info(group, &info) < 0 || info.nlinks > KYMO_MAX_SIGNALS) {
        h5_words(words, sizeof words);
        h5_found(k, KYMO_ERROR, (struct h5_place){"/signals", -1, ""}, "", group < 0 ? "cannot be opened: %s"
                                                                                 : "more signals than can be: %s", words);
    } else if ((o->signal = calloc((size_t)info.nlinks + 1, sizeof *o->signal))) {
        o->n_signals = (size_t)info.nlinks;
        H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, each_signal, o);
    } else {
        k->rc = kymo_fail(k->e, KYMO_ENOMEM, "no memory for %llu signals", (unsigned long long)info.nlinks);
    }
    if (group >= 0)
        H5Gclose(group);
}

/* ---- segments ---- */

/* All numbers of a table of n_columns (0: a list) and *n_rows rows (0: any), for the caller to free; NULL with a finding. */
static int64_t *read_table(struct h5_checker *k, const char *path, hsize_t n_columns, hsize_t *n_rows, struct h5_place *at)
{
    const hid_t set = H5Dopen2(k->file, path, H5P_DEFAULT), space = set >= 0 ? H5Dget_space(set) : -1;
    const int rank = n_columns ? 2 : 1;
    hsize_t size[2] = {0, n_columns};
    int64_t *row = NULL;
    char words[200];

    *at = h5_place_of(k, set, path);
    if (set < 0) {
        h5_words(words, sizeof words);
        h5_found(k, KYMO_ERROR, *at, "", "cannot be opened as a dataset: %s", words);
        return NULL;
    }
    if (H5Sget_simple_extent_ndims(space) != rank || H5Sget_simple_extent_dims(space, size, NULL) != rank ||
        size[rank - 1] != (n_columns ? n_columns : size[0]) || (*n_rows > 0 && size[0] != *n_rows))
        h5_found(k, KYMO_ERROR, *at, "", n_columns ? "not a table of %llu segments and %llu signals" : "not a list",
                 (unsigned long long)*n_rows, (unsigned long long)n_columns);
    else if (size[0] > CELLS_LIMIT / (n_columns + 1))
        h5_found(k, KYMO_NOTE, *at, "", "%llu rows: not looked at", (unsigned long long)size[0]);
    else if ((row = calloc((size_t)(size[0] * (n_columns + 1)) + 1, sizeof *row)) &&
             !h5_read_part(set, H5T_NATIVE_INT64, rank, (const hsize_t[2]){0, 0}, size, row)) {
        h5_words(words, sizeof words);
        h5_found(k, KYMO_ERROR, *at, "", "cannot be read: %s", words);
        free(row);
        row = NULL;
    }
    *n_rows = size[0];
    if (space >= 0)
        H5Sclose(space);
    H5Dclose(set);
    return row;
}

static void check_times(struct own *o, struct h5_place at, const int64_t *time)
{
    char value[24];

    for (hsize_t i = 0; i < o->n_segments; i++) {
        snprintf(value, sizeof value, "%lld", (long long)time[i]);
        if (!h5_is_time(time[i]) || (i == 0 && time[i] != 0)) {
            h5_found(o->k, KYMO_ERROR, at, value, i ? "segment %llu is at no possible time" : "segment %llu begins at time 0",
                     (unsigned long long)i);
            return;
        }
        if (i > 0 && time[i] < time[i - 1]) {
            h5_found(o->k, KYMO_WARNING, at, value, "segment %llu begins before the one in front of it", (unsigned long long)i);
            return;
        }
    }
}

/* One signal's column of the tables: the first fault in it. */
static void check_column(struct own *o, const struct h5_place *at, const int64_t *time, int64_t *const *table, size_t c)
{
    const struct signal *s = &o->signal[c];
    const size_t n = o->n_signals;
    char value[24];

    for (hsize_t i = 0; i < o->n_segments; i++) {
        const int64_t index = table[0][i * n + c], first = table[1][i * n + c], from = table[2][i * n + c];
        const int64_t to = i + 1 < o->n_segments ? table[2][(i + 1) * n + c] : (int64_t)s->n;
        const bool places = from >= (i == 0 ? 0 : table[2][(i - 1) * n + c]) && to >= from && to <= (int64_t)s->n &&
                            (i > 0 || from == 0);
        snprintf(value, sizeof value, "%lld", (long long)(places ? first : from));
        if (!places) {
            h5_found(o->k, KYMO_ERROR, at[2], value, "segment %llu of %s does not fit its %llu samples", (unsigned long long)i,
                     s->object, (unsigned long long)s->n);
            return;
        }
        if (!h5_is_index(index) || !h5_is_index(first) || first < index) {
            h5_found(o->k, KYMO_ERROR, at[1], value, "segment %llu of %s: the first sample lies before index %lld",
                     (unsigned long long)i, s->object, (long long)index);
            return;
        }
        const int64_t length = s->rate.num > 0 && h5_is_time(time[i]) ? kymo_time_of(s->rate, first - index + to - from) : 0;
        if (to > from && h5_is_time(length) && time[i] + length > o->end_ns)
            o->end_ns = time[i] + length;
    }
}

static void check_segments(struct own *o)
{
    static const char *const name[] = {"/segments/index", "/segments/first", "/segments/offset"};
    struct h5_checker *k = o->k;
    struct h5_place at[3], times_at;
    int64_t *table[3] = {NULL}, *time = read_table(k, "/segments/time_ns", 0, &o->n_segments, &times_at);
    bool all = time != NULL;

    o->damaged |= !time;

    if (time)
        check_times(o, times_at, time);
    for (int t = 0; o->n_signals > 0 && t < 3; t++) {
        hsize_t rows = o->n_segments;
        table[t] = read_table(k, name[t], o->n_signals, &rows, &at[t]);
        all = all && table[t] && rows == o->n_segments;
    }
    for (size_t c = 0; all && c < o->n_signals; c++)
        if (o->signal[c].there)
            check_column(o, at, time, table, c);
    for (int t = 0; t < 3; t++)
        free(table[t]);
    free(time);
}

/* ---- the root ---- */

static void check_events(struct own *o)
{
    const struct h5_got *const told = &o->root[N_EVENTS], *const length = &o->root[DURATION];
    const int64_t end_ns = length->there && length->i > o->end_ns ? length->i : o->end_ns;
    hsize_t n;
    char value[24];

    if (!h5_check_events(o->k, o->n_signals, end_ns, &n) || !told->there || told->i == (int64_t)n)
        return;
    snprintf(value, sizeof value, "%lld", (long long)told->i);
    h5_found(o->k, KYMO_ERROR, h5_attribute_of(o->place, "n_events"), value, "/events holds %llu", (unsigned long long)n);
}

static void check_counts(struct own *o)
{
    const struct {
        int which;
        int64_t found;
        const char *where;
    } count[] = {{N_SIGNALS, (int64_t)o->n_signals, "/signals holds"}, {N_SAMPLES, o->n_samples, "the signals hold"},
                 {N_SEGMENTS, (int64_t)o->n_segments, "/segments/time_ns holds"}};
    char value[24];

    for (size_t i = 0; i < sizeof count / sizeof *count; i++) {
        const struct h5_got *told = &o->root[count[i].which];
        snprintf(value, sizeof value, "%lld", (long long)told->i);
        if (told->there && !o->damaged && told->i != count[i].found)
            h5_found(o->k, KYMO_ERROR, h5_attribute_of(o->place, root_rules[count[i].which].name), value, "%s %lld",
                     count[i].where, (long long)count[i].found);
    }
    snprintf(value, sizeof value, "%lld", (long long)o->root[DURATION].i);
    if (o->root[DURATION].there && o->root[DURATION].i < o->end_ns)
        h5_found(o->k, KYMO_WARNING, h5_attribute_of(o->place, "duration_ns"), value, "the last sample ends at %lld ns",
                 (long long)o->end_ns);
}

static void check_date(struct own *o)
{
    const char *date = o->root[START_DATE].text;
    int64_t y, m, d;

    if (o->root[START_DATE].there && (strlen(date) != 10 || date[4] != '-' || date[7] != '-' || !kymo_parse_int(date, 4, &y) ||
                                      !kymo_parse_int(date + 5, 2, &m) || !kymo_parse_int(date + 8, 2, &d) || y < 1 || m < 1 ||
                                      m > 12 || d < 1 || d > 31))
        h5_found(o->k, KYMO_ERROR, h5_attribute_of(o->place, "start_date"), date, "not YYYY-MM-DD");
}

static herr_t each_object(hid_t root, const char *name, const H5L_info_t *info, void *to)
{
    static const char *const known[] = {"signals", "segments", "events", "event_texts", "tracks", "history", "notes"};
    struct own *o = to;
    char path[300];
    size_t i = 0;

    (void)root;
    (void)info;
    while (i < sizeof known / sizeof *known && strcmp(name, known[i]) != 0)
        i++;
    snprintf(path, sizeof path, "/%s", name);
    if (i == sizeof known / sizeof *known)
        h5_found(o->k, KYMO_NOTE, (struct h5_place){path, -1, ""}, "", "not of this layout: not read");
    return o->k->rc < 0 ? -1 : 0;
}

void h5_check_own(struct h5_checker *k)
{
    struct own o = {.k = k};
    const hid_t root = H5Gopen2(k->file, "/", H5P_DEFAULT);

    o.place = h5_place_of(k, root, "/");
    h5_check_attributes(k, root, o.place, root_rules, ROOT_RULES, o.root);   /* the file is known as ours by one of them */
    check_date(&o);
    H5Literate(root, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, each_object, &o);
    check_signals(&o);
    check_segments(&o);
    check_events(&o);
    h5_check_texts(k, "/history");
    h5_check_texts(k, "/notes");
    check_counts(&o);
    if (root >= 0)
        H5Gclose(root);
    free(o.signal);
}
