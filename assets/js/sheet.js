// A page of the viewer: its image at the resolution the screen needs, its words
// over it, its marks; or its text, where there is no image or text is wanted.

import { slicer } from "./bytes.js";
import { get } from "./http.js";
import { boxes, fillLayer } from "./layer.js";
import { draw, make, one } from "./nodes.js";

const POINTS_AN_INCH = 72;

export class Sheet {
  #loaded = null;
  #drawn = 0;
  #spans = [];
  #painted = { key: "", first: [] };

  constructor(node, { id, version, resolutions }) {
    this.node = node;
    this.number = Number(node.dataset.page);
    this.hasImage = node.dataset.image === "true";
    this.address = `/versions/${version}/pages/${this.number}`;
    this.id = id;
    this.resolutions = resolutions;
    this.asText = !this.hasImage;
    this.image = one(".paper img", node);
    this.image?.addEventListener("error", () => this.showText(true));
    node.style.setProperty("--points", node.dataset.width);
  }

  /** The page's text and words, asked for once. */
  load() {
    this.#loaded ??= get(`/api/v1/documents/${this.id}${this.address}/words`).catch((error) => {
      this.#loaded = null;
      throw error;
    });
    return this.#loaded;
  }

  /** Forgets what was loaded; it is asked for again. */
  forget() {
    this.#loaded = null;
    this.#painted.key = "";
    one("[data-words]", this.node)?.replaceChildren();
    delete this.node.dataset.layered;
  }

  /** Makes the page ready to be read: sharp, selectable, marked. */
  async come() {
    this.sharpen();
    try {
      const page = await this.load();
      if (!this.asText && !("layered" in this.node.dataset)) {
        this.node.dataset.layered = "";
        fillLayer(one("[data-words]", this.node), page);
      }
      await this.paint(this.#spans);
    } catch (error) {
      if (this.asText) one("[data-text]", this.node).textContent = error.message;
    }
  }

  /** Draws the image again where the screen shows more than it holds. */
  sharpen() {
    if (!this.image || this.asText) return;
    const inches = Number(this.node.dataset.width) / POINTS_AN_INCH;
    const wanted = (this.image.clientWidth * devicePixelRatio) / inches;
    // A twentieth less is not seen, and saves a step.
    const dpi = this.resolutions.find((offered) => offered >= wanted * 0.95) ?? this.resolutions.at(-1);
    if (dpi <= this.#drawn) return;
    this.#drawn = dpi;
    this.image.src = `/documents/${this.id}${this.address}/image?dpi=${dpi}`;
  }

  /** Shows the page's text in place of its image, or the image again. */
  async showText(on) {
    if (!this.hasImage) return;
    this.asText = on;
    one(".paper", this.node).hidden = on;
    one("[data-text]", this.node).hidden = !on;
    await this.come();
  }

  /**
   * Marks byte spans of the page's text: `{ start, end, kind }`, the more important
   * first; gives the elements of the first one.
   */
  async paint(spans) {
    this.#spans = spans;
    const page = await this.load();
    // What is painted already stays, and with it the flash that shows it.
    const key = JSON.stringify([this.asText, spans]);
    if (key !== this.#painted.key) {
      const first = this.asText ? this.#paintText(page, spans) : this.#paintImage(page, spans);
      this.#painted = { key, first };
    }
    return this.#painted.first;
  }

  #paintImage(page, spans) {
    const drawn = spans.map(({ start, end, kind }) =>
      boxes(page, start, end).map(({ x, y, width, height }) =>
        draw("rect", { class: `mark ${kind}`, x: x - 1, y: y - 1, width: width + 2, height: height + 2, rx: 2 })));
    const svg = one(".marks", this.node);
    if (page.width) svg.setAttribute("viewBox", `0 0 ${page.width} ${page.height}`);
    svg.replaceChildren(...drawn.flat());
    return drawn[0] ?? [];
  }

  #paintText(page, spans) {
    const slice = slicer(page.text);
    const apart = [];
    for (const span of spans) {
      if (!apart.some((other) => span.start < other.end && other.start < span.end)) apart.push(span);
    }
    const nodes = [];
    const made = new Map();
    let at = 0;
    for (const span of apart.toSorted((a, b) => a.start - b.start)) {
      const mark = make("mark", { class: span.kind }, slice(span.start, span.end));
      made.set(span, mark);
      nodes.push(slice(at, span.start), mark);
      at = span.end;
    }
    nodes.push(slice(at));
    one("[data-text]", this.node).replaceChildren(...(page.text ? nodes : ["There is no text on this page."]));
    return made.has(spans[0]) ? [made.get(spans[0])] : [];
  }
}
