// What every page has: keyboard shortcuts, menus that close, forms that ask first.

import { all, one } from "./nodes.js";

const PLACES = { h: "/", c: "/cases", a: "/assistant" };
const typing = (node) => Boolean(node.closest?.("input, textarea, select, [contenteditable]"));
let going = false;

addEventListener("keydown", (event) => {
  if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (going) {
    going = false;
    const link = one(`.nav a[href="${PLACES[event.key]}"]`);
    if (link) location.assign(link.href);
    return;
  }
  if (event.key === "g") going = true;
  else if (event.key === "/") focusSearch(event);
  else if (event.key === "?") one("#shortcuts")?.showModal();
  else if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
  else if (event.key === "Escape") for (const menu of all("[data-menu][open]")) menu.open = false;
});

/** The search of the page, or the one in the bar. */
function focusSearch(event) {
  const search = one("main [data-search]") ?? one("[data-search]");
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
}

/** Moves among search results. */
function step(by) {
  const results = all("[data-result]");
  if (!results.length) return;
  const now = results.indexOf(document.activeElement);
  results[Math.min(Math.max(now + by, 0), results.length - 1)].focus();
}

addEventListener("click", (event) => {
  for (const menu of all("[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
});

addEventListener("submit", (event) => {
  const words = event.target.dataset.confirm;
  if (words && !confirm(words)) event.preventDefault();
});

for (const button of all("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

const target = location.hash && document.getElementById(location.hash.slice(1));
if (target instanceof HTMLDetailsElement) target.open = true;

// On a narrow screen the tab one is on may lie beyond the edge of its row.
for (const tab of all(".tabs [aria-current]")) {
  const row = tab.parentElement;
  row.scrollLeft = tab.offsetLeft + tab.offsetWidth / 2 - row.clientWidth / 2;
}
