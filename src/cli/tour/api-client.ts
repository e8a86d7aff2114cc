interface Fault {
  readonly message: string
  readonly extensions?: { readonly code?: string }
}

interface Body {
  readonly data?: unknown
  readonly errors?: readonly Fault[]
}

/** An answer of the API, read by path: `read('createCustomer.customer.id')`. */
export interface Answer {
  /** The codes of its errors. */
  readonly codes: readonly string[]
  read(path: string): unknown
  text(path: string): string
}

/** What is at a path of an answer's data, such as `createCustomer.customer.id`; undefined when it is not there. */
export function readPath(data: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) => (value !== null && typeof value === 'object' ? Reflect.get(value, key) : undefined),
      data,
    )
}

function toAnswer({ data, errors = [] }: Body): Answer {
  const text = (path: string) => {
    const value = readPath(data, path)
    if (typeof value === 'string') return value
    throw new Error(`${path} is not in the answer: ${errors.map(({ message }) => message).join(' ')}`)
  }
  return {
    codes: errors.map(({ extensions }) => extensions?.code ?? ''),
    read: (path) => readPath(data, path),
    text,
  }
}

export type Ask = (
  document: string,
  variables?: Readonly<Record<string, unknown>>,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer>

/** Sends operations to the API with one token. */
export function asker(url: string, token: string): Ask {
  return async (query, variables = {}, headers = {}) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
      body: JSON.stringify({ query, variables }),
    })
    return toAnswer((await response.json()) as Body)
  }
}
