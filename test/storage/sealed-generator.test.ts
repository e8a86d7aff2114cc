import { describe, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const root = path.resolve(import.meta.dirname, '../..')
const run = promisify(execFile)

interface Generated {
  readonly output: string
  /** The module, when one was written. */
  readonly module: string | undefined
}

/** Runs `prisma generate` over these models, in a folder of its own. */
async function generate(models: string): Promise<Generated> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sealed-generator-'))
  try {
    const schema = path.join(folder, 'schema.prisma')
    const generator = `generator sealed {\n  provider = "node src/storage/sealed-generator.ts"\n  output = "./out/map.ts"\n}`
    await writeFile(schema, `${generator}\ndatasource db {\n  provider = "postgresql"\n}\n${models}`)
    const output = await prismaGenerate(schema)
    const module = await readFile(path.join(folder, 'out/map.ts'), 'utf8').catch(() => undefined)
    return { output, module }
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function prismaGenerate(schema: string): Promise<string> {
  const prisma = path.join(root, 'node_modules/prisma/build/index.js')
  const env = {
    PATH: path.dirname(process.execPath),
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    CHECKPOINT_DISABLE: '1',
    NO_COLOR: '1',
  }
  const { stdout, stderr } = await run(process.execPath, [prisma, 'generate', '--schema', schema], {
    cwd: root,
    env,
  }).catch((failed: unknown) => failed as { stdout: string; stderr: string })
  return stdout + stderr
}

/** Each wrong model, and what must be said of it. */
const WRONG: readonly (readonly [string, string])[] = [
  ['model A1 {\n id String @id\n /// @encrypted(keyring: "k")\n a Int\n}', 'A1.a: only a String column'],
  ['model A2 {\n id String @id\n /// @encrypted(keyring: "k")\n a String[]\n}', 'A2.a: only a String column'],
  [
    'enum E {\n X\n}\nmodel A3 {\n id String @id\n /// @encrypted(keyring: "k")\n a E\n}',
    'A3.a: only a String column',
  ],
  [
    'model A4 {\n id String @id\n /// @encrypted(keyring: "k")\n a A5[]\n}\nmodel A5 {\n id String @id\n b A4 @relation(fields: [c], references: [id])\n /// @encrypted(keyring: "k")\n c String\n}',
    'A4.a: only a String column',
  ],
  ['', 'A5.c: a sealed column cannot be a foreign key'],
  ['model B1 {\n /// @encrypted(keyring: "k")\n id String @id\n}', 'B1.id: a sealed column cannot be an id'],
  [
    'model B2 {\n id String @id\n /// @encrypted(keyring: "k")\n a String @unique\n}',
    'B2.a: a sealed column cannot be an id or unique',
  ],
  [
    'model B3 {\n id String @id\n /// @encrypted(keyring: "k")\n a String\n b String\n @@unique([b, a])\n}',
    'B3.a: a sealed column cannot be an id or unique',
  ],
  [
    'model B4 {\n id String @id\n /// @encrypted(keyring: "k")\n a String\n @@index([a])\n}',
    'B4.a: a database index',
  ],
  [
    'model B5 {\n id String @id\n /// @encrypted(keyring: "k")\n a String @default("x")\n}',
    'B5.a: a sealed column cannot have a default',
  ],
  [
    'model B6 {\n id String @id\n /// @encrypted(keyring: "k")\n a String @db.VarChar(20)\n}',
    'B6.a: a sealed column must be text without a length',
  ],
  [
    'model C1 {\n id Int @id\n /// @encrypted(keyring: "k")\n a String\n}',
    'C1: a model with sealed columns needs',
  ],
  [
    'model C2 {\n b String\n c String\n /// @encrypted(keyring: "k")\n a String\n @@id([b, c])\n}',
    'C2: a model with sealed columns needs',
  ],
  [
    'model C3 {\n id String @id @db.Char(8)\n /// @encrypted(keyring: "k")\n a String\n}',
    'C3: a model with sealed columns needs',
  ],
  [
    'model C4 {\n id String @id\n up C5 @relation(fields: [id], references: [id])\n /// @encrypted(keyring: "k")\n a String\n}\nmodel C5 {\n id String @id\n down C4?\n}',
    'C4: the @id of a model with sealed columns cannot be a foreign key',
  ],
  [
    'model D1 {\n id String @id\n /// @encrypted(keyring: "k", index: "b")\n a String\n}',
    'D1.a: index column `b` does not exist',
  ],
  [
    'model D2 {\n id String @id\n /// @encrypted(keyring: "k", index: "b")\n a String\n b Int?\n}',
    'D2.a: index column `b` must be a String column',
  ],
  [
    'model D3 {\n id String @id\n /// @encrypted(keyring: "k", index: "b")\n a String\n b String @default("x")\n}',
    'D3.a: index column `b` must be a String column',
  ],
  [
    'model D4 {\n id String @id\n /// @encrypted(keyring: "k", index: "b")\n a String\n /// @encrypted(keyring: "k")\n b String\n}',
    'D4.a: index column `b` is sealed itself',
  ],
  [
    'model D5 {\n id String @id\n /// @encrypted(keyring: "k", index: "c")\n a String\n /// @encrypted(keyring: "k", index: "c")\n b String\n c String\n}',
    "D5.b: index column `c` is D5.a's already",
  ],
  [
    'model D6 {\n id String @id\n /// @encrypted(keyring: "k", index: "b")\n a String?\n b String\n}',
    'D6.a: index column `b` must be optional',
  ],
  [
    'model D7 {\n id String @id\n /// @encrypted(keyring: "k", index: "a")\n a String\n}',
    'D7.a: index column `a` is sealed itself',
  ],
  ['/// @encrypted(keyring: "k")\nmodel F1 {\n id String @id\n}', 'F1: annotates a model'],
  ['/// @encrypted(keyring: "k")\nenum F2 {\n X\n}', 'F2: annotates an enum'],
  [
    'model G1 {\n id String @id\n /// @encrypted\n a String\n}',
    'G1.a: the annotation must be a line of its own',
  ],
]

describe('prisma generate', () => {
  it('fails with every fault of every annotation listed, and writes nothing', async () => {
    const { output, module } = await generate(WRONG.map(([model]) => model).join('\n'))
    for (const [, fault] of WRONG) expect(output).toContain(fault)
    expect(module).toBeUndefined()
  })

  it.each([
    ['with two slashes', 'model A {\n id String @id\n // @encrypted(keyring: "k")\n a String\n}'],
    ['under the last column', 'model A {\n id String @id\n a String\n /// @encrypted(keyring: "k")\n}'],
    [
      'of an ignored model',
      'model A {\n id String @id\n /// @encrypted(keyring: "k")\n a String\n @@ignore\n}\nmodel B {\n id String @id\n}',
    ],
  ])(
    'fails for an annotation %s, which Prisma would drop and leave the column in clear',
    async (_name, model) => {
      const { output, module } = await generate(model)
      expect(output).toContain('belong to a column')
      expect(module).toBeUndefined()
    },
  )

  it('writes the map and the read types', async () => {
    const { module } = await generate(`/// Prose about \`@encrypted(...)\` is no annotation.
      model User {
        id   String @id @default(uuid(7)) @db.Uuid
        /// @encrypted(keyring: "k", index: "mailIndex", normalize: "email")
        mail String
        mailIndex String @unique
        born String? /// @encrypted(keyring: "k", type: "DateTime")
        posts Post[]
        @@map("users")
      }
      model Post {
        id Int @id @default(autoincrement())
        userId String @db.Uuid
        user User @relation(fields: [userId], references: [id])
      }`)
    expect(module).toContain("from 'sealpay/prisma'")
    expect(module).toContain('mail: { needs: { mail: true }; compute: () => Sealed<string> }')
    expect(module).toContain('born: { needs: { born: true }; compute: () => Sealed<Date> | null }')
    const map = JSON.parse(/sealedMap = (\{.*\}) as const/s.exec(module ?? '')?.[1] ?? '{}') as object
    expect(map).toMatchObject({
      User: {
        id: 'id',
        makesId: true,
        uuidId: true,
        table: ['users'],
        relations: { posts: { model: 'Post', list: true } },
      },
      Post: { id: '', makesId: false, fields: {}, relations: { user: { model: 'User', list: false } } },
    })
  })
})
