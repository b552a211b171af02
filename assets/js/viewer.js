// The document viewer: finds its way to the cited passage, and around.

import { drawers, tabs } from "./drawers.js";
import { findIn } from "./find.js";
import { keyboard } from "./keys.js";
import { copyFrom } from "./layer.js";
import { offerLink } from "./linking.js";
import { flash } from "./marks.js";
import { listNames } from "./names.js";
import { all, one } from "./nodes.js";
import { takeOver } from "./reading.js";
import { Sheet } from "./sheet.js";
import { zoomable } from "./zoom.js";

const viewer = one("[data-viewer]");
const { document: id, version } = viewer.dataset;
const resolutions = viewer.dataset.resolutions.split(" ").map(Number);
const sheets = all("[data-page]", one("[data-sheets]", viewer)).map((node) => new Sheet(node, { id, version, resolutions }));
const byNode = new Map(sheets.map((sheet) => [sheet.node, sheet]));
const byNumber = new Map(sheets.map((sheet) => [sheet.number, sheet]));
const frame = one("[data-sheets]", viewer);
const input = one("#page-number");
let current = Number(viewer.dataset.page);
/** What is marked: the cited span or a chosen name; what was looked for. */
let spot = null;
let hits = [];
let hit = null;

const sheetOf = (number) => byNumber.get(number);
const say = (text) => (one("[data-said]", viewer).textContent = text);

/** The spans marked on a page, the most important first. */
function spansOf(number) {
  const found = hits.filter((place) => place.page === number);
  const rest = found.filter((place) => place !== hit).map((place) => ({ ...place, kind: "hit" }));
  const first = hit?.page === number ? [{ ...hit, kind: "hit now" }] : [];
  const cited = spot?.page === number ? [{ ...spot, kind: "cited" }] : [];
  return [...first, ...cited, ...rest];
}

/** Marks a page again and brings its first mark into view when it is wanted. */
async function mark(number, wanted = false) {
  const sheet = sheetOf(number);
  if (!sheet) return [];
  const marks = await sheet.paint(spansOf(number));
  if (wanted && marks.length) flash(marks);
  return marks;
}

/** Marks what is cited or named, and goes there. */
async function showSpot(place) {
  const before = spot?.page;
  hit = null;
  spot = place;
  if (before && before !== place.page) mark(before).catch(() => {});
  const sheet = sheetOf(place.page);
  if (!sheet) return;
  sheet.node.scrollIntoView({ block: "start" });
  try {
    if ((await mark(place.page, true)).length) {
      say(`The passage is marked on page ${place.page}.`);
    } else if (sheet.hasImage && !sheet.asText) {
      await sheet.showText(true);
      await mark(place.page, true);
      say("The passage cannot be placed on the page image, so the page's text is shown.");
    }
  } catch (error) {
    say(error.message);
  }
}

/** Marks what was found and goes to the place at `now`. */
async function showHits(found, now) {
  const touched = new Set([...hits, ...found].map((place) => place.page));
  hits = found;
  const last = hit?.page;
  hit = found[now] ?? null;
  if (hit) {
    const sheet = sheetOf(hit.page);
    if (current !== hit.page) sheet?.node.scrollIntoView({ block: "start" });
    await mark(hit.page, true).catch((error) => say(error.message));
  }
  for (const number of touched) {
    const near = sheetOf(number)?.node.dataset.near !== undefined;
    if (number !== hit?.page && (near || number === last)) mark(number).catch(() => {});
  }
}

function go(number) {
  const sheet = sheetOf(Math.min(Math.max(number, 1), sheets.length));
  sheet?.node.scrollIntoView({ block: "start" });
}

function at(number) {
  current = number;
  if (document.activeElement !== input) input.value = number;
  for (const link of all("[data-to][aria-current]", viewer)) link.removeAttribute("aria-current");
  const now = all(`.pages [data-to="${number}"], .lines [data-to="${number}"]`, viewer);
  for (const link of now) {
    link.setAttribute("aria-current", "true");
    keepInView(link);
  }
}

/** Scrolls a drawer, and nothing else, so that a link in it is seen. */
function keepInView(link) {
  const drawer = link.closest("[data-drawer]");
  if (!drawer || drawer.hidden || !link.offsetParent) return;
  const [inner, outer] = [link.getBoundingClientRect(), drawer.getBoundingClientRect()];
  if (inner.top < outer.top + 48) drawer.scrollTop += inner.top - outer.top - 48;
  else if (inner.bottom > outer.bottom) drawer.scrollTop += inner.bottom - outer.bottom + 8;
}

