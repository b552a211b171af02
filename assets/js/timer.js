// The time a timer runs, counted on while its page is open.

import { all } from "./nodes.js";

const begun = performance.now();

/** Seconds as `1:05:09`. */
function words(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** Shows how long each timer has run by now. */
function count() {
  const since = Math.floor((performance.now() - begun) / 1000);
  for (const shown of all("[data-timer]")) {
    shown.textContent = words(Number(shown.dataset.timer) + since);
  }
}

if (all("[data-timer]").length) {
  count();
  setInterval(count, 1000);
}
