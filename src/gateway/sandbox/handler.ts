import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { admit } from './access.ts'
import type { Fault } from './faults.ts'
import { NoAnswer } from './payments.ts'
import { readBody } from './read-body.ts'
import { findRoute, type Reply, type Route, type Sandbox } from './route.ts'
import { SandboxError } from './sandbox-error.ts'

/** Longer than any client's deadline. */
const WITHHELD_MS = 60_000

const KEY_FORM = /^[\x21-\x7e]{1,255}$/

/** The connection is cut without an answer. */
class Dropped extends Error {
  override readonly name = 'Dropped'
}

const plannedError = () => new SandboxError(500, 'planned_fault', 'The gateway failed, as it was asked to.')

async function meet(fault: Fault | null, when: Fault['when']): Promise<void> {
  if (fault?.when !== when) return
  if (fault.kind === 'SLOW') await sleep(fault.delayMs, undefined, { ref: false })
  if (fault.kind === 'ERROR') throw plannedError()
  if (fault.kind === 'DROP') throw new Dropped()
}

function idempotencyKeyOf(request: IncomingMessage): string | null {
  const key = request.headers['idempotency-key']
  if (key === undefined) return null
  if (typeof key !== 'string' || !KEY_FORM.test(key)) {
    throw new SandboxError(
      400,
      'invalid_request',
      'The Idempotency-Key must have 1 to 255 visible characters.',
    )
  }
  return key
}

interface Visit {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly url: URL
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
  readonly latencyMs: number
}

/** A page may read the answer once the client token has named its origin, and not before. */
function letOriginRead({ route, request, response }: Visit): void {
  const { origin } = request.headers
  if (route.access !== 'BROWSER' || origin === undefined) return
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('vary', 'origin')
}

async function carryOut(sandbox: Sandbox, visit: Visit): Promise<Reply> {
  const { request, url, route, params } = visit
  const claims = admit(sandbox, route.access, request)
  letOriginRead(visit)
  const body = request.method === 'POST' ? await readBody(request) : undefined
  const idempotencyKey = idempotencyKeyOf(request)
  const fault = route.access === 'SERVER' ? sandbox.faults.take(route.name) : null
  if (visit.latencyMs > 0) await sleep(visit.latencyMs, undefined, { ref: false })
  await meet(fault, 'BEFORE')
  const reply = route.run(sandbox, { params, query: url.searchParams, body, idempotencyKey, claims })
  await meet(fault, 'AFTER')
  return reply
}

function errorReply(error: unknown): Reply {
  const known =
    error instanceof SandboxError
      ? error
      : new SandboxError(500, 'internal_error', 'Something went wrong in the sandbox.')
  const { status, code, message } = known
  return { status, body: { error: { code, message } }, outcome: code }
}

function send(response: ServerResponse, { status, body, type, headers }: Reply): void {
  if (response.destroyed || response.headersSent) return
  response.writeHead(status, {
    'content-type': type ?? 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    ...(status === 413 && { connection: 'close' }),
    ...headers,
  })
  response.end(type === undefined ? JSON.stringify(body) : body)
}

/** Browsers of any origin may ask; whether they may read an answer is the client token's to say. */
function preflight(request: IncomingMessage): Reply {
  const headers = {
    'access-control-allow-origin': request.headers.origin ?? 'null',
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'authorization, content-type',
    'access-control-max-age': '600',
    vary: 'origin',
  }
  return { status: 204, body: '', type: 'text/plain', headers }
}

/** No answer: the connection stays open longer than anybody waits, and is then cut. */
function withhold(response: ServerResponse): void {
  setTimeout(() => response.destroy(), WITHHELD_MS).unref()
}

async function answer(sandbox: Sandbox, visit: Visit): Promise<void> {
  const { request, response, route } = visit
  const note = (outcome: string, replayed = false) => {
    if (route.access !== 'SERVER' && route.access !== 'BROWSER') return
    sandbox.log.add({
      at: new Date(sandbox.now()).toISOString(),
      method: request.method ?? '',
      path: route.name.slice(route.name.indexOf(' ') + 1),
      idempotencyKey: request.headers['idempotency-key']?.toString() ?? null,
      outcome,
      replayed,
    })
  }
  try {
    const reply = await carryOut(sandbox, visit)
    if (reply.withheld === true) throw new NoAnswer()
    note(reply.outcome ?? 'OK', reply.replayed)
    send(response, reply)
  } catch (error) {
    if (error instanceof NoAnswer) {
      note('NO_ANSWER')
      withhold(response)
    } else if (error instanceof Dropped) {
      note('DROPPED')
      response.destroy()
    } else {
      const reply = errorReply(error)
      note(reply.outcome ?? '')
      send(response, reply)
    }
  }
}

function otherwise(request: IncomingMessage, path: string, methods: readonly string[]): Reply {
  if (request.method === 'OPTIONS' && path === '/tokens') return preflight(request)
  if (methods.length === 0) return errorReply(new SandboxError(404, 'no_such_path', 'There is nothing here.'))
  const reply = errorReply(new SandboxError(405, 'method_not_allowed', 'This path has other methods.'))
  return { ...reply, headers: { allow: methods.join(', ') } }
}

/** Answers every request with JSON, an asset or the hosted page. */
export function createHandler(sandbox: Sandbox, routes: readonly Route[], latencyMs: number) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const address = `http://sandbox.invalid${request.url ?? '/'}`
    if (!URL.canParse(address)) {
      send(response, errorReply(new SandboxError(400, 'invalid_request', 'The path is not valid.')))
      return
    }
    const url = new URL(address)
    const found = findRoute(routes, request.method ?? '', url.pathname)
    if (found.route === null) {
      send(response, otherwise(request, url.pathname, found.methods))
      return
    }
    const { route, params } = found
    await answer(sandbox, { request, response, url, route, params, latencyMs })
  }
}
