/** The process, in production: configuration, application, and a drain on SIGTERM. `sealpay start` does the same. */
import process from 'node:process'
import { pino } from 'pino'
import { startApp } from './app.ts'
import { loadConfig } from './config.ts'
import { ConfigFault, SchemaFault } from './errors.ts'

async function main(): Promise<void> {
  const config = loadConfig(process.env)
  const log = pino({ level: config.SEALPAY_LOG_LEVEL })
  const app = await startApp(config, log)
  log.info({ url: app.url }, 'listening')
  const stop = () => {
    app.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

main().catch((error: unknown) => {
  const known = error instanceof ConfigFault || error instanceof SchemaFault
  process.stderr.write(`${known ? error.message : 'Sealpay could not start.'}\n`)
  process.exitCode = known ? 3 : 1
})
