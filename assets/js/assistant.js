// The assistant: sends questions and writes answers as they arrive.

import { render } from "./answer.js";
import { post } from "./http.js";
import { all, copy, icon, make, one, toast } from "./nodes.js";
import { close, openBeside } from "./panel.js";

const frame = one("[data-assistant]");
const thread = one("[data-thread]", frame);
const composer = one("[data-composer]", frame);
const question = one("#question", composer);
const send = one("[data-send]", composer);
const place = ({ document_id: id, version, page, start, end }) =>
  `/documents/${id}?version=${version}&page=${page}&start=${start}&end=${end}#page-${page}`;

/** An answer being written: what has arrived, and the article that shows it. */
class Answer {
  constructor(article) {
    Object.assign(this, { article, text: "", passages: [], facts: [], citations: [], removed: [], due: false });
    this.part = (name) => one(`[data-${name}]`, article);
  }

  follow(url) {
    const events = new EventSource(url);
    for (const name of ["status", "passages", "facts", "delta", "citation", "removed", "verified", "usage", "done"]) {
      events.addEventListener(name, (event) => this[`on_${name}`](JSON.parse(event.data), events));
    }
    events.addEventListener("error", (event) => this.trouble(event, events));
    addEventListener("pagehide", () => events.close());
  }

  on_status({ text }) {
    if (text) this.say(text);
  }

  on_facts({ facts }) {
    this.facts.push(...facts);
    this.drawSoon();
  }

  on_passages(passages) {
    this.passages = passages;
    this.drawSoon();
  }

  on_delta({ text }) {
    this.text += text;
    this.say("Writing…");
    this.drawSoon();
  }

  on_citation(citation) {
    this.citations.push(citation);
    this.drawSoon();
  }

  on_verified({ summary }) {
    this.part("verified").textContent = summary;
  }

  on_removed(item) {
    this.removed.push(item);
    this.drawSoon();
  }

  on_usage({ cost_paise: paise, tokens_in: read, tokens_out: written }) {
    if (frame.dataset.cost !== "true") return;
    const number = (value) => Number(value).toLocaleString("en-IN");
    this.part("usage").textContent = `₹${(paise / 100).toFixed(2)}, ${number(read)} tokens in, ${number(written)} out`;
  }

  on_done({ label, coverage }, events) {
    this.part("label").textContent = label;
    this.part("coverage").textContent = coverage;
    this.end(events);
  }

  trouble(event, events) {
    if (event instanceof MessageEvent) {
      this.article.append(make("p", { class: "flash undone", role: "alert" }, JSON.parse(event.data).detail));
      this.end(events);
    } else if (events.readyState === EventSource.CLOSED) {
      this.say("The connection was lost. Reload the page to see the answer.");
    } else {
      this.say("The connection was lost; connecting again…");
    }
  }

  end(events) {
    events.close();
    this.draw();
    this.part("status").hidden = true;
    this.part("stop").hidden = true;
    this.part("acts").hidden = false;
    this.article.removeAttribute("aria-busy");
    ready(true);
  }

  say(text) {
    this.part("status").textContent = text;
  }

  drawSoon() {
    if (this.due) return;
    this.due = true;
    requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.due = false;
    const stay = atEnd();
    this.part("body").replaceChildren(...render(this.text, (number, nth) => this.href(number, nth)));
    for (const cite of all("a.cite", this.part("body"))) name(cite, this.passages);
    this.drawSources();
    this.drawRemoved();
    if (stay) scrollTo({ top: document.documentElement.scrollHeight });
  }

  /** Where the nth `[number]` of the answer leads. */
  href(number, nth) {
    const cited = this.citations.filter((citation) => citation.number === number);
    const found = cited[nth] ?? cited.at(-1) ?? this.passages.find((passage) => passage.number === number);
    return found ? place(found) : this.facts.filter((fact) => fact.number === number).map(address)[0];
  }

  drawSources() {
    const cited = new Set(all("a.cite", this.part("body")).map((cite) => Number(cite.textContent)));
    const [used, others] = [this.passages.filter((p) => cited.has(p.number)), this.passages.filter((p) => !cited.has(p.number))];
    this.part("cited").replaceChildren(...used.map(source));
    this.part("uncited").replaceChildren(...others.map(source));
    this.part("others").hidden = !others.length;
    this.part("sources").hidden = !this.passages.length;
    this.part("known").replaceChildren(...this.facts.map(known));
    this.part("records").hidden = !this.facts.length;
  }

  drawRemoved() {
    const count = this.removed.length;
    this.part("struck").hidden = !count;
    if (!count) return;
    const words = count === 1 ? "1 statement removed because it could not be verified" : `${count} statements removed because they could not be verified`;
    this.part("struck-words").replaceChildren(icon("strike"), words);
    this.part("removed").replaceChildren(...this.removed.map(({ what, text, reason }) =>
      make("li", {}, make("span", { class: "struck-what" }, what), " ", make("s", {}, text), " ", make("span", { class: "meta" }, reason))));
  }
}

