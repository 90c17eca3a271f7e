// The search page (docs/themes.md). All that was chosen stands in the address.
(() => {
"use strict";

const { element, split, isMarked, mark, prepare, onSlash } = window.osteonSearchParts;
const LIMIT = 20;
const MOST = 400;
const EXCERPTS = 8;
const FACETS = ["kind", "category", "body_area", "equipment", "position", "impact", "verdict"];
const RECENT = "osteon-searches";
const form = document.querySelector("form.search");
const one = (selector, within = form) => within.querySelector(selector);
const all = (selector, within = form) => [...within.querySelectorAll(selector)];
const box = one("input");
const filters = one(".filters");
const heading = one(".found h2");
const hits = one(".hits");
const more = one(".show-more");
const sort = one("#sort");
const condition = one("#condition");
const title = document.title;
let asked, engine, latest = 0, isSettled, settled;

const show = (node, isShown) => { (node.nodeType ? node : one(node)).hidden = !isShown; };
const typed = () => (asked.get("q") || "").trim().slice(0, 200);
const values = (name) => asked.getAll(name);
const chosen = () => FACETS.reduce((sum, name) => sum + values(name).length, 0);
const choose = (name, chosen) => {
  asked.delete(name);
  for (const value of chosen) if (value) asked.append(name, value);
};
const write = (isNew) => {
  const search = `${asked}` && `?${asked}`;
  if (search !== location.search) history[isNew ? "pushState" : "replaceState"](null, "", location.pathname + search);
};

// Storage may be forbidden.
const remembered = (words) => {
  try {
    if (words) localStorage.setItem(RECENT, JSON.stringify(words));
    return [].concat(JSON.parse(localStorage.getItem(RECENT)) || []);
  } catch (e) {
    return [];
  }
};
const remember = () => {
  if (typed()) remembered([typed(), ...remembered().filter((known) => known !== typed())].slice(0, 8));
};
const showRecent = (isShown) => {
  const words = isShown ? remembered() : [];
  one(".recent ul").textContent = "";
  for (const q of words) element("a", element("li", one(".recent ul"), {}), { href: `?${new URLSearchParams({ q })}` }, q);
  show(".recent", words.length);
};

const hit = (found, i) => {
  const item = one("#hit").content.firstElementChild.cloneNode(true);
  const marks = new Set(found.marks);
  const part = (name) => one(name, item);
  const { warning } = found;
  if (warning || (!i && found.kind === "warning")) item.classList.add("hit-first");
  else part(".first-note").remove();
  if (warning) element("a", part(".first-note span"), { href: warning.url }, warning.title);
  part(".kicker").textContent = found.kindLabel;
  part("h3 a").href = found.url;
  mark(part("h3 a"), found.title, marks);
  mark(part(".hit-text"), found.summary, marks);
  const verdict = (word, whom) => {
    const badge = one(`[data-verdict="${CSS.escape(word)}"]`, one("#verdicts").content);
    if (badge) element("p", part(".hit-verdicts"), {}).append(badge.cloneNode(true), whom && ` with: ${whom}`);
  };
  const { word, conditions, more } = found.verdict || {};
  const wanted = values("verdict");
  const isSaid = wanted.length === 1 && condition.value;
  if (isSaid) verdict(wanted[0].split(":")[1], condition.selectedOptions[0].text);
  if (word && !(isSaid && word === "ok")) verdict(word, conditions.join("; ") + (more ? ` and ${more} more` : ""));
  for (const { title, url } of found.sections) element("a", part(".hit-sections"), { href: url }, title);
  if (!found.sections.length) part(".hit-sections").remove();
  return item;
};

// Boxes stay where they are: nobody loses the one in hand.
const facet = (name, items) => {
  const details = one(`[data-facet=${name}]`);
  for (const { value, label, count } of items) {
    let input = all("input", details).find((input) => input.value === value);
    if (!input) {
      const tick = element("label", one("fieldset", details), { class: "tick" });
      input = element("input", tick, { type: "checkbox", value });
      element("span", tick, {}, label);
      element("span", tick, { class: "num" });
    }
    input.checked = values(name).includes(value);
    one(".num", input.parentNode).textContent = count;
    show(input.parentNode, count || input.checked || input === document.activeElement);
  }
  show(details, items.filter(({ count }) => count).length > 1 || values(name).length);
};

const verdicts = (conditions, items) => {
  if (condition.length === 1) for (const { id, label } of conditions) element("option", condition, { value: id }, label);
  const pairs = values("verdict").map((value) => value.split(":"));
  condition.value = pairs.length ? pairs[0][0] : "";
  for (const input of all(".verdict-boxes input")) {
    input.checked = pairs.some(([, word]) => word === input.value);
    const item = items.find(({ value }) => value === `${condition.value}:${input.value}`);
    one(".num", input.parentNode).textContent = item ? item.count : "";
  }
  show(".verdict-boxes", condition.value);
  show("[data-facet=verdict]", conditions.length);
};

const render = ({ hits: found, total, corrected, facets }) => {
  hits.textContent = "";
  hits.append(...found.map(hit));
  const words = corrected.reduce((text, { from, to }) => text.toLowerCase().replace(from, () => to), typed());
  one("span", heading).textContent = total ? `${total} result${total === 1 ? "" : "s"}` : "Nothing found";
  one("bdi", heading).textContent = words && ` for “${words}”`;
  document.title = `${heading.textContent} – ${title}`;
  one(".corrected strong").textContent = words;
  one(".corrected bdi").textContent = typed();
  show(".corrected", words !== typed());
  show(".sort", total > 1);
  show(".nothing", !total);
  show(more, found.length < Math.min(MOST, total));
  for (const name of FACETS) {
    if (name !== "verdict") facet(name, facets[name] || []);
    one(`[data-facet=${name}] .chosen`).textContent = values(name).length ? `${values(name).length} chosen` : "";
  }
  one(".filters-button .chosen").textContent = chosen() ? `${chosen()} chosen` : "";
  for (const node of all(".if-chosen")) show(node, chosen());
  one(".answer-area").classList.add("is-ready");
};

// A passage for a summary without the words. Warnings and exercises keep theirs: out of its place a sentence may say the opposite.
const excerpt = async (found, text, turn) => {
  const marks = new Set(found.marks);
  if (one("mark", text) || !["article", "page", "programme"].includes(found.kind)) return;
  const page = new DOMParser().parseFromString(await (await fetch(found.url)).text(), "text/html");
  let best = [], most = 0;
  for (const passage of all("main p, main li", page)) {
    const parts = split(passage.textContent);
    const said = new Set(parts.filter((part) => isMarked(part, marks))).size;
    if (said > most) [best, most] = [parts, said];
  }
  if (turn !== latest || !most) return;
  const from = Math.max(0, best.findIndex((part) => isMarked(part, marks)) - 20);
  text.style.blockSize = `${text.clientHeight}px`;
  text.textContent = from ? "… " : "";
  mark(text, best.slice(from).join("").trim(), marks);
};

const ready = new Promise((resolve) => addEventListener("DOMContentLoaded", resolve));

const run = async (wait) => {
  const turn = (latest += 1);
  const isAsked = typed() || chosen();
  show(".answer-area", isAsked);
  document.body.classList.toggle("is-searching", !!isAsked);
  showRecent(!isAsked);
  document.title = title;
  if (!isAsked) return;
  try {
    engine = engine || ready.then(() => window.osteonSearch.open(form.dataset.folder));
    const found = await engine;
    const options = { limit: Math.min(MOST, +asked.get("shown")) || LIMIT, sort: sort.value };
    for (const name of FACETS) options[name] = values(name);
    const result = await found.search(typed(), options);
    if (turn !== latest) return;
    verdicts(found.conditions, result.facets.verdict || []);
    render(result);
    clearTimeout(settled);
    settled = setTimeout(() => {
      one("[role=status]").textContent = heading.textContent;
      if (location.protocol === "file:" || (navigator.connection || {}).saveData) return;
      result.hits.slice(0, EXCERPTS).forEach((hit, i) => excerpt(hit, one(".hit-text", hits.children[i]), turn).catch(() => {}));
    }, wait);
  } catch (error) {
    one("span", heading).textContent = "";
    show(".broken", true);
    throw error;
  }
};

// Letters typed one after another are one step in the history.
const step = (isNew, wait) => {
  choose("shown", []);
  write(isNew);
  run(wait);
};
const settle = () => {
  isSettled = true;
  step(true, 300);
};
form.addEventListener("submit", (event) => {
  event.preventDefault();
  choose("q", [box.value]);
  remember();
  settle();
  if (matchMedia("(pointer: coarse)").matches) box.blur();
});
box.addEventListener("input", () => {
  choose("q", [box.value]);
  step(isSettled, 900);
  isSettled = false;
});
sort.addEventListener("change", () => {
  choose("sort", [sort.value]);
  settle();
});
filters.addEventListener("change", ({ target }) => {
  const { facet } = target.closest("details").dataset;
  const ticked = all("input:checked", target.closest("fieldset")).map((input) => input.value);
  const words = condition.value ? (ticked.length ? ticked : ["ok"]) : [];
  choose(facet, facet === "verdict" ? words.map((word) => `${condition.value}:${word}`) : ticked);
  settle();
});
form.addEventListener("click", async ({ target }) => {
  if (target.closest(".filters-button")) {
    one(".filters-button").setAttribute("aria-expanded", filters.classList.toggle("is-open"));
  } else if (target.matches(".clear")) {
    for (const name of FACETS) choose(name, []);
    settle();
    heading.focus();
  } else if (target.matches(".forget")) {
    remembered([]);
    showRecent();
    box.focus();
  } else if (target === more) {
    const from = hits.children.length;
    choose("shown", [from + LIMIT]);
    write();
    await run(300);
    one("h3 a", hits.children[from]).focus();
  } else if (target.closest(".hit a")) remember();
});
onSlash(box);

prepare(form);
const read = () => {
  asked = new URLSearchParams(location.search);
  box.value = typed();
  sort.value = asked.get("sort") || "relevance";
  if (sort.selectedIndex < 0) sort.selectedIndex = 0;
  isSettled = true;
  run(300);
};
addEventListener("popstate", read);
read();
remember();
})();
