/* formats/hdf5_columns.c - makes signals of a dataset not of our layout, by its shape and type and what is told of it. */
#include "formats/hdf5_foreign.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- datasets ---- */

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
    return h5_is_word(name, "time") || h5_is_word(name, "timestamp") || h5_is_word(name, "timestamps") ||
           h5_is_word(name, "datetime") || h5_is_word(name, "t");
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
const char *h5_look_at(hid_t set, struct h5_shape *shape)
{
    static const char *const classes[] = {
        [H5T_TIME] = "holds times", [H5T_STRING] = "holds texts", [H5T_BITFIELD] = "holds bit fields",
        [H5T_OPAQUE] = "holds opaque data", [H5T_REFERENCE] = "holds references", [H5T_ENUM] = "holds enumerated values",
        [H5T_VLEN] = "holds lists", [H5T_ARRAY] = "holds arrays",
    };
    const hid_t type = H5Dget_type(set), space = H5Dget_space(set);
    const H5T_class_t class = type >= 0 ? H5Tget_class(type) : H5T_NO_CLASS;
    const char *why = NULL;

    json_t *meta = h5_load_meta(set);
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

static bool is_same_item(const struct h5_fact *found, size_t i, const char *word)
{
    return found->v.is_text && i < found->v.n && h5_is_word(found->v.text[i], word);
}

/* Which dimension of a 2-D dataset is time, and what told so. */
static int choose_axis(const struct h5_foreign *f, const char *path, const struct h5_shape *shape, struct kymo_err *e)
{
    struct h5_fact labels, axis, dims;
    const char *why = "the longer one";
    char told[260];
    int time = shape->size[1] > shape->size[0];

    h5_find_fact(f, path, H5_LABELS, &labels);
    h5_find_fact(f, path, H5_TIME_AXIS, &axis);
    h5_find_fact(f, path, H5_DIMENSIONS, &dims);
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
    const int rc = h5_note(f, e, "%s is %llu x %llu: dimension %d is time (%s)", path, (unsigned long long)shape->size[0],
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
    struct h5_fact label, unit, scale, gain, offset, baseline, missing;
};

static void find_facts(const struct h5_foreign *f, const char *path, struct facts *all)
{
    h5_find_fact(f, path, H5_LABELS, &all->label);
    h5_find_fact(f, path, H5_UNIT, &all->unit);
    h5_find_fact(f, path, H5_SCALE, &all->scale);
    h5_find_fact(f, path, H5_GAIN, &all->gain);
    h5_find_fact(f, path, H5_OFFSET, &all->offset);
    h5_find_fact(f, path, H5_BASELINE, &all->baseline);
    h5_find_fact(f, path, H5_MISSING, &all->missing);
}

static void release_facts(struct facts *all)
{
    struct h5_fact *each[] = {&all->label, &all->unit, &all->scale, &all->gain, &all->offset, &all->baseline, &all->missing};

    for (size_t i = 0; i < sizeof each / sizeof *each; i++)
        h5_value_release(&each[i]->v);
}

/* A column's own number in the .meta of CCDEF, or what the dataset's attributes say. */
static bool column_number(const json_t *column, enum h5_subject fact, const struct h5_fact *found, size_t c, size_t n,
                          double *x)
{
    const char *name;
    const json_t *value = column ? h5_json_fact(column, fact, &name) : NULL;

    if (json_is_number(value)) {
        *x = json_number_value(value);
        return isfinite(*x);
    }
    return found->v.n > 0 && h5_number_of(found, c, n, x);
}

/* value = (stored - baseline) * scale + offset, of integers through gain and baseline, of floats as they are read. */
static int calibrate(const struct h5_foreign *f, const struct facts *all, const json_t *column, size_t c,
                     const struct h5_set *set, struct kymo_signal *sig, struct h5_column *to, struct kymo_err *e)
{
    const bool integer = kymo_storage_is_integer(set->storage);
    double scale = 1, gain = 1, offset = 0, baseline = 0;
    const bool has_scale = column_number(column, H5_SCALE, &all->scale, c, set->n_columns, &scale);
    const bool has_gain = !has_scale && column_number(column, H5_GAIN, &all->gain, c, set->n_columns, &gain);
    const bool has_offset = column_number(column, H5_OFFSET, &all->offset, c, set->n_columns, &offset);
    const bool has_baseline = integer && column_number(column, H5_BASELINE, &all->baseline, c, set->n_columns, &baseline);

    if (has_scale)
        gain = 1 / scale;
    else
        scale = 1 / gain;
    if (!isfinite(gain) || !isfinite(scale) || gain == 0 || scale == 0 || !isfinite(baseline - offset * gain)) {
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
    return h5_note(f, e, "%s = (stored - %.10g) * %.10g + %.10g from %s%s%s%s", sig->label, baseline, scale, offset,
                   has_scale ? (all->scale.v.n ? all->scale.from : "scale in .meta") : has_gain ? all->gain.from : "",
                   (has_scale || has_gain) && has_offset ? ", " : "", has_offset ? all->offset.from : "",
                   has_baseline ? ", baseline" : "");
}

static int keep_text(struct kymo_header *h, const char *text, const char **kept, struct kymo_err *e)
{
    return (*kept = kymo_header_text(h, text, strlen(text), e)) ? 0 : KYMO_ENOMEM;
}

/* Label and unit of column c, the unit's source told once. */
static int name_column(const struct h5_foreign *f, const struct facts *all, const json_t *column, const char *key, size_t c,
                       const struct h5_set *set, struct kymo_signal *sig, struct kymo_err *e)
{
    struct kymo_header *h = &f->r->source;
    const char *label = key ? key : h5_text_of(&all->label, c, set->n_columns), *from = all->unit.from, *name = "";
    const json_t *own = column ? h5_json_fact(column, H5_UNIT, &name) : NULL;
    const char *unit = json_is_string(own) ? json_string_value(own) : h5_text_of(&all->unit, c, set->n_columns);
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
    return c == 0 && *unit ? h5_note(f, e, "unit %.40s from %s", unit, from) : 0;
}

static int add_signal(const struct h5_foreign *f, const struct facts *all, const struct h5_shape *shape, size_t c,
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
    column->can_miss = all->missing.v.n > 0 && h5_number_of(&all->missing, c, set->n_columns, &column->missing) &&
                       (!kymo_storage_is_integer(set->storage) ||
                        (column->missing >= INT32_MIN && column->missing <= INT32_MAX));
    sig->can_miss |= column->can_miss;
    sig->storage = set->storage == KYMO_F32 && (column->scale != 1 || column->offset != 0) ? KYMO_F64 : set->storage;
    return 0;
}

static int add_signals(const struct h5_foreign *f, const struct h5_shape *shape, hid_t id, struct h5_set *set,
                       struct kymo_err *e)
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

int h5_add_dataset(struct h5_foreign *f, const char *path, hid_t id, const struct h5_shape *shape, struct kymo_ratio rate,
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
