// A link to what is selected on a page, to be sent to a colleague.

import { selectedSpan } from "./layer.js";
import { one, toast } from "./nodes.js";

/** Offers the link while something is selected. */
export function offerLink(viewer) {
  const { document: id, version } = viewer.dataset;
  const button = one("[data-link]", viewer);
  document.addEventListener("selectionchange", () => (button.hidden = !selectedSpan(getSelection(), viewer)));
  // The press itself must not take the selection away.
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", async () => {
    const { page, start, end } = selectedSpan(getSelection(), viewer);
    const link = `${location.origin}/documents/${id}?version=${version}&page=${page}&start=${start}&end=${end}#page-${page}`;
    const copied = await navigator.clipboard?.writeText(link).then(() => true, () => false);
    if (copied) toast("The link to the passage is copied.");
    else prompt("The link to the passage:", link);
  });
}
