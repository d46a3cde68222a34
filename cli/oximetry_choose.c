/* cli/oximetry_choose.c - see oximetry_choose.h. */
#include "cli/oximetry_choose.h"

#include <stdlib.h>
#include <string.h>

#define FASTEST_SIGNAL_HZ 10000.0
#define FASTEST_UNNAMED_HZ 100.0  /* a signal of an unknown name that is faster is something else */

static bool is_among(const char *text, const char *const *all, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (kymo_same_text(text, all[i]))
            return true;
    return false;
}

/* Units in which neither a saturation nor a pulse rate is, and those of the latter. */
static bool is_other_unit(const char *unit)
{
    static const char *const units[] = {
        "V", "mV", "uV", "\u00b5V", "\u03bcV", "nV", "A", "mA", "Ohm", "mmHg", "cmH2O", "hPa", "kPa", "L/s", "L/min", "ml",
        "degC", "\u00b0C", "mg/dL", "mmol/L",
    };

    return is_among(unit, units, sizeof units / sizeof *units);
}

static bool is_rate_unit(const char *unit)
{
    static const char *const units[] = {"bpm", "1/min", "/min", "Hz"};

    return is_among(unit, units, sizeof units / sizeof *units);
}

/* Words that make of a label with SpO2 in it that of something else: "SpO2 quality". */
static bool is_about_spo2(const char *label)
{
    static const char *const words[] = {"qual", "status", "pleth", "wave", "perf", "alarm", "event"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasestr(label, words[i]))
            return true;
    return false;
}

/* 0, or a negative code with the reason why s is no SpO2. */
static int check_spo2(const struct kymo_signal *s, const char *path, struct kymo_err *e)
{
    const double fs_hz = kymo_ratio_real(s->rate);

    if (s->kind != KYMO_SPO2 && s->kind != KYMO_OTHER)
        return kymo_fail_at(e, KYMO_EDATA, path, -1, "signal \"%.40s\" is no SpO2: its kind is %s%s%.16s", s->label,
                            kymo_kind_name(s->kind), *s->unit ? ", its unit " : "", s->unit);
    if (s->calibrated && (is_other_unit(s->unit) || is_rate_unit(s->unit)))
        return kymo_fail_at(e, KYMO_EDATA, path, -1, "signal \"%.40s\" is no SpO2 in per cent: its unit is %.16s", s->label,
                            s->unit);
    if (fs_hz > FASTEST_SIGNAL_HZ || (s->kind == KYMO_OTHER && fs_hz > FASTEST_UNNAMED_HZ))
        return kymo_fail_at(e, KYMO_EDATA, path, -1, "signal \"%.40s\" is no SpO2: %g samples per second, more than %g",
                            s->label, fs_hz, s->kind == KYMO_OTHER ? FASTEST_UNNAMED_HZ : FASTEST_SIGNAL_HZ);
    return 0;
}

/* How well a signal would do as the pulse rate: that of an oximeter is better than a heart rate. */
static int pulse_merit(const struct kymo_signal *s)
{
    if (s->kind != KYMO_PULSE_RATE || is_other_unit(s->unit) || kymo_ratio_real(s->rate) > FASTEST_SIGNAL_HZ)
        return 0;
    return kymo_same_text(s->label, "hr") || strcasestr(s->label, "heart") ? 1 : 2;
}

static bool is_usable(const struct kymo_signal *s, const char *path)
{
    struct kymo_err ignored = {0};

    return check_spo2(s, path, &ignored) == 0;
}

int oximetry_choose_spo2(struct oximetry *o, const struct kymo_strings *asked, const char *path, struct kymo_err *e)
{
    const struct kymo_signal *const all = o->hdr.signal;
    const char *kind = "spo2";
    const char *const *const text = asked->n ? asked->text : &kind;
    size_t *pick = NULL, n = 0, best = 0;
    int rc = kymo_select(&o->hdr, text, asked->n ? asked->n : 1, &pick, &n, e);

    if (rc < 0)
        return rc;
    if (asked->n)                 /* "-s SpO2,PR" names a pulse rate too */
        while (best + 1 < n && all[pick[best]].kind == KYMO_PULSE_RATE)
            best++;
    else
        while (best + 1 < n && (!is_usable(&all[pick[best]], path) || is_about_spo2(all[pick[best]].label)))
            best++;
    o->spo2.signal = (int)pick[best];
    free(pick);
    return check_spo2(&all[o->spo2.signal], path, e);
}

void oximetry_choose_pulse(struct oximetry *o)
{
    int best = 0;

    o->pulse.signal = -1;
    for (size_t i = 0; i < o->hdr.n_signals; i++)
        if (pulse_merit(&o->hdr.signal[i]) > best) {
            best = pulse_merit(&o->hdr.signal[i]);
            o->pulse.signal = (int)i;
        }
}
