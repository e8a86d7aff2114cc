/** No wildcard, which a URL may hold and a policy would obey. */
const FORM = /^https?:\/\/[a-z0-9.:[\]-]+$/

/** An http or https origin, spelt as a browser spells it; null for anything else. */
function originOf(text: string): string | null {
  return FORM.test(text) && URL.canParse(text) && new URL(text).origin === text ? text : null
}

/** Whether a list holds nothing but origins: no wildcard, path, user or opaque `null`. */
export function areOrigins(domains: readonly string[]): boolean {
  return domains.every((domain) => originOf(domain) !== null)
}

/**
 * The one origin that the hosted fields may be framed by and may post their token to: the one that the page asks
 * for when the client token names it, or the only one that it names. Null: nobody is told anything. Never `*`.
 */
export function targetOrigin(domains: readonly string[], asked: string | null): string | null {
  const origin = asked ?? (domains.length === 1 ? (domains[0] ?? null) : null)
  return origin !== null && domains.includes(origin) ? originOf(origin) : null
}

/** Whether a browser's page of this origin may make tokens. A caller that is no browser sends no origin. */
export function mayTokenise(
  domains: readonly string[],
  ownOrigin: string,
  origin: string | undefined,
): boolean {
  return origin === undefined || origin === ownOrigin || (areOrigins([origin]) && domains.includes(origin))
}
