// The document viewer: finds its way to the cited passage and marks it.

import { drawMarks, flash, loadPage, markText } from "./marks.js";
import { all, one } from "./nodes.js";

const viewer = one("[data-viewer]");
const { document: id, version, marks: query } = viewer.dataset;
const sheets = all("[data-page]", one("[data-sheets]", viewer));
const input = one("#page-number");
const SIZES = 5;
let current = Number(viewer.dataset.page);
let asText = false;

const sheetOf = (number) => sheets.find((sheet) => Number(sheet.dataset.page) === number);
const say = (text) => (one("[data-said]", viewer).textContent = text);

/** Loads a page's text, once; `marks` asks for the target's span. */
async function loadText(sheet) {
  const node = one("[data-text]", sheet);
  if ("loaded" in node.dataset) return;
  node.dataset.loaded = "";
  const number = Number(sheet.dataset.page);
  const target = number === Number(viewer.dataset.page) ? query : "";
  try {
    const page = await loadPage(id, version, number, target);
    markText(node, page.text || "There is no text on this page.", ...spanOf(page, target));
  } catch (error) {
    delete node.dataset.loaded;
    node.textContent = error.message;
  }
}

function spanOf(page, target) {
  const asked = new URLSearchParams(target);
  return [page.start ?? Number(asked.get("start") ?? 0), page.end ?? Number(asked.get("end") ?? 0)];
}

/** Goes to the page the link names and marks the passage there. */
async function findTarget() {
  const sheet = sheetOf(current);
  if (!sheet || viewer.dataset.linked !== "true") return;
  sheet.scrollIntoView({ block: "start" });
  if (!query) return;
  if (sheet.dataset.image !== "true") {
    await loadText(sheet);
    flash(all(".cited", sheet));
    return;
  }
  try {
    const page = await loadPage(id, version, current, query);
    const boxes = drawMarks(one(".marks", sheet), page);
    if (boxes.length) {
      flash(boxes);
      say(`The passage is marked on page ${current}.`);
    } else {
      await showText(sheet);
      flash(all(".cited", sheet));
      say("The passage cannot be placed on the page image, so the page's text is shown.");
    }
  } catch (error) {
    say(error.message);
  }
}

async function showText(sheet, on = true) {
  const paper = one(".paper", sheet);
  if (!paper) return;
  paper.hidden = on;
  one("[data-text]", sheet).hidden = !on;
  if (on) await loadText(sheet);
}

function go(number) {
  const sheet = sheetOf(Math.min(Math.max(number, 1), sheets.length));
  sheet?.scrollIntoView({ block: "start" });
}

function at(number) {
  current = number;
  if (document.activeElement !== input) input.value = number;
  one(".pages [aria-current]", viewer)?.removeAttribute("aria-current");
  one(`.pages a[href="#page-${number}"]`, viewer)?.setAttribute("aria-current", "true");
}

function toggleText() {
  const button = one("[data-text-toggle]", viewer);
  if (!button) return;
  asText = !asText;
  button.setAttribute("aria-pressed", String(asText));
  const here = sheetOf(current);
  for (const sheet of sheets) {
    const paper = one(".paper", sheet);
    if (!paper) continue;
    paper.hidden = asText;
    one("[data-text]", sheet).hidden = !asText;
  }
  loadText(here);
  here.scrollIntoView({ block: "start" });
}

function zoom(by) {
  const size = Math.min(Math.max(Number(localStorage.getItem("zoom") ?? 2) + by, 0), SIZES - 1);
  localStorage.setItem("zoom", size);
  for (let other = 0; other < SIZES; other += 1) viewer.classList.toggle(`zoom-${other}`, other === size);
  if (by) sheetOf(current)?.scrollIntoView({ block: "start" });
}

const near = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting && (asText || target.dataset.image !== "true")) loadText(target);
  }
}, { rootMargin: "100% 0px" });

const middle = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) if (isIntersecting) at(Number(target.dataset.page));
}, { rootMargin: "-40% 0px -55% 0px" });

for (const sheet of sheets) {
  near.observe(sheet);
  middle.observe(sheet);
  one(".paper img", sheet)?.addEventListener("error", () => showText(sheet));
}

const KEYS = {
  j: () => go(current + 1), n: () => go(current + 1), ArrowRight: () => go(current + 1),
  k: () => go(current - 1), p: () => go(current - 1), ArrowLeft: () => go(current - 1),
  t: toggleText, "+": () => zoom(1), "=": () => zoom(1), "-": () => zoom(-1),
};

addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select, dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

one("[data-goto]", viewer).addEventListener("submit", (event) => {
  event.preventDefault();
  go(Number(input.value));
  input.blur();
});
input.addEventListener("change", () => go(Number(input.value)));
for (const button of all("[data-step]", viewer)) button.addEventListener("click", () => go(current + Number(button.dataset.step)));
for (const button of all("[data-zoom]", viewer)) button.addEventListener("click", () => zoom(Number(button.dataset.zoom)));
one("[data-text-toggle]", viewer)?.addEventListener("click", toggleText);
if (matchMedia("(min-width: 64rem)").matches) one("[data-ledger]", viewer).open = true;

zoom(0);
at(current);
findTarget();
