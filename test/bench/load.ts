/**
 * A client process: keep-alive connections over plain sockets, each sending its next request when the answer to the
 * last is whole. Not node:http, whose client costs as much as the faster of the two servers and would hide the difference.
 */
import { connect, type Socket } from 'node:net'
import type { Load, LoadResult } from './processes.ts'

const HEAD_END = '\r\n\r\n'
const LENGTH = /\r\ncontent-length: (\d+)\r\n/i

function encodeRequest({ url, headers }: Load, body: string): Buffer {
  const { host, pathname } = new URL(url)
  const lines = [
    `POST ${pathname} HTTP/1.1`,
    `host: ${host}`,
    'content-type: application/json',
    'accept: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  return Buffer.from(lines.join('\r\n') + HEAD_END + body)
}

/** Whether the answer is whole. Throws on anything but a 200 without errors. */
function isWhole(received: string): boolean {
  const headEnd = received.indexOf(HEAD_END)
  if (headEnd === -1) return false
  const length = LENGTH.exec(received)?.[1]
  if (!received.startsWith('HTTP/1.1 200 ') || length === undefined || received.includes('"errors"')) {
    throw new Error(`Not a good answer: ${received}`)
  }
  return received.length >= headEnd + HEAD_END.length + Number(length)
}

/** Gives the next request, or null when the time is over or the last was given. */
function createSupply(load: Load): () => Buffer | null {
  const requests = load.bodies.map((body) => encodeRequest(load, body))
  const end = performance.now() + load.seconds * 1000
  let given = 0
  return () => {
    if (given === load.requests || performance.now() > end) return null
    const at = given % requests.length
    given += 1
    if (load.newDocumentEvery === 0 || given % load.newDocumentEvery > 0) return requests[at] ?? null
    const fresh = load.bodies[at]?.replace('"query":"', `"query":"# ${process.pid} ${given}\\n`)
    return encodeRequest(load, fresh ?? '')
  }
}

/** Sends until the supply ends; gives how many were answered. */
function useConnection({ hostname, port }: URL, next: () => Buffer | null): Promise<number> {
  return new Promise((resolve, reject) => {
    let answered = 0
    let received = ''
    const socket: Socket = connect({ host: hostname, port: Number(port), noDelay: true })
    const send = () => {
      const request = next()
      if (request !== null) {
        socket.write(request)
        return
      }
      socket.destroy()
      resolve(answered)
    }
    socket.setEncoding('latin1')
    socket.on('connect', send)
    socket.on('error', reject)
    socket.on('end', () => reject(new Error('The server closed the connection.')))
    socket.on('data', (chunk: string) => {
      received += chunk
      if (!isWhole(received)) return
      received = ''
      answered += 1
      send()
    })
  })
}

async function run(load: Load): Promise<LoadResult> {
  const next = createSupply(load)
  const start = performance.now()
  const url = new URL(load.url)
  const counts = await Promise.all(Array.from({ length: load.connections }, () => useConnection(url, next)))
  const requests = counts.reduce((sum, count) => sum + count, 0)
  return { requests, seconds: (performance.now() - start) / 1000 }
}

process.once('message', (load: Load) => {
  void run(load).then((result) => process.send?.(result))
})
