// The search box in the header, explained in docs/themes.md. Texts become text nodes, never HTML.
(() => {
"use strict";

const LIMIT = 7;
const VERDICTS = { modify: "Change it", supervise: "Get help first", avoid: "Avoid" };
let engine, options = [], active = -1, latest = 0;

const element = (name, parent, attributes, text) => {
  const made = document.createElement(name);
  for (const key of Object.keys(attributes)) made.setAttribute(key, attributes[key]);
  if (text) made.textContent = text;
  return parent.appendChild(made);
};
const split = (text) => text.split(/([\p{L}\p{N}]+)/u);
const isMarked = (word, marks) => marks.has(word.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase());
const mark = (parent, text, marks) => {
  for (const part of split(text)) {
    if (isMarked(part, marks)) element("mark", parent, {}, part);
    else parent.append(part);
  }
};
// Without a server an address has to name a file.
const prepare = (form) => {
  if (location.protocol === "file:") form.action += "index.html";
  form.dataset.folder = new URL(form.dataset.folder, location).href;
};
const onSlash = (box) => document.addEventListener("keydown", (event) => {
  const isTyped = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || isTyped || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  box.focus();
});
window.osteonSearchParts = { element, split, isMarked, mark, prepare, onSlash };

const form = document.querySelector("form.find");
if (!form) return;
prepare(form);
const input = form.querySelector("input");
const loaded = (name, attributes) => new Promise((resolve, reject) => {
  const made = element(name, document.head, attributes);
  made.onload = resolve;
  made.onerror = reject;
});
const load = () => {
  const { style, engine: script, folder } = form.dataset;
  engine = engine || Promise.all([loaded("script", { src: script }), loaded("link", { rel: "stylesheet", href: style })])
    .then(() => window.osteonSearch.open(folder));
  return engine;
};

const list = element("div", form, { id: "find-list", class: "find-list", role: "listbox", "aria-label": "Suggestions", hidden: "" });
const status = element("p", form, { class: "visually-hidden", role: "status" });
for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id })) {
  input.setAttribute(name, value);
}

const select = (index) => {
  if (options[active]) options[active].setAttribute("aria-selected", "false");
  active = index;
  const option = options[active];
  if (!option) return input.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", option.id);
};
const open = (isOpen) => {
  list.hidden = !isOpen;
  input.setAttribute("aria-expanded", isOpen);
  select(-1);
  if (!isOpen) status.textContent = "";
};
const isOpen = () => !list.hidden;

const option = (parent, url, text, marks) => {
  const link = element("a", parent, {
    id: `find-${options.length}`, role: "option", tabindex: "-1", "aria-selected": "false", href: url,
  });
  mark(link, text, marks);
  options.push(link);
  return link;
};

const render = (result, words) => {
  list.textContent = "";
  options = [];
  const groups = new Map();
  for (const hit of result.hits) {
    let group = groups.get(hit.kindLabel);
    if (!group) {
      const id = `find-group-${groups.size}`;
      group = element("div", list, { role: "group", "aria-labelledby": id });
      element("span", group, { id, class: "find-kind" }, hit.kindLabel);
      groups.set(hit.kindLabel, group);
    }
    const link = option(group, hit.url, hit.title, new Set(hit.marks));
    const verdict = hit.verdict && VERDICTS[hit.verdict.word];
    if (!verdict) continue;
    const others = hit.verdict.conditions.length - 1 + hit.verdict.more;
    const whom = hit.verdict.conditions[0] + (others ? ` and ${others} more` : "");
    element("span", link, { class: `find-verdict v-${hit.verdict.word}` }, `${verdict} with: ${whom}`);
  }
  // As they stand, group by group.
  options = [...list.querySelectorAll("a")];
  const all = result.total > result.hits.length ? `See all ${result.total} results` : "Open the search page";
  option(list, `${form.action}?${new URLSearchParams({ q: words })}`, all, new Set()).className = "find-all";
  open(true);
  status.textContent = `Suggestions: ${result.hits.length}`;
};

const suggest = async () => {
  const turn = (latest += 1);
  const words = input.value.trim();
  if (!words) return open(false);
  const result = await (await load()).suggest(words, LIMIT);
  if (turn === latest) render(result, words);
};
// The form works without an index.
const ask = () => suggest().catch(() => open(false));

open(false);
input.addEventListener("focus", () => load().catch(() => {}));
input.addEventListener("input", ask);
input.addEventListener("keydown", (event) => {
  const { key, altKey } = event;
  const last = options.length - 1;
  if (key === "ArrowDown" || key === "ArrowUp") {
    event.preventDefault();
    if (!isOpen()) {
      if (key === "ArrowDown") ask();
    } else if (altKey) open(false);
    else if (key === "ArrowDown") select(active === last ? -1 : active + 1);
    else select(active === -1 ? last : active - 1);
  } else if (key === "Escape") {
    event.preventDefault();
    if (isOpen()) open(false);
    else input.value = "";
  } else if (key === "Enter" && isOpen() && options[active]) {
    event.preventDefault();
    options[active].click();
  } else if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(key)) select(-1);
});
list.addEventListener("mousedown", (event) => event.preventDefault());
input.addEventListener("blur", () => {
  latest += 1;
  open(false);
});
onSlash(input);
})();
