/** Follows a contact live: server-sent events over fetch, because an EventSource cannot carry the secret in a header. */

// the server says something every 15 s; this long without a word, and the line is dead
const SILENCE = 40000;
const SHORTEST = 800;
const LONGEST = 15000;

/**
 * @typedef {{change: (data: any) => void, signal: (data: any) => void, connected: (is: boolean) => void,
 *   anew: () => Promise<string | undefined>, gone: () => void}} Ears `anew` takes a new snapshot and returns its position.
 */

/**
 * Follow from a position until stopped. Every event after it is heard once, in order, however often the line breaks.
 * @param {(after: string, signal: AbortSignal) => Promise<Response>} listen
 * @param {string} position
 * @param {Ears} ears
 * @returns {() => void} stops
 */
export function follow(listen, position, ears) {
  let at = position;
  let over = false;
  let pause = SHORTEST;
  let line = new AbortController();
  let wake = () => {};
  const hurry = () => wake();
  addEventListener("online", hurry);

  /** @param {string} frame */
  async function hear(frame) {
    /** @type {Record<string, string>} */
    const field = {};
    for (const row of frame.split("\n")) field[row.slice(0, row.indexOf(":"))] = row.slice(row.indexOf(":") + 1).trim();
    if (field.event === "hello") {
      pause = SHORTEST;
      ears.connected(true);
    }
    if (field.id) at = field.id;
    if (field.event === "change") ears.change(JSON.parse(field.data));
    if (field.event === "signal") ears.signal(JSON.parse(field.data));
    if (field.event === "reset") at = (await ears.anew()) ?? at;
  }

  async function once() {
    line = new AbortController();
    let watch = 0;
    const alive = () => {
      clearTimeout(watch);
      watch = setTimeout(() => line.abort(), SILENCE);
    };
    try {
      alive();
      const answer = await listen(at, line.signal);
      if (answer.status === 401) {
        over = true;
        ears.gone();
      }
      if (!answer.ok || !answer.body) return;
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = ""; ; ) {
        const { done, value } = await reader.read();
        if (done || over) return;
        alive();
        const frames = (rest + value).split("\n\n");
        rest = frames.pop() ?? "";
        for (const frame of frames) await hear(frame);
      }
    } catch {
      // the line broke; it is taken up again below, at the position reached
    } finally {
      clearTimeout(watch);
      line.abort();
    }
  }

  (async () => {
    while (!over) {
      await once();
      if (over) break;
      const lost = setTimeout(() => ears.connected(false), pause > SHORTEST ? 0 : 2000);
      await new Promise((resolve) => {
        wake = () => resolve(undefined);
        setTimeout(resolve, pause * (0.75 + Math.random() / 2));
      });
      clearTimeout(lost);
      if (pause > SHORTEST && !over) ears.connected(false);
      pause = Math.min(pause * 2, LONGEST);
    }
  })();

  return () => {
    over = true;
    removeEventListener("online", hurry);
    line.abort();
    wake();
  };
}
