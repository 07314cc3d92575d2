import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AccountsModule } from './accounts.module';
import { AccountsService } from './accounts.service';

async function main(): Promise<void> {
  const app = await NestFactory.createApplicationContext(AccountsModule, { logger: ['error'] });
  const accounts = app.get(AccountsService);
  const id = await accounts.open('ada');
  const balances = await Promise.all([1, 2, 3].map(() => accounts.deposit(id, 10)));
  console.log(Math.max(...balances));
  await app.close();
}

void main();
