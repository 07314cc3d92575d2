import { verdictOf, type FinishedCheck } from '../check.js';
import { MARKS } from './marks.js';
import { summarise } from './summary.js';

const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  .scroll { overflow-x: auto; }
  table { border-collapse: collapse; width: 100%; }
  th, td { padding: 0.4rem 0.8rem 0.4rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid #8886; }
  .holds { color: light-dark(#116329, #7ee787); } .misses { color: light-dark(#7a4f01, #e3b341); }
  .falls { color: light-dark(#b3261e, #ff8a80); }
  small { display: block; }`;

/** The proof as a page of its own, which asks nobody for anything. */
export function proofPage(
  finished: readonly FinishedCheck[],
  { seconds, machine }: { readonly seconds: number; readonly machine: string },
): string {
  const { verdict, text } = summarise(finished, seconds);
  const rows = finished.map((each) => {
    const { check, result } = each;
    const figures = result.figures.map(
      (figure) =>
        `<small${figure.isMissed ? ' class="misses"' : ''}>${escape(figure.text)}</small>`,
    );
    const failures = result.failures.map(
      (failure) => `<small class="falls">${escape(failure)}</small>`,
    );
    const mark = verdictOf(each);
    return `<tr><td class="${mark}">${MARKS[mark]} ${mark}</td><td>${check.ring}</td><td>${escape(check.claim)}${[...figures, ...failures].join('')}</td><td>${result.count} ${escape(result.unit)}</td><td>${each.seconds.toFixed(1)} s</td></tr>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The proof</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>The proof</h1>
<p class="${verdict}">${escape(text)}</p>
<div class="scroll" tabindex="0" role="region" aria-label="The claims">
<table>
<thead><tr><th scope="col">Verdict</th><th scope="col">Ring</th><th scope="col">Claim</th><th scope="col">Checked</th><th scope="col">Time</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</div>
<p>${escape(machine)}</p>
</main>
</body>
</html>
`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
