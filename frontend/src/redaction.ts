/** The page of a masked copy. */

import "./htmx.js";
import "./redaction/bench.js";
