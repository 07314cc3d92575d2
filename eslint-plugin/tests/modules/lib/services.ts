import { Injectable } from '@nestjs/common';
import { TtlCache } from './ttl.js';

// of bad_injected
@Injectable()
export class Sessions {
  private readonly cache = new TtlCache<string>();

  bad_injected(id: string) {
    this.cache.set(id, 'open');
  }
}
