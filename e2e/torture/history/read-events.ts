import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { HistoryEvent } from './events.js';

/**
 * Reads the files of all workers, one JSON line per event: a long run's are larger than a string can be. A last line that a
 * killed process left unfinished is dropped; one that was killed as it began has no file.
 */
export async function readEvents(files: readonly string[]): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  for (const file of files.filter((each) => existsSync(each))) {
    let unreadable: string | undefined;
    for await (const line of createInterface({ input: createReadStream(file) })) {
      if (unreadable !== undefined) throw new Error(`${file}: not an event: ${unreadable}`);
      try {
        events.push(JSON.parse(line) as HistoryEvent);
      } catch {
        // Only the last line may be one.
        unreadable = line;
      }
    }
  }
  return events;
}
