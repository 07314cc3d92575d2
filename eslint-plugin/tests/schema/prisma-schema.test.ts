import { describe, expect, it } from 'vitest';
import { readPrismaSchema } from '#dist/schema/prisma-schema.js';

const SCHEMA = `
generator client {
  provider = "prisma-client-js"
}
enum Role {
  OWNER
  MEMBER
}
/// One person in one team.
model Membership {
  id        String   @id @default(cuid())
  teamId    String   @map("team_id")
  email     String?  @unique @db.VarChar(255)
  role      Role     @default(MEMBER)
  tags      String[]
  updatedAt DateTime @updatedAt
  team      Team     @relation(fields: [teamId], references: [id])

  @@unique([teamId, email(sort: Desc)], name: "member")
  @@index([teamId])
  @@map("memberships")
}
model Team {
  id      String
  region  String
  members Membership[]
  @@id(fields: [id, region])
}
`;

describe('readPrismaSchema', () => {
  const { tables, problems } = readPrismaSchema(SCHEMA, 'schema.prisma');
  const [membership, team] = tables;

  it('reads models with the names of the database', () => {
    expect(problems).toEqual([]);
    expect(tables.map(({ name, table }) => [name, table])).toEqual([
      ['Membership', 'memberships'],
      ['Team', 'Team'],
    ]);
    expect(membership?.fields.get('teamId')).toMatchObject({ column: 'team_id', type: 'String' });
  });

  it('reads the keys of fields and of models', () => {
    expect(membership?.keys).toEqual([
      { fields: ['id'], isPrimary: true, condition: null },
      { fields: ['email'], isPrimary: false, condition: null },
      { fields: ['teamId', 'email'], isPrimary: false, condition: null },
    ]);
    expect(team?.keys).toEqual([{ fields: ['id', 'region'], isPrimary: true, condition: null }]);
  });

  it('knows lists, absent values and defaults', () => {
    expect(membership?.fields.get('email')?.isNullable).toBe(true);
    expect(membership?.fields.get('tags')?.isList).toBe(true);
    const withDefault = [...(membership?.fields.values() ?? [])].filter(
      (field) => field.hasDefault,
    );
    expect(withDefault.map(({ name }) => name)).toEqual(['id', 'role', 'updatedAt']);
  });

  it('knows which side of a relation holds the key', () => {
    expect(membership?.fields.get('team')?.relation).toEqual({
      model: 'Team',
      fields: ['teamId'],
      references: ['id'],
    });
    expect(team?.fields.get('members')?.relation?.fields).toEqual([]);
    expect(membership?.fields.get('role')?.relation).toBeUndefined();
  });

  it('says by name what is no schema', () => {
    const { tables: none, problems: said } = readPrismaSchema('model {', 'broken.prisma');
    expect(none).toEqual([]);
    expect(said).toEqual([
      { file: 'broken.prisma', message: expect.stringContaining('is no Prisma schema') as string },
    ]);
  });
});
