// Errors are told apart by class and carry their data.
import {
  DuplicateEntityError,
  JustScaleError,
  LockTimeoutError,
  ValidationError,
  type Ref,
  type Repository,
  type Store,
} from '@justscale/runtime';
import { Account } from './domain.js';

export async function tryLock(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
): Promise<string> {
  try {
    return await store.transaction(async () => {
      const account = await accounts.lock(ref, { wait: 'fail' });
      return account?.owner ?? 'nobody';
    });
  } catch (error) {
    if (error instanceof LockTimeoutError) return 'busy';
    if (error instanceof DuplicateEntityError) return `taken: ${error.constraint}`;
    if (error instanceof ValidationError) return error.issues.map(({ path }) => path).join();
    if (error instanceof JustScaleError) return error.code;
    throw error;
  }
}
