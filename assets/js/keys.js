// The viewer's keys.

/**
 * Does what `actions` say for a key. `g` and a number go to a page, typed into
 * `page`; Ctrl F goes to `find` once, since the browser's own search sees only the
 * pages near.
 */
export function keyboard({ actions, page, find }) {
  let going = false;
  addEventListener("keydown", (event) => {
    const held = event.ctrlKey || event.metaKey;
    if (held && event.key.toLowerCase() === "f" && !event.shiftKey && document.activeElement !== find) {
      event.preventDefault();
      find.focus();
      find.select();
    }
    if (event.target.closest("input, textarea, select, dialog, [role=tab]") || held || event.altKey) return;
    // "g" and a letter are the service's own (`app.js`).
    const digit = going && /^\d$/.test(event.key);
    going = event.key === "g";
    if (digit) {
      event.preventDefault();
      page.focus();
      page.value = event.key;
      return;
    }
    const act = actions[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
