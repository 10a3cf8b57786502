/** The upload page. */

import "./htmx.js";
import "./upload/upload.js";
