/** Every page that needs nothing more than htmx. */

import "./htmx.js";
