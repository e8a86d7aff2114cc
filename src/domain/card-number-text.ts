import { plainDigits } from './card-number-characters.ts'

/** How often one encoding inside another is taken off. */
const MOST_LAYERS = 3

/** Percent-encoding (RFC 3986 2.1) and forms' plus signs between digits, taken off leniently. */
function percentDecoded(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text
  return text
    .replace(/(?:%[0-9a-f]{2})+/gi, (encoded) => Buffer.from(encoded.replaceAll('%', ''), 'hex').toString())
    .replace(/(?<=\d)\+(?=\d)/g, ' ')
}

/** JSON's and JavaScript's escapes (RFC 8259 7), also those that were escaped again. */
function unescaped(text: string): string {
  if (!text.includes('\\')) return text
  return text
    .replace(/\\+/g, '\\')
    .replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replace(/\\u\{0{0,8}([0-9a-f]{1,5})\}/gi, (_, hex: string) => String.fromCodePoint(parseInt(hex, 16)))
    .replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replace(/\\[nrtvfb]/g, ' ')
    .replaceAll('\\', '')
}

/** The text as it stands, and as it reads once its encodings are taken off. */
export function readableForms(text: string): string[] {
  const forms = [plainDigits(text)]
  let form = text
  for (let layer = 0; layer < MOST_LAYERS; layer++) {
    const decoded = unescaped(percentDecoded(form))
    if (decoded === form) break
    form = decoded
    forms.push(plainDigits(form))
  }
  return forms
}

const WORD = '[\\p{L}\\p{N}]'
const HEX = '[0-9a-fA-F]'
const GAP = '[\\s\\p{Pd}./_\\p{Cf}]{0,8}'

/** RFC 9562: any version, the variant's bits right. */
const UUID = `${HEX}{8}-${HEX}{4}-[1-8]${HEX}{3}-[89abAB]${HEX}{3}-${HEX}{12}`
/** A UUIDv7 of the years 2004 to 2109 without hyphens, as in this API's own ids. */
const COMPACT_UUIDV7 = `0[1-3]${HEX}{10}7${HEX}{3}[89abAB]${HEX}{15}`
/** W3C Trace Context: proxies add it to every request. */
const TRACE_PARENT = `00-${HEX}{32}-${HEX}{16}-${HEX}{2}`
/** Object ids (24) and digests (MD5, SHA-1, SHA-2). */
const HEX_TOKEN = [24, 32, 40, 56, 64, 96, 128].map((length) => `${HEX}{${length}}`).join('|')
/**
 * E.164: at most 15 digits in all. No country whose code begins with 3 has numbers as long as the Amex (15) and Diners (14)
 * numbers that begin with it.
 */
const PHONE = `\\+[1245-9](?:[ ./-]?[0-9]){6,14}(?!${GAP}\\p{Nd})`
/** A day as ISO 8601 writes it, or with the year last: lists of days run together otherwise. */
const DAY = '(?:0[1-9]|[12][0-9]|3[01])'
const MONTH = '(?:0[1-9]|1[0-2])'
const DATE = `(?:(?:19|20)[0-9]{2}-${MONTH}-${DAY}|${DAY}(?<mark>[./-])${MONTH}\\k<mark>(?:19|20)[0-9]{2})`
/** Money of up to 14 digits with one to three decimals, and no other digits near. */
const AMOUNT = `(?<!\\p{Nd}${GAP})(?:[0-9]{1,12}\\.[0-9]{1,2}|[0-9]{1,11}\\.[0-9]{3})(?!${GAP}\\p{Nd})`

const EXEMPT = new RegExp(
  `(?=[0-9a-fA-F+])(?:(?<!${WORD})(?:(?<shaped>${TRACE_PARENT}|${UUID}|${COMPACT_UUIDV7}|${PHONE}|${AMOUNT})|(?<hex>${HEX_TOKEN}))(?!${WORD})|(?<!\\p{Nd})${DATE}(?!\\p{Nd}))`,
  'gu',
)

/** Beside its longest run of digits a hexadecimal token has letters and variety; a padded number has not. */
function looksHexadecimal(token: string): boolean {
  const runs = token.match(/[0-9]+/g) ?? []
  const longest = runs.reduce((found, run) => (run.length > found.length ? run : found), '')
  const rest = token.replace(longest, '').toLowerCase()
  return /[a-f]/.test(rest) && new Set(rest).size >= 3
}

/**
 * The text with every token blanked that has the exact shape of something else. Whole tokens only: one
 * with a letter or digit glued to it stays and is scanned.
 */
export function withoutExemptTokens(text: string): string {
  return text.replace(EXEMPT, (...match: unknown[]) => {
    const token = String(match[0])
    const groups = match.at(-1) as { hex?: string }
    return groups.hex === undefined || looksHexadecimal(token) ? '\u0000' : token
  })
}
