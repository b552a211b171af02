// How each page was read, and reading it again: one page, the whole document in
// other languages, with a password; or typing a page in by hand.

import { get, post, put } from "./http.js";
import { all, make, one, toast } from "./nodes.js";
import { busy, follow, words } from "./progress.js";

// How often a page that is read again is looked at, in milliseconds, and how often
// at most: a page may take two minutes to recognise.
const PAUSE = 2000;
const MOST_LOOKS = 90;
/** How a page was read, as the service's own pages say it (`method_words`). */
const METHODS = {
  text_layer: "text in the file",
  ocr: "recognised from the picture",
  source: "text of the document",
  transcript: "typed in by hand",
  none: "no text",
};

/** Takes over the ledger's buttons and forms; `again(page)` shows a page anew. */
export function takeOver(viewer, { again, sheetOf }) {
  const { document: id, version, case: caseId } = viewer.dataset;
  const root = `/api/v1/documents/${id}/versions/${version}`;
  const lineOf = (page) => one(`[data-line="${page}"]`, viewer);
  for (const button of all("[data-retry]", viewer)) button.addEventListener("click", () => retry(button));
  for (const button of all("[data-type]", viewer)) button.addEventListener("click", () => type(Number(button.dataset.type)));
  onSubmit(one("[data-reread]", viewer), reread);
  onSubmit(one("[data-password]", viewer), unlock);
  if (caseId) followReading();

  for (const row of all("[data-line][data-again]", viewer)) settled(Number(row.dataset.line));

  async function retry(button) {
    const page = Number(button.dataset.retry);
    button.disabled = true;
    try {
      await post(`${root}/pages/${page}/retry`);
      one("[data-how]", lineOf(page)).textContent = "being read again";
      await settled(page);
    } catch (error) {
      toast(error.message);
    }
    button.disabled = false;
  }

  /** Waits until a page has been read anew, and shows it. */
  async function settled(page) {
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      if ((await get(`${root}/pages/${page}/words`)).being_reread) continue;
      await renew(page);
      toast(`Page ${page} has been read again.`);
      return;
    }
    toast(`Page ${page} is still being read. Reload in a while to see it.`);
  }

  /** Shows a page and its line of the ledger as they are now. */
  async function renew(page) {
    again(page);
    const now = (await get(`${root}/ledger`)).find((line) => line.number === page);
    if (!now) return;
    const row = lineOf(page);
    const sure = now.confidence === null ? "" : `, ${Math.round(now.confidence)}% sure`;
    one("[data-how]", row).textContent = now.error ? "not read" : `${METHODS[now.method] ?? "read"}${sure}`;
    one("[data-error]", row)?.remove();
    if (now.error) one("[data-details]", row).after(make("p", { class: "line-error", "data-error": true }, now.error));
  }

  async function reread(form) {
    const languages = all("[name=language]:checked", form).map((box) => box.value).join("+");
    const body = { recognise_all: one("[name=recognise_all]", form).checked };
    if (languages) body.languages = languages;
    await post(`${root}/reread`, body);
    one(".reread", viewer).open = false;
    toast("The document is being read again.");
  }

  async function unlock(form) {
    const input = one("input", form);
    await post(`${root}/password`, { password: input.value });
    input.value = "";
    form.hidden = true;
    toast("The file opens. Its pages are being read.");
  }

  /** Puts a form under a page's image to type its text into. */
  async function type(number) {
    const sheet = sheetOf(number);
    const present = one("form.transcript", sheet.node);
    if (present) {
      one("textarea", present).focus();
      return;
    }
    const field = make("textarea", { id: `transcript-${number}`, rows: 14, spellcheck: "false" });
    const cancel = make("button", { type: "button", class: "button small" }, "Cancel");
    const form = make("form", { class: "transcript" },
      make("label", { for: field.id }, `What page ${number} says`), field,
      make("p", { class: "hint" }, "What you type takes the place of what was read, and is found by search."),
      make("p", { class: "actions" }, make("button", { class: "button primary small" }, "Keep this text"), cancel));
    cancel.addEventListener("click", () => form.remove());
    onSubmit(form, async () => {
      await put(`${root}/pages/${number}/transcript`, { text: field.value });
      form.remove();
      await renew(number);
      toast(`The text of page ${number} is kept.`);
    });
    one(".sheet-foot", sheet.node).before(form);
    field.value = (await sheet.load().catch(() => ({ text: "" }))).text;
    form.scrollIntoView({ block: "nearest" });
    field.setSelectionRange(0, 0);
    field.focus();
  }

  /** Says how far reading has come; pages read meanwhile come with a reload. */
  function followReading() {
    const line = one("[data-progress]", viewer);
    let reading = !line.hidden;
    follow(caseId, (state) => {
      if (state.document_id !== id) return;
      const now = state.status === "queued" || state.status === "reading";
      if (now) {
        line.textContent = words(state);
      } else if (reading) {
        const reload = make("a", { href: location.href }, "Show it");
        reload.addEventListener("click", () => location.reload());
        line.replaceChildren(busy(state) || state.status === "ready" ? "The document has been read. " : `${words(state)}. `, reload);
      }
      if (now || reading) line.hidden = false;
      reading = now;
    });
  }
}

/** Sends a form by script, its button off meanwhile, and says what went wrong. */
function onSubmit(form, send) {
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = one("button:not([type=button])", form);
    button.disabled = true;
    try {
      await send(form);
    } catch (error) {
      toast(error.message);
    }
    button.disabled = false;
  });
}
