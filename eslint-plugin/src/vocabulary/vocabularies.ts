import { justscale } from './justscale.js';
import { drizzle } from './drizzle/drizzle.js';
import { knex } from './knex/knex.js';
import { kysely } from './kysely/kysely.js';
import { mikroOrm } from './mikro-orm/mikro-orm.js';
import { mongoose } from './mongoose/mongoose.js';
import { prisma } from './prisma/prisma.js';
import { sequelize } from './sequelize/sequelize.js';
import { sql } from './sql/sql.js';
import { typeorm } from './typeorm/typeorm.js';
import type { Vocabulary } from './vocabulary.js';

/** The libraries that the flow analysis understands. */
export const vocabularies: readonly Vocabulary[] = [
  justscale,
  prisma,
  drizzle,
  kysely,
  knex,
  typeorm,
  sequelize,
  mikroOrm,
  mongoose,
  sql,
];
