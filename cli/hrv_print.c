/* cli/hrv_print.c - kymo hrv: rows of measures as a table, as nested JSON, as a sheet for people. */
#include "cli/hrv.h"
#include "lib/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Columns that come before the measures. */
enum { RECORD, FROM, TO, N_BEATS, N_NN, N_CORRECTED, EXCLUDED, LEADING };
static const struct kymo_column leading[LEADING] = {
    {"record", 0}, {"from_s", 9}, {"to_s", 9}, {"n_beats", 0}, {"n_nn", 0}, {"n_corrected", 0}, {"pct_excluded", 3},
};

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for a table of measures"); }

/* ---- which measures ---- */

static bool is_word(const char *word, size_t n, const char *name) { return strlen(name) == n && memcmp(word, name, n) == 0; }

static bool is_picked(const struct hrv_measure *m, const char *word, size_t n)
{
    return is_word(word, n, "all") || (is_word(word, n, "standard") && m->standard) ||
           is_word(word, n, hrv_group_name[m->group]) || is_word(word, n, m->name);
}

static int mark_picks(const char *picks, bool *marked, struct kymo_err *e)
{
    for (const char *word = picks, *end; *word; word = *end ? end + 1 : end) {
        size_t found = 0;
        end = strchr(word, ',') ? strchr(word, ',') : word + strlen(word);
        for (size_t i = 0; i < hrv_n_measures; i++) {
            const bool is = is_picked(&hrv_measures[i], word, (size_t)(end - word));
            marked[i] |= is;
            found += is;
        }
        if (found == 0)
            return kymo_fail(e, KYMO_EUSAGE, "no measure or group \"%.*s\": kymo hrv --list names them", (int)(end - word),
                             word);
    }
    return 0;
}

/* Bands of the user's own are given whatever else is. */
static void pick_bands(struct hrv_sheet *s)
{
    const struct hrv_spectra_recipe *const r = &s->recipe->spectra;

    for (size_t i = 0; i < r->n_extra; i++) {
        const double least_s = hrv_band_need(r->extra[i]).least_s;
        s->extra[i] = (struct hrv_measure){
            .name = r->extra_name[i], .decimals = 6, .group = HRV_FREQUENCY, .least_nn = 2, .least_s = least_s, .unit = "ms^2",
            .at = offsetof(struct hrv_values, extra_ms2) + i * sizeof(double), .definition = "power of a band of your own",
            .source = "",
        };
        s->pick[s->n_pick++] = &s->extra[i];
        s->wanted[HRV_FREQUENCY] = true;
    }
}

static int pick_measures(struct hrv_sheet *s, const char *picks, struct kymo_err *e)
{
    bool *const marked = calloc(hrv_n_measures, sizeof *marked);

    s->pick = calloc(hrv_n_measures + HRV_EXTRA_BANDS, sizeof *s->pick);
    const int rc = !marked || !s->pick ? out_of_memory(e) : mark_picks(picks ? picks : "standard", marked, e);
    for (size_t i = 0; rc == 0 && i < hrv_n_measures; i++)
        if (marked[i]) {
            s->pick[s->n_pick++] = &hrv_measures[i];
            s->wanted[hrv_measures[i].group] = true;
        }
    if (rc == 0)
        pick_bands(s);
    free(marked);
    return rc;
}

/* ---- cells ---- */

/* "short: sdann_ms hti; few: rmssd_ms" into text; where nothing is given, why in a word or two. */
static void put_note(const struct hrv_sheet *s, const struct hrv_span *w, const enum hrv_reason *reason, char *text, size_t cap)
{
    size_t n = 0;

    snprintf(text, cap, "%s", w->n_beats == 0 ? "no beats" : w->n_nn == 0 ? "no NN interval" : "");
    if (*text)
        return;
    for (int why = HRV_GIVEN + 1; why < HRV_REASONS; why++) {
        bool begun = false;
        for (size_t i = 0; i < s->n_pick && n < cap; i++) {
            if (reason[i] != (enum hrv_reason)why)
                continue;
            if (!begun)
                n += (size_t)snprintf(text + n, cap - n, "%s%s:", n ? "; " : "", hrv_reason_word[why]);
            if (n < cap)
                n += (size_t)snprintf(text + n, cap - n, " %s", s->pick[i]->name);
            begun = true;
        }
    }
}

static void put_leading(struct kymo_table *t, const struct hrv_sheet *s, const char *record, const struct hrv_span *w)
{
    kymo_cell_text(t, record);
    if (s->windows) {
        kymo_cell_real(t, w->from_s);
        kymo_cell_real(t, w->to_s);
    }
    kymo_cell_int(t, (int64_t)w->n_beats);
    kymo_cell_int(t, (int64_t)w->n_nn);
    kymo_cell_int(t, (int64_t)w->n_corrected);
    kymo_cell_real(t, w->pct_excluded);
}