async function toggleText() {
  const button = one("[data-text-toggle]", viewer);
  if (!button) return;
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(on));
  const here = current;
  for (const sheet of sheets) if (sheet.hasImage && sheet.number !== here) {
    sheet.asText = on;
    one(".paper", sheet.node).hidden = on;
    one("[data-text]", sheet.node).hidden = !on;
  }
  await sheetOf(here)?.showText(on);
  go(here);
}

const near = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    const sheet = byNode.get(target);
    if (!isIntersecting) {
      delete target.dataset.near;
    } else {
      target.dataset.near = "";
      sheet.come().then(() => spansOf(sheet.number).length && mark(sheet.number)).catch(() => {});
    }
  }
}, { rootMargin: "60% 0px" });

const middle = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) if (isIntersecting) at(byNode.get(target).number);
}, { rootMargin: "-40% 0px -55% 0px" });

/** Draws the pages in view anew, where they have become larger. */
function sharpen() {
  for (const sheet of sheets) if (sheet.node.dataset.near !== undefined) sheet.sharpen();
}

for (const { node } of sheets) {
  near.observe(node);
  middle.observe(node);
}

/** Changes the pages' size and keeps what is in the middle of the screen there. */
const resize = zoomable(viewer, (change) => {
  const node = sheetOf(current)?.node;
  const share = node && (innerHeight / 2 - node.getBoundingClientRect().top) / node.clientHeight;
  change();
  if (node) scrollBy({ top: node.getBoundingClientRect().top + share * node.clientHeight - innerHeight / 2, behavior: "instant" });
  frame.scrollLeft = (frame.scrollWidth - frame.clientWidth) / 2;
  sharpen();
});
const side = drawers(viewer, sharpen);
let listed = false;
const choose = new Map(all("[data-tabs]", viewer).map((list) => [list.dataset.tabs, tabs(list, (panel) => {
  if (panel !== "names" || listed) return;
  listed = true;
  const node = one("[data-names]", viewer);
  if (sheets.length) listNames(node, { id, version, show: showPlace });
  else one(".none", node).textContent = "Citations, sections and numbers are listed here when the document has been read.";
})]));

function showPlace(place) {
  side.clear();
  showSpot(place);
}

/** Moves across a page wider than the screen, or to the next page. */
function across(by) {
  if (frame.scrollWidth > frame.clientWidth + 1) frame.scrollBy({ left: by * 80 });
  else go(current + by);
}

keyboard({
  page: input,
  find: one("[data-find] input", viewer),
  actions: {
    j: () => go(current + 1), n: () => go(current + 1), ArrowRight: () => across(1),
    k: () => go(current - 1), p: () => go(current - 1), ArrowLeft: () => across(-1),
    t: toggleText, "+": () => resize(1), "=": () => resize(1), "-": () => resize(-1), 0: () => resize(0),
  },
});

one("[data-goto]", viewer).addEventListener("submit", (event) => {
  event.preventDefault();
  go(Number(input.value));
  input.blur();
});
input.addEventListener("change", () => go(Number(input.value)));
for (const button of all("[data-step]", viewer)) button.addEventListener("click", () => go(current + Number(button.dataset.step)));
for (const link of all("[data-to]", viewer)) link.addEventListener("click", () => side.clear());
for (const link of all("[data-show]", viewer)) link.addEventListener("click", () => {
  side.open("side");
  choose.get("side")(link.dataset.show);
});
one("[data-text-toggle]", viewer)?.addEventListener("click", toggleText);
addEventListener("resize", sharpen);
copyFrom(viewer);
offerLink(viewer);
takeOver(viewer, {
  sheetOf,
  again: (number) => {
    sheetOf(number)?.forget();
    sheetOf(number)?.come().catch((error) => say(error.message));
  },
});

at(current);
if (viewer.dataset.linked === "true") {
  const { start, end } = viewer.dataset;
  if (start === undefined) go(current);
  else showSpot({ page: current, start: Number(start), end: Number(end) });
}
findIn(one("[data-find]", viewer), { id, version, from: () => current, show: showHits });
