/* algorithms/polyline.c - see polyline.h. */
#include "algorithms/polyline.h"

#include <math.h>
#include <stdbool.h>

struct vector {
    double x, y;
};

static double length(struct vector a) { return sqrt(a.x * a.x + a.y * a.y); }

static double cross(struct vector a, struct vector b) { return a.x * b.y - a.y * b.x; }

/* Of directions from the point that stayed last: those from right to left, anticlockwise, pass by all points since. */
struct sector {
    bool bound;                   /* false: any direction does */
    struct vector right, left;
    double farthest;              /* of the points since */
};

static bool is_gap(const double *x, const double *y, size_t i) { return isnan(x[i]) || isnan(y[i]); }

/* Whether the line may end at a point that lies at p from the one that stayed. */
static bool reaches(const struct sector *s, struct vector p, double tolerance)
{
    return length(p) >= s->farthest - tolerance && (!s->bound || (cross(s->right, p) >= 0 && cross(p, s->left) >= 0));
}

/* From now on the line must pass by p too. */
static void pass_by(struct sector *s, struct vector p, double tolerance)
{
    const double distance = length(p);

    s->farthest = fmax(s->farthest, distance);
    if (distance <= tolerance)
        return;
    const double ahead = sqrt((distance - tolerance) * (distance + tolerance));
    const struct vector right = {p.x * ahead + p.y * tolerance, p.y * ahead - p.x * tolerance};
    const struct vector left = {p.x * ahead - p.y * tolerance, p.y * ahead + p.x * tolerance};
    if (!s->bound || cross(s->right, right) > 0)
        s->right = right;
    if (!s->bound || cross(s->left, left) < 0)
        s->left = left;
    s->bound = true;
}

size_t polyline_simplify(double *x, double *y, size_t n, double tolerance)
{
    struct sector s = {.farthest = 0};
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        const bool gap = is_gap(x, y, i), after_gap = kept == 0 || is_gap(x, y, kept - 1);
        if (gap && after_gap)
            continue;
        const bool last = gap || i + 1 == n || is_gap(x, y, i + 1);
        if (!gap && !after_gap && !last) {
            const struct vector here = {x[i] - x[kept - 1], y[i] - y[kept - 1]};
            const struct vector next = {x[i + 1] - x[kept - 1], y[i + 1] - y[kept - 1]};
            pass_by(&s, here, tolerance);
            if (reaches(&s, next, tolerance))
                continue;
        }
        x[kept] = x[i], y[kept++] = y[i];
        s = (struct sector){.farthest = 0};
    }
    return kept;
}
