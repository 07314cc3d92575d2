// Middleware whose default store is the memory of the process: counters and sessions that other processes do not see.
import express from 'express';
import { rateLimit } from 'express-rate-limit';
import session from 'express-session';
import { RedisStore } from 'rate-limit-redis';

// of bad_limiter
export const limiter = rateLimit({ windowMs: 60_000, limit: 5 });
export const bad_limiter = () => limiter;

export function bad_sessions(secret: string) {
  return express().use(session({ secret }));
}
export function bad_route_limiter() {
  return express().use('/login', rateLimit({ windowMs: 60_000, limit: 5 }));
}
export function ok_shared(
  sendCommand: (...args: string[]) => Promise<unknown>,
  secret: string,
  store: unknown,
) {
  return express()
    .use(rateLimit({ windowMs: 60_000, limit: 5, store: new RedisStore({ sendCommand }) }))
    .use(session({ secret, store }));
}
