// Applies the events of every case given on standard input with the browser's own apply.js; prints the results.
import { apply, applyCase, onDay } from "../static/service/apply.js";

let text = "";
for await (const part of process.stdin) text += part;
const results = JSON.parse(text).map(({ view, before, events, day_start: dayStart }) => {
  const after = events.reduce(view === "case" ? applyCase : apply, before);
  return dayStart ? onDay(after, dayStart) : after;
});
process.stdout.write(JSON.stringify(results));
