/** Where a cluster's files are, and which account serves them. */
import { existsSync, lstatSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import {
  canTraverse,
  chooseAccount,
  directoriesTo,
  ownerOf,
  substituteHomes,
  type Account,
  type AccountLookup,
} from './account.ts'
import { EmbeddedPostgresFault } from './fault.ts'

export interface Place {
  /** Holds `data` and, when they had to be copied, the programs. */
  readonly home: string
  /** Whom the server runs as; undefined for this process's own user. */
  readonly account: Account | undefined
}

export interface PlaceRequest {
  readonly directory: string
  readonly uid: number | undefined
  readonly lookUp: AccountLookup
  readonly temporary: string
}

export function dataOf(home: string): string {
  return path.join(home, 'data')
}

/**
 * Chooses the place. Only as root it may differ from the given directory: when the account that the server
 * needs there cannot reach the project (a clone under /root), the files go to /var/lib/sealpay, or to the
 * temporary directory if that fails. Data that was made earlier is found where it is.
 *
 * @throws {EmbeddedPostgresFault} when existing data has become unreachable, or there is no place
 */
export function choosePlace({ directory, uid, lookUp, temporary }: PlaceRequest): Place {
  if (uid !== 0) return { home: directory, account: undefined }
  const substitutes = substituteHomes(directory, temporary)
  const existing = [directory, ...substitutes.filter(isOurs)].find((home) => ownerOf(dataOf(home)))
  if (existing !== undefined) {
    const account = chooseAccount(uid, lookUp, ownerOf(dataOf(existing)))
    refuseUnreachable(existing, account)
    return { home: existing, account }
  }
  const account = chooseAccount(uid, lookUp)
  if (!account || canTraverse(account, directoriesTo(directory))) return { home: directory, account }
  const home = substitutes.find((candidate) => canMake(candidate, account))
  if (home === undefined) {
    throw new EmbeddedPostgresFault(
      `PostgreSQL does not run as root, and ${account.name} can reach neither ${directory} nor ${substitutes.join(' nor ')}.`,
    )
  }
  return { home, account }
}

function refuseUnreachable(home: string, account: Account | undefined): void {
  if (!account || canTraverse(account, directoriesTo(home))) return
  throw new EmbeddedPostgresFault(
    `The data in ${home} belongs to ${account.name}, who cannot reach it any more. Give the directories above it the mode o+x.`,
  )
}

/** Another user could have made a directory of that name in the temporary directory, to read what we write. */
function isOurs(home: string): boolean {
  const facts = lstatSync(home, { throwIfNoEntry: false })
  return facts !== undefined && facts.isDirectory() && facts.uid === 0 && (facts.mode & 0o022) === 0
}

function canMake(home: string, account: Account): boolean {
  try {
    if (!existsSync(home)) mkdirSync(home, { recursive: true, mode: 0o711 })
  } catch {
    return false
  }
  return isOurs(home) && canTraverse(account, directoriesTo(home))
}
