/**
 * Prisma's schema engine compiled to WebAssembly, over the pg driver adapter: what `prisma migrate` does, on
 * machines where the native engine cannot be downloaded (design §8).
 */
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import type pg from 'pg'

/** The glue is generated for bundlers; what links it to the module is not among its declared types. */
interface Glue {
  __wbg_set_wasm(exports: object): void
}

/** Node has it, its types have not. */
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: object,
  ): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>
}

export type SchemaEngine = bindings.SchemaEngine

/** What the engine looks at: everything. */
export const NO_FILTERS = { externalTables: [], externalEnums: [] }

let loading: Promise<void> | undefined

/** The module keeps its instance globally, so that it is made once a process. */
function load(): Promise<void> {
  loading ??= instantiate()
  return loading
}

async function instantiate(): Promise<void> {
  const bindingsFile = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  const bytes = await readFile(path.join(path.dirname(bindingsFile), 'schema_engine_bg.wasm'))
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': hostFunctions() })
  const glue: unknown = bindings
  ;(glue as Glue).__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
}

/** What the engine calls. It never clears the timer that bounds its wait for a lock, which would keep the process. */
function hostFunctions(): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries<unknown>({ ...bindings }).map(([name, value]) => [
      name,
      name.startsWith('__wbg_setTimeout') ? unreferencedTimer : value,
    ]),
  )
}

function unreferencedTimer(callback: () => void, delay: number): NodeJS.Timeout {
  return setTimeout(callback, delay).unref()
}

/** Opens the engine on a database. Free it after use; the pool stays the caller's. */
export async function openSchemaEngine(pool: pg.Pool): Promise<SchemaEngine> {
  await load()
  const factory = bindMigrationAwareSqlAdapterFactory(new WholeScriptAdapterFactory(pool))
  return bindings.SchemaEngine.new({ datamodels: undefined }, () => undefined, factory)
}

/** The adapter's own executeScript splits at every semicolon, in function bodies too: the whole goes in one query. */
class WholeScriptAdapterFactory extends PrismaPg {
  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect()
    adapter.executeScript = async (script) => {
      await adapter.executeRaw({ sql: script, args: [], argTypes: [] })
    }
    return adapter
  }
}
