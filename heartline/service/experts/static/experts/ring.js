/** Two notes, and a notification where the reader has allowed it: once in whatever tab. */

const TUNE = [[523, 0], [784, 0.14]];
const TOLD = "heartline-question";

/** @param {string} text @param {string} tag @param {() => void} act */
export function ring(text, tag, act) {
  if (localStorage.getItem(TOLD) === tag) return;
  localStorage.setItem(TOLD, tag);
  sound();
  if (!("Notification" in globalThis) || Notification.permission !== "granted" || document.hasFocus()) return;
  const shown = new Notification("Heartline", { body: text, tag, lang: document.documentElement.lang });
  shown.addEventListener("click", () => (window.focus(), shown.close(), act()));
}

function sound() {
  try {
    const context = new AudioContext();
    for (const [pitch, after] of TUNE) {
      const tone = context.createOscillator();
      const loudness = context.createGain();
      tone.frequency.value = pitch;
      loudness.gain.setValueAtTime(0.12, context.currentTime + after);
      loudness.gain.exponentialRampToValueAtTime(0.001, context.currentTime + after + 0.3);
      tone.connect(loudness).connect(context.destination);
      tone.start(context.currentTime + after);
      tone.stop(context.currentTime + after + 0.32);
    }
    setTimeout(() => void context.close(), 1000);
  } catch {
    // a telephone without sound, or one that nobody has touched yet
  }
}
