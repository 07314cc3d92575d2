import postgres from 'postgres';

export const database = postgres('postgres://localhost/app');
export const limits = { connections: 10 };
export class Connections {
  readonly sql = database;
}
