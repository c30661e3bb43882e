// The page of a server that has several libraries: a link to each.

import { libraries } from "./api.js";
import { byId, el } from "./element.js";
import { offer } from "./key.js";
import { T, speak } from "./strings.js";

async function load() {
  let rows;
  try {
    rows = (await libraries()).map(row);
    if (!rows.length) rows = [el("li", {}, T.noLibraries)];
  } catch (error) {
    rows = [el("li", { className: "failed", role: "alert" }, error.message)];
  }
  byId("libraries").replaceChildren(...rows);
}

function row({ name, path, status, articles }) {
  const known = [articles != null && T.count(articles), T.libraryIs[status]].filter(Boolean);
  return el(
    "li",
    {},
    el("a", { href: path, className: "title" }, name),
    el("span", { className: "provenance" }, known.join(", ")),
  );
}

speak();
offer(load);
load();
