/* cli/report_made.c - kymo report: the last section, how the report was made. It does not say when: the same recording gives
 * the same bytes whenever and wherever it is read. */
#include "cli/report_parts.h"
#include "cli/report_validation.h"
#include "lib/files.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- inputs ---- */

static int put_inputs(struct report_parts *p, const json_t *inputs, struct kymo_err *e)
{
    static const struct report_column columns[] = {
        {"file", "File", 0, false}, {"bytes", "Bytes", 0, false}, {"xxh128", "XXH3, 128 bits", 0, false},
    };
    struct report *const r = &p->report;
    int rc = 0;

    report_table(r, "inputs", "Input", columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; rc == 0 && i < json_array_size(inputs); i++) {
        const json_t *const one = json_array_get(inputs, i);
        const char *path = "", *digest = "";
        int64_t bytes = 0;
        if ((rc = kymo_json_text(one, "path", &path, e)) < 0 || (rc = kymo_json_text(one, "digest", &digest, e)) < 0 ||
            (rc = kymo_json_int(one, "bytes", &bytes, e)) < 0)
            return rc;
        const char *const name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
        if (p->args->deidentify || p->spooled)
            report_cell_text(r, p->args->deidentify ? "left out" : "standard input");
        else
            report_cell_identity(r, name);
        report_cell(r, (double)bytes);
        report_cell_text(r, digest);
    }
    return rc;
}

/* A place inside a container is told of the whole file. */
static int fill_inputs(struct report_parts *p, struct kymo_err *e)
{
    const char *const annotator = p->args->in.annotator ? p->args->in.annotator : "";
    json_t *const inputs = kymo_files_of(kymo_operand(p->call), annotator, e);
    const int rc = inputs ? put_inputs(p, inputs, e) : (int)e->cause[0].code;

    json_decref(inputs);
    return rc;
}

/* ---- options ---- */

static void fill_time(struct report *r, const char *key, const char *name, const struct kymo_time *t)
{
    char text[48];

    if (!t->set)
        return;
    chart_time_text(report_seconds(t->ns), 0.01, text, sizeof text);
    report_word(r, key, name, text);
}

static void fill_options(struct report_parts *p)
{
    const struct report_args *const a = p->args;
    struct report *const r = &p->report;
    char signals[400] = "";
    size_t n = 0;

    for (size_t i = 0; i < a->in.signals.n && n < sizeof signals; i++) {
        const int more = snprintf(signals + n, sizeof signals - n, "%s%s", i ? ", " : "", a->in.signals.text[i]);
        n += more > 0 ? (size_t)more : 0;
    }
    report_items(r, "made", "Program and options");
    report_word(r, "program", "Program", "kymo " KYMO_VERSION " report");
    report_word(r, "signals", "Signals (-s)", *signals ? signals : "not said: by their kinds");
    fill_time(r, "from", "From (-f)", &a->in.from);
    fill_time(r, "to", "To (-t)", &a->in.to);
    report_word(r, "annotator", "Event track (-a)", a->in.annotator ? a->in.annotator : "not said");
    report_word(r, "deidentify", "Identity (--deidentify)", a->deidentify ? "left out" : "as in the recording");
    report_word(r, "disclosure", "Full disclosure", a->disclosure ? "yes" : "no");
    report_word(r, "others", "All else", "as kymo rhythm, kymo hrv and kymo spo2 have it where no option is given");
}

/* ---- what is not in the numbers ---- */

static void fill_excluded(struct report_parts *p)
{
    const struct report_heart *const h = &p->heart;
    struct report *const r = &p->report;
    const double all_s = report_seconds(h->r.end_ns - h->r.from_ns);

    report_items(r, "excluded", "What was excluded, and why");
    if (p->choice.heart) {
        report_number(r, "not_analysable_s", "Time of the ECG", fmax(0, all_s - h->count.analysable_s), 1, "s",
                      report_keep(r, "%zu gaps, %zu stretches of noise: no rate, episode or share is of them", h->r.n_gaps,
                                  h->r.n_noise));
        report_number(r, "unclassified_beats", "Beats of no class", (double)h->count.n_type[RHYTHM_UNSURE], 0, "",
                      "counted as beats, neither as normal nor as ectopic");
        report_number(r, "excluded_intervals", "Intervals, of HRV", (double)h->span.n_excluded, 0, "",
                      "an end is no normal beat, or lies in noise, atrial fibrillation or flutter");
    }
    if (p->choice.oximetry) {
        size_t n = 0;
        for (int rule = SPO2_KEPT + 1; rule < SPO2_RULES; rule++)
            n += p->night.w.o.count[rule];
        report_number(r, "excluded_spo2_s", "Readings of SpO2", (double)n / p->night.w.o.spo2.fs_hz, 1, "s",
                      p->night.w.cleaned);
    }
}

static void fill_validation(struct report *r)
{
    static const struct report_column columns[] = {
        {"detector", "Detector", 0, false}, {"recordings", "Recordings", 0, false},
        {"sensitivity_pct", "Sensitivity %", 0, false},
        {"predictivity_pct", "Positive predictivity %", 0, false}, {"source", "Table", 0, false},
    };
    char text[32];

    report_table(r, "validation", "How well the detectors did where the truth is known", columns,
                 sizeof columns / sizeof *columns);
    for (size_t i = 0; i < report_n_validations; i++) {
        const struct report_validation *const v = &report_validations[i];
        report_cell_text(r, v->what);
        report_cell_text(r, v->on);
        report_validation_cell(v->row, v->sensitivity, text, sizeof text);
        report_cell_text(r, text);
        report_validation_cell(v->row, v->predictivity, text, sizeof text);
        report_cell_text(r, text);
        report_cell_text(r, v->file);
    }
    report_text(r, "Rules of ANSI/AAMI EC57; the tables are in tests/validation of the source of kymo. Detectors of pauses, "
                "runs and desaturations follow the rules stated beside their numbers; there are no such figures of theirs.");
}

int report_fill_made(struct report_parts *p, struct kymo_err *e)
{
    report_section(&p->report, "made", "How this was made");
    fill_options(p);
    const int rc = fill_inputs(p, e);
    if (rc < 0)
        return rc;
    if (p->choice.heart || p->choice.oximetry)
        fill_excluded(p);
    if (p->choice.heart && p->heart.r.heart.found)
        fill_validation(&p->report);
    report_text(&p->report, "This report was made by a program, from signals alone. It is for research and quality review, and "
                "not for clinical decisions: no finding in it replaces a look at the signals by somebody who can read them.");
    return 0;
}
