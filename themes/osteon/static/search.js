// The search page. What readers choose stands in the address, so that a result page can be shared and Back leads back.
// Nothing is written as HTML: texts of the site and of readers become text nodes, and the markup comes from templates.
(() => {
  "use strict";

  const LIMIT = 20;
  const FACETS = ["kind", "category", "body_area", "equipment", "position", "impact", "verdict"];
  const RECENT = "osteon-searches";
  const form = document.querySelector("form.search");
  if (!form) return;
  const one = (selector, within = form) => within.querySelector(selector);
  const box = one("input");
  const area = one(".answer-area");
  const recent = one(".recent");
  const filters = one(".filters");
  const heading = one(".found h2");
  const hits = one(".hits");
  const more = one(".show-more");
  const sort = one("#sort");
  const condition = one("#condition");
  const status = one("[role=status]");
  const home = document.title;
  let asked, engine, latest = 0, isSettled = true, later, speaking;

  const element = (name, parent, text, className) => {
    const made = parent.appendChild(document.createElement(name));
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  };
  const show = (node, isShown) => { node.hidden = !isShown; };

  // What is asked for, from the address and back.
  const read = () => {
    const query = new URLSearchParams(location.search);
    asked = { q: (query.get("q") || "").slice(0, 200), sort: query.get("sort") || "relevance", shown: +query.get("shown") || LIMIT };
    for (const name of FACETS) asked[name] = query.getAll(name);
    box.value = asked.q;
    sort.value = asked.sort;
    isSettled = true;
  };
  const address = () => {
    const query = new URLSearchParams();
    if (asked.q.trim()) query.set("q", asked.q.trim());
    for (const name of FACETS) for (const value of asked[name]) query.append(name, value);
    if (asked.sort !== "relevance") query.set("sort", asked.sort);
    if (asked.shown > LIMIT) query.set("shown", asked.shown);
    return location.pathname + (`${query}` && `?${query}`);
  };
  const write = (isNew) => {
    if (address() === location.pathname + location.search) return;
    history[isNew ? "pushState" : "replaceState"](null, "", address());
  };
  const chosen = () => FACETS.reduce((sum, name) => sum + asked[name].length, 0);
  const isAsked = () => asked.q.trim() || chosen();

  // Searches are remembered on this device only; where storage is forbidden, they are not.
  const remembered = (words) => {
    try {
      if (words) localStorage.setItem(RECENT, JSON.stringify(words));
      return JSON.parse(localStorage.getItem(RECENT)) || [];
    } catch (e) {
      return [];
    }
  };
  const remember = () => {
    const words = asked.q.trim();
    if (words) remembered([words, ...remembered().filter((known) => known !== words)].slice(0, 8));
  };
  const showRecent = () => {
    const words = isAsked() ? [] : remembered();
    const list = one("ul", recent);
    list.textContent = "";
    for (const known of words) element("a", element("li", list), known).href = `?${new URLSearchParams({ q: known })}`;
    show(recent, words.length);
  };

  const say = (text, wait) => {
    clearTimeout(speaking);
    speaking = setTimeout(() => { status.textContent = text; }, wait);
  };
  const count = (total) => `${total} result${total === 1 ? "" : "s"}`;

  // A text with the words that were found marked in it.
  const mark = (parent, text, marks) => {
    for (const part of text.split(/([\p{L}\p{N}]+)/u)) {
      const folded = part.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
      if (part && marks.has(folded)) element("mark", parent, part);
      else parent.append(part);
    }
  };
  // In a folder nothing opens the page of an address that ends in a slash.
  const reachable = (url) => (location.protocol === "file:" ? url.replace(/\/(?=#|$)/, "/index.html") : url);

  const hit = (found) => {
    const item = one("#hit").content.firstElementChild.cloneNode(true);
    const marks = new Set(found.marks);
    const part = (selector) => one(selector, item);
    if (!found.isWarningFirst) part(".first-note").remove();
    else item.classList.add("hit-first");
    part(".kicker").textContent = found.kindLabel;
    part("a").href = reachable(found.url);
    mark(part("a"), found.title, marks);
    mark(part(".hit-text"), found.summary, marks);
    const verdict = found.verdict && one("#verdicts").content.querySelector(`.hit-${found.verdict.word}`);
    if (verdict) {
      const names = found.verdict.conditions.join("; ");
      const others = found.verdict.more ? ` and ${found.verdict.more} more` : "";
      part(".hit-verdict").append(...verdict.cloneNode(true).childNodes);
      if (found.verdict.word !== "ok") part(".hit-verdict").append(` with: ${names}${others}`);
    } else part(".hit-verdict").remove();
    const sections = part(".hit-sections");
    for (const section of found.sections) element("a", sections, section.title).href = reachable(section.url);
    if (!found.sections.length) sections.remove();
    return item;
  };

  // The boxes of a facet stay where they are while the counts change, so that nobody loses the one in hand.
  const facet = (name, items) => {
    const details = one(`[data-facet=${name}]`);
    const fieldset = one("fieldset", details);
    const known = new Map([...fieldset.querySelectorAll("input")].map((input) => [input.value, input]));
    const values = new Map(items.map((item) => [item.value, item]));
    for (const value of asked[name]) if (!values.has(value)) values.set(value, { value, label: value, count: 0 });
    for (const { value, label } of values.values()) {
      if (known.has(value)) continue;
      const tick = element("label", fieldset, "", "tick");
      const input = element("input", tick);
      Object.assign(input, { type: "checkbox", name, value });
      element("span", tick, label);
      element("span", tick, "", "num");
      known.set(value, input);
    }
    for (const [value, input] of known) {
      const number = values.has(value) ? values.get(value).count : 0;
      input.checked = asked[name].includes(value);
      one(".num", input.parentNode).textContent = number;
      show(input.parentNode, number || input.checked || input === document.activeElement);
    }
    show(details, values.size > 1 || asked[name].length);
  };

  const verdicts = (conditions) => {
    if (condition.length === 1) for (const { id, label } of conditions) element("option", condition, label).value = id;
    const words = new Set();
    condition.value = "";
    for (const value of asked.verdict) {
      const [id, word] = value.split(":");
      condition.value = id;
      words.add(word);
    }
    for (const input of one("[data-facet=verdict]").querySelectorAll("input")) input.checked = words.has(input.value);
    show(one(".verdict-boxes"), condition.value);
    show(one("[data-facet=verdict]"), conditions.length);
  };

  const options = (offset, limit) => Object.assign({}, asked, { offset, limit });

  const render = (result) => {
    hits.textContent = "";
    hits.append(...result.hits.map(hit));
    heading.textContent = count(result.total);
    if (asked.q.trim()) {
      heading.append(" for “");
      element("bdi", heading, asked.q.trim());
      heading.append("”");
    }
    document.title = `${heading.textContent} – ${home}`;
    const corrected = one(".corrected");
    corrected.textContent = "Showing results for ";
    result.corrected.forEach(({ to }, i) => {
      corrected.append(i ? ", " : "");
      element("strong", corrected, to);
    });
    corrected.append(". You wrote ");
    element("bdi", corrected, result.corrected.map(({ from }) => from).join(", "));
    show(corrected, result.corrected.length && result.total);
    show(one(".sort"), result.total > 1);
    show(one(".nothing"), !result.total);
    show(one(".nothing-chosen"), chosen());
    show(more, result.hits.length < result.total);
    for (const name of FACETS.slice(0, -1)) facet(name, result.facets[name] || []);
    filters.querySelectorAll("details").forEach((details) => {
      const number = asked[details.dataset.facet].length;
      one(".chosen", details).textContent = number ? `${number} chosen` : "";
    });
    one(".filters-button .chosen").textContent = chosen() ? `${chosen()} chosen` : "";
    show(one(".filters > .clear"), chosen());
    area.classList.add("is-ready");
  };

  const open = () => {
    engine = engine || new Promise((resolve) => {
      if (window.osteonSearch) resolve();
      else addEventListener("DOMContentLoaded", resolve);
    }).then(() => window.osteonSearch.open(form.dataset.folder));
    return engine;
  };

  const run = async (wait) => {
    const turn = (latest += 1);
    show(area, isAsked());
    document.body.classList.toggle("is-searching", !!isAsked());
    showRecent();
    if (!isAsked()) {
      document.title = home;
      return say("", 0);
    }
    try {
      const found = await open();
      const result = await found.search(asked.q, options(0, asked.shown));
      if (turn !== latest) return;
      verdicts(found.conditions);
      render(result);
      const instead = result.corrected.length && result.total ? `. Showing results for ${result.corrected.map(({ to }) => to).join(", ")}` : "";
      say(count(result.total) + instead, wait);
    } catch (error) {
      if (turn !== latest) return;
      heading.textContent = home.split(" – ")[0];
      show(one(".broken"), true);
      throw error;
    }
  };

  // A choice is a step of its own in the history; letters that are typed one after another are one step.
  const choose = () => {
    asked.shown = LIMIT;
    write(true);
    isSettled = true;
    run(300);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    asked.q = box.value;
    remember();
    choose();
    if (matchMedia("(pointer: coarse)").matches) box.blur();
  });
  box.addEventListener("input", () => {
    clearTimeout(later);
    later = setTimeout(() => {
      asked.q = box.value;
      asked.shown = LIMIT;
      write(isSettled);
      isSettled = false;
      run(900);
    }, 60);
  });
  sort.addEventListener("change", () => {
    asked.sort = sort.value;
    choose();
  });
  filters.addEventListener("change", ({ target }) => {
    const { facet } = target.closest("details").dataset;
    if (facet === "verdict") {
      const words = [...filters.querySelectorAll(".verdict-boxes input:checked")].map((input) => input.value);
      asked.verdict = condition.value ? (words.length ? words : ["ok"]).map((word) => `${condition.value}:${word}`) : [];
    } else {
      asked[facet] = asked[facet].filter((value) => value !== target.value);
      if (target.checked) asked[facet].push(target.value);
    }
    choose();
  });
  form.addEventListener("click", async ({ target }) => {
    if (target.closest(".filters-button")) {
      const isOpen = filters.classList.toggle("is-open");
      one(".filters-button").setAttribute("aria-expanded", isOpen);
    } else if (target.closest(".clear")) {
      for (const name of FACETS) asked[name] = [];
      choose();
      heading.focus();
    } else if (target.closest(".recent button")) {
      remembered([]);
      showRecent();
      box.focus();
    } else if (target === more) {
      const next = await (await open()).search(asked.q, options(asked.shown, LIMIT));
      const items = next.hits.map(hit);
      hits.append(...items);
      asked.shown += LIMIT;
      write(false);
      show(more, hits.children.length < next.total);
      if (items[0]) one("a", items[0]).focus();
      say(`${hits.children.length} of ${count(next.total)}`, 300);
    } else if (target.closest(".hit a")) remember();
  });
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    box.focus();
  });
  addEventListener("popstate", () => {
    read();
    run(300);
  });

  read();
  if (asked.q) remember();
  run(300);
})();
