import { SEQUENCE_SHIFT } from '../database/sequences.js';
import { leavesOf, type Outcome } from './outcome.js';

/** What a path holds that is made anew in each execution: ids of the database or the program, or times of its clocks. */
export type Generated = ReadonlyMap<string, 'id' | 'clock'>;

/** Where two executions of one order differ in what is neither an id nor a clock. */
export interface Undecidable {
  readonly path: string;
}

/** When an execution began and ended, in milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Dated {
  readonly outcome: Outcome;
  readonly span: Span;
}

/** Compares two executions of one order, of which the sequences of the second are ahead of those of the first. */
export function findGenerated(first: Dated, second: Dated): Generated | Undecidable {
  const generated = new Map<string, 'id' | 'clock'>();
  const [left, right] = [leavesOf(first.outcome), leavesOf(second.outcome)];
  for (const path of new Set([...left.keys(), ...right.keys()])) {
    const [one, other] = apart(left.get(path) ?? [], right.get(path) ?? []);
    if (one.length === 0 && other.length === 0) continue;
    if (one.length !== other.length) return { path };
    const clocks = areClocks(one, first.span, other, second.span);
    if (!clocks && !isShifted(one, other) && ![...one, ...other].every(isToken)) return { path };
    generated.set(path, clocks ? 'clock' : 'id');
  }
  return generated;
}

/** What each list has and the other lacks. */
function apart(one: readonly unknown[], other: readonly unknown[]): [unknown[], unknown[]] {
  const rest = [...other];
  const only = one.filter((value) => {
    const at = rest.indexOf(value);
    if (at !== -1) rest.splice(at, 1);
    return at === -1;
  });
  return [only, rest];
}

/** Whether they are ids of sequences, or texts with such. */
function isShifted(one: readonly unknown[], other: readonly unknown[]): boolean {
  const shifted = one.map((value) =>
    String(value).replace(/\d{7,10}/g, (id) => String(Number(id) + SEQUENCE_SHIFT)),
  );
  return JSON.stringify(shifted.sort()) === JSON.stringify(other.map(String).sort());
}

/** Whether it is a word that a generator makes: at least eight characters, and no number. */
function isToken(value: unknown): boolean {
  return (
    typeof value === 'string' && /^[\w$./+=:-]{8,}$/.test(value) && !Number.isFinite(Number(value))
  );
}

/** A day; times that are computed from a clock, such as an expiry, are further off: they are as far apart as the executions. */
const CLOCK_SKEW = 86_400_000;

function areClocks(
  one: readonly unknown[],
  first: Span,
  other: readonly unknown[],
  second: Span,
): boolean {
  const [left, right] = [one.map(timeOf), other.map(timeOf)];
  const within = (times: readonly (number | undefined)[], { from, to }: Span) =>
    times.every((time) => time !== undefined && time > from - CLOCK_SKEW && time < to + CLOCK_SKEW);
  if (within(left, first) && within(right, second)) return true;
  const sorted = (times: readonly (number | undefined)[]) =>
    times.map((time) => time ?? Number.NaN).sort((a, b) => a - b);
  const rights = sorted(right);
  const least = second.from - first.to - 2000;
  const most = second.to - first.from + 2000;
  return sorted(left).every((time, index) => {
    const later = (rights[index] ?? Number.NaN) - time;
    return later >= least && later <= most;
  });
}

/** In milliseconds since 1970. */
function timeOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{10,13}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number') {
    if (number > 1e12 && number < 1e13) return number;
    return number > 1e9 && number < 1e10 ? number * 1000 : undefined;
  }
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d(?:[T ]|$)/.test(value)) return undefined;
  const time = Date.parse(/[zZ]|[+-]\d\d(?::?\d\d)?$/.test(value) ? value : `${value}Z`);
  return Number.isNaN(time) ? undefined : time;
}
