/* formats/hdf5_check_attributes.c - the attributes of an object against the rules of its kind; see hdf5_check.h. */
#include "formats/hdf5_check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *h5_show_number(double x, char *text, size_t cap)
{
    snprintf(text, cap, "%.17g", x);
    return text;
}

static void check_range(struct h5_checker *k, struct h5_place at, const struct h5_rule *rule, struct h5_got *got)
{
    char value[40];

    if (got->x >= rule->least && got->x <= rule->most && (rule->form != H5_RULE_NUMBER || isfinite(got->x)))
        return;
    got->there = false;
    if (rule->least == rule->most)
        h5_found(k, KYMO_ERROR, at, h5_show_number(got->x, value, sizeof value), "not %.10g", rule->least);
    else if (isinf(rule->most))
        h5_found(k, KYMO_ERROR, at, h5_show_number(got->x, value, sizeof value), "not a number%s",
                 rule->least == 0 ? " of 0 or more" : "");
    else
        h5_found(k, KYMO_ERROR, at, h5_show_number(got->x, value, sizeof value), "not %.19g to %.19g", rule->least, rule->most);
}

static int read_attribute(hid_t object, const struct h5_rule *rule, struct h5_got *got, struct kymo_err *why)
{
    int rc;

    if (rule->form == H5_RULE_NUMBER)
        return h5_get_real(object, rule->name, &got->x, why);
    if (rule->form == H5_RULE_INTEGER) {
        rc = h5_get_int(object, rule->name, &got->i, why);
        got->x = (double)got->i;
        return rc;
    }
    struct kymo_header h;
    const char *text = "";
    kymo_header_init(&h);
    rc = h5_get_text(object, rule->name, &text, &h, why);
    snprintf(got->text, sizeof got->text, "%s", text);
    kymo_header_release(&h);
    return rc;
}

static void check_attribute(struct h5_checker *k, hid_t object, struct h5_place place, const struct h5_rule *rule,
                            struct h5_got *got)
{
    const struct h5_place at = h5_attribute_of(place, rule->name);
    struct kymo_err why = {0};

    *got = (struct h5_got){.there = H5Aexists(object, rule->name) > 0};
    if (!got->there) {
        if (rule->needed)
            h5_found(k, KYMO_ERROR, at, "", "missing");
        return;
    }
    if (read_attribute(object, rule, got, &why) < 0) {
        got->there = false;
        h5_found(k, KYMO_ERROR, at, "", "%s", why.cause[0].msg);
    } else if (rule->form != H5_RULE_TEXT) {
        check_range(k, at, rule, got);
    }
}

struct others {
    struct h5_checker *k;
    struct h5_place place;
    const struct h5_rule *rule;
    size_t n_rules;
};

static herr_t check_known(hid_t object, const char *name, const H5A_info_t *info, void *to)
{
    const struct others *o = to;
    size_t i = 0;

    (void)object;
    (void)info;
    while (i < o->n_rules && strcmp(name, o->rule[i].name) != 0)
        i++;
    if (i == o->n_rules)
        h5_found(o->k, KYMO_NOTE, h5_attribute_of(o->place, name), "", "not of this layout: not read");
    return o->k->rc < 0 ? -1 : 0;
}

bool h5_check_attributes(struct h5_checker *k, hid_t object, struct h5_place place, const struct h5_rule *rule, size_t n,
                             struct h5_got *got)
{
    struct others others = {k, place, rule, n};
    char words[200];

    if (object < 0 || H5Aexists(object, rule->name) < 0) {
        h5_words(words, sizeof words);
        h5_found(k, KYMO_ERROR, place, "", "its attributes cannot be read: %s", words);
        return false;
    }
    for (size_t i = 0; i < n; i++)
        check_attribute(k, object, place, &rule[i], &got[i]);
    H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, check_known, &others);
    return true;
}
