import { domainCode } from './support/domain-code.js';
import { getRule, typedTester } from './support/rule-tester.js';

/** What a report says where the same words would be wrong. */
const reported = (
  rule: Parameters<typeof getRule>[0],
  name: string,
  body: string,
  messageId: string,
  data: Readonly<Record<string, string>>,
): void => {
  const code = domainCode(body);
  typedTester.run(name, getRule(rule), {
    valid: [],
    invalid: [{ name, code, errors: [{ messageId, data }] }],
  });
};

reported(
  'no-stale-patch',
  'data that was read under the lock of another transaction, which has ended',
  `export async function f(ref: Ref<Room>) {
  const members = await store.transaction(async () => (await rooms.lock(ref))?.members ?? 0);
  await rooms.mutate(ref, () => ({ members: members + 1 }));
}`,
  'stalePatch',
  {
    fields: '`members`',
    model: 'Room',
    read: 'line 9',
    protection: 'under the lock of another transaction, which has ended',
  },
);

reported(
  'no-stale-patch',
  'the whole entity',
  `export async function f(ref: Ref<Room>) {
  const room = await rooms.get(ref);
  if (room) await rooms.mutate(ref, () => Object.assign({}, room, { members: 1 }));
}`,
  'stalePatch',
  { fields: 'data', model: 'Room', read: 'line 9', protection: 'without the lock' },
);

reported(
  'no-slow-work-under-lock',
  'the lock of a name',
  `export const f = (url: string) => store.transaction(async () => {
  await store.lockName('import');
  await fetch(url);
});`,
  'awaited',
  { work: '`fetch(…)`', place: '', lock: 'line 9', resource: 'name' },
);

reported(
  'no-escaped-lock',
  'a lock that has no name of its own',
  `export class Keeper {
  #room: Locked<Room> | null = null;
  keep(ref: Ref<Room>) { return store.transaction(async () => { this.#room = (await rooms.lock(ref)) ?? null; }); }
}`,
  'field',
  {
    model: 'Room',
    lock: '(await rooms.lock(ref)) ?? null',
    target: 'this.#room',
    ref: 'its `Ref`',
  },
);

reported(
  'no-floating-write',
  'where there is no transaction',
  'export function f(ref: Ref<Room>) { void rooms.mutate(ref, (room) => ({ members: room.members + 1 })); }',
  'dropped',
  {
    write: '`rooms.mutate(…)`',
    consequence: 'what comes next does not wait for it',
  },
);
