/* formats/wfdb_file.c - see wfdb_file.h. FLAC/stream_decoder.h is included here only.
 *
 * Frames are unpacked into rows[], one row a frame, the samples of the first signal first. A skewed signal's sample of a
 * frame stands some rows further on, so rows ahead of the ones asked for are kept. */
#include "formats/wfdb_file.h"

#include <FLAC/stream_decoder.h>
#include <stdlib.h>
#include <string.h>

#define FRAMES_A_SEEK 4096       /* read and dropped at a time, where a file cannot be entered in its middle */

struct wfdb_file {
    struct kymo_input *in;
    const struct wfdb_packing *packing;
    const struct wfdb_signal *signal;
    size_t n_signals, width;     /* width: samples in a row */
    size_t *at;                  /* where a signal begins in a row */
    int32_t *last;               /* of signals stored as differences: the value before */
    int32_t *rows;
    size_t n_rows, cap_rows, ahead;   /* ahead: rows kept beyond those asked for, for skew */
    int64_t frame;               /* of rows[0] */
    int64_t offset;              /* byte where the first frame begins */
    bool at_end;

    /* FLAC */
    FLAC__StreamDecoder *flac;
    size_t decoded;              /* samples of each channel in rows, those of a last row that is not yet full among them */
    struct kymo_err *e;          /* of the call that is running; its callbacks have no other way */
};

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for a WFDB signal file"); }

static int fail_file(const struct wfdb_file *f, const char *what, struct kymo_err *e)
{
    return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(f->in), kymo_offset(f->in), "%s", what);
}

/* Room for rows that have arrived: how wide one is, is only what the header claims. */
static int reserve_rows(struct wfdb_file *f, size_t n, struct kymo_err *e)
{
    if (n <= f->cap_rows)
        return 0;
    int32_t *larger = realloc(f->rows, n * f->width * sizeof *larger);
    if (!larger)
        return out_of_memory(e);
    f->rows = larger;
    f->cap_rows = n;
    return 0;
}

/* ---- FLAC ---- */

static FLAC__StreamDecoderReadStatus give_bytes(const FLAC__StreamDecoder *d, FLAC__byte to[], size_t *n, void *client)
{
    struct wfdb_file *f = client;
    const unsigned char *p;
    const ssize_t got = kymo_peek(f->in, *n, &p, f->e);

    (void)d;
    *n = got > 0 ? (size_t)got : 0;
    if (got < 0)
        return FLAC__STREAM_DECODER_READ_STATUS_ABORT;
    if (got == 0)
        return FLAC__STREAM_DECODER_READ_STATUS_END_OF_STREAM;
    memcpy(to, p, *n);
    kymo_skip(f->in, *n);
    return FLAC__STREAM_DECODER_READ_STATUS_CONTINUE;
}

/* n samples of each channel, the first of them number t since rows[0], to their places in the rows. */
static void place_samples(struct wfdb_file *f, size_t t, const FLAC__int32 *const channel[], size_t n)
{
    const size_t channels = f->n_signals, per_frame = f->width / channels;
    int32_t *const to = f->rows + t * channels;

    if (per_frame == 1 && channels == 2) {   /* the usual case, in one pass */
        const FLAC__int32 *const a = channel[0], *const b = channel[1];
        for (size_t i = 0; i < n; i++) {
            to[2 * i] = a[i];
            to[2 * i + 1] = b[i];
        }
    } else if (per_frame == 1) {
        for (size_t c = 0; c < channels; c++)
            for (size_t i = 0; i < n; i++)
                to[i * channels + c] = channel[c][i];
    } else {
        for (size_t c = 0; c < channels; c++)
            for (size_t i = 0; i < n; i++)
                f->rows[(t + i) / per_frame * f->width + c * per_frame + (t + i) % per_frame] = channel[c][i];
    }
}

static FLAC__StreamDecoderWriteStatus take_samples(const FLAC__StreamDecoder *d, const FLAC__Frame *frame,
                                                   const FLAC__int32 *const channel[], void *client)
{
    struct wfdb_file *f = client;
    const size_t n = frame->header.blocksize, per_frame = f->width / f->n_signals;

    (void)d;
    if (frame->header.channels != f->n_signals || (int)frame->header.bits_per_sample > f->packing->bits) {
        kymo_fail_at(f->e, KYMO_EFORMAT, kymo_input_name(f->in), -1, "FLAC of %u channels of %u bits, not %zu of %d",
                     frame->header.channels, frame->header.bits_per_sample, f->n_signals, f->packing->bits);
        return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT;
    }
    if (reserve_rows(f, (f->decoded + n + per_frame - 1) / per_frame, f->e) < 0)
        return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT;
    place_samples(f, f->decoded, channel, n);
    f->decoded += n;
    return FLAC__STREAM_DECODER_WRITE_STATUS_CONTINUE;
}

