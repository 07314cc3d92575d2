/** Tells that something has happened to one of the processes. */
export class Changes {
  #count = 0;
  #wake: (() => void) | undefined;

  get count(): number {
    return this.#count;
  }

  readonly notify = (): void => {
    this.#count++;
    this.#wake?.();
  };

  /** Until the count is another than `count`, or for as many milliseconds. */
  async after(count: number, milliseconds: number): Promise<void> {
    if (this.#count !== count || milliseconds <= 0) return;
    await new Promise<void>((done) => {
      const timer = setTimeout(done, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        done();
      };
    });
    this.#wake = undefined;
  }
}
