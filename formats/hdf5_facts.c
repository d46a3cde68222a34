/* formats/hdf5_facts.c - finds what is told of a dataset in HDF5 files not of our layout: rate, unit, calibration, start.
 *
 * Facts are looked for under their usual names, whatever their case and punctuation: among the attributes of the dataset, in
 * the JSON of its attribute .meta (CCDEF), and, for rate and start, in the groups above it and the datasets beside it (MAT 7.3,
 * NWB). */
#include "formats/hdf5_foreign.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VALUES_LIMIT KYMO_MAX_SIGNALS

/* Lower-case letters and digits of the names, the most telling first. */
static const char *const names[H5_FACTS][12] = {
    [H5_RATE] = {"fs", "fsamp", "samplingrate", "samplerate", "samplingfrequency", "samplefrequency", "sfreq", "rate",
                 "frequency"},
    [H5_UNIT] = {"unit", "units", "uom"},
    [H5_SCALE] = {"scale", "scalefactor", "conversion"},
    [H5_GAIN] = {"gain"},
    [H5_OFFSET] = {"offset", "addoffset"},
    [H5_BASELINE] = {"baseline"},
    [H5_MISSING] = {"fillvalue", "missingvalue", "missing"},
    [H5_START] = {"starttime", "startingtime", "timeorigin", "basedatetime", "startdatetime", "start", "sessionstarttime"},
    [H5_LABELS] = {"labels", "channels", "channelnames", "columns", "signalnames", "signame", "leads", "names", "label"},
    [H5_TIME_AXIS] = {"timeaxis"},
    [H5_DIMENSIONS] = {"dimensionlabels", "dims"},
};

/* Datasets beside the samples that may hold the rate: variables of MAT files. */
static const char *const rate_sets[] = {"fs", "Fs", "FS", "fsamp", "sampling_rate", "sample_rate", "samplerate",
                                        "sampling_frequency", "sfreq"};

/* ---- values ---- */

/* Whether a name is, but for case and punctuation, that word. */
bool h5_is_word(const char *name, const char *word)
{
    for (; *name; name++) {
        const char c = kymo_lower(*name);
        const bool counts = (c >= 'a' && c <= 'z') || kymo_is_digit(c);
        if (counts && c != *word)
            return false;
        word += counts;
    }
    return *word == '\0';
}

static size_t rank_name(enum h5_subject f, const char *name)
{
    size_t i = 0;

    while (i < sizeof names[f] / sizeof *names[f] && names[f][i] && !h5_is_word(name, names[f][i]))
        i++;
    return i < sizeof names[f] / sizeof *names[f] && names[f][i] ? i : SIZE_MAX;
}

struct best {
    enum h5_subject fact;
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
json_t *h5_load_meta(hid_t at)
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

const json_t *h5_json_fact(const json_t *object, enum h5_subject f, const char **name)
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
static bool find_at(hid_t file, const char *path, enum h5_subject f, struct h5_fact *found)
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
        json_t *meta = h5_load_meta(at);
        const json_t *value = meta ? h5_json_fact(meta, f, &name) : NULL;
        if (value && take_json(value, &found->v))
            snprintf(found->from, sizeof found->from, "%.60s in attribute .meta of %.80s", name, path);
        json_decref(meta);
    }
    H5Oclose(at);
    return found->v.n > 0;
}

static bool find_in_set(hid_t file, const char *path, struct h5_fact *found)
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
static bool find_beside(hid_t file, const char *group, enum h5_subject f, struct h5_fact *found)
{
    const char *slash = strcmp(group, "/") == 0 ? "" : "/";
    char path[600];

    if (f != H5_RATE && f != H5_START)
        return false;
    snprintf(path, sizeof path, "%s%sstarting_time", group, slash);
    if (H5Lexists(file, path, H5P_DEFAULT) > 0 && f == H5_RATE && find_at(file, path, f, found))
        return true;
    if (f == H5_START && find_in_set(file, path, found))
        return true;
    snprintf(path, sizeof path, "%s%ssession_start_time", group, slash);
    if (f == H5_START)
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
void h5_find_fact(const struct h5_foreign *f, const char *path, enum h5_subject fact, struct h5_fact *found)
{
    char at[512];

    *found = (struct h5_fact){.from = ""};
    snprintf(at, sizeof at, "%s", path);
    if (find_at(f->file, at, fact, found) || (fact != H5_RATE && fact != H5_START))
        return;
    while (climb(at))
        if (find_at(f->file, at, fact, found) || find_beside(f->file, at, fact, found))
            return;
}

/* The value for column c of n: one for all of them, or one each. */
bool h5_number_of(const struct h5_fact *found, size_t c, size_t n, double *x)
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

const char *h5_text_of(const struct h5_fact *found, size_t c, size_t n)
{
    const struct h5_value *v = &found->v;

    return !v->is_text || (v->n != 1 && v->n != n) ? "" : v->text[v->n == 1 ? 0 : c];
}
