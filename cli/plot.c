/* cli/plot.c - kymo plot: pictures of a recording.
 *
 * Each kind of picture has a file plot_NAME.c, which reads what it needs and fills pages with charts (chart_NAME.h); the user's
 * view is in man/kymo-plot.1. */
#include "cli/chart_12lead.h"
#include "cli/plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct kymo_opt options[] = {
    KYMO_OPT_CHOICE('k', "kind", struct plot_args, kind, PLOT_KIND_WORDS, "auto",
                    "what to draw; auto: by what the recording has"),
    KYMO_OPTS_SIGNAL(struct plot_args, in), KYMO_OPTS_RANGE(struct plot_args, in), KYMO_OPTS_ANNOTATOR(struct plot_args, in),
    KYMO_OPT_NUMBER('\0', "strip", struct plot_args, strip_s, "SECONDS", "10", "length of a strip"),
    KYMO_OPT_NUMBER('\0', "speed", struct plot_args, mm_per_s, "MM_PER_S", "25", "of strips"),
    KYMO_OPT_NUMBER('\0', "gain", struct plot_args, mm_per_mv, "MM_PER_MV", "10", "of strips; halved where it does not fit"),
    KYMO_OPT_CHOICE('\0', "paper", struct plot_args, paper, "auto|a4|letter", "auto",
                    "size of pages; auto: a4 in a PDF, as large as the drawing elsewhere"),
    KYMO_OPT_NUMBER('\0', "dpi", struct plot_args, dpi, "DPI", "150", "dots per inch of a PNG"),
    KYMO_OPTS_SOURCE(struct plot_args, in),
    KYMO_OPT_STRING('o', "output", struct plot_args, path, "FILE", NULL, "draw to FILE, which ends in .svg, .png or .pdf"),
    KYMO_OPT_FLAG('\0', "term", struct plot_args, term, "draw to the terminal"),
    KYMO_OPT_FLAG('\0', "deidentify", struct plot_args, deidentify, "leave out name, date and notes of the recording"),
    KYMO_OPT_LAST
};

/* ---- what is asked for ---- */

static int check_args(const struct plot_args *a, struct kymo_err *e)
{
    const struct {
        const char *name;
        double value, least, most;
    } limits[] = {
        {"strip", a->strip_s, 0.1, 600}, {"speed", a->mm_per_s, 1, 1000}, {"gain", a->mm_per_mv, 0.1, 1000},
        {"dpi", a->dpi, 30, 600},
    };

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (!(limits[i].value >= limits[i].least && limits[i].value <= limits[i].most))
            return kymo_fail(e, KYMO_EUSAGE, "--%s %g is not %g..%g", limits[i].name, limits[i].value, limits[i].least,
                             limits[i].most);
    if (a->term == (a->path != NULL))
        return kymo_fail(e, KYMO_EUSAGE, "where to? -o FILE.svg, .png or .pdf, or --term");
    if (a->path && !kymo_draw_can(a->path))
        return kymo_fail(e, KYMO_EUSAGE, "-o \"%.80s\" does not end in .svg, .png or .pdf", a->path);
    if (a->term && a->kind > PLOT_STACK)
        return kymo_fail(e, KYMO_EUSAGE, "--term draws a strip or a stack");
    return 0;
}

/* What somebody who does not say would look at first. */
static enum plot_kind usual_kind(const struct plot *p)
{
    size_t lead[LEADS_12];

    if (p->source.in->hdr.n_signals == 0 && strcmp(kymo_operand(p->call), "-") != 0)
        return PLOT_TACHOGRAM;
    if (plot_find_leads(&p->source, lead) == LEADS_12)
        return PLOT_12LEAD;
    if (plot_count(&p->source, KYMO_ECG) > 0)
        return PLOT_STRIP;
    return plot_count(&p->source, KYMO_SPO2) > 0 && strcmp(kymo_operand(p->call), "-") != 0 ? PLOT_SPO2 : PLOT_STACK;
}

double plot_from_s(const struct plot *p)
{
    return p->args->in.from.set ? (double)p->args->in.from.ns / (double)KYMO_NS_PER_S : 0;
}

double plot_to_s(const struct plot *p)
{
    const struct kymo_time *const to = &p->args->in.to;
    const int64_t whole = p->source.in->hdr.duration_ns;
    const int64_t end = to->set && (whole == KYMO_UNKNOWN || to->ns < whole) ? to->ns : whole;

    return end == KYMO_UNKNOWN ? (double)NAN : (double)end / (double)KYMO_NS_PER_S;
}

int plot_check_range(const struct plot *p, double from_s, double to_s, struct kymo_err *e)
{
    if (to_s <= from_s)
        return kymo_fail_at(e, KYMO_EDATA, p->source.in->path, -1, "nothing from %g s on: it is %g s long", from_s, to_s);
    return 0;
}

/* ---- pages ---- */

/* Without its folder: the same recording gives the same bytes. */
static const char *record_of(const struct plot *p)
{
    const char *const name = p->source.in ? p->source.in->hdr.record : "stdin", *const slash = strrchr(name, '/');

    return p->args->deidentify ? "recording" : slash && slash[1] ? slash + 1 : name;
}

