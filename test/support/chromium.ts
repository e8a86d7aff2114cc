import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const INSTALLED = '/usr/bin/chromium'

/** What keeps Chromium from looking for anything but the pages that a test opens. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
]

/**
 * Starts a headless Chromium that reaches 127.0.0.1 alone, with an empty profile.
 *
 * @throws when there is none: Debian has it as the package `chromium`; elsewhere set CHROMIUM_PATH
 */
export function launchChromium(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? INSTALLED
  if (!existsSync(executablePath)) {
    throw new Error(`There is no ${executablePath}: apt-get install chromium, or set CHROMIUM_PATH.`)
  }
  return chromium.launch({ executablePath, args: FLAGS })
}
