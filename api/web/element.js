// Making elements. Strings become text nodes, never markup: this is the only way by which words
// from articles, answers and file names come onto the page.

/**
 * @param {string} tag
 * @param {Object} [given] properties; `data` and `aria` are objects, `on` maps events to handlers
 * @param {...(Node|string|null|undefined|false)} children
 */
export function el(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  const { data = {}, aria = {}, on = {}, ...properties } = given;
  Object.assign(element, properties);
  Object.assign(element.dataset, data);
  for (const [name, value] of Object.entries(aria)) element.setAttribute(`aria-${name}`, value);
  for (const [name, handler] of Object.entries(on)) element.addEventListener(name, handler);
  element.append(...children.filter((child) => child || child === 0));
  return element;
}

/** A quiet button: words that do something. `click` is handed the button. */
export function act(label, click, more = {}) {
  const button = el("button", { type: "button", className: "plain", ...more }, label);
  button.addEventListener("click", () => click(button));
  return button;
}

/** An element of the page that index.html promises. */
export function byId(id) {
  return document.getElementById(id);
}

/** Say something to a screen reader without moving the focus. */
export function say(words) {
  byId("status").textContent = words;
}
