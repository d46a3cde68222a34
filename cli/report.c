/* cli/report.c - kymo report: what a recording shows, for a person to read: HTML, PDF, or the same as JSON.
 *
 * What is said is put together in report_holter.c, report_hrv.c, report_strips.c, report_oximetry.c and report_made.c, as data
 * (report.h) that three printers take. The user's view is in man/kymo-report.1. */
#include "cli/report_parts.h"
#include "cli/report_spool.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct kymo_opt options[] = {
    KYMO_OPTS_SIGNAL(struct report_args, in), KYMO_OPTS_RANGE(struct report_args, in),
    KYMO_OPTS_ANNOTATOR(struct report_args, in),
    KYMO_OPT_STRING('o', "output", struct report_args, path, "FILE", NULL,
                    "write to FILE, which ends in .html, .pdf or .json; -: standard output"),
    KYMO_OPT_FLAG('\0', "json", struct report_args, json, "the same as data; to standard output without -o"),
    KYMO_OPT_FLAG('\0', "deidentify", struct report_args, deidentify, "leave out who it is of, dates, names of files, notes"),
    KYMO_OPT_FLAG('\0', "disclosure", struct report_args, disclosure, "all of an ECG too, an hour to a page"),
    KYMO_OPT_CHOICE('\0', "paper", struct report_args, paper, "a4|letter", "a4", "size of the pages of a PDF"),
    KYMO_OPTS_SOURCE(struct report_args, in),
    KYMO_OPT_LAST
};

/* ---- what is asked for ---- */

enum form { FORM_HTML, FORM_PDF, FORM_JSON, FORMS };

static enum form form_of(const struct report_args *a)
{
    static const char *const endings[FORMS] = {".html", ".pdf", ".json"};
    const char *const dot = a->path ? strrchr(a->path, '.') : NULL;
    enum form f = FORM_HTML;

    if (a->json)
        return FORM_JSON;
    if (a->path && (strcmp(a->path, "-") == 0 || (dot && kymo_same_text(dot, ".htm"))))
        return FORM_HTML;
    while (f < FORMS && !(dot && kymo_same_text(dot, endings[f])))
        f++;
    return f;
}

static int check_args(const struct report_args *a, struct kymo_err *e)
{
    if (!a->path && !a->json)
        return kymo_fail(e, KYMO_EUSAGE, "where to? -o FILE.html, .pdf or .json, or --json");
    if (form_of(a) == FORMS)
        return kymo_fail(e, KYMO_EUSAGE, "-o \"%.80s\" does not end in .html, .pdf or .json", a->path);
    return 0;
}

/* ---- which signals are for what ---- */

static int add_name(struct report_choice *c, struct kymo_strings *list, size_t index, struct kymo_err *e)
{
    char *name = NULL;

    if (asprintf(&name, "%zu", index) < 0)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for the names of signals");
    c->name[c->n_names++] = name;
    list->text[list->n++] = name;
    return 0;
}

/* Of what -s names, SpO2 and pulse rates are for oximetry, and all else counts as leads. */
static int split_asked(struct report_parts *p, const size_t *pick, size_t n, struct kymo_err *e)
{
    struct report_choice *const c = &p->choice;
    int rc = 0;

    c->name = calloc(n + 1, sizeof *c->name);
    c->heart_in.signals = (struct kymo_strings){calloc(n + 1, sizeof(char *)), 0};
    c->oximetry_in.signals = (struct kymo_strings){calloc(n + 1, sizeof(char *)), 0};
    if (!c->name || !c->heart_in.signals.text || !c->oximetry_in.signals.text)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for the names of signals");
    for (size_t i = 0; rc == 0 && i < n; i++) {
        const enum kymo_kind kind = p->hdr.signal[pick[i]].kind;
        if (kind != KYMO_PULSE_RATE)
            rc = add_name(c, kind == KYMO_SPO2 ? &c->oximetry_in.signals : &c->heart_in.signals, pick[i], e);
    }
    c->heart = c->heart_in.signals.n > 0;
    c->oximetry = c->oximetry_in.signals.n > 0;
    return rc;
}

static int choose(struct report_parts *p, struct kymo_err *e)
{
    const struct kymo_input_args *const in = &p->args->in;
    struct report_choice *const c = &p->choice;
    size_t *pick = NULL, n = 0;

    c->heart_in = c->oximetry_in = *in;
    c->heart_in.signals = c->oximetry_in.signals = (struct kymo_strings){NULL, 0};
    if (in->signals.n > 0) {
        int rc = kymo_select(&p->hdr, in->signals.text, in->signals.n, &pick, &n, e);
        if (rc == 0)
            rc = split_asked(p, pick, n, e);
        free(pick);
        if (rc < 0)
            return rc;
    } else {
        c->heart = kymo_has_kind(&p->hdr, KYMO_ECG) || (p->hdr.n_signals == 0 && (p->hdr.n_tracks == 1 || in->annotator));
        c->oximetry = kymo_has_kind(&p->hdr, KYMO_SPO2);
    }
    if (c->heart)
        c->oximetry_in.annotator = NULL;   /* of beats */
    return 0;
}

