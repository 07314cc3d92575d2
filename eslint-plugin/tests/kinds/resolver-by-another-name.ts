// A lock leaves its transaction through a function that resolves a promise: under another name, in a list, an object, a class.
import { defineModel, type Locked, type Repository, type Store } from '@justscale/runtime';
import { z } from 'zod';

class Doc extends defineModel('doc', z.object({ text: z.string() })) {}
declare const store: Store;
declare const docs: Repository<Doc>;
type Give = (doc: Locked<Doc>) => void;

export async function bad_kept_in_a_list(id: string) {
  const waiting: Give[] = [];
  const held = new Promise<Locked<Doc>>((resolve) => waiting.push(resolve));
  const work = store.transaction(async () => {
    const doc = await docs.lock(Doc.ref(id));
    if (doc) waiting.shift()?.(doc);
  });
  return [await held, await work];
}
export async function bad_loop_over_list(id: string) {
  const waiting = new Set<Give>();
  const held = new Promise<Locked<Doc>>((resolve) => {
    waiting.add(resolve);
  });
  const work = store.transaction(async () => {
    const doc = await docs.lock(Doc.ref(id));
    if (doc) for (const give of waiting) give(doc);
  });
  return [await held, await work];
}
export async function bad_for_each(id: string) {
  const waiting = new Set<Give>();
  const held = new Promise<Locked<Doc>>((resolve) => {
    waiting.add(resolve);
  });
  const work = store.transaction(async () => {
    const doc = await docs.lock(Doc.ref(id));
    if (doc) waiting.forEach((give) => give(doc));
  });
  return [await held, await work];
}
export async function bad_in_an_object(id: string) {
  const box: { done?: Give } = {};
  const held = new Promise<Locked<Doc>>((resolve) => {
    box.done = resolve;
  });
  const work = store.transaction(async () => {
    const doc = await docs.lock(Doc.ref(id));
    if (doc) box.done?.(doc);
  });
  return [await held, await work];
}
// of bad_class
class Gate {
  promise: Promise<Locked<Doc>>;
  private open!: Give;
  constructor() {
    this.promise = new Promise((resolve) => {
      this.open = resolve;
    });
  }
  async bad_class(id: string) {
    await store.transaction(async () => {
      const doc = await docs.lock(Doc.ref(id));
      if (doc) this.open(doc);
    });
  }
}
export const gate = new Gate();
class Deferred<T> {
  readonly promise: Promise<T>;
  #give!: (value: T) => void;
  constructor() {
    this.promise = new Promise<T>((resolve) => {
      this.#give = resolve;
    });
  }
  complete(value: T) {
    this.#give(value);
  }
}
export async function bad_deferred(id: string) {
  const later = new Deferred<Locked<Doc>>();
  await store.transaction(async () => {
    const doc = await docs.lock(Doc.ref(id));
    if (doc) later.complete(doc);
  });
  return later.promise;
}
export async function bad_literal(id: string) {
  const make = () => {
    let pass!: { pass: Give };
    const promise = new Promise<Locked<Doc>>((resolve) => {
      pass = { pass: resolve };
    });
    return { promise, pass };
  };
  const later = make();
  await store.transaction(async () => {
    const doc = await docs.lock(Doc.ref(id));
    if (doc) later.pass.pass(doc);
  });
  return later.promise;
}
export async function bad_wrapped(id: string) {
  let give: Give = () => undefined;
  const held = new Promise<Locked<Doc>>((resolve) => {
    give = (doc) => resolve(doc);
  });
  await store.transaction(async () => {
    const doc = await docs.lock(Doc.ref(id));
    if (doc) give(doc);
  });
  return held;
}
export async function bad_setter_of_object(id: string) {
  const box: { kept?: Locked<Doc> } = {};
  const keep = (doc: Locked<Doc>) => Object.assign(box, { kept: doc });
  await store.transaction(async () => {
    const doc = await docs.lock(Doc.ref(id));
    if (doc) keep(doc);
  });
  return box.kept?.text;
}
export async function ok_inside(id: string) {
  return store.transaction(async () => {
    const doc = await docs.lock(Doc.ref(id));
    if (!doc) return undefined;
    let give!: Give;
    const held = new Promise<Locked<Doc>>((resolve) => {
      give = resolve;
    });
    give(doc);
    void held;
    await docs.update(doc, { text: 'x' });
  });
}
export async function ok_deferred_text(id: string) {
  const later = new Deferred<string>();
  await store.transaction(async () => {
    const doc = await docs.lock(Doc.ref(id));
    if (doc) later.complete(doc.text);
  });
  return later.promise;
}
export async function ok_callback(id: string, use: (doc: Locked<Doc>) => Promise<void>) {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, 1);
  });
  await store.transaction(async () => {
    const doc = await docs.lock(Doc.ref(id));
    if (doc) await use(doc);
  });
}
export async function bad_kept_resolve(id: string) {
  let give: (doc: Locked<Doc>) => void = () => undefined;
  const held = new Promise<Locked<Doc>>((resolve) => {
    give = resolve;
  });
  const work = store.transaction(async () => {
    const doc = await docs.lock(Doc.ref(id));
    if (doc) give(doc);
  });
  await docs.update(await held, { text: '' });
  await work;
}
export async function bad_small_setter(id: string) {
  let kept: Locked<Doc> | undefined;
  const keep = (doc: Locked<Doc>) => {
    kept = doc;
  };
  await store.transaction(async () => {
    const doc = await docs.lock(Doc.ref(id));
    if (doc) keep(doc);
  });
  return kept?.text;
}
export async function ok_resolve_a_text(id: string) {
  let give: (text: string) => void = () => undefined;
  const text = new Promise<string>((resolve) => {
    give = resolve;
  });
  await store.transaction(async () => give((await docs.lock(Doc.ref(id)))?.text ?? ''));
  return text;
}
