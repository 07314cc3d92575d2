// A process of its own, so that the proxy takes no time from those who are measured.
import { startProxy } from '@justscale/fixtures/fault-proxy';
import { answerJobs } from './child.js';

let proxy: Awaited<ReturnType<typeof startProxy>> | undefined;

const jobs = {
  /** Sets the delay of a direction, in milliseconds; the url that leads through the proxy. */
  async delay({ url, delayMs }: { url: string; delayMs: number }): Promise<string> {
    proxy ??= await startProxy(Number(new URL(url).port));
    proxy.delay(delayMs);
    return proxy.through(url);
  },
};
export type DelayProxyJobs = typeof jobs;

answerJobs(jobs);