void plot_paper_size(const struct plot *p, bool upright, double *width_mm, double *height_mm)
{
    const bool letter = p->args->paper == PLOT_LETTER;
    const double narrow = letter ? 215.9 : 210, wide = letter ? 279.4 : 297;

    *width_mm = upright ? narrow : wide;
    *height_mm = upright ? wide : narrow;
}

void plot_page(struct plot *p, double width_mm, double height_mm, const char *what, double *y_mm)
{
    const struct kymo_font name = {3.6, CHART_INK, true};
    const double room = width_mm - 2 * PLOT_MARGIN_MM;
    char start[64] = "", begins[80] = "";

    if (p->source.in && !p->args->deidentify)
        kymo_start_text(&p->source.in->hdr.start, start, sizeof start);
    if (*start)
        snprintf(begins, sizeof begins, "begins %s", start);
    kymo_draw_page(p->draw, width_mm, height_mm);
    const double begins_mm = kymo_draw_text_width(p->draw, chart_small, begins);
    kymo_draw_begin(p->draw, p->args->deidentify ? "head" : KYMO_DRAW_IDENTITY);
    chart_text_within(p->draw, name, KYMO_LEFT, PLOT_MARGIN_MM, PLOT_MARGIN_MM + 3, room - begins_mm - 3, record_of(p));
    kymo_draw_text(p->draw, chart_small, KYMO_RIGHT, width_mm - PLOT_MARGIN_MM, PLOT_MARGIN_MM + 3, begins);
    kymo_draw_end(p->draw);
    chart_text_within(p->draw, chart_small, KYMO_LEFT, PLOT_MARGIN_MM, PLOT_MARGIN_MM + 7, room, what);
    *y_mm = PLOT_MARGIN_MM + PLOT_HEAD_MM;
}

/* ---- all of it ---- */

static const struct {
    const char *what;             /* in the title */
    bool whole;                   /* reads the recording as a whole, by itself */
    int (*draw)(struct plot *p, enum plot_kind kind, struct kymo_err *e);
} kinds[PLOT_KINDS] = {
    [PLOT_STRIP] = {"ECG", false, plot_strips}, [PLOT_STACK] = {"Signals", false, plot_stack},
    [PLOT_TACHOGRAM] = {"Tachogram", true, plot_heart}, [PLOT_POINCARE] = {"Poincare plot", true, plot_heart},
    [PLOT_HISTOGRAM] = {"Histogram of intervals", true, plot_heart}, [PLOT_PSD] = {"Spectrum of intervals", true, plot_heart},
    [PLOT_CLUSTERS] = {"Shapes of beats", true, plot_clusters},
    [PLOT_12LEAD] = {"12-lead ECG", false, plot_12lead},
    [PLOT_DISCLOSURE] = {"Full disclosure", false, plot_disclosure},
    [PLOT_SPO2] = {"Oximetry", true, plot_spo2}, [PLOT_OVERVIEW] = {"Overview", true, plot_overview},
};

static int draw(struct plot *p, enum plot_kind kind, struct kymo_err *e)
{
    char title[300];

    snprintf(title, sizeof title, "%s%s%.200s", kinds[kind].what, p->args->deidentify ? "" : " of ",
             p->args->deidentify ? "" : record_of(p));
    if (p->args->term)
        return plot_term(p, kind == PLOT_STRIP || kind == PLOT_12LEAD ? PLOT_STRIP : PLOT_STACK, e);
    if (!(p->draw = kymo_draw_create(p->args->path, p->args->dpi, title, e)))
        return e->cause[0].code;
    const int rc = kinds[kind].draw(p, kind, e);
    return rc < 0 ? rc : kymo_draw_finish(p->draw, NULL, e);
}

/* Of what is read as a whole the header alone, and of a pipe not even that, since it can be read but once. */
static int open_source(struct plot *p, struct kymo_err *e)
{
    struct kymo_input_args in = p->args->in;

    if (!kinds[p->args->kind].whole) {
        const int rc = plot_open(p->call, &in, &p->source, e);
        return rc < 0 ? rc : plot_read_marks(p->call, &in, &p->source, e);
    }
    if (strcmp(kymo_operand(p->call), "-") == 0)
        return 0;
    in.annotator = NULL;
    in.header_only = true;
    return plot_open(p->call, &in, &p->source, e);
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const struct plot_args *const args = call->args;
    const size_t length = args->path ? strlen(args->path) : 0;
    struct plot p = {.call = call, .args = args, .source.no_notes = args->deidentify};
    int rc = check_args(args, e);

    p.fits = args->paper == PLOT_FIT && !(length > 4 && kymo_same_text(args->path + length - 4, ".pdf"));
    if (rc == 0)
        rc = open_source(&p, e);
    if (rc == 0) {
        const enum plot_kind kind = args->kind == PLOT_AUTO ? usual_kind(&p) : (enum plot_kind)args->kind;
        p.source.is_one = !args->in.to.set && (kind == PLOT_STRIP || kind == PLOT_12LEAD);
        rc = draw(&p, kind, e);
    }
    kymo_draw_destroy(p.draw);
    kymo_draw_forget_fonts();
    plot_release(&p.source);
    return rc;
}

const struct kymo_command kymo_cmd_plot = {
    .name = "plot", .about = "draw a recording: ECG strips, signals, intervals, trends", .operands = "[RECORD]", .most = 1,
    .options = options, .args_size = sizeof(struct plot_args), .run = run,
};
