// The cited page beside the answer, on screens wide enough for both.

import { drawMarks, flash, loadPage, markText } from "./marks.js";
import { draw, icon, make, one } from "./nodes.js";

const wide = matchMedia("(min-width: 70.01rem)");
let opened = null;

/** Opens a viewer link beside the answer; false when the screen is too narrow. */
export function openBeside(frame, link) {
  if (!wide.matches) return false;
  close(frame);
  const panel = build(frame, link);
  frame.append(panel);
  frame.classList.add("with-panel");
  link.classList.add("open");
  opened = { panel, link };
  fill(panel, new URL(link.href));
  one("button", panel).focus({ preventScroll: true });
  return true;
}

/** Closes the panel and gives the focus back to the citation. */
export function close(frame) {
  if (!opened) return;
  opened.panel.remove();
  opened.link.classList.remove("open");
  opened.link.focus({ preventScroll: true });
  frame.classList.remove("with-panel");
  opened = null;
}

function build(frame, link) {
  const shut = make("button", { type: "button", class: "button plain small", "aria-label": "Close the page" }, icon("close"));
  shut.addEventListener("click", () => close(frame));
  const title = make("h2", {}, link.dataset.title || "Source");
  const open = make("a", { class: "button small", href: link.href }, "Open the document");
  return make("aside", { class: "panel", "aria-label": "The cited page" },
    make("div", { class: "panel-head" }, title, shut),
    make("div", { class: "panel-body" }),
    make("p", { class: "panel-foot" }, open));
}

async function fill(panel, url) {
  const { version, page: number, start, end } = Object.fromEntries(url.searchParams);
  const id = url.pathname.split("/").at(-1);
  const body = one(".panel-body", panel);
  try {
    const page = await loadPage(id, version, number, `start=${start}&end=${end}`);
    const image = page.has_image && page.marks.length > 0;
    if (image) showImage(body, page, `/documents/${id}/versions/${version}/pages/${number}/image`);
    else showText(body, page, Number(start), Number(end));
  } catch (error) {
    body.replaceChildren(make("p", { class: "flash undone" }, error.message));
  }
}

function showImage(body, page, src) {
  const image = make("img", { src, width: Math.round(page.width), height: Math.round(page.height), alt: `Page ${page.number}` });
  const marks = draw("svg", { class: "marks", preserveAspectRatio: "none", "aria-hidden": "true" });
  body.replaceChildren(make("div", { class: "paper" }, image, marks));
  flash(drawMarks(marks, page));
}

function showText(body, page, start, end) {
  const text = make("div", { class: "page-text" });
  body.replaceChildren(text);
  const mark = markText(text, page.text, start, end);
  if (mark) flash([mark]);
}
