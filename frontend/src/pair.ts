/** The page of two items side by side. */

import "./htmx.js";
import "./pair/pair.js";
