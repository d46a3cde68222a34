/* cli/atria.c - see atria.h. */
#include "cli/atria.h"
#include "algorithms/af_p.h"
#include "algorithms/beatclass_gate.h"
#include "algorithms/beatclass_trees.h"

#include <stdlib.h>
#include <string.h>

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for the beats of a recording"); }

/* ---- fibrillation ---- */

struct room {
    double *time_s;
    int16_t *symbol;
    signed char *step;
    float *p_like[AF_LEADS];
};

/* Beats that were found in noise. */
static void flag_noisy(const struct heart *h, const size_t *of_heart, unsigned char *flags, size_t n)
{
    for (size_t i = 0, k = 0; i < n && k < h->n_spans;) {
        const struct heart_span *const span = &h->span[k];
        const int64_t ns = h->beat[of_heart[i]].time_ns;
        if (strcmp(span->type, "noise") != 0 || span->time_ns + span->duration_ns <= ns)
            k++;
        else if (++i, ns >= span->time_ns)
            flags[i - 1] |= AF_UNSURE;
    }
}

static int judge(const struct heart *h, const size_t *of_heart, unsigned char *flags, size_t n, struct room *room, float *p,
                 struct kymo_err *e)
{
    room->time_s = malloc((n + 1) * sizeof *room->time_s);
    room->symbol = malloc((n + 1) * sizeof *room->symbol);
    room->step = malloc(n + 1);
    if (!room->time_s || !room->symbol || !room->step)
        return out_of_memory(e);
    for (size_t i = 0; i < n; i++)
        room->time_s[i] = (double)h->beat[of_heart[i]].time_ns / 1e9 +
                          (h->portrait ? (double)h->portrait[of_heart[i]].shift_s : 0);
    flag_noisy(h, of_heart, flags, n);
    struct af_beats beats = {.time_s = room->time_s, .flags = flags, .n = n};
    const int rc = af_symbols(&beats, room->symbol, room->step, e);
    if (rc < 0)
        return rc;
    for (size_t c = 0; h->portrait && c < AF_LEADS && c < h->n_leads; c++) {
        if (!(room->p_like[c] = malloc((n + 1) * sizeof *room->p_like[c])))
            return out_of_memory(e);
        af_p_like(&beats, room->symbol, h->portrait, of_heart, c, room->p_like[c]);
        beats.p_like[c] = room->p_like[c];
    }
    return af_probability(&beats, room->symbol, room->step, p, e);
}

int atria_fibrillate(const struct heart *h, const size_t *of_heart, unsigned char *flags, size_t n, float *p,
                     struct kymo_err *e)
{
    struct room room = {.time_s = NULL};
    const int rc = judge(h, of_heart, flags, n, &room, p, e);

    free(room.time_s);
    free(room.symbol);
    free(room.step);
    for (size_t c = 0; c < AF_LEADS; c++)
        free(room.p_like[c]);
    return rc;
}

/* ---- classes ---- */

static int shapes_and_times(const struct heart *h, struct beatclass *class, struct kymo_err *e)
{
    struct beatclass_beat *const beat = malloc((h->n + 1) * sizeof *beat);

    if (!beat)
        return out_of_memory(e);
    for (size_t i = 0; i < h->n; i++)
        beat[i] = (struct beatclass_beat){(double)h->beat[i].time_ns / 1e9, h->beat[i].after_break, h->beat[i].quality};
    const int rc = beatclass(beat, h->n_leads ? h->portrait : NULL, h->n, h->n_leads, &beatclass_model, NULL, class, e);
    free(beat);
    return rc;
}

static int gate(const struct heart *h, struct beatclass *class, size_t *all, unsigned char *flags, float *p, struct kymo_err *e)
{
    for (size_t i = 0; i < h->n; i++) {
        all[i] = i;
        flags[i] = (unsigned char)((class[i].type[0] == 'V' ? AF_VENTRICULAR : 0) |
                                   (h->beat[i].after_break ? AF_AFTER_BREAK : 0));
    }
    const int rc = atria_fibrillate(h, all, flags, h->n, p, e);
    if (rc == 0)
        beatclass_gate(class, p, h->n);
    return rc;
}

int atria_classes(const struct heart *h, struct beatclass *class, struct kymo_err *e)
{
    size_t *const all = malloc((h->n + 1) * sizeof *all);
    unsigned char *const flags = malloc(h->n + 1);
    float *const p = malloc((h->n + 1) * sizeof *p);
    int rc = all && flags && p ? shapes_and_times(h, class, e) : out_of_memory(e);

    if (rc == 0)
        rc = gate(h, class, all, flags, p, e);
    free(all);
    free(flags);
    free(p);
    return rc;
}
