import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { postgresStore } from '@justscale/runtime/postgres';
import { expect, test } from 'vitest';
import { Account, ACCOUNT_SCHEMA } from '../postgres/support/account.js';

const directory = import.meta.dirname;
const database = useDatabase(ACCOUNT_SCHEMA);

test('docs/guide/production.md shows the bridge that is tested here', async () => {
  const bridge = await readFile(join(directory, 'opentelemetry-bridge.ts'), 'utf8');
  const page = await readFile(join(directory, '../../../docs/guide/production.md'), 'utf8');
  expect(page).toContain(`\`\`\`ts\n${bridge}\`\`\``);
});

test('each statement, lock and transaction becomes a span of the request that called it', async () => {
  const exporter = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  await import('./opentelemetry-bridge.js');

  const store = postgresStore(database.url);
  const accounts = store.repository(Account);
  const request = trace.getTracer('test').startSpan('request');
  await context.with(trace.setSpan(context.active(), request), async () => {
    await accounts.save(new Account({ owner: 'ada', balance: 0 }, { id: 'a1' }));
    await accounts.mutate(Account.ref('a1'), () => ({ balance: 1 }));
    await expect(store.read('select 1/0')).rejects.toThrow('division by zero');
  });
  request.end();
  await store.close();

  const spans = exporter.getFinishedSpans().filter(({ name }) => name.startsWith('justscale:'));
  expect(new Set(spans.map(({ name }) => name))).toEqual(
    new Set(['justscale:statement', 'justscale:lock', 'justscale:transaction']),
  );
  const { traceId } = request.spanContext();
  expect(spans.filter((span) => span.spanContext().traceId !== traceId)).toEqual([]);
  expect(spans.find(({ name }) => name === 'justscale:lock')?.attributes).toMatchObject({
    subject: 'account',
    ids: ['a1'],
  });
  const failed = spans.filter(({ events }) => events.length > 0);
  expect(failed.map(({ attributes }) => String(attributes['text']))).toEqual([
    expect.stringContaining('select 1/0'),
  ]);
});