static int put_row(struct hrv_sheet *s, const char *record, const struct hrv_span *w, const double *value, const char *note,
                   struct kymo_err *e)
{
    put_leading(s->table, s, record, w);
    for (size_t i = 0; i < s->n_pick; i++)
        kymo_cell_real(s->table, value[i]);
    kymo_cell_text(s->table, s->recipe->name);
    kymo_cell_text(s->table, note);
    return kymo_row_end(s->table, e);
}

static int begin_table(struct hrv_sheet *s, struct kymo_err *e)
{
    struct kymo_column *const all = calloc(LEADING + s->n_pick + 2, sizeof *all);
    size_t n = 0;

    if (!all)
        return out_of_memory(e);
    s->column = all;
    for (size_t i = 0; i < LEADING; i++)
        if (s->windows || (i != FROM && i != TO))
            all[n++] = leading[i];
    for (size_t i = 0; i < s->n_pick; i++)
        all[n++] = (struct kymo_column){s->pick[i]->name, s->pick[i]->decimals};
    all[n++] = (struct kymo_column){"recipe", 0};
    all[n++] = (struct kymo_column){"note", 0};
    s->table = kymo_table_create(s->out, s->form, all, n, e);
    return s->table ? 0 : e->cause[0].code;
}

/* ---- JSON: an array of recordings or windows, each measure with its unit and definition ---- */

static bool json_measure(json_t *all, const struct hrv_measure *m, double value, enum hrv_reason reason)
{
    json_t *const one = json_object();

    return kymo_json_put(one, "value", reason == HRV_GIVEN ? json_real(value) : json_null()) &&
           (reason == HRV_GIVEN || kymo_json_put(one, "reason", json_string(hrv_reason_word[reason]))) &&
           kymo_json_put(one, "unit", json_string(m->unit)) && kymo_json_put(one, "definition", json_string(m->definition)) &&
           (!*m->source || kymo_json_put(one, "source", json_string(m->source))) && kymo_json_put(all, m->name, one);
}

static json_t *json_row(const struct hrv_sheet *s, const char *record, const struct hrv_span *w, const double *value,
                        const enum hrv_reason *reason)
{
    json_t *const row = json_object();
    bool fine = kymo_json_put(row, "record", json_string(record)) &&
                kymo_json_put(row, "recipe", json_string(s->recipe->name));

    if (fine && s->windows)
        fine = kymo_json_put(row, "from_s", json_real(w->from_s)) && kymo_json_put(row, "to_s", json_real(w->to_s));
    fine = fine && kymo_json_put(row, "n_beats", json_integer((json_int_t)w->n_beats)) &&
           kymo_json_put(row, "n_nn", json_integer((json_int_t)w->n_nn)) &&
           kymo_json_put(row, "n_corrected", json_integer((json_int_t)w->n_corrected)) &&
           kymo_json_put(row, "pct_excluded", isnan(w->pct_excluded) ? json_null() : json_real(w->pct_excluded));
    for (int group = 0; fine && group < HRV_GROUPS; group++) {
        if (!s->wanted[group])
            continue;
        json_t *const all = json_object();
        for (size_t i = 0; i < s->n_pick; i++)
            if (s->pick[i]->group == (enum hrv_group)group)
                fine = fine && json_measure(all, s->pick[i], value[i], reason[i]);
        fine = kymo_json_put(row, hrv_group_name[group], all) && fine;
    }
    if (fine)
        return row;
    json_decref(row);
    return NULL;
}

static int put_json(struct hrv_sheet *s, const char *record, const struct hrv_span *w, const double *value,
                    const enum hrv_reason *reason, struct kymo_err *e)
{
    json_t *const row = json_row(s, record, w, value, reason);
    char *const text = row ? json_dumps(row, JSON_INDENT(1) | JSON_REAL_PRECISION(12)) : NULL;
    const int rc = !text ? out_of_memory(e) : kymo_putf(s->out, e, "%s%s", s->n_rows ? ",\n" : "[\n", text);

    free(text);
    json_decref(row);
    return rc;
}

/* ---- a sheet for people: one recording ---- */

