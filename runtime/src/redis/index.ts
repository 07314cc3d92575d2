export { redisSignals } from './redis-signals.js';
export type { RedisClientSettings, RedisSignalsOptions } from './redis-options.js';
