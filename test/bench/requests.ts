/**
 * Requests a second over loopback of a small query: one person, two protected fields.
 *
 * Baseline: Apollo's standalone server, unprotected (apollo-process.ts). Ours: authenticated, authorised and masked
 * (sealpay-process.ts), once from plain values and once from sealed ones, which are decrypted for their masks. Each in
 * a process of its own, all up all the time, asked in turn by one client (load.ts) over the same number of
 * connections. The rows of processor time are what a request takes in the server's process: unlike the others they
 * hardly depend on what else the machine does.
 */
import { measureInTurn, median, type Effort, type Sample } from './measure.ts'
import { runLoad, startServerProcess, type ServerProcess } from './processes.ts'
import { atLeast, type Row } from './table.ts'

const CONNECTIONS = 16
const ROUNDS = 7
const MOST_REQUESTS = 1_000_000

interface Asked {
  /** One round: requests a second. */
  readonly sample: Sample
  /** The median over the rounds: microseconds a request. */
  cpu(): number
}

function ask(server: ServerProcess, seconds: number): Asked {
  const cpu: number[] = []
  const load = { ...server, connections: CONNECTIONS, requests: MOST_REQUESTS, seconds, newDocumentEvery: 0 }
  return {
    async sample() {
      const before = await server.report()
      const { requests, seconds: taken } = await runLoad(load)
      const after = await server.report()
      cpu.push((after.cpuMicroseconds - before.cpuMicroseconds) / requests)
      return requests / taken
    },
    cpu: () => median(cpu),
  }
}

type Names = 'apollo' | 'masked' | 'sealed'

function toRows(rates: Readonly<Record<Names, number>>, asked: Readonly<Record<Names, Asked>>): Row[] {
  const shared = { against: 'Apollo standalone, unprotected', limitOf: 'RATIO' } as const
  const rate = { ...shared, unit: 'requests/s', baseline: rates.apollo } as const
  const cpu = { ...shared, unit: 'us', baseline: asked.apollo.cpu(), limit: null } as const
  return [
    { ...rate, what: 'authenticated query, 2 fields masked', ours: rates.masked, limit: atLeast(1.3) },
    { ...rate, what: 'the same, 2 sealed and masked', ours: rates.sealed, limit: null },
    { ...cpu, what: 'processor time a request, masked', ours: asked.masked.cpu() },
    { ...cpu, what: 'processor time a request, sealed', ours: asked.sealed.cpu() },
  ]
}

export async function benchRequests({ rounds, seconds }: Effort): Promise<Row[]> {
  const servers = [
    await startServerProcess('apollo-process.ts'),
    await startServerProcess('sealpay-process.ts', ['masked']),
    await startServerProcess('sealpay-process.ts', ['sealed']),
  ] as const
  try {
    const [apollo, masked, sealed] = servers
    const asked = { apollo: ask(apollo, seconds), masked: ask(masked, seconds), sealed: ask(sealed, seconds) }
    const rates = await measureInTurn(Math.min(rounds, ROUNDS), {
      apollo: asked.apollo.sample,
      masked: asked.masked.sample,
      sealed: asked.sealed.sample,
    })
    return toRows(rates, asked)
  } finally {
    for (const server of servers) await server.stop()
  }
}
