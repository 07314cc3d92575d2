const WIDTH = 720;
const LABEL_WIDTH = 190;
const VALUE_WIDTH = 150;
const BAR_HEIGHT = 26;
const GAP = 12;
const TOP = 48;

/** A bar, with the lowest and the highest of all rounds. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** What is written behind it. */
  readonly text: string;
  /** Whether it is what the page is about. */
  readonly isOwn: boolean;
}

/** Draws one bar below the other, with the spread of each, as an SVG that follows the reader's colour scheme. */
export function drawBarChart(title: string, bars: readonly Bar[]): string {
  const most = Math.max(...bars.map(({ high }) => high)) || 1;
  const toWidth = (value: number): number =>
    Number(((value / most) * (WIDTH - LABEL_WIDTH - VALUE_WIDTH)).toFixed(1));
  const height = TOP + bars.length * (BAR_HEIGHT + GAP);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escape(title)}">`,
    '<style>',
    'text { font: 14px system-ui, sans-serif; fill: #333 } .title { font-size: 15px; font-weight: 600 } .own { font-weight: 600 }',
    '.spread { stroke: #333 } @media (prefers-color-scheme: dark) { text { fill: #ddd } .spread { stroke: #ddd } }',
    '</style>',
    `<text class="title" x="8" y="24">${escape(title)}</text>`,
    ...bars.flatMap(({ name, value, low, high, text, isOwn }, index) => {
      const y = TOP + index * (BAR_HEIGHT + GAP);
      const middle = y + BAR_HEIGHT / 2;
      const weight = isOwn ? ' class="own"' : '';
      return [
        `<text${weight} x="${LABEL_WIDTH - 10}" y="${middle + 5}" text-anchor="end">${escape(name)}</text>`,
        `<rect x="${LABEL_WIDTH}" y="${y}" width="${toWidth(value)}" height="${BAR_HEIGHT}" rx="2" fill="${isOwn ? '#2f7ed8' : '#8b8b8b'}"/>`,
        `<line class="spread" x1="${LABEL_WIDTH + toWidth(low)}" x2="${LABEL_WIDTH + toWidth(high)}" y1="${middle}" y2="${middle}"/>`,
        `<text${weight} x="${LABEL_WIDTH + toWidth(high) + 8}" y="${middle + 5}">${escape(text)}</text>`,
      ];
    }),
    '</svg>',
    '',
  ].join('\n');
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
