/* cli/info.c - kymo info: what recordings hold, a row for each signal. */
#include "lib/command.h"

struct args {
    struct kymo_input_args in;
    struct kymo_output_args out;
};

static const struct kymo_opt options[] = {
    KYMO_OPTS_SIGNAL(struct args, in), KYMO_OPTS_AS(struct args, in), KYMO_OPTS_TABLE(struct args, out), KYMO_OPT_LAST
};

static const struct kymo_column columns[] = {
    {"record", 0}, {"format", 0}, {"start", 0}, {"duration_s", 9}, {"signal", 0}, {"label", 0}, {"kind", 0}, {"unit", 0},
    {"rate_hz", 9}, {"samples", 0}, {"gain_per_unit", 9}, {"baseline", 9}, {"storage", 0}, {"note", 0},
};

static void put_recording(struct kymo_table *t, const char *path, const struct kymo_reader *r)
{
    const struct kymo_header *h = &r->hdr;
    char start[64];

    kymo_start_text(&h->start, start, sizeof start);
    kymo_cell_text(t, path);
    kymo_cell_text(t, r->format->layouts ? r->hdr.format : r->format->name);
    kymo_cell_text(t, start);
    if (h->duration_ns == KYMO_UNKNOWN)
        kymo_cell_none(t);
    else
        kymo_cell_seconds(t, h->duration_ns);
}

static void put_signal(struct kymo_table *t, const struct kymo_signal *s, size_t i, bool has_length)
{
    const bool integer = kymo_storage_is_integer(s->storage);

    kymo_cell_int(t, (int64_t)i);
    kymo_cell_text(t, s->label);
    kymo_cell_text(t, kymo_kind_name(s->kind));
    kymo_cell_text(t, s->unit);
    kymo_cell_real(t, kymo_ratio_real(s->rate));
    if (s->n_samples == KYMO_UNKNOWN)
        kymo_cell_none(t);
    else
        kymo_cell_int(t, s->n_samples);
    kymo_cell_real(t, integer ? s->gain : __builtin_nan(""));
    kymo_cell_real(t, integer ? s->baseline : __builtin_nan(""));
    kymo_cell_text(t, kymo_storage_name(s->storage));
    kymo_cell_text(t, !s->calibrated && integer ? "uncalibrated"
                      : s->n_samples == 0 ? "no samples"
                      : !has_length ? "length not told"
                      : s->n_samples == KYMO_UNKNOWN ? "number of samples not told" : NULL);
}

static int put_record(const struct kymo_call *call, const char *path, struct kymo_table *t, struct kymo_err *e)
{
    const struct args *args = call->args;
    const struct kymo_call one = {.operand = &path, .n_operands = 1, .log = call->log};
    struct kymo_input_args in = args->in;
    in.header_only = true;
    struct kymo_reader *r = kymo_call_open(&one, &in, false, e);
    int rc = 0;

    if (!r)
        return e->cause[0].code;
    for (size_t i = 0; rc == 0 && i < r->source.n_signals; i++)   /* numbered as in the file, for -s */
        if (r->slot[i] != KYMO_SKIP) {
            put_recording(t, path, r);
            put_signal(t, &r->hdr.signal[r->slot[i]], i, r->hdr.duration_ns != KYMO_UNKNOWN);
            rc = kymo_row_end(t, e);
        }
    if (r->hdr.n_signals == 0) {
        put_recording(t, path, r);
        for (int i = 0; i < 9; i++)
            kymo_cell_none(t);
        kymo_cell_text(t, "no signals");
        rc = kymo_row_end(t, e);
    }
    kymo_close(r);
    return rc;
}

/* All records; one that fails is reported and the others go on. */
static int put_records(const void *of, struct kymo_table *t, struct kymo_err *e)
{
    const struct kymo_call *const call = of;
    int failed = 0;

    if (call->n_operands < 2)
        return put_record(call, kymo_operand(call), t, e);
    for (size_t i = 0; i < call->n_operands; i++) {
        struct kymo_err one = {0};
        if (put_record(call, call->operand[i], t, &one) < 0) {
            call->report(call, &one);
            failed = KYMO_SOME;
        }
    }
    return failed;
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const struct args *args = call->args;

    return kymo_print_table(args->out.path, (enum kymo_table_form)args->out.form, columns, sizeof columns / sizeof *columns,
                            put_records, call, e);
}

const struct kymo_command kymo_cmd_info = {
    .name = "info", .about = "what recordings hold, a row for each signal", .operands = "[RECORD]...",
    .most = SIZE_MAX, .options = options, .args_size = sizeof(struct args), .run = run,
};