static void release_choice(struct report_choice *c)
{
    for (size_t i = 0; i < c->n_names; i++)
        free(c->name[i]);
    free(c->name);
    free(c->heart_in.signals.text);
    free(c->oximetry_in.signals.text);
}

/* Of all signals; nothing else is read of them here. */
static int read_header(struct report_parts *p, struct kymo_err *e)
{
    struct kymo_input_args in = p->args->in;

    in.signals = (struct kymo_strings){NULL, 0};
    in.annotator = NULL;
    in.from.set = in.to.set = false;
    in.header_only = true;
    struct kymo_reader *const r = kymo_call_open(&p->again, &in, false, e);
    const int rc = r ? kymo_header_copy(&p->hdr, &r->hdr, NULL, 0, e) : e->cause[0].code;
    kymo_close(r);
    const int64_t end_ns = p->hdr.duration_ns;
    if (rc == 0 && end_ns != KYMO_UNKNOWN && p->hdr.n_signals > 0 && p->args->in.from.set && p->args->in.from.ns >= end_ns)
        return kymo_fail_at(e, KYMO_EDATA, kymo_operand(p->call), -1, "nothing from %g s on: it is %g s long",
                            report_seconds(p->args->in.from.ns), report_seconds(end_ns));
    return rc;
}

/* ---- the recording ---- */

static void put_word(struct report *r, const char *key, const char *name, const char *text)
{
    if (*text)
        report_word(r, key, name, text);
}

static void fill_signals(struct report_parts *p)
{
    static const struct report_column columns[] = {
        {"signal", "Signal", 0, false}, {"kind", "Kind", 0, false}, {"unit", "Unit", 0, false},
        {"rate_hz", "Samples per second", 3, false},
    };

    if (p->hdr.n_signals == 0) {
        report_text(&p->report, "The recording has no signals, but events.");
        return;
    }
    report_table(&p->report, "signals", "Signals", columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < p->hdr.n_signals; i++) {
        const struct kymo_signal *const s = &p->hdr.signal[i];
        report_cell_text(&p->report, s->label);
        report_cell_text(&p->report, kymo_kind_name(s->kind));
        report_cell_text(&p->report, s->unit);
        report_cell(&p->report, kymo_ratio_real(s->rate));
    }
}

/* Not so where an EDF+ has no more than a date, or not even that: "Startdate 01-JAN-2000 X X X". */
static bool says_who_recorded(const char *text)
{
    const size_t n = strlen(text);

    return strncmp(text, "Startdate ", 10) != 0 || n < 16 || strcmp(text + n - 6, " X X X") != 0;
}

/* s; 0 where it is not known. A table does not tell it before it was read to its end. */
static double length_of(const struct report_parts *p)
{
    const struct kymo_input_args *const in = &p->args->in;

    if (p->hdr.duration_ns != KYMO_UNKNOWN)
        return report_seconds(p->hdr.duration_ns);
    return in->from.set || in->to.set ? 0 : fmax(report_seconds(p->heart.r.end_ns), p->night.to_s);
}

static void fill_subject(struct report_parts *p)
{
    const struct kymo_header *const h = &p->hdr;
    struct report *const r = &p->report;
    char text[96];

    report_items(r, "recording", "Who, when, how long");
    if (p->args->deidentify) {
        report_word(r, "identity", "Identity", "left out");
        put_word(r, "sex", "Sex", h->subject.sex);
    } else {
        report_identity(r, "name", "Name", h->subject.name);
        report_identity(r, "id", "Number", h->subject.id);
        report_identity(r, "birth", "Born", h->subject.birth);
        put_word(r, "sex", "Sex", h->subject.sex);
        report_identity(r, "record", "Recording", p->name);
        if (says_who_recorded(h->recording))
            report_identity(r, "recorded_with", "Recorded by, with", h->recording);
    }
    kymo_start_text(&r->start, text, sizeof text);
    if (r->start.has_date)
        report_identity(r, "begin", "Begins", text);
    else
        report_word(r, "begin", "Begins", *text ? text : "not known");
    const double length_s = length_of(p);
    if (length_s > 0) {
        chart_time_text(length_s, 1, text, sizeof text);
        report_word(r, "length", "Length", text);
    }
    report_word(r, "format", "Format", h->format);
    fill_signals(p);
    if (h->n_notes > 0 && !p->args->deidentify) {
        report_table(r, "notes", "Notes in the file", (const struct report_column[]){{"note", "Note", 0, false}}, 1);
        for (size_t i = 0; i < h->n_notes; i++)
            report_cell_identity(r, h->note[i]);
    }
}

