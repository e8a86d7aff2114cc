import { randomUUID } from 'node:crypto'
import { appendFile, chmod, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { containsCardNumber } from '../../../src/domain/card-number.ts'
import { testCards } from '../../../src/gateway/sandbox/test-cards.ts'
import { card, startTestSandbox, usd } from '../running-sandbox.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sealpay-sandbox-'))
})
afterAll(() => rm(directory, { recursive: true }))

const freshFile = () => join(directory, randomUUID(), 'journal.ndjson')
const KEY = 'a-secret-key-of-the-tests'
const open = (storeFile: string) => startTestSandbox({ storeFile, secretKey: KEY })

describe('a restart', () => {
  it('keeps payments, tokens, stored methods, answers, the clock and the cards’ identifiers', async () => {
    const storeFile = freshFile()
    const before = await open(storeFile)
    const paid = await before.pay(900, { key: 'kept' })
    const spare = await before.token()
    const stored = { token: await before.token(), customerReference: 'c' }
    const { method } = (await before.move('/payment-methods', stored)).body
    await before.post('/test/advance', { seconds: 90_000 })
    const identifier = (await before.post('/payment-methods/look-up', { token: spare })).body.card
    await before.close()

    const after = await open(storeFile)
    expect((await after.get(`/states/${paid.body.reference ?? ''}`)).body.state).toBe('SETTLED')
    expect((await after.get('/answers/kept')).text).toBe(paid.text)
    expect((await after.post('/payment-methods/look-up', { token: spare })).body.card).toEqual(identifier)
    const charge = { token: method?.token, amount: usd(100), capture: true }
    expect((await after.move('/payments', charge)).body.result).toBe('APPROVED')
    await after.close()
  })

  it('after a crash in the middle of the last line loses that change alone, and all of it', async () => {
    const storeFile = freshFile()
    const before = await open(storeFile)
    const kept = await before.pay(100, { key: 'kept' })
    const token = await before.token()
    const { size } = await stat(storeFile)
    const charge = { token, amount: usd(100), capture: true, orderId: null }
    await before.move('/payments', charge, 'lost')
    await before.close()
    const whole = (await stat(storeFile)).size

    for (const length of [size + 1, size + Math.floor((whole - size) / 2), whole - 1]) {
      const torn = freshFile()
      await (await open(torn)).close()
      await writeFile(torn, (await readFile(storeFile)).subarray(0, length))
      const after = await open(torn)
      expect((await after.get('/answers/lost')).status).toBe(404)
      expect((await after.get('/answers/kept')).text).toBe(kept.text)
      // The token was not spent by a payment that never happened.
      expect((await after.move('/payments', charge, 'lost')).body.result).toBe('APPROVED')
      await after.close()
      const again = await open(torn)
      expect((await again.get('/answers/lost')).body.result).toBe('APPROVED')
      await again.close()
    }
  })

  it('with a damaged line in the middle is refused, and the line is not repeated', async () => {
    const storeFile = freshFile()
    const before = await open(storeFile)
    await before.token()
    await before.close()
    const lines = (await readFile(storeFile, 'utf8')).split('\n')
    await writeFile(storeFile, ['[{"kind":"secret thing"}]', ...lines].join('\n'))
    await expect(open(storeFile)).rejects.toThrow(/^Line 1 of the sandbox's journal is damaged/)
  })

  it('with an empty or cut-off first line starts afresh', async () => {
    const storeFile = freshFile()
    await (await open(storeFile)).close()
    await truncate(storeFile, 5)
    const after = await open(storeFile)
    expect((await after.pay(100)).body.result).toBe('APPROVED')
    await after.close()
  })
})

describe('the journal', () => {
  it('is its owner’s alone, also when somebody opened it up', async () => {
    const storeFile = freshFile()
    await (await open(storeFile)).close()
    await chmod(storeFile, 0o644)
    await (await open(storeFile)).close()
    expect((await stat(storeFile)).mode & 0o777).toBe(0o600)
  })

  it('holds no card number and no security code, and neither does the log of requests or an answer', async () => {
    const storeFile = freshFile()
    const sandbox = await open(storeFile)
    const answers: string[] = []
    for (const { number, behaviour } of testCards) {
      const made = await sandbox.tokenise({ ...card(number), cvv: /^37/.test(number) ? '9876' : '987' })
      answers.push(made.text)
      if (behaviour.kind === 'TIMEOUT') continue
      const pay = { token: made.body.token, amount: usd(1250), capture: true, orderId: null }
      answers.push((await sandbox.move('/payments', pay)).text)
    }
    answers.push((await sandbox.tokenise(card('4111111111111111'))).text)
    answers.push((await sandbox.tokenise({ ...card(), cardholderName: '4242424242424242' })).text)
    const log = (await sandbox.get('/log')).text
    await sandbox.close()
    const journal = await readFile(storeFile, 'utf8')
    expect(journal.split('\n').length).toBeGreaterThan(testCards.length)
    for (const text of [journal, log, ...answers]) {
      expect(containsCardNumber(text)).toBe(false)
      expect(testCards.filter(({ number }) => text.includes(number))).toEqual([])
      expect(text).not.toMatch(/cvv|"987"|"9876"/)
    }
  })

  it('holds nothing personal of a method after it was deleted', async () => {
    const storeFile = freshFile()
    const sandbox = await open(storeFile)
    const { token } = (await sandbox.tokenise(card())).body
    await sandbox.post('/payment-methods/delete', { token })
    await sandbox.close()
    const last = (await readFile(storeFile, 'utf8')).trim().split('\n').at(-1)
    expect(last).toContain('"gone":true')
    expect(last).not.toContain('Alex Morgan')
  })

  it('that another program wrote to is refused', async () => {
    const storeFile = freshFile()
    await (await open(storeFile)).close()
    await appendFile(storeFile, 'hello\nworld\n')
    await expect(open(storeFile)).rejects.toThrow(/damaged/)
  })
})

it('a sandbox without a file keeps nothing on disk', async () => {
  const sandbox = await startTestSandbox({ storeFile: null })
  expect((await sandbox.pay(100)).body.result).toBe('APPROVED')
  await sandbox.close()
})
