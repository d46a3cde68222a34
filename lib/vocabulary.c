/* lib/vocabulary.c - see vocabulary.h. */
#include "lib/vocabulary.h"

#include <stdio.h>
#include <string.h>

enum { MARK, BEAT, NORMAL };

static const struct {
    const char *name;
    int means;
} codes[] = {
    [1] = {"N", NORMAL}, [2] = {"L", NORMAL}, [3] = {"R", NORMAL}, [4] = {"a", BEAT}, [5] = {"V", BEAT},
    [6] = {"F", BEAT}, [7] = {"J", BEAT}, [8] = {"A", BEAT}, [9] = {"S", BEAT}, [10] = {"E", BEAT},
    [11] = {"j", BEAT}, [12] = {"/", BEAT}, [13] = {"Q", BEAT}, [14] = {"~", MARK}, [16] = {"|", MARK},
    [18] = {"s", MARK}, [19] = {"T", MARK}, [20] = {"*", MARK}, [21] = {"D", MARK}, [KYMO_NOTE_CODE] = {KYMO_NOTE_TYPE, MARK},
    [23] = {"=", MARK}, [24] = {"p", MARK}, [25] = {"B", NORMAL}, [26] = {"^", MARK}, [27] = {"t", MARK},
    [28] = {"+", MARK}, [29] = {"u", MARK}, [30] = {"?", BEAT}, [31] = {"!", MARK}, [32] = {"[", MARK},
    [33] = {"]", MARK}, [34] = {"e", BEAT}, [35] = {"n", BEAT}, [36] = {"@", MARK}, [37] = {"x", MARK},
    [38] = {"f", BEAT}, [39] = {"(", MARK}, [40] = {")", MARK}, [41] = {"r", BEAT},
};

#define N_CODES ((int)(sizeof codes / sizeof *codes))

const char *kymo_code_name(int code, char text[8])
{
    if (code >= 0 && code < N_CODES && codes[code].name)
        return codes[code].name;
    snprintf(text, 8, "[%d]", code & 63);
    return text;
}

int kymo_code_of(const char *type)
{
    int code, used = 0;

    if (strcmp(type, "\"") == 0)
        return KYMO_NOTE_CODE;
    for (int i = 0; i < N_CODES; i++)
        if (codes[i].name && strcmp(codes[i].name, type) == 0)
            return i;
    if (sscanf(type, "[%2d]%n", &code, &used) == 1 && used > 0 && !type[used] && code >= 0 && code <= KYMO_LAST_CODE)
        return code;
    return -1;
}

static int means(const char *type)
{
    const int code = kymo_code_of(type);

    return code >= 0 && code < N_CODES ? codes[code].means : MARK;
}

bool kymo_is_break(const char *type)
{
    return strcmp(type, "gap") == 0 || strcmp(type, "[") == 0 || strcmp(type, "]") == 0 || strcmp(type, "!") == 0;
}

bool kymo_is_beat(const char *type) { return means(type) != MARK; }
bool kymo_is_normal_beat(const char *type) { return means(type) == NORMAL; }
