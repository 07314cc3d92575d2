/** A way for signals from one process to another; the exports of a file of this folder. */
export interface Transport {
  openEmitter(url: string): Promise<Emitter>;
  openListener(url: string, onSignal: (id: string) => void): Promise<Closing>;
}

export interface Closing {
  close(): Promise<void>;
}

export interface Emitter extends Closing {
  emit(id: string): Promise<unknown>;
  emitAll(ids: readonly string[]): Promise<unknown>;
}

/** @param name - of a file of this folder */
export async function loadTransport(name: string): Promise<Transport> {
  return (await import(`./${name}.js`)) as Transport;
}
