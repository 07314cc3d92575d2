/** NOTIFY takes at most 7,999 bytes; what is before the topic needs some of them. */
export const MAX_TOPIC_BYTES = 7_900;

const PAYLOAD = /^([\da-z]{1,12})\.(\d{1,16}) (\/.*)$/s;

/**
 * Puts a topic into a payload: behind a number of its own, because Postgres folds equal notifications of one transaction
 * into one.
 *
 * @param origin - the store that sends it
 */
export function encodePayload(origin: string, sequence: number, topic: string): string {
  return `${origin}.${sequence} ${topic}`;
}

/** The topic in a payload; `undefined` when it is none of ours. */
export function decodePayload(payload: string): string | undefined {
  return PAYLOAD.exec(payload)?.[3];
}
