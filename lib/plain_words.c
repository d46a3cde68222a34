/* lib/plain_words.c - see plain_words.h. */
#include "lib/plain_words.h"

#include "lib/text.h"

#include <string.h>

#define LONGEST_NUMBER 5         /* digits: a date, a telephone or a file number has more */

static const char *const standard[] = {
    /* rhythms, and what is noted beside beats */
    "(AB", "(AF", "(AFIB", "(AFL", "(AFT", "(AT", "(ASYS", "(B", "(B3", "(BI", "(BII", "(BIII", "(HGEA", "(IVR", "(J", "(MAT",
    "(N", "(NOD", "(NOISE", "(NSR", "(P", "(PACE", "(PM", "(PREX", "(SAB", "(SBR", "(ST", "(SVT", "(SVTA", "(T", "(VER",
    "(VF", "(VFIB", "(VFL", "(VT", "MISSB", "PSE", "TS", "U", "M", "MB",
    /* sleep */
    "sleep stage w", "sleep stage r", "sleep stage n", "sleep stage n1", "sleep stage n2", "sleep stage n3", "sleep stage n4",
    "sleep stage 1", "sleep stage 2", "sleep stage 3", "sleep stage 4", "sleep stage m", "sleep stage ?", "movement time",
    "lights off", "lights on", "lights out", "recording starts", "recording ends", "start recording", "stop recording",
    "apnea", "obstructive apnea", "central apnea", "mixed apnea", "hypopnea", "obstructive hypopnea", "central hypopnea",
    "mixed hypopnea", "hypoventilation", "periodic breathing", "cheyne-stokes breathing", "rera", "snoring", "snore",
    "desaturation", "oxygen desaturation", "spo2 desaturation", "spo2 artifact", "arousal", "eeg arousal", "limb movement",
    "plms", "plm", "movement", "artifact", "artefact", "eye blink", "bradycardia", "tachycardia", "calibration", "a+v", "a",
    "v", "n1", "n2", "n3", "w", "r", "pause", "gap",
    /* what wearables note: kymo-devices(7) */
    "glucose: low", "glucose: high", "tag", "event marker",
};

static const char *const technical[] = {
    "a", "abdomen", "abdominal", "ac", "active", "ag", "agagcl", "agcl", "amplifier", "analog", "analogue", "and", "arm",
    "arterial", "band", "bandpass", "bar", "base", "baseline", "belt", "bessel", "bp", "butterworth", "cannula", "catheter",
    "ch", "channel", "chebyshev", "chest", "chloride", "clip", "contact", "cuff", "cup", "cutoff", "cw", "db", "dc", "deg",
    "derived", "digital", "disc", "dry", "ear", "ecg", "eeg", "ekg", "electrode", "electrodes", "elliptic", "emg", "eog",
    "filter", "filtered", "filtering", "finger", "fir", "fl", "flow", "foot", "gain", "gauge", "gel", "gold", "hand", "high",
    "highpass", "hp", "hpf", "hz", "iir", "in", "inductance", "inf", "infrared", "input", "ir", "k", "kcl", "khz", "kohm",
    "l", "lead", "led", "left", "leg", "low", "lowpass", "lp", "lpf", "m", "mems", "mhz", "microphone", "min", "mm", "ms",
    "mv", "n", "nasal", "needle", "no", "nofilter", "none", "notch", "of", "off", "ohm", "on", "optical", "or", "oral",
    "order", "oximeter", "pads", "pass", "passive", "photo", "piezo", "plethysmograph", "plethysmography", "polarity",
    "position", "ppg", "pressure", "probe", "pulse", "r", "rc", "rectified", "red", "ref", "reference", "reflective", "resp",
    "respiration", "right", "rip", "s", "sampled", "sampling", "sec", "sensor", "sensors", "silver", "skin", "smoothed",
    "software", "sp", "spo", "strain", "surface", "temp", "temperature", "textile", "thermistor", "thermistors",
    "thermocouple", "thoracic", "thorax", "tilt", "tin", "to", "toe", "transducer", "transmission", "triode", "tube",
    "tympanic", "type", "u", "unfiltered", "unknown", "uv", "v", "velocity", "voltage", "wet", "with", "without", "wrist",
    "x", "y", "z",
};

bool kymo_is_standard_text(const char *text)
{
    const char *signal = strstr(text, "@@");
    size_t n = signal ? (size_t)(signal - text) : strlen(text);

    n = kymo_trim(&text, n);
    for (size_t i = 0; i < sizeof standard / sizeof *standard; i++)
        if (kymo_is_word(text, n, standard[i]))
            return true;
    return n == 0;
}

bool kymo_is_technical_word(const char *text, size_t n)
{
    for (size_t i = 0; i < sizeof technical / sizeof *technical; i++)
        if (kymo_is_word(text, n, technical[i]))
            return true;
    return false;
}

bool kymo_is_technical_text(const char *text)
{
    size_t words = 0, numbers = 0, n;

    for (; *text; text += n) {
        n = 1;
        if (kymo_is_letter(*text)) {
            for (n = 0; kymo_is_letter(text[n]);)
                n++;
            if (!kymo_is_technical_word(text, n))
                return false;
            words++;
        } else if (kymo_is_digit(*text)) {
            for (n = 0; kymo_is_digit(text[n]);)
                n++;
            if (n > LONGEST_NUMBER)
                return false;
            numbers++;
        } else if ((unsigned char)*text >= 0x80) {
            return false;
        }
    }
    return numbers == 0 || (words > 0 && numbers <= 3 * words);
}
