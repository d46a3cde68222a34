/* cli/hrv.c - kymo hrv: heart-rate variability of a recording, of windows of it, or around events.
 *
 * Where beats come from is in hrv_read.c, which measures there are in hrv_measures.c, their forms in hrv_print.c; which
 * intervals count in algorithms/nn_select.h; the user's view in man/kymo-hrv.1. */
#include "cli/hrv.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PRESET_TASKFORCE, PRESET_KUBIOS, PRESET_PHYSIONET };

#define USUAL_LONGEST_MS 3000   /* of --longest */
#define USUAL_PNN_MS 50         /* of --pnn */

static const struct kymo_opt options[] = {
    KYMO_OPTS_RANGE(struct hrv_args, in), KYMO_OPTS_ANNOTATOR(struct hrv_args, in), KYMO_OPTS_AS(struct hrv_args, in),
    KYMO_OPT_STRING('\0', "unit", struct hrv_args, in.unit, "UNIT", NULL, "of a list of intervals that does not tell: ms or s"),
    KYMO_OPT_CHOICE('\0', "preset", struct hrv_args, preset, "taskforce|kubios|physionet", "taskforce",
                    "whose recipe to follow, where no other option says otherwise"),
    KYMO_OPT_CHOICE('\0', "nn", struct hrv_args, nn, "preset|none|label|malik|lipponen", "preset", "which intervals count"),
    KYMO_OPT_CHOICE('\0', "others", struct hrv_args, others, "usual|exclude|correct", "usual",
                    "what becomes of the others: lipponen corrects, the other rules exclude them, unless told"),
    KYMO_OPT_NUMBER('\0', "shortest", struct hrv_args, shortest_ms, "MS", "0", "shorter intervals do not count"),
    KYMO_OPT_NUMBER('\0', "longest", struct hrv_args, longest_ms, "MS", "3000",
                    "longer intervals are gaps that nothing tells of, and do not count; 0: no limit"),
    KYMO_OPT_NUMBER('\0', "window", struct hrv_args, window_s, "SECONDS", "0",
                    "a row for each window of so long that the recording fills"),
    KYMO_OPT_NUMBER('\0', "step", struct hrv_args, step_s, "SECONDS", "0", "windows begin so far apart; 0: end to end"),
    KYMO_OPT_STRING('\0', "around", struct hrv_args, around, "TYPE", NULL, "a row for each event of that type or text"),
    KYMO_OPT_NUMBER('\0', "before", struct hrv_args, before_s, "SECONDS", "60", "around: from so long before the event"),
    KYMO_OPT_NUMBER('\0', "after", struct hrv_args, after_s, "SECONDS", "60", "around: to so long after it"),
    KYMO_OPT_STRING('\0', "measures", struct hrv_args, measures, "LIST", "standard",
                    "measures or groups of them, with commas between; all; see --list"),
    KYMO_OPT_NUMBER('\0', "pnn", struct hrv_args, x_ms, "MS", "50", "limit of pnnx_pct"),
    HRV_SPECTRA_OPTS(struct hrv_args, spectra),
    KYMO_OPT_FLAG('\0', "psd", struct hrv_args, psd, "print the spectrum instead: a row for each frequency"),
    KYMO_OPT_FLAG('\0', "force", struct hrv_args, force, "give measures of too short, gappy or ectopic stretches too"),
    KYMO_OPT_FLAG('\0', "list", struct hrv_args, list, "print the measures there are, with unit, definition and source"),
    KYMO_OPTS_TABLE(struct hrv_args, out), KYMO_OPT_LAST
};

/* ---- what is asked for ---- */

