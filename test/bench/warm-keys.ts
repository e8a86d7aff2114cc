/**
 * Calls to the KMS in a process that has just started: for its first request, which is the baseline and shows that
 * they are counted, and for all that follow.
 */
import { runLoad, startServerProcess } from './processes.ts'
import { atMost, type Row } from './table.ts'

const WARM_REQUESTS = 1000

export async function benchWarmKeys(): Promise<Row[]> {
  const server = await startServerProcess('sealpay-process.ts', ['sealed'])
  try {
    const send = (requests: number) =>
      runLoad({ ...server, connections: 1, requests, seconds: 60, newDocumentEvery: 0 })
    await send(1)
    const cold = (await server.report()).kmsCalls
    const { requests } = await send(WARM_REQUESTS)
    const warm = (await server.report()).kmsCalls - cold
    if (cold === 0 || requests !== WARM_REQUESTS) throw new Error('The KMS was not counted.')
    return [
      {
        what: 'KMS calls a request, once warm',
        against: "a process's first request",
        unit: 'calls',
        baseline: cold,
        ours: warm / requests,
        limitOf: 'OURS',
        limit: atMost(0),
      },
    ]
  } finally {
    await server.stop()
  }
}
