import { executionAsyncResource } from 'node:async_hooks';
import { memoryStore } from '@justscale/runtime/memory';
import { expect, test } from 'vitest';

/** How many async contexts Node carries on to what begins now. */
function carriedContexts(): Promise<number> {
  return new Promise((resolve) => {
    setImmediate(() => resolve(Object.getOwnPropertySymbols(executionAsyncResource()).length));
  });
}

test('a closed store leaves no async context behind, which would slow down every promise', async () => {
  const before = await carriedContexts();
  for (let count = 0; count < 20; count++) {
    const store = memoryStore();
    await store.transaction(async () => undefined);
    await store.close();
  }
  expect(await carriedContexts()).toBeLessThan(before + 20);
});
