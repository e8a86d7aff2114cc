import type { FieldRule, MaskRule } from './rules.ts'

const ACCESS = '**Access:** '

const maskOf = ({ strategy, first, last }: MaskRule): string =>
  strategy === 'PARTIAL' ? `PARTIAL, first ${first}, last ${last}` : strategy

/** Who sees a masked field in clear: roles, and `owner`. */
export function seenInClearBy({ unless, unlessOwner }: MaskRule): string[] {
  return [...unless, ...(unlessOwner ? ['owner'] : [])]
}

function describeMask(mask: MaskRule): string {
  const roles = mask.unless.join(', ')
  const exceptions = [roles, mask.unlessOwner ? 'the owner' : ''].filter((part) => part !== '').join(' or ')
  return ` **Masked** (${maskOf(mask)})${exceptions === '' ? ' for everyone' : ` unless ${exceptions}`}.`
}

/** What a field's directives do, in a sentence for its description; null when they do nothing. */
export function describeRule(rule: FieldRule | undefined): string | null {
  if (rule === undefined || (rule.roles === null && rule.mask === null && !rule.encrypted)) return null
  const access = `${ACCESS}${rule.roles?.join(', ') ?? 'anyone'}.`
  const sealing = rule.encrypted ? ' **Sealed** at rest; opening is audited.' : ''
  return `${access}${rule.mask === null ? '' : describeMask(rule.mask)}${sealing}`
}

/** What `@requiresRole` on an argument, input field or enum value does. */
export function describeRestriction(roles: readonly string[] | undefined): string | null {
  return roles === undefined ? null : `${ACCESS}${roles.join(', ')}.`
}

/** Appends a sentence of ours to a description, in place of one that an earlier build left there. */
export function describe(
  description: string | null | undefined,
  sentence: string | null,
): string | null | undefined {
  if (sentence === null) return description
  const others = (description ?? '').split('\n\n').filter((part) => part !== '' && !part.startsWith(ACCESS))
  return [...others, sentence].join('\n\n')
}
