import { destination, pino, type Logger } from 'pino'
import pretty from 'pino-pretty'

/** Standard output as JSON lines; readable at a developer's terminal; on standard error when `aside` of a JSON result. */
export function openLog(
  level: string,
  { pretty: readable, aside }: { readonly pretty: boolean; readonly aside: boolean | undefined },
): Logger {
  if (aside) return pino({ level }, destination({ dest: 2, sync: true }))
  if (!readable) return pino({ level })
  return pino(
    { level },
    pretty({ sync: true, singleLine: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' }),
  )
}