static int check_args(const struct hrv_args *a, struct kymo_err *e)
{
    const struct {
        const char *name;
        double value, least, most;
    } limits[] = {
        {"window", a->window_s, 0, 1e9}, {"step", a->step_s, 0, 1e9}, {"before", a->before_s, 0, 1e9},
        {"after", a->after_s, 0, 1e9}, {"pnn", a->x_ms, 0, 1e5}, {"shortest", a->shortest_ms, 0, 1e5},
        {"longest", a->longest_ms, 0, 1e5},
    };

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (!(limits[i].value >= limits[i].least && limits[i].value <= limits[i].most))
            return kymo_fail(e, KYMO_EUSAGE, "--%s %g is not %g..%g", limits[i].name, limits[i].value, limits[i].least,
                             limits[i].most);
    if (a->around && a->window_s > 0)
        return kymo_fail(e, KYMO_EUSAGE, "--around and --window are different rows: ask for one");
    if (a->around && a->before_s + a->after_s <= 0)
        return kymo_fail(e, KYMO_EUSAGE, "--before and --after leave no time");
    if (a->step_s > 0 && a->window_s <= 0)
        return kymo_fail(e, KYMO_EUSAGE, "--step without --window");
    return 0;
}

/* What the presets say of spectra. */
static struct hrv_spectra_recipe spectra_of(int preset)
{
    struct hrv_spectra_recipe r = hrv_spectra_task_force();

    if (preset == PRESET_PHYSIONET) {
        r.method = HRV_LOMB;
        r.segment_s = 0;
    } else if (preset == PRESET_KUBIOS) {
        r.smooth = true;
        r.bands.vlf.lo_hz = 0;
    }
    return r;
}

/* What other numbers than the usual ones were asked for. Returns how long that is. */
static int limits_words(const struct hrv_args *a, char *text, size_t cap)
{
    const struct {
        const char *name;
        double value, usual;
    } limits[] = {
        {"shortest", a->shortest_ms, 0}, {"longest", a->longest_ms, USUAL_LONGEST_MS}, {"pnn", a->x_ms, USUAL_PNN_MS},
    };
    int n = 0;

    text[0] = '\0';
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (limits[i].value < limits[i].usual || limits[i].value > limits[i].usual)
            n += snprintf(text + n, cap - (size_t)n, "%s=%g ", limits[i].name, limits[i].value);
    return n;
}

static int set_recipe(const struct hrv_args *a, struct hrv_recipe *r, struct kymo_err *e)
{
    static const char *const preset[] = {"taskforce", "kubios", "physionet"};
    static const char *const rule[] = {"none", "label", "malik", "lipponen"};
    const enum nn_rule usual = a->preset == PRESET_KUBIOS ? NN_LIPPONEN : NN_LABEL;
    const enum nn_rule chosen = a->nn > 0 ? (enum nn_rule)(a->nn - 1) : usual;
    const bool correct = a->others > 0 ? a->others == 2 : chosen == NN_LIPPONEN;

    *r = (struct hrv_recipe){
        .force = a->force, .x_ms = a->x_ms,
        .dfa = a->preset == PRESET_KUBIOS ? (struct hrv_dfa_opt){4, 12, 64} : HRV_DFA_USUAL,
        .spectra = spectra_of(a->preset),
        .nn = {
            .rule = chosen, .malik_share = 0.2, .correct = correct,
            .least_ms = a->shortest_ms, .most_ms = a->longest_ms > 0 ? a->longest_ms : (double)INFINITY,
        },
    };
    const int rc = hrv_spectra_options(&a->spectra, &r->spectra, e);
    int n = snprintf(r->name, sizeof r->name, "%s nn=%s others=%s ", preset[a->preset], rule[chosen],
                     correct ? "correct" : "exclude");
    n += limits_words(a, r->name + n, sizeof r->name - (size_t)n);
    hrv_spectra_words(&r->spectra, r->name + n, sizeof r->name - (size_t)n);
    return rc;
}

/* ---- rows ---- */

struct work {
    const struct hrv_args *args;
    struct hrv_recipe recipe;
    struct hrv_sheet sheet;
    struct hrv_beats beats;
    struct nn_interval *interval;
    size_t n_intervals;
    struct nn_room room;
    struct hrv_spectra spectra;
    const char *record;
};

