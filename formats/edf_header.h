/* formats/edf_header.h - reads the header of EDF, EDF+, BDF and BDF+ files.
 *
 * Source: Kemp et al., Electroenceph clin Neurophysiol 82:391-393 (1992); Kemp and Olivan, Clin Neurophysiol
 * 114:1755-1761 (2003), and their page edfplus.info. BDF: BioSemi's page on its file format. */
#ifndef KYMO_EDF_HEADER_H
#define KYMO_EDF_HEADER_H

#include "lib/input.h"
#include "lib/log.h"
#include "lib/record.h"

struct edf_header {
    bool bdf;                    /* 24 instead of 16 bits a sample */
    bool plus, discontinuous;    /* EDF+C or EDF+D; EDF+D */
    bool ours, padded;           /* kymo wrote it: texts of annotations are those of edf_event.h; and some mark padding */
    int64_t n_records;           /* as the header says; -1: not told */
    struct kymo_ratio duration;  /* of a data record in seconds, >= 0 */
    size_t n_fields;             /* signals of the file, annotation signals among them */
    struct edf_field *field;
    size_t record_bytes;
};

/* A signal of the file. */
struct edf_field {
    bool is_annotations;
    size_t signal;               /* index in the kymo_header, where it is not annotations */
    size_t n;                    /* samples in a data record */
    size_t at;                   /* byte in the data record */
};

/* From in into h (init'ed) and f, up to the first data record. */
int edf_header_read(struct kymo_input *in, struct kymo_header *h, struct edf_header *f, const struct kymo_log *log,
                    struct kymo_err *e);

void edf_header_release(struct edf_header *f);

#endif
