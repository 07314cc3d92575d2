/** A row as the driver gives it: text by the name of the column. */
export type RawRow = Readonly<Record<string, string | null>>;
