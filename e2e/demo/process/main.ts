import { salesByHand } from './by-hand.js';
import { SIDES, type Report, type Request, type Side } from './messages.js';
import { salesOnTheRuntime } from './on-the-runtime.js';
import type { TicketSales } from './ticket-sales.js';

const [name = '', url = '', listenUrl = ''] = process.argv.slice(2);

function report(message: Report): void {
  // Whoever started this process may be gone.
  if (process.connected) process.send?.(message);
}

function reportError(side: Side, error: unknown): void {
  report({ type: 'error', side, message: error instanceof Error ? error.message : String(error) });
}

const onTheRuntime = salesOnTheRuntime(url, name, {
  listenUrl,
  onNews: (because) => void look('runtime', because),
  onStatement: (text) => report({ type: 'statement', side: 'runtime', text }),
  onError: (error) => reportError('runtime', error),
});
const sides: Readonly<Record<Side, TicketSales>> = {
  'by hand': salesByHand(url, name, (text) =>
    report({ type: 'statement', side: 'by hand', text: text.replace(/\s+/g, ' ').trim() }),
  ),
  runtime: onTheRuntime,
};

async function look(side: Side, because: 'start' | 'signal' | 'gap'): Promise<void> {
  try {
    report({ type: 'view', side, sold: await sides[side].sold(), because });
  } catch (error) {
    reportError(side, error);
  }
}

async function sell(side: Side, count: number, thinkMs: number): Promise<void> {
  const started = performance.now();
  const sales = await Promise.allSettled(
    Array.from({ length: count }, async () => {
      const sold = await sides[side].sell(thinkMs);
      report({ type: 'view', side, sold, because: 'own sale' });
    }),
  );
  for (const sale of sales) if (sale.status === 'rejected') reportError(side, sale.reason);
  report({
    type: 'sold',
    side,
    count: sales.filter(({ status }) => status === 'fulfilled').length,
    ms: performance.now() - started,
  });
}

async function stop(): Promise<void> {
  await Promise.all(SIDES.map((side) => sides[side].close()));
  process.exit(0);
}

process.on('message', (request: Request) => {
  if (request.type === 'sell') void sell(request.side, request.count, request.thinkMs);
  else void stop();
});
// Ctrl-C reaches every process of a terminal; the conductor says when this one ends, and it does not outlive it.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));

await Promise.all([onTheRuntime.listening, ...SIDES.map((side) => look(side, 'start'))]);
report({ type: 'ready' });
