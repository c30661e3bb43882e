"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const table = document.querySelector("table.questions");
  if (!table) return;
  const form = document.querySelector("form.filters");
  const count = form.elements.count;
  const bodies = [...table.tBodies];

  const toggle = (body, open) => {
    body.rows[1].hidden = !open;
    body.querySelector(".asked button").setAttribute("aria-expanded", String(open));
  };
  bodies.forEach((body) => {
    toggle(body, false);
    body.querySelector(".asked button").addEventListener("click", () => toggle(body, body.rows[1].hidden));
  });

  const filter = () => {
    const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const { value: outcome } = form.elements.outcome;
    const { value: kind } = form.elements.kind;
    let shown = 0;
    bodies.forEach((body) => {
      const data = body.dataset;
      const fits = (!outcome || data.outcome === outcome) && (!kind || data.kind === kind) &&
        words.every((word) => data.text.includes(word));
      body.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    count.textContent = `${shown.toLocaleString("en")} question${shown === 1 ? "" : "s"}`;
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());

  document.querySelectorAll("a[data-outcome]").forEach((link) => {
    link.addEventListener("click", () => {
      form.elements.outcome.value = link.dataset.outcome;
      filter();
    });
  });

  const numeric = new Set(["number", "confidence", "latency"]);
  const heads = [...table.tHead.querySelectorAll("button[data-sort]")];
  heads.forEach((button) => {
    button.addEventListener("click", () => {
      const head = button.closest("th");
      const down = head.getAttribute("aria-sort") === "ascending";
      const name = button.dataset.sort === "text" ? "question" : button.dataset.sort;
      heads.forEach((other) => other.closest("th").removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const order = (a, b) => numeric.has(name)
        ? Number(a.dataset[name]) - Number(b.dataset[name])
        : a.dataset[name].localeCompare(b.dataset[name], "en");
      const sorted = [...bodies].sort((a, b) => (down ? -1 : 1) * order(a, b) ||
        Number(a.dataset.number) - Number(b.dataset.number));
      table.append(...sorted);
    });
  });

  const opened = new URLSearchParams(location.hash.slice(1)).get("open");
  bodies.filter((body) => body.dataset.number === opened).forEach((body) => toggle(body, true));
  filter();
})();
