import { domainCode } from '../support/domain-code.js';
import { getRule, wholeProgramTester } from '../support/rule-tester.js';

const rule = getRule('lock-order');

/** A function that locks, and the ways by which a call may name it. */
const found = (name: string, call: string, declarations = '') => ({
  name,
  code: domainCode(`import * as self from './file.js';
export async function take(ref: Ref<Account>) { return accounts.lock(ref); }
${declarations}
export async function all(refs: readonly Ref<Account>[]) {
  for (const ref of refs) await ${call}(ref);
}`),
  errors: [{ messageId: 'loop' as const }],
});

wholeProgramTester.run('a function is found by every name that it may go by', rule, {
  valid: [],
  invalid: [
    found('its own', 'take'),
    found('a constant', 'again', 'const again = take;'),
    found('a constant behind an assertion', 'again', 'const again = take as typeof take;'),
    found('a shorthand property', 'api.take', 'const api = { take };'),
    found('a property', 'api.lock1', 'const api = { lock1: take };'),
    found(
      'a property with a quoted name',
      'api.lock1',
      `const api = { 'lock1': (ref: Ref<Account>) => take(ref) };`,
    ),
    found(
      'a property with a computed name',
      'api.lock1',
      `const NAME = 'lock1'; const api = { [NAME]: (ref: Ref<Account>) => take(ref) };`,
    ),
    found(
      'a method',
      'new Desk().lock1',
      'class Desk { lock1(ref: Ref<Account>) { return take(ref); } }',
    ),
    found('a static field', 'Desk.lock1', 'class Desk { static readonly lock1 = take; }'),
    found(
      'a private method',
      'new Desk().each',
      `class Desk {
        each(ref: Ref<Account>) { return this.#one(ref); }
        #one(ref: Ref<Account>) { return take(ref); }
      }`,
    ),
    found(
      'a method of an interface',
      'desk.lock1',
      `interface Desk { lock1(ref: Ref<Account>): Promise<unknown>; }
      class OneDesk implements Desk { lock1(ref: Ref<Account>) { return take(ref); } }
      const desk: Desk = new OneDesk();`,
    ),
    found('an export of a namespace', 'self.take'),
    found('another name that it is exported by', 'self.lock1', 'export { take as lock1 };'),
    found(
      'another name that it is imported by',
      'lock1',
      `import { take as lock1 } from './file.js';`,
    ),
    found('a default export', 'lock1', `import lock1 from './file.js'; export default take;`),
    found(
      'a function that is exported as the default',
      'lock1',
      `import lock1 from './file.js';
      export default async function one(ref: Ref<Account>) { return take(ref); }`,
    ),
    found(
      'a function that another one calls',
      'outer',
      `async function outer(ref: Ref<Account>) { return inner(ref); }
      const inner = async (ref: Ref<Account>) => { const run = () => take(ref); return run(); };`,
    ),
  ],
});
