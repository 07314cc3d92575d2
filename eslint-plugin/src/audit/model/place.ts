/** A place in the sources: lines and columns from 1, the end exclusive, as SARIF counts. */
export interface Place {
  /** The path of the file relative to the audited folder, with `/`. */
  readonly uri: string;
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** The source text of these lines, cut where it is long. */
  readonly snippet: string;
}
