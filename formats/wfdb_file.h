/* formats/wfdb_file.h - one signal file of a WFDB record, read frame by frame: the signals that it interleaves, whatever
 * their packing, their number of samples in a frame and their skew. */
#ifndef KYMO_WFDB_FILE_H
#define KYMO_WFDB_FILE_H

#include "formats/wfdb_header.h"
#include "formats/wfdb_signal.h"

struct wfdb_file;

/* in, which the file owns from here, holds the frames of signal[n], all of one format, from signal[0].byte_offset on.
 * Returns an object for wfdb_file_close, or NULL with *e set. */
struct wfdb_file *wfdb_file_open(struct kymo_input *in, const struct wfdb_signal *signal, size_t n, struct kymo_err *e);

/* Whole frames in the file, or KYMO_UNKNOWN (a pipe, compressed). */
int64_t wfdb_file_frames(const struct wfdb_file *f);

/* Sees to it that the next read finds up to n frames. Returns how many, less than n only where the file ends, or < 0. n must
 * be a multiple of WFDB_LARGEST_UNIT unless the frames are the record's last. */
ssize_t wfdb_file_fetch(struct wfdb_file *f, size_t n, struct kymo_err *e);

/* Signal i of the n frames that fetch found, to x[n samples_per_frame]: stored integers, KYMO_MISSING for those that are
 * missing. Returns the 16-bit sum of the values as stored. */
uint16_t wfdb_file_signal(const struct wfdb_file *f, size_t i, size_t n, int32_t *x);

void wfdb_file_advance(struct wfdb_file *f, size_t n);   /* past n frames that fetch found */

/* To a frame not before the next one, a multiple of WFDB_LARGEST_UNIT. */
int wfdb_file_seek(struct wfdb_file *f, int64_t frame, struct kymo_err *e);

/* As it was opened; a view until close. */
const char *wfdb_file_name(const struct wfdb_file *f);
int64_t wfdb_file_size(const struct wfdb_file *f);       /* bytes, or -1 */
void wfdb_file_close(struct wfdb_file *f);               /* NULL is fine */

#endif
