/** A page to read: how many rows, and the row id after which to go on. Pages run from new to old. */
export interface PageRequest {
  /** 1 to 100. */
  readonly limit: number
  /** The id of the last row already seen, a UUID; null for the first page. */
  readonly after: string | null
}

/** Rows of a page, and whether there are more. */
export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly hasMore: boolean
}
