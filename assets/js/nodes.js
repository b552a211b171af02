// Building and finding elements. Text goes in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

/** The first element a selector finds, below a root. */
export const one = (selector, root = document) => root.querySelector(selector);

/** Every element a selector finds, below a root. */
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Makes an element with attributes and children; `false` and `null` attributes are left out. */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  set(node, attributes);
  node.append(...children);
  return node;
}

/** Makes an SVG element with attributes. */
export function draw(tag, attributes = {}) {
  const node = document.createElementNS(SVG, tag);
  set(node, attributes);
  return node;
}

/** Makes an icon of the sprite in the page. */
export function icon(name) {
  const node = draw("svg", { class: "icon", "aria-hidden": "true" });
  node.append(draw("use", { href: `#i-${name}` }));
  return node;
}

/** A copy of the content of a `<template>`. */
export function copy(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

/** Says something briefly at the foot of the page. */
export function toast(text) {
  const node = one("#toast");
  node.textContent = text;
  node.classList.add("up");
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => node.classList.remove("up"), 4000);
}

/** A count with its noun. */
export const counted = (count, singular, plural) =>
  `${Number(count).toLocaleString("en-IN")} ${count === 1 ? singular : plural}`;

function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
}
