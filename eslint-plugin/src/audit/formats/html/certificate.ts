import type { Audit } from '../../model/audit.js';
import { VERDICTS, type Verdict, type WriteSite } from '../../model/write-site.js';
import { Markup, markup, NOTHING, prose } from './markup.js';
import { showAddress } from './places.js';

const MEANINGS: Readonly<Record<Verdict, string>> = {
  locked: 'under a lock of its row',
  atomic: 'computed by the database in one statement',
  guarded: 'happens only while a predicate or a key still holds',
  insert: 'adds a row',
  stale: 'decided on what may have changed since it was read',
  unknown: 'not followed by this audit',
};

/** More writes than these are behind a line, so that the findings are not far below. */
const MOST_OPEN = 12;

/** The widths of the bar add up to this. */
const WIDTH = 1000;

/** Every write with its verdict: a bar, whose legend filters the table below it. */
export function showCertificate({ writes, summary }: Audit): Markup {
  if (writes.length === 0) {
    return markup`<section id="writes"><h2>Writes</h2><p>No write of a database that this audit knows.</p></section>`;
  }
  const shown = VERDICTS.filter((verdict) => summary.writes[verdict] > 0);
  const legend = shown.map(
    (
      verdict,
    ) => markup`<li><button type="button" data-verdict-filter="${verdict}" aria-pressed="false">
<span class="swatch ${verdict}"></span><b>${summary.writes[verdict]} ${verdict}</b> <span class="quiet">${MEANINGS[verdict]}</span></button></li>`,
  );
  const complete = summary.isComplete
    ? markup`<p>Complete: each of them is locked, atomic, guarded or an insert.</p>`
    : NOTHING;
  return markup`<section id="writes"><h2>Writes (${writes.length})</h2>
${complete}${showBar(summary.writes, shown, writes.length)}
<ul class="legend" aria-label="Show only writes with this verdict">${legend}</ul>
<p class="none" hidden>No write matches.</p>
<details id="all-writes"${writes.length > MOST_OPEN ? NOTHING : new Markup(' open')}><summary>Each write</summary>
<table><thead><tr><th scope="col">Verdict</th><th scope="col">Write</th><th scope="col">Why</th></tr></thead>
<tbody>${writes.map(showWrite)}</tbody></table></details></section>`;
}

function showBar(
  counts: Readonly<Record<Verdict, number>>,
  shown: readonly Verdict[],
  total: number,
): Markup {
  const label = shown.map((verdict) => `${counts[verdict]} ${verdict}`).join(', ');
  let x = 0;
  const parts = shown.map((verdict) => {
    const width = (counts[verdict] / total) * WIDTH;
    const part = markup`<rect class="${verdict}" x="${x.toFixed(1)}" width="${width.toFixed(1)}" height="24"><title>${counts[verdict]} ${verdict}</title></rect>`;
    x += width;
    return part;
  });
  return markup`<svg class="bar" role="img" aria-label="${label}" viewBox="0 0 ${WIDTH} 24" preserveAspectRatio="none">${parts}</svg>`;
}

function showWrite(write: WriteSite): Markup {
  const { verdict, operation, model, library, because, functionName } = write;
  const inside = functionName === null ? NOTHING : markup` in <code>${functionName}</code>`;
  return markup`<tr data-item data-verdict="${verdict}"><td><span class="verdict ${verdict}">${verdict}</span></td>
<td>${operation} of <b>${model ?? 'rows'}</b> <span class="quiet">(${library})</span>${inside}<br>${showAddress(write)}</td><td>${prose(because)}</td></tr>`;
}
