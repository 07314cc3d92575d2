import type { Audit } from '../../model/audit.js';
import type { StateEntry } from '../../model/state-entry.js';
import { markup, prose, type Markup } from './markup.js';
import { showPlaces, showSource } from './places.js';

/** What is one per process, with who writes and who reads it. */
export function showProcessState({ state }: Audit): Markup {
  const entries =
    state.length === 0 ? markup`<p>Nothing found.</p>` : markup`${state.map(showEntry)}`;
  return markup`<section id="state"><h2>State of this process (${state.length})</h2>
<p class="quiet">A second process has its own of each, or does the same again.</p>
<p class="none" hidden>Nothing here matches.</p>${entries}</section>`;
}

function showEntry({ kind, name, place, message, writers, readers }: StateEntry): Markup {
  return markup`<article data-item data-state-kind="${kind}"><h3><code>${name}</code> <span class="quiet">${kind}</span></h3>
<p>${prose(message)}</p>${showSource(place)}
${showPlaces(writers, kind === 'schedule' || kind === 'listener' ? 'Writes' : 'Written')}${showPlaces(readers, 'Read')}</article>`;
}
