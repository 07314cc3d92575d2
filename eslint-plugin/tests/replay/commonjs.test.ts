import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';

test('require() gives all that its declarations say, and nothing else', () => {
  const declared = readFileSync(new URL('../../replay.d.cts', import.meta.url), 'utf8');
  const names = [...declared.matchAll(/export declare const (\w+)/g)].map(([, name]) => name);
  const required: unknown = createRequire(import.meta.url)('@justscale/eslint-plugin/replay');
  expect(Object.keys(required as object).sort()).toEqual(names.toSorted());
});
