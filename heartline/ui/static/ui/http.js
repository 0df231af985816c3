/**
 * Talks to our own server: CSRF header, problem documents as errors, a time limit, and an idempotency key that stays the
 * same over retries, so that what was sent twice is done once.
 */

import { word } from "./words.js";

const TIME_LIMIT = 15000;
const PAUSES = [400, 1500];

/** A refusal or a failure, with words for people and a code for programs. */
export class HttpError extends Error {
  /**
   * @param {number} status 0 when no answer came
   * @param {string} code
   * @param {string} message
   * @param {Record<string, string>} [fields]
   */
  constructor(status, code, message, fields = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.fields = fields;
  }

  /** Whether sending the same again may succeed. */
  get passing() {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

/** Return a new idempotency key; keep it with what it belongs to, so that a retry after a reload is still the same. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What proves to our server that a request is the page’s own. @returns {string} */
export function csrfToken() {
  const field = /** @type {HTMLInputElement | null} */ (document.querySelector("input[name=csrfmiddlewaretoken]"));
  const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  return field?.value ?? cookie?.[1] ?? "";
}

/**
 * Fetch JSON.
 * @param {string} address
 * @param {{timeout?: number, signal?: AbortSignal}} [options]
 * @returns {Promise<any>}
 */
export function get(address, options = {}) {
  return once(address, { method: "GET", headers: { Accept: "application/json" } }, options);
}

/**
 * Send JSON or a FormData and return the answer's JSON. Tries again with the same key when no answer came.
 * @param {string} address
 * @param {unknown} [body]
 * @param {{method?: string, key?: string, timeout?: number, retries?: number, signal?: AbortSignal}} [options]
 * @returns {Promise<any>}
 */
export async function send(address, body, options = {}) {
  const form = body instanceof FormData;
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken(), "Idempotency-Key": options.key ?? newKey() };
  if (!form && body !== undefined) headers["Content-Type"] = "application/json";
  /** @type {RequestInit} */
  const request = { method: options.method ?? "POST", headers, body: form ? body : body === undefined ? undefined : JSON.stringify(body) };
  const pauses = PAUSES.slice(0, options.retries ?? PAUSES.length);
  for (;;) {
    try {
      return await once(address, request, options);
    } catch (error) {
      const pause = error instanceof HttpError && error.passing && !options.signal?.aborted ? pauses.shift() : undefined;
      if (pause === undefined) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/**
 * @param {string} address
 * @param {RequestInit} request
 * @param {{timeout?: number, signal?: AbortSignal}} options
 */
async function once(address, request, { timeout = TIME_LIMIT, signal }) {
  const limit = AbortSignal.timeout(timeout);
  let response;
  try {
    response = await fetch(address, { ...request, credentials: "same-origin", signal: signal ? AbortSignal.any([signal, limit]) : limit });
  } catch {
    throw new HttpError(0, limit.aborted ? "too_slow" : "no_connection", word(limit.aborted ? "too_slow" : "no_connection"));
  }
  if (response.ok) return response.status === 204 ? null : response.json();
  throw await refusal(response);
}

/** @param {Response} response */
async function refusal(response) {
  const problem = response.headers.get("Content-Type")?.includes("json") ? await response.json().catch(() => ({})) : {};
  const fallback = response.status === 401 ? word("signed_out") : word("server_error");
  const detail = typeof problem.detail === "string" ? problem.detail : "";
  return new HttpError(response.status, problem.code ?? "", detail || fallback, problem.fields ?? {});
}
