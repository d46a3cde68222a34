/* formats/wfdb_pack.h - writes one signal file of a WFDB record, frame by frame, in any of the formats 16 24 32 212 and,
 * compressed with FLAC, 508 516 524. (Packings as they are read: wfdb_signal.h.) */
#ifndef KYMO_WFDB_PACK_H
#define KYMO_WFDB_PACK_H

#include "lib/output.h"

struct wfdb_pack;

/* Whether there is a packer for a signal format of header(5), 16 or 212; and whether it is FLAC. */
bool wfdb_can_pack(int format);
bool wfdb_packs_flac(int format);
#define WFDB_FLAC_CHANNELS 8   /* most signals of a FLAC file; all of them of one rate */

/* A file at path, of n signals with per_frame[n] samples in a frame. Returns an object for wfdb_pack_end or
 * wfdb_pack_destroy, or NULL with *e set. */
struct wfdb_pack *wfdb_pack_create(const char *path, int format, size_t n, const size_t *per_frame, struct kymo_err *e);

/* frames frames more: x[i] has frames * per_frame[i] values of signal i, which fit into the format. */
int wfdb_pack_frames(struct wfdb_pack *p, const int32_t *const *x, size_t frames, struct kymo_err *e);

/* No more frames: frees p and returns its file, synced and still beside its place. NULL with *e set. */
struct kymo_output *wfdb_pack_end(struct wfdb_pack *p, struct kymo_err *e);

void wfdb_pack_destroy(struct wfdb_pack *p);   /* and the file; NULL is fine */

#endif
