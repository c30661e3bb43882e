// Whether answers are quoted or written: a choice only where the server has a chat model.

import { byId } from "./element.js";

export class Mode {
  constructor() {
    this.choice = byId("mode");
  }

  /** Offer the choice if there is one, as the server has it set: `{writes, mode}` of /version. */
  offer({ writes, mode }) {
    this.choice.hidden = !writes;
    this.#radio(mode === "extractive" ? "extractive" : "auto").checked = true;
  }

  /** What goes along with a question; nothing where there is no choice. */
  get value() {
    if (this.choice.hidden) return {};
    return { mode: this.choice.querySelector("input:checked").value };
  }

  #radio(value) {
    return this.choice.querySelector(`input[value="${value}"]`);
  }
}
