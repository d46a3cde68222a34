/* formats/wfdb_annot.h - reads WFDB annotation files (MIT format), one annotation at a time.
 *
 * Words of 16 bits, little-endian: 6 bits of type, 10 bits of interval since the annotation before. Types above 58 are
 * modifiers: SKIP carries a longer interval, NUM, SUB, CHN and AUX belong to the annotation that they follow; NUM and
 * CHN stay for those that come after. Source: WFDB Applications Guide, annot(5). */
#ifndef KYMO_WFDB_ANNOT_H
#define KYMO_WFDB_ANNOT_H

#include "lib/input.h"
#include "lib/text.h"

#define WFDB_TIME_UNIT "## time resolution:"   /* what a note at time 0 begins with that tells the unit of all times */
#define WFDB_NO_CHANNEL 255     /* what our writer says where a CHN must end */

struct wfdb_annotation {
    int64_t time;              /* in sampling intervals of the record, or of the file's own resolution */
    int type, subtype, num, channel;
    bool has_channel;
    size_t n_aux;
    char aux[256];             /* terminated */
};

struct wfdb_annotations {
    struct kymo_input *in;
    struct kymo_ratio rate;    /* of the times: the record's, or what the file says of itself */
    bool own_rate;
    int64_t time;
    int num, channel;
    bool has_channel, at_end;
};

/* On an open input, which stays the caller's; rate is the record's frame rate. */
void wfdb_annotations_init(struct wfdb_annotations *s, struct kymo_input *in, struct kymo_ratio rate);

/* The next one. Returns 1, 0 at the end, or a negative code; a file that stops without its end mark, inside or between
 * items, is KYMO_EFORMAT. */
int wfdb_annotation_next(struct wfdb_annotations *s, struct wfdb_annotation *a, struct kymo_err *e);

#endif
