/** What every page of ours does by itself. */

import { connectFloats } from "./dialog.js";
import { connectForms } from "./form.js";
import { connectLooks } from "./theme.js";
import { keepFresh } from "./time.js";

connectLooks();
connectFloats();
connectForms();
keepFresh();
