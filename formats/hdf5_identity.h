/* formats/hdf5_identity.h - texts of an HDF5 file beside those that a recording is made of: whom they may tell of. */
#ifndef KYMO_HDF5_IDENTITY_H
#define KYMO_HDF5_IDENTITY_H

#include "lib/identity.h"
#include "lib/input.h"

/* Tells of all texts in attributes and datasets that are not the recording's own (kymo-hdf5(5)), and not technical words
 * alone: of a file of another layout that may be what it says of its signals, too. */
int hdf5_hidden(struct kymo_input *in, const char *path, const struct kymo_identity_rules *rules, struct kymo_err *e);

#endif
