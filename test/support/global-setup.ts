/**
 * Starts one PostgreSQL for the run, and migrates a template once. Whatever ends the run, Ctrl-C and a kill
 * included, ends the server: its reaper waits for the end of this process.
 */
import path from 'node:path'
import {
  startEphemeralPostgres,
  type EmbeddedPostgres,
} from '../../src/storage/embedded/embedded-postgres.ts'
import { migrateDeploy } from '../../src/storage/migrate.ts'
import { announceServer, onServer, TEMPLATE, urlOf } from './database.ts'

declare global {
  var testServer: EmbeddedPostgres | undefined
}

export default async function setUp(): Promise<void> {
  const server = await startEphemeralPostgres()
  globalThis.testServer = server
  try {
    announceServer(server.url)
    await onServer(`CREATE DATABASE ${TEMPLATE}`)
    await migrateDeploy({
      url: urlOf(TEMPLATE),
      directory: path.resolve(import.meta.dirname, '../../prisma/migrations'),
    })
    await onServer(`ALTER DATABASE ${TEMPLATE} ALLOW_CONNECTIONS false`)
  } catch (error) {
    await server.stop()
    throw error
  }
}
