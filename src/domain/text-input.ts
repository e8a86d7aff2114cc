import { BadUserInput } from '../errors.ts'

// Control characters, and halves of surrogate pairs: the database refuses or mangles them.
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u

/**
 * A text that a caller gave, checked; null and undefined stay as they are.
 * @param name the field's name in the API, for the message.
 * @throws {BadUserInput} when it is empty, longer than `max` characters, or holds control characters.
 */
export function checkText<T extends string | null | undefined>(text: T, name: string, max: number): T {
  if (text == null) return text
  if (text === '' || text.length > max) {
    throw new BadUserInput(`\`${name}\` must have from 1 to ${max} characters.`)
  }
  if (UNPRINTABLE.test(text)) throw new BadUserInput(`\`${name}\` must not contain control characters.`)
  return text
}
