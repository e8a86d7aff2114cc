/** What REDACT shows. */
export const REDACTED = '[redacted]'

const HIDDEN_EMAIL = '***'

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
const graphemesOf = (text: string): string[] => Array.from(segmenter.segment(text), ({ segment }) => segment)

const PLAIN = /^[\x20-\x7e]*$/
const SEPARATOR = /^[\s\-\u2010\u2011]+$/u
const PHONE_LAYOUT = /^[\s+()./\-\u2010\u2011]+$/u
const DIGIT = /^\p{Nd}$/u
/** Takes no room of its own, or joins its neighbour: a value with one standing alone could be made to count as longer than it looks. */
const INVISIBLE = /^(?:[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]+$|\p{M}|\p{Emoji_Modifier})/u
const LETTER_OR_DIGIT = /^[\p{L}\p{N}]/u
const PRINTABLE = /^[\p{L}\p{N}\p{P}\p{S}]/u

const ATOM = /^[^\s@"(),:;<>[\]\\\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]+$/u
const QUOTED = /^"(?:[^"\\]|\\.)*"$/u
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
    PRINTABLE.test(text) && !SEPARATOR.test(text) && !INVISIBLE.test(text) && graphemesOf(text).length === 1
  )
}

function hideBetween(text: string, { first, last, with: star }: PartialMask, layout: RegExp): string {
  const graphemes = PLAIN.test(text) ? text.split('') : graphemesOf(text)
  const visible = graphemes.filter((grapheme) => !layout.test(grapheme))
  const hideAll = first + last > visible.length / 2 || visible.some((grapheme) => INVISIBLE.test(grapheme))
  const [from, to] = hideAll ? [0, visible.length] : [first, visible.length - last]
  let shown = ''
  let at = 0
  for (const grapheme of graphemes) {
    if (layout.test(grapheme)) {
      shown += grapheme
      continue
    }
    if (at < from || at >= to) shown += grapheme
    else if (!INVISIBLE.test(grapheme)) shown += star
    at += 1
  }
  return shown
}

/**
 * PARTIAL: keeps `first` and `last` graphemes and hides the rest, keeping spaces and hyphens, so that
 * `4111 1111 1111 1234` reads `**** **** **** 1234` (PCI DSS 3.4.1). It never shows more than half: when
 * `first + last` is more, it shows nothing.
 */
export function maskPartial(text: string, mask: PartialMask): string {
  return hideBetween(text, mask, SEPARATOR)
}

function isDomain(domain: string): boolean {
  const labels = domain.split('.')
  return (
    domain.length <= 253 &&
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
  if (QUOTED.test(local)) return `${HIDDEN_EMAIL}@${domain}`
  if (!ATOM.test(local)) return HIDDEN_EMAIL
  const [initial = '', ...rest] = graphemesOf(local)
  const shown = rest.length > 0 && LETTER_OR_DIGIT.test(initial) ? initial : ''
  return `${shown}${HIDDEN_EMAIL}@${domain}`
}

/** PHONE: keeps the last two digits and the layout, `+** *** *** **89`; fewer than four characters, or an end that is no two digits, show nothing. */
export function maskPhone(text: string): string {
  const end = graphemesOf(text)
    .filter((grapheme) => !PHONE_LAYOUT.test(grapheme))
    .slice(-2)
  const last = end.every((grapheme) => DIGIT.test(grapheme)) ? 2 : 0
  return hideBetween(text, { first: 0, last, with: '*' }, PHONE_LAYOUT)
}
