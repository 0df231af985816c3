/** Taking a waiting contact by hand: who has their hands full is told why; who may go over that is asked whether they mean it. */

import { HttpError } from "../ui/http.js";
import { ask } from "./dialogs.js";

/** @param {import("./store.js").DeskStore} store @param {number} id @returns {Promise<boolean>} whether it is theirs */
export async function takeIt(store, id) {
  try {
    await store.post(`contacts/${id}/take`);
    return true;
  } catch (error) {
    if (!(error instanceof HttpError) || error.code !== "at_capacity" || !error.fields.over) throw error;
    return ask({ heading: error.fields.over, words: error.message, fields: [], act: error.fields.over, send: () => store.post(`contacts/${id}/take`, { over: true }) });
  }
}
