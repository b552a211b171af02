// How far documents have been read, in words, as the service reports it.

import { counted } from "./nodes.js";

/**
 * Follows the documents of a case; the browser reconnects by itself.
 *
 * A hidden tab lets go of its connection, since a browser keeps only six to one
 * service; each connection begins with the present state, so nothing is missed.
 */
export function follow(caseId, heard) {
  let events = null;
  const update = () => {
    events?.close();
    events = document.hidden ? null : new EventSource(`/api/v1/cases/${caseId}/progress`);
    events?.addEventListener("progress", (event) => heard(JSON.parse(event.data)));
  };
  document.addEventListener("visibilitychange", update);
  addEventListener("pagehide", () => events?.close());
  addEventListener("pageshow", (event) => event.persisted && update());
  update();
}

/** The state in words; the page as served says the same (`ReadState::words`). */
export function words(state) {
  const found = state.semantic ? "Searchable by words and meaning" : state.searchable ? "Searchable by words" : "";
  switch (state.status) {
    case "queued": return "Waiting to be read";
    case "reading": return reading(state);
    case "indexing": return found ? `${found}; meaning follows` : "Preparing search";
    case "ready": return found || "Read; no text found to search";
    default: return "Could not be read";
  }
}

/** Whether something is still happening. */
export const busy = (state) => ["queued", "reading", "indexing"].includes(state.status);

/** A stretch of time as a person would say it. */
export function about(secs) {
  if (secs <= 10) return "a few seconds";
  if (secs <= 90) return "about a minute";
  if (secs <= 5400) return `about ${Math.floor((secs + 30) / 60)} minutes`;
  return `about ${counted(Math.floor((secs + 1800) / 3600), "hour", "hours")}`;
}

function reading({ pages_done: done, pages_total: total, eta_secs: left }) {
  const until = left === null || left === undefined ? "" : `, ${about(left)} left`;
  return total ? `Reading page ${Math.min(done + 1, total)} of ${total}${until}` : `Reading${until}`;
}
