/** Filters and keys of the page, which can be read without it. It is text, since it runs in the reader's browser. */
export const PAGE_SCRIPT = `
'use strict';
const search = document.querySelector('#search');
const count = document.querySelector('#count');
const kindFilters = [...document.querySelectorAll('[data-kind-filter]')];
const verdictFilters = [...document.querySelectorAll('[data-verdict-filter]')];
const items = [...document.querySelectorAll('[data-item]')].map((element) => ({
  element,
  text: element.textContent.toLowerCase(),
}));

function pressed(buttons, name) {
  return buttons.filter((button) => button.ariaPressed === 'true').map((button) => button.dataset[name]);
}

function filter() {
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  const kinds = pressed(kindFilters, 'kindFilter');
  const verdicts = pressed(verdictFilters, 'verdictFilter');
  const writes = document.querySelector('#all-writes');
  if (writes && (words.length > 0 || verdicts.length > 0)) writes.open = true;
  let shown = 0;
  for (const { element, text } of items) {
    const { kind, verdict } = element.dataset;
    const matches =
      words.every((word) => text.includes(word)) &&
      (kind === undefined || kinds.length === 0 || kinds.includes(kind)) &&
      (verdict === undefined || verdicts.length === 0 || verdicts.includes(verdict));
    element.hidden = !matches;
    if (matches) shown += 1;
  }
  for (const part of document.querySelectorAll('.group, main > section')) {
    const all = part.querySelectorAll('[data-item]');
    const isEmpty = all.length > 0 && !part.querySelector('[data-item]:not([hidden])');
    if (part.className === 'group') part.hidden = isEmpty;
    else {
      const none = part.querySelector('.none');
      if (none) none.hidden = !isEmpty;
      const table = part.querySelector('#all-writes');
      if (table) table.hidden = isEmpty;
    }
  }
  count.textContent = shown === items.length ? '' : shown + ' of ' + items.length + ' shown';
}

let waiting = 0;
search.addEventListener('input', () => {
  clearTimeout(waiting);
  waiting = setTimeout(filter, items.length > 500 ? 120 : 0);
});
for (const button of [...kindFilters, ...verdictFilters]) {
  button.addEventListener('click', () => {
    button.ariaPressed = String(button.ariaPressed !== 'true');
    filter();
  });
}

function go(step) {
  const findings = [...document.querySelectorAll('#findings article:not([hidden])')];
  const next = findings[findings.indexOf(document.activeElement) + step] ?? findings[0];
  next?.focus();
  next?.scrollIntoView({ block: 'start' });
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target === search) {
    if (event.key !== 'Escape') return;
    search.value = '';
    filter();
    search.blur();
  } else if (event.key === '/') {
    event.preventDefault();
    search.focus();
  } else if (event.key === 'j') go(1);
  else if (event.key === 'k') go(-1);
});

document.querySelector('#tools').hidden = false;
`;
