import { createHash } from 'node:crypto';
import type { Audit } from '../../model/audit.js';
import { showCertificate } from './certificate.js';
import { showFindings } from './findings.js';
import { showLockOrder } from './lock-order.js';
import { Markup, markup } from './markup.js';
import { PAGE_SCRIPT } from './page-script.js';
import { PAGE_STYLE } from './page-style.js';
import { showProcessState } from './process-state.js';

/** The audit as one page for a person, which asks nothing of any other place and can be read without its script. */
export function toHtml(audit: Audit): string {
  const { summary, findings, writes, state, lockOrder } = audit;
  const { answer, folders, files, lines } = summary;
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${hashOf(PAGE_STYLE)}'; script-src '${hashOf(PAGE_SCRIPT)}'; img-src data:; base-uri 'none'; form-action 'none'">
<link rel="icon" href="data:,">
<title>${`Audit of ${folders.join(', ')}`}</title>
<style>${new Markup(PAGE_STYLE)}</style>
</head>
<body>
<header class="${findings.length > 0 ? 'bad' : 'good'}">
<p class="brand">justscale audit</p>
<h1>${answer}</h1>
<p class="quiet">${count(files, 'file')}, ${count(lines, 'line')} in ${folders.join(', ')}</p>
<nav aria-label="Parts"><ul>
<li><a href="#writes">Writes (${writes.length})</a></li>
<li><a href="#findings">Findings (${findings.length})</a></li>
<li><a href="#state">State of this process (${state.length})</a></li>
<li><a href="#lock-order">Order of locks (${lockOrder.edges.length})</a></li>
</ul></nav>
</header>
<main>
<div id="tools" role="search" hidden>
<input id="search" type="search" placeholder="Search: a file, a model, a rule" aria-label="Search: a file, a model, a rule" aria-keyshortcuts="/">
<div role="group" aria-label="Show only findings of a kind">
${showKindFilters(summary.findings)}
</div>
<span class="quiet keys"><kbd>/</kbd> search, <kbd>j</kbd> <kbd>k</kbd> next and previous finding</span>
<output id="count" class="quiet" for="search"></output>
</div>
${showCertificate(audit)}
${showFindings(audit)}
${showProcessState(audit)}
${showLockOrder(audit)}
</main>
<script>${new Markup(PAGE_SCRIPT)}</script>
</body>
</html>
`;
  return page.text;
}

function showKindFilters(counts: Audit['summary']['findings']): readonly Markup[] {
  const names = { races: 'Races', state: 'State', 'lock-order': 'Order of locks' };
  return (Object.keys(names) as (keyof typeof names)[])
    .filter((kind) => counts[kind] > 0)
    .map(
      (kind) =>
        markup`<button type="button" data-kind-filter="${kind}" aria-pressed="false">${names[kind]} (${counts[kind]})</button>`,
    );
}

/** What the page's own policy knows its script and its style by: no other one runs, whatever a source text contains. */
function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}
