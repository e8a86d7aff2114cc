/** `npm run tour`: the walk of tour/tour.ts, against the server that `npm start` runs beside it. */
import path from 'node:path'
import { demoIdentities } from '../auth/demo-identities.ts'
import { DEFAULT_DIRECTORY } from './dev-directory.ts'
import { borrowDevEnvironment } from './dev-environment.ts'
import { endingOf, UsageFault } from './faults.ts'
import { findServer } from './running-server.ts'
import { tellFault } from './terminal.ts'
import { asker, type Ask } from './tour/api-client.ts'
import { walkTour, type TourStop } from './tour/tour.ts'

const TOKEN_SECONDS = 900

async function tour(directory: string): Promise<void> {
  const server = findServer(directory)
  if (server === null || !(await answers(server.api))) {
    throw new UsageFault('No server is running. Start one beside this with: npm start')
  }
  const dev = await borrowDevEnvironment({ directory, environment: process.env, report: () => undefined })
  try {
    const ask = async (role: keyof TourStop['as']): Promise<Ask> => {
      const subject = demoIdentities.find((demo) => demo.role === role)?.subject ?? role
      const request = { subject, roles: [role], expiresInSeconds: TOKEN_SECONDS }
      return asker(server.api, await dev.issuer.issueToken(request))
    }
    const as = {
      SUPPORT: await ask('SUPPORT'),
      FINANCE: await ask('FINANCE'),
      ADMIN: await ask('ADMIN'),
      AUDITOR: await ask('AUDITOR'),
      SERVICE: await ask('SERVICE'),
    }
    await walkTour({ sandboxUrl: server.sandbox, databaseUrl: dev.databaseUrl, as })
  } finally {
    await dev.close()
  }
}

/** A server that was killed has not said that it is gone. */
function answers(api: string): Promise<boolean> {
  return fetch(new URL('/healthz', api)).then(
    ({ ok }) => ok,
    () => false,
  )
}

try {
  await tour(path.resolve(process.argv[2] ?? DEFAULT_DIRECTORY))
} catch (error) {
  const ending = endingOf(error)
  tellFault(false, ending)
  process.exitCode = ending.exitCode
}
