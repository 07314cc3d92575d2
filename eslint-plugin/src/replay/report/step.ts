/** One statement of a schedule. */
export interface Step {
  readonly process: 'a' | 'b';
  /** The number of the connection, of those that the process opened. */
  readonly connection: number;
  /** With its parameters in their places. */
  readonly sql: string;
  /** Whether the server made it wait for a lock. */
  readonly waited: boolean;
  /** The code of the error that the server answered with. */
  readonly error: string | undefined;
}
