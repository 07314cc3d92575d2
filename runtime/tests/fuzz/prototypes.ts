const WATCHED: readonly object[] = [
  Object,
  Array,
  Function,
  String,
  Number,
  Boolean,
  Promise,
  Map,
  Set,
  Date,
  Error,
  Uint8Array,
].flatMap((type) => [type, type.prototype as object]);

/** What hangs on the prototypes that everything inherits from, as text. */
export function prototypesNow(): string {
  let names = '';
  for (const object of WATCHED) names += `${Reflect.ownKeys(object).length} `;
  for (const key in {}) names += key;
  return names;
}

/** The same, before anything hostile happened. */
export const prototypesBefore: string = prototypesNow();
