import { pathToFileURL } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import { prismaClient } from '../install.js';
import { theOnly, type AccountRow, type Variant } from '../variant.js';

/** What is used of the client that Prisma generates. */
interface Transaction {
  $queryRaw<Row>(text: TemplateStringsArray, ...values: readonly unknown[]): Promise<Row>;
  readonly account: {
    update(change: { where: { id: string }; data: { balance: number } }): Promise<unknown>;
  };
}

interface PrismaClient {
  $transaction(work: (tx: Transaction) => Promise<void>): Promise<void>;
  $disconnect(): Promise<void>;
}

/** It is generated when the benchmark is installed. */
const { default: generated } = (await import(pathToFileURL(prismaClient).href)) as {
  default: { PrismaClient: new (options: object) => PrismaClient };
};

export default {
  title: 'Prisma 7 (raw lock)',
  packages: ['@prisma/client', '@prisma/adapter-pg'],
  asked:
    '`prisma.$transaction(…)` with `$queryRaw` for `SELECT … FOR UPDATE` and `account.update(…)`, over the driver adapter',
  async open({ url, connections }) {
    const adapter = new PrismaPg({ connectionString: url, max: connections });
    const prisma = new generated.PrismaClient({
      adapter,
      // Its own limit of 2 seconds is short for 50 callers of one row.
      transactionOptions: { maxWait: 30_000, timeout: 30_000 },
    });
    return {
      increment: (id: string) =>
        prisma.$transaction(async (tx) => {
          const { balance } = theOnly(
            await tx.$queryRaw<
              AccountRow[]
            >`select balance from account where id = ${id} for update`,
          );
          await tx.account.update({ where: { id }, data: { balance: balance + 1 } });
        }),
      close: () => prisma.$disconnect(),
    };
  },
} satisfies Variant;
