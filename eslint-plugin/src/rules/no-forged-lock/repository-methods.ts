/** Methods that write, by their names alone: of a repository of type `any` nothing else is known. */
export const WRITES: ReadonlySet<string> = new Set(['update', 'save', 'delete']);
/** Methods of a repository for which the repository itself is checked: the cheap test before the types are asked. */
export const METHODS: ReadonlySet<string> = new Set([
  ...WRITES,
  'lock',
  'lockMany',
  'lockWhere',
  'mutate',
  'saveMany',
]);
