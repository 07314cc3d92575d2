/** What the reporter inside vitest tells the process that started it. */
export type TestMessage =
  | { readonly type: 'collected'; readonly tests: number }
  | {
      readonly type: 'test';
      readonly name: string;
      readonly state: 'passed' | 'failed' | 'skipped';
      readonly reason: string;
      /** A measured figure that the test wants to be seen. */
      readonly figure: string | undefined;
    }
  /** Something failed that is no test: a file that cannot be loaded, a hook, an unhandled rejection. */
  | { readonly type: 'error'; readonly name: string; readonly reason: string };
