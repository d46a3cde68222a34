/* formats/wfdb_pack.c - see wfdb_pack.h. FLAC/stream_encoder.h is included here only.
 *
 * Frames are interleaved into rows, which are packed a buffer at a time; what does not fill a whole unit of the packing
 * waits for the next frames. FLAC takes its channels side by side, so no rows are needed. */
#include "formats/wfdb_pack.h"

#include "lib/bytes.h"

#include <FLAC/stream_encoder.h>
#include <stdlib.h>
#include <string.h>

#define ROW_SAMPLES 8192         /* interleaved before they are packed: stays in the first-level cache, about */
#define FLAC_RATE 96000          /* what WFDB writes, whatever the signals' rate */

struct packing {
    int format, bits;
    size_t unit;                 /* samples that are packed together */
    size_t unit_bytes;           /* 0: FLAC */
    void (*pack)(const int32_t *x, size_t n, unsigned char *p);   /* n: whole units */
};

struct wfdb_pack {
    const struct packing *packing;
    struct kymo_output *out;
    size_t n, width;             /* signals; samples in a frame */
    size_t *per_frame;
    int32_t *row;                /* ROW_SAMPLES + width + a unit */
    size_t n_row;
    unsigned char *bytes;        /* of a full row */

    /* FLAC */
    FLAC__StreamEncoder *flac;
    uint64_t at, size;           /* where the encoder writes next; what it wrote */
    struct kymo_err *e;          /* of the call that is running; its callbacks have no other way */
    struct kymo_err ignored;     /* of a destroy: what the encoder still wants to write goes with the file */
};

static void pack_16(const int32_t *x, size_t n, unsigned char *p)
{
    for (size_t i = 0; i < n; i++) {
        const uint16_t v = htole16((uint16_t)x[i]);
        memcpy(p + 2 * i, &v, sizeof v);
    }
}

static void pack_24(const int32_t *x, size_t n, unsigned char *p)
{
    for (size_t i = 0; i < n; i++) {
        p[3 * i] = (unsigned char)x[i];
        p[3 * i + 1] = (unsigned char)(x[i] >> 8);
        p[3 * i + 2] = (unsigned char)(x[i] >> 16);
    }
}

static void pack_32(const int32_t *x, size_t n, unsigned char *p)
{
    for (size_t i = 0; i < n; i++)
        kymo_put_le32(p + 4 * i, (uint32_t)x[i]);
}

static void pack_212(const int32_t *x, size_t n, unsigned char *p)
{
    for (size_t i = 0; i < n; i += 2, p += 3) {
        p[0] = (unsigned char)x[i];
        p[1] = (unsigned char)((x[i] >> 8 & 0x0f) | (x[i + 1] >> 4 & 0xf0));
        p[2] = (unsigned char)x[i + 1];
    }
}

static const struct packing packings[] = {
    {16, 16, 1, 2, pack_16}, {24, 24, 1, 3, pack_24}, {32, 32, 1, 4, pack_32}, {212, 12, 2, 3, pack_212},
    {508, 8, 1, 0, NULL}, {516, 16, 1, 0, NULL}, {524, 24, 1, 0, NULL},
};

static const struct packing *packing_of(int format)
{
    for (size_t i = 0; i < sizeof packings / sizeof *packings; i++)
        if (packings[i].format == format)
            return &packings[i];
    return NULL;
}

bool wfdb_can_pack(int format) { return packing_of(format) != NULL; }
bool wfdb_packs_flac(int format) { return wfdb_can_pack(format) && packing_of(format)->unit_bytes == 0; }

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory to write a WFDB signal file"); }

/* ---- FLAC ---- */

/* The encoder goes back once, to put lengths and the MD5 sum into its first block. */
static FLAC__StreamEncoderWriteStatus put_encoded(const FLAC__StreamEncoder *flac, const FLAC__byte bytes[], size_t n,
                                                  uint32_t samples, uint32_t frame, void *client)
{
    struct wfdb_pack *p = client;
    const int rc = p->at == p->size ? kymo_put(p->out, bytes, n, p->e)
                                    : kymo_output_patch(p->out, (int64_t)p->at, bytes, n, p->e);

    (void)flac, (void)samples, (void)frame;
    p->at += n;
    p->size = p->at > p->size ? p->at : p->size;
    return rc < 0 ? FLAC__STREAM_ENCODER_WRITE_STATUS_FATAL_ERROR : FLAC__STREAM_ENCODER_WRITE_STATUS_OK;
}

static FLAC__StreamEncoderSeekStatus seek_encoded(const FLAC__StreamEncoder *flac, FLAC__uint64 offset, void *client)
{
    struct wfdb_pack *p = client;

    (void)flac;
    p->at = offset;
    return FLAC__STREAM_ENCODER_SEEK_STATUS_OK;
}

static FLAC__StreamEncoderTellStatus tell_encoded(const FLAC__StreamEncoder *flac, FLAC__uint64 *offset, void *client)
{
    const struct wfdb_pack *p = client;

    (void)flac;
    *offset = p->at;
    return FLAC__STREAM_ENCODER_TELL_STATUS_OK;
}

static int fail_flac(const struct wfdb_pack *p, struct kymo_err *e)
{
    return e->n ? (int)e->cause[0].code
                : kymo_fail_at(e, KYMO_EIO, kymo_output_name(p->out), -1, "cannot be compressed: %s",
                               FLAC__StreamEncoderStateString[FLAC__stream_encoder_get_state(p->flac)]);
}

