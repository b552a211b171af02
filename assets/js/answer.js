// The text of an answer as elements: paragraphs, simple lists, quotes, bold and
// citation numbers. The same form as `src/web/answer.rs`; anything else stays text.

import { make } from "./nodes.js";

const RUNS = /\*\*([^*[]+)\*\*|\[(\d+(?:\s*,\s*\d+)*)\]|\[([^\[\]]{1,79} removed: [^\[\]]{1,79})\]/g;

/** Renders a text; `place(number, nth)` gives the address a citation opens, or nothing. */
export function render(text, place) {
  const seen = new Map();
  const next = (number) => {
    const nth = seen.get(number) ?? 0;
    seen.set(number, nth + 1);
    return place(number, nth);
  };
  const blocks = [];
  let last = "blank";
  for (const line of text.split("\n").map((line) => line.trim())) {
    const [kind, rest] = kindOf(line);
    const open = kind === last ? blocks.at(-1) : undefined;
    if (kind === "ul" || kind === "ol") {
      const list = open ?? push(blocks, make(kind));
      list.append(make("li", {}, ...runs(rest, place, next)));
    } else if (kind !== "blank") {
      const block = open ?? push(blocks, make(kind));
      block.append(...(open ? [" "] : []), ...runs(rest, place, next));
    }
    last = kind;
  }
  return blocks;
}

function push(blocks, block) {
  blocks.push(block);
  return block;
}

function kindOf(line) {
  if (!line) return ["blank", ""];
  if (/^[-*] /.test(line)) return ["ul", line.slice(2)];
  if (line.startsWith("> ")) return ["blockquote", line.slice(2)];
  const step = /^\d{1,2}\. /.exec(line);
  return step ? ["ol", line.slice(step[0].length)] : ["p", line.replace(/^#+\s*/, "")];
}

function runs(line, place, next) {
  const nodes = [];
  let at = 0;
  for (const match of line.matchAll(RUNS)) {
    const found = match[1] ? [make("strong", {}, match[1])] : match[3] ? [struck(match[3])] : cites(match[2], place, next);
    if (!found) continue;
    nodes.push(line.slice(at, match.index), ...found);
    at = match.index + match[0].length;
  }
  nodes.push(line.slice(at));
  return nodes.filter((node) => node !== "");
}

const struck = (words) =>
  make("mark", { class: "struck-mark", title: "Removed because it could not be verified; below the answer stands what and why" }, words);

function cites(list, place, next) {
  const numbers = list.split(",").map(Number);
  if (!numbers.every((number) => place(number, 0))) return null;
  return numbers.map((number) =>
    make("a", { class: "cite", href: next(number), "aria-label": `Source ${number}` }, String(number)));
}
