/** What a statement of the user's own returns, see `Store.read`: values as the database writes them. */
export interface ReadResult {
  readonly columns: readonly ReadColumn[];
  /** The values of each row, one for each column. */
  readonly rows: readonly (readonly (string | null)[])[];
}

/** A column of such a result; two may have the same name. */
export interface ReadColumn {
  readonly name: string;
  /** What the database calls the type of its values; on Postgres its oid. */
  readonly type: number;
  /** Makes a value of JavaScript of its text. */
  decode(text: string): unknown;
}
