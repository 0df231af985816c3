/** Theme, density and letter keys: chosen by a person, kept in a cookie so that the server draws the next page right at once. */

const YEAR = 365 * 24 * 3600;
/** @type {Record<string, {values: string[], fallback: string}>} */
const LOOKS = {
  theme: { values: ["light", "dark"], fallback: "" },
  density: { values: ["comfortable", "compact"], fallback: "comfortable" },
  keys: { values: ["off"], fallback: "" },
};

/**
 * Choose a look for this browser; an empty value goes back to the default.
 * @param {"theme" | "density" | "keys"} look
 * @param {string} value
 */
export function choose(look, value) {
  const taken = LOOKS[look].values.includes(value) ? value : LOOKS[look].fallback;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `heartline_${look}=${taken}; Path=/; Max-Age=${taken ? YEAR : 0}; SameSite=Lax${secure}`;
  if (taken) document.documentElement.dataset[look] = taken;
  else delete document.documentElement.dataset[look];
}

/**
 * Return what is chosen now.
 * @param {"theme" | "density" | "keys"} look
 * @returns {string}
 */
export function chosen(look) {
  return document.documentElement.dataset[look] ?? "";
}

/** Connect the inputs marked data-look="theme|density|keys". */
export function connectLooks() {
  for (const input of document.querySelectorAll("input[data-look]")) {
    const box = /** @type {HTMLInputElement} */ (input);
    const look = /** @type {"theme" | "density" | "keys"} */ (box.dataset.look);
    if (box.type === "checkbox") box.checked = chosen(look) !== "off";
    else box.checked = chosen(look) === box.value;
    box.addEventListener("change", () => choose(look, box.type === "checkbox" ? (box.checked ? "" : "off") : box.value));
  }
}
