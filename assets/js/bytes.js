// Spans are counted in UTF-8 bytes by the service and in UTF-16 units by the browser.

/** Cuts a text at a byte span; without a span everything is `before`. */
export function cut(text, start, end) {
  if (!(end > start)) return { before: text, marked: "", after: "" };
  const slice = slicer(text);
  return { before: slice(0, start), marked: slice(start, end), after: slice(end) };
}

/** A function that gives the text between two byte offsets. */
export function slicer(text) {
  const bytes = new TextEncoder().encode(text);
  const decoder = new TextDecoder();
  return (from, to = bytes.length) => decoder.decode(bytes.subarray(from, to));
}
