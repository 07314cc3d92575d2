/** One way to add one to an account's balance under a lock; the default export of a file of `variants/`. */
export interface Variant {
  /** Its row in the table, as Markdown. */
  readonly title: string;
  /** Those whose versions the page states. */
  readonly packages: readonly string[];
  /** What it is asked to do, as Markdown. */
  readonly asked: string;
  open(options: ConnectionOptions): Promise<OpenVariant>;
}

export interface ConnectionOptions {
  readonly url: string;
  readonly connections: number;
}

/** A variant that is connected. */
export interface OpenVariant {
  /** Locks the row, reads its balance, writes the balance plus one; resolves when that is committed. */
  increment(id: string): Promise<unknown>;
  close(): Promise<unknown>;
}

/** The row of an account, as the variants read it. */
export interface AccountRow {
  readonly id: string;
  readonly owner: string;
  readonly balance: number;
}

/** Takes the row that a lock has found. @throws Error when there is none: the table of the benchmark has lost it */
export function theOnly<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error('the account is not there');
  return row;
}

/** @param name - of a file of `variants/` */
export async function loadVariant(name: string): Promise<Variant> {
  const { default: variant } = (await import(`./variants/${name}.js`)) as { default: Variant };
  return variant;
}
