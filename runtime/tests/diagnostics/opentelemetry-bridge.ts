import { subscribe } from 'node:diagnostics_channel';
import { trace } from '@opentelemetry/api';

const tracer = trace.getTracer('justscale');
for (const name of ['justscale:statement', 'justscale:lock', 'justscale:transaction']) {
  subscribe(name, (event) => {
    const { durationMs, error, ...attributes } = event as { durationMs: number; error?: Error };
    const end = Date.now();
    const span = tracer.startSpan(name, { startTime: end - durationMs, attributes });
    if (error !== undefined) span.recordException(error);
    span.end(end);
  });
}
