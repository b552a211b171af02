// The words of a page as text over its image: to select, to copy, to read aloud.
//
// Words side by side on a line become one run of text, placed and stretched to the
// boxes they cover. Places and sizes are shares of the page, so that the layer keeps
// its place at every zoom.

import { slicer } from "./bytes.js";
import { make } from "./nodes.js";

// A gap wider than this share of the line parts it, as between columns or after a
// paragraph number; spaces of justified text stay below it.
const WIDEST_GAP = 0.6;
// Words stretched differently by this share are in another face, and a run of their own.
const UNLIKE = 0.15;
const FONT = "sans-serif";
const pen = document.createElement("canvas").getContext("2d");
/** The run each element of a layer shows. */
const shown = new WeakMap();

/** Puts the words of a page into its layer. */
export function fillLayer(layer, page) {
  const spans = runs(page).map((run) => place(run, page));
  layer.replaceChildren(...spans);
}

/** The boxes of a byte span of a page's text, one for each line, in points. */
export function boxes(page, start, end) {
  const lines = [];
  for (const word of page.words) {
    const from = Math.max(word.start, start);
    const to = Math.min(word.end, end);
    if (from >= to) continue;
    const unit = (word.x1 - word.x0) / (word.end - word.start);
    const part = { ...word, x0: word.x0 + unit * (from - word.start), x1: word.x0 + unit * (to - word.start) };
    const line = lines.at(-1);
    if (line && sameLine(line, part)) {
      line.x1 = Math.max(line.x1, part.x1);
      line.y0 = Math.min(line.y0, part.y0);
      line.y1 = Math.max(line.y1, part.y1);
    } else {
      lines.push(part);
    }
  }
  return lines.map(({ x0, y0, x1, y1 }) => ({ x: x0, y: y0, width: x1 - x0, height: y1 - y0 }));
}

/** Whether a box goes on to the right on the same line. */
function sameLine(line, next) {
  const overlap = Math.min(line.y1, next.y1) - Math.max(line.y0, next.y0);
  return overlap > Math.min(line.y1 - line.y0, next.y1 - next.y0) / 2 && next.x0 >= line.x0;
}

/** The runs of a page: words side by side on a line, in one way of writing. */
function runs({ text, words }) {
  const slice = slicer(text);
  const found = [];
  let run = null;
  for (const word of words) {
    const written = slice(word.start, word.end);
    const stretch = (word.x1 - word.x0) / natural(written, word.y1 - word.y0);
    const gap = run ? slice(run.end, word.start) : "";
    if (run && !gap.includes("\n") && follows(run, word) && alike(run, written, stretch)) {
      run.text += gap + written;
      run.end = word.end;
      run.inked += word.x1 - word.x0;
      run.x1 = Math.max(run.x1, word.x1);
      run.y0 = Math.min(run.y0, word.y0);
      run.y1 = Math.max(run.y1, word.y1);
    } else {
      if (run) run.gap = gap;
      run = { ...word, text: written, gap: "\n", stretch, inked: word.x1 - word.x0 };
      found.push(run);
    }
  }
  return found;
}

/** Whether a word goes on with a run on its line, with no wide gap between. */
function follows(run, word) {
  const height = run.y1 - run.y0;
  return sameLine(run, word) && word.x0 - run.x1 < WIDEST_GAP * height && Math.abs(word.y1 - word.y0 - height) < height / 3;
}

/** Whether a word is stretched as its run is; bold or italic words are not. */
const alike = (run, written, stretch) =>
  written.length < 3 || run.text.length < 3 || Math.abs(stretch / run.stretch - 1) < UNLIKE;

/** How wide a text is at a height when nothing stretches it, in the height's unit. */
function natural(text, height) {
  pen.font = `100px ${FONT}`;
  return Math.max((pen.measureText(text).width / 100) * height, 0.01);
}

/** Places a run: its letters are stretched to its words, its spaces to what is left. */
function place(run, { width, height }) {
  const span = make("span", {}, run.text);
  const size = run.y1 - run.y0;
  const spaces = run.text.split(" ").length - 1;
  const stretch = run.inked / natural(run.text.replaceAll(" ", ""), size);
  span.style.left = `${(run.x0 / width) * 100}%`;
  span.style.top = `${(run.y0 / height) * 100}%`;
  span.style.fontSize = `${(size / width) * 100}cqw`;
  span.style.transform = `scaleX(${stretch})`;
  if (spaces) {
    const space = (run.x1 - run.x0 - run.inked) / spaces / stretch;
    span.style.wordSpacing = `${(space - natural(" ", size)) / size}em`;
  }
  shown.set(span, run);
  return span;
}

/** The parts of runs that are selected in the layers, in order: `{ span, from, to }`. */
function* parts(selection, root) {
  if (!selection.rangeCount || selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  for (const layer of root.querySelectorAll("[data-words]")) {
    if (!range.intersectsNode(layer)) continue;
    for (const span of layer.children) {
      if (!range.intersectsNode(span)) continue;
      const from = span.contains(range.startContainer) ? range.startOffset : 0;
      const to = span.contains(range.endContainer) ? range.endOffset : span.textContent.length;
      if (from < to) yield { span, from, to };
    }
  }
}

/** What is selected in the layers, as the pages' text has it; empty when nothing is. */
export function selectedText(selection, root) {
  const texts = [...parts(selection, root)].map(({ span, from, to }) => {
    const text = span.textContent;
    return text.slice(from, to) + (to === text.length ? shown.get(span).gap : "");
  });
  return texts.join("").trim();
}

/** The page and byte span selected on the first page touched; nothing when none is. */
export function selectedSpan(selection, root) {
  const bytes = (text) => new TextEncoder().encode(text).length;
  let place = null;
  for (const { span, from, to } of parts(selection, root)) {
    const page = Number(span.closest("[data-page]").dataset.page);
    const begin = shown.get(span).start;
    const text = span.textContent;
    place ??= { page, start: begin + bytes(text.slice(0, from)) };
    if (place.page === page) place.end = begin + bytes(text.slice(0, to));
  }
  return place;
}

/** Lets what is copied from the layers be the pages' own text. */
export function copyFrom(root) {
  root.addEventListener("copy", (event) => {
    const selection = getSelection();
    const anchor = selection.anchorNode;
    const element = anchor instanceof Element ? anchor : anchor?.parentElement;
    if (!element?.closest("[data-words]")) return;
    const text = selectedText(selection, root);
    if (!text) return;
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
  });
}
