/** What REDACT shows. */
export const REDACTED = '[redacted]'

const HIDDEN_EMAIL = '***'

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
/**
 * Printable ASCII and the letters of Latin, Greek, Cyrillic, Kana, Han and Hangul, none of which joins another:
 * each is one grapheme, and the segmenter, which takes 20 times as long, need not be asked.
 */
const PLAIN =
  /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3]*$/
const graphemesOf = (text: string): string[] =>
  PLAIN.test(text) ? text.split('') : Array.from(segmenter.segment(text), ({ segment }) => segment)

const codesOf = (text: string): ReadonlySet<number> =>
  new Set(Array.from(text, (_, at) => text.charCodeAt(at)))

/** What a mask keeps because it is layout and no part of the value: for any grapheme, and again for plain text. */
interface Layout {
  readonly grapheme: RegExp
  readonly plain: ReadonlySet<number>
}
const SEPARATORS: Layout = { grapheme: /^[\s\-\u2010\u2011]+$/u, plain: codesOf(' -') }
const PHONE_LAYOUT: Layout = { grapheme: /^[\s+()./\-\u2010\u2011]+$/u, plain: codesOf(' +()./-') }
const DIGIT = /^\p{Nd}$/u
/** Takes no room of its own, or joins its neighbour: a value with one standing alone could be made to count as longer than it looks. */
const INVISIBLE = /^(?:[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]+$|\p{M}|\p{Emoji_Modifier})/u
const LETTER_OR_DIGIT = /^[\p{L}\p{N}]/u
const PRINTABLE = /^[\p{L}\p{N}\p{P}\p{S}]/u

const ATOM = /^[^\s@"(),:;<>[\]\\\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]+$/u
const QUOTED = /^"(?:[^"\\]|\\.)*"$/u
const PLAIN_DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?$/i
const DOMAIN_LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}\p{M}])?$/u

/** How much PARTIAL keeps, counted in graphemes that are neither space nor hyphen. */
export interface PartialMask {
  readonly first: number
  readonly last: number
  readonly with: string
}

/** Whether a text can stand for a hidden character: one printable grapheme, no space and no hyphen. */
export function isMaskCharacter(text: string): boolean {
  return (
    PRINTABLE.test(text) &&
    !SEPARATORS.grapheme.test(text) &&
    !INVISIBLE.test(text) &&
    graphemesOf(text).length === 1
  )
}

const tooMuch = (mask: PartialMask, visible: number): boolean => mask.first + mask.last > visible / 2

function hidePlain(text: string, mask: PartialMask, { plain }: Layout): string {
  let visible = 0
  for (let at = 0; at < text.length; at += 1) if (!plain.has(text.charCodeAt(at))) visible += 1
  const [from, to] = tooMuch(mask, visible) ? [0, visible] : [mask.first, visible - mask.last]
  let shown = ''
  let position = 0
  for (let at = 0; at < text.length; at += 1) {
    const isLayout = plain.has(text.charCodeAt(at))
    shown += !isLayout && position >= from && position < to ? mask.with : text.charAt(at)
    if (!isLayout) position += 1
  }
  return shown
}

function hideGraphemes(text: string, mask: PartialMask, layout: Layout): string {
  const isLayout = (grapheme: string) => layout.grapheme.test(grapheme)
  const graphemes = graphemesOf(text)
  const visible = graphemes.filter((grapheme) => !isLayout(grapheme))
  if (tooMuch(mask, visible.length) || visible.some((grapheme) => INVISIBLE.test(grapheme))) {
    const plain = graphemes.filter((grapheme) => isLayout(grapheme) || !INVISIBLE.test(grapheme))
    return plain.map((grapheme) => (isLayout(grapheme) ? grapheme : mask.with)).join('')
  }
  let at = 0
  const last = visible.length - mask.last
  const hide = (grapheme: string, position: number) =>
    position >= mask.first && position < last ? mask.with : grapheme
  return graphemes.map((grapheme) => (isLayout(grapheme) ? grapheme : hide(grapheme, at++))).join('')
}

const hideBetween = (text: string, mask: PartialMask, layout: Layout): string =>
  (PLAIN.test(text) ? hidePlain : hideGraphemes)(text, mask, layout)

/**
 * PARTIAL: keeps `first` and `last` graphemes and hides the rest, keeping spaces and hyphens, so that
 * `4111 1111 1111 1234` reads `**** **** **** 1234` (PCI DSS 3.4.1). It never shows more than half: when
 * `first + last` is more, it shows nothing.
 */
export function maskPartial(text: string, mask: PartialMask): string {
  return hideBetween(text, mask, SEPARATORS)
}

function isDomain(domain: string): boolean {
  if (domain.length > 253) return false
  if (PLAIN_DOMAIN.test(domain)) return true
  const labels = domain.split('.')
  return (
    labels.length > 1 &&
    labels.every((label) => DOMAIN_LABEL.test(label)) &&
    /^\p{L}/u.test(labels.at(-1) ?? '')
  )
}

/**
 * EMAIL: `a***@example.com`, always three stars, so that the length is not told. A local part of one
 * letter, or a quoted one, shows nothing of itself; what is no address (RFC 5322, IDN allowed) is hidden whole.
 */
export function maskEmail(text: string): string {
  const at = text.lastIndexOf('@')
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)]
  if (at < 1 || !isDomain(domain)) return HIDDEN_EMAIL
  if (local.startsWith('"') && QUOTED.test(local)) return `${HIDDEN_EMAIL}@${domain}`
  if (!ATOM.test(local)) return HIDDEN_EMAIL
  const [initial = '', more] = graphemesOf(local)
  const shown = more !== undefined && LETTER_OR_DIGIT.test(initial) ? initial : ''
  return `${shown}${HIDDEN_EMAIL}@${domain}`
}

function endsInDigits(text: string): boolean {
  if (PLAIN.test(text)) return /[0-9][ +()./-]*[0-9][ +()./-]*$/.test(text)
  const values = graphemesOf(text).filter((grapheme) => !PHONE_LAYOUT.grapheme.test(grapheme))
  return values.slice(-2).every((grapheme) => DIGIT.test(grapheme))
}

/** PHONE: keeps the last two digits and the layout, `+** *** *** **89`; fewer than four characters, or an end that is no two digits, show nothing. */
export function maskPhone(text: string): string {
  const last = endsInDigits(text) ? 2 : 0
  return hideBetween(text, { first: 0, last, with: '*' }, PHONE_LAYOUT)
}
