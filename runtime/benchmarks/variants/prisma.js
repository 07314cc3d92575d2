import { PrismaPg } from '@prisma/adapter-pg';
import prismaClient from '../.tmp/prisma/index.js';

/** @type {import('../variant.js').Variant} */
export default {
  title: 'Prisma 7 (raw lock)',
  packages: ['@prisma/client', '@prisma/adapter-pg'],
  asked:
    '`prisma.$transaction(…)` with `$queryRaw` for `SELECT … FOR UPDATE` and `account.update(…)`, over the driver adapter',
  async open({ url, connections }) {
    const adapter = new PrismaPg({ connectionString: url, max: connections });
    const prisma = new prismaClient.PrismaClient({
      adapter,
      // Its own limit of 2 seconds is short for 50 callers of one row.
      transactionOptions: { maxWait: 30_000, timeout: 30_000 },
    });
    return {
      increment: (id) =>
        prisma.$transaction(async (tx) => {
          const [{ balance }] =
            await tx.$queryRaw`select balance from account where id = ${id} for update`;
          await tx.account.update({ where: { id }, data: { balance: balance + 1 } });
        }),
      close: () => prisma.$disconnect(),
    };
  },
};
