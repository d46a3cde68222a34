/* cli/read.c - kymo read: any recording, or a part of it, as a kymo stream, or with -o in the format of the ending. Also one
 * that is still being recorded, and bare samples of a device. */
#include "formats/raw.h"
#include "lib/command.h"
#include "lib/follow.h"

#define USUAL_LATENCY_MS 100.0

struct args {
    struct kymo_input_args in;
    struct kymo_output_args out;
    double latency_ms, idle_s;
    bool follow;
    int raw;                      /* 0: no; else 1 more than struct kymo_raw has it */
    int64_t channels;
    const char *labels, *gains, *baselines;
};

static const struct kymo_opt options[] = {
    KYMO_OPTS_SIGNAL(struct args, in), KYMO_OPTS_RANGE(struct args, in), KYMO_OPTS_ANNOTATOR(struct args, in),
    KYMO_OPT_NUMBER('\0', "latency", struct args, latency_ms, "MS", "0",
                    "a live stream: leaves in pieces of so many milliseconds, 10..3600000; 0: none"),
    KYMO_OPT_FLAG('\0', "follow", struct args, follow, "follow a file that is still being recorded; live, 100 ms"),
    KYMO_OPT_NUMBER('\0', "idle", struct args, idle_s, "SECONDS", "0",
                    "live input ends when nothing came for so long; 0: never"),
    KYMO_OPT_CHOICE('\0', "raw", struct args, raw, "no|" KYMO_RAW_WORDS, "no", "bare samples in this form; live, 100 ms"),
    KYMO_OPTS_SOURCE(struct args, in),
    KYMO_OPT_COUNT('\0', "channels", struct args, channels, "N", "1", "bare samples: channels, interleaved"),
    KYMO_OPT_STRING('\0', "labels", struct args, labels, "LIST", NULL, "bare samples: names of the channels, ECG,SpO2"),
    KYMO_OPT_STRING('\0', "gain", struct args, gains, "LIST", NULL,
                    "bare samples: integers in one unit; the last holds for the rest"),
    KYMO_OPT_STRING('\0', "baseline", struct args, baselines, "LIST", NULL, "bare samples: the integer of 0 units"),
    KYMO_OPTS_OUTPUT(struct args, out), KYMO_OPT_LAST
};

static bool is_live(const struct args *a) { return a->follow || a->raw > 0 || a->latency_ms != 0; }

static int check_args(const struct args *a, struct kymo_err *e)
{
    if (a->latency_ms != 0 && !(a->latency_ms >= 10 && a->latency_ms <= 3.6e6))
        return kymo_fail(e, KYMO_EUSAGE, "--latency %g is not 10..3600000 ms", a->latency_ms);
    if (!(a->idle_s >= 0 && a->idle_s <= 1e6))
        return kymo_fail(e, KYMO_EUSAGE, "--idle %g is not 0..1000000 s", a->idle_s);
    if (a->idle_s > 0 && !is_live(a))
        return kymo_fail(e, KYMO_EUSAGE, "--idle is for live input: --follow, --raw or --latency");
    if (!a->raw && (a->labels || a->gains || a->baselines || a->channels != 1))
        return kymo_fail(e, KYMO_EUSAGE, "--channels, --labels, --gain and --baseline tell of bare samples: --raw");
    if (a->raw && (a->channels < 1 || a->channels > KYMO_MAX_SIGNALS))
        return kymo_fail(e, KYMO_EUSAGE, "--channels %lld is not 1..%d", (long long)a->channels, KYMO_MAX_SIGNALS);
    return 0;
}

static int copy(const struct kymo_call *call, const struct kymo_input_args *in, struct kymo_err *e)
{
    const struct args *args = call->args;
    struct kymo_reader *r = kymo_call_open(call, in, false, e);

    if (r && is_live(args))
        r->hdr.latency_ns = (int64_t)((args->latency_ms != 0 ? args->latency_ms : USUAL_LATENCY_MS) * 1e6);
    struct kymo_writer *w = r ? kymo_call_writer(call, args->out.path, &r->hdr, e) : NULL;
    const int rc = w ? kymo_copy(r, w, e) : e->cause[0].code;

    kymo_writer_destroy(w);
    kymo_close(r);
    return rc;
}

/* A recording that may still grow: what it lacks is waited for. A file without --follow is all there is. */
static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const struct args *args = call->args;
    const struct kymo_raw raw = {
        .form = args->raw - 1, .n = (size_t)args->channels, .labels = args->labels, .units = args->in.unit,
        .gains = args->gains, .baselines = args->baselines,
    };
    struct kymo_input_args in = args->in;
    struct kymo_follow follow = {.signals = -1};
    int rc = check_args(args, e);

    if (rc == 0 && is_live(args) && (rc = kymo_follow_init(&follow, args->follow, args->idle_s, e)) == 0)
        in.patience = &follow.patience;
    if (args->raw)
        in.raw = &raw;
    if (rc == 0)
        rc = copy(call, &in, e);
    kymo_follow_release(&follow);
    return rc;
}

const struct kymo_command kymo_cmd_read = {
    .name = "read", .about = "any recording, or a part of it, as a kymo stream", .operands = "[RECORD]", .most = 1,
    .options = options, .args_size = sizeof(struct args), .run = run,
};
