/** What the sandbox answers instead of doing what was asked: an HTTP status, a stable code and words that repeat nothing of the request. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError'
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}
