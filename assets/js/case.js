// The page of a case: uploads, live reading status, sharing, retries.

import { copy, counted, make, one } from "./nodes.js";
import { busy, follow, words } from "./progress.js";
import { retryForm, takeOver as takeOverForms } from "./share.js";
import { takeOver as takeOverUpload } from "./upload.js";

takeOverForms();

const page = one("[data-case]");
if (page) {
  follow(page.dataset.case, heard);
  takeOverUpload(one("[data-upload]"), one("[data-uploads]"), (answer) => {
    if (!answer.duplicate) heard({ ...answer, status: "queued", pages_done: 0, pages_total: null });
  });
}

function heard(state) {
  const row = find(state.document_id) ?? (busy(state) ? add(state) : null);
  if (row) show(row, state);
}

const find = (id) => one(`[data-document="${CSS.escape(id)}"]`);

function add(state) {
  const row = copy("document-row");
  row.dataset.document = state.document_id;
  row.classList.add("new");
  const title = one("[data-title]", row);
  title.href = `/documents/${state.document_id}`;
  title.textContent = state.title;
  const share = one("[data-share]", row);
  if (share) share.dataset.share = state.document_id;
  one(".kind", row).textContent = kindOf(state.title);
  one("[data-documents]").prepend(row);
  one("[data-no-documents]").hidden = true;
  return row;
}

function show(row, state) {
  const box = one(".state", row);
  box.dataset.state = state.status;
  one("[data-words]", box).textContent = words(state);
  bar(box, state);
  pages(row, state.pages_total);
  error(row, box, state);
}

function bar(box, state) {
  const present = one("progress", box);
  if (!busy(state)) {
    present?.remove();
    return;
  }
  const node = present ?? make("progress", { "aria-label": "Pages read" });
  if (state.pages_total) {
    node.max = state.pages_total;
    node.value = state.pages_done;
  } else {
    node.removeAttribute("value");
  }
  if (!present) box.append(node);
}

function pages(row, total) {
  const node = one("[data-pages]", row);
  if (!node || !total) return;
  node.textContent = counted(total, "page", "pages");
  node.hidden = false;
}

function error(row, box, state) {
  one("[data-error]", box)?.remove();
  const actions = one("[data-actions]", row);
  one("[data-retry]", actions)?.remove();
  if (state.status !== "failed") return;
  if (state.error) box.append(make("p", { class: "state-error", "data-error": true }, state.error));
  if (state.job_id) actions.prepend(retryForm(state.job_id));
}

const KINDS = { docx: "Word", doc: "Word", eml: "Mail", msg: "Mail", jpg: "Image", jpeg: "Image", png: "Image", tiff: "Image", txt: "Text", html: "Web" };

function kindOf(title) {
  const ending = /\.([a-z0-9]{2,4})$/i.exec(title)?.[1].toLowerCase();
  return ending ? (KINDS[ending] ?? ending.toUpperCase()) : "File";
}
