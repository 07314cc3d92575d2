/** A server drops a subscriber that falls some megabytes behind, so one message is far less than that. */
const LONGEST_MESSAGE = 100_000;

/** Topics that travel together, in messages: a topic a line, as it has none of its own. A message costs more than its length. */
export function encodeMessages(topics: readonly string[]): string[] {
  const messages: string[] = [];
  let message = '';
  for (const topic of topics) {
    if (message !== '' && message.length + topic.length > LONGEST_MESSAGE) {
      messages.push(message);
      message = '';
    }
    message += message === '' ? topic : `\n${topic}`;
  }
  if (message !== '') messages.push(message);
  return messages;
}

/** The topics of a message; `undefined` when it is none of ours. */
export function decodeMessage(message: string): readonly string[] | undefined {
  const topics = message.split('\n');
  return topics.every((topic) => topic.startsWith('/')) ? topics : undefined;
}
