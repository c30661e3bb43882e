// An API key, where the server wants one. It stays in this tab and goes when the tab is closed.

import { byId } from "./element.js";
import { T } from "./strings.js";

const NAME = "pullquote-key";
let key = stored();

function stored() {
  try {
    return sessionStorage.getItem(NAME) ?? "";
  } catch {
    return ""; // Where the browser keeps nothing, the key is there until the page is left.
  }
}

function keep(entered) {
  key = entered;
  try {
    sessionStorage.setItem(NAME, key);
  } catch {
    // As above.
  }
}

/** The headers that a request needs besides its own. */
export function credentials() {
  return key ? { authorization: `Bearer ${key}` } : {};
}

/** Show the field for the key, and whether the one before was refused. */
export function demand() {
  const form = byId("key");
  if (!form.hidden) return;
  form.querySelector("label").textContent = key ? T.keyRefused : T.keyWanted;
  keep("");
  form.hidden = false;
  byId("key-value").focus();
}

/** @param {Function} entered called once there is a key to try */
export function offer(entered) {
  const form = byId("key");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    keep(byId("key-value").value.trim());
    byId("key-value").value = "";
    form.hidden = true;
    entered();
  });
}
