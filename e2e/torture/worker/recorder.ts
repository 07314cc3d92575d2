import { openSync, writeSync } from 'node:fs';
import type { ChangeEvent, HistoryEvent } from '../history/events.js';

/** An event without what the recorder knows itself. */
type NewEvent = HistoryEvent extends infer E
  ? E extends HistoryEvent
    ? Omit<E, 'at' | 'process'>
    : never
  : never;

/**
 * Writes a worker's history. The events of one turn are written together when it ends: synchronously, and before the
 * store sends what was asked for in that turn, so that a SIGKILL loses no event whose effect others may see.
 */
export class Recorder {
  readonly #file: number;
  readonly #process: string;
  #attempts = 0;
  #lines = '';

  constructor(path: string, processName: string) {
    this.#file = openSync(path, 'a');
    this.#process = processName;
  }

  begin(kind: string): Attempt {
    const transaction = `${this.#process}.${(this.#attempts += 1)}`;
    this.write({ event: 'begin', transaction, kind });
    return new Attempt(this, transaction);
  }

  write(event: NewEvent): void {
    const line = { at: Number(process.hrtime.bigint()), process: this.#process, ...event };
    if (this.#lines === '') process.nextTick(() => this.#flush());
    this.#lines += `${JSON.stringify(line)}\n`;
  }

  #flush(): void {
    writeSync(this.#file, this.#lines);
    this.#lines = '';
  }
}

/** A change that is about to be made; without a name it gets one. */
export type PlannedChange = Pick<ChangeEvent, 'slot' | 'operation' | 'from' | 'by' | 'claims'> &
  Partial<Pick<ChangeEvent, 'change'>>;

/** One attempt of a transaction. */
export class Attempt {
  readonly id: string;
  readonly #recorder: Recorder;
  #changes = 0;

  constructor(recorder: Recorder, id: string) {
    this.#recorder = recorder;
    this.id = id;
  }

  locked(key: string, entries: readonly string[] = []): void {
    this.#recorder.write({
      event: 'lock',
      transaction: this.id,
      key,
      length: entries.length,
      last: entries.at(-1) ?? null,
    });
  }

  writes(key: string, entry: string): void {
    this.#recorder.write({ event: 'write', transaction: this.id, key, entry });
  }

  deletes(key: string): void {
    this.#recorder.write({ event: 'delete', transaction: this.id, key });
  }

  /** A slot is about to be changed; returns what the change is called. */
  changes({ change = `${this.id}/${(this.#changes += 1)}`, ...planned }: PlannedChange): string {
    this.#recorder.write({ event: 'change', transaction: this.id, change, ...planned });
    return change;
  }

  undoes(change: string): void {
    this.#recorder.write({ event: 'undone', transaction: this.id, change });
  }

  isTold(change: string, amount: number): void {
    this.#recorder.write({ event: 'told', transaction: this.id, change, amount });
  }

  emits(topic: string): void {
    this.#recorder.write({ event: 'emit', transaction: this.id, topic });
  }

  leaves(): void {
    this.#recorder.write({ event: 'leave', transaction: this.id });
  }

  settles(outcome: 'ok' | 'fail' | 'unknown', error?: string): void {
    this.#recorder.write({
      event: 'outcome',
      transaction: this.id,
      outcome,
      ...(error === undefined ? {} : { error }),
    });
  }
}