static void take_error(const FLAC__StreamDecoder *d, FLAC__StreamDecoderErrorStatus status, void *client)
{
    struct wfdb_file *f = client;

    (void)d;
    if (f->e->n == 0)
        fail_file(f, FLAC__StreamDecoderErrorStatusString[status], f->e);
}

static int open_flac(struct wfdb_file *f, struct kymo_err *e)
{
    f->e = e;
    for (size_t i = 1; i < f->n_signals; i++)
        if (f->signal[i].samples_per_frame != f->signal[0].samples_per_frame)
            return fail_file(f, "signals of different rates in one FLAC file", e);
    if (!(f->flac = FLAC__stream_decoder_new()))
        return out_of_memory(e);
    if (FLAC__stream_decoder_init_stream(f->flac, give_bytes, NULL, NULL, NULL, NULL, take_samples, NULL, take_error, f) !=
        FLAC__STREAM_DECODER_INIT_STATUS_OK)
        return out_of_memory(e);
    return 0;
}

/* Decodes until there are n rows, or the stream ends. Returns how many rows came. */
static ssize_t fill_decoded(struct wfdb_file *f, size_t n, struct kymo_err *e)
{
    const size_t per_frame = f->width / f->n_signals, wanted = (f->n_rows + n) * per_frame;

    f->e = e;
    while (f->decoded < wanted) {
        const bool ok = FLAC__stream_decoder_process_single(f->flac) && e->n == 0;
        if (!ok)
            return e->n ? e->cause[0].code : fail_file(f, "not a FLAC stream, or a damaged one", e);
        if (FLAC__stream_decoder_get_state(f->flac) == FLAC__STREAM_DECODER_END_OF_STREAM)
            break;
    }
    return (ssize_t)(f->decoded / per_frame - f->n_rows);
}

/* ---- opening ---- */

struct wfdb_file *wfdb_file_open(struct kymo_input *in, const struct wfdb_signal *signal, size_t n, struct kymo_err *e)
{
    struct wfdb_file *f = calloc(1, sizeof *f);
    int64_t skew = 0;
    int rc = 0;

    if (!f) {
        kymo_input_close(in);
        out_of_memory(e);
        return NULL;
    }
    *f = (struct wfdb_file){.in = in, .packing = wfdb_packing_of(signal[0].format), .signal = signal, .n_signals = n,
                            .offset = signal[0].byte_offset};
    f->at = calloc(n, sizeof *f->at);
    f->last = calloc(n, sizeof *f->last);
    if (!f->at || !f->last)
        rc = out_of_memory(e);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        f->at[i] = f->width;
        f->last[i] = (int32_t)signal[i].initial;
        f->width += (size_t)signal[i].samples_per_frame;
        skew = signal[i].skew > skew ? signal[i].skew : skew;
    }
    f->ahead = (size_t)(skew + WFDB_LARGEST_UNIT - 1) / WFDB_LARGEST_UNIT * WFDB_LARGEST_UNIT;
    if (rc == 0)
        rc = kymo_seek(in, f->offset, e);
    if (rc == 0 && f->packing->bytes_unit == 0)
        rc = open_flac(f, e);
    if (rc == 0)
        return f;
    wfdb_file_close(f);
    return NULL;
}

void wfdb_file_close(struct wfdb_file *f)
{
    if (!f)
        return;
    if (f->flac)
        FLAC__stream_decoder_delete(f->flac);
    kymo_input_close(f->in);
    free(f->at);
    free(f->last);
    free(f->rows);
    free(f);
}

int64_t wfdb_file_frames(const struct wfdb_file *f)
{
    const int64_t bytes = kymo_input_size(f->in) - f->offset;

    if (kymo_input_size(f->in) < 0 || f->flac)
        return KYMO_UNKNOWN;
    return bytes > 0 ? wfdb_packed_samples(f->packing, bytes) / (int64_t)f->width : 0;
}

const char *wfdb_file_name(const struct wfdb_file *f) { return kymo_input_name(f->in); }
int64_t wfdb_file_size(const struct wfdb_file *f) { return kymo_input_size(f->in); }

/* ---- rows ---- */

