// Uploading: many files, each with its own progress, two at a time.

import { reason, token } from "./http.js";
import { icon, make, one, toast } from "./nodes.js";

const AT_ONCE = 2;

/** Takes over an upload form; `taken(answer)` hears of each file the service took. */
export function takeOver(form, list, taken) {
  const queue = new Queue(form, list, taken);
  form.classList.add("live");
  const input = one('input[type="file"]', form);
  input.addEventListener("change", () => {
    queue.add([...input.files]);
    input.value = "";
  });
  acceptDrops(form, (files) => queue.add(files));
  addEventListener("beforeunload", (event) => queue.active > 0 && event.preventDefault());
}

class Queue {
  constructor(form, list, taken) {
    Object.assign(this, { form, list, taken, waiting: [], active: 0 });
    this.most = Number(form.dataset.maxMib) * 1024 * 1024;
  }

  add(files) {
    for (const file of files) {
      const row = new Row(file, () => this.add([file]));
      this.list.append(row.node);
      if (file.size > this.most) row.fail(`Larger than ${this.form.dataset.maxMib} MB. Split it and upload the parts.`);
      else if (file.size === 0) row.fail("The file is empty.");
      else this.waiting.push(row);
    }
    this.next();
  }

  next() {
    while (this.active < AT_ONCE && this.waiting.length) {
      const row = this.waiting.shift();
      if (row.gone) continue;
      this.active += 1;
      row.send(this.form.action.replace(/^.*\/cases\//, "/api/v1/cases/")).then((answer) => {
        this.active -= 1;
        if (answer) this.taken(answer);
        this.next();
      });
    }
  }
}

class Row {
  constructor(file, again) {
    Object.assign(this, { file, again, gone: false });
    this.words = make("span", { class: "upload-words" }, "Waiting");
    this.bar = make("progress", { max: 1, value: 0, "aria-label": `Upload of ${file.name}` });
    this.button = make("button", { type: "button", class: "button plain small", "aria-label": `Cancel ${file.name}` }, icon("close"));
    this.button.addEventListener("click", () => this.cancel());
    this.node = make("li", { class: "upload" }, make("span", { class: "upload-name" }, file.name), this.words, this.button, this.bar);
  }

  send(url) {
    const request = (this.request = new XMLHttpRequest());
    const body = new FormData();
    body.append("file", this.file, this.file.name);
    request.open("POST", url);
    request.responseType = "json";
    request.setRequestHeader("x-csrf-token", token());
    request.setRequestHeader("accept", "application/json");
    request.upload.addEventListener("progress", (event) => this.progress(event));
    return new Promise((settle) => {
      request.addEventListener("loadend", () => settle(this.end(request)));
      request.send(body);
    });
  }

  progress({ loaded, total }) {
    this.bar.max = total;
    this.bar.value = loaded;
    this.words.textContent = loaded < total ? `${Math.floor((loaded / total) * 100)}%` : "Received, checking";
  }

  end(request) {
    if (this.gone) return null;
    if (request.status !== 202) {
      this.fail(reason(request.status, request.response));
      return null;
    }
    const answer = request.response;
    this.words.textContent = answer.duplicate ? "Already in this case" : "Added";
    this.bar.remove();
    this.button.remove();
    if (answer.duplicate) toast(`${this.file.name} is already in this case as “${answer.title}”.`);
    setTimeout(() => this.node.remove(), answer.duplicate ? 8000 : 1500);
    return answer;
  }

  fail(why) {
    this.node.classList.add("bad");
    this.words.textContent = why;
    this.bar.remove();
    const again = make("button", { type: "button", class: "button small" }, "Try again");
    again.addEventListener("click", () => {
      this.node.remove();
      this.again();
    });
    this.button.before(again);
  }

  cancel() {
    this.gone = true;
    this.request?.abort();
    this.node.remove();
  }
}

function acceptDrops(form, dropped) {
  let depth = 0;
  const over = (by) => {
    depth = Math.max(0, depth + by);
    form.classList.toggle("over", depth > 0);
  };
  addEventListener("dragenter", (event) => holdsFiles(event) && over(1));
  addEventListener("dragleave", (event) => holdsFiles(event) && over(-1));
  addEventListener("dragover", (event) => holdsFiles(event) && event.preventDefault());
  addEventListener("drop", async (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    over(-depth);
    dropped(await filesOf(event.dataTransfer));
  });
}

const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");

/** The files dropped, those in folders too. */
async function filesOf(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files];
  return (await Promise.all(entries.map(filesIn))).flat();
}

async function filesIn(entry) {
  if (entry.isFile) return [await new Promise((done, failed) => entry.file(done, failed))];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) break;
    found.push(...some);
  }
  return (await Promise.all(found.map(filesIn))).flat();
}
