/**
 * Passkeys: a form marked data-passkey="get" or "create" asks the browser for one and sends it in its hidden field.
 * The options come with the page (data-options: id of a JSON block) or are fetched when they are needed (data-options-from).
 */

/** @param {string} text base64url */
function bytes(text) {
  const padded = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(padded), (character) => character.charCodeAt(0)).buffer;
}

/** @param {ArrayBuffer | null | undefined} buffer */
function base64url(buffer) {
  if (!buffer) return undefined;
  const text = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** @param {any} list */
function credentials(list) {
  return (list ?? []).map((/** @type {any} */ one) => ({ ...one, id: bytes(one.id) }));
}

/**
 * Ask for a passkey that is known, to sign in.
 * @param {any} options
 */
function getKey(options) {
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: credentials(options.allowCredentials) };
  return navigator.credentials.get({ publicKey });
}

/**
 * Ask for a new passkey.
 * @param {any} options
 * @param {boolean} alone whether it shall sign in without a password
 */
function createKey(options, alone) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: credentials(options.excludeCredentials),
    authenticatorSelection: {
      ...options.authenticatorSelection,
      residentKey: alone ? "required" : "discouraged",
      requireResidentKey: alone,
      ...(alone ? { userVerification: "required" } : {}),
    },
  };
  return navigator.credentials.create({ publicKey });
}

/**
 * Return a credential as the server reads it.
 * @param {any} key a PublicKeyCredential
 */
function asJson(key) {
  const { response } = key;
  const parts = {
    clientDataJSON: base64url(response.clientDataJSON),
    attestationObject: base64url(response.attestationObject),
    authenticatorData: base64url(response.authenticatorData),
    signature: base64url(response.signature),
    userHandle: base64url(response.userHandle),
    transports: response.getTransports?.(),
  };
  return {
    id: key.id,
    rawId: base64url(key.rawId),
    type: key.type,
    authenticatorAttachment: key.authenticatorAttachment ?? undefined,
    clientExtensionResults: key.getClientExtensionResults(),
    response: parts,
  };
}

/** @param {HTMLFormElement} form */
async function optionsOf(form) {
  const { options, optionsFrom } = form.dataset;
  if (options) return JSON.parse(document.getElementById(options)?.textContent || "{}");
  const answer = await fetch(optionsFrom ?? "", { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return (await answer.json()).request_options;
}

/**
 * Say in words why there is no passkey.
 * @param {HTMLFormElement} form
 * @param {unknown} error
 */
function tell(form, error) {
  const box = /** @type {HTMLElement | null} */ (form.querySelector("[data-passkey-error]"));
  const words = /** @type {HTMLElement | null} */ (form.querySelector("[data-passkey-words]"))?.dataset;
  const place = box?.querySelector("span:last-child");
  if (!box || !words || !place) return;
  const name = error instanceof DOMException ? error.name : "";
  const known = form.dataset.passkey === "create" ? words.known : words.unknown;
  place.textContent = { NotAllowedError: words.givenUp, AbortError: words.givenUp, InvalidStateError: known, NotSupportedError: words.unsupported, SecurityError: words.unsupported }[name] ?? words.failed ?? "";
  box.hidden = false;
}

/** @param {SubmitEvent} event */
async function onSubmit(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  event.preventDefault();
  const button = /** @type {HTMLElement | null} */ (event.submitter);
  if (button?.getAttribute("aria-busy") === "true") return;
  button?.setAttribute("aria-busy", "true");
  form.querySelector("[data-passkey-error]")?.setAttribute("hidden", "");
  try {
    if (!window.PublicKeyCredential) throw new DOMException("", "NotSupportedError");
    const { publicKey } = await optionsOf(form);
    const alone = /** @type {HTMLInputElement | null} */ (form.querySelector("[data-passwordless]"))?.checked ?? false;
    const key = form.dataset.passkey === "create" ? await createKey(publicKey, alone) : await getKey(publicKey);
    /** @type {HTMLInputElement} */ (form.elements.namedItem("credential")).value = JSON.stringify(asJson(key));
    form.submit();
  } catch (error) {
    tell(form, error);
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) form.addEventListener("submit", (event) => void onSubmit(/** @type {SubmitEvent} */ (event)));
