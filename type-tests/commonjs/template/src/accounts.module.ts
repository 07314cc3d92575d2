import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Store } from '@justscale/runtime';
import { AccountsService } from './accounts.service';
import { STORE, storeProvider } from './store.provider';

@Module({ providers: [storeProvider, AccountsService], exports: [AccountsService] })
export class AccountsModule implements OnApplicationShutdown {
  constructor(@Inject(STORE) private readonly store: Store) {}

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}
