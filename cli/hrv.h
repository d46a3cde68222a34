/* cli/hrv.h - what the files of kymo hrv share. */
#ifndef KYMO_CLI_HRV_H
#define KYMO_CLI_HRV_H

#include "cli/hrv_measures.h"
#include "lib/command.h"

struct hrv_args {
    struct kymo_input_args in;
    struct kymo_output_args out;
    int preset, nn, others;
    bool force, list, psd;
    struct hrv_spectra_args spectra;
    double window_s, step_s, before_s, after_s, x_ms, shortest_ms, longest_ms;
    const char *around, *measures;
};

/* A recording's beats, and the events that --around names. */
struct hrv_beats {
    struct nn_beat *beat;
    size_t n, cap;
    int64_t *around_ns;
    size_t n_around;
    int64_t from_ns, end_ns;   /* of what was read: -f or 0; the last beat, or the end of the signals */
    bool found;                /* by the detector; else given */
};

extern const struct kymo_command kymo_cmd_hrv;   /* its options are those of struct hrv_args */

/* How kymo hrv measures where no option says otherwise. Returns 0 or a negative code. */
int hrv_usual_recipe(struct hrv_recipe *r, struct kymo_err *e);

/* Reads the call's operand: beats that it has, or, where it has none and an ECG, those that are found and classified as kymo
 * beats does. around NULL: none. *b is zeroed memory, and to be released whatever comes back: 0 or a negative code. */
int hrv_read(const struct kymo_call *call, const struct kymo_input_args *in, const char *around, struct hrv_beats *b,
             struct kymo_err *e);
void hrv_beats_release(struct hrv_beats *b);

/* How rows are printed: the measures that were picked, in the table's order. */
struct hrv_sheet {
    const struct hrv_measure **pick;
    struct hrv_measure extra[HRV_EXTRA_BANDS];
    size_t n_pick;
    bool wanted[HRV_GROUPS];         /* what they need */
    bool windows;                    /* rows are windows of a recording, not whole ones */
    const struct hrv_recipe *recipe;
    enum kymo_table_form form;
    struct kymo_output *out;
    struct kymo_column *column;
    struct kymo_table *table;        /* NULL where the form is JSON, or a text of one row */
    size_t n_rows;
};

/* picks: what --measures says, or NULL. Release is for any sheet that was begun, failed or not. */
int hrv_sheet_begin(struct hrv_sheet *s, const char *picks, struct kymo_err *e);
int hrv_sheet_row(struct hrv_sheet *s, const char *record, const struct hrv_span *w, const struct hrv_values *v,
                  struct kymo_err *e);
int hrv_sheet_end(struct hrv_sheet *s, struct kymo_err *e);
void hrv_sheet_release(struct hrv_sheet *s);

/* A row for each frequency, of --psd; begun and ended as a sheet, which it is instead. */
int hrv_psd_begin(struct hrv_sheet *s, struct kymo_err *e);
int hrv_psd_rows(struct hrv_sheet *s, const char *record, const struct hrv_span *w, const struct hrv_spectrum *spectrum,
                 struct kymo_err *e);

/* The table of --list. */
int hrv_print_list(const struct kymo_output_args *out, struct kymo_err *e);

#endif
