// A container is not excused by the name of its elements' type.
interface UploadTask {
  progress: number;
}
interface ChatChannel {
  members: string[];
}
interface GameInstance {
  score: number;
}
interface Subscription {
  plan: string;
  paidUntil: number;
}
interface Transport {
  close(): void;
  handle(body: unknown): void;
}

// of bad_tasks
const uploads = new Map<string, UploadTask>();
export const bad_tasks = (id: string) => uploads.set(id, { progress: 0 });
// of bad_channels
const channels: Record<string, ChatChannel> = {};
export const bad_channels = (name: string) => (channels[name] ??= { members: [] });
// of bad_instances
const games = new Map<string, GameInstance>();
export const bad_instances = (id: string) => games.set(id, { score: 0 });
// of bad_subscriptions
const subscriptions = new Map<string, Subscription>();
export const bad_subscriptions = (user: string) =>
  subscriptions.get(user) ?? subscriptions.set(user, { plan: 'free', paidUntil: 0 });

// Live things, but found again by a later request, which may come to another process: sessions by their id.
// of bad_sessions
const sessions: { [id: string]: Transport } = {};
export const bad_sessions = {
  open: (id: string, transport: Transport) => {
    sessions[id] = transport;
  },
  bad_sessions: (id: string, body: unknown) => sessions[id]?.handle(body),
};

// of ok_timers
const timers = new Map<string, NodeJS.Timeout>();
export const ok_timers = (id: string, work: () => void) => timers.set(id, setTimeout(work, 1000));
