import { JustScaleError } from './justscale-error.js';

/** A signal's path, or what was given for one of its parameters, cannot be used. */
export class SignalPathError extends JustScaleError {
  readonly code = 'SIGNAL_PATH';
  readonly path: string;

  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(`Signal ${path}: ${reason}.`, options);
    this.path = path;
  }
}

/** What arrived on the channel is no signal; it was dropped. */
export class SignalDecodeError extends JustScaleError {
  readonly code = 'SIGNAL_DECODE';
  readonly channel: string;
  /** The first 200 characters of what arrived. */
  readonly payload: string;

  constructor(channel: string, payload: string, options?: ErrorOptions) {
    super(
      `Channel ${channel}: a notification that is no signal was dropped. Does something else use this channel?`,
      options,
    );
    this.channel = channel;
    this.payload = payload.slice(0, 200);
  }
}

/** A subscriber of a signal threw; the others were called all the same. */
export class SignalListenerError extends JustScaleError {
  readonly code = 'SIGNAL_LISTENER';
  readonly path: string;

  constructor(path: string, options?: ErrorOptions) {
    super(`A subscriber of ${path} threw. Catch what can fail inside the subscriber.`, options);
    this.path = path;
  }
}

/** A stream's consumer fell too far behind; the stream ended. */
export class SignalOverflowError extends JustScaleError {
  readonly code = 'SIGNAL_OVERFLOW';
  readonly path: string;
  readonly limit: number;

  constructor(path: string, limit: number) {
    super(
      `Signal ${path}: the consumer of a stream fell ${limit} signals behind. Consume faster, then re-read what you cache.`,
    );
    this.path = path;
    this.limit = limit;
  }
}

/** A store does not hear the signals that it sends itself, so it hears those of nobody. */
export class SignalsUnheardError extends JustScaleError {
  readonly code = 'SIGNALS_UNHEARD';
  /** How they travel, such as `NOTIFY app_signals over db:5432/app`. */
  readonly way: string;

  constructor(way: string, mend: string) {
    super(`${way}: what the store sends itself does not arrive, so no signal does. ${mend}`);
    this.way = way;
  }
}

/** What carries the signals refused them; they were not sent. */
export class SignalTransportError extends JustScaleError {
  readonly code = 'SIGNAL_TRANSPORT';
  /** Such as `redis`. */
  readonly transport: string;

  constructor(transport: string, reason: string, options?: ErrorOptions) {
    super(`Signals over ${transport}: ${reason}`, options);
    this.transport = transport;
  }
}