static size_t first_beat(const struct work *k, double s)
{
    const double ns = s * 1e9 - 0.5;   /* the nearest, whatever rounding says */
    size_t low = 0, high = k->beats.n;

    while (low < high) {
        const size_t mid = (low + high) / 2;
        if ((double)k->beats.beat[mid].time_ns < ns)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static size_t first_interval(const struct work *k, double s)
{
    size_t low = 0, high = k->n_intervals;

    while (low < high) {
        const size_t mid = (low + high) / 2;
        if (k->interval[mid].end_s < s)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

#define ROUNDING_S 1e-9        /* of the times of beats */

/* The window's intervals: both of whose beats lie in it, before until_s. */
static void count_window(const struct work *k, struct hrv_span *w, double until_s, const struct nn_interval **first)
{
    size_t from = first_interval(k, w->from_s);
    const size_t to = first_interval(k, until_s);

    while (from < to && k->interval[from].end_s - k->interval[from].ms / 1000 < w->from_s - ROUNDING_S)
        from++;
    *first = k->interval + from;
    w->n_beats = first_beat(k, until_s) - first_beat(k, w->from_s);
    hrv_count_intervals(*first, to - from, w);
}

static int put_window(struct work *k, double from_s, double to_s, double until_s, struct kymo_err *e)
{
    struct hrv_span w = {.from_s = from_s, .to_s = to_s};
    struct hrv_values values = {.ulf_ms2 = (double)NAN};
    const struct nn_interval *first;

    count_window(k, &w, until_s, &first);
    const struct hrv_stretch stretch = {
        .nn = nn_take(first, w.n_intervals, &k->room), .beat = k->beats.beat + first_beat(k, from_s), .n_beats = w.n_beats,
    };
    int rc;

    if (k->args->psd) {
        rc = hrv_spectra_measure(&k->spectra, &stretch.nn, e);
        return rc < 0 ? rc : hrv_psd_rows(&k->sheet, k->record, &w, &k->spectra.spectrum, e);
    }
    rc = hrv_measure_stretch(&stretch, &k->recipe, &k->spectra, k->sheet.wanted, &values, e);
    return rc < 0 ? rc : hrv_sheet_row(&k->sheet, k->record, &w, &values, e);
}

/* All of it: from the first beat to the last, both of them in it. */
static int put_whole(struct work *k, struct kymo_err *e)
{
    const size_t n = k->beats.n;

    return put_window(k, n ? (double)k->beats.beat[0].time_ns / 1e9 : 0, n ? (double)k->beats.beat[n - 1].time_ns / 1e9 : 0,
                      (double)INFINITY, e);
}

/* Windows that the recording fills. */
static int put_windows(struct work *k, struct kymo_err *e)
{
    const double begin_s = (double)k->beats.from_ns / 1e9, end_s = (double)k->beats.end_ns / 1e9;
    const double window_s = k->args->window_s, step_s = k->args->step_s > 0 ? k->args->step_s : window_s;
    int rc = 0;

    for (double i = 0; rc == 0 && begin_s + i * step_s + window_s <= end_s + 1e-9; i++)
        rc = put_window(k, begin_s + i * step_s, begin_s + i * step_s + window_s, begin_s + i * step_s + window_s, e);
    return rc;
}

static int put_around(struct work *k, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < k->beats.n_around; i++) {
        const double at_s = (double)k->beats.around_ns[i] / 1e9;
        rc = put_window(k, at_s - k->args->before_s, at_s + k->args->after_s, at_s + k->args->after_s, e);
    }
    return rc;
}

static int put_rows(struct work *k, struct kymo_err *e)
{
    return k->args->around ? put_around(k, e) : k->args->window_s > 0 ? put_windows(k, e) : put_whole(k, e);
}

/* ---- all ---- */

static int check_windows(const struct work *k, const struct kymo_log *log, struct kymo_err *e)
{
    if (k->args->around && k->beats.n_around == 0)
        return kymo_warn(log, e, k->record, -1, "no event \"%s\"", k->args->around);
    if (k->args->window_s > 0 && k->sheet.n_rows == 0)
        return kymo_warn(log, e, k->record, -1, "shorter than a window of %g s", k->args->window_s);
    return 0;
}

/* Intervals that are left out though nobody asked for it, and no rule but this refuses them, are told of. */
static int tell_long_intervals(const struct work *k, const struct kymo_log *log, struct kymo_err *e)
{
    const bool labels = k->recipe.nn.rule == NN_LABEL || k->recipe.nn.rule == NN_MALIK;
    int64_t longest_ns = 0;
    size_t n = 0;

    if (k->args->longest_ms < USUAL_LONGEST_MS || k->args->longest_ms > USUAL_LONGEST_MS)
        return 0;
    for (size_t i = 1; i < k->beats.n; i++) {
        const struct nn_beat *const b = &k->beats.beat[i];
        const int64_t ns = b->time_ns - b[-1].time_ns;
        if (b->after_break || (labels && !(b->normal && b[-1].normal)) || ns <= USUAL_LONGEST_MS * (KYMO_NS_PER_S / 1000))
            continue;
        longest_ns = ns > longest_ns ? ns : longest_ns;
        n++;
    }
    return n == 0 ? 0 : kymo_warn(log, e, k->record, -1, "intervals longer than %g s, as beside a gap that nothing tells of: "
                                  "%zu, up to %.4g s; they do not count (--longest)", USUAL_LONGEST_MS / 1000.0, n,
                                  (double)longest_ns / 1e9);
}

static int measure(const struct kymo_call *call, struct work *k, struct kymo_err *e)
{
    const struct hrv_args *const args = k->args;
    int rc = hrv_read(call, &args->in, args->around, &k->beats, e);

    if (rc == 0 && (rc = nn_select(k->beats.beat, k->beats.n, &k->recipe.nn, &k->interval, &k->n_intervals, e)) == 0)
        rc = nn_room_make(&k->room, k->n_intervals, e);
    if (rc == 0)
        rc = tell_long_intervals(k, &call->log, e);
    if (rc == 0)
        rc = hrv_spectra_make(&k->spectra, &k->recipe.spectra, e);
    if (rc == 0 && !(k->sheet.out = kymo_output_open(args->out.path, e)))
        rc = e->cause[0].code;
    if (rc == 0)
        rc = args->psd ? hrv_psd_begin(&k->sheet, e) : hrv_sheet_begin(&k->sheet, args->measures, e);
    if (rc == 0 && (rc = put_rows(k, e)) == 0 &&
        (rc = hrv_sheet_end(&k->sheet, e)) == 0 && (rc = check_windows(k, &call->log, e)) == 0)
        rc = kymo_output_finish(k->sheet.out, e);
    return rc;
}

int hrv_usual_recipe(struct hrv_recipe *r, struct kymo_err *e)
{
    char name[] = "hrv", *argv[] = {name, NULL};
    struct kymo_shared shared = {.quiet = false};
    struct hrv_args args = {.psd = false};
    size_t n;
    const int rc = kymo_parse_options(&kymo_cmd_hrv, 1, argv, &shared, &args, &n, e);

    return rc < 0 ? rc : set_recipe(&args, r, e);
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const struct hrv_args *const args = call->args;
    const char *const path = kymo_operand(call);
    struct work k = {.args = args, .record = strcmp(path, "-") == 0 ? "stdin" : path};
    int rc = check_args(args, e);

    if (rc < 0 || args->list)
        return rc < 0 ? rc : hrv_print_list(&args->out, e);
    if ((rc = set_recipe(args, &k.recipe, e)) < 0)
        return rc;
    k.sheet = (struct hrv_sheet){
        .windows = args->window_s > 0 || args->around, .recipe = &k.recipe,
        .form = (enum kymo_table_form)args->out.form,
    };
    rc = measure(call, &k, e);
    hrv_sheet_release(&k.sheet);
    hrv_spectra_release(&k.spectra);
    kymo_output_destroy(k.sheet.out);
    nn_room_release(&k.room);
    free(k.interval);
    hrv_beats_release(&k.beats);
    return rc;
}

const struct kymo_command kymo_cmd_hrv = {
    .name = "hrv", .about = "heart-rate variability of a series of beats", .operands = "[BEATS]", .most = 1,
    .options = options, .args_size = sizeof(struct hrv_args), .run = run,
};
