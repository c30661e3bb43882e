// Server-sent events over fetch: EventSource cannot POST.

/** Parses what arrives in pieces of any size into `{event, data}`. */
export class EventParser {
  #rest = "";
  #event = "";
  #data = [];

  /** The events that this piece completes. */
  push(piece) {
    this.#rest += piece;
    const found = [];
    // A piece that ends in CR may be followed by the LF of the same line end.
    const lines = this.#rest.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    for (const line of lines) {
      if (line === "") {
        if (this.#data.length) {
          found.push({ event: this.#event || "message", data: this.#data.join("\n") });
        }
        this.#event = "";
        this.#data = [];
        continue;
      }
      const colon = line.indexOf(":");
      if (colon === 0) continue; // a comment, which keeps the connection open
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (field === "event") this.#event = value;
      if (field === "data") this.#data.push(value);
    }
    return found;
  }
}

/** The events of a response, each `{event, data}` with its data read as JSON. */
export async function* events(response) {
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const parser = new EventParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      for (const { event, data } of parser.push(decoder.decode(value, { stream: !done }))) {
        yield { event, data: JSON.parse(data) };
      }
      if (done) return;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
