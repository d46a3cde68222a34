/* algorithms/hrv_spectrum.c - see hrv_spectrum.h. */
#include "algorithms/hrv_spectrum.h"

#include <stdlib.h>

int hrv_spectrum_make(struct hrv_spectrum *s, size_t n, struct kymo_err *e)
{
    if (n > s->cap) {
        free(s->psd);
        s->psd = malloc(n * sizeof *s->psd);
        s->cap = s->psd ? n : 0;
    }
    *s = (struct hrv_spectrum){.psd = s->psd, .cap = s->cap};
    if (n > s->cap)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for a spectrum of %zu frequencies", n);
    s->n = n;
    for (size_t k = 0; k < n; k++)
        s->psd[k] = 0;
    return 0;
}

void hrv_spectrum_release(struct hrv_spectrum *s)
{
    free(s->psd);
    *s = (struct hrv_spectrum){ 0 };
}
