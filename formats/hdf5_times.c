/* formats/hdf5_times.c - when the samples of datasets that are not of our layout were: their rates, and when each begins. */
#include "formats/hdf5_foreign.h"
#include "lib/date.h"

#include <math.h>
#include <string.h>

#define EPOCH_LEAST 1e8           /* seconds: a larger start counts from 1970, a smaller one from the recording's start */

/* ---- rate ---- */

/* The simplest fraction within the precision of x, by its continued fraction. */
static bool find_ratio(double x, double tolerance, struct kymo_ratio *ratio)
{
    int64_t p0 = 0, q0 = 1, p1 = 1, q1 = 0;
    double rest = x;

    if (!(x > 1e-9 && x < 1e12))
        return false;
    for (int i = 0; i < 40; i++) {
        const double whole = floor(rest);
        const double p = whole * (double)p1 + (double)p0, q = whole * (double)q1 + (double)q0;
        if (p > (double)KYMO_RATIO_LIMIT || q > (double)KYMO_RATIO_LIMIT)
            break;
        p0 = p1, q0 = q1;
        p1 = (int64_t)p, q1 = (int64_t)q;
        if (fabs((double)p1 / (double)q1 - x) <= tolerance * x)
            break;
        rest = 1 / (rest - whole);
    }
    *ratio = kymo_ratio(p1, q1);
    return p1 > 0 && q1 > 0;
}

static bool rate_of(const struct h5_value *v, struct kymo_ratio *rate)
{
    if (v->n != 1)
        return false;
    if (!v->is_text)
        return find_ratio(v->real[0], v->is_single ? 1e-7 : 4e-16, rate);
    size_t n = strlen(v->text[0]);
    const char *text = v->text[0];
    n = kymo_trim(&text, n);
    if (n > 2 && (kymo_same_text(text + n - 2, "Hz")))
        n -= 2;
    return kymo_parse_ratio(text, n, rate) && rate->num > 0;
}

/* Returns 1, 0 where nothing tells it, or a negative code. */
int h5_take_rate(const struct h5_foreign *f, const char *path, struct kymo_ratio *rate, struct kymo_err *e)
{
    const struct kymo_want *want = f->r->want;
    struct h5_fact found;
    int rc = 1;

    h5_find_fact(f, path, H5_RATE, &found);
    const bool told = found.v.n > 0, usable = told && rate_of(&found.v, rate);
    if (told && !usable)
        rc = kymo_warn(&want->log, e, f->r->path, -1, "%s is no rate", found.from);
    else if (usable)
        rc = h5_note(f, e, "rate %.10g Hz from %s", kymo_ratio_real(*rate), found.from);
    if (rc >= 0 && usable && want->rate.num > 0 && (want->rate.num != rate->num || want->rate.den != rate->den))
        rc = kymo_warn(&want->log, e, f->r->path, -1, "rate %.10g Hz is not used for %s: %s says %.10g",
                       kymo_ratio_real(want->rate), path, found.from, kymo_ratio_real(*rate));
    h5_value_release(&found.v);
    if (rc < 0 || usable)
        return rc < 0 ? rc : 1;
    *rate = want->rate;
    return want->rate.num > 0;
}

/* ---- start ---- */

/* "2001-02-28T23:15:00.5": seconds since 1970 and ns behind them; *rest is what follows. */
static bool parse_start(const char *text, int64_t *s, int64_t *ns, const char **rest)
{
    int64_t y, m, d, time = 0;
    size_t n = strlen(text);

    n = kymo_trim(&text, n);
    if (n < 10 || text[4] != '-' || text[7] != '-' || !kymo_parse_int(text, 4, &y) || !kymo_parse_int(text + 5, 2, &m) ||
        !kymo_parse_int(text + 8, 2, &d) || y < 1 || m < 1 || m > 12 || d < 1 || d > 31)
        return false;
    *rest = text + 10;
    if (n > 11 && (text[10] == 'T' || text[10] == ' ')) {
        const size_t length = strspn(text + 11, "0123456789:.");
        if (!kymo_parse_time(text + 11, length, &time) || time >= 86400 * KYMO_NS_PER_S)
            return false;
        *rest = text + 11 + length;
    }
    *s = kymo_days_of(y, m, d) * 86400 + time / KYMO_NS_PER_S;
    *ns = time % KYMO_NS_PER_S;
    return true;
}

