// An API key, where the server wants one. It stays in this tab and goes when the tab is closed.

import { byId } from "./element.js";
import { T } from "./strings.js";

const NAME = "pullquote-key";

/** The headers that a request needs besides its own. */
export function credentials() {
  const key = sessionStorage.getItem(NAME);
  return key ? { authorization: `Bearer ${key}` } : {};
}

/** Show the field for the key, and whether the one before was refused. */
export function demand() {
  const form = byId("key");
  if (!form.hidden) return;
  form.querySelector("label").textContent = sessionStorage.getItem(NAME) ? T.keyRefused : T.keyWanted;
  sessionStorage.removeItem(NAME);
  form.hidden = false;
  byId("key-value").focus();
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
