export class TtlCache<T> {
  private readonly entries = new Map<string, T>();
  get(k: string) {
    return this.entries.get(k);
  }
  set(k: string, v: T) {
    this.entries.set(k, v);
  }
}
export class Client {
  private url: string;
  constructor(url: string) {
    this.url = url;
  }
  call() {
    return this.url;
  }
}
export class Named extends TtlCache<number> {
  name = 'x';
}
