// Talking to the service's own API.

const LOST = "The service cannot be reached. Check the connection and try again.";
const SIGNED_OUT = "You have been signed out. Reload the page and sign in again.";

/** The token that shows a request comes from this page. */
export const token = () => document.querySelector('meta[name="csrf"]').content;

/** Gets JSON; throws an `Error` whose message can be shown. */
export const get = (url, options = {}) => ask(url, options);

/** Posts JSON, or nothing; throws an `Error` whose message can be shown. */
export const post = (url, body) => send("POST", url, body);

/** Puts JSON; throws an `Error` whose message can be shown. */
export const put = (url, body) => send("PUT", url, body);

/** What a refused request should say, from its status and its problem document. */
export function reason(status, problem) {
  if (status === 401) return SIGNED_OUT;
  return problem?.detail || problem?.title || (status ? `The service answered ${status}.` : LOST);
}

function send(method, url, body) {
  const headers = { "x-csrf-token": token() };
  if (body !== undefined) headers["content-type"] = "application/json";
  return ask(url, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
}

async function ask(url, options) {
  const headers = { accept: "application/json", ...options.headers };
  const response = await fetch(url, { ...options, headers }).catch(() => null);
  const body = response ? await response.json().catch(() => null) : null;
  if (!response?.ok) throw new Error(reason(response?.status ?? 0, body));
  return body;
}
