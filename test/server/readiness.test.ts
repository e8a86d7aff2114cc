import { describe, expect, it } from '@jest/globals'
import { createReadiness } from '../../src/server/readiness.ts'
import { LIMITS, recordingLog, startServer, type TestOptions } from './test-server.ts'

const readyz = async (overrides: Partial<TestOptions>) => {
  const server = await startServer(overrides)
  const response = await fetch(`${server.url}/readyz`)
  const answer = { status: response.status, body: await response.json() }
  await server.close()
  return answer
}
const ok = () => Promise.resolve()

describe('/readyz', () => {
  it('is 200 when everything answers', async () => {
    expect(await readyz({ readiness: { database: ok, keys: ok, gateway: ok } })).toEqual({
      status: 200,
      body: { status: 'ready', checks: { database: 'ok', keys: 'ok', gateway: 'ok' } },
    })
  })

  it.each<[string, () => Promise<void>]>([
    ['rejects', () => Promise.reject(new Error('password hunter2 refused'))],
    [
      'throws',
      () => {
        throw new Error('hunter2')
      },
    ],
    ['does not answer', () => new Promise(() => undefined)],
  ])('is 503 and says which check when one %s, but not why', async (_what, gateway) => {
    const { log, lines } = recordingLog()
    const limits = { ...LIMITS, readinessMs: 50 }
    expect(await readyz({ limits, log, readiness: { database: ok, gateway } })).toEqual({
      status: 503,
      body: { status: 'not ready', checks: { database: 'ok', gateway: 'failed' } },
    })
    expect(lines()).toContain('"part":"gateway"')
    expect(lines()).not.toContain('hunter2')
  })

  it('runs the checks once for all who ask at once', async () => {
    let runs = 0
    const database = async () => {
      runs += 1
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const ready = createReadiness({
      checks: { database },
      deadlineMs: 1000,
      isDraining: () => false,
      onFailure: () => undefined,
    })
    const answers = await Promise.all(Array.from({ length: 100 }, ready))
    expect([runs, new Set(answers.map(({ status }) => status))]).toEqual([1, new Set([200])])
    await ready()
    expect(runs).toBe(2)
  })

  it('is 503 while draining, without asking anything', async () => {
    const checks = { database: () => Promise.reject(new Error('asked')) }
    const failures: string[] = []
    const onFailure = (check: string) => failures.push(check)
    const ready = createReadiness({ checks, deadlineMs: 1000, isDraining: () => true, onFailure })
    expect(await ready()).toMatchObject({ status: 503, body: '{"status":"draining","checks":{}}' })
    expect(failures).toEqual([])
  })
})

it('/healthz is 200 whatever else does not work', async () => {
  const server = await startServer({ readiness: { database: () => Promise.reject(new Error('down')) } })
  const response = await fetch(`${server.url}/healthz`)
  expect([response.status, await response.json()]).toEqual([200, { status: 'alive' }])
  await server.close()
})

describe('/metrics', () => {
  it('counts by type of operation and code, with no value, name or id that a caller chose', async () => {
    const server = await startServer({ metrics: true })
    await server.post({ query: 'query Named { hello }' })
    await server.post({ query: 'mutation Named { charge }' })
    await server.post({ query: '{ fails }' }, { 'x-request-id': '0af7651916cd43dd8448eb211c80319c' })
    await server.post({ query: '{ nothing }', variables: { a: 'marked' } })
    await server.post('not JSON')
    const response = await fetch(`${server.url}/metrics`)
    const text = await response.text()
    await server.close()
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/)
    const counts = text.split('\n').filter((line) => line.startsWith('sealpay_requests_total{'))
    expect(counts.sort()).toEqual([
      'sealpay_requests_total{operation="mutation",code="OK"} 1',
      'sealpay_requests_total{operation="none",code="BAD_USER_INPUT"} 2',
      'sealpay_requests_total{operation="query",code="INTERNAL_SERVER_ERROR"} 1',
      'sealpay_requests_total{operation="query",code="OK"} 1',
    ])
    expect(text).not.toMatch(/Named|marked|0af7/)
    expect(text).toContain('sealpay_request_duration_seconds_bucket')
  })
})
