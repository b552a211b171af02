// What the document names: citations, sections, numbers; where each stands here,
// and where else in the files open to the reader.

import { get } from "./http.js";
import { counted, make } from "./nodes.js";

const KINDS = [
  ["citation", "Citations"],
  ["section", "Sections"],
  ["article", "Articles"],
  ["case_number", "Case numbers"],
  ["cnr", "CNR numbers"],
  ["date", "Dates"],
  ["amount", "Amounts"],
];
/** The service counts other files up to here. */
const MANY = 20;
/** What is only of interest inside this document. */
const LOCAL = new Set(["date", "amount"]);

/** Lists what a version names; `show(place)` marks a place in it. */
export async function listNames(node, { id, version, show }) {
  node.replaceChildren(make("p", { class: "none" }, "One moment…"));
  try {
    const names = await get(`/api/v1/documents/${id}/versions/${version}/entities`);
    const groups = kinds(names).map(([label, rows, local]) => group(label, rows, local, { id, show }));
    const none = make("p", { class: "none" }, "No citations, sections or numbers were found in this document.");
    node.replaceChildren(...(groups.length ? groups : [none]));
  } catch (error) {
    node.replaceChildren(make("p", { class: "flash undone" }, error.message));
  }
}

/** The names by kind, known kinds first, none empty. */
function kinds(names) {
  const known = new Set(KINDS.map(([kind]) => kind));
  const others = [...new Set(names.map((name) => name.kind))].filter((kind) => !known.has(kind));
  const labelled = others.map((kind) => [kind, kind.replaceAll("_", " ").replace(/^./, (letter) => letter.toUpperCase())]);
  return [...KINDS, ...labelled]
    .map(([kind, label]) => [label, names.filter((name) => name.kind === kind), LOCAL.has(kind)])
    .filter(([, rows]) => rows.length);
}

function group(label, rows, local, context) {
  const summary = make("summary", {}, label, " ", make("span", { class: "tag" }, String(rows.length)));
  const list = make("ul", { class: "names" }, ...rows.map((row) => line(row, local, context)));
  return make("details", { open: !local }, summary, list);
}

/** A name: pressed, it goes to its next place here. */
function line(name, local, { id, show }) {
  let next = 0;
  const pages = [...new Set(name.places.map((place) => place.page))];
  const where = pages.length > 3 ? `p. ${pages.slice(0, 3).join(", ")}, …` : `p. ${pages.join(", ")}`;
  const times = name.places.length > 1 ? ` ×${name.places.length}` : "";
  const here = make("button", { type: "button", class: "name" },
    make("span", { class: "name-text" }, name.text.replace(/\s+/g, " ")), make("span", { class: "meta" }, `${where}${times}`));
  here.addEventListener("click", () => {
    show(name.places[next]);
    next = (next + 1) % name.places.length;
  });
  const item = make("li", {}, here);
  if (!local && name.elsewhere) item.append(...elsewhere(name, id));
  return item;
}

/** The other files that name the same, listed when asked for. */
function elsewhere(name, id) {
  const words = `In ${counted(name.elsewhere, "other file", "other files")}${name.elsewhere < MANY ? "" : " or more"}`;
  const button = make("button", { type: "button", class: "button plain small elsewhere", "aria-expanded": "false" }, words);
  const list = make("ul", { class: "places", hidden: true });
  button.addEventListener("click", async () => {
    const open = list.hidden;
    list.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (!open || list.childElementCount) return;
    const query = new URLSearchParams({ kind: name.kind, normal: name.normal, except: id });
    try {
      const places = await get(`/api/v1/occurrences?${query}`);
      list.replaceChildren(...places.map(link));
    } catch (error) {
      list.replaceChildren(make("li", { class: "none" }, error.message));
    }
  });
  return [button, list];
}

function link(place) {
  const snippet = make("span", { class: "snippet" }, place.before, make("mark", {}, place.text), place.after);
  return make("li", {},
    make("a", { href: place.link }, place.title),
    make("span", { class: "meta" }, `${place.case_title}, page ${place.page}`), snippet);
}
