// The side panel: a column beside the answer, the whole screen on a phone.

import { byId } from "./element.js";

const NARROW = window.matchMedia("(max-width: 63.99rem)");

export class Panel {
  constructor() {
    this.element = byId("panel");
    this.body = byId("panel-body");
    this.back = byId("panel-back");
    this.name = byId("panel-name");
    this.opener = null;
    this.watcher = null;
    byId("panel-close").addEventListener("click", () => this.close());
    NARROW.addEventListener("change", () => this.#cover());
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /**
   * Show content; the focus goes to its heading, and back to `opener` on closing.
   * @param {Node} content with an element of id `panel-title`
   */
  show(content, { opener, back = false } = {}) {
    if (opener && !this.element.contains(opener)) this.opener = opener;
    document.querySelectorAll("[aria-current='location']").forEach((e) => e.removeAttribute("aria-current"));
    opener?.setAttribute("aria-current", "location");
    this.back.hidden = !back;
    this.body.replaceChildren(content);
    this.name.textContent = content.dataset.name ?? "";
    this.element.hidden = false;
    document.body.classList.add("with-panel");
    this.element.scrollTop = 0;
    this.#cover();
    byId("panel-title").focus({ preventScroll: true });
    const mark = this.body.querySelector("mark");
    // Only the panel scrolls, not the page under it.
    if (mark) {
      const [inner, outer] = [mark.getBoundingClientRect(), this.element.getBoundingClientRect()];
      this.element.scrollTop += inner.top - outer.top - this.element.clientHeight / 3;
    }
  }

  close() {
    if (!this.isOpen) return;
    this.element.hidden = true;
    this.body.replaceChildren();
    document.body.classList.remove("with-panel");
    this.#cover();
    this.opener?.removeAttribute("aria-current");
    if (this.opener?.isConnected) this.opener.focus();
    else byId("question").focus();
    this.opener = null;
  }

  /** Where it covers the page, a phone's "back" closes it, if the browser can tell. */
  #watch(covering) {
    if (covering === Boolean(this.watcher)) return;
    this.watcher?.destroy();
    this.watcher = null;
    if (!covering || !window.CloseWatcher) return;
    this.watcher = new window.CloseWatcher();
    this.watcher.onclose = () => {
      this.watcher = null;
      this.close();
    };
  }

  /** On a narrow screen the panel covers the page, which then must not be reached by Tab. */
  #cover() {
    const covering = this.isOpen && NARROW.matches;
    const rests = [byId("skip"), document.querySelector(".masthead"), byId("main"), document.querySelector(".colophon")];
    for (const rest of rests) {
      rest.inert = covering;
    }
    this.#watch(covering);
    if (covering) {
      this.element.setAttribute("role", "dialog");
      this.element.setAttribute("aria-modal", "true");
    } else {
      this.element.removeAttribute("role");
      this.element.removeAttribute("aria-modal");
    }
  }
}
