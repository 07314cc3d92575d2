/** A package, and the way from it to a value. */
export interface ImportOrigin {
  /** As the import names it. */
  readonly module: string;
  /**
   * The name that is imported (`default`, or `*` for all of it), and then: `new`, `()` for what a call returns,
   * `.name` for a property, `(0)` for what a function is given as its first argument, `type` for a value that is
   * only said to be of a type.
   */
  readonly path: readonly string[];
}

/** The same way, one step further. */
export function step(
  origin: ImportOrigin | null,
  ...steps: readonly string[]
): ImportOrigin | null {
  return origin && { module: origin.module, path: [...origin.path, ...steps] };
}
