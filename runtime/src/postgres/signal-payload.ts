/** NOTIFY takes at most 7,999 bytes; what may come before the topic needs some of them. */
export const MAX_TOPIC_BYTES = 7_900;

const NUMBERED = /^\d{1,16} (\/.*)$/s;

/**
 * The payloads of topics that travel in one transaction: the topics themselves. Postgres folds equal notifications of a
 * transaction into one, so a topic that comes again has a number before it. Only then: what NOTIFY costs grows fast with
 * the length of the payload.
 */
export function encodePayloads(topics: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return topics.map((topic) => {
    const before = seen.get(topic) ?? 0;
    seen.set(topic, before + 1);
    return before === 0 ? topic : `${before} ${topic}`;
  });
}

/** The topic in a payload; `undefined` when it is none of ours. */
export function decodePayload(payload: string): string | undefined {
  return payload.startsWith('/') ? payload : NUMBERED.exec(payload)?.[1];
}
