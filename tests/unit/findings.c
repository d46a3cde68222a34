/* tests/unit/findings.c - see findings.h. */
#include "findings.h"

#include <stdio.h>

int keep_finding(void *findings, const struct kymo_finding *f, struct kymo_err *e)
{
    struct findings *const k = findings;

    (void)e;
    assert_true(k->n < COUNT_OF(k->f));
    k->f[k->n].offset = f->offset;
    k->f[k->n].severity = f->severity;
    snprintf(k->f[k->n].file, sizeof k->f->file, "%s", f->file);
    snprintf(k->f[k->n].field, sizeof k->f->field, "%s", f->field);
    kymo_show_bytes(f->value, f->n_value, k->f[k->n].value, sizeof k->f->value);
    snprintf(k->f[k->n].text, sizeof k->f->text, "%s", f->text);
    k->n++;
    return 0;
}

void show_findings(const struct findings *k)
{
    for (size_t i = 0; i < k->n; i++)
        print_message("%s:%lld %s \"%s\" %s: %s\n", k->f[i].file, (long long)k->f[i].offset, k->f[i].field, k->f[i].value,
                      kymo_severity_name(k->f[i].severity), k->f[i].text);
}