function source(passage) {
  const link = make("a", { class: "source-link", href: place(passage), "data-title": titleOf(passage) },
    make("span", { class: "cite", "aria-hidden": "true" }, String(passage.number)),
    make("span", { class: "source-name" }, titleOf(passage)),
    make("span", { class: "source-text" }, passage.excerpt));
  return make("li", { class: "source" }, link);
}

/** The address of a fact's page; only one of this service is followed. */
const address = ({ href }) => (/^\/(?!\/)/.test(href) ? href : "/");

function known(fact) {
  const lines = fact.text.split("\n").map((line) => make("span", {}, line));
  return make("li", { class: "source" }, make("a", { class: "source-link", href: address(fact), "data-title": fact.title, "data-record": true },
    make("span", { class: "cite", "aria-hidden": "true" }, String(fact.number)),
    make("span", { class: "source-name" }, fact.title),
    make("span", { class: "source-lines" }, ...lines)));
}

const titleOf = ({ title, page }) => `${title}, page ${page}`;

function name(cite, passages) {
  const passage = passages.find(({ number }) => number === Number(cite.textContent));
  if (!passage) return;
  const page = new URL(cite.href).searchParams.get("page");
  cite.title = cite.dataset.title = titleOf({ title: passage.title, page });
}

const atEnd = () => innerHeight + scrollY > document.documentElement.scrollHeight - 160;

function ready(on) {
  send.disabled = !on;
  if (on && !matchMedia("(pointer: coarse)").matches) question.focus({ preventScroll: true });
}

/** Lets what is done with an answer be done to this one. */
function nameActs(fresh, id) {
  fresh.id = `message-${id}`;
  const stop = one("[data-stop]", fresh);
  stop.action = `/assistant/messages/${id}/stop`;
  stop.addEventListener("submit", (event) => {
    event.preventDefault();
    one("button", stop).disabled = true;
    post(`/api/v1/messages/${id}/stop`).catch((error) => {
      one("button", stop).disabled = false;
      toast(error.message);
    });
  });
  for (const form of all("[data-acts] form", fresh)) form.action = form.getAttribute("action").replace("MESSAGE", id);
  for (const field of all("[data-acts] [id]", fresh)) field.id = field.id.replace("MESSAGE", id);
  for (const label of all("[data-acts] label", fresh)) label.htmlFor = label.htmlFor.replace("MESSAGE", id);
}

function begin(article, id) {
  const fresh = copy("answer");
  nameActs(fresh, id);
  frame.dataset.last = id;
  fresh.setAttribute("aria-busy", "true");
  one("[data-status]", fresh).textContent = "Reading the documents…";
  if (article) article.replaceWith(fresh);
  else thread.append(fresh);
  ready(false);
  new Answer(fresh).follow(`/api/v1/messages/${id}/events`);
}

async function ask(text) {
  ready(false);
  const { case: caseId, conversation, last } = frame.dataset;
  const body = { question: text };
  if (caseId) body.case_id = caseId;
  if (conversation) body.conversation_id = conversation;
  if (conversation && last) body.after = last;
  try {
    const answer = await post("/api/v1/questions", body);
    question.value = "";
    one("[data-begin]", frame)?.remove();
    thread.append(make("article", { class: "question" }, make("h2", { class: "quiet" }, "Question"), make("p", {}, text)));
    if (!conversation) started(answer.conversation_id, text);
    begin(null, answer.message_id);
    scrollTo({ top: document.documentElement.scrollHeight });
  } catch (error) {
    toast(error.message);
    ready(true);
  }
}

/** Gives a new conversation its address and its place in the list. */
function started(id, text) {
  frame.dataset.conversation = id;
  const href = `${frame.dataset.base}/${id}`;
  history.replaceState(null, "", href);
  const list = one("[data-talks] ul", frame);
  one("[data-talks] .none", frame)?.remove();
  list.prepend(make("li", {}, make("a", { href, "aria-current": "page" }, make("span", { class: "talk-title" }, text))));
}

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = question.value.trim();
  if (text && !send.disabled) ask(text);
});
question.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) composer.requestSubmit();
});
thread.addEventListener("click", (event) => {
  const example = event.target.closest("[data-example]");
  if (example) {
    question.value = example.textContent;
    question.focus();
  }
  const link = event.target.closest("a.cite, a.source-link");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!new URL(link.href).pathname.startsWith("/documents/")) return;
  if (openBeside(frame, link)) event.preventDefault();
});
addEventListener("keydown", (event) => event.key === "Escape" && close(frame));

if (matchMedia("(min-width: 70.01rem)").matches) one("[data-talks]", frame).open = true;
for (const link of all(".source-link", thread)) {
  const number = one(".cite", link).textContent;
  const title = one(".source-name", link).textContent;
  for (const node of [link, ...all("a.cite", link.closest(".answer")).filter((cite) => cite.textContent === number)]) {
    node.dataset.title = title;
  }
}
for (const article of all("[data-pending]", thread)) begin(article, article.dataset.pending);
if (thread.children.length > 1) scrollTo({ top: document.documentElement.scrollHeight });