static void fill_recording(struct report_parts *p)
{
    const struct report_choice *const c = &p->choice;
    struct report *const r = &p->report;

    r->start = p->hdr.start;
    if (p->args->deidentify)
        r->start.has_date = false;
    report_section(r, "recording", "Recording");
    fill_subject(p);
    if (!c->heart)
        report_text(r, "There is no ECG and no track of beats among what was asked for: there is no section on the heart.");
    if (!c->oximetry)
        report_text(r, "There is no SpO2 among what was asked for: there is no section on oximetry.");
}

static void fill_summary(struct report_parts *p)
{
    static const char *const keys[] = {
        "analysable_pct", "beats", "mean_rate_per_min", "fastest_rate_per_min", "slowest_rate_per_min", "v_per_h", "v_runs",
        "v_longest_run_s", "s_per_h", "s_runs", "s_longest_run_s", "longest_pause_s", "af_burden_pct", "vf_episodes", "sdnn_ms",
        "rmssd_ms", "valid_h", "odi_per_valid_h", "t90_pct", "av_pct", "min_pct", "hb_desat_pct_min_per_h",
    };

    if (p->choice.heart || p->choice.oximetry)
        report_summary(&p->report, 1, "summary", "In short", keys, sizeof keys / sizeof *keys);
}

static int fill(struct report_parts *p, struct kymo_err *e)
{
    const char *const title = !p->choice.heart ? p->choice.oximetry ? "Oximetry report" : "Recording report"
                            : p->choice.oximetry ? "Holter and oximetry report" : "Holter report";
    char of[256] = "";

    if (!p->args->deidentify)
        snprintf(of, sizeof of, " of %.200s", p->name);
    report_begin(&p->report, title, of);
    fill_recording(p);
    int rc = report_fill_notes(p, e);
    if (p->choice.heart) {
        report_fill_heart(p);
        report_fill_hrv(p);
        report_fill_strips(p);
    }
    if (p->choice.oximetry)
        report_fill_night(p);
    fill_summary(p);
    if (p->choice.heart)
        report_fill_disclosure(p);
    if (rc == 0)
        rc = report_fill_made(p, e);
    return rc < 0 ? rc : report_rc(&p->report, e);
}

/* Where the recording was, is not said: the same recording gives the same bytes. */
static const char *name_of(const struct report_parts *p)
{
    const char *const slash = strrchr(p->hdr.record, '/');

    return p->spooled && strncmp(p->hdr.record, "/dev/fd/", 8) == 0 ? "standard input" : slash ? slash + 1 : p->hdr.record;
}

static int run_on(struct report_parts *p, int (*print)(const struct report_parts *, void *, struct kymo_err *), void *to,
                  struct kymo_err *e)
{
    int rc = read_header(p, e);

    p->name = name_of(p);
    if (rc == 0)
        rc = choose(p, e);
    if (rc == 0 && p->choice.heart)
        rc = report_read_heart(p, e);
    if (rc == 0 && p->choice.oximetry)
        rc = report_read_night(p, e);
    return rc == 0 && (rc = fill(p, e)) == 0 ? print(p, to, e) : rc;
}

int report_make(const struct kymo_call *call, const struct report_args *args,
                int (*print)(const struct report_parts *, void *, struct kymo_err *), void *to, struct kymo_err *e)
{
    struct kymo_call own = *call;
    struct kymo_once once = {.log = call->log};   /* heart and night each read the recording */
    struct report_spool spool = {.scratch = NULL};
    struct report_parts p = {.call = &own, .args = args, .spooled = strcmp(kymo_operand(call), "-") == 0};
    own.log = kymo_log_once(&once);
    int rc = p.spooled ? report_spool_take(&spool, args->path, &own, e) : 0;

    p.again = own;
    p.again.log.warn = NULL;
    kymo_header_init(&p.hdr);
    if (rc == 0)
        rc = run_on(&p, print, to, e);
    if (spool.scratch && rc < 0)
        report_spool_name(&spool, e);
    kymo_draw_forget_fonts();
    report_release(&p.report);
    report_release_heart(&p.heart);
    report_release_night(&p.night);
    release_choice(&p.choice);
    kymo_header_release(&p.hdr);
    report_spool_release(&spool);
    kymo_once_release(&once);
    return rc;
}

/* ---- kymo report ---- */

static int print(const struct report_parts *p, void *to, struct kymo_err *e)
{
    const struct report_args *const a = p->args;

    (void)to;
    switch (form_of(a)) {
    case FORM_PDF: return report_print_pdf(&p->report, a->path, a->paper == 1, e);
    case FORM_JSON: return report_print_json(&p->report, a->path, e);
    default: return report_print_html(&p->report, a->path, e);
    }
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const struct report_args *const args = call->args;
    const int rc = check_args(args, e);

    return rc < 0 ? rc : report_make(call, args, print, NULL, e);
}

const struct kymo_command kymo_cmd_report = {
    .name = "report", .about = "what a recording shows, to read: HTML, PDF or JSON", .operands = "[RECORD]", .most = 1,
    .options = options, .args_size = sizeof(struct report_args), .run = run,
};
