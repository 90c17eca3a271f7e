// The twin of src/search/query.rs, explained in docs/search.md.
(() => {
"use strict";
const waiting = {};
const VALUES = [10, 13, 18, 25, 33, 43, 56, 72, 90, 110, 130, 151, 171, 188, 203, 215];
const NEARNESS = [48, 24, 16, 12, 8, 6, 4, 3, 0];
const WORD = /[\p{Alphabetic}\p{N}]+/gu;

const wordsOf = (text) => text.normalize("NFKD").toLowerCase().replace(/[\u0300-\u036f]/g, "").replace(/ς/g, "σ")
  .replace(/['’‘]s(?![\p{Alphabetic}\p{N}])|['’‘]/gu, "").match(WORD) || [];
const slug = (text) => (text.toLowerCase().replace(/['’]/g, "").match(WORD) || []).join("-");

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }
  number() {
    for (let number = 0; ;) {
      const code = this.text.charCodeAt(this.at++);
      const digit = code - 32 - (code > 34) - (code > 60) - (code > 92);
      if (!(digit >= 60)) return number * 60 + digit;
      number = number * 32 + digit - 60;
    }
  }
  string() {
    const length = this.number();
    return this.text.slice(this.at, this.at += length);
  }
  all(read) {
    const all = [];
    while (this.at < this.text.length) all.push(read(this));
    return all;
  }
  words(read) {
    let word = "";
    return this.all(() => read(word = word.slice(0, this.number()) + this.string(), this));
  }
}
const numbers = (text) => new Reader(text).all((reader) => reader.number());
const sums = (list) => {
  let sum = 0;
  return list.map((number) => sum += number);
};

// Damerau-Levenshtein, up to a limit.
const distance = (one, other, limit) => {
  if (Math.abs(one.length - other.length) > limit) return limit + 1;
  let before, row, last = [...other.keys(), other.length];
  for (const [i, letter] of one.entries()) {
    row = [i + 1];
    other.forEach((wanted, j) => {
      row.push(Math.min(last[j] + (letter !== wanted), last[j + 1] + 1, row[j] + 1));
      if (i && j && letter === other[j - 1] && one[i - 1] === wanted) row[j + 1] = Math.min(row[j + 1], before[j - 1] + 1);
    });
    if (Math.min(...row) > limit) return limit + 1;
    [before, last] = [last, row];
  }
  return last.pop();
};

const script = (url, name) => new Promise((resolve, reject) => {
  const element = document.createElement("script");
  (waiting[name] = waiting[name] || []).push(resolve);
  element.src = url;
  element.onerror = reject;
  element.onload = () => element.remove();
  document.head.append(element);
});

const engine = (folder, directory) => {
const files = {};
const { documents, kinds, verdicts } = directory;
const root = folder.replace(/search\/[^/]*\/$/, "");
const stop = new Set(directory.stop.split(" "));
const conditions = directory.conditions.map(([id, label, stops]) => ({ id, label, stops }));

const file = (name, read) => files[name] = files[name] || script(`${folder}${name}.js`, name).then(read).catch((error) => {
  delete files[name];
  throw error;
});
const named = (names, at) => names.slice(at * 10, at * 10 + 10);
const position = (starts, word) => Math.max(starts.split(" ").filter((start) => start <= word).length - 1, 0);

const formFile = (at) => file(named(directory.forms[0], at), (text) => new Reader(text).words((form, reader) => {
  const cut = reader.number();
  return { form, stem: form.slice(0, form.length - cut) + reader.string(), count: reader.number() };
}));
const forms = async (from, to) => {
  const [names, starts] = directory.forms, all = [];
  for (let at = position(starts, from); names && at <= position(starts, to); at++) all.push(formFile(at));
  return [].concat(...await Promise.all(all));
};
const form = async (word) => {
  const all = await forms(word, word);
  return all.find((one) => one.form === word);
};
const stem = async (key) => {
  const [names, starts, places] = directory.stems, in_ = position(starts, key);
  const found = names && (await file(named(names, in_), (text) => {
    const all = new Map();
    new Reader(text).words((word, reader) => {
      all.set(word, { idf: reader.number(), list: reader.string(), at: all.size, file: named(places, in_) });
    });
    return all;
  })).get(key);
  if (!found) return null;
  if (!found.levels) {
    const list = numbers(found.list), entries = sums(list.map((number) => number >> 4));
    found.levels = new Map(entries.map((entry, i) => [entry, list[i] & 15]));
  }
  return found;
};
const loadPlaces = async (found) => {
  const all = await file(found.file, (text) => new Reader(text).all((reader) => reader.string()));
  if (found.places) return;
  const reader = new Reader(all[found.at]);
  found.places = new Map([...found.levels.keys()].map((entry) => {
    const run = [];
    for (let place = 0, number = 0; !(number & 1);) run.push(place += (number = reader.number()) >> 1);
    return [entry, run];
  }));
};

const parse = (text) => {
  const words = [], excluded = [];
  text.slice(0, 300).replace(/[“”„«»]/g, '"').replace(/-?"[^"]*"|[^\s"]+/g, (part, at) => {
    if (part[0] === "-") excluded.push(wordsOf(part));
    else words.push(...wordsOf(part).map((word) => ({ word, phrase: part.endsWith('"') && at + 1 })));
  });
  return { words: words.slice(0, 12), excluded };
};

const addStems = (stems, found, limit, first, weight = first) => {
  found.sort((a, b) => b.count - a.count || (a.form < b.form ? -1 : 1));
  for (const { stem } of found) {
    if (limit && !stems.some((known) => known.stem === stem)) {
      stems.push({ stem, weight: stems.length ? weight : first });
      limit--;
    }
  }
};
const joined = (one, other) => one && other && !one.phrase && !other.phrase && form(one.word + other.word);
const split = async (word) => {
  let best = null, most = 0;
  for (let cut = 3; cut <= word.length - 3; cut++) {
    const one = await form(word.slice(0, cut)), other = await form(word.slice(cut));
    const rarer = one && other ? Math.min(one.count, other.count) : 0;
    if (rarer > most) [most, best] = [rarer, [one, other]];
  }
  return best;
};
const spellings = async (word) => {
  const own = [...word];
  if (own.length < 3 || /\p{N}/u.test(word)) return [];
  for (const start of [own[0], ""]) {
    let nearest = own.length < 8 ? 1 : 2, found = [];
    for (const one of await forms(start, start + "\uffff")) {
      const far = one.form.startsWith(start) ? distance(own, [...one.form], nearest) : 9;
      if (far < nearest) [nearest, found] = [far, []];
      if (far === nearest) found.push(one);
    }
    if (found.length) return found;
  }
  return [];
};

// What each word of a query stands for.
const resolve = async (words, typing) => {
  const hasContent = words.some(({ word }) => !stop.has(word));
  const units = [], typed = [], corrected = [], phrases = {};
  for (const [i, { word, phrase }] of words.entries()) {
    const at = typed.length, isTyped = typing && i === words.length - 1 && !phrase, stems = [];
    const exact = await form(word);
    if (phrase) {
      const own = phrases[phrase] = phrases[phrase] || [];
      if (!stop.has(word)) own.push({ at, ...exact });
    }
    if (phrase || (hasContent && stop.has(word) && !isTyped)) {
      typed.push({ ...exact, word });
      continue;
    }
    for (const found of [exact, await joined(words[i - 1], words[i]), await joined(words[i], words[i + 1])]) {
      if (found) addStems(stems, [found], 1, 16);
    }
    if ((isTyped || !stems.length) && [...word].length > (isTyped ? 1 : 2)) {
      const all = await forms(word, word + "\uffff");
      addStems(stems, all.filter((one) => one.form.startsWith(word)), 8, 12);
    }
    const parts = !stems.length && await split(word);
    if (parts) {
      for (const { form: word, stem } of parts) {
        units.push({ at: typed.length, stems: [{ stem, weight: 16 }] });
        typed.push({ word, stem });
      }
      continue;
    }
    let shown = word;
    if (!stems.length) {
      const found = await spellings(word);
      addStems(stems, found, 4, 14, 10);
      if (found[0]) {
        shown = found[0].form;
        if (!shown.startsWith(word) && !word.startsWith(shown)) corrected.push({ from: word, to: shown });
      }
    }
    typed.push({ word: shown, stem: stems[0] && stems[0].stem });
    units.push({ at, stems });
  }
  return { units, typed, corrected, phrases: Object.values(phrases) };
};

// The score of each entry with a phrase.
const phraseIn = async (phrase) => {
  const scores = new Map();
  const found = await Promise.all(phrase.map((word) => word.stem && stem(word.stem)));
  if (!found.length || !found.every(Boolean)) return scores;
  await Promise.all(found.map(loadPlaces));
  for (let [entry, starts] of found[0].places) {
    let score = 0;
    found.forEach((one, i) => {
      const own = one.places.get(entry) || [];
      starts = starts.filter((place) => own.includes(place + phrase[i].at - phrase[0].at));
      score += one.idf * VALUES[one.levels.get(entry)];
    });
    if (starts.length) scores.set(entry, score);
  }
  return scores;
};

const placesOf = (unit, entry) => [].concat(...unit.stems.map(({ found }) => (found && found.places.get(entry)) || []));
const weightOf = (unit) => (unit.stems[0] && unit.stems[0].found ? unit.stems[0].found.idf : 0);
const nearness = (units, entry) => {
  let sum = 0, last;
  for (const unit of units) {
    const places = placesOf(unit, entry);
    if (!places.length) continue;
    if (last) {
      let nearest = 8;
      for (const one of last.places) {
        for (const other of places) nearest = Math.min(nearest, Math.abs(other - one - unit.at + last.unit.at));
      }
      sum += (weightOf(last.unit) + weightOf(unit)) * NEARNESS[nearest];
    }
    last = { unit, places };
  }
  return sum;
};
const best = (a, b) => b.score - a.score || a.entry - b.entry;

const rank = async (text, typing) => {
  const { words, excluded } = parse(text);
  const query = await resolve(words, typing && /[\p{Alphabetic}\p{N}]$/u.test(text));
  const { units, typed, phrases } = query, total = units.length + phrases.length;
  const [scores, matched, named] = [0, 0, 0].map(() => new Uint32Array(documents));
  const out = new Uint8Array(documents);
  await Promise.all(units.map((unit) => Promise.all(unit.stems.map(async (one) => { one.found = await stem(one.stem); }))));
  for (const { stems } of units) {
    const best = new Uint32Array(documents);
    for (const { found, weight } of stems) {
      if (!found) continue;
      for (const [entry, level] of found.levels) {
        best[entry] = Math.max(best[entry], found.idf * VALUES[level] * weight >> 4);
      }
    }
    best.forEach((score, entry) => {
      scores[entry] += score;
      matched[entry] += score > 0;
    });
  }
  for (const found of await Promise.all(phrases.map(phraseIn))) {
    out.forEach((_, entry) => {
      if (!found.has(entry)) out[entry] = 1;
      else scores[entry] += found.get(entry), matched[entry]++;
    });
  }
  for (const words of excluded) {
    const phrase = [];
    for (const [at, word] of words.entries()) if (!stop.has(word)) phrase.push({ ...await form(word), at });
    for (const entry of (await phraseIn(phrase)).keys()) out[entry] = 1;
  }
  // Names of entries that stand in the query, the longest first.
  const taken = [];
  for (let length = Math.min(typed.length, 6); length; length--) {
    for (let start = 0; start + length <= typed.length; start++) {
      const run = typed.slice(start, start + length);
      const keys = run.map(({ word, stem }) => stem || (stop.has(word) && word));
      if (!keys.every(Boolean) || run.some((word) => taken.includes(word))) continue;
      const name = await stem("=" + keys.join("_"));
      if (!name) continue;
      taken.push(...run);
      let lift = 0;
      for (const word of run) {
        const found = word.stem && await stem(word.stem);
        if (found) lift += found.idf * VALUES[15] >> 1;
      }
      for (const [entry, level] of name.levels) {
        scores[entry] += lift;
        if (run.length === typed.length) named[entry] = level;
        if (run.length > 1) matched[entry] = total;
      }
    }
  }
  // With fewer than three results some may lack a word.
  let ranked, need = total;
  do {
    ranked = [];
    out.forEach((isOut, entry) => {
      if (!isOut && (named[entry] || (matched[entry] && matched[entry] >= need))) ranked.push({ entry });
    });
  } while (--need > 0 && ranked.length < 3);
  for (const one of ranked) {
    const score = scores[one.entry], has = matched[one.entry];
    one.named = named[one.entry];
    one.score = (has < total ? Math.floor(score * has * has / (total * total)) : score + (1 << 22)) + one.named * (1 << 24);
  }
  return Object.assign(query, { text, ranked: ranked.sort(best) });
};

const address = (path) => {
  const [page, anchor] = path.slice(1).split("#");
  return root + page + (/^file:/.test(root) && /(^|\/)$/.test(page) ? "index.html" : "") + (anchor ? "#" + anchor : "");
};
const sections = (path, data, entry, units) => {
  const all = [];
  let start = 0;
  for (let i = 6; i < data.length; i += 3) {
    start += data[i] * 256;
    if (all.length) all[all.length - 1].end = start;
    all.push({ start, title: data[i + 1], url: address(`${path}#${data[i + 2] || slug(data[i + 1])}`) });
  }
  for (const one of all) {
    one.words = units.filter((unit) => placesOf(unit, entry).some((place) => place >= one.start && !(place >= one.end))).length;
  }
  const most = Math.max(1, ...all.map((one) => one.words));
  return all.filter((one) => one.words === most).slice(0, 3).map(({ title, url }) => ({ title, url }));
};
const hit = async ({ entry, named: name, score }, units, marks) => {
  const data = (await file(named(directory.records, entry >> 4), (all) => all))[entry & 15];
  const [id, title, summary, other, told, warning] = data;
  const [kind, kindLabel, start] = kinds.filter((kind) => kind[3] <= entry).pop();
  const path = other || start + id + (start.endsWith("#") ? "" : "/");
  const result = { id, kind, kindLabel, title, summary, url: address(path), verdict: null, warning: null, marks, score };
  if (told) {
    const own = conditions.map(({ stops }, i) => (stops ? 0 : +told[i])), strictest = Math.max(0, ...own);
    const who = conditions.filter((_, i) => strictest && own[i] === strictest).map(({ label }) => label);
    result.verdict = { word: verdicts[strictest][0], conditions: who.slice(0, 3), more: Math.max(who.length - 3, 0) };
    if (name && strictest === 3 && warning >= 0) result.warning = await hit({ entry: warning }, [], marks);
  }
  result.isWarningFirst = !!result.warning;
  result.sections = units.length ? sections(path, data, entry, units) : [];
  return result;
};
const marksOf = async ({ units, typed }) => {
  const stems = new Set([].concat(...units.map((unit) => unit.stems), typed).map((one) => one.stem));
  const all = new Set(typed.map(({ word }) => word).filter((word) => !stop.has(word)));
  for (const stem of stems) {
    if (stem) for (const one of await forms(stem, stem)) if (stems.has(one.stem)) all.add(one.form);
  }
  return [...all];
};
const show = async (query, ranked, units, offset, limit, facets) => {
  const marks = await marksOf(query);
  const hits = await Promise.all(ranked.slice(offset, offset + limit).map((one) => hit(one, units, marks)));
  const { text, typed, corrected } = query;
  return { text, words: typed.map(({ word }) => word), corrected, total: ranked.length, hits, facets };
};

const loadFacets = () => file(directory.facets, ([facets, first, told]) => {
  const own = [];
  conditions.forEach(({ id, label }, at) => verdicts.forEach(([word, name], digit) => {
    const entries = [];
    for (let i = at; i < told.length; i += conditions.length) if (+told[i] === digit) entries.push(first + (i - at) / conditions.length);
    own.push({ value: `${id}:${word}`, label: `${label}: ${name}`, entries });
  }));
  return [...facets.map(([id, values]) => [
    id, values.map(([value, label, list]) => ({ value, label, entries: sums(numbers(list)) }))
  ]), ["verdict", own]];
});

return {
  conditions,
  async suggest(text, limit = 8) {
    const query = await rank(text, true);
    return show(query, query.ranked, [], 0, limit, {});
  },
  async search(text, options = {}) {
    const [query, facets] = await Promise.all([rank(text), loadFacets()]);
    const { units, ranked } = query, counts = {};
    // Facets can be used alone.
    if (!/\S/.test(text)) for (let entry = 0; entry < documents; entry++) ranked.push({ entry, score: 0 });
    for (const { stems } of units) await Promise.all(stems.map(({ found }) => found && loadPlaces(found)));
    if (units.length > 1) for (const one of ranked.slice(0, 32)) one.score += nearness(units, one.entry);
    ranked.sort(best);
    // How many facets each result lacks.
    const lacks = new Uint8Array(documents).fill(99);
    for (const { entry } of ranked) lacks[entry] = 0;
    const wanted = facets.map(([id, values]) => {
      const chosen = values.filter(({ value }) => (options[id] || []).includes(value));
      const set = chosen.length && new Set([].concat(...chosen.map(({ entries }) => entries)));
      if (set) lacks.forEach((_, entry) => { lacks[entry] += !set.has(entry); });
      return set;
    });
    facets.forEach(([id, values], i) => {
      counts[id] = values.map(({ value, label, entries }) => ({
        value, label, count: entries.filter((entry) => lacks[entry] === +(wanted[i] && !wanted[i].has(entry))).length
      }));
    });
    const kept = ranked.filter(({ entry }) => !lacks[entry]);
    if ((options.sort || "relevance") !== "relevance") {
      const order = (await file(directory.orders, (all) => all))[options.sort] || "";
      const ranks = new Uint32Array(documents).fill(documents);
      numbers(order).forEach((entry, rank) => { ranks[entry] = rank; });
      kept.sort((a, b) => ranks[a.entry] - ranks[b.entry] || best(a, b));
    }
    return show(query, kept, units, options.offset || 0, options.limit || 10, counts);
  }
};
};

window.osteonSearch = {
  part(name, data) {
    for (const resolve of waiting[name] || []) resolve(data);
    delete waiting[name];
  },
  async open(folder) {
    return engine(folder, await script(`${folder}directory.js`, folder.split("/").slice(-2)[0]));
  }
};
})();