static int open_flac(struct wfdb_pack *p, struct kymo_err *e)
{
    p->e = e;
    if (!(p->flac = FLAC__stream_encoder_new()))
        return out_of_memory(e);
    const bool ok = FLAC__stream_encoder_set_channels(p->flac, (uint32_t)p->n) &&
                    FLAC__stream_encoder_set_bits_per_sample(p->flac, (uint32_t)p->packing->bits) &&
                    FLAC__stream_encoder_set_sample_rate(p->flac, FLAC_RATE) &&
                    FLAC__stream_encoder_set_compression_level(p->flac, 5) &&
                    FLAC__stream_encoder_init_stream(p->flac, put_encoded, seek_encoded, tell_encoded, NULL, p) ==
                        FLAC__STREAM_ENCODER_INIT_STATUS_OK;
    return ok ? 0 : fail_flac(p, e);
}

static int put_flac(struct wfdb_pack *p, const int32_t *const *x, size_t frames, struct kymo_err *e)
{
    const size_t n = frames * p->per_frame[0];

    p->e = e;
    for (size_t done = 0, step; done < n; done += step) {
        const int32_t *channel[WFDB_FLAC_CHANNELS];
        step = n - done < ROW_SAMPLES ? n - done : ROW_SAMPLES;
        for (size_t i = 0; i < p->n; i++)
            channel[i] = x[i] + done;
        if (!FLAC__stream_encoder_process(p->flac, channel, (uint32_t)step) || e->n)
            return fail_flac(p, e);
    }
    return 0;
}

/* ---- rows ---- */

static void interleave(struct wfdb_pack *p, const int32_t *const *x, size_t frame, size_t frames)
{
    int32_t *to = p->row + p->n_row;

    for (size_t i = 0; i < p->n; i++) {
        const size_t per_frame = p->per_frame[i];
        const int32_t *from = x[i] + frame * per_frame;
        if (per_frame == 1)
            for (size_t r = 0; r < frames; r++)
                to[r * p->width] = from[r];
        else
            for (size_t r = 0; r < frames; r++)
                memcpy(to + r * p->width, from + r * per_frame, per_frame * sizeof *to);
        to += per_frame;
    }
    p->n_row += frames * p->width;
}

/* Packs the rows' whole units and keeps the rest. */
static int put_rows(struct wfdb_pack *p, struct kymo_err *e)
{
    const size_t rest = p->n_row % p->packing->unit, n = p->n_row - rest;

    p->packing->pack(p->row, n, p->bytes);
    const int rc = kymo_put(p->out, p->bytes, n / p->packing->unit * p->packing->unit_bytes, e);
    memmove(p->row, p->row + n, rest * sizeof *p->row);
    p->n_row = rest;
    return rc;
}

int wfdb_pack_frames(struct wfdb_pack *p, const int32_t *const *x, size_t frames, struct kymo_err *e)
{
    const size_t most = p->width < ROW_SAMPLES ? ROW_SAMPLES / p->width : 1;
    int rc = 0;

    if (p->flac)
        return put_flac(p, x, frames, e);
    for (size_t done = 0, step; rc == 0 && done < frames; done += step) {
        step = frames - done < most ? frames - done : most;
        interleave(p, x, done, step);
        rc = put_rows(p, e);
    }
    return rc;
}

/* ---- from beginning to end ---- */

struct wfdb_pack *wfdb_pack_create(const char *path, int format, size_t n, const size_t *per_frame, struct kymo_err *e)
{
    struct wfdb_pack *p = calloc(1, sizeof *p);

    if (!p) {
        out_of_memory(e);
        return NULL;
    }
    p->packing = packing_of(format);
    p->n = n;
    for (size_t i = 0; i < n; i++)
        p->width += per_frame[i];
    const size_t room = ROW_SAMPLES + p->width + p->packing->unit;
    p->per_frame = malloc(n * sizeof *per_frame);
    if (p->packing->unit_bytes > 0) {
        p->row = malloc(room * sizeof *p->row);
        p->bytes = malloc(room * p->packing->unit_bytes);
    }
    if (!p->per_frame || (p->packing->unit_bytes > 0 && (!p->row || !p->bytes))) {
        out_of_memory(e);
        wfdb_pack_destroy(p);
        return NULL;
    }
    memcpy(p->per_frame, per_frame, n * sizeof *per_frame);
    if ((p->out = kymo_output_open(path, e)) && (p->packing->unit_bytes > 0 || open_flac(p, e) == 0))
        return p;
    wfdb_pack_destroy(p);
    return NULL;
}

/* A last unit that is not full is padded with zeros; format 212 leaves the unused byte away, as WFDB does. */
static int end_rows(struct wfdb_pack *p, struct kymo_err *e)
{
    if (p->n_row == 0)
        return 0;
    p->row[1] = 0;
    p->packing->pack(p->row, p->packing->unit, p->bytes);
    return kymo_put(p->out, p->bytes, 2, e);
}

struct kymo_output *wfdb_pack_end(struct wfdb_pack *p, struct kymo_err *e)
{
    struct kymo_output *out = NULL;
    int rc = 0;

    p->e = e;
    if (!p->flac)
        rc = end_rows(p, e);
    else if (!FLAC__stream_encoder_finish(p->flac))
        rc = fail_flac(p, e);
    if (rc == 0 && kymo_output_sync(p->out, e) == 0) {
        out = p->out;
        p->out = NULL;
    }
    wfdb_pack_destroy(p);
    return out;
}

void wfdb_pack_destroy(struct wfdb_pack *p)
{
    if (!p)
        return;
    p->e = &p->ignored;
    if (p->flac)
        FLAC__stream_encoder_delete(p->flac);
    kymo_output_destroy(p->out);
    free(p->per_frame);
    free(p->row);
    free(p->bytes);
    free(p);
}
