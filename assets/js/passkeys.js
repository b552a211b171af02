// Passkeys: signing in with one, and adding one to one's account.

import { post } from "./http.js";
import { all, one } from "./nodes.js";

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const named = (list) => (list ?? []).map((known) => ({ ...known, id: bytes(known.id) }));

/** Runs a task behind a button; says what went wrong. */
async function during(button, task) {
  const problem = one("[data-passkey-problem]");
  problem.hidden = true;
  button.disabled = true;
  try {
    await task();
  } catch (error) {
    const stopped = error.name === "NotAllowedError" || error.name === "AbortError";
    const known = error.name === "InvalidStateError";
    problem.textContent = stopped
      ? "No passkey was chosen. Try again, or sign in another way."
      : known ? "This device holds a passkey for your account already." : error.message;
    problem.hidden = false;
  } finally {
    button.disabled = false;
  }
}

/** Signs in with whichever passkey the person chooses. */
async function signIn(next) {
  const { ceremony, options } = await post("/sign-in/passkey/ask");
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: named(options.allowCredentials),
  };
  const made = await navigator.credentials.get({ publicKey });
  const { authenticatorData, clientDataJSON, signature, userHandle } = made.response;
  const answer = {
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    extensions: {},
    response: {
      authenticatorData: text(authenticatorData),
      clientDataJSON: text(clientDataJSON),
      signature: text(signature),
      userHandle: userHandle ? text(userHandle) : null,
    },
  };
  const { to } = await post("/sign-in/passkey", { ceremony, answer, next });
  location.assign(to);
}

/** Makes a passkey on this device and adds it to the account. */
async function add(name) {
  const { ceremony, options } = await post("/api/v1/account/passkeys/ask");
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: named(options.excludeCredentials),
  };
  const made = await navigator.credentials.create({ publicKey });
  const answer = {
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    extensions: {},
    response: {
      attestationObject: text(made.response.attestationObject),
      clientDataJSON: text(made.response.clientDataJSON),
    },
  };
  const { backup_codes: codes } =
    await post("/api/v1/account/passkeys", { ceremony, name, answer });
  if (!codes.length) return location.reload();
  const list = one("[data-backup-codes]");
  for (const code of codes) {
    const item = document.createElement("li");
    item.textContent = code;
    list.append(item);
  }
  one("[data-backup]").hidden = false;
  one("[data-backup] h2").focus();
}

if (window.PublicKeyCredential) {
  for (const button of all("[data-passkey-sign-in]")) {
    button.hidden = false;
    const next = button.dataset.next || null;
    button.addEventListener("click", () => during(button, () => signIn(next)));
  }
  for (const form of all("[data-passkey-add]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const button = form.querySelector("button");
      during(button, () => add(form.elements.name.value));
    });
  }
}
