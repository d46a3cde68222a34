/* algorithms/clones.h - see lib/clones.h. */
#include "lib/clones.h"
