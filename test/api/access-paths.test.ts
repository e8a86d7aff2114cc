import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startTestApp } from '../support/app.ts'
import type { Answer, Client, TestApp } from '../support/app.ts'
import { customerPaths, refundPaths, spellings, storedCardPaths, usedCardPaths } from './access-documents.ts'
import type { Ids, Path } from './access-documents.ts'
import { ADDRESS, CALLERS, CARD, CUSTOMER, REFUND, VALUES } from './access-table.ts'
import type { CallerName, Sight } from './access-table.ts'
import { createMarkedPayment } from './marked-payment.ts'

interface Case {
  readonly caller: CallerName
  readonly name: string
  readonly document: string
  readonly key: string
  readonly clear: string
  readonly want: Sight
}

/** The values of a response key, wherever it is. */
function valuesOf(data: unknown, key: string): unknown[] {
  if (data === null || typeof data !== 'object') return []
  return Object.entries<unknown>({ ...data }).flatMap(([name, value]) =>
    name === key ? [value] : valuesOf(value, key),
  )
}

const shown = (value: unknown): unknown =>
  value !== null && typeof value === 'object' ? Object.values<unknown>({ ...value })[0] : value

/** What a caller saw, in the table's words. */
function sightOf({ body }: Answer, { key, clear }: Case): Sight | 'MIXED' {
  const codes = new Set(body.errors?.map(({ extensions }) => extensions.code))
  if (codes.has('FORBIDDEN') || codes.has('UNAUTHENTICATED')) return 'REFUSED'
  const values = [...new Set(valuesOf(body.data, key).map(shown))]
  if (values.length === 0) return 'NOTHING'
  if (values.length > 1) return 'MIXED'
  if (values[0] === null) return 'NULL'
  return values[0] === clear ? 'CLEAR' : { mask: JSON.stringify(values[0]).slice(1, -1) }
}

let app: TestApp
let ids: Ids
let clients: Record<CallerName, Client>

beforeAll(async () => {
  app = await startTestApp()
  const marked = await createMarkedPayment(app)
  ids = marked
  clients = {
    SUPPORT: await app.as('SUPPORT'),
    FINANCE: await app.as('FINANCE'),
    ADMIN: await app.as('ADMIN'),
    AUDITOR: await app.as('AUDITOR'),
    KEY_CUSTODIAN: await app.as('KEY_CUSTODIAN'),
    SERVICE: await app.as('SERVICE'),
    OWNER: await app.as('CUSTOMER', marked.customerRow),
    STRANGER: await app.as('CUSTOMER', marked.strangerRow),
    NOBODY: app.anonymous(),
  }
}, 60_000)

afterAll(() => app.close())

function casesOf(
  paths: Path[],
  type: string,
  field: string,
  selection: string,
  clear: string,
  row: Record<CallerName, Sight>,
): Case[] {
  return paths.flatMap((path) =>
    spellings.flatMap((spelling) =>
      CALLERS.flatMap((caller): Case[] => {
        const unreached = path.ownerOnly === true && caller !== 'OWNER'
        // To whom no customer's record is open, `node` does not say whether there is one.
        const unsaid =
          (caller === 'AUDITOR' || caller === 'KEY_CUSTODIAN') && path.around('').startsWith('node(')
        const want = unreached || unsaid ? 'NOTHING' : row[caller]
        const { document, key } = spelling.write(path, type, selection)
        // A stranger's own record is on this path: another one than the table's.
        if (path.ownerOnly === true && caller === 'STRANGER') return []
        return [{ caller, name: `${field} by ${path.name}, ${spelling.name}`, document, key, clear, want }]
      }),
    ),
  )
}

function allCases(): Case[] {
  const of = (paths: Path[], type: string, rows: Record<string, Record<CallerName, Sight>>) =>
    Object.entries(rows).flatMap(([field, row]) =>
      casesOf(paths, type, field, field, VALUES[field as keyof typeof VALUES], row),
    )
  const address = 'billingAddress { streetAddress }'
  return [
    ...of(customerPaths(ids), 'Customer', CUSTOMER),
    ...of(storedCardPaths(ids), 'CreditCardDetails', CARD),
    ...of(usedCardPaths(ids), 'CreditCardDetails', CARD),
    ...of(refundPaths(ids), 'Refund', REFUND),
    ...casesOf(
      storedCardPaths(ids),
      'CreditCardDetails',
      'billingAddress',
      address,
      VALUES.streetAddress,
      ADDRESS,
    ),
  ]
}

async function faultOf(one: Case): Promise<string[]> {
  const answer = await clients[one.caller](one.document)
  const sight = sightOf(answer, one)
  const leak = one.want !== 'CLEAR' && answer.text.includes(one.clear)
  if (!leak && JSON.stringify(sight) === JSON.stringify(one.want)) return []
  return [
    `${one.caller}: ${one.name}: ${JSON.stringify(sight)}, not ${JSON.stringify(one.want)}${leak ? ', LEAK' : ''}`,
  ]
}

describe('every protected field, by every caller, on every path', () => {
  it('shows what the table says, in at least 2,000 documents', async () => {
    const cases = allCases()
    const faults: string[] = []
    for (let at = 0; at < cases.length; at += 8) {
      faults.push(...(await Promise.all(cases.slice(at, at + 8).map(faultOf))).flat())
    }
    expect(faults).toEqual([])
    expect(cases.length).toBeGreaterThan(2000)
  }, 240_000)
})
