/** The same two tables for each side: the event with its count, and the sales, one row each, by which the database knows what was sold. */
export const TABLES = `
  create table event_by_hand (id text primary key, sold int not null);
  create table sale_by_hand (id int generated always as identity primary key, process text not null);
  create table event (id text primary key, sold int not null);
  create table sale (id int generated always as identity primary key, process text not null);
  insert into event_by_hand values ('e1', 0);
  insert into event values ('e1', 0);`;
