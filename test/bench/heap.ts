/**
 * The heap of our server, collected, after ten times as many requests against after the first tenth. Now and then one
 * brings a document that was not seen before, so that what is remembered is full by the first measurement, and
 * whatever is not bounded shows in the second.
 */
import type { Effort } from './measure.ts'
import { runLoad, startServerProcess } from './processes.ts'
import { atMost, type Row } from './table.ts'

const CONNECTIONS = 16
/** As many as the server remembers. */
const DOCUMENTS = 1000
const MOST_SECONDS = 600
// A collected heap still differs by a few per cent from one collection to the next: code, maps, inline caches.
const NO_GROWTH = 1.05

export async function benchHeap({ heapRequests }: Effort): Promise<Row[]> {
  const server = await startServerProcess('sealpay-process.ts', ['sealed'], ['--expose-gc'])
  const newDocumentEvery = heapRequests / DOCUMENTS
  const heapAfter = async (requests: number) => {
    const load = {
      ...server,
      connections: CONNECTIONS,
      requests,
      seconds: MOST_SECONDS,
      newDocumentEvery,
    }
    if ((await runLoad(load)).requests !== requests) throw new Error('The time was over before the requests.')
    return (await server.report()).heapBytes / 1_000_000
  }
  try {
    const baseline = await heapAfter(heapRequests)
    const ours = await heapAfter(heapRequests * 9)
    const count = (requests: number) => requests.toLocaleString('en')
    return [
      {
        what: `heap after ${count(heapRequests * 10)} requests`,
        against: `after ${count(heapRequests)}`,
        unit: 'MB',
        baseline,
        ours,
        limitOf: 'RATIO',
        limit: atMost(NO_GROWTH),
      },
    ]
  } finally {
    await server.stop()
  }
}