static int put_sheet(struct hrv_sheet *s, const char *record, const struct hrv_span *w, const double *value,
                     const enum hrv_reason *reason, struct kymo_err *e)
{
    int rc = kymo_putf(s->out, e, "%s%s\n  %zu beats, %zu NN intervals, %zu of them corrected; %.3g %% excluded; recipe %s\n",
                       s->n_rows ? "\n" : "", record, w->n_beats, w->n_nn, w->n_corrected,
                       isnan(w->pct_excluded) ? 0 : w->pct_excluded, s->recipe->name);

    for (int group = 0; rc == 0 && group < HRV_GROUPS; group++) {
        if (s->wanted[group])
            rc = kymo_putf(s->out, e, "%s\n", hrv_group_name[group]);
        for (size_t i = 0; rc == 0 && i < s->n_pick; i++) {
            const struct hrv_measure *const m = s->pick[i];
            if (m->group != (enum hrv_group)group)
                continue;
            char shown[32];
            snprintf(shown, sizeof shown, "%.6g", value[i]);
            rc = kymo_putf(s->out, e, "  %-26s %12s %-6s %s\n", m->name,
                           reason[i] == HRV_GIVEN ? shown : hrv_reason_word[reason[i]], m->unit, m->definition);
        }
    }
    return rc;
}

/* ---- all ---- */

int hrv_sheet_begin(struct hrv_sheet *s, const char *picks, struct kymo_err *e)
{
    const int rc = pick_measures(s, picks, e);

    if (rc < 0 || s->form == KYMO_JSON || (s->form == KYMO_TEXT && !s->windows))
        return rc;
    return begin_table(s, e);
}

int hrv_sheet_row(struct hrv_sheet *s, const char *record, const struct hrv_span *w, const struct hrv_values *v,
                  struct kymo_err *e)
{
    double value[HRV_MOST_MEASURES];
    enum hrv_reason reason[HRV_MOST_MEASURES];
    char note[32 * HRV_MOST_MEASURES];
    int rc;

    for (size_t i = 0; i < s->n_pick; i++)
        value[i] = hrv_value(s->pick[i], s->recipe, v, w, &reason[i]);
    if (s->form == KYMO_JSON) {
        rc = put_json(s, record, w, value, reason, e);
    } else if (!s->table) {
        rc = put_sheet(s, record, w, value, reason, e);
    } else {
        put_note(s, w, reason, note, sizeof note);
        rc = put_row(s, record, w, value, note, e);
    }
    s->n_rows++;
    return rc;
}

int hrv_sheet_end(struct hrv_sheet *s, struct kymo_err *e)
{
    if (s->form == KYMO_JSON && !s->table)
        return kymo_put_text(s->out, s->n_rows ? "\n]\n" : "[]\n", e);
    return s->table ? kymo_table_finish(s->table, e) : 0;
}

void hrv_sheet_release(struct hrv_sheet *s)
{
    kymo_table_destroy(s->table);
    free(s->column);
    free(s->pick);
}

/* ---- the spectrum ---- */

int hrv_psd_begin(struct hrv_sheet *s, struct kymo_err *e)
{
    static const struct kymo_column columns[] = {
        {"record", 0}, {"from_s", 9}, {"to_s", 9}, {"frequency_hz", 9}, {"psd_ms2_per_hz", 6},
    };

    s->table = kymo_table_create(s->out, s->form, columns, sizeof columns / sizeof *columns, e);
    return s->table ? 0 : e->cause[0].code;
}

int hrv_psd_rows(struct hrv_sheet *s, const char *record, const struct hrv_span *w, const struct hrv_spectrum *spectrum,
                 struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < spectrum->n; i++) {
        kymo_cell_text(s->table, record);
        kymo_cell_real(s->table, w->from_s);
        kymo_cell_real(s->table, w->to_s);
        kymo_cell_real(s->table, (double)i * spectrum->df_hz);
        kymo_cell_real(s->table, spectrum->psd[i]);
        rc = kymo_row_end(s->table, e);
    }
    s->n_rows++;
    return rc;
}

static int fill_list(const void *unused, struct kymo_table *t, struct kymo_err *e)
{
    int rc = 0;

    (void)unused;
    for (size_t i = 0; rc == 0 && i < hrv_n_measures; i++) {
        const struct hrv_measure *const m = &hrv_measures[i];
        kymo_cell_text(t, m->name);
        kymo_cell_text(t, hrv_group_name[m->group]);
        kymo_cell_text(t, m->standard ? "yes" : "no");
        kymo_cell_text(t, m->unit);
        kymo_cell_int(t, (int64_t)m->least_nn);
        kymo_cell_real(t, m->least_s);
        kymo_cell_text(t, m->definition);
        kymo_cell_text(t, m->source);
        rc = kymo_row_end(t, e);
    }
    return rc;
}

int hrv_print_list(const struct kymo_output_args *out, struct kymo_err *e)
{
    static const struct kymo_column columns[] = {
        {"measure", 0}, {"group", 0}, {"standard", 0}, {"unit", 0}, {"least_nn", 0}, {"least_s", 0}, {"definition", 0},
        {"source", 0},
    };

    return kymo_print_table(out->path, (enum kymo_table_form)out->form, columns, sizeof columns / sizeof *columns, fill_list,
                            NULL, e);
}
