const SOURCE = 'only `lock`, `lockMany`, `lockWhere` and `mutate` of a repository make one';
const PASS_ON =
  'Pass on what one of them gave, or take the lock as a parameter of type `Locked<Model>`';
const REFUSED = 'The write is refused at run time.';
const UNKNOWN = '`{{code}}` is taken for a `Locked`, and its origin is not known:';

/** What no-forged-lock says: what the value is, why its origin is not known, and the mend. */
export const messages = {
  // What an expression claims.
  asserted: `This assertion makes a \`Locked\` of \`{{code}}\`, which is none: ${SOURCE}. ${REFUSED}`,
  present:
    '`{{code}}` is `null` when the row does not exist or is held: this says that it is there. Check it, and throw or return when it is not.',
  draft:
    'This assertion makes a draft of `{{code}}`, which is none: only `new Model(fields)` makes one. `save` refuses it at run time.',
  any: `\`{{code}}\` is \`any\`, and is taken for a \`Locked\` here: ${SOURCE}. ${REFUSED}`,
  never: `\`{{code}}\` is \`never\`, which fits everywhere, and is taken for a \`Locked\` here: ${SOURCE}. ${REFUSED}`,
  generic: `\`{{code}}\` returns a \`Locked\` only because its caller says so{{at}}: ${SOURCE}. ${PASS_ON}.`,
  made: `${UNKNOWN} nothing that it was made of is a lock{{at}}. ${PASS_ON}.`,
  copied: `${UNKNOWN} it is another object than the one that was locked{{at}}. Pass on the lock itself.`,
  narrowedTo: `${UNKNOWN} a check narrowed it, and a snapshot passes that check as well{{at}}. Let its type be \`Locked<Model>\` from the start, or tell the two apart by a tag of your own.`,
  replaced: `${UNKNOWN} something that asks for no type puts another value there{{at}}. Make a new object with the lock in it.`,
  missing:
    '`{{code}}` may be missing, and is taken for a `Locked` here{{at}}: check it first. `strict`, `noUncheckedIndexedAccess` and `exactOptionalPropertyTypes` let the compiler say so.',
  dynamic: `${UNKNOWN} which method it came from is decided when the program runs. Call \`lock\` by its name.`,
  injected: `${UNKNOWN} a decorator decides what it is{{at}}. Take the lock as a parameter.`,
  released:
    '`{{code}}` is a lock that a transaction returned{{at}}: it is released by then, and the write is refused. Write inside of the transaction, or lock again.',

  // Drafts.
  anyDraft:
    '`{{code}}` is `any`, and is taken for a draft here: only `new Model(fields)` makes one. `save` refuses it at run time.',
  unknownDraft:
    '`{{code}}` is taken for a draft, and its origin is not known{{at}}: only `new Model(fields)` makes one, and a copy of it is none. `save` refuses it at run time.',
  self: '`{{code}}` is taken for a draft here, but this method can be called on a snapshot or a lock as well, which `save` refuses at run time. Let the method demand its state: `this: Transient<Model>` as its first parameter.',

  // Types that demand less than what stands behind them.
  narrowed:
    '`{{code}}` demands a `Locked`, but can be called with something else here. Let what calls it demand the lock too.',
  widened:
    '`{{code}}` demands a `Locked`, and is handed on as something that demands none. Keep its type.',
  aliased:
    '`{{code}}` takes anything under this type, and something is put into it at {{place}} that is taken for a `Locked` elsewhere. Keep its type.',
  untyped:
    'The type of `{{code}}` is `any`, so nothing checks that this `{{method}}` has its lock. Give it its type, `Repository<…>`.',
  anyModel:
    '`{{code}}` is a repository of `any`, which takes the lock of every model. Name its model.',

  // What is declared, and nothing stands behind it.
  guard: `This type guard says that something is a \`Locked\`, which no code can find out: ${SOURCE}. Pass on the lock that you have.`,
  ambient: `This declares a \`Locked\` that nothing shows to be one: ${SOURCE}. Take it as a parameter.`,
  definite: `\`!\` says that this \`Locked\` is there, and nothing assigns it before it is read: ${SOURCE}. Take it as a parameter.`,
  unassigned:
    'Nothing assigns this before it is read, so it can be `undefined` where a `Locked` is expected. Assign it where it is declared, or take the lock as a parameter.',
  merged: `Declaration merging gives this class a \`Locked\` that nothing makes: ${SOURCE}. Take it as a parameter.`,
  augmented:
    'This changes the types of `@justscale/runtime`, on which every lock rests. Write a type of your own instead.',
  overload:
    'This overload promises a `Locked`, and its implementation can return something else. Let each have a function of its own, or give the implementation the same result.',

  // Repositories.
  foreign:
    '`{{code}}` was not locked with this repository, but with `{{locker}}`: the write is refused at run time. Write with the repository that locked it.',
  patched:
    '`{{code}}` is not the repository that the store made{{at}}: what its methods return, nobody knows. Wrap it in a class of your own that calls it.',

  // The compiler.
  suppressed:
    '`{{directive}}` hides what the compiler says of `{{code}}`, and with it the demand for a lock. Mend the error instead.',
  loose:
    'This program is compiled without `{{option}}`: the compiler does not check what locks rest on, and this rule misses what it would see. Set `"strict": true` in tsconfig.json. (Said once for each program.)',
  shimmed:
    '`{{code}}` comes from {{place}}, not from the package `@justscale/runtime`: its types are not those that the rules know, and none of them checks anything here. Import the package itself. (Said once for each program.)',
};

export type MessageId = keyof typeof messages;
