declare module 'async-lock' {
  export default class AsyncLock {
    acquire<T>(key: string, work: () => Promise<T>): Promise<T>;
  }
}
declare module 'async-mutex' {
  export interface MutexInterface {
    runExclusive<T>(work: () => Promise<T>): Promise<T>;
  }
  export class Mutex implements MutexInterface {
    runExclusive<T>(work: () => Promise<T>): Promise<T>;
  }
  export class Semaphore implements MutexInterface {
    constructor(count: number);
    runExclusive<T>(work: () => Promise<T>): Promise<T>;
  }
  export function withTimeout(mutex: Mutex, milliseconds: number): MutexInterface;
}
declare module 'p-limit' {
  export default function pLimit(concurrency: number): <T>(work: () => Promise<T>) => Promise<T>;
}
declare module 'p-queue' {
  export default class PQueue {
    constructor(options: { concurrency: number });
    add<T>(work: () => Promise<T>): Promise<T>;
  }
}
declare module '@nestjs/common' {
  export function Injectable(options?: { scope?: number }): ClassDecorator;
  export function Controller(path?: string): ClassDecorator;
  export function Post(path?: string): (target: unknown, context: unknown) => void;
  export enum Scope {
    DEFAULT,
    TRANSIENT,
    REQUEST,
  }
}
declare module '@nestjs/schedule' {
  export function Interval(milliseconds: number): (target: unknown, context: unknown) => void;
}
declare module '@nestjs/websockets' {
  export function WebSocketGateway(): ClassDecorator;
}
declare module 'express' {
  export interface Request {
    headers: Record<string, string>;
    user?: { id: string };
  }
  export type Response = object;
  export type NextFunction = () => void;
  interface Application {
    use(...handlers: unknown[]): Application;
  }
  export default function express(): Application;
}
declare module 'express-rate-limit' {
  export function rateLimit(options: object): unknown;
}
declare module 'express-session' {
  export default function session(options: object): unknown;
}
declare module 'rate-limit-redis' {
  export class RedisStore {
    constructor(options: object);
  }
}
