/* algorithms/rhythm_changes.h - the rhythm as WFDB annotations have it: one at a time, each until the next.
 *
 * Of the episodes that last at a moment the one counts whose kind comes first in ventricular fibrillation, ventricular
 * tachycardia, idioventricular rhythm, atrial fibrillation, flutter, supraventricular tachycardia, bigeminy, trigeminy, atrial
 * bigeminy, paced rhythm, bradycardia; other kinds are no rhythms. */
#ifndef KYMO_RHYTHM_CHANGES_H
#define KYMO_RHYTHM_CHANGES_H

#include "algorithms/rhythm.h"

struct rhythm_change {
    int64_t time_ns;
    enum rhythm_kind kind;        /* RHYTHM_KINDS: none of them, sinus rhythm */
};

/* The changes from from_ns on, the first of them at from_ns, into *all, which is malloc'ed, for the caller. Returns 0 or
 * KYMO_ENOMEM. */
int rhythm_changes(const struct rhythm_list *list, int64_t from_ns, struct rhythm_change **all, size_t *n, struct kymo_err *e);

#endif
