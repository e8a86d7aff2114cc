import { describe, expect, it } from '@jest/globals'
import { Agent, request } from 'node:http'
import { createServer } from '../../src/server/server.ts'
import { startServer, stubOptions, type RunningServer, type TestOptions } from './test-server.ts'

interface Got {
  readonly status: number
  readonly connection: string | undefined
  readonly body: string
}

/** A request over a connection that is kept. */
function ask(server: RunningServer, agent: Agent, query: string): Promise<Got> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        port: server.port,
        host: '127.0.0.1',
        path: '/graphql',
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json' },
      },
      (response) => {
        let body = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, connection: response.headers.connection, body }),
        )
        response.on('error', reject)
      },
    )
    sent.on('error', reject)
    sent.end(JSON.stringify({ query }))
  })
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('closing', () => {
  it('answers every request that is running, and ends its connection', async () => {
    let started = 0
    const makeContext: TestOptions['makeContext'] = (facts, principal) => {
      started += 1
      return { facts, principal, opened: [] }
    }
    const server = await startServer({ makeContext })
    const agent = new Agent({ keepAlive: true })
    const running = Array.from({ length: 50 }, () => ask(server, agent, '{ slow(ms: 800) }'))
    while (started < 50) await pause(5)
    const closed = server.close(5000)
    const answers = await Promise.all(running)
    await closed
    agent.destroy()
    expect(answers.map(({ status }) => status)).toEqual(running.map(() => 200))
    expect(answers.every(({ body }) => body === '{"data":{"slow":"at last"}}')).toBe(true)
    expect(answers.every(({ connection }) => connection === 'close')).toBe(true)
  })

  it('loses no request of a client that keeps asking until it is told to go', async () => {
    const server = await startServer()
    const agent = new Agent({ keepAlive: true })
    const outcomes: string[] = []
    const keepAsking = async () => {
      for (;;) {
        const { status, connection } = await ask(server, agent, '{ slow(ms: 20) }')
        outcomes.push(String(status))
        if (connection === 'close') return
      }
    }
    const clients = Array.from({ length: 8 }, keepAsking)
    await pause(150)
    const closed = server.close(5000)
    await Promise.all(clients)
    await closed
    agent.destroy()
    expect(outcomes.length).toBeGreaterThan(16)
    expect(new Set(outcomes)).toEqual(new Set(['200']))
  })

  it('lets no one new in', async () => {
    const server = await startServer()
    const running = ask(server, new Agent(), '{ slow(ms: 1500) }')
    await pause(50)
    const closed = server.close(5000)
    await pause(500)
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow('fetch failed')
    expect((await running).status).toBe(200)
    await closed
  })

  it('waits for no connection that is idle', async () => {
    const server = await startServer()
    const agent = new Agent({ keepAlive: true })
    expect((await ask(server, agent, '{ hello }')).connection).toBe('keep-alive')
    await server.close(60_000)
    agent.destroy()
    await expect(fetch(server.url)).rejects.toThrow('fetch failed')
  })

  it('cuts what still runs when its time is over', async () => {
    const server = await startServer()
    const running = ask(server, new Agent(), '{ slow(ms: 10000) }')
    const cut = expect(running).rejects.toThrow('socket hang up')
    await pause(50)
    await server.close(100)
    await cut
  })

  it('may be asked for twice', async () => {
    const server = await startServer()
    const [first, second] = [server.close(), server.close()]
    await expect(Promise.all([first, second])).resolves.toEqual([undefined, undefined])
  })

  it('works for a server that never listened', async () => {
    await expect((await createServer(stubOptions())).close({ graceMs: 0 })).resolves.toBeUndefined()
  })
})

describe('listening', () => {
  it('says that a port is taken', async () => {
    const server = await startServer()
    const other = await createServer(stubOptions())
    await expect(other.listen({ host: '127.0.0.1', port: server.port })).rejects.toThrow('EADDRINUSE')
    await other.close({ graceMs: 0 })
    await server.close()
  })

  it('writes an IPv6 address as a URL does', async () => {
    const server = await createServer(stubOptions())
    const { url } = await server.listen({ host: '::1', port: 0 })
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/)
    await server.close({ graceMs: 0 })
  })
})
