import runtime = require('@justscale/runtime');

export const isLockError = (error: unknown) => error instanceof runtime.LockNotHeldError;
