/* formats/hdf5_foreign.c - opens HDF5 files that are not of our layout: any 1-D or 2-D dataset of numbers, CCDEF, NWB, MAT 7.3.
 *
 * Rate, unit, calibration and start are looked for under their usual names, whatever their case and punctuation: among the
 * attributes of the dataset, in the JSON of its attribute .meta (CCDEF), and, for rate and start, in the groups above it.
 * Everything taken is told in a note of the header. */
#include "formats/hdf5_reader.h"
#include "lib/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATHS_LIMIT 65536
#define VALUES_LIMIT KYMO_MAX_SIGNALS
#define EPOCH_LEAST 1e8           /* seconds: a larger start counts from 1970, a smaller one from the recording's start */

enum fact { RATE, UNIT, SCALE, GAIN, OFFSET, BASELINE, MISSING, START, LABELS, TIME_AXIS, DIMENSIONS, FACTS };

/* Lower-case letters and digits of the names, the most telling first. */
static const char *const names[FACTS][12] = {
    [RATE] = {"fs", "fsamp", "samplingrate", "samplerate", "samplingfrequency", "samplefrequency", "sfreq", "rate",
              "frequency"},
    [UNIT] = {"unit", "units", "uom"},
    [SCALE] = {"scale", "scalefactor", "conversion"},
    [GAIN] = {"gain"},
    [OFFSET] = {"offset", "addoffset"},
    [BASELINE] = {"baseline"},
    [MISSING] = {"fillvalue", "missingvalue", "missing"},
    [START] = {"starttime", "startingtime", "timeorigin", "basedatetime", "startdatetime", "start", "sessionstarttime"},
    [LABELS] = {"labels", "channels", "channelnames", "columns", "signalnames", "signame", "leads", "names", "label"},
    [TIME_AXIS] = {"timeaxis"},
    [DIMENSIONS] = {"dimensionlabels", "dims"},
};
#define RATE_NAMES "fs, fsamp, sampling_rate, sample_rate, sampling_frequency, sfreq, rate, frequency"

/* Datasets beside the samples that may hold the rate: variables of MAT files. */
static const char *const rate_sets[] = {"fs", "Fs", "FS", "fsamp", "sampling_rate", "sample_rate", "samplerate",
                                        "sampling_frequency", "sfreq"};

struct found {
    struct h5_value v;            /* n is 0 where nothing was found */
    char from[200];               /* "attribute fs of /ecg" */
};

struct foreign {
    struct kymo_reader *r;
    hid_t file;
    bool alone;                   /* the dataset was named: what is wrong with it is an error, else it is left out */
    int64_t *start_s, *start_ns;  /* of each set: seconds since 1970 (KYMO_UNKNOWN: not told), and ns behind that */
    size_t n_starts;
};

/* ---- values ---- */

/* Whether a name is, but for case and punctuation, that word. */
static bool is_word(const char *name, const char *word)
{
    for (; *name; name++) {
        const char c = *name >= 'A' && *name <= 'Z' ? (char)(*name + 32) : *name;
        const bool counts = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (counts && c != *word)
            return false;
        word += counts;
    }
    return *word == '\0';
}

static size_t rank_name(enum fact f, const char *name)
{
    size_t i = 0;

    while (i < sizeof names[f] / sizeof *names[f] && names[f][i] && !is_word(name, names[f][i]))
        i++;
    return i < sizeof names[f] / sizeof *names[f] && names[f][i] ? i : SIZE_MAX;
}

struct best {
    enum fact fact;
    size_t rank;
    char name[128];
};

static herr_t rank_attribute(hid_t at, const char *name, const H5A_info_t *info, void *to)
{
    struct best *best = to;
    const size_t rank = rank_name(best->fact, name);

    (void)at;
    (void)info;
    if (rank < best->rank && strlen(name) < sizeof best->name) {
        best->rank = rank;
        memcpy(best->name, name, strlen(name) + 1);
    }
    return 0;
}

static int take_attribute(hid_t at, const char *name, struct h5_value *v)
{
    const hid_t attr = H5Aopen(at, name, H5P_DEFAULT);
    const int rc = attr >= 0 ? h5_value_read(attr, false, VALUES_LIMIT, v) : -1;

    if (attr >= 0)
        H5Aclose(attr);
    return rc > 0;
}

/* The JSON of attribute .meta, or NULL. */
static json_t *load_meta(hid_t at)
{
    struct h5_value v;
    json_t *meta = NULL;

    if (H5Aexists(at, ".meta") <= 0 || !take_attribute(at, ".meta", &v))
        return NULL;
    if (v.is_text && v.n == 1)
        meta = json_loads(v.text[0], 0, NULL);
    h5_value_release(&v);
    return meta;
}

static bool take_json(const json_t *value, struct h5_value *v)
{
    *v = (struct h5_value){.n = 1, .is_text = json_is_string(value)};
    if (json_is_string(value)) {
        v->text = calloc(1, sizeof *v->text);
        if (v->text)
            v->text[0] = strdup(json_string_value(value));
    } else if (json_is_number(value)) {
        v->real = calloc(1, sizeof *v->real);
        if (v->real)
            v->real[0] = json_number_value(value);
    }
    if ((v->text && v->text[0]) || v->real)
        return true;
    h5_value_release(v);
    return false;
}

