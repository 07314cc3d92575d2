import type { ChatClient, ChatSocket } from '@justscale/fixtures/chat-app/client';
import { expect } from 'vitest';

/** Somebody with a token and a WebSocket, who follows a room. */
export interface Speaker {
  readonly client: ChatClient;
  readonly socket: ChatSocket;
  readonly name: string;
}

/** Two people in one room. */
export interface Conversation {
  readonly room: string;
  readonly alice: Speaker;
  readonly bob: Speaker;
}

/**
 * Alice makes a room, Bob joins it, and both follow it, each through a server of their own or both through the same.
 *
 * @param servers - clients without a token, perhaps not ready yet: Alice's and Bob's
 */
export async function startConversation(
  ...servers: readonly [Promise<ChatClient>, Promise<ChatClient>]
): Promise<Conversation> {
  const [alice, bob] = await Promise.all([enter(servers[0], 'alice'), enter(servers[1], 'bob')]);
  const room = await alice.client.createRoom();
  const followed = follow(alice.socket, room);
  expect(await bob.client.request('PUT', `/rooms/${room}/membership`)).toMatchObject({
    status: 204,
  });
  await Promise.all([followed, follow(bob.socket, room)]);
  return { room, alice, bob };
}

/** Says something through a WebSocket, and makes sure that both hear it, and nothing else before it. */
export async function say(
  { room }: Conversation,
  from: Speaker,
  to: Speaker,
  text: string,
): Promise<void> {
  from.socket.send({ type: 'post', room, text });
  const heard = [to, from].map(async ({ socket }) => (await socket.frame('message')).message);
  for (const message of await Promise.all(heard)) {
    expect(message).toMatchObject({ room, author: from.name, text });
  }
  await from.socket.frame('posted');
  to.socket.forget();
  from.socket.forget();
}

async function enter(server: Promise<ChatClient>, name: string): Promise<Speaker> {
  const client = await (await server).register(name);
  return { client, socket: await client.openSocket(), name };
}

async function follow(socket: ChatSocket, room: string): Promise<void> {
  socket.send({ type: 'follow', room });
  await socket.frame('followed');
  socket.forget();
}
