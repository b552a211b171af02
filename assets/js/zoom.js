// How large the pages are shown: fitted to the width, or at a fixed size.

import { all, one } from "./nodes.js";

// Shares of the size on paper; screens count 96 dots to an inch of 72 points.
const LEVELS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3];
const DOTS_A_POINT = 96 / 72;
const KEY = "viewer-size";

/** Lets the pages be shown larger and smaller; `change` is asked to make each change. */
export function zoomable(viewer, change) {
  const kept = Number(localStorage.getItem(KEY));
  let level = LEVELS.includes(kept) ? kept : null;

  function show() {
    viewer.classList.toggle("sized", level !== null);
    viewer.style.setProperty("--scale", level === null ? 1 : level * DOTS_A_POINT);
    const now = one("[data-zoom-now]", viewer);
    if (now) now.textContent = level === null ? "Fit" : `${level * 100}%`;
  }

  /** One step larger (1) or smaller (-1); 0 fits the width. */
  function step(by) {
    if (by === 0) level = null;
    else {
      const now = level ?? fitted(viewer);
      const next = by > 0 ? LEVELS.find((size) => size > now * 1.02) : LEVELS.findLast((size) => size < now * 0.98);
      level = next ?? level;
    }
    if (level === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, level);
    change(show);
  }

  for (const button of all("[data-zoom]", viewer)) button.addEventListener("click", () => step(Number(button.dataset.zoom)));
  show();
  return step;
}

/** The size at which pages are shown when fitted. */
function fitted(viewer) {
  const sheet = one(".sheet", viewer);
  return sheet ? sheet.clientWidth / (Number(sheet.dataset.width) * DOTS_A_POINT) : 1;
}
