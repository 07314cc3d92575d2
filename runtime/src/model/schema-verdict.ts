import type { ModelDescription } from './model-description.js';

/** Fields with values, as a schema is asked about them. */
export type Entity = Readonly<Record<string, unknown>>;

/** What a schema says of an entity. */
export interface Verdict {
  /** What it makes of it; `undefined` when it refuses it. */
  readonly output: Entity | undefined;
  /** The fields that it refuses. */
  readonly refused: ReadonlySet<string>;
  /** What it refuses of the entity as a whole. */
  readonly general: string;
}

/** Asks a model's schema about an entity. */
export async function askSchema({ schema }: ModelDescription, entity: Entity): Promise<Verdict> {
  const result = await schema['~standard'].validate({ ...entity });
  if (result.issues === undefined)
    return { output: result.value as Entity, refused: new Set(), general: '' };
  const refused = new Set<string>();
  const general: string[] = [];
  for (const { path = [], message } of result.issues) {
    const [first] = path;
    if (first === undefined) general.push(message);
    else refused.add(String(typeof first === 'object' ? first.key : first));
  }
  return { output: undefined, refused, general: general.join('\n') };
}

/** Whether the schema refuses the value of a field, or makes something of another kind of it. */
export function isRefused({ output, refused }: Verdict, entity: Entity, field: string): boolean {
  if (refused.has(field)) return true;
  const value = entity[field];
  if (output === undefined || value === null || value === undefined) return false;
  return Object.hasOwn(output, field) && kindOf(output[field]) !== kindOf(value);
}

/** What a value is, as far as a column's type decides it. */
export function kindOf(value: unknown): string {
  if (value instanceof Date) return 'Date';
  if (value instanceof Uint8Array) return 'bytes';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** The kind of a value, and of the items of an array: what tells `text[]` from `bigint[]`. */
export function deepKindOf(value: unknown): string {
  if (!Array.isArray(value)) return kindOf(value);
  const [item] = value.flat(Infinity).filter((each) => each !== null) as unknown[];
  return `array of ${kindOf(item)}`;
}

/** A few values of every kind, which most schemas of that kind accept. */
export const SOME_VALUES: readonly unknown[] = [
  ...[0, 1, 1000, -1, 0.5],
  ...[0n, 1n, 1000n],
  ...['a', '1', '0.5', '2000-01-01', '2000-01-01T00:00:00Z', 'a@example.com'],
  '00000000-0000-4000-8000-000000000000',
  ...[true, false],
  new Date('2000-01-01T00:00:00Z'),
  Uint8Array.of(0),
  ...[['a'], [0], [0n], [true], [new Date('2000-01-01T00:00:00Z')]],
  {},
];
