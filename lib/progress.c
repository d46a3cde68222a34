/* lib/progress.c - see progress.h. */
#include "lib/progress.h"

#include <math.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S 1e9
#define PAUSE_NS INT64_C(200000000)
#define WIDTH_UNLESS_TOLD 80
enum { BAR = 24, LONGEST = 200 };

int64_t kymo_clock_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* part NaN: nobody knows. Of a line that is wider than the window a rest would stay, so it is cut. */
static void draw(struct kymo_progress *p, double part, const char *text)
{
    struct winsize w;
    char line[LONGEST + BAR + 4], bar[BAR + 1];
    int width = WIDTH_UNLESS_TOLD;

    for (int i = 0; i < BAR; i++)
        bar[i] = (double)i < part * BAR ? '#' : '.';
    bar[BAR] = '\0';
    snprintf(line, sizeof line, isnan(part) ? "%s%s" : "[%s] %s", isnan(part) ? "" : bar, text);
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 1)
        width = w.ws_col;
    dprintf(STDERR_FILENO, "\r%.*s\033[K", width - 1, line);
    p->shown = true;
}

/* "1:05" */
static void put_left(double s, char *text, size_t cap) { snprintf(text, cap, ", %ld:%02ld left", (long)s / 60, (long)s % 60); }

void kymo_progress_show(struct kymo_progress *p, size_t done, size_t failed, bool last)
{
    const int64_t now_ns = kymo_clock_ns();
    char text[LONGEST], left[32] = "", lost[32] = "";

    if (p->begun_ns == 0)
        p->begun_ns = now_ns;
    if (!last && now_ns - p->shown_ns < PAUSE_NS)
        return;
    p->shown_ns = now_ns;
    const double s = (double)(now_ns - p->begun_ns) / NS_PER_S;
    if (done > 0 && done < p->total)
        put_left(s / (double)done * (double)(p->total - done), left, sizeof left);
    if (failed > 0)
        snprintf(lost, sizeof lost, ", %zu failed", failed);
    snprintf(text, sizeof text, "%zu of %zu %s, %.1f/s%s%s", done, p->total, p->what, s > 0 ? (double)done / s : 0, lost, left);
    draw(p, p->total ? (double)done / (double)p->total : 1, text);
    if (last)
        dprintf(STDERR_FILENO, "\n");
}

void kymo_progress_begin(struct kymo_progress *p, int64_t now_ns) { p->begun_ns = p->shown_ns = now_ns; }

/* "12:03:07" */
static void put_clock(int64_t ns, char *text, size_t cap)
{
    const long long s = (long long)(ns / (int64_t)NS_PER_S);

    snprintf(text, cap, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
}

void kymo_progress_read(struct kymo_progress *p, int64_t done_ns, int64_t total_ns, int64_t now_ns)
{
    char text[LONGEST], done[32], total[32] = "", left[32] = "";

    if (now_ns - p->shown_ns < PAUSE_NS || done_ns <= 0)
        return;
    p->shown_ns = now_ns;
    const double s = (double)(now_ns - p->begun_ns) / NS_PER_S, rate = (double)done_ns / NS_PER_S / s;
    put_clock(done_ns, done, sizeof done);
    if (total_ns > 0)
        put_clock(total_ns, total, sizeof total);
    if (done_ns < total_ns)
        put_left((double)(total_ns - done_ns) / NS_PER_S / rate, left, sizeof left);
    snprintf(text, sizeof text, "%s%s%s, %.0f x real time%s", done, total_ns > 0 ? " of " : "", total, rate, left);
    draw(p, total_ns > 0 ? (double)done_ns / (double)total_ns : (double)NAN, text);
}

void kymo_progress_clear(struct kymo_progress *p)
{
    if (p && p->shown) {
        dprintf(STDERR_FILENO, "\r\033[K");
        p->shown = false;
    }
}
