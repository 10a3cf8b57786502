/** The item page. */

import "./htmx.js";
import "./workbench.js";
