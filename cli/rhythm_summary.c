#include "cli/rhythm.h"
int rhythm_put_summary(const struct rhythm_record *r, struct kymo_output *out, enum kymo_table_form form, struct kymo_err *e){(void)r;(void)out;(void)form;(void)e;return 0;}
int rhythm_put_hours(const struct rhythm_record *r, struct kymo_output *out, enum kymo_table_form form, struct kymo_err *e){(void)r;(void)out;(void)form;(void)e;return 0;}
