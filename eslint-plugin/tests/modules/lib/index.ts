export * from './ttl.js';
export { createCounter as counter, default as Registry } from './factory.js';
