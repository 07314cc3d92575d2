/** The two services that the demo runs beside each other. */
export type Side = 'by hand' | 'runtime';

export const SIDES: readonly Side[] = ['by hand', 'runtime'];

/** What a process is asked to do. */
export type Request =
  /** Sell so many tickets, all at once, and think for so long about each, in milliseconds. */
  | {
      readonly type: 'sell';
      readonly side: Side;
      readonly count: number;
      readonly thinkMs: number;
    }
  | { readonly type: 'stop' };

/** What a process tells, as it happens. */
export type Report =
  | { readonly type: 'ready' }
  /** A statement was sent (by hand) or answered (runtime). */
  | { readonly type: 'statement'; readonly side: Side; readonly text: string }
  /** What the process believes to be sold, and why it does. */
  | {
      readonly type: 'view';
      readonly side: Side;
      readonly sold: number;
      readonly because: 'start' | 'own sale' | 'signal' | 'gap';
    }
  | { readonly type: 'sold'; readonly side: Side; readonly count: number; readonly ms: number }
  | { readonly type: 'error'; readonly side: Side; readonly message: string };
