/** What pages of the staff shell do besides: shortcuts and their list. */

import { connectKeys } from "./keys.js";

connectKeys();
