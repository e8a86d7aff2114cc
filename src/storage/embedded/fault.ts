/** The embedded PostgreSQL cannot do what was asked; the message says why and what to do. */
export class EmbeddedPostgresFault extends Error {
  override readonly name: string = 'EmbeddedPostgresFault'
  readonly code: 'ERR_EMBEDDED_POSTGRES' | 'ERR_ALREADY_RUNNING' = 'ERR_EMBEDDED_POSTGRES'
}

/** Another process of ours holds this database. */
export class AlreadyRunning extends EmbeddedPostgresFault {
  override readonly name = 'AlreadyRunning'
  override readonly code = 'ERR_ALREADY_RUNNING'
  /** The process that holds it, if it said so. */
  readonly pid: number | undefined

  constructor(directory: string, pid: number | undefined) {
    const holder = pid === undefined ? 'another process' : `process ${pid}`
    super(
      `The database in ${directory} is in use by ${holder}. Stop it first, or start in another directory.`,
    )
    this.pid = pid
  }
}
