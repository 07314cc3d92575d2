/** A column of what a statement gives. */
export interface RowColumn {
  readonly name: string;
  /** The OID of its type. */
  readonly type: number;
}

/** A row: text by the name of the column. */
export type RawRow = Readonly<Record<string, string | null>>;

/** A row of a statement that may give a name to two columns: text in the order of the columns. */
export type ListRow = readonly (string | null)[];

/** What a statement gave. */
export interface Rows<R = RawRow> extends ReadonlyArray<R> {
  /** How many rows it gave or wrote. */
  readonly count: number;
  /** What the server says it did, such as `UPDATE` or `COMMIT`. */
  readonly command: string;
  readonly columns: readonly RowColumn[];
}

/**
 * @param tag - the server's, such as `UPDATE 1` or `INSERT 0 1`: the last number counts
 */
export function toRows<R>(rows: readonly R[], tag: string, columns: readonly RowColumn[]): Rows<R> {
  const last = tag.lastIndexOf(' ');
  const number = last === -1 ? NaN : Number(tag.slice(last + 1));
  const isCounted = !Number.isNaN(number);
  return Object.assign(rows, {
    count: isCounted ? number : 0,
    command: isCounted ? tag.slice(0, tag.indexOf(' ')) : tag,
    columns,
  });
}