static const json_t *json_fact(const json_t *object, enum fact f, const char **name)
{
    const json_t *best = NULL;
    size_t rank = SIZE_MAX;

    for (void *i = json_object_iter((json_t *)(uintptr_t)object); i;
         i = json_object_iter_next((json_t *)(uintptr_t)object, i)) {
        const json_t *value = json_object_iter_value(i);
        const size_t k = rank_name(f, json_object_iter_key(i));
        if (k < rank && (json_is_string(value) || json_is_number(value))) {
            rank = k;
            best = value;
            *name = json_object_iter_key(i);
        }
    }
    return best;
}

/* Looks at one object: its attributes, then its .meta. */
static bool find_at(hid_t file, const char *path, enum fact f, struct found *found)
{
    const hid_t at = H5Oopen(file, path, H5P_DEFAULT);
    struct best best = {.fact = f, .rank = SIZE_MAX};
    const char *name = "";

    if (at < 0)
        return false;
    H5Aiterate2(at, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, rank_attribute, &best);
    if (best.rank != SIZE_MAX && take_attribute(at, best.name, &found->v)) {
        snprintf(found->from, sizeof found->from, "attribute %.60s of %.100s", best.name, path);
    } else {
        json_t *meta = load_meta(at);
        const json_t *value = meta ? json_fact(meta, f, &name) : NULL;
        if (value && take_json(value, &found->v))
            snprintf(found->from, sizeof found->from, "%.60s in attribute .meta of %.80s", name, path);
        json_decref(meta);
    }
    H5Oclose(at);
    return found->v.n > 0;
}

static bool find_in_set(hid_t file, const char *path, struct found *found)
{
    if (H5Lexists(file, path, H5P_DEFAULT) <= 0)
        return false;
    const hid_t set = H5Dopen2(file, path, H5P_DEFAULT);
    if (set < 0)
        return false;
    if (h5_value_read(set, true, 1, &found->v) > 0)
        snprintf(found->from, sizeof found->from, "dataset %.150s", path);
    H5Dclose(set);
    return found->v.n > 0;
}

/* Looks beside a dataset in its group: where MAT files and NWB keep what is not an attribute. */
static bool find_beside(hid_t file, const char *group, enum fact f, struct found *found)
{
    const char *slash = strcmp(group, "/") == 0 ? "" : "/";
    char path[600];

    if (f != RATE && f != START)
        return false;
    snprintf(path, sizeof path, "%s%sstarting_time", group, slash);
    if (H5Lexists(file, path, H5P_DEFAULT) > 0 && f == RATE && find_at(file, path, f, found))
        return true;
    if (f == START && find_in_set(file, path, found))
        return true;
    snprintf(path, sizeof path, "%s%ssession_start_time", group, slash);
    if (f == START)
        return find_in_set(file, path, found);
    for (size_t i = 0; i < sizeof rate_sets / sizeof *rate_sets; i++) {
        snprintf(path, sizeof path, "%s%s%s", group, slash, rate_sets[i]);
        if (find_in_set(file, path, found))
            return true;
    }
    return false;
}

/* The group that holds path, in place; false at the root. */
static bool climb(char *path)
{
    char *slash = strrchr(path, '/');

    if (!slash || strcmp(path, "/") == 0)
        return false;
    slash[slash == path] = '\0';
    return true;
}

/* Looks for a fact of the dataset at path; found->v.n stays 0 where there is none. */
static void find_fact(const struct foreign *f, const char *path, enum fact fact, struct found *found)
{
    char at[512];

    *found = (struct found){.from = ""};
    snprintf(at, sizeof at, "%s", path);
    if (find_at(f->file, at, fact, found) || (fact != RATE && fact != START))
        return;
    while (climb(at))
        if (find_at(f->file, at, fact, found) || find_beside(f->file, at, fact, found))
            return;
}

