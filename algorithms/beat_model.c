#include "algorithms/beatclass_trees.h"
const struct beatclass_model beatclass_model = {{NULL}, {0}};
