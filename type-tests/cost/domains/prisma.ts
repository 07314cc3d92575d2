import { callSitesOf, indexes, type DomainWriter } from '../domain-size.js';

/** Prisma's own generator makes the rest from `schema.prisma`. */
export const writePrisma: DomainWriter = (size) => {
  const models = indexes(size.models);
  const files = new Map<string, string>();
  files.set(
    'schema.prisma',
    `
generator client {
  provider            = "prisma-client"
  output              = "./generated"
  importFileExtension = "js"
}

datasource db {
  provider = "postgresql"
}
${models
  .map(
    (model) => `
enum State${model} {
  open
  closed
  state${model}
}

model Model${model} {
  id            String   @id
  owner         String
  amount        Float
  active        Boolean
  openedAt      DateTime
  note          String?
  state         State${model}
  tags          String[]
  parent${model} String
}`,
  )
  .join('\n')}
`,
  );
  for (const model of models) {
    const functions = callSitesOf(model, size).map(
      (site) => `
export async function change${site}(db: PrismaClient, id: string) {
  const changed = await db.$transaction(async (tx) => {
    const found = await tx.model${model}.findUnique({ where: { id } });
    if (found === null) return null;
    if (found.amount > ${model}) {
      await tx.model${model}.update({ where: { id }, data: { active: false, tags: [...found.tags, 'large'] } });
    }
    return tx.model${model}.update({ where: { id }, data: { amount: found.amount - ${site} } });
  });
  return { amount: changed?.amount, parent: changed?.parent${model}, at: changed?.openedAt };
}`,
    );
    files.set(
      `service-${model}.ts`,
      `
import type { PrismaClient } from './generated/client.js';
${functions.join('\n')}
`,
    );
  }
  return files;
};
