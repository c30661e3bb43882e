// An API key, where the server wants one. It stays in this tab and goes when the tab is closed.

import { byId } from "./element.js";

const NAME = "pullquote-key";

/** The headers that a request needs besides its own. */
export function credentials() {
  const key = sessionStorage.getItem(NAME);
  return key ? { authorization: `Bearer ${key}` } : {};
}

/** Show the field for the key; called when a server answers 401. */
export function demand() {
  const form = byId("key");
  if (!form.hidden) return;
  sessionStorage.removeItem(NAME);
  form.hidden = false;
}

/** @param {Function} entered called once there is a key to try */
export function offer(entered) {
  const form = byId("key");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sessionStorage.setItem(NAME, byId("key-value").value.trim());
    byId("key-value").value = "";
    form.hidden = true;
    entered();
  });
}
