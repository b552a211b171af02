// Marking a passage: boxes over a page image, or the words in a page's text.

import { cut } from "./bytes.js";
import { get } from "./http.js";
import { draw, make } from "./nodes.js";

/** Gets a page with the marks a query asks for (`start=120&end=240`). */
export const loadPage = (document, version, page, query = "") =>
  get(`/api/v1/documents/${document}/versions/${version}/pages/${page}${query && `?${query}`}`);

/** Draws boxes, given in points of the page, into an SVG of the page's size. */
export function drawMarks(svg, page) {
  svg.setAttribute("viewBox", `0 0 ${page.width} ${page.height}`);
  const boxes = page.marks.map(({ x, y, width, height }) =>
    draw("rect", { class: "mark", x: x - 1, y: y - 1, width: width + 2, height: height + 2, rx: 2 }));
  svg.replaceChildren(...boxes);
  return boxes;
}

/** Puts a page's text into an element, with a byte span marked. */
export function markText(node, text, start, end) {
  const { before, marked, after } = cut(text, start, end);
  const mark = marked ? make("mark", { class: "cited" }, marked) : null;
  node.replaceChildren(before, ...(mark ? [mark] : []), after);
  return mark;
}

/** Brings marks into view and flashes them once. */
export function flash(marks, behavior = "auto") {
  if (!marks.length) return;
  marks[0].scrollIntoView({ block: "center", behavior });
  for (const mark of marks) {
    mark.classList.remove("flash-once");
    requestAnimationFrame(() => mark.classList.add("flash-once"));
  }
}
