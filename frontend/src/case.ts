/** The page of a case. */

import "./htmx.js";
import "./grid/grid.js";
import "./progress/progress.js";
