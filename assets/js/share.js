// Sharing with the client and trying failed work again, without leaving the page.

import { post } from "./http.js";
import { make, one, toast } from "./nodes.js";

/** Takes over the share and retry forms of the page, also those added later. */
export function takeOver() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.share) act(event, () => share(form));
    if (form.dataset.retry) act(event, () => retry(form));
  });
}

/** A form that tries a piece of work again. */
export function retryForm(job) {
  const button = make("button", { class: "button small" }, "Try again");
  return make("form", { action: `/jobs/${job}/retry`, method: "post", "data-retry": job }, button);
}

async function act(event, action) {
  event.preventDefault();
  const button = one("button", event.target);
  button.disabled = true;
  try {
    await action();
  } catch (error) {
    toast(error.message);
  }
  button.disabled = false;
}

async function share(form) {
  const button = one("button", form);
  const shared = button.getAttribute("aria-pressed") !== "true";
  await post(`/api/v1/documents/${form.dataset.share}/${shared ? "share" : "unshare"}`);
  button.setAttribute("aria-pressed", String(shared));
  one("[data-share-words]", form).textContent = shared ? "Shared with client" : "Share with client";
  form.action = `/documents/${form.dataset.share}/${shared ? "unshare" : "share"}`;
  toast(shared ? "The client can now read this document." : "The client can no longer see this document.");
}

async function retry(form) {
  await post(`/api/v1/jobs/${form.dataset.retry}/retry`);
  toast("It will be tried again now.");
  const item = form.closest(".work-item");
  if (item) item.remove();
  else form.remove();
}