static ssize_t fill_packed(struct wfdb_file *f, size_t n, struct kymo_err *e)
{
    const size_t bytes = wfdb_packed_bytes(f->packing, n * f->width);
    const unsigned char *p;
    const ssize_t got = kymo_peek(f->in, bytes, &p, e);

    if (got < 0)
        return got;
    if ((size_t)got < bytes)
        n = (size_t)wfdb_packed_samples(f->packing, got) / f->width;
    if (reserve_rows(f, f->n_rows + n, e) < 0)
        return KYMO_ENOMEM;
    f->packing->unpack(p, n * f->width, f->rows + f->n_rows * f->width);
    kymo_skip(f->in, (size_t)got);
    return (ssize_t)n;
}

/* Differences to values, in n rows behind those there are. */
static void add_up(struct wfdb_file *f, size_t n)
{
    for (size_t r = f->n_rows; r < f->n_rows + n; r++)
        for (size_t i = 0; i < f->n_signals; i++)
            for (int64_t k = 0; k < f->signal[i].samples_per_frame; k++) {
                int32_t *x = &f->rows[r * f->width + f->at[i] + (size_t)k];
                f->last[i] = (int16_t)(f->last[i] + *x);   /* stored values are of 16 bits, and wrap */
                *x = f->last[i];
            }
}

ssize_t wfdb_file_fetch(struct wfdb_file *f, size_t n, struct kymo_err *e)
{
    if (!f->at_end && f->n_rows < n + f->ahead) {
        const size_t wanted = n + f->ahead - f->n_rows;
        const ssize_t got = f->flac ? fill_decoded(f, wanted, e) : fill_packed(f, wanted, e);
        if (got < 0)
            return got;
        if (f->packing->differences)
            add_up(f, (size_t)got);
        f->n_rows += (size_t)got;
        f->at_end = (size_t)got < wanted;
    }
    return (ssize_t)(f->n_rows < n ? f->n_rows : n);
}

void wfdb_file_advance(struct wfdb_file *f, size_t n)
{
    const size_t per_frame = f->width / f->n_signals, began = f->flac && f->decoded % per_frame > 0;

    memmove(f->rows, f->rows + n * f->width, (f->n_rows - n + began) * f->width * sizeof *f->rows);
    f->n_rows -= n;
    f->decoded -= f->flac ? n * per_frame : 0;
    f->frame += (int64_t)n;
}

/* n rows of signal i, from row on, to x; returns the sum of what is stored. */
static uint32_t copy_signal(const struct wfdb_file *f, size_t i, size_t row, size_t n, int32_t *x)
{
    const size_t per_frame = (size_t)f->signal[i].samples_per_frame, width = f->width;
    const int32_t *from = f->rows + row * width + f->at[i];
    const int32_t missing = f->packing->missing;
    uint32_t sum = 0;

    if (per_frame == 1) {
        for (size_t r = 0; r < n; r++) {
            const int32_t v = from[r * width];
            sum += (uint32_t)v;
            x[r] = v == missing ? KYMO_MISSING : v;
        }
        return sum;
    }
    for (size_t r = 0; r < n; r++)
        for (size_t k = 0; k < per_frame; k++) {
            const int32_t v = from[r * width + k];
            sum += (uint32_t)v;
            x[r * per_frame + k] = v == missing ? KYMO_MISSING : v;
        }
    return sum;
}

uint16_t wfdb_file_signal(const struct wfdb_file *f, size_t i, size_t n, int32_t *x)
{
    const size_t per_frame = (size_t)f->signal[i].samples_per_frame, skew = (size_t)f->signal[i].skew;
    const size_t rest = f->n_rows > skew ? f->n_rows - skew : 0, held = rest < n ? rest : n;
    const uint16_t sum = (uint16_t)copy_signal(f, i, 0, n, x);   /* a header's is of all samples, as they are stored */

    if (skew == 0)
        return sum;
    copy_signal(f, i, skew, held, x);
    for (size_t k = held * per_frame; k < n * per_frame; k++)   /* beyond the end of the file */
        x[k] = KYMO_MISSING;
    return sum;
}

int wfdb_file_seek(struct wfdb_file *f, int64_t frame, struct kymo_err *e)
{
    if (!f->flac && !f->packing->differences) {
        f->n_rows = 0;
        f->frame = frame;
        return kymo_seek(f->in, f->offset + frame / (int64_t)f->packing->n_unit *
                         (int64_t)(f->packing->bytes_unit * f->width), e);
    }
    while (f->frame < frame) {
        const int64_t left = frame - f->frame;
        const ssize_t got = wfdb_file_fetch(f, left < FRAMES_A_SEEK ? (size_t)left : FRAMES_A_SEEK, e);
        if (got <= 0)
            return (int)got;
        wfdb_file_advance(f, (size_t)got);
    }
    return 0;
}
