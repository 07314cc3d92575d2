import {
  decode,
  encode,
  type Encodable,
  type Locked,
  type Persistent,
  type Ref,
} from '@justscale/runtime';
import { expectError, expectType } from 'tsd';
import { Account, Wallet } from './domain.js';

declare const locked: Locked<Account>;
declare const persistent: Persistent<Account>;
declare const ref: Ref<Account>;

// encode: anything but a lock that can be seen.
expectType<string>(encode(ref));
expectType<string>(encode(persistent));
expectType<string>(encode({ list: [ref], at: new Date(), map: new Map([['a', 1n]]) }));
expectType<string>(encode('text'));
expectType<string>(encode(undefined));
expectError(encode(locked));
expectError(encode({ locked }));
expectError(encode([locked]));
expectError(encode(new Map([['a', locked]])));
expectError(encode(new Set([locked])));
expectError(encode({ deep: { list: [{ locked }] } }));
expectError(encode({} as Locked<Account> | null));
expectError(encode());
encode({} as unknown);
encode({} as any);
encode({} as never);
const send = <T>(value: T): string => encode(value);
expectType<string>(send(ref));
const sendChecked = <T>(value: Encodable<T>): string => encode<T>(value);
expectType<string>(sendChecked(ref));
expectError(sendChecked(locked));

// decode: text, and the models of its references.
expectType<unknown>(decode('{}', [Account, Wallet]));
expectError(decode('{}'));
expectError(decode(1, [Account]));
expectError(decode('{}', Account));
expectError(decode('{}', [class {}]));
expectError(decode({} as unknown, [Account]));
expectError(decode('{}', {} as unknown));
decode({} as any, {} as any);
decode({} as never, {} as never);
