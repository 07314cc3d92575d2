import { defineModel, gt } from '@justscale/runtime';
import { createStore } from '@justscale/runtime/adapter';
import { describeConformance } from '@justscale/runtime/testing';
import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { MapAdapter } from './map-adapter/map-adapter.js';

describeConformance('a Map', {
  describe,
  it,
  capabilities: new MapAdapter().capabilities,
  openStore: () => createStore(new MapAdapter()),
});

test('a condition that the adapter does not declare is refused by name, before it is asked', async () => {
  class Item extends defineModel('item', z.object({ size: z.number() })) {}
  const store = createStore(new MapAdapter());
  await expect(store.repository(Item).find({ size: gt(1) })).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    option: 'where.size',
    message: expect.stringContaining('map'),
  });
  await store.close();
});
