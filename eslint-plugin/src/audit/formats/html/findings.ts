import type { JustscaleRule } from '../../../create-rule.js';
import { rules } from '../../../rules/index.js';
import type { Audit } from '../../model/audit.js';
import type { Finding, FindingKind, Level, Step } from '../../model/finding.js';
import { markup, NOTHING, prose, type Markup } from './markup.js';
import { showSource } from './places.js';

const LEVELS: Readonly<Record<Level, string>> = {
  error: 'Errors',
  warning: 'Warnings',
  note: 'Notes',
};
const KINDS: Readonly<Record<FindingKind, string>> = {
  races: 'race',
  state: 'state of this process',
  'lock-order': 'order of locks',
};

/** Within a level: what loses data first. */
const ORDER = ['races', 'lock-order', 'state'] as const;

/** The findings, the surest ones first. */
export function showFindings({ findings, summary }: Audit): Markup {
  const groups = (Object.keys(LEVELS) as Level[]).map((level) => {
    const group = ORDER.flatMap((kind) =>
      findings.filter((finding) => finding.level === level && finding.kind === kind),
    );
    if (group.length === 0) return NOTHING;
    return markup`<div class="group"><h3>${LEVELS[level]} (${group.length})</h3>${group.map(showFinding)}</div>`;
  });
  return markup`<section id="findings"><h2>Findings (${findings.length})</h2>
${findings.length === 0 ? markup`<p>None.</p>` : NOTHING}<p class="none" hidden>No finding matches.</p>
${groups}${showComparison(summary.comparison)}</section>`;
}

function showFinding(finding: Finding): Markup {
  const { ruleId, kind, level, message, location, functionName, related, fingerprint } = finding;
  const id = `finding-${fingerprint.replace(':', '-')}`;
  const inside = functionName === null ? NOTHING : markup` in <code>${functionName}</code>`;
  const steps = [...finding.interleaving].sort((one, other) => one.order - other.order);
  const body =
    steps.length > 0
      ? showSteps(steps)
      : markup`${showSource(location)}${related.map(
          ({ place, message: text }) => markup`<p>${prose(text)}</p>${showSource(place)}`,
        )}`;
  return markup`<article id="${id}" tabindex="-1" data-item data-kind="${kind}" class="${level}">
<h4>${prose(message)}</h4>
<p class="quiet">${KINDS[kind]} · ${showRule(ruleId)} · <code class="address">${location.uri}:${location.startLine}</code>${inside} · <a href="#${id}" aria-label="Link to this finding">link</a></p>
${body}</article>`;
}

function showRule(name: string): Markup {
  const url = (rules as Readonly<Record<string, JustscaleRule>>)[name]?.meta.docs?.url;
  return url === undefined ? markup`${name}` : markup`<a href="${url}">${name}</a>`;
}

/** The code of both processes side by side, in the order in which it runs; code that is the same in each step is shown once. */
function showSteps(steps: readonly Step[]): Markup {
  const [first] = steps;
  const isOnePlace = steps.every(
    ({ place }) => place.uri === first?.place.uri && place.startLine === first.place.startLine,
  );
  const shared = first && isOnePlace ? showSource(first.place) : NOTHING;
  const shown = steps.map((step) => showStep(step, isOnePlace));
  return markup`${shared}<ol class="steps">${shown}</ol>`;
}

function showStep({ process, order, place, message }: Step, isShown: boolean): Markup {
  return markup`<li class="process-${process}"><p><b>${order}. Process ${process}</b> ${prose(message)}</p>${isShown ? NOTHING : showSource(place)}</li>`;
}

function showComparison(comparison: Audit['summary']['comparison']): Markup {
  if (!comparison) return NOTHING;
  const { fixed, left } = comparison;
  const lists = [
    showList('Fixed', fixed),
    showList(
      'Left',
      left.map(({ ruleId, message, location }) => ({
        ruleId,
        message: `${location.uri}:${location.startLine} ${message}`,
      })),
    ),
  ];
  return markup`<h3>Compared with ${comparison.with}</h3>${lists}`;
}

function showList(title: string, found: readonly Pick<Finding, 'ruleId' | 'message'>[]): Markup {
  if (found.length === 0) return markup`<p class="quiet">${title}: none</p>`;
  const items = found.map(
    ({ ruleId, message }) => markup`<li><b>${ruleId}</b> ${prose(message)}</li>`,
  );
  return markup`<details><summary>${title}: ${found.length}</summary><ul>${items}</ul></details>`;
}
