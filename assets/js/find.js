// Finding words inside the document.

import { get } from "./http.js";
import { all, one } from "./nodes.js";

// A pause this long, in milliseconds, and what was typed so far is looked for.
const PAUSE = 250;

/**
 * Finds what is typed; `show(hits, now)` marks the places and goes to the one at
 * `now`, and `from()` tells the page to begin at.
 */
export function findIn(form, { id, version, from, show }) {
  const input = one("input", form);
  const count = one("[data-count]", form);
  const buttons = all("[data-hit]", form);
  let hits = [];
  let now = -1;
  let asked = "";
  let answer = { as_typed: true, more: false };
  let asking = null;
  let pause = 0;

  function say() {
    for (const button of buttons) button.disabled = hits.length < 2;
    form.classList.toggle("nowhere", asked !== "" && !hits.length);
    if (!asked) count.textContent = "";
    else if (!hits.length) count.textContent = "Not found";
    else count.textContent = `${now + 1} of ${hits.length}${answer.more ? "+" : ""}${answer.as_typed ? "" : ", in other forms"}`;
  }

  async function look() {
    clearTimeout(pause);
    const query = input.value.trim();
    if (query === asked) return;
    asked = query;
    asking?.abort();
    asking = new AbortController();
    if (!query) {
      hits = [];
      say();
      show(hits, -1);
      return;
    }
    const { signal } = asking;
    try {
      const given = await get(`/api/v1/documents/${id}/versions/${version}/find?q=${encodeURIComponent(query)}`, { signal });
      if (signal.aborted) return;
      answer = given;
      hits = answer.hits;
      const place = hits.findIndex((hit) => hit.page >= from());
      now = hits.length ? Math.max(place, 0) : -1;
      say();
      show(hits, now);
    } catch (error) {
      if (!signal.aborted) count.textContent = error.message;
    }
  }

  function step(by) {
    if (!hits.length) return;
    now = (now + by + hits.length) % hits.length;
    say();
    show(hits, now);
  }

  input.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(look, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      input.value = "";
      look();
      input.blur();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (input.value.trim() === asked) step(event.shiftKey ? -1 : 1);
      else look();
    }
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const button of buttons) button.addEventListener("click", () => step(Number(button.dataset.hit)));
  if (input.value) look();
}
