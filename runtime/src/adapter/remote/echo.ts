/** Waits for something that was sent to come back. */
export class Echo {
  #settle: (isHeard: boolean) => void = () => undefined;

  /** It came back. */
  heard(): void {
    this.#settle(true);
  }

  /** It never will. */
  lost(): void {
    this.#settle(false);
  }

  /**
   * Sends it; returns whether it came back in time.
   *
   * @param timeoutMs - counted from when it was sent
   * @throws what `send` throws
   */
  async of(send: () => Promise<void>, timeoutMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<boolean>((resolve, reject) => {
        this.#settle = resolve;
        send().then(() => (timer = setTimeout(resolve, timeoutMs, false)), reject);
      });
    } finally {
      clearTimeout(timer);
    }
  }
}
