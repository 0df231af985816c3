/** The way to the server: the browser's secret, calls, files. localStorage holds the secret and nothing else. */

/**
 * @typedef {{api: string, live: string, brand: string, language: string, phone: string, want: string, about: string, case: string,
 *   tried: string[], message: string, limit: number, files: number, parent?: string, words: Record<string, string>}} Settings
 */

/** An answer that says no, with a code for us and words for people; status 0 when no answer came. */
export class Refusal extends Error {
  /** @param {number} status @param {string} code @param {string} message */
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Return a key by which the server knows the same message when it comes twice. */
export const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** @param {Settings} settings */
export function doorTo({ api, live, brand, language }) {
  const place = `heartline-visitor-${brand}`;
  let secret = "";
  try {
    secret = localStorage.getItem(place) ?? "";
  } catch {
    // storage is closed to us here: the secret lives as long as the page
  }

  /** @param {string} value */
  function keep(value) {
    secret = value;
    try {
      value ? localStorage.setItem(place, value) : localStorage.removeItem(place);
    } catch {
      // as above
    }
  }

  /** @param {Record<string, string>} [more] @returns {Record<string, string>} */
  const headers = (more) => ({ "Accept-Language": language, Accept: "application/json", ...(secret && { Authorization: `Bearer ${secret}` }), ...more });

  /** @param {string} path @param {RequestInit} request */
  const ask = (path, request) => fetch(path, { cache: "no-store", credentials: "omit", ...request }).catch(() => Promise.reject(new Refusal(0, "", "")));

  /** @param {Response} answer */
  async function read(answer) {
    if (answer.ok) return answer.status === 204 ? null : answer.json();
    const problem = await answer.json().catch(() => ({}));
    throw new Refusal(answer.status, problem.code ?? "", problem.detail ?? "");
  }

  return {
    known: () => secret !== "",
    forget: () => keep(""),
    get: async (path = "state") => read(await ask(api + path, { headers: headers(), signal: AbortSignal.timeout(15000) })),
    /** @param {string} path @param {object} [body] @returns {Promise<any>} */
    async post(path, body = {}) {
      const request = { method: "POST", headers: headers({ "Content-Type": "application/json" }), body: JSON.stringify(body) };
      return read(await ask(api + path, { ...request, signal: AbortSignal.timeout(20000) }));
    },
    /** Get a secret before the first message, so that a message whose answer was lost is not taken twice. */
    async knock() {
      if (!secret) keep((await this.post("visitor")).token);
    },
    /** @param {string} after @param {AbortSignal} signal */
    listen: (after, signal) => ask(`${live}?after=${after}`, { headers: headers({ Accept: "text/event-stream" }), signal }),
    /** @param {string} token */
    async file(token) {
      const answer = await ask(`${api}files/${token}`, { headers: headers() });
      if (!answer.ok) throw new Refusal(answer.status, "", "");
      return URL.createObjectURL(await answer.blob());
    },
    /** @param {File} file @param {(percent: number) => void} progress @returns {Promise<any>} */
    send: (file, progress) =>
      new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.open("POST", `${api}files`);
        for (const [name, value] of Object.entries(headers({ "Content-Type": "application/octet-stream", "X-File-Name": encodeURIComponent(file.name) }))) request.setRequestHeader(name, value);
        request.responseType = "json";
        request.upload.onprogress = (event) => progress(Math.round((100 * event.loaded) / (event.total || 1)));
        request.onerror = request.ontimeout = () => reject(new Refusal(0, "", ""));
        request.onload = () => {
          const said = request.response ?? {};
          request.status < 300 ? resolve(said) : reject(new Refusal(request.status, said.code ?? "", said.detail ?? ""));
        };
        request.send(file);
      }),
  };
}
