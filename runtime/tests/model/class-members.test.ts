import { defineModel, ValidationError, type Locked, type Store } from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

const fields = z.object({
  owner: z.string(),
  balance: z.number().default(0),
  tags: z.array(z.string()),
});

class Account extends defineModel('account', fields) {
  readonly kind = 'account';
  readonly first = this.tags[0];
  readonly label = () => `${this.owner}: ${this.balance}`;
  readonly #format = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2 });
  #memo: string | undefined;
  private readonly twice = this.balance * 2;

  shown() {
    return this.#shown();
  }

  memo() {
    return (this.#memo ??= this.#shown());
  }

  doubled() {
    return this.twice;
  }

  withdrawal(this: Locked<Account>, amount: number) {
    return { balance: this.balance - amount };
  }

  #shown() {
    return this.#format.format(this.balance);
  }
}

class Savings extends Account {
  readonly interest = 0.02;
  #rate() {
    return this.balance * this.interest;
  }
  yearly() {
    return this.#rate();
  }
}

let store: Store;

beforeEach(() => {
  store = memoryStore();
});

afterEach(async () => {
  await store.close();
});

describe('a class with fields and private members of its own', () => {
  it('has them in every state', async () => {
    const accounts = store.repository(Account);
    const draft = new Account({ owner: 'ada', balance: 5, tags: ['a'] });
    const saved = await accounts.save(draft);
    const read = await accounts.get(Account.ref(saved));
    const locked = await store.transaction(async () => {
      const account = await accounts.lock(Account.ref(saved));
      return account && shownOf(account);
    });

    const expected = {
      kind: 'account',
      first: 'a',
      label: 'ada: 5',
      shown: '5.00',
      memo: '5.00',
      doubled: 10,
    };
    expect(shownOf(draft)).toEqual(expected);
    expect(shownOf(saved)).toEqual(expected);
    expect(read && shownOf(read)).toEqual(expected);
    expect(locked).toEqual(expected);
  });

  it('stores none of them', async () => {
    const accounts = store.repository(Account);
    await accounts.save(new Account({ owner: 'ada', tags: [] }));

    const [found] = await accounts.find({ owner: 'ada', balance: 0 });

    expect(found).toMatchObject({ owner: 'ada', kind: 'account' });
    await expect(accounts.find({ kind: 'account' } as object)).rejects.toThrow(ValidationError);
  });

  it('shows under a lock what they are of the row as it is then', async () => {
    const accounts = store.repository(Account);
    const { id } = await accounts.save(new Account({ owner: 'ada', balance: 5, tags: [] }));

    await store.transaction(async () => {
      const account = await accounts.lock(Account.ref(id));
      if (account === null) throw new Error('it is gone');
      await accounts.update(account, account.withdrawal(2));
      expect([account.doubled(), account.label()]).toEqual([6, 'ada: 3']);
      expect(Object.keys(account)).toEqual([]);
      expect(() => Object.assign(account, { kind: 'other' })).toThrow(/kind/);
    });
  });

  it('has those of its subclasses, too', async () => {
    const savings = store.repository(Savings, { table: 'savings' });
    const { id } = await savings.save(new Savings({ owner: 'ada', balance: 100, tags: [] }));

    const read = await savings.get(Savings.ref(id));

    expect([read?.yearly(), read?.interest, read?.kind]).toEqual([2, 0.02, 'account']);
  });

  it('does not let a constructor write what is stored', async () => {
    class Eager extends defineModel('eager', fields) {
      constructor(of: { owner: string; balance?: number }) {
        super({ ...of, tags: [] });
        this.balance = 7;
      }
      name() {
        return this.owner;
      }
    }
    const eager = store.repository(Eager);
    const { id } = await eager.save(new Eager({ owner: 'ada' }));
    await eager.mutate(Eager.ref(id), () => ({ balance: 1 }));

    const read = await eager.get(Eager.ref(id));

    expect([read?.balance, read?.name()]).toEqual([1, 'ada']);
  });
});

describe('a class with a constructor of its own', () => {
  class Named extends defineModel('named', fields) {
    readonly #greeting = 'hello';
    constructor(owner: string) {
      super({ owner: owner.trim(), tags: [] });
    }
    greeting() {
      return `${this.#greeting} ${this.owner}`;
    }
  }

  it('is stored and read, whatever the constructor takes', async () => {
    const named = store.repository(Named);
    const { id } = await named.save(new Named(' ada '));

    await expect(named.get(Named.ref(id))).resolves.toMatchObject({ owner: 'ada' });
  });
});

it('refuses, as before, what is neither a field of the schema nor one of the class', async () => {
  const accounts = store.repository(Account);
  const draft = Object.assign(new Account({ owner: 'ada', tags: [] }), { ownr: 'x' });

  await expect(accounts.save(draft)).rejects.toThrow(/ownr: is no field/);
});

it('throws what an initialiser throws', async () => {
  class Strict extends defineModel('strict', fields) {
    readonly first = this.tags[0]?.toUpperCase() ?? fail(this.owner);
  }
  const strict = store.repository(Strict);
  const draft = new Strict({ owner: 'ada', tags: ['a'] });
  const { id } = await strict.save(draft);

  await expect(strict.mutate(Strict.ref(id), () => ({ tags: [] }))).rejects.toThrow(
    'no tag of ada',
  );
});

function fail(owner: string): never {
  throw new Error(`no tag of ${owner}`);
}

function shownOf(account: {
  kind: string;
  first: string | undefined;
  label: () => string;
  shown: () => string;
  memo: () => string;
  doubled: () => number;
}) {
  return {
    kind: account.kind,
    first: account.first,
    label: account.label(),
    shown: account.shown(),
    memo: account.memo(),
    doubled: account.doubled(),
  };
}
