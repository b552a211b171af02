// Spans are counted in UTF-8 bytes by the service and in UTF-16 units by the browser.

/** Cuts a text at a byte span; without a span everything is `before`. */
export function cut(text, start, end) {
  if (!(end > start)) return { before: text, marked: "", after: "" };
  const bytes = new TextEncoder().encode(text);
  const decode = (from, to) => new TextDecoder().decode(bytes.subarray(from, to));
  return { before: decode(0, start), marked: decode(start, end), after: decode(end, bytes.length) };
}
