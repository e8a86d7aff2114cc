/**
 * Cleans up after an ephemeral server when this process can no longer do it: killed, interrupted, crashed. A
 * shell waits in a process group of its own until the pipe to us closes, which the system does in every case.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Reads the data directory, then what to delete, one a line; at the end of input it stops the server and deletes. */
const SCRIPT = `
read -r data || exit 0
set --
while read -r line; do set -- "$@" "$line"; done
pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null)
if [ -n "$pid" ]; then
  kill -INT "$pid" 2>/dev/null
  tries=0
  while kill -0 "$pid" 2>/dev/null && [ $tries -lt 100 ]; do sleep 0.05; tries=$((tries + 1)); done
  kill -0 "$pid" 2>/dev/null && kill -QUIT "$pid"
fi
rm -rf "$@"
`

export interface Reaper {
  /** Says what there is to clean up: directories, and the data directory of the server among them. */
  watch(directories: readonly string[], data: string): void
  /** Cleans up now, and waits until it is done. */
  finish(): Promise<void>
}

export function startReaper(): Reaper {
  const shell = spawn('/bin/sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  shell.unref()
  const done = once(shell, 'exit')
  return {
    watch(directories, data) {
      shell.stdin.write(`${[data, ...directories].join('\n')}\n`)
    },
    async finish() {
      shell.ref()
      shell.stdin.end()
      await done
    },
  }
}
