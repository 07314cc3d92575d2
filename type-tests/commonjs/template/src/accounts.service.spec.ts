import { Test, type TestingModule } from '@nestjs/testing';
import { AccountsModule } from './accounts.module';
import { AccountsService } from './accounts.service';

describe('AccountsService', () => {
  let app: TestingModule;

  beforeAll(async () => {
    app = await Test.createTestingModule({ imports: [AccountsModule] }).compile();
  });

  afterAll(async () => {
    await app.close();
  });

  it('loses no deposit', async () => {
    const accounts = app.get(AccountsService);
    const id = await accounts.open('ada');

    await Promise.all([1, 2, 3].map(() => accounts.deposit(id, 10)));

    expect(await accounts.deposit(id, 0)).toBe(30);
  });
});
