// A process of its own, so that the proxy takes no time from those who are measured.
import { startProxy } from '@justscale/fixtures/fault-proxy';
import { answerJobs } from './child.js';

let proxy;

answerJobs(async ({ url, delayMs }) => {
  proxy ??= await startProxy(Number(new URL(url).port));
  proxy.delay(delayMs);
  return proxy.through(url);
});
