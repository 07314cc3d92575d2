// A service keeps what rows say rather than the rows: a map of flags, a number, a text. It goes stale in the same way.
import { defineModel, type Repository } from '@justscale/runtime';
import { z } from 'zod';

class Setting extends defineModel(
  'setting',
  z.object({ key: z.string(), on: z.boolean(), limit: z.number() }),
) {}

// of bad_flags
export class Flags {
  private readonly flags = new Map<string, boolean>();
  constructor(private readonly settings: Repository<Setting>) {}
  async bad_flags() {
    for (const setting of await this.settings.find()) this.flags.set(setting.key, setting.on);
  }
  isOn(key: string) {
    return this.flags.get(key) ?? false;
  }
}
// of bad_limit
export class Limits {
  private limit: number | null = null;
  constructor(private readonly settings: Repository<Setting>) {}
  async bad_limit() {
    this.limit ??= (await this.settings.findOne({ key: 'limit' }))?.limit ?? 0;
    return this.limit;
  }
}
// of bad_cached
export class Cached {
  private readonly known = new Map<string, unknown>();
  constructor(private readonly settings: Repository<Setting>) {}
  private async cached<T>(key: string, load: () => Promise<T>): Promise<T> {
    if (!this.known.has(key)) this.known.set(key, await load());
    return this.known.get(key) as T;
  }
  bad_cached(id: string) {
    return this.cached(id, () => this.settings.get(Setting.ref(id)));
  }
}
export class Fresh {
  constructor(private readonly settings: Repository<Setting>) {}
  async ok_of_this_call() {
    const flags = new Map<string, boolean>();
    for (const setting of await this.settings.find()) flags.set(setting.key, setting.on);
    return flags;
  }
}
