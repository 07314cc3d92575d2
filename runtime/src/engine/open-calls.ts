interface Call {
  promise?: Promise<unknown>;
}

/**
 * The calls inside a transaction that have not settled. When it is rolled back its caller is told; nobody may be left to
 * hear of each of them, and a rejection that nobody hears of ends the process.
 */
export class OpenCalls {
  readonly #calls = new Set<Call>();

  /** Makes a call. */
  run<R>(work: () => Promise<R>): Promise<R> {
    const call: Call = {};
    this.#calls.add(call);
    call.promise = work().then(
      (result) => {
        this.#calls.delete(call);
        return result;
      },
      (error: unknown) => {
        this.#calls.delete(call);
        throw error;
      },
    );
    return call.promise as Promise<R>;
  }

  /** Lets those that are still open fail without anybody listening. */
  silence(): void {
    for (const { promise } of this.#calls) promise?.catch(() => undefined);
  }
}
