import { NotFound } from '../errors.ts'

const ROW_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Whether the text is a UUID as the database writes it. */
export function isRowId(text: string): boolean {
  return ROW_ID.test(text)
}

/** The id, when it can be a row's; a text that cannot be one is not there, like one that is not. @throws {NotFound} */
export function requireRowId(id: string, what: string): string {
  if (!isRowId(id)) throw new NotFound(what)
  return id
}
