import type { World } from './world.js';

/** One kind of thing that a worker does, again and again. */
export type Operation = (world: World) => Promise<void>;

/** What a worker can be asked to do. */
export interface NamedOperation {
  readonly name: string;
  /** How often, beside the others. */
  readonly weight: number;
  readonly run: Operation;
  /** Whether the naive adapter, which does what is easy, cannot even begin with it. */
  readonly isDemanding?: true;
}
