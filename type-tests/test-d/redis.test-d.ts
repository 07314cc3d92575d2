import {
  redisSignals,
  type RedisClientSettings,
  type RedisSignalsOptions,
} from '@justscale/runtime/redis';
import { memoryStore } from '@justscale/runtime/memory';
import { postgresStore } from '@justscale/runtime/postgres';
import type { SignalTransport } from '@justscale/runtime/adapter';
import { expectError, expectType } from 'tsd';

const options: RedisSignalsOptions = { channel: 'app', heartbeatMs: 1_000 };
const client: RedisClientSettings = {
  socket: { host: 'localhost', port: 6379 },
  password: 'secret',
};

expectType<SignalTransport>(redisSignals('redis://localhost', options));
redisSignals(client);
postgresStore('postgres://localhost/app', { signals: redisSignals('rediss://localhost') });
memoryStore({ signals: redisSignals('redis://localhost') });

// Not the client itself, and what it would do of its own accord.
expectError(redisSignals());
expectError(redisSignals({ disableOfflineQueue: false }));
expectError(redisSignals('redis://localhost', { channels: 'app' }));
