/* cli/chart_clusters.h - the shapes that beats of a recording have: the mean of each group, in one or two leads. */
#ifndef KYMO_CLI_CHART_CLUSTERS_H
#define KYMO_CLI_CHART_CLUSTERS_H

#include "cli/chart_ecg.h"

enum { CLUSTER_LEADS = 2 };

struct chart_cluster {
    char name[80];                /* which, what, how many */
    struct chart_curve lead[CLUSTER_LEADS];   /* in mV, times from the beat */
};

struct chart_clusters {
    const struct chart_cluster *cluster;
    size_t n, n_leads;
    double from_s, length_s;      /* of each picture */
    struct ecg_scale scale;
};

/* Halves the scale of amplitude until every shape fits. */
void chart_clusters_fit(struct chart_clusters *c);

/* How many lie side by side in a width, and how high each is. */
size_t chart_clusters_across(const struct chart_clusters *c, double width_mm);
double chart_clusters_each_mm(void);

/* Of all, so many side by side. */
void chart_clusters(struct kymo_draw *d, double x, double y, size_t across, const struct chart_clusters *c);

#endif
