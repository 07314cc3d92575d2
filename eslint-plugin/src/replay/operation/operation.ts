/** A function of a module that is run in a process of its own, which finds the URL in `DATABASE_URL` (and in `PGHOST`, …). */
export interface ProcessOperation {
  /** A path or a `file:` URL. */
  readonly module: string | URL;
  /** The function's name; without it, `default`. */
  readonly export?: string;
  readonly args?: readonly unknown[];
}

/** What is run against another: a function of this process, or of a module that gets a process. */
export type Operation = ((url: string) => Promise<unknown>) | ProcessOperation;

/** How an operation ended. */
export type OperationResult =
  | { readonly value: unknown }
  | { readonly error: { readonly name: string; readonly code?: string; readonly message: string } };

/** An operation that runs. */
export interface RunningOperation {
  /** When its code has been loaded. */
  readonly begun: Promise<void>;
  readonly result: Promise<OperationResult>;
  /** When its event loop has come round once. */
  turnOfLoop(): Promise<void>;
  stop(): Promise<void>;
}

export function describeError(error: unknown): OperationResult {
  const of = (error ?? {}) as {
    name?: unknown;
    code?: unknown;
    message?: unknown;
    cause?: unknown;
  };
  const code = codeOf(error);
  return {
    error: {
      name: typeof of.name === 'string' ? of.name : typeof error,
      ...(code === undefined ? {} : { code }),
      message: typeof of.message === 'string' ? of.message : String(error),
    },
  };
}

/** Many libraries wrap the driver's error. */
function codeOf(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 4) return undefined;
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return codeOf(cause, depth + 1) ?? (typeof code === 'string' ? code : undefined);
}
