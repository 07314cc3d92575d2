import type { BenchmarkDatabase } from './database.js';
import type { DelayedServer } from './delayed-server.js';

/** What a measurement is given. */
export interface MeasureContext {
  readonly database: BenchmarkDatabase;
  readonly delayed: DelayedServer;
  readonly rounds: number;
  /** Says how far it is. */
  progress(text: string): void;
}
