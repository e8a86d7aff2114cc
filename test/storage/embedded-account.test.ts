import { describe, expect, it } from '@jest/globals'
import {
  canTraverse,
  chooseAccount,
  lookUpAccount,
  substituteHomes,
  type AccountLookup,
} from '../../src/storage/embedded/account.ts'

const postgres = { name: 'postgres', uid: 101, gid: 104 }
const nobody = { name: 'nobody', uid: 65_534, gid: 65_533 }
const having =
  (...accounts: (typeof postgres)[]): AccountLookup =>
  (name) =>
    accounts.find((account) => account.name === name)

describe('the account that serves the data', () => {
  it('is our own for everyone but root', () => {
    expect(chooseAccount(1000, having(postgres))).toBeUndefined()
    expect(chooseAccount(undefined, having(postgres))).toBeUndefined()
  })

  it('is postgres for root, or nobody where there is none, or its number where there is no entry at all', () => {
    expect(chooseAccount(0, having(nobody, postgres))).toEqual(postgres)
    expect(chooseAccount(0, having(nobody))).toEqual(nobody)
    expect(chooseAccount(0, having())).toMatchObject({ uid: 65_534, gid: 65_534 })
  })

  it('is the owner of data that exists already', () => {
    expect(chooseAccount(0, having(postgres, nobody), { uid: 65_534, gid: 65_533 })).toEqual(nobody)
    expect(chooseAccount(0, having(postgres), { uid: 1000, gid: 1000 })).toMatchObject({
      uid: 1000,
      gid: 1000,
    })
  })

  it('is never root, whatever owns the data', () => {
    expect(chooseAccount(0, having(postgres), { uid: 0, gid: 0 })).toEqual(postgres)
  })
})

describe('whether an account reaches a directory', () => {
  const root = { uid: 0, gid: 0, mode: 0o755 }

  it.each([
    ['open to all', [root, root], true],
    ['below a home that is closed', [{ uid: 0, gid: 0, mode: 0o700 }, root], false],
    ['its own', [{ ...postgres, mode: 0o700 }, root], true],
    ['its own without x', [{ ...postgres, mode: 0o677 }, root], false],
    ['of its group', [{ uid: 0, gid: postgres.gid, mode: 0o710 }], true],
    ['closed to its group, though open to others', [{ uid: 0, gid: postgres.gid, mode: 0o701 }], false],
    ['readable to all but without x', [{ uid: 0, gid: 0, mode: 0o744 }], false],
  ])('that is %s', (_, directories, answer) => {
    expect(canTraverse(postgres, directories)).toBe(answer)
  })
})

describe('where files go that the account cannot reach', () => {
  it('is one place for each project, the same at every start', () => {
    const [first, second] = substituteHomes('/root/a/.sealpay/postgres', '/tmp')
    expect(first).toMatch(/^\/var\/lib\/sealpay\/[0-9a-f]{16}$/)
    expect(second).toMatch(/^\/tmp\/sealpay-[0-9a-f]{16}$/)
    expect(substituteHomes('/root/a/b/../.sealpay/postgres', '/tmp')).toEqual([first, second])
    expect(substituteHomes('/root/b/.sealpay/postgres', '/tmp')).not.toContain(first)
  })
})

describe('lookUpAccount', () => {
  it('finds root and no stranger', () => {
    expect(lookUpAccount('root')).toEqual({ name: 'root', uid: 0, gid: 0 })
    expect(lookUpAccount('no-such-account')).toBeUndefined()
  })
})
