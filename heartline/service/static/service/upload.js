/** Sends a file with its progress, which fetch does not tell. */

import { csrfToken, HttpError, newKey } from "../ui/http.js";
import { word } from "../ui/words.js";

const TIME_LIMIT = 180_000;

/**
 * Send a file; resolves with the answer's JSON. Aborting the signal gives it up.
 * @param {string} address
 * @param {File} file
 * @param {{progress: (share: number) => void, signal: AbortSignal}} options
 * @returns {Promise<any>}
 */
export function upload(address, file, { progress, signal }) {
  const body = new FormData();
  body.append("file", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.responseType = "json";
    request.timeout = TIME_LIMIT;
    for (const [name, value] of [["Accept", "application/json"], ["X-CSRFToken", csrfToken()], ["Idempotency-Key", newKey()]]) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total));
    request.addEventListener("load", () => (request.status < 300 ? resolve(request.response) : reject(refusal(request))));
    for (const name of ["error", "timeout"]) request.addEventListener(name, () => reject(new HttpError(0, name, word(name === "timeout" ? "too_slow" : "no_connection"))));
    request.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
    signal.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

/** @param {XMLHttpRequest} request */
function refusal({ status, response }) {
  const fields = response?.fields ?? {};
  return new HttpError(status, response?.code ?? "", fields.file || response?.detail || word("server_error"), fields);
}
