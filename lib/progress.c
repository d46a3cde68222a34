/* lib/progress.c - see progress.h. */
#include "lib/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define PAUSE_NS INT64_C(200000000)
#define BAR 24

int64_t kymo_clock_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void kymo_progress_show(struct kymo_progress *p, size_t done, size_t failed, bool last)
{
    const int64_t now_ns = kymo_clock_ns();
    char bar[BAR + 1], left[32] = "", lost[32] = "";

    if (p->begun_ns == 0)
        p->begun_ns = now_ns;
    if (!last && now_ns - p->shown_ns < PAUSE_NS)
        return;
    p->shown_ns = now_ns;
    p->shown = true;
    const double part = p->total ? (double)done / (double)p->total : 1, s = (double)(now_ns - p->begun_ns) / 1e9;
    for (int i = 0; i < BAR; i++)
        bar[i] = (double)i < part * BAR ? '#' : '.';
    bar[BAR] = '\0';
    if (done > 0 && done < p->total) {
        const long wait_s = (long)(s / (double)done * (double)(p->total - done));
        snprintf(left, sizeof left, ", %ld:%02ld left", wait_s / 60, wait_s % 60);
    }
    if (failed > 0)
        snprintf(lost, sizeof lost, ", %zu failed", failed);
    dprintf(STDERR_FILENO, "\r[%s] %zu of %zu %s, %.1f/s%s%s \033[K%s", bar, done, p->total, p->what,
            s > 0 ? (double)done / s : 0, lost, left, last ? "\n" : "");
}
