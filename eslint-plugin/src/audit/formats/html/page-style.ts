export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fff; --ink: #1b1f24; --quiet: #57606a; --line: #d0d7de; --panel: #f6f8fa;
  --bad: #b3261e; --wait: #7a4f01; --good: #116329; --link: #0b57d0; --one: #0b57d0; --two: #8a3ffc;
  --locked: #1a7f37; --atomic: #0a7d8c; --guarded: #0b57d0; --insert: #6e7781; --stale: #cf222e; --unknown: #bf8700;
  font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #0d1117; --ink: #e6edf3; --quiet: #9aa4af; --line: #30363d; --panel: #161b22;
    --bad: #ff8a80; --wait: #e3b341; --good: #7ee787; --link: #a8c7fa; --one: #79b8ff; --two: #d2a8ff;
    --locked: #3fb950; --atomic: #39c5cf; --guarded: #58a6ff; --insert: #8b949e; --stale: #f85149; --unknown: #d29922;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 7.5rem; }
body { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; overflow-wrap: anywhere; }
h1 { margin: 0.25rem 0; font-size: 1.5rem; line-height: 1.3; }
h2 { margin: 2.5rem 0 0.75rem; font-size: 1.25rem; border-bottom: 1px solid var(--line); padding-bottom: 0.25rem; }
h3 { margin: 1.5rem 0 0.5rem; font-size: 1rem; }
h4, article h3 { margin: 0; font-size: 1rem; font-weight: 600; line-height: 1.4; }
p { margin: 0.25rem 0; }
a { color: var(--link); }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 0.875em; }
pre { margin: 0.25rem 0 0.5rem; padding: 0.5rem 0.75rem; white-space: pre-wrap; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; }
pre code { font-size: 0.8125rem; line-height: 1.45; }
.address { color: var(--quiet); font-size: 0.8125rem; }
.quiet { color: var(--quiet); font-size: 0.875rem; }
.brand { color: var(--quiet); font-weight: 600; letter-spacing: 0.02em; }
.bad h1, .bad { color: var(--bad); }
.good h1 { color: var(--good); }
nav ul, .legend, .steps, .edges, .circles { list-style: none; margin: 0; padding: 0; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin-top: 0.75rem; }
#tools { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; margin-top: 1rem; padding: 0.75rem 0; background: var(--paper); border-bottom: 1px solid var(--line); }
#tools[hidden] { display: none; }
[role='group'] { display: flex; flex-wrap: wrap; gap: 0.5rem; }
#all-writes { margin-top: 1rem; }
summary { cursor: pointer; }
#search { flex: 1 1 14rem; min-width: 0; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--quiet); border-radius: 6px; padding: 0.375rem 0.625rem; }
button { font: inherit; font-size: 0.875rem; color: inherit; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 0.375rem 0.625rem; text-align: left; cursor: pointer; }
button[aria-pressed='true'] { border-color: var(--link); box-shadow: inset 0 0 0 1px var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
article { margin: 0.75rem 0; padding: 0.875rem 1rem; border: 1px solid var(--line); border-left: 4px solid var(--line); border-radius: 8px; }
article.error { border-left-color: var(--bad); }
article.warning { border-left-color: var(--wait); }
article:target { border-color: var(--link); }
article > .quiet { margin: 0.25rem 0 0.5rem; }
.steps { display: grid; grid-template-columns: 1fr 1fr; gap: 0.5rem 1rem; }
.steps li { min-width: 0; padding-left: 0.75rem; border-left: 3px solid; }
.steps .process-1 { grid-column: 1; border-color: var(--one); }
.steps .process-2 { grid-column: 2; border-color: var(--two); }
.process-1 b { color: var(--one); }
.process-2 b { color: var(--two); }
.bar { display: block; width: 100%; height: 1.5rem; border-radius: 6px; margin: 0.5rem 0; }
.legend { display: grid; grid-template-columns: repeat(auto-fill, minmax(18rem, 1fr)); gap: 0.5rem; }
.legend button { width: 100%; height: 100%; }
.swatch { display: inline-block; width: 0.75rem; height: 0.75rem; margin-right: 0.5rem; border-radius: 3px; }
rect.locked { fill: var(--locked); } rect.atomic { fill: var(--atomic); } rect.guarded { fill: var(--guarded); }
rect.insert { fill: var(--insert); } rect.stale { fill: var(--stale); } rect.unknown { fill: var(--unknown); }
.swatch.locked { background: var(--locked); } .swatch.atomic { background: var(--atomic); } .swatch.guarded { background: var(--guarded); }
.swatch.insert { background: var(--insert); } .swatch.stale { background: var(--stale); } .swatch.unknown { background: var(--unknown); }
table { width: 100%; margin-top: 1rem; border-collapse: collapse; font-size: 0.9375rem; }
th { text-align: left; font-size: 0.875rem; color: var(--quiet); }
th, td { padding: 0.5rem 0.75rem 0.5rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td:nth-child(2) { width: 45%; }
th:first-child, td:first-child { white-space: nowrap; overflow-wrap: normal; padding-right: 1.25rem; }
.verdict { font-weight: 600; }
.verdict.stale { color: var(--bad); } .verdict.unknown { color: var(--wait); }
.edges li { padding: 0.5rem 0; border-bottom: 1px solid var(--line); }
.graph { max-width: 100%; height: auto; }
.graph text { fill: var(--ink); font-size: 14px; }
.graph .arc { fill: none; stroke: var(--quiet); stroke-width: 1.5; }
.graph .arc.circle { stroke: var(--bad); stroke-width: 2; }
.graph circle, .graph marker path { fill: var(--quiet); }
.graph marker.circle path { fill: var(--bad); }
[hidden] { display: none; }
@media (max-width: 45rem) {
  html { scroll-padding-top: 0.5rem; }
  #tools { position: static; }
  .keys { display: none; }
  .steps { grid-template-columns: 1fr; }
  .steps .process-1, .steps .process-2 { grid-column: 1; }
  .steps .process-2 { margin-left: 1rem; }
  thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  tr, td { display: block; }
  tr[hidden] { display: none; }
  td, td:nth-child(2) { width: auto; border: 0; padding: 0.125rem 0; }
  tr { padding: 0.625rem 0; border-bottom: 1px solid var(--line); }
}
@media print { #tools { display: none; } }
`;
