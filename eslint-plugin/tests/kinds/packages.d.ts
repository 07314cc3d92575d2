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
}
