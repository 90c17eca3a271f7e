// What `osteon serve` adds to a page: loads it again when it has changed, and shows what was found.
// All text of the site is set as text and never as markup.
(() => {
  'use strict';

  const page = document.currentScript.dataset.page;
  const SCROLL = 'osteon-scroll';
  const SEEN = 'osteon-seen';
  const SHOWN = 100;

  // What was told last.
  let told = { errors: 0, warnings: 0, found: '' };
  // What the open dialog shows: `warnings`, or the name of a set of errors.
  let shown = '';

  const { root, styled } = host();
  const badge = element('button', { type: 'button', className: 'badge', hidden: true });
  const dialog = element('dialog', {});
  badge.setAttribute('aria-haspopup', 'dialog');
  dialog.setAttribute('aria-labelledby', 'title');
  badge.addEventListener('click', () => show(told.errors > 0));
  // Escape closes a dialog in every browser, too.
  dialog.addEventListener('close', () => {
    if (told.errors > 0) remember(SEEN, told.found);
    shown = '';
  });
  root.append(badge, dialog);

  restore();
  connect(250);

  // Listens for what the server tells; after a while again if it has gone away.
  function connect(wait) {
    const socket = new WebSocket(`ws://${location.host}/_osteon/live?path=${encodeURIComponent(location.pathname)}`);
    let next = Math.min(wait * 2, 4000);
    socket.addEventListener('message', (event) => {
      next = 250;
      hear(JSON.parse(event.data));
    });
    socket.addEventListener('close', () => setTimeout(connect, wait, next));
    // A page that waits behind the back button must not hold a socket.
    addEventListener('pagehide', () => socket.close(), { once: true });
  }

  function hear(message) {
    if (message.page !== page) {
      remember(SCROLL, JSON.stringify([location.pathname, scrollX, scrollY]));
      location.reload();
      return;
    }
    told = message;
    const counts = [count(told.errors, 'error'), count(told.warnings, 'warning')].filter(Boolean);
    badge.hidden = counts.length === 0;
    badge.textContent = counts.join(', ');
    badge.className = told.errors > 0 ? 'badge grave' : 'badge';
    if (told.errors === 0) {
      if (shown !== 'warnings') dialog.close();
    } else if (told.found !== shown && told.found !== recall(SEEN)) {
      show(true);
    }
  }

  // Shows the errors, or everything if there are none.
  async function show(areErrors) {
    const asked = told.found;
    let report;
    try {
      report = await (await fetch(`/_osteon/findings${areErrors ? '?level=error' : ''}`)).json();
    } catch {
      return;
    }
    // Something newer was told meanwhile, and is shown for itself.
    if (asked !== told.found) return;
    await styled;
    const findings = report.findings.filter((finding) => finding.level !== 'note');
    const total = areErrors ? count(told.errors, 'error') : count(told.warnings, 'warning');
    const close = element('button', { type: 'button', textContent: 'Close' });
    close.addEventListener('click', () => dialog.close());
    let about = 'The site is built all the same.';
    if (areErrors) about = 'The site below is the last one without errors. The new one comes by itself when they are mended.';
    if (page === 'none') about = 'The site comes by itself when they are mended.';
    const list = element('ol', {});
    if (report.problem) list.append(element('li', {}, element('h2', { textContent: report.problem })));
    list.append(...findings.slice(0, SHOWN).map(item));
    const parts = [
      element('div', { className: 'top' }, element('h1', { id: 'title', textContent: total }), close),
      element('p', { className: 'about', textContent: about }),
      list,
    ];
    if (findings.length > SHOWN) {
      parts.push(element('p', { className: 'about', textContent: `and ${findings.length - SHOWN} more: “osteon check” shows all` }));
    }
    dialog.replaceChildren(...parts);
    dialog.className = areErrors ? '' : 'mild';
    shown = areErrors ? asked : 'warnings';
    if (!dialog.open) dialog.showModal();
    close.focus();
  }

  // A finding as an entry of the list.
  function item(finding) {
    const place = [finding.file, finding.line, finding.column].filter((part) => part != null).join(':');
    const entry = element(
      'li',
      {},
      element('h2', {}, element('span', { className: 'level', textContent: `${finding.level}: ` }), finding.message),
      element('p', { className: 'place', textContent: `${place} (${finding.code} ${finding.name})` }),
    );
    if (finding.source) {
      const { before, marked, after } = finding.source;
      entry.append(element('pre', {}, element('code', {}, before, element('mark', { textContent: marked }), after)));
    }
    if (finding.help) entry.append(element('p', { textContent: `Help: ${finding.help}` }));
    if (finding.notes.length > 0) {
      const note = ({ text, file, line, column }) => {
        const at = [file, line, column].filter((part) => part != null).join(':');
        return element('li', { textContent: at ? `${text} (${at})` : text });
      };
      entry.append(element('ul', {}, ...finding.notes.map(note)));
    }
    return entry;
  }

  // Goes to where the reader was before the page was loaded again.
  function restore() {
    const [path, x, y] = JSON.parse(recall(SCROLL) || '[]');
    remember(SCROLL, '');
    if (path === location.pathname) scrollTo({ left: x, top: y, behavior: 'instant' });
  }

  // A root of its own for the style, beside the body, which a page may replace.
  function host() {
    const node = element('osteon-live', { lang: 'en', dir: 'ltr' });
    const root = node.attachShadow({ mode: 'open' });
    const style = element('link', { rel: 'stylesheet', href: '/_osteon/live.css' });
    const styled = new Promise((resolve) => {
      style.addEventListener('load', resolve);
      style.addEventListener('error', resolve);
    });
    root.append(style);
    document.documentElement.append(node);
    return { root, styled };
  }

  function element(name, properties, ...children) {
    const node = Object.assign(document.createElement(name), properties);
    node.append(...children);
    return node;
  }

  function count(number, word) {
    return number === 0 ? '' : `${number} ${word}${number === 1 ? '' : 's'}`;
  }

  // Storage may be forbidden; then nothing is remembered.
  function remember(key, value) {
    try {
      sessionStorage.setItem(key, value);
    } catch {}
  }

  function recall(key) {
    try {
      return sessionStorage.getItem(key);
    } catch {
      return null;
    }
  }
})();
