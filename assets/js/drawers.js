// The rail and the side panel: tabs within them; columns on a wide screen, sheets
// over the page on a narrow one.

import { all, one } from "./nodes.js";

const wide = matchMedia("(min-width: 64rem)");

/** Lets the tabs of a list be chosen; `chosen` is told the panel's id. */
export function tabs(list, chosen) {
  const buttons = all("[role=tab]", list);
  const key = `viewer-tab-${list.dataset.tabs}`;
  const panelOf = (button) => document.getElementById(button.getAttribute("aria-controls"));

  function choose(button) {
    for (const other of buttons) {
      const on = other === button;
      other.setAttribute("aria-selected", String(on));
      other.tabIndex = on ? 0 : -1;
      panelOf(other).hidden = !on;
    }
    sessionStorage.setItem(key, button.id);
    chosen(panelOf(button).id);
  }

  list.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const now = buttons.indexOf(event.target);
    if (!by || now < 0) return;
    event.preventDefault();
    event.stopPropagation();
    const next = buttons[(now + by + buttons.length) % buttons.length];
    choose(next);
    next.focus();
  });
  for (const button of buttons) button.addEventListener("click", () => choose(button));
  list.hidden = false;
  choose(buttons.find((button) => button.id === sessionStorage.getItem(key)) ?? buttons[0]);
  return (id) => choose(buttons.find((button) => panelOf(button).id === id));
}

/** Lets the drawers be opened and shut; gives a function that opens one by id. */
export function drawers(viewer, changed) {
  const buttons = all("[data-open]", viewer);
  const drawerOf = (button) => document.getElementById(button.dataset.open);
  let before = null;

  function set(button, open) {
    drawerOf(button).hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    viewer.classList.toggle(`has-${button.dataset.open}`, open);
    viewer.classList.toggle(`no-${button.dataset.open}`, !open);
    changed();
  }

  /** Opens one and, on a narrow screen, shuts the other and moves the focus in. */
  function open(button) {
    if (wide.matches) localStorage.removeItem(`viewer-no-${button.dataset.open}`);
    else for (const other of buttons) if (other !== button) set(other, false);
    set(button, true);
    if (wide.matches) return;
    before = button;
    one("[role=tab][aria-selected=true]", drawerOf(button))?.focus();
  }

  function shut(button) {
    if (wide.matches) localStorage.setItem(`viewer-no-${button.dataset.open}`, "1");
    set(button, false);
    before?.focus();
    before = null;
  }

  function arrange() {
    for (const button of buttons) set(button, wide.matches && !localStorage.getItem(`viewer-no-${button.dataset.open}`));
  }

  for (const button of buttons) {
    button.addEventListener("click", () => (drawerOf(button).hidden ? open(button) : shut(button)));
    one("[data-close]", drawerOf(button)).addEventListener("click", () => shut(button));
  }
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || wide.matches) return;
    for (const button of buttons) if (!drawerOf(button).hidden) shut(button);
  });
  wide.addEventListener("change", arrange);
  arrange();
  return {
    open: (id) => open(buttons.find((button) => button.dataset.open === id)),
    /** Shuts what covers the page. */
    clear: () => !wide.matches && buttons.filter((button) => !drawerOf(button).hidden).forEach(shut),
  };
}
