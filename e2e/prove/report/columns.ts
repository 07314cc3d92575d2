import type { Colors } from 'picocolors/types.js';
import type { Check } from '../check.js';
import type { Outcome } from '../run/run-checks.js';

const COUNT_WIDTH = 17;
const TIME_WIDTH = 8;
const INDENT = '  ';

/** Lays the proof out as a table whose rows come one by one. */
export class Columns {
  readonly #colors: Colors;
  readonly #ringWidth: number;
  readonly #titleWidth: number;

  constructor(checks: readonly Check[], colors: Colors) {
    this.#colors = colors;
    this.#ringWidth = Math.max(...checks.map(({ ring }) => ringName(ring).length), 'ring'.length);
    this.#titleWidth = Math.max(...checks.map(({ title }) => title.length), 0);
  }

  header(): string {
    const { bold, dim } = this.#colors;
    const line = '─'.repeat(this.#width);
    const titles = this.#cells('ring', 'what was checked', 'how many', 'time');
    return `${INDENT}${bold(titles)}\n${INDENT}${dim(line)}`;
  }

  row({ check, ok, count, unit, durationMs, details = [] }: Outcome): string {
    const { green, red, dim } = this.#colors;
    const cells = this.#cells(
      ringName(check.ring),
      check.title,
      count === 0 ? '' : `${formatCount(count)} ${unit}`,
      formatDuration(durationMs),
    );
    const notes = details.map(
      (detail) => `\n${INDENT}${' '.repeat(this.#ringWidth + 2)}${dim(`· ${detail}`)}`,
    );
    return `${INDENT}${cells}  ${ok ? green('✔') : red('✘')}${notes.join('')}`;
  }

  /** What a spinner says while a check runs. */
  current({ ring, title }: Check, progress: string): string {
    const { dim } = this.#colors;
    return `${ringName(ring)}: ${title}${progress === '' ? '' : ` ${dim(progress)}`}`;
  }

  line(): string {
    return `${INDENT}${this.#colors.dim('─'.repeat(this.#width))}`;
  }

  get #width(): number {
    return this.#cells('', '', '', '').length + 3;
  }

  #cells(ring: string, title: string, count: string, time: string): string {
    return [
      ring.padEnd(this.#ringWidth),
      title.padEnd(this.#titleWidth),
      count.padStart(COUNT_WIDTH),
      time.padStart(TIME_WIDTH),
    ].join('  ');
  }
}

/** A number as people write it. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** A duration as people say it. */
export function formatDuration(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function ringName(ring: Check['ring']): string {
  return ring === 'all' ? 'all three' : ring;
}
