/** Shows what the server tells: `state`, `statement` and `note` events of /events. Counts nothing itself. */
const SHOWN_STATEMENTS = 60;

/** What one side shows, by the names in the template. */
function createSide(section) {
  section.append(document.querySelector('#side').content.cloneNode(true));
  const find = (attribute) => (name) => section.querySelector(`[data-${attribute}="${name}"]`);
  return { figure: find('figure'), list: find('list') };
}

const sides = Object.fromEntries(
  [...document.querySelectorAll('section[data-side]')].map((section) => [
    section.dataset.side,
    createSide(section),
  ]),
);

function item(text, className = '') {
  const element = document.createElement('li');
  element.textContent = text;
  element.className = className;
  return element;
}

/** A statement without what only its author has to see: long lists of columns, and our own conditions behind `where`. */
function shortened(text) {
  return text.length > 160 ? `${text.slice(0, 160)} …` : text;
}

/** `A (connection 815)`; of a connection that is not listed, its number alone. */
function nameOf(pid, backends) {
  const name = backends.find((backend) => backend.pid === pid)?.name.split(' ')[0];
  return name === undefined ? `connection ${pid}` : `${name} (connection ${pid})`;
}

function describeBackend({ pid, isWaiting, waitsFor }, backends) {
  if (!isWaiting) return `${nameOf(pid, backends)} holds`;
  const others = waitsFor.map((other) => nameOf(other, backends));
  return `${nameOf(pid, backends)} waits for ${others.join(', ')}`;
}

function showSide(side, name, { ledger, backends, processes }) {
  const { sold, sales, lost } = ledger[name];
  for (const [figure, value] of Object.entries({ sold, sales, lost }))
    side.figure(figure).textContent = String(value);
  side.figure('lost').parentElement.classList.toggle('some', lost > 0);
  side.list('views').replaceChildren(
    ...processes
      .filter(({ views }) => views[name])
      .map(({ name: process, views }) => {
        const { sold: seen, because } = views[name];
        return item(
          `${process}: ${seen} sold (${because})${seen === sold ? '' : ' – not what the row says'}`,
          seen === sold ? '' : 'old',
        );
      }),
  );
  const own = backends.filter((backend) => backend.name.endsWith(name));
  const waiting = own.filter(({ isWaiting }) => isWaiting);
  side
    .list('backends')
    .replaceChildren(
      ...(own.length === 0 ? [item('nobody holds one', 'none')] : []),
      ...own
        .filter(({ isWaiting }) => !isWaiting)
        .map((each) => item(describeBackend(each, own), 'holds')),
      ...waiting.slice(0, 3).map((each) => item(describeBackend(each, own), 'waits')),
      ...(waiting.length > 3 ? [item(`and ${waiting.length - 3} more wait`, 'waits')] : []),
    );
}

function showState(state) {
  for (const [name, side] of Object.entries(sides)) showSide(side, name, state);
  document.querySelector('#processes').replaceChildren(
    ...state.processes.map(({ name, pid, isRunning }) => {
      const element = document.createElement('span');
      element.textContent = `${name}: process ${pid}${isRunning ? '' : ', ended'}`;
      return element;
    }),
  );
  document.body.classList.toggle('bus-cut', state.isBusCut);
  for (const button of document.querySelectorAll('button'))
    button.disabled =
      state.running !== undefined ||
      (button.dataset.action === 'third' && state.processes.length > 2);
}

function showStatement({ process, side, text }) {
  const list = sides[side].list('statements');
  const element = item(shortened(text), /\bfor (no key )?update\b/i.test(text) ? 'locks' : '');
  element.dataset.process = process;
  list.prepend(element);
  while (list.childElementCount > SHOWN_STATEMENTS) list.lastElementChild.remove();
}

function showNote({ text }) {
  document.querySelector('#note').textContent = text;
}

const SHOW = {
  state: ({ state }) => showState(state),
  statement: showStatement,
  note: showNote,
};

const events = new EventSource('events');
events.onmessage = ({ data }) => {
  const event = JSON.parse(data);
  SHOW[event.type](event);
};
events.onerror = () => showNote({ text: 'The demo does not answer. Was it ended?' });

for (const button of document.querySelectorAll('button[data-action]')) {
  button.addEventListener('click', async () => {
    const { action } = button.dataset;
    if (action === 'reset')
      for (const { list } of Object.values(sides)) list('statements').replaceChildren();
    showNote({ text: '' });
    await fetch(`actions/${encodeURIComponent(action)}`, { method: 'POST' });
  });
}
