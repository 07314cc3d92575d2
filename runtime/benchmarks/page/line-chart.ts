const WIDTH = 720;
const HEIGHT = 400;
const MARGIN = { left: 80, right: 24, top: 56, bottom: 56 };
/** Apart in lightness too, and readable on white and on black. */
const COLOURS = ['#8b8b8b', '#2f7ed8', '#d9730d', '#3a9d5d'];
const DASHES = ['', '', '7 4', '2 3'];

/** A point of a line, with the lowest and the highest of all rounds. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
}

export interface Line {
  readonly name: string;
  readonly points: readonly Point[];
}

export interface LineChart {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  /** Whether the x axis is. */
  readonly isLogarithmic?: boolean;
  readonly lines: readonly Line[];
}

/** Draws lines over one axis from zero, with the spread of each point, as an SVG that follows the reader's colour scheme. */
export function drawLineChart({
  title,
  xTitle,
  yTitle,
  isLogarithmic = false,
  lines,
}: LineChart): string {
  const points = lines.flatMap((line) => line.points);
  const xs = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
  const position = isLogarithmic ? Math.log10 : Number;
  const [left, right] = [position(xs[0] ?? 0), position(xs.at(-1) ?? 0)];
  const ticks = niceTicks(Math.max(...points.map(({ high }) => high)));
  const top = ticks.at(-1) ?? 1;
  const toX = (x: number): number =>
    round(
      MARGIN.left +
        ((position(x) - left) / (right - left || 1)) * (WIDTH - MARGIN.left - MARGIN.right),
    );
  const toY = (y: number): number =>
    round(HEIGHT - MARGIN.bottom - (y / top) * (HEIGHT - MARGIN.top - MARGIN.bottom));
  const bottom = HEIGHT - MARGIN.bottom;

  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escape(title)}">`,
    '<style>',
    'text { font: 13px system-ui, sans-serif; fill: #333 } .title { font-size: 15px; font-weight: 600 } .grid { stroke: #8884 }',
    '@media (prefers-color-scheme: dark) { text { fill: #ddd } }',
    '</style>',
    `<text class="title" x="${MARGIN.left}" y="20">${escape(title)}</text>`,
    ...ticks.map(
      (y) =>
        `<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${toY(y)}" y2="${toY(y)}"/>` +
        `<text x="${MARGIN.left - 8}" y="${toY(y) + 4}" text-anchor="end">${format(y)}</text>`,
    ),
    ...xs.map(
      (x) => `<text x="${toX(x)}" y="${bottom + 20}" text-anchor="middle">${format(x)}</text>`,
    ),
    `<text x="${(MARGIN.left + WIDTH - MARGIN.right) / 2}" y="${HEIGHT - 12}" text-anchor="middle">${escape(xTitle)}</text>`,
    `<text x="16" y="${(MARGIN.top + bottom) / 2}" text-anchor="middle" transform="rotate(-90 16 ${(MARGIN.top + bottom) / 2})">${escape(yTitle)}</text>`,
    ...lines.flatMap((line, index) => drawLine(line, index, toX, toY)),
    '</svg>',
    '',
  ].join('\n');
}

function drawLine(
  { name, points }: Line,
  index: number,
  toX: (x: number) => number,
  toY: (y: number) => number,
): readonly string[] {
  const colour = COLOURS[index % COLOURS.length];
  const dashes = DASHES[index % DASHES.length];
  const path = points.map(({ x, y }) => `${toX(x)},${toY(y)}`).join(' ');
  const legendX = MARGIN.left + index * 170;
  return [
    ...points.map(
      ({ x, low, high }) =>
        `<line x1="${toX(x)}" x2="${toX(x)}" y1="${toY(low)}" y2="${toY(high)}" stroke="${colour}" stroke-opacity="0.6"/>`,
    ),
    `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dashes}"/>`,
    ...points.map(({ x, y }) => `<circle cx="${toX(x)}" cy="${toY(y)}" r="3.5" fill="${colour}"/>`),
    `<line x1="${legendX}" x2="${legendX + 24}" y1="40" y2="40" stroke="${colour}" stroke-width="3" stroke-dasharray="${dashes}"/>`,
    `<text x="${legendX + 30}" y="44">${escape(name)}</text>`,
  ];
}

/** From 0 to at least `highest`, in steps of 1, 2 or 5. */
export function niceTicks(highest: number): readonly number[] {
  const rough = (highest || 1) / 5;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const sizes = [1, 2, 5].map((factor) => factor * magnitude);
  const step = sizes.find((size) => size >= rough) ?? 10 * magnitude;
  return Array.from({ length: Math.ceil((highest || 1) / step) + 1 }, (_, index) => index * step);
}

function format(value: number): string {
  return Number(value.toPrecision(6)).toLocaleString('en', { notation: 'compact' });
}

function round(value: number): number {
  return Number(value.toFixed(1));
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
