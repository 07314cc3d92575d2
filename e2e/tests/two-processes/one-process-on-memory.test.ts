import { domainSuite } from '@justscale/fixtures/chat-app/domain-suite';
import { memoryStore } from '@justscale/runtime/memory';
import { expect, test } from 'vitest';
import { say, startConversation } from './support/talk.js';
import { useProcesses } from './support/use-processes.js';

// The suite that also passes on Postgres.
domainSuite('memory, in one process', () => Promise.resolve(memoryStore()));

const start = useProcesses();

test(
  'the same entry point without a database: two users of one process talk',
  { timeout: 60_000 },
  async () => {
    const only = start({});
    const conversation = await startConversation(only.client(), only.client());
    const { alice, bob } = conversation;
    await say(conversation, alice, bob, 'hello Bob');
    await say(conversation, bob, alice, 'hello Alice');
    expect(await only.reported('listening')).toMatchObject({ store: 'memory' });
  },
);