static int note(const struct foreign *f, struct kymo_err *e, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static int note(const struct foreign *f, struct kymo_err *e, const char *fmt, ...)
{
    char text[512];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return kymo_header_add_note(&f->r->source, text, strlen(text), e);
}

/* The value for column c of n: one for all of them, or one each. */
static bool number_of(const struct found *found, size_t c, size_t n, double *x)
{
    const struct h5_value *v = &found->v;
    const size_t i = v->n == 1 ? 0 : c;

    if (v->n != 1 && v->n != n)
        return false;
    if (v->is_text)
        return kymo_parse_real(v->text[i], strlen(v->text[i]), x);
    *x = v->real[i];
    return isfinite(*x);
}

static const char *text_of(const struct found *found, size_t c, size_t n)
{
    const struct h5_value *v = &found->v;

    return !v->is_text || (v->n != 1 && v->n != n) ? "" : v->text[v->n == 1 ? 0 : c];
}

/* ---- rate ---- */

/* The simplest fraction within the precision of x, by its continued fraction. */
static bool find_ratio(double x, double tolerance, struct kymo_ratio *ratio)
{
    int64_t p0 = 0, q0 = 1, p1 = 1, q1 = 0;
    double rest = x;

    if (!(x > 1e-9 && x < 1e12))
        return false;
    for (int i = 0; i < 40; i++) {
        const double whole = floor(rest);
        const double p = whole * (double)p1 + (double)p0, q = whole * (double)q1 + (double)q0;
        if (p > (double)KYMO_RATIO_LIMIT || q > (double)KYMO_RATIO_LIMIT)
            break;
        p0 = p1, q0 = q1;
        p1 = (int64_t)p, q1 = (int64_t)q;
        if (fabs((double)p1 / (double)q1 - x) <= tolerance * x)
            break;
        rest = 1 / (rest - whole);
    }
    *ratio = kymo_ratio(p1, q1);
    return p1 > 0 && q1 > 0;
}

static bool rate_of(const struct h5_value *v, struct kymo_ratio *rate)
{
    if (v->n != 1)
        return false;
    if (!v->is_text)
        return find_ratio(v->real[0], v->is_single ? 1e-7 : 4e-16, rate);
    size_t n = strlen(v->text[0]);
    const char *text = v->text[0];
    n = kymo_trim(&text, n);
    if (n > 2 && (kymo_same_text(text + n - 2, "Hz")))
        n -= 2;
    return kymo_parse_ratio(text, n, rate) && rate->num > 0;
}

/* Returns 1, 0 where nothing tells it, or a negative code. */
static int take_rate(const struct foreign *f, const char *path, struct kymo_ratio *rate, struct kymo_err *e)
{
    const struct kymo_want *want = f->r->want;
    struct found found;
    int rc = 1;

    find_fact(f, path, RATE, &found);
    const bool told = found.v.n > 0, usable = told && rate_of(&found.v, rate);
    if (told && !usable)
        rc = kymo_warn(&want->log, e, f->r->path, -1, "%s is no rate", found.from);
    else if (usable)
        rc = note(f, e, "rate %.10g Hz from %s", kymo_ratio_real(*rate), found.from);
    if (rc >= 0 && usable && want->rate.num > 0 && (want->rate.num != rate->num || want->rate.den != rate->den))
        rc = kymo_warn(&want->log, e, f->r->path, -1, "rate %.10g Hz is not used for %s: %s says %.10g",
                       kymo_ratio_real(want->rate), path, found.from, kymo_ratio_real(*rate));
    h5_value_release(&found.v);
    if (rc < 0 || usable)
        return rc < 0 ? rc : 1;
    *rate = want->rate;
    return want->rate.num > 0;
}

/* ---- start ---- */

/* Days since 1970-01-01 in the Gregorian calendar, and back: H. Hinnant, chrono-compatible date algorithms, 2013. */
static int64_t days_of(int64_t y, int64_t m, int64_t d)
{
    y -= m <= 2;
    const int64_t era = (y >= 0 ? y : y - 399) / 400, yoe = y - era * 400;
    const int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;

    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static void date_of(int64_t days, struct kymo_start *s)
{
    const int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
    const int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;

    s->day = (int)(doy - (153 * mp + 2) / 5 + 1);
    s->month = (int)(mp < 10 ? mp + 3 : mp - 9);
    s->year = (int)(yoe + era * 400 + (s->month <= 2));
}

/* "2001-02-28T23:15:00.5": seconds since 1970 and ns behind them; *rest is what follows. */
static bool parse_start(const char *text, int64_t *s, int64_t *ns, const char **rest)
{
    int64_t y, m, d, time = 0;
    size_t n = strlen(text);

    n = kymo_trim(&text, n);
    if (n < 10 || text[4] != '-' || text[7] != '-' || !kymo_parse_int(text, 4, &y) || !kymo_parse_int(text + 5, 2, &m) ||
        !kymo_parse_int(text + 8, 2, &d) || y < 1 || m < 1 || m > 12 || d < 1 || d > 31)
        return false;
    *rest = text + 10;
    if (n > 11 && (text[10] == 'T' || text[10] == ' ')) {
        const size_t length = strspn(text + 11, "0123456789:.");
        if (!kymo_parse_time(text + 11, length, &time) || time >= 86400 * KYMO_NS_PER_S)
            return false;
        *rest = text + 11 + length;
    }
    *s = days_of(y, m, d) * 86400 + time / KYMO_NS_PER_S;
    *ns = time % KYMO_NS_PER_S;
    return true;
}

static int take_start(struct foreign *f, const char *path, size_t i, struct kymo_err *e)
{
    struct found found;
    const char *rest = "";
    int rc = 0;

    f->start_s[i] = KYMO_UNKNOWN;
    f->start_ns[i] = 0;
    find_fact(f, path, START, &found);
    if (found.v.n == 1 && found.v.is_text) {
        if (!parse_start(found.v.text[0], &f->start_s[i], &f->start_ns[i], &rest))
            rc = kymo_warn(&f->r->want->log, e, f->r->path, -1, "%s is no date and time: \"%.40s\"", found.from,
                           found.v.text[0]);
        else
            rc = note(f, e, "start %.40s from %s%s", found.v.text[0], found.from, *rest ? ", its zone left out" : "");
    } else if (found.v.n == 1 && fabs(found.v.real[0]) >= EPOCH_LEAST && fabs(found.v.real[0]) < 1e11) {
        f->start_s[i] = (int64_t)floor(found.v.real[0]);
        f->start_ns[i] = llround((found.v.real[0] - floor(found.v.real[0])) * 1e6) * 1000;
        rc = note(f, e, "start %.6f s since 1970 from %s, as UTC", found.v.real[0], found.from);
    } else if (found.v.n == 1 && fabs(found.v.real[0]) < EPOCH_LEAST) {
        f->start_ns[i] = llround(found.v.real[0] * 1e9);
        rc = note(f, e, "first sample at %.9g s from %s", found.v.real[0], found.from);
    }
    h5_value_release(&found.v);
    return rc;
}

/* The recording starts with the earliest dataset; the others begin at the first point of their grid at or behind their
 * start. */
static int align_sets(struct foreign *f, struct kymo_err *e)
{
    struct h5_reader *s = f->r->state;
    int64_t origin = KYMO_UNKNOWN, least = 0;
    int rc = 0;

    for (size_t i = 0; i < s->n_sets; i++)
        if (f->start_s[i] != KYMO_UNKNOWN && (origin == KYMO_UNKNOWN || f->start_s[i] < origin))
            origin = f->start_s[i];
    for (size_t i = 0; i < s->n_sets; i++) {
        const int64_t behind = f->start_s[i] == KYMO_UNKNOWN ? 0 : f->start_s[i] - origin;
        if (behind > H5_TIME_LIMIT / KYMO_NS_PER_S / 2)
            return h5_fail_at(e, KYMO_EDATA, f->r->path, s->set[i].path, "begins %lld s after the first of the others",
                              (long long)behind);
        f->start_ns[i] += behind * KYMO_NS_PER_S;
        if (i == 0 || f->start_ns[i] < least)
            least = f->start_ns[i];
    }
    if (least > 0 && origin == KYMO_UNKNOWN)
        least = 0;                    /* seconds from a start that nobody tells: keep them */
    if (origin != KYMO_UNKNOWN) {
        const int64_t seconds = origin + (least < 0 ? (least - KYMO_NS_PER_S + 1) / KYMO_NS_PER_S : least / KYMO_NS_PER_S);
        const int64_t days = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400;
        struct kymo_start *start = &f->r->source.start;
        date_of(days, start);
        start->has_date = start->has_time = true;
        start->time_ns = (seconds - days * 86400) * KYMO_NS_PER_S +
                         (least - (seconds - origin) * KYMO_NS_PER_S);
    }
    for (size_t i = 0; rc >= 0 && i < s->n_sets; i++) {
        struct h5_set *set = &s->set[i];
        const int64_t at = f->start_ns[i] - least;
        set->first = kymo_index_at(set->rate, at);
        if (kymo_time_of(set->rate, set->first) != at)
            rc = note(f, e, "%s begins %lld ns later than told, on the grid of its rate", set->path,
                      (long long)(kymo_time_of(set->rate, set->first) - at));
    }
    return rc;
}

/* ---- datasets ---- */

/* What a dataset is made of. */
struct shape {
    int rank;
    hsize_t size[2];
    enum kymo_storage storage;
    bool is_record, can_miss;
    json_t *columns;              /* of .meta, or NULL */
};

/* How a number type is held in memory; false where it is none. */
static bool choose_storage(hid_t type, enum kymo_storage *storage)
{
    const size_t width = H5Tget_size(type);
    const H5T_class_t class = H5Tget_class(type);

    if (class == H5T_FLOAT)
        *storage = width <= 4 ? KYMO_F32 : KYMO_F64;
    else if (class == H5T_INTEGER && H5Tget_sign(type) == H5T_SGN_NONE)
        *storage = width == 1 ? KYMO_I16 : width == 2 ? KYMO_I24 : width == 3 ? KYMO_I32 : KYMO_F64;
    else if (class == H5T_INTEGER)
        *storage = width <= 2 ? KYMO_I16 : width == 3 ? KYMO_I24 : width == 4 ? KYMO_I32 : KYMO_F64;
    return class == H5T_FLOAT || class == H5T_INTEGER;
}

bool h5_is_time_name(const char *name)
{
    return is_word(name, "time") || is_word(name, "timestamp") || is_word(name, "timestamps") || is_word(name, "datetime") ||
           is_word(name, "t");
}

/* The members of a compound type as columns. NULL, or why not. */
static const char *check_record(hid_t type, const json_t *columns)
{
    const int n = H5Tget_nmembers(type);
    enum kymo_storage storage;

    if (!columns)
        return "is a compound dataset without the JSON of CCDEF that tells of its columns";
    for (int i = 0; i < n; i++) {
        char *name = H5Tget_member_name(type, (unsigned)i);
        const hid_t member = H5Tget_member_type(type, (unsigned)i);
        const bool numbers = member >= 0 && choose_storage(member, &storage), is_time = name && h5_is_time_name(name);
        if (member >= 0)
            H5Tclose(member);
        H5free_memory(name);
        if (is_time)
            return "has a column of times of its own: only evenly sampled datasets are read";
        if (!numbers)
            return "is a compound dataset with a column that holds no numbers";
    }
    return n > 0 ? NULL : "is a compound dataset without columns";
}

/* Why a dataset cannot be read as signals, or NULL with *shape filled in. */
static const char *look_at(hid_t set, struct shape *shape)
{
    static const char *const classes[] = {
        [H5T_TIME] = "holds times", [H5T_STRING] = "holds texts", [H5T_BITFIELD] = "holds bit fields",
        [H5T_OPAQUE] = "holds opaque data", [H5T_REFERENCE] = "holds references", [H5T_ENUM] = "holds enumerated values",
        [H5T_VLEN] = "holds lists", [H5T_ARRAY] = "holds arrays",
    };
    const hid_t type = H5Dget_type(set), space = H5Dget_space(set);
    const H5T_class_t class = type >= 0 ? H5Tget_class(type) : H5T_NO_CLASS;
    const char *why = NULL;

    json_t *meta = load_meta(set);
    shape->columns = json_incref(json_object_get(meta, "columns"));
    json_decref(meta);
    shape->rank = space >= 0 ? H5Sget_simple_extent_ndims(space) : 0;
    shape->is_record = class == H5T_COMPOUND;
    if (shape->is_record)
        shape->storage = KYMO_F64;
    if (shape->is_record)
        why = check_record(type, shape->columns);
    else if (type < 0 || !choose_storage(type, &shape->storage))
        why = class >= 0 && (size_t)class < sizeof classes / sizeof *classes && classes[class] ? classes[class]
                                                                                             : "holds no numbers";
    if (!why && (shape->rank < 1 || shape->rank > (shape->is_record ? 1 : 2)))
        why = shape->rank < 1 ? "is a single value" : "has more than two dimensions";
    if (!why)
        H5Sget_simple_extent_dims(space, shape->size, NULL);
    shape->can_miss = shape->storage == KYMO_I32;
    if (space >= 0)
        H5Sclose(space);
    if (type >= 0)
        H5Tclose(type);
    return why;
}

static bool is_same_item(const struct found *found, size_t i, const char *word)
{
    return found->v.is_text && i < found->v.n && is_word(found->v.text[i], word);
}

/* Which dimension of a 2-D dataset is time, and what told so. */
static int choose_axis(const struct foreign *f, const char *path, const struct shape *shape, struct kymo_err *e)
{
    struct found labels, axis, dims;
    const char *why = "the longer one";
    char told[260];
    int time = shape->size[1] > shape->size[0];

    find_fact(f, path, LABELS, &labels);
    find_fact(f, path, TIME_AXIS, &axis);
    find_fact(f, path, DIMENSIONS, &dims);
    for (int i = 0; i < 2; i++) {
        const char *const words[] = {"time", "t", "sample", "samples"};
        if (labels.v.is_text && labels.v.n == shape->size[i] && shape->size[0] != shape->size[1]) {
            time = !i;
            why = labels.from;
        }
        for (size_t k = 0; dims.v.n == 2 && k < sizeof words / sizeof *words; k++)
            if (is_same_item(&dims, (size_t)i, words[k])) {
                time = i;
                why = dims.from;
            }
    }
    if (axis.v.n == 1 && !axis.v.is_text && (axis.v.real[0] == 0 || axis.v.real[0] == 1)) {
        time = (int)axis.v.real[0];
        why = axis.from;
    }
    snprintf(told, sizeof told, "%s", why);
    h5_value_release(&labels.v);
    h5_value_release(&axis.v);
    h5_value_release(&dims.v);
    const int rc = note(f, e, "%s is %llu x %llu: dimension %d is time (%s)", path, (unsigned long long)shape->size[0],
                        (unsigned long long)shape->size[1], time, told);
    return rc < 0 ? rc : time;
}

/* The type that a record is read as: a double for each member. */
static hid_t record_type(hid_t set, size_t n)
{
    const hid_t type = H5Dget_type(set), mem = H5Tcreate(H5T_COMPOUND, n * sizeof(double));

    for (size_t i = 0; i < n; i++) {
        char *name = H5Tget_member_name(type, (unsigned)i);
        H5Tinsert(mem, name ? name : "", i * sizeof(double), H5T_NATIVE_DOUBLE);
        H5free_memory(name);
    }
    H5Tclose(type);
    return mem;
}

/* "/a/ecg" -> "ecg"; an NWB series "/a/ecg/data" -> "ecg". */
static void name_of(const char *path, char *name, size_t cap)
{
    const char *last = strrchr(path, '/'), *end = path + strlen(path);

    last = last ? last + 1 : path;
    if (strcmp(last, "data") == 0 && last > path + 1) {
        end = last - 1;
        for (last = end; last > path && last[-1] != '/';)
            last--;
    }
    snprintf(name, cap, "%.*s", (int)(end - last), last);
}

/* What is known of one signal of a dataset. */
struct facts {
    struct found label, unit, scale, gain, offset, baseline, missing;
};

static void find_facts(const struct foreign *f, const char *path, struct facts *all)
{
    find_fact(f, path, LABELS, &all->label);
    find_fact(f, path, UNIT, &all->unit);
    find_fact(f, path, SCALE, &all->scale);
    find_fact(f, path, GAIN, &all->gain);
    find_fact(f, path, OFFSET, &all->offset);
    find_fact(f, path, BASELINE, &all->baseline);
    find_fact(f, path, MISSING, &all->missing);
}

static void release_facts(struct facts *all)
{
    struct found *each[] = {&all->label, &all->unit, &all->scale, &all->gain, &all->offset, &all->baseline, &all->missing};

    for (size_t i = 0; i < sizeof each / sizeof *each; i++)
        h5_value_release(&each[i]->v);
}

/* A column's own number in the .meta of CCDEF, or what the dataset's attributes say. */
static bool column_number(const json_t *column, enum fact fact, const struct found *found, size_t c, size_t n, double *x)
{
    const char *name;
    const json_t *value = column ? json_fact(column, fact, &name) : NULL;

    if (json_is_number(value)) {
        *x = json_number_value(value);
        return isfinite(*x);
    }
    return found->v.n > 0 && number_of(found, c, n, x);
}

/* value = (stored - baseline) * scale + offset, of integers through gain and baseline, of floats as they are read. */
static int calibrate(const struct foreign *f, const struct facts *all, const json_t *column, size_t c,
                     const struct h5_set *set, struct kymo_signal *sig, struct h5_column *to, struct kymo_err *e)
{
    const bool integer = kymo_storage_is_integer(set->storage);
    double scale = 1, gain = 1, offset = 0, baseline = 0;
    const bool has_scale = column_number(column, SCALE, &all->scale, c, set->n_columns, &scale);
    const bool has_gain = !has_scale && column_number(column, GAIN, &all->gain, c, set->n_columns, &gain);
    const bool has_offset = column_number(column, OFFSET, &all->offset, c, set->n_columns, &offset);
    const bool has_baseline = integer && column_number(column, BASELINE, &all->baseline, c, set->n_columns, &baseline);

    if (has_scale)
        gain = 1 / scale;
    else
        scale = 1 / gain;
    if (!isfinite(gain) || !isfinite(scale) || gain == 0 || scale == 0) {
        gain = scale = 1;
        offset = baseline = 0;
        const int rc = kymo_warn(&f->r->want->log, e, f->r->path, -1, "%s: no usable scale: uncalibrated", set->path);
        if (rc < 0)
            return rc;
    } else if (has_scale || has_gain || has_offset || has_baseline || sig->unit[0] || !integer) {
        sig->calibrated = true;
    }
    sig->gain = integer ? gain : 1;
    sig->baseline = integer ? baseline - offset * gain : 0;
    to->scale = integer ? 1 : scale;
    to->offset = integer ? 0 : offset;
    if (c > 0 || !(has_scale || has_gain || has_offset || has_baseline))
        return 0;
    return note(f, e, "%s = (stored - %.10g) * %.10g + %.10g from %s%s%s%s", sig->label, baseline, scale, offset,
                has_scale ? (all->scale.v.n ? all->scale.from : "scale in .meta") : has_gain ? all->gain.from : "",
                (has_scale || has_gain) && has_offset ? ", " : "", has_offset ? all->offset.from : "",
                has_baseline ? ", baseline" : "");
}

static int keep_text(struct kymo_header *h, const char *text, const char **kept, struct kymo_err *e)
{
    return (*kept = kymo_header_text(h, text, strlen(text), e)) ? 0 : KYMO_ENOMEM;
}

/* Label and unit of column c, the unit's source told once. */
static int name_column(const struct foreign *f, const struct facts *all, const json_t *column, const char *key, size_t c,
                       const struct h5_set *set, struct kymo_signal *sig, struct kymo_err *e)
{
    struct kymo_header *h = &f->r->source;
    const char *label = key ? key : text_of(&all->label, c, set->n_columns), *from = all->unit.from, *name = "";
    const json_t *own = column ? json_fact(column, UNIT, &name) : NULL;
    const char *unit = json_is_string(own) ? json_string_value(own) : text_of(&all->unit, c, set->n_columns);
    char made[300];

    name_of(set->path, made, sizeof made - 24);
    if (set->n_columns > 1)
        snprintf(made + strlen(made), 24, "[%zu]", c);
    if (!*label || (all->label.v.n == 1 && set->n_columns > 1 && !key))
        label = made;
    if (json_is_string(own))
        from = "attribute .meta";
    if (!*unit && f->r->want->unit) {
        unit = f->r->want->unit;
        from = "the command line";
    }
    if (keep_text(h, label, &sig->label, e) < 0 || keep_text(h, unit, &sig->unit, e) < 0)
        return KYMO_ENOMEM;
    sig->kind = kymo_kind_of(sig->label, sig->unit);
    return c == 0 && *unit ? note(f, e, "unit %.40s from %s", unit, from) : 0;
}

static int add_signal(const struct foreign *f, const struct facts *all, const struct shape *shape, size_t c,
                      struct h5_set *set, const char *key, struct kymo_err *e)
{
    struct kymo_signal *sig = kymo_header_signal(&f->r->source, e);
    struct h5_column *column = &set->column[c];
    const json_t *meta = key ? json_object_get(shape->columns, key) : NULL;
    int rc;

    if (!sig)
        return KYMO_ENOMEM;
    sig->rate = set->rate;
    sig->n_samples = (int64_t)set->n;
    sig->can_miss = shape->can_miss;
    if ((rc = name_column(f, all, meta, key, c, set, sig, e)) < 0 ||
        (rc = calibrate(f, all, meta, c, set, sig, column, e)) < 0)
        return rc;
    column->can_miss = all->missing.v.n > 0 && number_of(&all->missing, c, set->n_columns, &column->missing) &&
                       (!kymo_storage_is_integer(set->storage) ||
                        (column->missing >= INT32_MIN && column->missing <= INT32_MAX));
    sig->can_miss |= column->can_miss;
    sig->storage = set->storage == KYMO_F32 && (column->scale != 1 || column->offset != 0) ? KYMO_F64 : set->storage;
    return 0;
}

static int add_signals(const struct foreign *f, const struct shape *shape, hid_t id, struct h5_set *set, struct kymo_err *e)
{
    struct facts all;
    void *i = json_object_size(shape->columns) == set->n_columns ? json_object_iter(shape->columns) : NULL;
    int rc = 0;

    find_facts(f, set->path, &all);
    const hid_t type = set->is_record ? H5Dget_type(id) : -1;
    for (size_t c = 0; rc >= 0 && c < set->n_columns; c++) {
        char *member = type >= 0 ? H5Tget_member_name(type, (unsigned)c) : NULL;
        rc = add_signal(f, &all, shape, c, set, member ? member : i ? json_object_iter_key(i) : NULL, e);
        H5free_memory(member);
        i = i ? json_object_iter_next(shape->columns, i) : NULL;
    }
    if (type >= 0)
        H5Tclose(type);
    release_facts(&all);
    return rc;
}

static int add_dataset(struct foreign *f, const char *path, hid_t id, const struct shape *shape, struct kymo_ratio rate,
                       struct kymo_err *e)
{
    struct h5_reader *s = f->r->state;
    const int time = shape->rank == 2 ? choose_axis(f, path, shape, e) : 0;
    size_t n = 1;

    if (time < 0)
        return time;
    if (shape->is_record) {
        const hid_t type = H5Dget_type(id);
        n = (size_t)H5Tget_nmembers(type);
        H5Tclose(type);
    } else if (shape->rank == 2) {
        if (shape->size[!time] > KYMO_MAX_SIGNALS || shape->size[!time] == 0)
            return h5_fail_at(e, KYMO_EFORMAT, f->r->path, path, "%llu signals, not 1..%d",
                              (unsigned long long)shape->size[!time], KYMO_MAX_SIGNALS);
        n = (size_t)shape->size[!time];
    }
    if (shape->size[time] > (hsize_t)H5_INDEX_LIMIT)
        return h5_fail_at(e, KYMO_EFORMAT, f->r->path, path, "%llu samples: no recording is so long",
                          (unsigned long long)shape->size[time]);
    struct h5_set *set = h5_add_set(s, path, n, e);
    if (!set)
        return KYMO_ENOMEM;
    h5_set_storage(set, shape->storage);
    set->rank = shape->rank;
    set->time_second = time == 1;
    set->is_record = shape->is_record;
    set->rate = rate;
    set->n = set->end = shape->size[time];
    set->signal = f->r->source.n_signals;
    if (set->is_record)
        set->mem = record_type(id, n);
    return add_signals(f, shape, id, set, e);
}

/* One dataset: taken, or left out with a note; an error where the user named it. */
static int take_dataset(struct foreign *f, const char *path, struct kymo_err *e)
{
    struct h5_reader *s = f->r->state;
    const hid_t id = H5Dopen2(f->file, path, H5P_DEFAULT);
    struct shape shape = {.columns = NULL};
    struct kymo_ratio rate = {0, 1};
    int rc = 0;

    if (id < 0)
        return f->alone ? h5_fail(e, f->r->path, path, "cannot be opened") : note(f, e, "%s cannot be opened", path);
    const char *why = look_at(id, &shape);
    if (!why && !f->alone && shape.size[0] * (shape.rank == 2 ? shape.size[1] : 1) < 2)
        why = "is a single value";
    if (why)
        rc = f->alone ? h5_fail_at(e, KYMO_EFORMAT, f->r->path, path, "%s: not samples", why)
                      : note(f, e, "%s is left out: %s", path, why);
    else if ((rc = take_rate(f, path, &rate, e)) == 0)
        rc = f->alone ? 0 : kymo_warn(&f->r->want->log, e, f->r->path, -1, "%s is left out: no rate is told", path);
    else if (rc > 0)
        rc = add_dataset(f, path, id, &shape, rate, e);
    if (rc >= 0 && s->n_sets > f->n_starts)
        rc = take_start(f, path, f->n_starts++, e);
    json_decref(shape.columns);
    H5Dclose(id);
    return rc;
}

/* ---- which datasets ---- */

struct paths {
    char **path;
    size_t n, cap;
    const char *root;
};

static herr_t keep_path(hid_t at, const char *name, const H5O_info_t *info, void *to)
{
    struct paths *all = to;
    char *full = NULL;

    (void)at;
    if (info->type != H5O_TYPE_DATASET || all->n >= PATHS_LIMIT || strstr(name, "annotations/"))
        return 0;
    if (all->n == all->cap) {
        const size_t cap = all->cap ? 2 * all->cap : 64;
        char **larger = realloc(all->path, cap * sizeof *larger);
        if (!larger)
            return -1;
        all->path = larger;
        all->cap = cap;
    }
    if (strcmp(name, ".") == 0)
        full = strdup(all->root);
    else if (asprintf(&full, "%s%s%s", strcmp(all->root, "/") == 0 ? "" : all->root, "/", name) < 0)
        full = NULL;
    if (!full)
        return -1;
    all->path[all->n++] = full;
    return 0;
}

static int list_datasets(struct foreign *f, const char *root, struct paths *all, struct kymo_err *e)
{
    all->root = root;
    if (H5Ovisit_by_name2(f->file, root, H5_INDEX_NAME, H5_ITER_INC, keep_path, all, H5O_INFO_BASIC, H5P_DEFAULT) < 0)
        return h5_fail(e, f->r->path, root, "cannot be read");
    return 0;
}

/* CCDEF's groups, if the file has any. */
static int list_groups(struct foreign *f, struct paths *all, struct kymo_err *e)
{
    static const char *const groups[] = {"/waveforms", "/Waveforms", "/numerics", "/Numerics"};
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < sizeof groups / sizeof *groups; i++)
        if (H5Lexists(f->file, groups[i], H5P_DEFAULT) > 0)
            rc = list_datasets(f, groups[i], all, e);
    return rc;
}

/* Keeps those that could be samples. */
static void keep_usable(const struct foreign *f, struct paths *all)
{
    size_t kept = 0;

    for (size_t i = 0; i < all->n; i++) {
        struct shape shape = {.columns = NULL};
        const hid_t id = H5Dopen2(f->file, all->path[i], H5P_DEFAULT);
        const bool usable = id >= 0 && !look_at(id, &shape) &&
                            shape.size[0] * (shape.rank == 2 ? shape.size[1] : 1) > 1;
        json_decref(shape.columns);
        if (id >= 0)
            H5Dclose(id);
        if (usable)
            all->path[kept++] = all->path[i];
        else
            free(all->path[i]);
    }
    all->n = kept;
}

static int fail_choose(const struct foreign *f, const struct paths *all, struct kymo_err *e)
{
    char list[140] = "";

    if (all->n == 0)
        return h5_fail_at(e, KYMO_EDATA, f->r->path, NULL, "no dataset of numbers in one or two dimensions");
    for (size_t i = 0; i < all->n && strlen(list) < sizeof list - 44; i++)
        snprintf(list + strlen(list), sizeof list - strlen(list), "%s%.40s", i ? ", " : "", all->path[i]);
    return h5_fail_at(e, KYMO_EUSAGE, f->r->path, NULL, "%zu datasets (%s%s): choose one, or a group, as in %.60s:%.60s",
                      all->n, list, strlen(list) >= sizeof list - 44 ? ", ..." : "", f->r->path, all->path[0]);
}

/* What to read: what the user named, else CCDEF's groups, else the only dataset there is. */
static int choose_datasets(struct foreign *f, struct paths *all, struct kymo_err *e)
{
    const char *inside = f->r->inside;
    int rc;

    if (inside && strcmp(inside, "/") != 0) {
        if (H5Oexists_by_name(f->file, inside, H5P_DEFAULT) <= 0)
            return h5_fail_at(e, KYMO_EUSAGE, f->r->path, inside, "no such group or dataset");
        rc = list_datasets(f, inside, all, e);
        f->alone = all->n == 1 && strcmp(all->path[0], inside) == 0;
        if (rc == 0 && all->n == 0)
            return h5_fail_at(e, KYMO_EDATA, f->r->path, inside, "no datasets");
        return rc;
    }
    if ((rc = list_groups(f, all, e)) < 0 || all->n > 0)
        return rc;
    if ((rc = list_datasets(f, "/", all, e)) < 0)
        return rc;
    if (inside)
        return 0;
    keep_usable(f, all);
    f->alone = all->n == 1;
    return all->n == 1 ? 0 : fail_choose(f, all, e);
}

static int take_datasets(struct foreign *f, struct paths *all, struct kymo_err *e)
{
    struct h5_reader *s = f->r->state;
    int rc = choose_datasets(f, all, e);

    if (rc < 0)
        return rc;
    f->start_s = calloc(all->n + 1, sizeof *f->start_s);
    f->start_ns = calloc(all->n + 1, sizeof *f->start_ns);
    if (!f->start_s || !f->start_ns)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu datasets", all->n);
    for (size_t i = 0; rc >= 0 && i < all->n; i++)
        rc = take_dataset(f, all->path[i], e);
    if (rc >= 0 && s->n_sets == 0)
        return h5_fail_at(e, KYMO_EUSAGE, f->r->path, all->n == 1 ? all->path[0] : f->r->inside,
                          "no rate: looked for %s, here and in the groups above; tell it with --rate", RATE_NAMES);
    return rc < 0 ? rc : align_sets(f, e);
}

int h5_open_foreign(struct kymo_reader *r, struct kymo_err *e)
{
    struct h5_reader *s = r->state;
    struct foreign f = {.r = r, .file = s->file};
    struct paths all = {0};

    s->tables.n_segments = 1;
    r->source.format = "hdf5";
    if (!(r->source.record = kymo_header_text(&r->source, r->path, strlen(r->path), e)))
        return KYMO_ENOMEM;
    const int rc = take_datasets(&f, &all, e);
    for (size_t i = 0; i < all.n; i++)
        free(all.path[i]);
    free(all.path);
    free(f.start_s);
    free(f.start_ns);
    return rc;
}
