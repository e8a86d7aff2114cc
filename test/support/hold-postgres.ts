/** A process that holds an embedded PostgreSQL until it is killed: `node hold-postgres.ts [directory]`; says its pid and place. */
import {
  startEmbeddedPostgres,
  startEphemeralPostgres,
} from '../../src/storage/embedded/embedded-postgres.ts'

const directory = process.argv[2]
const { pid, dataDirectory } = await (directory === undefined
  ? startEphemeralPostgres()
  : startEmbeddedPostgres({ directory }))
process.stdout.write(`${JSON.stringify({ pid, dataDirectory })}\n`)
setInterval(() => undefined, 1000)
