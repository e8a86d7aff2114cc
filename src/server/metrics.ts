import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client'
import type { Exchange } from './exchange.ts'

export interface Metrics {
  observe(exchange: Exchange): void
  /** The Prometheus text format. */
  read(): Promise<{ readonly type: string; readonly text: string }>
}

const BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** Counts and times of requests. Labels are from closed sets: no id, no name and no value that a caller chose. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const labelNames = ['operation', 'code'] as const
  const requests = new Counter({
    name: 'sealpay_requests_total',
    help: 'GraphQL requests, by type of operation and first error code.',
    labelNames,
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'sealpay_request_duration_seconds',
    help: 'Time from the headers to the answer.',
    labelNames,
    buckets: BUCKETS,
    registers: [registry],
  })
  return {
    observe({ outcome, startedAt }) {
      const labels = { operation: outcome.operationType ?? 'none', code: outcome.codes[0] ?? 'OK' }
      requests.inc(labels)
      seconds.observe(labels, (performance.now() - startedAt) / 1000)
    },
    read: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  }
}
