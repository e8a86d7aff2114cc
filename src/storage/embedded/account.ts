/**
 * As whom the server runs, and where its files are. PostgreSQL refuses to run as root, so that root needs an
 * account to hand it to, and that account must be able to reach the data.
 */
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

export type AccountLookup = (name: string) => Account | undefined

/** Reads the accounts of /etc/passwd; node itself cannot look up another user. */
export const lookUpAccount: AccountLookup = (name) => {
  if (!existsSync('/etc/passwd')) return undefined
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':').map(Number) ?? []
  return uid === undefined || gid === undefined ? undefined : { name, uid, gid }
}

/** 65534 is `nobody` wherever it has no entry in /etc/passwd (Linux: the overflow uid). */
const NOBODY: Account = { name: 'nobody', uid: 65_534, gid: 65_534 }

/**
 * The account to run as, or undefined for our own: only root needs another one. Data that exists already
 * decides, since no one but its owner may serve it.
 */
export function chooseAccount(
  uid: number | undefined,
  lookUp: AccountLookup,
  owner?: { readonly uid: number; readonly gid: number },
): Account | undefined {
  if (uid !== 0) return undefined
  const accounts = [lookUp('postgres'), lookUp('nobody'), NOBODY].filter((account) => account !== undefined)
  if (!owner || owner.uid === 0) return accounts[0]
  return accounts.find((account) => account.uid === owner.uid) ?? { name: `uid ${owner.uid}`, ...owner }
}

/** What is asked of one directory on the way: its owner, group and mode. */
export interface DirectoryFacts {
  readonly uid: number
  readonly gid: number
  readonly mode: number
}

/** Whether an account without other groups may pass through all of these directories. */
export function canTraverse(account: Account, directories: readonly DirectoryFacts[]): boolean {
  return directories.every(({ uid, gid, mode }) => {
    if (uid === account.uid) return (mode & 0o100) !== 0
    if (gid === account.gid) return (mode & 0o010) !== 0
    return (mode & 0o001) !== 0
  })
}

/** The facts of a directory and of all above it. */
export function directoriesTo(directory: string): DirectoryFacts[] {
  const facts: DirectoryFacts[] = []
  for (let at = path.resolve(directory); ; at = path.dirname(at)) {
    facts.push(statSync(at))
    if (at === path.dirname(at)) return facts
  }
}

/** The owner of a cluster's data directory, if there is one. */
export function ownerOf(data: string): { uid: number; gid: number } | undefined {
  const facts = lstatSync(data, { throwIfNoEntry: false })
  return facts?.isDirectory() ? { uid: facts.uid, gid: facts.gid } : undefined
}

/** Where files go that the account cannot reach in the project: one place for each project. */
export function substituteHomes(directory: string, temporary: string): [string, string] {
  const mark = createHash('sha256').update(path.resolve(directory)).digest('hex').slice(0, 16)
  return [path.join('/var/lib/sealpay', mark), path.join(temporary, `sealpay-${mark}`)]
}