int h5_take_start(struct h5_foreign *f, const char *path, size_t i, struct kymo_err *e)
{
    struct h5_fact found;
    const char *rest = "";
    int rc = 0;

    f->start_s[i] = KYMO_UNKNOWN;
    f->start_ns[i] = 0;
    h5_find_fact(f, path, H5_START, &found);
    if (found.v.n == 1 && found.v.is_text) {
        if (!parse_start(found.v.text[0], &f->start_s[i], &f->start_ns[i], &rest))
            rc = kymo_warn(&f->r->want->log, e, f->r->path, -1, "%s is no date and time: \"%.40s\"", found.from,
                           found.v.text[0]);
        else
            rc = h5_note(f, e, "start %.40s from %s%s", found.v.text[0], found.from, *rest ? ", its zone left out" : "");
    } else if (found.v.n == 1 && fabs(found.v.real[0]) >= EPOCH_LEAST && fabs(found.v.real[0]) < 1e11) {
        f->start_s[i] = (int64_t)floor(found.v.real[0]);
        f->start_ns[i] = llround((found.v.real[0] - floor(found.v.real[0])) * 1e6) * 1000;
        rc = h5_note(f, e, "start %.6f s since 1970 from %s, as UTC", found.v.real[0], found.from);
    } else if (found.v.n == 1 && fabs(found.v.real[0]) < EPOCH_LEAST) {
        f->start_ns[i] = llround(found.v.real[0] * 1e9);
        rc = h5_note(f, e, "first sample at %.9g s from %s", found.v.real[0], found.from);
    }
    h5_value_release(&found.v);
    return rc;
}

/* The recording starts with the earliest dataset; the others begin at the first point of their grid at or behind their
 * start. */
int h5_align_sets(struct h5_foreign *f, struct kymo_err *e)
{
    struct h5_reader *s = f->r->state;
    int64_t origin = KYMO_UNKNOWN, least = 0;
    int rc = 0;

    for (size_t i = 0; i < s->n_sets; i++)
        if (f->start_s[i] != KYMO_UNKNOWN && (origin == KYMO_UNKNOWN || f->start_s[i] < origin))
            origin = f->start_s[i];
    for (size_t i = 0; i < s->n_sets; i++) {
        const int64_t behind = f->start_s[i] == KYMO_UNKNOWN ? 0 : f->start_s[i] - origin;
        if (behind > H5_TIME_LIMIT / KYMO_NS_PER_S / 2)
            return h5_fail_at(e, KYMO_EDATA, f->r->path, s->set[i].path, "begins %lld s after the first of the others",
                              (long long)behind);
        f->start_ns[i] += behind * KYMO_NS_PER_S;
        if (i == 0 || f->start_ns[i] < least)
            least = f->start_ns[i];
    }
    if (least > 0 && origin == KYMO_UNKNOWN)
        least = 0;                    /* seconds from a start that nobody tells: keep them */
    if (origin != KYMO_UNKNOWN) {
        const int64_t seconds = origin + (least < 0 ? (least - KYMO_NS_PER_S + 1) / KYMO_NS_PER_S : least / KYMO_NS_PER_S);
        const int64_t days = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400;
        struct kymo_start *start = &f->r->source.start;
        kymo_set_days(start, days);
        start->has_date = start->has_time = true;
        start->time_ns = (seconds - days * 86400) * KYMO_NS_PER_S +
                         (least - (seconds - origin) * KYMO_NS_PER_S);
    }
    for (size_t i = 0; rc >= 0 && i < s->n_sets; i++) {
        struct h5_set *set = &s->set[i];
        const int64_t at = f->start_ns[i] - least;
        set->first = kymo_index_at(set->rate, at);
        if (kymo_time_of(set->rate, set->first) != at)
            rc = h5_note(f, e, "%s begins %lld ns later than told, on the grid of its rate", set->path,
                         (long long)(kymo_time_of(set->rate, set->first) - at));
        const int64_t end_ns = kymo_time_of(set->rate, set->first + (int64_t)set->n);
        if (h5_is_time(end_ns) && (f->r->source.duration_ns == KYMO_UNKNOWN || end_ns > f->r->source.duration_ns))
            f->r->source.duration_ns = end_ns;
    }
    return rc;
}
